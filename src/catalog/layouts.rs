//! Layouts: the columns in which a framework's assessors ask for requirements.
//!
//! In: the built-in files `layouts/<id>.yaml` and those of a user's overlay. Out: layouts by id. What a column holds is a
//! template over a row, which whoever renders it compiles.

use super::builtin;
use super::embedded::decoded;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder of the catalog in which they lie.
pub(super) const FOLDER: &str = "layouts/";

/// `layouts/<id>.yaml`: one or more sheets over the same requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutFile {
    /// The layout's id, the same as the file's name.
    pub id: String,
    /// In an overlay: what it is for.
    #[serde(default)]
    pub reason: Option<String>,
    /// What it is called: the title of the document.
    pub title: String,
    /// Who asks in these columns, and what they mean, for readers.
    #[serde(default)]
    pub about: Option<String>,
    /// The frameworks that it is for; left out: all.
    #[serde(default)]
    pub frameworks: Vec<String>,
    /// Which way it looks.
    #[serde(default)]
    pub perspective: Perspectives,
    /// Its sheets.
    pub sheets: Vec<SheetFile>,
}

/// Which perspectives a layout can be filled in from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Perspectives {
    /// Either, one at a time.
    #[default]
    Either,
    /// Only what we inherit from the provider.
    Customer,
    /// Only what our own customers inherit from us.
    Provider,
}

/// A sheet of a layout.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetFile {
    /// Its name, at most 31 characters.
    pub name: String,
    /// What stands above its header, a line each.
    #[serde(default)]
    pub above: Vec<String>,
    /// What a row is.
    #[serde(default)]
    pub rows: RowsOf,
    /// A template that says whether a row stands in it: anything but nothing, `false` and `no`.
    #[serde(default)]
    pub only: Option<String>,
    /// Its columns.
    pub columns: Vec<ColumnFile>,
}

/// What a row of a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowsOf {
    /// A requirement.
    #[default]
    Requirement,
    /// A part of a requirement, as assessors number them; the requirement where it has none.
    Part,
    /// A duty of a requirement.
    Duty,
    /// What a provider does for a requirement.
    Commitment,
}

/// A column of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnFile {
    /// Its title.
    pub title: String,
    /// What stands above it and its neighbours of the same group, in a header row of its own.
    #[serde(default)]
    pub group: Option<String>,
    /// Its width in characters.
    #[serde(default)]
    pub width: Option<u8>,
    /// A template of its cells: `r` is the row, `f` the framework, `m` the report's meta data.
    pub value: String,
    /// The values that people choose from in a workbook.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// The layouts that the catalog knows.
#[derive(Debug, Default)]
pub struct Layouts(BTreeMap<Arc<str>, Option<LayoutFile>>);

impl Layouts {
    /// The built-in ones, with the files of an overlay over them.
    pub(super) fn with(overlay: &[(Arc<str>, LayoutFile)]) -> Self {
        let own = builtin::folder(FOLDER).filter_map(|(path, _)| path.strip_prefix(FOLDER));
        let mut known: BTreeMap<Arc<str>, Option<LayoutFile>> = own.map(|id| (id.into(), None)).collect();
        known.extend(overlay.iter().map(|(_, file)| (file.id.as_str().into(), Some(file.clone()))));
        Self(known)
    }

    /// Their ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// The layout of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<LayoutFile> {
        match self.0.get(id)? {
            Some(file) => Some(file.clone()),
            None => Some(decoded(&format!("{FOLDER}{id}"))),
        }
    }
}
