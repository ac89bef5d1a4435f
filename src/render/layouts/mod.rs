//! Requirements in the columns that assessors ask for.
//!
//! In: the requirements of a Report, and a layout of the catalog. Out: sheets of texts, which become tables of a document, CSV,
//! a workbook or JSON. A column's value is a Tera template over the row; nothing of it is HTML or Markdown.

mod row;

use super::templates::register;
use crate::catalog::layouts::{ColumnFile, LayoutFile, RowsOf, SheetFile};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::report::page::{LaidColumn, LaidOut, LaidSheet};
use crate::report::{FrameworkRows, Perspective, Report};
use row::Row;
use serde::Serialize;
use std::error::Error;
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

/// Fills in a layout.
///
/// # Errors
/// `template-error` for each column whose template cannot be compiled or rendered, with the layout's name.
pub fn fill(report: &Report, rows: &FrameworkRows, layout: &LayoutFile) -> Outcome<LaidOut> {
    let compiled = compile(layout)?;
    let mut context = Context::new();
    context.insert(
        "m",
        &Meta {
            title: &report.meta.title,
            organization: report.meta.organization.as_deref(),
            system: report.meta.system.as_deref(),
            as_of: &report.meta.as_of,
            perspective: rows.perspective,
        },
    );
    context.insert(
        "f",
        &Framework {
            id: &rows.framework,
            name: &rows.name,
            version: &rows.version,
            baseline: rows.baseline.as_deref(),
        },
    );
    let all: Vec<Row<'_>> = rows.rows.iter().map(|row| Row::of(report, row, rows.perspective)).collect();
    let mut sheets = Vec::new();
    for (at, sheet) in layout.sheets.iter().enumerate() {
        let filled = rows_of(sheet, rows, &all);
        sheets.push(LaidSheet {
            name: sheet.name.clone(),
            above: sheet.above.clone(),
            columns: sheet.columns.iter().map(column).collect(),
            rows: cells(&compiled, (at, sheet), &filled, &mut context).map_err(|error| vec![fault(layout, &error)])?,
        });
    }
    Ok(LaidOut {
        layout: layout.id.clone(),
        title: layout.title.clone(),
        about: layout.about.clone(),
        sheets,
    })
}

/// The rows of a sheet before it is known which stand in it.
fn rows_of<'r>(sheet: &SheetFile, rows: &'r FrameworkRows, all: &[Row<'r>]) -> Vec<Row<'r>> {
    let pairs = rows.rows.iter().zip(all);
    match sheet.rows {
        RowsOf::Requirement => all.to_vec(),
        RowsOf::Part => pairs
            .flat_map(|(of, row)| {
                let parts = of.parts.iter().map(|part| row.part(part));
                let whole = of.parts.is_empty().then(|| row.clone());
                parts.chain(whole).collect::<Vec<_>>()
            })
            .collect(),
        RowsOf::Duty => pairs.flat_map(|(of, row)| of.customer.iter().map(|part| row.duty(part))).collect(),
        RowsOf::Commitment => pairs
            .flat_map(|(of, row)| of.provider.iter().map(|part| row.commitment(part)))
            .collect(),
    }
}

fn cells(
    compiled: &Tera,
    (at, sheet): (usize, &SheetFile),
    rows: &[Row<'_>],
    context: &mut Context,
) -> Result<Vec<Vec<String>>, tera::Error> {
    let mut filled = Vec::new();
    for row in rows {
        context.insert("r", row);
        if sheet.only.is_some() {
            let said = compiled.render(&only(at), context)?;
            if matches!(said.trim(), "" | "false" | "no") {
                continue;
            }
        }
        let cells = (0..sheet.columns.len()).map(|column| compiled.render(&value(at, column), context));
        let cells: Result<Vec<String>, tera::Error> = cells.map(|cell| Ok(cell?.trim().to_owned())).collect();
        filled.push(cells?);
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

/// What the templates of a layout are called: nothing that asks for HTML or Markdown to be escaped.
fn value(sheet: usize, column: usize) -> String {
    format!("{sheet}.{column}.txt")
}

fn only(sheet: usize) -> String {
    format!("{sheet}.only.txt")
}

/// Compiles all templates of a layout.
///
/// # Errors
/// Every one that does not compile.
pub fn compile(layout: &LayoutFile) -> Outcome<Tera> {
    let mut tera = Tera::default();
    register(&mut tera);
    let mut faults = Vec::new();
    for (at, sheet) in layout.sheets.iter().enumerate() {
        let columns = sheet
            .columns
            .iter()
            .enumerate()
            .map(|(column, file)| (value(at, column), &file.value));
        for (name, text) in columns.chain(sheet.only.iter().map(|text| (only(at), text))) {
            if let Err(error) = tera.add_raw_template(&name, text) {
                faults.push(fault(layout, &error));
            }
        }
    }
    if faults.is_empty() { Ok(tera) } else { Err(faults) }
}

fn fault(layout: &LayoutFile, error: &tera::Error) -> Diagnostic {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = inner.to_string();
        cause = inner.source();
    }
    let what = format!(
        "the layout `{}` cannot be filled in: {}",
        layout.id,
        said.lines().next().unwrap_or_default()
    );
    Diagnostic::new(Code::TemplateError, what)
        .at(Place::file(format!("layouts/{}.yaml", layout.id)))
        .help("a column's `value` is a template over `r`, the row; docs/requirements.md lists its fields")
}
