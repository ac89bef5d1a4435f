//! The matrix of services and controls.
//!
//! In: a row of a table of the kind `matrix`, whose columns link to the sections of services. Out: cells that link to
//! the control's band in the section of their service, else to what the provider does for it there, else to the section.

use super::Writer;
use super::raci::list_id;
use crate::render::document::{Cell, Inline, Mark, Table, mark_of};

impl Writer<'_> {
    /// A row of the heat map.
    pub(super) fn heat(&mut self, table: &Table, row: &[Cell]) {
        let control = match row.first().and_then(|cell| mark_of(cell)) {
            Some(Mark::Control { id, .. }) => id.as_str(),
            _ => "",
        };
        self.raw("<tr>");
        for (position, (cell, align)) in row.iter().zip(&table.columns).enumerate() {
            if position == 0 && !cell.is_empty() {
                self.cell("th", " scope=\"row\"", *align, cell);
                continue;
            }
            let section = match table.header.get(position).map(Vec::as_slice) {
                Some([Inline::Link { target, .. }]) => target.strip_prefix('#'),
                _ => None,
            };
            let letters = match cell.as_slice() {
                [Inline::Link { content, .. }] => content,
                _ => cell,
            };
            match (section, letters.as_slice()) {
                (Some(section), [Inline::Code(letter)]) if letter.starts_with(char::is_alphabetic) => {
                    let band = format!("{}:{control}", self.targets.key(section));
                    let list = list_id(&band);
                    let target = [&band, &list].into_iter().find(|id| self.bands.contains(*id));
                    let target = target.map_or(section, String::as_str);
                    self.open_cell("td", "", *align);
                    self.raw("<a");
                    self.attribute("href", &format!("#{target}"));
                    self.raw(">");
                    self.code(letter);
                    self.raw("</a></td>");
                }
                _ => self.cell("td", "", *align, cell),
            }
        }
        self.raw("</tr>\n");
    }
}
