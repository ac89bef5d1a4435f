//! Cells and columns of sheets, from what a Report holds.
//!
//! In: values. Out: cells.

use super::sheet::{Cell, Column};

/// How often a duty is done: in words, and in days, by which it can be sorted.
pub(super) const CADENCE: [(&str, u8); 2] = [("How often", 16), ("Days between", 10)];

pub(super) fn columns(of: &[(&str, u8)]) -> Vec<Column> {
    of.iter()
        .map(|(title, width)| Column {
            title: (*title).to_owned(),
            width: *width,
        })
        .collect()
}

pub(super) fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

pub(super) fn maybe(value: Option<&impl ToString>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Text(value.to_string()))
}

pub(super) fn mark(value: impl ToString) -> Cell {
    Cell::Mark(value.to_string())
}

pub(super) fn yes(value: bool) -> Cell {
    mark(if value { "yes" } else { "no" })
}
