//! What a PDF carries with it.
//!
//! In: a publication, a Report and its page. Out: files.

use super::publication::Publication;
use crate::diagnostics::Outcome;
use crate::render;
use crate::render::pdf::Attachment;
use crate::report::page::Page;
use crate::report::{Evidence, FrameworkRows, Report};
use std::collections::BTreeSet;
use std::path::Path;

/// What the PDF carries with it: the inventory, unless it stands under pseudonyms, the Report, and where its pages tell the
/// services in short the matrix as a table, which has all of them. The Report comes without the rows of requirements, which
/// would repeat each duty under every number that it answers: an activity names its requirements, and the counts stay; without
/// how a duty is done, which the pages tell with it; and without the accounts of each, which the list of resources tells.
///
/// # Errors
/// What keeps the Report from being written as data.
pub(super) fn attachments(of: &Publication, report: &Report, page: &Page) -> Outcome<Vec<Attachment>> {
    let mut names = BTreeSet::new();
    let mut list = Vec::new();
    let inputs = of.workspace.inventory.inputs.iter().filter(|_| of.redaction.is_none());
    for input in inputs {
        let Some(bytes) = &input.bytes else { continue };
        let file = Path::new(&*input.path)
            .file_name()
            .map_or_else(|| "inventory.yaml".to_owned(), |name| name.to_string_lossy().into_owned());
        let name = (1..)
            .map(|number| if number == 1 { file.clone() } else { format!("{number}-{file}") })
            .find(|name| names.insert(name.clone()));
        let mime = if file.ends_with(".json") {
            "application/json"
        } else {
            "application/yaml"
        };
        let description = format!("Inventory that the report was made from: {file}");
        list.push(Attachment {
            name: name.unwrap_or(file),
            mime: mime.to_owned(),
            description,
            bytes: bytes.to_vec(),
        });
    }
    let mut add = |name: &str, mime: &str, description: &str, bytes: Vec<u8>| {
        let name = if names.insert(name.to_owned()) {
            name.to_owned()
        } else {
            format!("cloudraci-{name}")
        };
        list.push(Attachment {
            name,
            mime: mime.to_owned(),
            description: description.to_owned(),
            bytes,
        });
    };
    add(
        "report.json",
        "application/json",
        "The report as data: how a duty is done stands in the pages",
        render::json_in_one_line(&without_rows(report))?.into_bytes(),
    );
    if page.in_short {
        add(
            "matrix.csv",
            "text/csv",
            "The matrix: one row a duty or commitment and party",
            render::csv::matrix(report)?.into_bytes(),
        );
    }
    Ok(list)
}

/// A Report that says nothing twice: frameworks tell their counts and leave their rows out, and so do what these are mapped to,
/// the evidence of each control, the lists of duties and commitments by party, how a duty is done and in which accounts.
fn without_rows(report: &Report) -> Report {
    let counted = |framework: &FrameworkRows| FrameworkRows {
        rows: Vec::new(),
        ..framework.clone()
    };
    let kept = |evidence: &Evidence| Evidence {
        items: Vec::new(),
        ..evidence.clone()
    };
    let mut report = Report {
        evidence: report.evidence.iter().map(kept).collect(),
        requirements: report.requirements.iter().map(counted).collect(),
        subjects: Vec::new(),
        duties: Vec::new(),
        commitments: Vec::new(),
        ..report.clone()
    };
    let controls = report.services.iter_mut().flat_map(|service| &mut service.controls);
    for activity in controls.flat_map(|control| &mut control.activities) {
        activity.how = None;
        activity.accounts.clear();
    }
    report
}
