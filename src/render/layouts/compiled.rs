//! The templates of a layout.
//!
//! In: a layout of the catalog. Out: its templates, compiled, each under a name that says where in the layout it stands; or
//! everything that is wrong with them.

use crate::catalog::layouts::{EachFile, LayoutFile};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::render::templates::register;
use serde_json::Value;
use std::error::Error;
use tera::{Kwargs, State, Tera};

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
pub(super) fn of_json(at: &str) -> String {
    format!("json{at}.txt")
}

/// Where a list of the JSON says which rows stand in it, and where its item stands.
pub(super) fn of_list(at: &str) -> (String, String) {
    (format!("{at}[only]"), format!("{at}[]"))
}

/// A list of a layout's JSON, where a value is one.
pub(super) fn list(value: &Value) -> Option<Result<EachFile, serde_json::Error>> {
    let is_list = value.as_object().is_some_and(|fields| fields.contains_key(EACH));
    is_list.then(|| serde_json::from_value(value.clone()))
}

/// Compiles all templates of a layout.
///
/// # Errors
/// Every one that does not compile, and a list of the JSON that is none.
pub fn compile(layout: &LayoutFile) -> Outcome<Tera> {
    let mut tera = Tera::default();
    register(&mut tera);
    tera.register_filter("bullets", |text: &str, _: Kwargs, _: &State| bullets(text));
    let mut named = Vec::new();
    for (at, sheet) in layout.sheets.iter().enumerate() {
        let columns = sheet.columns.iter().enumerate();
        named.extend(columns.map(|(column, file)| (value(at, column), file.value.clone())));
        named.extend(sheet.only.iter().map(|text| (only(at), text.clone())));
    }
    let mut faults = Vec::new();
    if let Some(json) = &layout.json {
        within(json, String::new(), &mut named, &mut |why| faults.push(broken(layout, &why)));
    }
    for (name, text) in named {
        if let Err(error) = tera.add_raw_template(&name, &text) {
            faults.push(fault(layout, &error));
        }
    }
    if faults.is_empty() { Ok(tera) } else { Err(faults) }
}

/// The templates in a piece of the JSON.
fn within(json: &Value, at: String, named: &mut Vec<(String, String)>, broken: &mut impl FnMut(String)) {
    match (list(json), json) {
        (Some(Ok(list)), _) => {
            let (only, item) = of_list(&at);
            named.extend(list.only.map(|text| (of_json(&only), text)));
            within(&list.item, item, named, broken);
        }
        (Some(Err(error)), _) => broken(format!("`json{at}` is no list: {error}")),
        (None, Value::String(text)) => named.push((of_json(&at), text.clone())),
        (None, Value::Object(fields)) => {
            for (name, value) in fields {
                within(value, format!("{at}.{name}"), named, broken);
            }
        }
        (None, Value::Array(items)) => {
            for (number, value) in items.iter().enumerate() {
                within(value, format!("{at}.{number}"), named, broken);
            }
        }
        (None, Value::Null | Value::Bool(_) | Value::Number(_)) => {}
    }
}

/// The lines of a text as a list.
fn bullets(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// What is wrong with a template.
pub(super) fn fault(layout: &LayoutFile, error: &tera::Error) -> Diagnostic {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    broken(layout, said.lines().next().unwrap_or_default())
}

fn broken(layout: &LayoutFile, why: &str) -> Diagnostic {
    let what = format!("the layout `{}` cannot be filled in: {why}", layout.id);
    Diagnostic::new(Code::TemplateError, what)
        .at(Place::file(format!("layouts/{}.yaml", layout.id)))
        .help("a column's `value` is a template over `r`, the row; docs/requirements.md lists its fields")
}
