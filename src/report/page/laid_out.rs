//! Requirements in the columns of a layout, as they are printed.
//!
//! In: texts. Out: sheets of them.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// A layout, filled in.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LaidOut {
    /// The layout's id.
    pub layout: String,
    /// Its title.
    pub title: String,
    /// Who asks in these columns, and what they mean.
    pub about: Option<String>,
    /// Its sheets.
    pub sheets: Vec<LaidSheet>,
}

/// A sheet, filled in.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LaidSheet {
    /// Its name.
    pub name: String,
    /// What stands above its header.
    pub above: Vec<String>,
    /// Its columns.
    pub columns: Vec<LaidColumn>,
    /// A text a column each.
    pub rows: Vec<Vec<String>>,
    /// The position of each row's requirement.
    #[serde(skip)]
    pub of: Vec<usize>,
}

/// A column.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LaidColumn {
    /// Its title.
    pub title: String,
    /// What stands above it and its neighbours.
    pub group: Option<String>,
    /// In characters.
    pub width: u8,
    /// What people choose from.
    pub choices: Vec<String>,
}
