//! The report as a workbook: one sheet each for what auditors filter and sort.
//!
//! In: a [`Report`]. Out: the bytes of an XLSX file (ISO 29500), the same for the same Report: its only time is the
//! report's date, and its archive has none. Every text is a string cell; there are no formulas, macros or outside links
//! but the web addresses of the sources.

mod cells;
mod handover;
mod laid_out;
mod logo;
mod sheet;
mod tables;
mod todo;
mod work;

use super::Logo;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::page::LaidOut;
use crate::report::{Report, Todo};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Image, Workbook, XlsxError};

/// The report as a workbook, with the logo above its first sheet.
///
/// # Errors
/// `logo-unreadable` where the logo is no picture.
pub fn workbook(report: &Report, logo: Option<&Logo>) -> Outcome<Vec<u8>> {
    let logo = logo.map(|logo| logo::picture(logo, report)).transpose()?;
    write(report, logo.as_ref()).map_err(|error| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the workbook: {error}"))])
}

fn write(report: &Report, logo: Option<&Image>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let style = sheet::Style::of(report);
    for (table, logo) in tables::all(report).iter().zip(std::iter::once(logo).chain(std::iter::repeat(None))) {
        sheet::write(workbook.add_worksheet(), table, &style, logo)?;
    }
    workbook.save_to_buffer()
}

/// What a party must still show, as a workbook of its own.
///
/// # Errors
/// None that can be caused from outside.
pub fn todo(report: &Report, todo: &Todo) -> Outcome<Vec<u8>> {
    let write = || {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(report)?);
        sheet::write(workbook.add_worksheet(), &todo::table(todo), &sheet::Style::of(report), None)?;
        workbook.save_to_buffer()
    };
    write().map_err(|error: XlsxError| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the workbook: {error}"))])
}

/// Sheets of a layout as a workbook of their own.
///
/// # Errors
/// A sheet whose name a workbook cannot have.
pub fn sheets(report: &Report, laid_out: &LaidOut) -> Outcome<Vec<u8>> {
    let write = || {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(report)?);
        let style = sheet::Style::of(report);
        for one in &laid_out.sheets {
            laid_out::write(workbook.add_worksheet(), one, &style)?;
        }
        laid_out::about(workbook.add_worksheet(), report, laid_out, &style)?;
        workbook.save_to_buffer()
    };
    write().map_err(|error: XlsxError| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the workbook: {error}"))])
}

fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    let meta = &report.meta;
    let properties = DocProperties::new()
        .set_title(&meta.title)
        .set_subject(format!("{} of the responsibility report", meta.edition_title))
        .set_author(meta.prepared_by.as_deref().or(meta.organization.as_deref()).unwrap_or_default())
        .set_company(meta.organization.as_deref().unwrap_or_default())
        .set_keywords("RACI, shared responsibility")
        .set_comment(format!("cloudraci {} · catalog {}", meta.tool_version, meta.catalog_version))
        // Without it the library would ask the clock.
        .set_creation_datetime(&created(&meta.as_of)?);
    Ok(match &meta.classification {
        Some(classification) => properties.set_category(classification),
        None => properties,
    })
}

/// The report's date, as far as workbooks know dates.
fn created(as_of: &str) -> Result<ExcelDateTime, XlsxError> {
    let date = as_of.parse::<jiff::civil::Date>().ok();
    let known = date.and_then(|date| {
        let (year, month, day) = (date.year(), date.month(), date.day());
        ExcelDateTime::from_ymd(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    });
    match known {
        Some(date) => Ok(date),
        None => ExcelDateTime::from_ymd(1980, 1, 1),
    }
}
