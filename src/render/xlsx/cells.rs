//! Cells and columns of sheets, from what a Report holds.
//!
//! In: values. Out: cells.

use super::sheet::{Cell, Column, Table};

/// A column of a sheet: its heading, its width in characters, and what stands in it of a row.
pub(super) type Field<T> = (&'static str, u8, fn(&T) -> Cell);

/// A sheet with a row each.
pub(super) fn table<'r, T: 'r>(name: &'static str, rows: impl IntoIterator<Item = &'r T>, fields: &[Field<T>]) -> Table {
    Table {
        name,
        columns: heads(fields),
        rows: rows.into_iter().map(|row| cells(fields, row)).collect(),
        note: None,
    }
}

pub(super) fn heads<T>(fields: &[Field<T>]) -> Vec<Column> {
    fields.iter().map(|(title, width, _)| column(*title, *width)).collect()
}

pub(super) fn cells<T>(fields: &[Field<T>], row: &T) -> Vec<Cell> {
    fields.iter().map(|(_, _, cell)| cell(row)).collect()
}

pub(super) fn column(title: impl Into<String>, width: u8) -> Column {
    Column {
        title: title.into(),
        width,
    }
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
