//! Requirements in the columns that assessors ask for.
//!
//! In: the requirements of a Report, and a layout of the catalog. Out: sheets of texts, which become tables of a document, CSV,
//! a workbook or JSON; the JSON of the layout's own; the cells of a form. A value is a Tera template over the row; nothing of
//! it is HTML or Markdown.

mod compiled;
mod lint;
mod row;
mod sample;

use crate::catalog::layouts::{ColumnFile, LayoutFile, RowsOf};
use crate::diagnostics::{Diagnostic, Outcome, Route, route};
use crate::report::page::{LaidColumn, LaidOut, LaidSheet};
use crate::report::{FrameworkRows, Perspective, Report};
use compiled::Templates;
pub use lint::lint;
use row::Row;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::Context;

/// What the templates see of the document.
#[derive(Serialize)]
struct Meta<'r> {
    title: &'r str,
    organization: Option<&'r str>,
    system: Option<&'r str>,
    as_of: &'r str,
    perspective: Perspective,
}

/// What the templates see of the framework.
#[derive(Serialize)]
struct Framework<'r> {
    id: &'r str,
    name: &'r str,
    version: &'r str,
    baseline: Option<&'r str>,
}

/// What the templates see of a form's question.
#[derive(Serialize)]
struct Question<'r> {
    /// Its id; outside of a form: the id of the row's part.
    id: &'r str,
    /// How many questions there are about the same requirement.
    of: usize,
}

/// Width of a column that names none.
const WIDTH: u8 = 24;

/// A layout and the path of its file.
pub type Placed<'l> = (&'l Arc<str>, &'l LayoutFile);

/// A layout about to be filled in.
#[derive(Debug)]
pub struct Filling<'r> {
    layout: &'r LayoutFile,
    templates: Templates<'r>,
    context: Context,
    rows: Vec<Row<'r>>,
}

impl<'r> Filling<'r> {
    /// A layout over the requirements of a Report. `answers` is what was said to what the layout asks.
    ///
    /// # Errors
    /// `template-error` for each template that cannot be compiled, with its place.
    pub fn of(report: &'r Report, rows: &'r FrameworkRows, layout: Placed<'r>, answers: &BTreeMap<String, String>) -> Outcome<Self> {
        let meta = Meta {
            title: &report.meta.title,
            organization: report.meta.organization.as_deref(),
            system: report.meta.system.as_deref(),
            as_of: &report.meta.as_of,
            perspective: rows.perspective,
        };
        let name = |id: &str| report.parties.iter().find(|party| party.id == id).map(|party| party.name.as_str());
        Ok(Self::with(Templates::of(layout)?, &meta, rows, &name, answers))
    }

    fn with(
        templates: Templates<'r>,
        meta: &Meta<'_>,
        rows: &'r FrameworkRows,
        name: &dyn Fn(&str) -> Option<&'r str>,
        answers: &BTreeMap<String, String>,
    ) -> Self {
        let layout = templates.layout();
        let framework = Framework {
            id: &rows.framework,
            name: &rows.name,
            version: &rows.version,
            baseline: rows.baseline.as_deref(),
        };
        let asked = layout.asks.iter().map(|ask| {
            let said = answers.get(&ask.id).unwrap_or(&ask.placeholder);
            (ask.id.as_str(), said.as_str())
        });
        let mut context = Context::new();
        context.insert("m", meta);
        context.insert("f", &framework);
        context.insert("a", &asked.collect::<BTreeMap<_, _>>());
        Self {
            layout,
            templates,
            context,
            rows: rows.rows.iter().map(|row| Row::of(name, row, rows.perspective)).collect(),
        }
    }

    /// Its sheets.
    ///
    /// # Errors
    /// `template-error` for the first template that cannot be rendered.
    pub fn sheets(&mut self) -> Outcome<LaidOut> {
        let layout = self.layout;
        let mut sheets = Vec::new();
        for (at, sheet) in layout.sheets.iter().enumerate() {
            let only = sheet.only.is_some().then(|| compiled::only(at));
            let (mut of, mut rows) = (Vec::new(), Vec::new());
            for (position, requirement) in self.rows.clone().iter().enumerate() {
                for row in each(sheet.rows, std::slice::from_ref(requirement)) {
                    self.show(&row, None);
                    if self.is_wanted(only.as_deref())? {
                        of.push(position);
                        rows.push(self.cells(at)?);
                    }
                }
            }
            sheets.push(LaidSheet {
                name: sheet.name.clone(),
                above: sheet.above.clone(),
                columns: sheet.columns.iter().map(column).collect(),
                rows,
                of,
            });
        }
        Ok(LaidOut {
            layout: layout.id.clone(),
            title: layout.title.clone(),
            about: layout.about.clone(),
            sheets,
        })
    }

    /// The JSON of the layout's own, where it has one.
    ///
    /// # Errors
    /// `template-error` for the first template that cannot be rendered.
    pub fn json(&mut self) -> Outcome<Option<Value>> {
        let layout = self.layout;
        let Some(json) = &layout.json else { return Ok(None) };
        let rows = self.rows.clone();
        self.tree(json, &route(["json".into()]), &rows)
    }

    /// For each question of a form the cells of the first sheet; none where it is about no requirement here.
    ///
    /// # Errors
    /// `template-error` for the first template that cannot be rendered.
    pub fn questions(&mut self, ids: &[String]) -> Outcome<Vec<Option<Vec<String>>>> {
        let meant: Vec<Option<usize>> = ids.iter().map(|id| self.meant(id)).collect();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        meant
            .iter()
            .flatten()
            .for_each(|position| *counts.entry(*position).or_default() += 1);
        let mut all = Vec::new();
        for (id, position) in ids.iter().zip(meant) {
            let row = position.and_then(|position| self.rows.get(position)).cloned();
            all.push(match row {
                Some(row) => {
                    let of = position.and_then(|position| counts.get(&position)).copied().unwrap_or(1);
                    self.show(&row, Some(Question { id, of }));
                    Some(self.cells(0)?)
                }
                None => None,
            });
        }
        Ok(all)
    }

    /// The requirement that a question is about: the one with its id, or with what stands before a full stop of it.
    fn meant(&self, id: &str) -> Option<usize> {
        let with = |id: &str| self.rows.iter().position(|row| row.id() == id);
        let shorter = id.match_indices('.').map(|(at, _)| &id[..at]).rev();
        std::iter::once(id).chain(shorter).find_map(with)
    }

    /// A piece of the layout's JSON; none where it comes to nothing.
    fn tree(&mut self, json: &Value, at: &Route, rows: &[Row<'r>]) -> Outcome<Option<Value>> {
        if let Some(Ok(list)) = compiled::list(json) {
            let only = list.only.is_some().then(|| compiled::of_json(&at.then("only")));
            let mut items = Vec::new();
            for row in each(list.each, rows) {
                self.show(&row, None);
                if self.is_wanted(only.as_deref())? {
                    items.extend(self.tree(&list.item, &at.then("item"), std::slice::from_ref(&row))?);
                }
            }
            return Ok((!items.is_empty()).then_some(Value::Array(items)));
        }
        Ok(match json {
            Value::String(_) => {
                if let [row] = rows {
                    self.show(row, None);
                }
                let text = self.rendered(&compiled::of_json(at))?;
                (!text.is_empty()).then_some(Value::String(text))
            }
            Value::Object(fields) => {
                let mut made = Map::new();
                for (name, value) in fields {
                    if let Some(value) = self.tree(value, &at.then(compiled::key(name)), rows)? {
                        made.insert(name.clone(), value);
                    }
                }
                (fields.is_empty() || !made.is_empty()).then_some(Value::Object(made))
            }
            Value::Array(items) => {
                let mut made = Vec::new();
                for (number, value) in items.iter().enumerate() {
                    made.extend(self.tree(value, &at.then(number), rows)?);
                }
                Some(Value::Array(made))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Some(json.clone()),
        })
    }

    /// What the next templates are about.
    fn show(&mut self, row: &Row<'r>, question: Option<Question<'_>>) {
        self.context.insert("r", row);
        self.context.insert("k", &question.unwrap_or(Question { id: row.part_id(), of: 1 }));
    }

    fn is_wanted(&self, only: Option<&str>) -> Outcome<bool> {
        let said = only.map(|only| self.rendered(only)).transpose()?;
        Ok(said.is_none_or(|said| !matches!(said.as_str(), "" | "false" | "no")))
    }

    /// The cells of a row of a sheet.
    fn cells(&self, sheet: usize) -> Outcome<Vec<String>> {
        let columns = self.layout.sheets.get(sheet).map_or(0, |sheet| sheet.columns.len());
        (0..columns).map(|column| self.rendered(&compiled::value(sheet, column))).collect()
    }

    fn rendered(&self, template: &str) -> Outcome<String> {
        self.templates.render(template, &self.context).map_err(|fault| vec![fault])
    }
}

/// What is wrong in the templates of a layout: those that cannot be compiled, and those that ask for what no row has, told by
/// rows of all types.
#[must_use]
pub fn check(layout: Placed<'_>) -> Vec<Diagnostic> {
    let mut found: BTreeMap<usize, Diagnostic> = BTreeMap::new();
    for perspective in [Perspective::Customer, Perspective::Provider] {
        let templates = match Templates::of(layout) {
            Ok(templates) => templates,
            Err(faults) => return faults,
        };
        let rows = sample::rows(perspective);
        let meta = Meta {
            title: "Report",
            organization: Some("Organization"),
            system: Some("System"),
            as_of: "2026-01-01",
            perspective,
        };
        let mut filling = Filling::with(templates, &meta, &rows, &|_| None, &BTreeMap::new());
        let all = filling.rows.clone();
        for kind in [RowsOf::Requirement, RowsOf::Part, RowsOf::Duty, RowsOf::Commitment] {
            for row in each(kind, &all) {
                filling.show(&row, None);
                for (number, fault) in filling.templates.tried(kind, &filling.context) {
                    found.entry(number).or_insert(fault);
                }
            }
        }
    }
    found.into_values().collect()
}

/// The rows of a kind.
fn each<'r>(kind: RowsOf, of: &[Row<'r>]) -> Vec<Row<'r>> {
    let all = of.iter();
    match kind {
        RowsOf::Requirement => of.to_vec(),
        RowsOf::Part => all.flat_map(Row::parts).collect(),
        RowsOf::Duty => all.flat_map(Row::duties).collect(),
        RowsOf::Commitment => all.flat_map(Row::commitments).collect(),
    }
}

fn column(file: &ColumnFile) -> LaidColumn {
    LaidColumn {
        title: file.title.clone(),
        group: file.group.clone(),
        width: file.width.unwrap_or(WIDTH),
        choices: file.choices.clone(),
    }
}
