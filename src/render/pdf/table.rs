//! Tables to Typst content.
//!
//! In: a table and the width of the page. Out: a `table` whose header repeats on each page, whose band titles are
//! sub-headers that stay with their first row and stand again on the next page, and whose rows are not split unless a cell is
//! very long.

use super::converter::{Converter, Line, label};
use super::widths::{INSET, SCALE, is_upright, measure, widths};
use crate::render::document::{Align, Cell, Inline, Table, mark_of};
use std::num::{NonZeroU32, NonZeroUsize};
use typst::foundations::{Content, NativeElement, Packed, Smart};
use typst::layout::{
    Abs, Alignment, BlockBody, BlockElem, Celled, Em, Fr, HAlignment, Length, PlaceElem, Ratio, Rel, Sides, Sizing, Spacing, TrackSizings,
    VElem,
};
use typst::model::{TableCell, TableChild, TableElem, TableHLine, TableHeader, TableItem};
use typst::pdf::{TableCellKind, TableHeaderScope};

/// The height of a line of text in points, roughly.
const LEADING: f64 = 13.0;

/// A row that is higher than this, in points, may be split: any other goes to the next page as a whole, and leaves no page
/// half empty. Lines are set closer than they are measured here, by a third in the longest of tables.
const SPLIT: f64 = 330.0;

/// What lies between the paragraphs of a cell that may be split: about as much as between the lines of the tables that have
/// such cells.
const BETWEEN: f64 = 0.32;

/// A header that is higher than this, in points, would leave no room for the rows and becomes an ordinary row.
const HEADER: f64 = 160.0;

/// The kind of a table that `page.typ` sets in two columns of the page, and what lies between them, in points.
const HALVED: &str = "sources";
const GUTTER: f64 = 14.0;

/// The label of the block around a band's title.
const BAND: &str = "band";

/// The label of the block around a table. Typst prepares what lies in a block together with its layout, that is in
/// parallel for several chapters, and remembers it when page numbers settle; a table outside of one is prepared anew
/// each time, one after the other.
const FRAME: &str = "table";

impl Converter<'_> {
    /// A table on lines of the given width.
    pub(super) fn table(&mut self, table: &Table, kind: Option<&str>, line: f64) -> Content {
        let line = if kind == Some(HALVED) { (line - GUTTER) / 2.0 } else { line };
        let widths = widths(table, kind, line);
        let columns = NonZeroUsize::new(widths.len()).unwrap_or(NonZeroUsize::MIN);
        let mut children = Vec::new();
        let has_bands = table.bands.iter().any(|band| band.title.is_some());
        // A name that is turned upwards has room for each of its words.
        let heads: Vec<f64> = (0..widths.len())
            .map(|column| {
                if is_upright(kind, widths.len(), column) {
                    line
                } else {
                    widths[column]
                }
            })
            .collect();
        let header = self.row(&table.header, &heads, true, false, None);
        // Nothing but the table's header was placed so far, and it is one that repeats.
        let mut bare = header.height <= HEADER;
        if bare {
            let line = TableItem::HLine(Packed::new(TableHLine::new()));
            let cells = header.cells.into_iter().map(TableItem::Cell);
            children.push(TableChild::Header(Packed::new(TableHeader::new(
                [line].into_iter().chain(cells).collect(),
            ))));
        } else {
            children.extend(header.cells.into_iter().map(|cell| TableChild::Item(TableItem::Cell(cell))));
        }
        for band in &table.bands {
            // Where links lead to: in the first row, since a title that stands again on the next page would be there twice.
            let mut place = None;
            if let Some(title) = &band.title {
                let mark = mark_of(title).filter(|_| !band.rows.is_empty());
                place = mark.and_then(|mark| self.place_of(mark));
                let repeats = !(bare && band.rows.is_empty());
                children.push(self.band(title, columns, line, repeats));
                bare &= repeats;
            }
            bare &= band.rows.is_empty();
            for row in &band.rows {
                let row = self.row(row, &widths, false, has_bands, place.take());
                children.extend(row.cells.into_iter().map(|cell| TableChild::Item(TableItem::Cell(cell))));
            }
        }
        let tracks = widths
            .iter()
            .map(|width| Sizing::Fr(Fr::new((width * 100.0).round() / 100.0)))
            .collect();
        let mut element = TableElem::new(children).with_columns(TrackSizings(tracks));
        if table.columns.iter().any(|align| *align != Align::Start) {
            let aligns = table.columns.iter().map(|align| Smart::Custom(alignment(*align))).collect();
            element = element.with_align(Celled::Array(aligns));
        }
        labelled_block(element.pack(), FRAME)
    }

    /// The cells of a row over all columns. `merged`: empty cells side by side are one, as in the titles of bands: who
    /// listens hears one silence, and each cell takes as much room in the file as a line of text.
    /// `place`: what links to the title above it lead to.
    fn row(&mut self, row: &[Cell], widths: &[f64], bold: bool, merged: bool, mut place: Option<Content>) -> Row {
        let height = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| measure(cell, bold).lines(width - INSET) * LEADING)
            .fold(LEADING, f64::max);
        let is_empty = |column: usize| row.get(column).is_none_or(Vec::is_empty);
        let mut cells = Vec::with_capacity(widths.len());
        let mut column = 0;
        while let Some(width) = widths.get(column) {
            let empty = (column..widths.len()).take_while(|column| is_empty(*column)).count();
            let span = NonZeroUsize::new(if merged { empty } else { 0 }).unwrap_or(NonZeroUsize::MIN);
            let line = || Line {
                width: within(*width),
                bold,
            };
            let is_split = height > SPLIT;
            let body = match row.get(column) {
                Some(cell) if is_split && cell.contains(&Inline::Break) => self.paragraphs(cell, *width, bold),
                Some(cell) => self.inlines(cell, line()),
                None => Content::empty(),
            };
            let body = match place.take() {
                Some(place) => {
                    let place = PlaceElem::new(place).with_dy(Abs::pt(-LEADING).into()).pack();
                    Content::sequence([place, body])
                }
                None => body,
            };
            let mut cell = TableCell::new(cell_body(body, is_split));
            if span > NonZeroUsize::MIN {
                cell = cell.with_colspan(span);
            }
            cells.push(Packed::new(cell));
            column += span.get();
        }
        Row { cells, height }
    }

    /// What stands between the line breaks of a cell, each whole unless it is very long itself: a page that ends within the cell
    /// ends between two of them, behind the first two or before the last two.
    fn paragraphs(&mut self, cell: &Cell, width: f64, bold: bool) -> Content {
        let parts: Vec<&[Inline]> = cell.split(|inline| *inline == Inline::Break).collect();
        let last = parts.len().saturating_sub(1);
        let blocks: Vec<Content> = parts
            .into_iter()
            .enumerate()
            .map(|(position, part)| {
                let lines = measure(part, bold).lines(width - INSET);
                let line = Line {
                    width: within(width),
                    bold,
                };
                let between = Smart::Custom(Spacing::Rel(Em::new(BETWEEN).into()));
                let body = self.inlines(part, line);
                BlockElem::new()
                    .with_body(Some(BlockBody::Content(body)))
                    .with_inset(Sides::splat(Some(Abs::zero().into())))
                    .with_above(between)
                    .with_below(between)
                    .with_breakable(lines * LEADING > SPLIT)
                    .with_sticky(position == 0 || position + 1 == last)
                    .pack()
            })
            .collect();
        Content::sequence(blocks)
    }

    /// The title of a band: a cell over all columns without an inset, filled by a block that `page.typ` styles.
    ///
    /// `repeats`: it is a header of the second level, which stands again where the band goes on. A title without rows
    /// directly below the table's own header must not be one: Typst 0.15 takes such a header for one that ends at once,
    /// forgets the height of the header above it while that is still pending, and panics at the next header of the second
    /// level (`place_new_headers`). Having no rows, the title would stand again nowhere, so that nothing is lost; who
    /// listens is told of a header all the same.
    fn band(&mut self, title: &Cell, columns: NonZeroUsize, line: f64, repeats: bool) -> TableChild {
        let height = measure(title, false).lines(line) * LEADING;
        let body = self.inlines(
            title,
            Line {
                width: within(line),
                bold: true,
            },
        );
        let cell = TableCell::new(labelled_block(body, BAND))
            .with_colspan(columns)
            .with_align(Smart::Custom(Alignment::H(HAlignment::Start)))
            .with_inset(Smart::Custom(Sides::splat(Some(Abs::zero().into()))));
        if height > HEADER {
            return TableChild::Item(TableItem::Cell(Packed::new(cell.with_breakable(Smart::Custom(true)))));
        }
        let level = NonZeroU32::MIN.saturating_add(1);
        if !repeats {
            let kind = TableCellKind::Header(level, TableHeaderScope::default());
            return TableChild::Item(TableItem::Cell(Packed::new(cell.with_kind(Smart::Custom(kind)))));
        }
        let header = TableHeader::new(vec![TableItem::Cell(Packed::new(cell))])
            .with_level(level)
            .with_repeat(true);
        TableChild::Header(Packed::new(header))
    }
}

/// How wide a line of a cell may be, in points, as words are measured: these in the size of paragraphs, the cell in its own,
/// so that a word for which a column was just made wide enough is not cut.
pub(super) fn within(width: f64) -> f64 {
    ((width - INSET) / SCALE).max(9.0)
}

/// What a cell holds: its text in a block, which `page.typ` gives its inset and which keeps the row in one piece.
///
/// Typst lays out a cell twice, once for the height of its row and once within that height. What lies in an unbreakable
/// block is laid out once: Typst remembers it, as the block asks for neither height. It would, if it were all that the
/// cell holds; so a space of no height stands before it.
fn cell_body(text: Content, breakable: bool) -> Content {
    let space = VElem::new(Abs::zero().into()).with_weak(true).pack();
    let block = BlockElem::new()
        .with_breakable(breakable)
        .with_body(Some(BlockBody::Content(text)))
        .pack();
    Content::sequence([space, block])
}

/// A block as wide as its place, with a label.
fn labelled_block(body: Content, name: &str) -> Content {
    let full = Smart::Custom(Rel::new(Ratio::one(), Length::zero()));
    let block = BlockElem::new().with_width(full).with_body(Some(BlockBody::Content(body))).pack();
    match label(name) {
        Some(label) => block.labelled(label),
        None => block,
    }
}

struct Row {
    cells: Vec<Packed<TableCell>>,
    /// About how high it is, in points.
    height: f64,
}

fn alignment(align: Align) -> Alignment {
    Alignment::H(match align {
        Align::Start => HAlignment::Start,
        Align::Center => HAlignment::Center,
        Align::End => HAlignment::End,
    })
}
