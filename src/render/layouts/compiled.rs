//! The templates of a layout.
//!
//! In: a layout of the catalog. Out: its templates, compiled, each under a name that says where in the layout it stands; or
//! everything that is wrong with them, with its place.

use super::Placed;
use crate::catalog::layouts::{EachFile, LayoutFile, RowsOf};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, Step, route};
use crate::render::templates::register;
use serde_json::Value;
use std::error::Error;
use std::sync::Arc;
use tera::{Context, Kwargs, State, Tera};

/// A key that only a list of a layout's JSON has.
const EACH: &str = "each";

/// What the templates of a layout are called: nothing that asks for HTML or Markdown to be escaped.
pub(super) fn value(sheet: usize, column: usize) -> String {
    format!("{sheet}.{column}.txt")
}

/// The template that says whether a row stands in a sheet.
pub(super) fn only(sheet: usize) -> String {
    format!("{sheet}.only.txt")
}

/// A template of the JSON, by where it stands.
pub(super) fn of_json(at: &Route) -> String {
    format!("{at}.txt")
}

/// A list of a layout's JSON, where a value is one.
pub(super) fn list(value: &Value) -> Option<Result<EachFile, serde_json::Error>> {
    let is_list = value.as_object().is_some_and(|fields| fields.contains_key(EACH));
    is_list.then(|| serde_json::from_value(value.clone()))
}

/// Where a template stands.
#[derive(Debug)]
struct Spot {
    /// What it is called.
    name: String,
    text: String,
    at: Route,
    /// What people call it.
    words: String,
    /// The rows that it is about.
    rows: RowsOf,
}

/// The templates of a layout, compiled.
#[derive(Debug)]
pub(super) struct Templates<'l> {
    path: &'l Arc<str>,
    layout: &'l LayoutFile,
    spots: Vec<Spot>,
    compiled: Tera,
}

impl<'l> Templates<'l> {
    /// Compiles all templates of a layout.
    ///
    /// # Errors
    /// Every one that does not compile, and a list of the JSON that is none.
    pub(super) fn of((path, layout): Placed<'l>) -> Outcome<Self> {
        let mut compiled = Tera::default();
        register(&mut compiled);
        compiled.register_filter("bullets", |text: &str, _: Kwargs, _: &State| bullets(text));
        let mut spots: Vec<Spot> = layout.sheets.iter().enumerate().flat_map(of_sheet).collect();
        let mut faults = Vec::new();
        if let Some(json) = &layout.json {
            let mut broken = |at: &Route, why: &str| {
                let what = format!("`{at}` of the layout `{}` is no list: {why}", layout.id);
                let fault = Diagnostic::new(Code::TemplateError, what).at(Place::value(path, at.clone()));
                faults.push(fault.help("a list has `each`, `item` and perhaps `only`"));
            };
            within(json, &route(["json".into()]), RowsOf::Requirement, &mut spots, &mut broken);
        }
        for spot in &spots {
            if let Err(error) = compiled.add_raw_template(&spot.name, &spot.text) {
                faults.push(fault((path, layout), spot, &error));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            path,
            layout,
            spots,
            compiled,
        })
    }

    pub(super) fn layout(&self) -> &'l LayoutFile {
        self.layout
    }

    /// What a template says, without the spaces around it.
    ///
    /// # Errors
    /// `template-error` where it cannot be rendered, with its place.
    pub(super) fn render(&self, name: &str, context: &Context) -> Result<String, Diagnostic> {
        match self.compiled.render(name, context) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(error) => Err(match self.spots.iter().find(|spot| spot.name == name) {
                Some(spot) => fault((self.path, self.layout), spot, &error),
                None => Diagnostic::new(Code::TemplateError, error.to_string()).at(Place::file(self.path.clone())),
            }),
        }
    }

    /// What is wrong with the templates about rows of a kind, each with the template's number.
    pub(super) fn tried(&self, rows: RowsOf, context: &Context) -> Vec<(usize, Diagnostic)> {
        let spots = self.spots.iter().enumerate().filter(|(_, spot)| spot.rows == rows);
        spots
            .filter_map(|(number, spot)| Some((number, self.render(&spot.name, context).err()?)))
            .collect()
    }
}

/// The templates of a sheet.
fn of_sheet((at, sheet): (usize, &crate::catalog::layouts::SheetFile)) -> impl Iterator<Item = Spot> {
    let place = route(["sheets".into(), at.into()]);
    let only = sheet.only.iter().map({
        let place = place.clone();
        move |text| Spot {
            name: only(at),
            text: text.clone(),
            at: place.then("only"),
            words: format!("`only` of the sheet `{}`", sheet.name),
            rows: sheet.rows,
        }
    });
    let columns = sheet.columns.iter().enumerate().map(move |(column, file)| Spot {
        name: value(at, column),
        text: file.value.clone(),
        at: place.then("columns").then(column).then("value"),
        words: format!("the column `{}` of the sheet `{}`", file.title, sheet.name),
        rows: sheet.rows,
    });
    only.chain(columns)
}

/// The templates in a piece of the JSON.
fn within(json: &Value, at: &Route, rows: RowsOf, spots: &mut Vec<Spot>, broken: &mut impl FnMut(&Route, &str)) {
    let spot = |at: Route, text: &str, rows: RowsOf| Spot {
        name: of_json(&at),
        text: text.to_owned(),
        words: format!("`{at}`"),
        at,
        rows,
    };
    match (list(json), json) {
        (Some(Ok(list)), _) => {
            spots.extend(list.only.map(|text| spot(at.then("only"), &text, list.each)));
            within(&list.item, &at.then("item"), list.each, spots, broken);
        }
        (Some(Err(error)), _) => broken(at, &error.to_string()),
        (None, Value::String(text)) => spots.push(spot(at.clone(), text, rows)),
        (None, Value::Object(fields)) => {
            for (name, value) in fields {
                within(value, &at.then(key(name)), rows, spots, broken);
            }
        }
        (None, Value::Array(items)) => {
            for (number, value) in items.iter().enumerate() {
                within(value, &at.then(number), rows, spots, broken);
            }
        }
        (None, Value::Null | Value::Bool(_) | Value::Number(_)) => {}
    }
}

/// A key of the JSON as a step.
pub(super) fn key(name: &str) -> Step {
    Step::Key(name.into())
}

/// The lines of a text as a list.
fn bullets(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// What is wrong with a template.
fn fault((path, layout): Placed<'_>, spot: &Spot, error: &tera::Error) -> Diagnostic {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    let what = format!(
        "{} of the layout `{}` cannot be filled in: {}",
        spot.words,
        layout.id,
        said.lines().next().unwrap_or_default()
    );
    Diagnostic::new(Code::TemplateError, what)
        .at(Place::value(path, spot.at.clone()))
        .help("a `value` is a template over `r`, the row; docs/requirements.md lists its fields")
}
