//! Rows of a table, to its header and its bands.

use crate::render::document::{Band, Cell, Inline, Table};

/// The first row is the header; a row whose other cells are empty begins a band.
pub(super) fn add_row(table: &mut Table, mut cells: Vec<Cell>, with_bands: bool) {
    cells.iter_mut().for_each(trim);
    if table.header.is_empty() && table.bands.is_empty() {
        table.header = cells;
        return;
    }
    let is_title = match cells.as_slice() {
        [first, others @ ..] => !others.is_empty() && !first.is_empty() && others.iter().all(Vec::is_empty),
        [] => false,
    };
    if with_bands && is_title {
        table.bands.push(Band {
            title: cells.into_iter().next(),
            rows: Vec::new(),
        });
        return;
    }
    match table.bands.last_mut() {
        Some(band) => band.rows.push(cells),
        None => table.bands.push(Band {
            title: None,
            rows: vec![cells],
        }),
    }
}

/// Takes white space away from both ends.
pub(super) fn trim(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = inlines.first_mut() {
        text.drain(..text.len() - text.trim_start().len());
    }
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        text.truncate(text.trim_end().len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}
