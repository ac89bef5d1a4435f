//! An assessor's form, filled in.
//!
//! In: the path of the user's own copy of it, and a layout over requirements. Out: the copy, filled in, and what is to be said
//! of it.

use crate::catalog::layouts::LayoutFile;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::limits;
use crate::render::form::Form;
use crate::render::layouts::Filling;
use crate::report::FrameworkRows;
use std::io::Read as _;
use std::path::Path;

/// Ids that a message lists.
const IDS: usize = 5;

/// The form as a workbook.
pub(super) fn filled(
    path: &Path,
    layout: &LayoutFile,
    rows: &FrameworkRows,
    filling: &mut Filling<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Vec<u8>> {
    let (Some(of), Some(sheet)) = (&layout.form, layout.sheets.first()) else {
        return Ok(Vec::new());
    };
    // The ids stand in the form already.
    let is_key: Vec<bool> = sheet.columns.iter().map(|column| column.title == of.key).collect();
    let to_fill = sheet.columns.iter().zip(&is_key).filter(|(_, is_key)| !**is_key);
    let titles: Vec<&str> = to_fill.map(|(column, _)| column.title.as_str()).collect();
    let name = path.display().to_string();
    let form = Form::open(read(path)?, &name, of, &rows.framework, &titles)?;
    let ids = form.ids();
    let without_key = |cells: Vec<String>| cells.into_iter().zip(&is_key).filter(|(_, is_key)| !**is_key).map(|(cell, _)| cell);
    let texts = filling.questions(&ids)?.into_iter();
    let texts: Vec<Option<Vec<String>>> = texts.map(|cells| cells.map(|cells| without_key(cells).collect())).collect();
    let unknown: Vec<String> = ids
        .iter()
        .zip(&texts)
        .filter(|(_, texts)| texts.is_none())
        .map(|(id, _)| format!("`{id}`"))
        .collect();
    if unknown.len() == ids.len() {
        let what = format!("`{name}` has no question about a requirement of `{}`", rows.framework);
        let help = format!("name your copy of {}, and a baseline that its questions are about", of.name);
        return Err(vec![Diagnostic::new(Code::FormUnreadable, what).help(help)]);
    }
    let filled = form.fill(&texts)?;
    if !unknown.is_empty() {
        let named = unknown.iter().take(IDS).cloned().collect::<Vec<_>>().join(", ");
        let more = if unknown.len() > IDS { ", ..." } else { "" };
        let what = format!(
            "{} of {} rows of `{name}` are about no requirement of `{}` that was asked for: {named}{more}",
            unknown.len(),
            ids.len(),
            rows.framework
        );
        warnings.push(Diagnostic::new(Code::LeftToFillIn, what));
    }
    if filled.kept > 0 {
        let what = format!("{} cells of `{name}` held something already and stay as they are", filled.kept);
        let help = "clear a cell to have it filled in anew";
        warnings.push(Diagnostic::new(Code::LeftToFillIn, what).help(help));
    }
    Ok(filled.bytes)
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    let fault = |error: std::io::Error| {
        vec![Diagnostic::new(
            Code::CannotRead,
            format!("cannot read `{}`: {error}", path.display()),
        )]
    };
    let file = std::fs::File::open(path).map_err(fault)?;
    let mut bytes = Vec::new();
    file.take(limits::FORM + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > limits::FORM {
        let most = limits::FORM / limits::MIB as u64;
        let what = format!("`{}` has more than {most} MiB", path.display());
        return Err(vec![
            Diagnostic::new(Code::LimitReached, what).help("docs/limits.md lists all limits"),
        ]);
    }
    Ok(bytes)
}
