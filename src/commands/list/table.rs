//! A plain table in every form of a list.
//!
//! In: columns and rows of values. Out: aligned text, CSV or JSON.

use crate::diagnostics::Outcome;
use crate::render;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Letters of a cell of text.
const WIDEST: usize = 60;

/// A table: what its columns are called, and its rows.
pub(super) struct Table {
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// A cell as text: nothing for what is not told.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Table {
    /// Aligned columns. A cell that is too wide is cut, but for the last of a row.
    pub(super) fn text(&self) -> String {
        let last = self.columns.len().saturating_sub(1);
        let cut = |text: String, column: usize| {
            if column == last || text.chars().count() <= WIDEST {
                return text;
            }
            let kept: String = text.chars().take(WIDEST - 1).collect();
            format!("{kept}…")
        };
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().enumerate().map(|(column, value)| cut(cell(value), column)).collect());
        let head: Vec<String> = self.columns.iter().map(|name| (*name).to_owned()).collect();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                rows.iter()
                    .filter_map(|row| row.get(column))
                    .map(|text| text.chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        let mut out = String::new();
        for row in rows {
            let mut line = String::new();
            for (text, width) in row.iter().zip(&widths) {
                let _ = write!(line, "{text:<width$}  ");
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// A table.
    pub(super) fn csv(&self) -> Outcome<String> {
        let rows = self.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>());
        render::csv::rows(&self.columns, rows)
    }

    /// One object a row.
    pub(super) fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let fields = self
                .columns
                .iter()
                .zip(row)
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            Value::Object(fields.collect::<Map<_, _>>())
        });
        rows.collect()
    }
}
