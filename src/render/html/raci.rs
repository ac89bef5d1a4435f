//! The table of who does what, and the list of what the provider does.
//!
//! In: tables and lists whose titles and rows say by their marks what they stand for. Out: bands, rows and items with ids
//! and counts.

use super::Writer;
use super::places::On;
use crate::render::document::{Band, Block, Cell, Inline, Mark, Node, Table, mark_of, promised_id};

/// What a band's title says.
pub(super) struct Title<'d> {
    /// The id of the section and of the control.
    id: &'d str,
    /// `inherited`, `shared`, `customer-specific` or `partner-specific`.
    control_type: &'d str,
}

/// The control that a band is about.
pub(super) fn title(band: &Band) -> Option<Title<'_>> {
    match mark_of(band.title.as_deref()?)? {
        Mark::Control { id, control_type } => Some(Title { id, control_type }),
        _ => None,
    }
}

/// What an item of a list says that the provider does for: the id of section and control, and the control's type.
pub(super) fn promised(item: &[Block]) -> Option<(&str, &str)> {
    let [
        Block {
            node: Node::Paragraph(content),
            ..
        },
    ] = item
    else {
        return None;
    };
    match mark_of(content)? {
        Mark::Commitments { id, control_type } => Some((id, control_type)),
        _ => None,
    }
}

impl<'a> Writer<'a> {
    /// Says which control a band is about.
    pub(super) fn about(&mut self, title: &Title<'_>) {
        self.attribute("data-control", control_of(title.id));
        self.attribute("data-type", title.control_type);
    }

    /// Gives a band its id, unless an earlier one has it.
    pub(super) fn band_id(&mut self, title: &Title<'_>) {
        if self.ids.insert(title.id.to_owned()) {
            self.attribute("id", title.id);
        }
    }

    /// The begin of an item of a list: what the provider does for a control says which, and how many commitments that is.
    pub(super) fn open_item(&mut self, item: &[Block]) {
        let Some((id, control_type)) = promised(item) else {
            return self.raw("<li>");
        };
        self.raw("<li");
        let own = promised_id(id);
        if self.ids.insert(own.clone()) {
            self.attribute("id", &own);
        }
        self.attribute("data-control", control_of(id));
        self.attribute("data-type", control_type);
        if let Some((_, party)) = id.split_once(';') {
            self.attribute("data-party", party);
        }
        let (commitments, on) = self.targets.promised(id, control_type);
        self.attribute("data-commitments", &commitments.to_string());
        self.on(&on);
        if let Some(numbers) = self.targets.answered(id, control_type) {
            self.attribute("data-requirements", &numbers);
        }
        self.raw(">");
    }

    /// Says how many duties a row stands for, or which finding it is.
    pub(super) fn open_row(&mut self, row: &[Cell]) {
        self.raw("<tr");
        let mark = row.first().and_then(|cell| mark_of(cell));
        if let Some(mark) = mark {
            self.own_id(mark);
            self.finding(mark);
        }
        if let Some(Mark::Duty { id, duties }) = mark {
            self.attribute("data-duties", &duties.to_string());
            self.on(&self.targets.duties_on(id));
        }
        self.raw(">");
    }

    /// Says where that is.
    fn on(&mut self, places: &[(On<'a>, u64)]) {
        if !places.is_empty() {
            let numbers = self.places.numbers(places);
            self.attribute("data-on", &numbers);
        }
    }

    /// A row of duties: its id, how many it stands for, and on which services.
    pub(super) fn duties(&mut self, table: &Table, row: &[Cell]) {
        let first = row.first().map(Vec::as_slice).unwrap_or_default();
        let Some(Mark::Duty { id, duties }) = mark_of(first) else {
            return self.row(Some("raci"), table, row);
        };
        // Of an activity that stands above it, this row says the deployments alone.
        let is_further = matches!(first, [Inline::Mark(_), Inline::Emphasis(_), ..]);
        self.raw(if is_further { "<tr class=\"deployment\"" } else { "<tr" });
        self.attribute("data-duties", &duties.to_string());
        self.on(&self.targets.duties_on(id));
        if let Some(numbers) = self.targets.answers(id) {
            self.attribute("data-requirements", &numbers);
        }
        self.raw(">");
        for (position, (cell, align)) in row.iter().zip(&table.columns).enumerate() {
            if position > 0 {
                self.cell("td", "", *align, cell);
                continue;
            }
            self.open_cell("th", " scope=\"row\"", *align);
            self.raw("<div class=\"activity\"");
            if self.ids.insert(id.clone()) {
                self.attribute("id", id);
            }
            self.raw(">");
            self.inlines(cell);
            self.raw("</div></th>");
        }
        self.raw("</tr>\n");
    }
}

/// The control's id in that of a part of a section, or of an operator's share of one.
fn control_of(id: &str) -> &str {
    let own = id.split(';').next().unwrap_or(id);
    own.rsplit(':').next().unwrap_or(own)
}
