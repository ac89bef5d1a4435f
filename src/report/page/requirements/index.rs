//! Where the requirements of a framework stand.
//!
//! In: the rows of a framework. Out: its sections with the row of each requirement.

use super::RequirementLine;
use crate::report::model::RequirementRow;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The requirements of a section, and the rows that tell them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct IndexLine {
    /// What the numbers of its requirements begin with.
    pub section: String,
    /// What it is about, in a few words.
    pub name: Option<Arc<str>>,
    /// Its requirements, in their order.
    pub entries: Vec<IndexEntry>,
}

/// A requirement, and the row that tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct IndexEntry {
    /// The framework's own number.
    pub id: Arc<str>,
    /// What links to its row lead to.
    pub place: String,
}

/// Where each requirement stands: the row that tells it, or the one that stands for it.
pub(super) fn index(rows: &[RequirementLine]) -> Vec<IndexLine> {
    let mut lines: Vec<IndexLine> = Vec::new();
    let mut place = "";
    for row in rows {
        if row.begins_section {
            lines.push(IndexLine {
                section: row.section.clone(),
                name: row.section_name.clone(),
                entries: Vec::new(),
            });
        }
        if !row.is_told {
            place = &row.place;
        }
        if let Some(line) = lines.last_mut() {
            line.entries.push(IndexEntry {
                id: row.id.clone(),
                place: place.to_owned(),
            });
        }
    }
    lines
}

/// What a requirement's number and those around it begin with.
fn section(row: &RequirementRow) -> String {
    let mut parts = row.id.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), Some(_)) => format!("{first}.{second}"),
        _ => row.group.as_deref().unwrap_or(&row.id).to_owned(),
    }
}

/// A section and what it is about. An id in plain words is no number that readers know: its name stands for it.
pub(super) fn section_and_name(row: &RequirementRow) -> (String, Option<Arc<str>>) {
    let section = section(row);
    let name = row
        .group_name
        .clone()
        .filter(|name| **name != *section && Some(name) != row.group.as_ref());
    let is_words = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    match name {
        Some(name) if is_words(&section) => (name.to_string(), None),
        name => (section, name),
    }
}
