//! One sheet: a table with a frozen, filtered header and columns of sensible width.
//!
//! In: a [`Table`]. Out: a worksheet that prints on landscape pages with the header repeated.

use super::logo;
use crate::render::cells::looks_like_formula;
use crate::report::Report;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Image, Worksheet, XlsxError};

/// Most rows of a sheet below its header.
const MOST_ROWS: usize = 1_048_575;
/// Most characters of a cell, in the units of UTF-16 that Excel counts.
const MOST_LETTERS: usize = 32_767;
/// Most bytes of an address that can be linked.
const MOST_ADDRESS: usize = 2_000;
/// Most links of a sheet; what is beyond stands as text.
const MOST_LINKS: usize = 60_000;

/// Height of a line and the greatest of a row, in points.
const LINE: f64 = 15.0;
const MOST_HEIGHT: f64 = 405.0;
/// Size of the letters of rows that would be higher, and the height of their lines.
const SMALL: f64 = 8.0;
const SMALL_LINE: f64 = 11.0;
/// A pixel of 1/96 inch in points, and in pixels the space above and below the logo, and before it.
const POINTS: f64 = 0.75;
const MARGIN: u32 = 8;
const INDENT: u32 = 2;
/// What a landscape page of A4 holds legibly, in characters.
const A4: u32 = 200;

/// What a sheet shows.
pub(super) struct Table {
    /// At most 31 characters, unique.
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// What stands below the last row.
    pub(super) note: Option<String>,
}

/// A column: its heading and its width in characters.
pub(super) struct Column {
    pub(super) title: String,
    pub(super) width: u8,
}

/// A cell.
pub(super) enum Cell {
    Empty,
    Text(String),
    /// Short and in the middle: letters and marks.
    Mark(String),
    Number(u64),
    /// An address; linked where it is one of the web.
    Link(String),
}

/// How all sheets look.
pub(super) struct Style {
    header: Format,
    text: Format,
    quoted: Format,
    mark: Format,
    number: Format,
    link: Format,
    note: Format,
    group: Format,
    label: Format,
    small: Format,
    small_quoted: Format,
    foot: String,
    head: String,
}

impl Style {
    pub(super) fn of(report: &Report) -> Self {
        let accent = report
            .theme
            .accent
            .strip_prefix('#')
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let accent = Color::RGB(accent.unwrap_or(0x0b_5f_ff));
        let hairline = Color::RGB(0xd9_de_e5);
        let base = match &report.theme.font {
            Some(font) => Format::new().set_font_name(font),
            None => Format::new(),
        };
        let cell = base
            .clone()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(hairline);
        let text = cell.clone().set_text_wrap();
        let meta = &report.meta;
        let foot = report.theme.footer.as_deref().or(meta.organization.as_deref()).unwrap_or_default();
        let head = meta.classification.as_deref().unwrap_or_default();
        let header = base.clone().set_bold().set_text_wrap().set_background_color(Color::RGB(0xf4_f6_f8));
        let small = text.clone().set_font_size(SMALL);
        Self {
            label: cell.clone().set_bold(),
            group: header
                .clone()
                .set_align(FormatAlign::Center)
                .set_border(FormatBorder::Thin)
                .set_border_color(hairline),
            header: header
                .set_align(FormatAlign::Top)
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(accent),
            small_quoted: small.clone().set_quote_prefix(),
            small,
            quoted: text.clone().set_quote_prefix(),
            mark: cell.clone().set_align(FormatAlign::Center),
            number: cell.clone().set_num_format("0"),
            link: text
                .clone()
                .set_font_color(Color::RGB(0x0b_3d_91))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            note: base.set_italic(),
            foot: format!("&L{} · as of {}&RPage &P of &N", printed(foot, 60), printed(&meta.as_of, 20)),
            head: format!(
                "&L{} · {} · &A&R{}",
                printed(&meta.title, 80),
                printed(&meta.edition_title, 40),
                printed(head, 40)
            ),
            text,
        }
    }
}

impl Style {
    pub(super) fn header(&self) -> &Format {
        &self.header
    }

    pub(super) fn note(&self) -> &Format {
        &self.note
    }

    /// What says what stands beside it.
    pub(super) fn label(&self) -> &Format {
        &self.label
    }

    /// What stands above columns that belong together.
    pub(super) fn group(&self) -> &Format {
        &self.group
    }

    pub(super) fn mark(&self) -> &Format {
        &self.mark
    }
}

/// Text in a page's header or footer, where an ampersand begins a command.
fn printed(text: &str, limit: usize) -> String {
    text.chars()
        .take(limit)
        .filter(|letter| !letter.is_control())
        .collect::<String>()
        .replace('&', "&&")
}

/// Writes a table, below the logo where it is given one.
pub(super) fn write(sheet: &mut Worksheet, table: &Table, style: &Style, logo: Option<&Image>) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    if let Some(logo) = logo {
        sheet.set_row_height(0, (f64::from(logo::HEIGHT) + 2.0 * f64::from(MARGIN)) * POINTS)?;
        sheet.insert_image_with_offset(0, 0, logo, INDENT, MARGIN)?;
    }
    let head = u32::from(logo.is_some());
    for (column, at) in table.columns.iter().zip(0_u16..) {
        sheet.set_column_width(at, f64::from(column.width))?;
        sheet.write_string_with_format(head, at, &column.title, &style.header)?;
    }
    let heads = table.columns.iter().map(|column| lines_of(&column.title, column.width)).max();
    sheet.set_row_height(head, f64::from(heads.unwrap_or(1)) * LINE)?;
    let mut links = 0;
    for (cells, row) in table.rows.iter().zip(head + 1..).take(MOST_ROWS) {
        for (cell, column) in cells.iter().zip(0_u16..) {
            match cell {
                Cell::Empty => {
                    sheet.write_blank(row, column, &style.text)?;
                }
                Cell::Text(text) => string(sheet, row, column, text, style)?,
                Cell::Mark(text) => {
                    sheet.write_string_with_format(row, column, cut(text), &style.mark)?;
                }
                Cell::Number(number) => {
                    // Counts are far below what a float holds exactly.
                    #[allow(clippy::cast_precision_loss)]
                    sheet.write_number_with_format(row, column, *number as f64, &style.number)?;
                }
                Cell::Link(address) if links < MOST_LINKS && is_web(address) => {
                    links += 1;
                    sheet.write_url_with_format(row, column, address.as_str(), &style.link)?;
                }
                Cell::Link(address) => string(sheet, row, column, address, style)?,
            }
        }
        // Not every program makes rows of wrapped text as high as they must be.
        let lines = cells
            .iter()
            .zip(&table.columns)
            .map(|(cell, column)| lines(cell, column.width))
            .max();
        if let Some(lines) = lines.filter(|lines| *lines > 1) {
            sheet.set_row_height(row, (f64::from(lines) * LINE).min(MOST_HEIGHT))?;
        }
    }
    let rows = table.rows.len().min(MOST_ROWS);
    let last = head + u32::try_from(rows).unwrap_or_default();
    let columns = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or_default();
    sheet.autofilter(head, 0, last, columns)?;
    if let (Some(note), true) = (&table.note, rows < MOST_ROWS) {
        sheet.write_string_with_format(last + 1, 0, cut(note), &style.note)?;
    }
    sheet.set_freeze_panes(head + 1, 0)?;
    sheet.set_repeat_rows(head, head)?;
    fits(sheet, table.columns.iter().map(|column| u32::from(column.width)).sum(), style);
    Ok(())
}

/// Puts a sheet of this width, in characters, on paper: narrow tables on A4, wide ones on A3 and two pages wide.
pub(super) fn fits(sheet: &mut Worksheet, width: u32, style: &Style) {
    sheet.set_landscape();
    sheet.set_paper_size(if width <= A4 { 9 } else { 8 });
    sheet.set_print_fit_to_pages(if width <= 2 * A4 { 1 } else { 2 }, 0);
    sheet.set_header(&style.head);
    sheet.set_footer(&style.foot);
}

/// How high a row of so many lines is, in points.
pub(super) fn text_height(lines: u16) -> f64 {
    (f64::from(lines) * LINE).min(MOST_HEIGHT)
}

/// How high a text is, in points, and whether in small letters: in the usual ones it would be higher than a row can be.
pub(super) fn height(text: &str, width: u8) -> (f64, bool) {
    let usual = f64::from(lines_of(text, width)) * LINE;
    if usual <= MOST_HEIGHT {
        return (usual, false);
    }
    let small = f64::from(lines_of(text, small_width(width))) * SMALL_LINE;
    (small.min(MOST_HEIGHT), true)
}

/// How many letters of the small size stand where so many of the usual one do.
fn small_width(width: u8) -> u8 {
    u8::try_from(u16::from(width) * 4 / 3).unwrap_or(u8::MAX)
}

/// A string cell in small letters.
pub(super) fn small_string(sheet: &mut Worksheet, row: u32, column: u16, text: &str, style: &Style) -> Result<(), XlsxError> {
    let format = if looks_like_formula(text) {
        &style.small_quoted
    } else {
        &style.small
    };
    sheet.write_string_with_format(row, column, cut(text), format)?;
    Ok(())
}

/// A string cell. One that would be taken for a formula when somebody edits it is marked as quoted.
pub(super) fn string(sheet: &mut Worksheet, row: u32, column: u16, text: &str, style: &Style) -> Result<(), XlsxError> {
    let format = if looks_like_formula(text) { &style.quoted } else { &style.text };
    sheet.write_string_with_format(row, column, cut(text), format)?;
    Ok(())
}

/// How many lines a cell takes in a column of this width.
fn lines(cell: &Cell, width: u8) -> u16 {
    match cell {
        Cell::Text(text) | Cell::Link(text) => lines_of(text, width),
        Cell::Empty | Cell::Mark(_) | Cell::Number(_) => 1,
    }
}

/// How many lines a text takes where words are kept whole, as spreadsheets wrap them.
pub(super) fn lines_of(text: &str, width: u8) -> u16 {
    let width = usize::from(width.max(1));
    let lines = text.split('\n').map(|line| wrapped(line, width)).sum::<usize>();
    u16::try_from(lines).unwrap_or(u16::MAX)
}

fn wrapped(line: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in line.split(' ') {
        let letters = word.chars().count();
        if used > 0 && used + 1 + letters > width {
            lines += 1;
            used = 0;
        }
        used += letters + usize::from(used > 0);
        // A word longer than the line goes on in the next ones.
        lines += used.saturating_sub(1) / width;
        used = if used > width { (used - 1) % width + 1 } else { used };
    }
    lines
}

fn is_web(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://"))
        && address.len() < MOST_ADDRESS
        && address.chars().all(|letter| letter.is_ascii_graphic() && letter != '"')
}

/// A text that fits a cell; one that is too long says so.
fn cut(text: &str) -> String {
    if text.len() < MOST_LETTERS {
        return text.to_owned();
    }
    let mut units = 0;
    let within = |letter: &char| {
        units += letter.len_utf16();
        units < MOST_LETTERS - 16
    };
    let kept: String = text.chars().take_while(within).collect();
    if kept.len() == text.len() {
        kept
    } else {
        format!("{kept} … (cut)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_spreadsheets_wrap_them() {
        for (text, width, lines) in [
            ("", 10, 1),
            ("one", 10, 1),
            ("Can Be Inherited from CSP", 16, 2),
            ("Can Be Inherited from CSP", 14, 3),
            ("Can Be Inherited from CSP", 13, 3),
            ("Customer System Specific", 9, 3),
            ("abcdefghijklmnopqrstuvwxyz", 10, 3),
            ("ab abcdefghijklmnopqrstuvwxyz", 10, 4),
            ("a\n\nb", 10, 3),
            ("0123456789", 10, 1),
        ] {
            assert_eq!(lines_of(text, width), lines, "{text} in {width}");
        }
        let (height, is_small) = height(&"line\n".repeat(40), 20);
        assert!(is_small && height <= MOST_HEIGHT);
        assert_eq!(self::height("a\nb", 20), (2.0 * LINE, false));
    }
}
