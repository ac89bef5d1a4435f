//! The matrix as CSV: one row an activity and party (RFC 4180).
//!
//! In: a [`Report`]. Out: text. A cell that a spreadsheet would take for a formula begins with an apostrophe.

use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::{Activity, Control, Report, Service};

const HEADER: [&str; 20] = [
    "service",
    "mode",
    "service_name",
    "control",
    "control_title",
    "layer",
    "type",
    "activity",
    "side",
    "does",
    "default",
    "party",
    "letters",
    "scope",
    "state",
    "resources",
    "resources_not_met",
    "evidence",
    "source",
    "reviewed",
];

/// The matrix of a report.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn matrix(report: &Report) -> Outcome<String> {
    let fault = |error: &dyn std::fmt::Display| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the CSV: {error}"))];
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|error| fault(&error))?;
    for service in &report.services {
        for control in &service.controls {
            for activity in &control.activities {
                for held in &activity.assignments {
                    let cells = row(service, control, activity, &held.party, held.letters);
                    writer
                        .write_record(cells.iter().map(|cell| harmless(cell)))
                        .map_err(|error| fault(&error))?;
                }
            }
        }
    }
    let bytes = writer.into_inner().map_err(|error| fault(&error))?;
    String::from_utf8(bytes).map_err(|error| fault(&error))
}

fn row(service: &Service, control: &Control, activity: &Activity, party: &str, letters: &str) -> [String; 20] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        service.service.clone(),
        text(&service.mode),
        service.title.clone(),
        control.control.clone(),
        control.title.clone(),
        control.layer.clone(),
        control.control_type.map(|found| found.id().to_owned()).unwrap_or_default(),
        activity.id.to_string(),
        activity.side.clone(),
        activity.does.to_string(),
        word(&activity.default),
        party.to_owned(),
        letters.to_owned(),
        text(&activity.scope),
        word(&activity.state),
        activity.resources.to_string(),
        activity.resources_not_met.to_string(),
        activity.evidence.to_string(),
        activity.source.to_string(),
        activity.reviewed.as_deref().unwrap_or_default().to_owned(),
    ]
}

/// A unit variant as it is in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Text that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
