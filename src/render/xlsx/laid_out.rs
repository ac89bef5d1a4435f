//! A sheet of a layout: lines above, a header of one or two rows, and texts.
//!
//! In: a [`LaidSheet`]. Out: a worksheet as an assessor expects it: groups of columns under a common head, marks in the middle,
//! lists to choose from.

use super::sheet::{Style, fits, lines_of, string, text_height};
use crate::report::page::LaidSheet;
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

/// What stands in the middle of its cell.
const MARKS: [&str; 5] = ["X", "", "Yes", "No", "Partial"];

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
    let heads = laid.columns.iter().map(|column| lines_of(&column.title, column.width)).max();
    sheet.set_row_height(head, text_height(heads.unwrap_or(1)))?;
    for (cells, row) in laid.rows.iter().zip(head + 1..) {
        for (text, at) in cells.iter().zip(0_u16..) {
            if MARKS.contains(&text.as_str()) {
                sheet.write_string_with_format(row, at, text, style.mark())?;
            } else {
                string(sheet, row, at, text, style)?;
            }
        }
        let lines = cells
            .iter()
            .zip(&laid.columns)
            .map(|(text, column)| lines_of(text, column.width))
            .max();
        if let Some(lines) = lines.filter(|lines| *lines > 1) {
            sheet.set_row_height(row, text_height(lines))?;
        }
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

/// The row above the header: neighbours of the same group under one head.
fn groups(sheet: &mut Worksheet, laid: &LaidSheet, row: u32, style: &Style) -> Result<(), XlsxError> {
    let mut at = 0_u16;
    for run in laid.columns.chunk_by(|one, next| one.group.is_some() && one.group == next.group) {
        let last = at + u16::try_from(run.len()).unwrap_or(1) - 1;
        let title = run.first().and_then(|column| column.group.as_deref()).unwrap_or_default();
        if last > at {
            sheet.merge_range(row, at, row, last, title, style.header())?;
        } else {
            sheet.write_string_with_format(row, at, title, style.header())?;
        }
        at = last + 1;
    }
    Ok(())
}
