//! The table of who does what.
//!
//! In: a table of the kind `raci`. A band's title is `**control** type · layer · ...`; a row's first cell holds one
//! activity or several, divided by line breaks and perhaps after the deployments that they are about, in emphasis; a row
//! that holds nothing but such a scope says the letters of all activities below that have none of their own. Out: bands
//! and activities with ids.

use super::{Activities, Writer};
use crate::render::document::{Band, Block, Cell, Document, Inline, Node, Table, plain_text};
use crate::render::parse::slug;
use std::collections::BTreeSet;

/// Ids made of an activity's text are no longer than this.
const LONGEST_ID: usize = 64;

/// What a band's title says.
pub(super) struct Title {
    /// The control's title.
    pub(super) name: String,
    /// `inherited`, `shared` or `customer-specific`.
    pub(super) control_type: String,
}

/// The title of a band, where it names a control.
pub(super) fn title(band: &Band) -> Option<Title> {
    let [Inline::Strong(name), rest @ ..] = band.title.as_deref()? else {
        return None;
    };
    let rest = plain_text(rest);
    Some(Title {
        name: plain_text(name),
        control_type: rest.split('·').next().unwrap_or_default().trim().to_owned(),
    })
}

/// The id of a control's band in the section of that key, by the slug of the control's title.
pub(super) fn band_id(key: &str, control: &str) -> String {
    format!("{key}:{control}")
}

/// The ids of all bands that name a control.
pub(super) fn bands(document: &Document, activities: &Activities<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather(&document.blocks, activities, &mut String::new(), &mut found);
    found
}

fn gather(blocks: &[Block], activities: &Activities<'_>, section: &mut String, found: &mut BTreeSet<String>) {
    for block in blocks {
        match &block.node {
            Node::Heading { anchor, .. } => anchor.clone_into(section),
            Node::Group(inner) | Node::Quote(inner) => gather(inner, activities, section, found),
            Node::Table(table) if block.kind.as_deref() == Some("raci") => {
                let key = activities.key(section);
                found.extend(table.bands.iter().filter_map(title).map(|title| band_id(key, &slug(&title.name))));
            }
            _ => {}
        }
    }
}

impl Writer<'_> {
    /// Gives a band its id, unless an earlier one has it.
    pub(super) fn band_id(&mut self, control: &str) {
        let id = band_id(self.activities.key(&self.anchor), &slug(control));
        if self.ids.insert(id.clone()) {
            self.attribute("id", &id);
        }
    }

    /// A row of activities.
    pub(super) fn activities(&mut self, control: &str, table: &Table, row: &[Cell]) {
        let is_scope = matches!(row.first().map(Vec::as_slice), Some([Inline::Emphasis(_)]));
        self.raw(if is_scope { "<tr class=\"scope\">" } else { "<tr>" });
        for (position, (cell, align)) in row.iter().zip(&table.columns).enumerate() {
            if position > 0 || cell.is_empty() {
                self.cell("td", "", *align, cell);
                continue;
            }
            self.open_cell("th", " scope=\"row\"", *align);
            if is_scope {
                self.inlines(cell);
            } else {
                let scope = match cell.first() {
                    Some(Inline::Emphasis(scope)) => plain_text(scope),
                    _ => String::new(),
                };
                for part in cell.split(|inline| *inline == Inline::Break) {
                    self.activity(control, &scope, part);
                }
            }
            self.close("th");
        }
        self.raw("</tr>\n");
    }

    fn activity(&mut self, control: &str, scope: &str, part: &[Inline]) {
        let text = match part {
            [Inline::Emphasis(_), rest @ ..] => plain_text(rest),
            _ => plain_text(part),
        };
        let text = text.trim();
        let known = self
            .activities
            .id(&self.anchor, control, text)
            .or_else(|| self.activities.id(&slug(&self.heading), control, text));
        let wanted = known.unwrap_or_else(|| {
            let key = self.activities.key(&self.anchor);
            format!("{key}:{}.{}", slug(control), short(&slug(text)))
        });
        // The same activity stands once more where other deployments have other letters.
        let scoped = || format!("{wanted}:{}", short(&slug(scope)));
        let mut id = if self.ids.contains(&wanted) { scoped() } else { wanted.clone() };
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}:{count}");
        }
        self.raw("<div class=\"activity\"");
        self.attribute("id", &id);
        self.raw(">");
        self.inlines(part);
        self.raw("</div>");
    }
}

fn short(slug: &str) -> String {
    slug.chars().take(LONGEST_ID).collect()
}
