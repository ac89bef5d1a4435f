//! Tables.
//!
//! In: a table and its kind. Out: a table that scrolls by itself where it is wide, or cards where the kind says so.

use super::{Writer, raci};
use crate::render::document::{Align, Band, Cell, Table, plain_text};
use std::fmt::Write as _;

/// Tables of this many columns scroll by themselves where the window is narrow.
const WIDE: usize = 4;

/// Tables of more than this many columns write the names of their columns upwards.
const MANY: usize = 16;

/// In a narrow window the rows of a table of this many columns show as cards: each cell says what its column is called, so
/// that who holds something and how it stands are never out of sight.
const STACKED: usize = 3;

/// Kinds of tables that are read across, however narrow the window: one scrolls by itself or has cards of its own.
const ACROSS: [&str; 4] = ["crosswalk", "matrix", "raci", "sign-off"];

/// Whether the rows of a table show as cards in a narrow window.
fn is_stacked(kind: Option<&str>, columns: usize) -> bool {
    columns >= STACKED && kind.is_some_and(|kind| !ACROSS.contains(&kind))
}

/// Kinds of tables whose first column names its row.
const WITH_ROW_NAMES: [&str; 3] = ["matrix", "parties", "raci"];

impl Writer<'_> {
    pub(super) fn table(&mut self, kind: Option<&str>, table: &Table) {
        if let (Some(kind @ ("tiles" | "split")), [Band { title: None, rows }]) = (kind, table.bands.as_slice())
            && let [row] = rows.as_slice()
        {
            return self.cards(kind, &table.header, row);
        }
        self.open_table(kind, table);
        for band in &table.bands {
            if band.title.is_none() && band.rows.is_empty() {
                continue;
            }
            let control = raci::title(band);
            self.raw("<tbody");
            if let Some(control) = &control {
                self.about(control);
            }
            self.raw(">\n");
            if let Some(title) = &band.title {
                self.raw("<tr class=\"band\"");
                if let Some(control) = &control {
                    self.band_id(control);
                }
                let _ = write!(self.out, "><th scope=\"rowgroup\" colspan=\"{}\"><span>", table.columns.len());
                self.inlines(title);
                self.raw("</span></th></tr>\n");
            }
            for row in &band.rows {
                match kind {
                    Some("raci") => self.duties(table, row),
                    _ => self.row(kind, table, row),
                }
            }
            self.raw("</tbody>\n");
        }
        self.raw("</table>\n</div>");
    }

    /// Everything before the first band.
    fn open_table(&mut self, kind: Option<&str>, table: &Table) {
        let columns = table.columns.len();
        self.tables += 1;
        self.raw("<div class=\"table");
        if let Some(kind) = kind {
            self.raw(" ");
            self.text(kind);
        }
        if is_stacked(kind, columns) {
            self.raw(" stacked");
        }
        if columns > MANY {
            self.raw(" many");
        }
        self.raw("\"");
        if columns >= WIDE && kind != Some("data-only") {
            // Whoever has no pointer scrolls it with the keyboard; the number keeps the names of regions apart.
            let label = match self.heading.trim() {
                "" => format!("Table {}", self.tables),
                heading => format!("{heading}, table {}", self.tables),
            };
            self.raw(" tabindex=\"0\" role=\"region\"");
            self.attribute("aria-label", &label);
        }
        self.raw(">\n<table>\n");
        if let Some(widths) = &table.widths {
            self.columns(widths);
        }
        self.raw("<thead>\n<tr>");
        for (cell, align) in table.header.iter().zip(&table.columns) {
            // An empty header would name nothing.
            let tag = if cell.is_empty() { "td" } else { "th" };
            self.cell(tag, if cell.is_empty() { "" } else { " scope=\"col\"" }, *align, cell);
        }
        self.raw("</tr>\n</thead>\n");
    }

    fn columns(&mut self, widths: &[f64]) {
        let sum: f64 = widths.iter().sum();
        self.raw("<colgroup>");
        for width in widths {
            // The parser admits numbers above 0 alone, so this lies between 0 and 1000.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let width = (width / sum * 1000.0).round() as u32;
            self.widths.insert(width);
            let _ = write!(self.out, "<col class=\"w{width}\">");
        }
        self.raw("</colgroup>\n");
    }

    pub(super) fn row(&mut self, kind: Option<&str>, table: &Table, row: &[Cell]) {
        let with_row_names = kind.is_some_and(|kind| WITH_ROW_NAMES.contains(&kind));
        let is_stacked = is_stacked(kind, table.columns.len());
        self.open_row(row);
        for (position, (cell, align)) in row.iter().zip(&table.columns).enumerate() {
            if position == 0 && with_row_names && !cell.is_empty() {
                self.cell("th", " scope=\"row\"", *align, cell);
            } else if let Some(name) = table.header.get(position).filter(|name| is_stacked && !name.is_empty()) {
                let mut scope = String::from(" data-label=\"");
                super::escape::escape(&mut scope, &plain_text(name));
                scope.push('"');
                self.cell("td", &scope, *align, cell);
            } else {
                self.cell("td", "", *align, cell);
            }
        }
        self.raw("</tr>\n");
    }

    /// A table of one row, of a kind that shows as cards: pairs of a name and what it names.
    fn cards(&mut self, kind: &str, names: &[Cell], cells: &[Cell]) {
        self.open("dl", Some(kind));
        self.raw("\n");
        for (name, cell) in names.iter().zip(cells) {
            self.raw("<div><dt>");
            self.inlines(name);
            self.raw("</dt><dd>");
            self.inlines(cell);
            self.raw("</dd></div>\n");
        }
        self.raw("</dl>");
    }

    pub(super) fn cell(&mut self, tag: &str, scope: &str, align: Align, content: &Cell) {
        self.open_cell(tag, scope, align);
        self.inlines(content);
        self.close(tag);
    }

    pub(super) fn open_cell(&mut self, tag: &str, scope: &str, align: Align) {
        self.raw("<");
        self.raw(tag);
        self.raw(scope);
        self.raw(match align {
            Align::Start => ">",
            Align::Center => " class=\"center\">",
            Align::End => " class=\"end\">",
        });
    }
}
