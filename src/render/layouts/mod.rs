//! Requirements in the columns that assessors ask for.
//!
//! In: the requirements of a Report, and a layout of the catalog. Out: sheets of texts, which become tables of a document, CSV,
//! a workbook or JSON. A column's value is a Tera template over the row; nothing of it is HTML or Markdown.

mod lint;
mod row;
mod sample;

pub use lint::lint;

use super::templates::register;
use crate::catalog::layouts::{ColumnFile, LayoutFile, RowsOf, SheetFile};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, route};
use crate::report::page::{LaidColumn, LaidOut, LaidSheet};
use crate::report::{FrameworkRows, Perspective, Report, RequirementRow};
use row::Row;
use serde::Serialize;
use std::error::Error;
use std::sync::Arc;
use tera::{Context, Tera};

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

/// Width of a column that names none.
const WIDTH: u8 = 24;

/// A layout and the path of its file.
pub type Placed<'l> = (&'l Arc<str>, &'l LayoutFile);

/// Fills in a layout.
///
/// # Errors
/// `template-error` for each column whose template cannot be compiled or rendered, with its place.
pub fn fill(report: &Report, rows: &FrameworkRows, (path, layout): Placed<'_>) -> Outcome<LaidOut> {
    let compiled = compile((path, layout))?;
    let meta = Meta {
        title: &report.meta.title,
        organization: report.meta.organization.as_deref(),
        system: report.meta.system.as_deref(),
        as_of: &report.meta.as_of,
        perspective: rows.perspective,
    };
    let mut context = context(&meta, rows);
    let name = |id: &str| report.parties.iter().find(|party| party.id == id).map(|party| party.name.as_str());
    let all: Vec<Row<'_>> = rows.rows.iter().map(|row| Row::of(&name, row, rows.perspective)).collect();
    let mut sheets = Vec::new();
    for (at, sheet) in layout.sheets.iter().enumerate() {
        let filled = rows_of(sheet, rows, &all);
        let cells = cells(&compiled, (at, sheet), filled, &mut context);
        let (of, rows) = cells.map_err(|(at, error)| vec![fault((path, layout), &at, &error)])?;
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

/// What is wrong in the templates of a layout: those that cannot be compiled, and those that ask for what no row has, told by
/// rows of all types.
#[must_use]
pub fn check((path, layout): Placed<'_>) -> Vec<Diagnostic> {
    let compiled = match compile((path, layout)) {
        Ok(compiled) => compiled,
        Err(faults) => return faults,
    };
    let mut found: Vec<(Column, Diagnostic)> = Vec::new();
    for perspective in [Perspective::Customer, Perspective::Provider] {
        let rows = sample::rows(perspective);
        let meta = Meta {
            title: "Report",
            organization: Some("Organization"),
            system: Some("System"),
            as_of: "2026-01-01",
            perspective,
        };
        let mut context = context(&meta, &rows);
        let all: Vec<Row<'_>> = rows.rows.iter().map(|row| Row::of(&|_| None, row, perspective)).collect();
        for (at, sheet) in layout.sheets.iter().enumerate() {
            for (_, row) in rows_of(sheet, &rows, &all) {
                context.insert("r", &row);
                for column in templates(at, sheet).map(|(column, _)| column) {
                    if let Err(error) = compiled.render(&column.name(), &context)
                        && found.iter().all(|(known, _)| *known != column)
                    {
                        found.push((column, fault((path, layout), &column, &error)));
                    }
                }
            }
        }
    }
    found.into_iter().map(|(_, fault)| fault).collect()
}

fn context(meta: &Meta<'_>, rows: &FrameworkRows) -> Context {
    let mut context = Context::new();
    context.insert("m", meta);
    context.insert(
        "f",
        &Framework {
            id: &rows.framework,
            name: &rows.name,
            version: &rows.version,
            baseline: rows.baseline.as_deref(),
        },
    );
    context
}

/// The rows of a sheet before it is known which stand in it, each with the position of its requirement.
fn rows_of<'r>(sheet: &SheetFile, rows: &'r FrameworkRows, all: &[Row<'r>]) -> Vec<(usize, Row<'r>)> {
    let pairs = rows.rows.iter().zip(all).enumerate();
    let of = |(at, (of, row)): (usize, (&'r RequirementRow, &Row<'r>))| {
        let rows: Vec<Row<'r>> = match sheet.rows {
            RowsOf::Requirement => vec![row.clone()],
            RowsOf::Part if of.parts.is_empty() => vec![row.clone()],
            RowsOf::Part => of.parts.iter().map(|part| row.part(part)).collect(),
            RowsOf::Duty => of.customer.iter().map(|part| row.duty(part)).collect(),
            RowsOf::Commitment => of.provider.iter().map(|part| row.commitment(part)).collect(),
        };
        rows.into_iter().map(move |row| (at, row))
    };
    pairs.flat_map(of).collect()
}

/// The cells of a sheet, row by row, and the positions of the rows' requirements.
type Cells = (Vec<usize>, Vec<Vec<String>>);

fn cells(
    compiled: &Tera,
    (at, sheet): (usize, &SheetFile),
    rows: Vec<(usize, Row<'_>)>,
    context: &mut Context,
) -> Result<Cells, (Column, tera::Error)> {
    let mut filled = Cells::default();
    for (of, row) in rows {
        context.insert("r", &row);
        let render = |column: Column| compiled.render(&column.name(), context).map_err(|error| (column, error));
        if sheet.only.is_some() && matches!(render(Column { sheet: at, column: None })?.trim(), "" | "false" | "no") {
            continue;
        }
        let columns = (0..sheet.columns.len()).map(|column| Column {
            sheet: at,
            column: Some(column),
        });
        let cells = columns.map(|column| render(column).map(|said| said.trim().to_owned()));
        let cells: Result<Vec<String>, _> = cells.collect();
        filled.0.push(of);
        filled.1.push(cells?);
    }
    Ok(filled)
}

fn column(file: &ColumnFile) -> LaidColumn {
    LaidColumn {
        title: file.title.clone(),
        group: file.group.clone(),
        width: file.width.unwrap_or(WIDTH),
        choices: file.choices.clone(),
    }
}

/// Which template of a layout: that of a column, or the one that says which rows stand in a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Column {
    sheet: usize,
    column: Option<usize>,
}

impl Column {
    /// What the template is called: nothing that asks for HTML or Markdown to be escaped.
    fn name(self) -> String {
        match self.column {
            Some(column) => format!("{}.{column}.txt", self.sheet),
            None => format!("{}.only.txt", self.sheet),
        }
    }

    /// Where the file has it.
    fn at(self) -> Route {
        let sheet = route(["sheets".into(), self.sheet.into()]);
        match self.column {
            Some(column) => sheet.then("columns").then(column).then("value"),
            None => sheet.then("only"),
        }
    }

    /// What people call it.
    fn words(self, layout: &LayoutFile) -> String {
        let sheet = layout.sheets.get(self.sheet);
        let name = sheet.map_or("", |sheet| sheet.name.as_str());
        let column = self.column.and_then(|column| sheet?.columns.get(column));
        match column {
            Some(column) => format!("the column `{}` of the sheet `{name}`", column.title),
            None => format!("`only` of the sheet `{name}`"),
        }
    }
}

/// The templates of a sheet.
fn templates(at: usize, sheet: &SheetFile) -> impl Iterator<Item = (Column, &String)> {
    let only = sheet.only.iter().map(move |text| (Column { sheet: at, column: None }, text));
    let columns = sheet.columns.iter().enumerate().map(move |(column, file)| {
        let column = Some(column);
        (Column { sheet: at, column }, &file.value)
    });
    only.chain(columns)
}

/// Compiles all templates of a layout.
///
/// # Errors
/// Every one that does not compile.
fn compile((path, layout): Placed<'_>) -> Outcome<Tera> {
    let mut tera = Tera::default();
    register(&mut tera);
    let mut faults = Vec::new();
    for (at, sheet) in layout.sheets.iter().enumerate() {
        for (column, text) in templates(at, sheet) {
            if let Err(error) = tera.add_raw_template(&column.name(), text) {
                faults.push(fault((path, layout), &column, &error));
            }
        }
    }
    if faults.is_empty() { Ok(tera) } else { Err(faults) }
}

fn fault((path, layout): Placed<'_>, column: &Column, error: &tera::Error) -> Diagnostic {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    let what = format!(
        "{} of the layout `{}` cannot be filled in: {}",
        column.words(layout),
        layout.id,
        said.lines().next().unwrap_or_default()
    );
    Diagnostic::new(Code::TemplateError, what)
        .at(Place::value(path, column.at()))
        .help("a column's `value` is a template over `r`, the row; docs/requirements.md lists its fields")
}
