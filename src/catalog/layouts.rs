//! Layouts: the columns in which a framework's assessors ask for requirements.
//!
//! In: the built-in files `layouts/<id>.yaml` and those of a user's overlay. Out: layouts by id. What a column holds is a
//! template over a row, which whoever renders it compiles.

use super::embedded::decoded;
use super::{Catalog, builtin};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder of the catalog in which they lie.
pub(super) const FOLDER: &str = "layouts/";

/// `layouts/<id>.yaml`: one or more sheets over the same requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
    /// What `--format json` writes in the place of the sheets: JSON of which every text is a template. A text that comes to
    /// nothing is left out; a map of `each`, `item` and perhaps `only` is a list.
    #[serde(default)]
    pub json: Option<Value>,
    /// What the JSON needs and only people know: `--set ID=TEXT` says it, templates see it as `a.ID`.
    #[serde(default)]
    pub asks: Vec<AskFile>,
    /// What is left to people whatever they say with `--set`, a sentence each.
    #[serde(default)]
    pub leaves: Vec<String>,
    /// An assessor's form of which the user has a copy, filled in by `--form`.
    #[serde(default)]
    pub form: Option<FormFile>,
}

/// Something that only people know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskFile {
    /// What `--set` and the templates call it: letters, digits and `_`.
    pub id: String,
    /// What it is, for people.
    pub what: String,
    /// What stands in its place as long as nobody says it.
    pub placeholder: String,
    /// Whether it must be an absolute address.
    #[serde(default)]
    pub address: bool,
}

/// A form: a workbook of which the user has a copy. The columns of the layout's first sheet are looked for by their titles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FormFile {
    /// What it is called.
    pub name: String,
    /// By framework, what the name of its sheet begins with.
    pub sheets: IndexMap<String, String>,
    /// What the title of the column begins with in which the ids stand. An id is that of a requirement, or of a question about
    /// it: the requirement's, a full stop, and more.
    pub key: String,
}

/// A map of a layout's JSON that is a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EachFile {
    /// What there is an item for.
    pub each: RowsOf,
    /// A template that says whether there is one.
    #[serde(default)]
    pub only: Option<String>,
    /// The item.
    pub item: Value,
}

/// Which perspectives a layout can be filled in from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
    /// A template of its cells: `r` is the row, `f` the framework, `m` the report's meta data, `k` the question of a form.
    pub value: String,
    /// The values that people choose from in a workbook.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// Letters that a workbook allows in the name of a sheet, and those that it does not.
const NAME: usize = 31;
const NO_NAME: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// The layouts that the catalog knows, those of an overlay with their paths.
#[derive(Debug, Default)]
pub struct Layouts(BTreeMap<Arc<str>, Option<(Arc<str>, LayoutFile)>>);

impl Layouts {
    /// The built-in ones, with the files of an overlay over them.
    pub(super) fn with(overlay: &[(Arc<str>, LayoutFile)]) -> Self {
        let own = builtin::folder(FOLDER).filter_map(|path| path.strip_prefix(FOLDER));
        let mut known: BTreeMap<Arc<str>, _> = own.map(|id| (id.into(), None)).collect();
        let given = overlay.iter().cloned();
        known.extend(given.map(|(path, file)| (file.id.as_str().into(), Some((path, file)))));
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
            Some((_, file)) => Some(file.clone()),
            None => Some(decoded(&format!("{FOLDER}{id}"))),
        }
    }

    /// The path of a layout's file, as it is told to people.
    #[must_use]
    pub fn path(&self, id: &str) -> Arc<str> {
        match self.0.get(id) {
            Some(Some((path, _))) => path.clone(),
            _ => format!("{FOLDER}{id}.yaml").into(),
        }
    }
}

/// Checks the layouts of a folder, as far as they are no templates.
pub(super) fn check(catalog: &Catalog, files: &[(Arc<str>, LayoutFile)]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, file) in files {
        let mut fault = |at: Route, what: String, help: &str| {
            let fault = Diagnostic::new(Code::CatalogError, what).at(Place::value(path, at));
            found.push(fault.help(help.to_owned()));
        };
        let stem = std::path::Path::new(&**path)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        if stem.as_deref() != Some(file.id.as_str()) {
            let what = format!("the id `{}` is not the file's name", file.id);
            fault(route(["id".into()]), what, "a layout's file is called after its id");
        }
        let known: Vec<&str> = catalog.frameworks.ids().map(|id| &**id).collect();
        for (index, id) in file.frameworks.iter().enumerate() {
            if !known.contains(&id.as_str()) {
                let what = format!("the catalog knows no framework `{id}`");
                fault(route(["frameworks".into(), index.into()]), what, &did_you_mean(id, &known));
            }
        }
        for (index, ask) in file.asks.iter().enumerate() {
            let at = route(["asks".into(), index.into(), "id".into()]);
            let is_name = !ask.id.is_empty() && ask.id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if !is_name {
                let what = format!("`{}` cannot be the name of what is asked for", ask.id);
                fault(at.clone(), what, "templates call it `a.ID`: write letters, digits and `_`");
            }
            if file.asks.iter().take(index).any(|other| other.id == ask.id) {
                fault(at, format!("`{}` is asked for twice", ask.id), "ask once");
            }
        }
        for id in file.form.iter().flat_map(|form| form.sheets.keys()) {
            if !known.contains(&id.as_str()) {
                let what = format!("the catalog knows no framework `{id}`");
                let at = route(["form".into(), "sheets".into(), id.as_str().into()]);
                fault(at, what, &did_you_mean(id, &known));
            }
        }
        if file.sheets.is_empty() {
            let what = format!("the layout `{}` has no sheet", file.id);
            fault(route(["sheets".into()]), what, "a layout has at least one, with columns");
        }
        for (index, sheet) in file.sheets.iter().enumerate() {
            let at = route(["sheets".into(), index.into()]);
            let letters = sheet.name.chars().count();
            if letters == 0 || letters > NAME || sheet.name.contains(NO_NAME) || sheet.name.starts_with('\'') || sheet.name.ends_with('\'')
            {
                let what = format!("`{}` cannot be the name of a sheet", sheet.name);
                let help = format!("write 1 to {NAME} letters, none of {}", String::from_iter(NO_NAME));
                fault(at.then("name"), what, &help);
            }
            let is_same = |other: &&SheetFile| other.name.eq_ignore_ascii_case(&sheet.name);
            if file.sheets.iter().take(index).any(|other| is_same(&other)) {
                let what = format!("two sheets are called `{}`", sheet.name);
                fault(at.then("name"), what, "a workbook has each name once, letter case aside");
            }
            if sheet.columns.is_empty() {
                let what = format!("the sheet `{}` has no columns", sheet.name);
                fault(at.then("columns"), what, "a column has a `title` and a `value`");
            }
        }
    }
    found
}
