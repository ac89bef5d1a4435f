//! How wide the columns of a table are.
//!
//! In: its cells, and the relative widths that the template asks for, if any. Out: a width in points for each column,
//! for lines of the given width; the PDF uses them as fractions, so that they hold on any page. Fixed widths lay out a
//! third faster than automatic ones, and the same table always looks the same.

use super::balance;
use super::breaks::{self, widest_piece};
use super::codes::is_known;
use crate::render::document::{Inline, Table};

/// The width of the text on a portrait page, in points: A4 without margins of 18 mm.
pub(super) const PORTRAIT: f64 = 493.2;

/// The width of the text on a landscape page, in points.
pub(super) const LANDSCAPE: f64 = 739.8;

/// What a cell leaves blank at its left and right together, in points.
pub(super) const INSET: f64 = 8.0;

/// A column is never made wider than this, in points, for the sake of a word.
const WIDEST_WORD: f64 = 120.0;

/// How much wider a badge or a state is than its text, in points.
const DRAWN: f64 = 9.0;

/// The text of tables, relative to [`super::fonts::TEXT_SIZE`]: `page.typ` sets it a little smaller than paragraphs.
pub(super) const SCALE: f64 = 8.5 / 9.0;

/// In tables of these kinds with more columns than that, `page.typ` turns the names of parties and services upwards.
const UPRIGHT: [(&str, usize); 2] = [("raci", 5), ("matrix", 8)];

/// Whether the head of a column is turned upwards.
pub(super) fn is_upright(kind: Option<&str>, columns: usize, column: usize) -> bool {
    let turned = UPRIGHT.iter().any(|(turned, most)| kind == Some(*turned) && columns > *most);
    turned && column > 0 && (kind == Some("matrix") || column + 1 < columns)
}

/// Tables of these kinds have the columns of a form, whose widths are a workbook's: on a page they are what is written
/// in them, since a column that is empty here would take the room of sentences.
const FORMS: [&str; 1] = ["requirements"];

/// What a width is rounded up by, in points, so that text that just fits stays on its line.
const SLACK: f64 = 0.6;

/// Width of each column in points, their sum that of the line.
pub(super) fn widths(table: &Table, kind: Option<&str>, line: f64) -> Vec<f64> {
    let columns = table.columns.len();
    let mut least = vec![0.0_f64; columns];
    let mut whole = vec![0.0_f64; columns];
    let mut add = |column: usize, room: Room| {
        if let (Some(least), Some(whole)) = (least.get_mut(column), whole.get_mut(column)) {
            *least = least.max(room.word.min(WIDEST_WORD) + INSET);
            *whole = whole.max(room.whole + INSET);
        }
    };
    for (column, cell) in table.header.iter().enumerate() {
        if !is_upright(kind, columns, column) {
            add(column, measure(cell, true));
        }
    }
    let mut rows = Vec::new();
    for row in table.bands.iter().flat_map(|band| &band.rows) {
        let row: Vec<Room> = row.iter().map(|cell| measure(cell, false)).collect();
        row.iter().enumerate().for_each(|(column, room)| add(column, *room));
        rows.push(row);
    }
    let asked = table.widths.as_ref().filter(|asked| usable(asked, columns));
    if kind.is_some_and(|kind| FORMS.contains(&kind)) {
        let all: Vec<usize> = (0..columns).collect();
        return balance::widths(&rows, &all, &least, line);
    }
    if let Some(asked) = asked {
        let sum: f64 = asked.iter().sum();
        let wanted: Vec<_> = asked.iter().map(|width| width / sum * line).collect();
        return fit(&wanted, &least, line);
    }
    share(&whole, &least, &rows, line)
}

/// Shares a line: short columns first get all that they need, from the shortest to the longest, as long as that is no
/// more than an equal share of what is left; columns of long text share the rest so that the rows are as low as they can
/// be.
fn share(whole: &[f64], least: &[f64], rows: &[Vec<Room>], line: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..whole.len()).collect();
    order.sort_by(|a, b| whole[*a].total_cmp(&whole[*b]));
    let mut widths = whole.to_vec();
    let mut rest = line;
    for (position, column) in order.iter().enumerate() {
        if whole[*column] > rest / (order.len() - position) as f64 {
            let long = &order[position..];
            let floor: Vec<_> = long.iter().map(|column| least[*column]).collect();
            for (column, width) in long.iter().zip(balance::widths(rows, long, &floor, rest)) {
                widths[*column] = width;
            }
            return widths;
        }
        rest -= whole[*column];
    }
    // There is room for all: columns of text take most of what is left over, columns of badges stay narrow.
    let weight: f64 = widths.iter().map(|width| width * width).sum();
    if weight <= 0.0 {
        return vec![line / whole.len().max(1) as f64; whole.len()];
    }
    widths.iter().map(|width| width + rest * width * width / weight).collect()
}

fn usable(widths: &[f64], columns: usize) -> bool {
    widths.len() == columns && widths.iter().all(|width| width.is_finite() && *width > 0.0)
}

/// Widths near those wanted, each at least the least where that is possible, with the sum of the line.
pub(super) fn fit(wanted: &[f64], least: &[f64], line: f64) -> Vec<f64> {
    let floor: f64 = least.iter().sum();
    if floor >= line {
        return least.iter().map(|width| width * line / floor.max(1.0)).collect();
    }
    let over: Vec<_> = wanted.iter().zip(least).map(|(wanted, least)| (wanted - least).max(0.0)).collect();
    let sum: f64 = over.iter().sum();
    let spare = line - floor;
    if sum <= 0.0 {
        return least.iter().map(|width| width * line / floor.max(1.0)).collect();
    }
    least.iter().zip(over).map(|(least, over)| least + over * spare / sum).collect()
}

/// How much room a cell takes, in points.
#[derive(Clone, Copy, Default)]
pub(super) struct Room {
    /// The widest word.
    pub(super) word: f64,
    /// All of it without wrapping: its longest line.
    pub(super) whole: f64,
    /// All of its lines behind one another.
    pub(super) total: f64,
    /// How often a new line begins.
    pub(super) breaks: usize,
}

impl Room {
    /// About how many lines it takes in a column of this width.
    pub(super) fn lines(&self, width: f64) -> f64 {
        (self.total / width.max(9.0)).ceil() + self.breaks as f64
    }
}

/// Measures a cell of the header or of a row.
pub(super) fn measure(cell: &[Inline], header: bool) -> Room {
    let mut room = Room::default();
    let mut row = 0.0;
    add_room(cell, header, &mut room, &mut row);
    room.whole = room.whole.max(row);
    room.total += row;
    if room.whole > 0.0 {
        room = Room {
            word: room.word * SCALE + SLACK,
            whole: room.whole * SCALE + SLACK,
            total: room.total * SCALE + SLACK,
            breaks: room.breaks,
        };
    }
    room
}

fn add_room(inlines: &[Inline], bold: bool, room: &mut Room, row: &mut f64) {
    for (at, inline) in inlines.iter().enumerate() {
        match inline {
            Inline::Text(text) => {
                room.word = room.word.max(widest_piece(text, bold, WIDEST_WORD));
                *row += breaks::width(text, bold);
            }
            Inline::Code(text) => {
                let drawn = if is_known(text) { DRAWN } else { 0.0 };
                let around = if is_known(text) { tied_around(inlines, at, bold) } else { 0.0 };
                room.word = room.word.max(widest_piece(text, bold, WIDEST_WORD) + drawn + around);
                *row += breaks::width(text, bold) + drawn;
            }
            Inline::Strong(inner) => add_room(inner, true, room, row),
            Inline::Emphasis(inner) | Inline::Link { content: inner, .. } => add_room(inner, bold, room, row),
            Inline::Image { .. } => *row += 60.0,
            Inline::Break => {
                room.whole = room.whole.max(*row);
                room.total += *row;
                room.breaks += 1;
                *row = 0.0;
            }
            Inline::Mark(_) => {}
        }
    }
}

/// How wide what is tied to a state is: the number before it, and how often it is meant behind it.
fn tied_around(inlines: &[Inline], at: usize, bold: bool) -> f64 {
    let before = match at.checked_sub(1).and_then(|before| inlines.get(before)) {
        Some(Inline::Text(text)) if text.ends_with('\u{a0}') => text.rsplit(' ').next().unwrap_or_default(),
        _ => "",
    };
    let behind = match inlines.get(at + 1) {
        Some(Inline::Text(text)) if text.starts_with('\u{a0}') => text.split(' ').next().unwrap_or_default(),
        _ => "",
    };
    breaks::width(before, bold) + breaks::width(behind, bold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::document::{Align, Band, Cell};

    fn cell(text: &str) -> Cell {
        vec![Inline::Text(text.to_owned())]
    }

    fn table(header: &[&str], row: &[&str], widths: Option<Vec<f64>>) -> Table {
        Table {
            columns: vec![Align::Start; header.len()],
            widths,
            header: header.iter().map(|text| cell(text)).collect(),
            bands: vec![Band {
                title: None,
                rows: vec![row.iter().map(|text| cell(text)).collect()],
            }],
        }
    }

    #[test]
    fn the_columns_fill_the_line() {
        let long = "Applies engine and operating system patches in the maintenance window ".repeat(4);
        for table in [
            table(&["Activity", "By default", "State"], &[&long, "opt-in", "met"], None),
            table(
                &["Activity", "By default", "State"],
                &[&long, "opt-in", "met"],
                Some(vec![6.0, 1.0, 1.0]),
            ),
            table(&["a", "b"], &["x", "y"], None),
            table(&["a", "b"], &["", ""], Some(vec![f64::NAN, 1.0])),
        ] {
            let widths = widths(&table, None, PORTRAIT);
            assert!((widths.iter().sum::<f64>() - PORTRAIT).abs() < 0.01, "{widths:?}");
            assert!(widths.iter().all(|width| *width > 0.0), "{widths:?}");
        }
    }

    #[test]
    fn short_columns_stay_on_one_line() {
        let table = table(
            &["Service", "Duty", "State"],
            &["Amazon RDS", &"keeps backups ".repeat(30), "not met"],
            None,
        );
        let widths = widths(&table, None, PORTRAIT);
        assert!(widths[0] >= breaks::width("Amazon RDS", false) * SCALE + INSET, "{widths:?}");
        assert!(widths[1] > 300.0, "{widths:?}");
    }

    #[test]
    fn a_column_holds_its_longest_word() {
        for word in ["Responsibilities", "organisational", "Accountable", "high"] {
            let table = table(&["Sort", word], &[word, "y"], Some(vec![1.0, 40.0]));
            let found = widths(&table, None, PORTRAIT);
            assert!(found[0] >= breaks::width(word, false) * SCALE + INSET, "{found:?}");
            // And the word is not cut where the column is no wider than that.
            for bold in [false, true] {
                let least = measure(&cell(word), bold).word + INSET;
                assert!(
                    !breaks::needed(word, super::super::table::within(least), bold),
                    "{word}, bold: {bold}"
                );
            }
        }
    }
}
