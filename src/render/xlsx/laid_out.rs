//! A sheet of a layout: lines above, a header of one or two rows, and texts.
//!
//! In: a [`LaidSheet`]. Out: a worksheet as an assessor expects it: groups of columns under a common head, marks in the middle,
//! lists to choose from.

use super::sheet::{Style, fits, height, lines_of, small_string, string, text_height};
use crate::report::page::requirements::{counted, titled};
use crate::report::page::{LaidOut, LaidSheet};
use crate::report::{Perspective, Report};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

/// What stands in the middle of its cell.
const MARKS: [&str; 5] = ["X", "", "Yes", "No", "Partial"];

/// What the sheet is called that says what the others are.
const ABOUT: &str = "About";

/// Widths of its columns.
const LABEL: u8 = 26;
const SAID: u8 = 110;

/// Writes the sheet that says what the others are: what of, for whom, when, and on what it rests.
pub(super) fn about(sheet: &mut Worksheet, report: &Report, laid: &LaidOut, style: &Style) -> Result<(), XlsxError> {
    let is_free = |name: &&str| laid.sheets.iter().all(|one| !one.name.eq_ignore_ascii_case(name));
    sheet.set_name(
        *[ABOUT, "About this workbook"]
            .iter()
            .find(|name| is_free(name))
            .unwrap_or(&"cloudraci"),
    )?;
    let meta = &report.meta;
    let of = report.requirements.first();
    let perspective = of.map(|of| match of.perspective {
        Perspective::Customer => "Customer: what we inherit from our providers, and what is left to us",
        Perspective::Provider => "Provider: what the customers of our own service inherit from us, and what is left to them",
    });
    let lines = [
        ("Document", Some(laid.title.clone())),
        ("What it is", laid.about.clone()),
        ("Of", Some(meta.title.clone())),
        ("System", meta.system.clone()),
        ("Organisation", meta.organization.clone()),
        ("Classification", meta.classification.clone()),
        ("Framework", of.map(titled)),
        ("Whose view", perspective.map(str::to_owned)),
        ("Requirements", of.map(|of| counted(of, report.meta.only.is_some()))),
        ("Mapping rests on", of.and_then(|of| of.rests_on.clone())),
        (
            "Public mappings",
            of.filter(|of| !of.mappings.is_empty()).map(|of| of.mappings.join("; ")),
        ),
        ("As of", Some(meta.as_of.clone())),
        (
            "Made by",
            Some(format!("cloudraci {}, catalog {}", meta.tool_version, meta.catalog_version)),
        ),
        ("Long cells", Some(LONG.to_owned())),
    ];
    let said = lines
        .into_iter()
        .filter_map(|(label, said)| Some((label, said.filter(|said| !said.is_empty())?)));
    sheet.set_column_width(0, f64::from(LABEL))?;
    sheet.set_column_width(1, f64::from(SAID))?;
    for ((label, said), row) in said.zip(0_u32..) {
        sheet.write_string_with_format(row, 0, label, style.label())?;
        string(sheet, row, 1, &said, style)?;
        sheet.set_row_height(row, text_height(lines_of(&said, SAID)))?;
    }
    fits(sheet, u32::from(LABEL) + u32::from(SAID), style);
    Ok(())
}

/// What is to be said of rows that are as high as rows can be.
const LONG: &str = "A spreadsheet shows about 400 points of a row. What is longer stands in the cell as a whole all the same.";

/// Letters by which a column of bold ones holds fewer, the filter's arrow included.
const BOLD: u8 = 2;

/// Writes a sheet.
pub(super) fn write(sheet: &mut Worksheet, laid: &LaidSheet, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(&laid.name)?;
    let mut head = 0;
    for line in &laid.above {
        sheet.write_string_with_format(head, 0, line, style.note())?;
        head += 1;
    }
    if laid.columns.iter().any(|column| column.group.is_some()) {
        groups(sheet, laid, head, style)?;
        head += 1;
    }
    for (column, at) in laid.columns.iter().zip(0_u16..) {
        sheet.set_column_width(at, f64::from(column.width))?;
        sheet.write_string_with_format(head, at, &column.title, style.header())?;
    }
    let heads = laid
        .columns
        .iter()
        .map(|column| lines_of(&column.title, column.width.saturating_sub(BOLD)))
        .max();
    sheet.set_row_height(head, text_height(heads.unwrap_or(1)))?;
    for (cells, row) in laid.rows.iter().zip(head + 1..) {
        self::row(sheet, (row, cells), laid, style)?;
    }
    let last = head + u32::try_from(laid.rows.len()).unwrap_or_default();
    for (column, at) in laid.columns.iter().zip(0_u16..) {
        if !column.choices.is_empty() && last > head {
            let list = DataValidation::new().allow_list_strings(&column.choices)?;
            sheet.add_data_validation(head + 1, at, last, at, &list)?;
        }
    }
    let columns = u16::try_from(laid.columns.len().saturating_sub(1)).unwrap_or_default();
    sheet.autofilter(head, 0, last, columns)?;
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_repeat_rows(head.saturating_sub(1), head)?;
    fits(sheet, laid.columns.iter().map(|column| u32::from(column.width)).sum(), style);
    Ok(())
}

/// A row below the header; what would be higher than a row can be stands in small letters.
fn row(sheet: &mut Worksheet, (row, cells): (u32, &[String]), laid: &LaidSheet, style: &Style) -> Result<(), XlsxError> {
    let mut most = text_height(1);
    for ((text, column), at) in cells.iter().zip(&laid.columns).zip(0_u16..) {
        let (height, is_small) = height(text, column.width);
        most = most.max(height);
        if MARKS.contains(&text.as_str()) {
            sheet.write_string_with_format(row, at, text, style.mark())?;
        } else if is_small {
            small_string(sheet, row, at, text, style)?;
        } else {
            string(sheet, row, at, text, style)?;
        }
    }
    if most > text_height(1) {
        sheet.set_row_height(row, most)?;
    }
    Ok(())
}

/// The row above the header: neighbours of the same group under one head.
fn groups(sheet: &mut Worksheet, laid: &LaidSheet, row: u32, style: &Style) -> Result<(), XlsxError> {
    let mut at = 0_u16;
    for run in laid.columns.chunk_by(|one, next| one.group.is_some() && one.group == next.group) {
        let last = at + u16::try_from(run.len()).unwrap_or(1) - 1;
        let title = run.first().and_then(|column| column.group.as_deref()).unwrap_or_default();
        if last > at {
            sheet.merge_range(row, at, row, last, title, style.group())?;
        } else if title.is_empty() {
            sheet.write_blank(row, at, style.header())?;
        } else {
            sheet.write_string_with_format(row, at, title, style.group())?;
        }
        at = last + 1;
    }
    Ok(())
}
