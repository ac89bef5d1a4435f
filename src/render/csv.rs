//! The matrix as CSV: one row a duty or commitment and party (RFC 4180).
//!
//! In: a [`Report`]. Out: text, UTF-8 without a mark of byte order. What a spreadsheet would take for a formula is made
//! text as [`super::cells`] tells.

use super::cells::harmless;
use crate::changes::{Change, Changes, Stand};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::page::{LaidSheet, shown};
use crate::report::{Activity, Control, Finding, PartyLetters, Report, Service};
use std::collections::BTreeMap;

const HEADER: [&str; 32] = [
    "service",
    "mode",
    "service_name",
    "control",
    "control_title",
    "layer",
    "type",
    "counts_as",
    "id",
    "activity",
    "side",
    "does",
    "how",
    "cadence",
    "cadence_days",
    "default",
    "environment",
    "scope",
    "party",
    "letters",
    "state",
    "resources",
    "resources_not_met",
    "resources_excepted",
    "evidence",
    "source",
    "reviewed",
    "finding",
    "severity",
    "due",
    "requirements",
    "shown_by",
];

/// The columns of changes.
const CHANGES: [&str; 23] = [
    "kind",
    "service",
    "mode",
    "service_name",
    "control",
    "control_title",
    "activity",
    "duty",
    "does",
    "scope",
    "state_before",
    "state",
    "type_before",
    "type",
    "mode_before",
    "mode_now",
    "letters_before",
    "letters",
    "cause",
    "because",
    "resources",
    "due",
    "requirement",
];

/// Changes: one row each.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn changes(changes: &Changes) -> Outcome<String> {
    rows(&CHANGES, changes.changes.iter().map(change))
}

fn change(change: &Change) -> [String; 23] {
    let text = |value: Option<&std::sync::Arc<str>>| value.map(ToString::to_string).unwrap_or_default();
    let letters = |stand: &Option<Stand>| {
        let held = stand.iter().flat_map(|stand| &stand.assignments);
        held.map(|held| format!("{} {}", held.letters, held.party))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    [
        change.kind.word().to_owned(),
        change.service.to_string(),
        text(change.mode.as_ref()),
        change.title.to_string(),
        text(change.control.as_ref()),
        text(change.control_title.as_ref()),
        text(change.activity.as_ref()),
        text(change.duty.as_ref()),
        text(change.does.as_ref()),
        text(change.scope.as_ref()),
        text(before.and_then(|stand| stand.state.as_ref())),
        text(after.and_then(|stand| stand.state.as_ref())),
        text(before.and_then(|stand| stand.control_type.as_ref())),
        text(after.and_then(|stand| stand.control_type.as_ref())),
        text(before.and_then(|stand| stand.mode.as_ref())),
        text(after.and_then(|stand| stand.mode.as_ref())),
        letters(&change.before),
        letters(&change.after),
        change.cause.map(|cause| cause.word().to_owned()).unwrap_or_default(),
        change.because.join("; "),
        change.resources.join(", "),
        text(change.due.as_ref()),
        change
            .requirement
            .as_ref()
            .map(|requirement| format!("{} {}", requirement.framework, requirement.id))
            .unwrap_or_default(),
    ]
}

/// The matrix of a report.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn matrix(report: &Report) -> Outcome<String> {
    let findings: BTreeMap<&str, &Finding> = report
        .findings
        .iter()
        .filter_map(|finding| Some((finding.duty.as_deref()?, finding)))
        .collect();
    let all = report.services.iter().flat_map(|service| {
        let findings = &findings;
        service.controls.iter().flat_map(move |control| {
            control.activities.iter().flat_map(move |activity| {
                let finding = activity.duty.as_ref().and_then(|duty| findings.get(&**duty)).copied();
                let held = activity.assignments.iter();
                held.map(move |held| row(service, control, activity, held, finding))
            })
        })
    });
    rows(&HEADER, all)
}

/// Sheets one below the other, an empty line between them.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn sheets<'s>(sheets: impl Iterator<Item = &'s LaidSheet>) -> Outcome<String> {
    let mut all = Vec::new();
    for sheet in sheets {
        let head: Vec<&str> = sheet.columns.iter().map(|column| column.title.as_str()).collect();
        all.push(rows(&head, sheet.rows.iter().cloned())?);
    }
    Ok(all.join("\r\n"))
}

/// Rows under a header, without anything that a spreadsheet would take for a formula.
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn rows<R: IntoIterator<Item = String>>(header: &[&str], rows: impl Iterator<Item = R>) -> Outcome<String> {
    let fault = |error: &dyn std::fmt::Display| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the CSV: {error}"))];
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(header).map_err(|error| fault(&error))?;
    for row in rows {
        let cells = row.into_iter().map(|cell| harmless(&cell).into_owned());
        writer.write_record(cells).map_err(|error| fault(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| fault(&error))?;
    String::from_utf8(bytes).map_err(|error| fault(&error))
}

fn row(service: &Service, control: &Control, activity: &Activity, held: &PartyLetters, finding: Option<&Finding>) -> [String; 32] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let shared = |value: &Option<std::sync::Arc<str>>| value.as_deref().unwrap_or_default().to_owned();
    let (counts_as, id) = counted(activity);
    [
        service.service.clone(),
        text(&service.mode),
        service.title.clone(),
        control.control.clone(),
        control.title.clone(),
        control.layer.clone(),
        control.control_type.map(|found| found.id().to_owned()).unwrap_or_default(),
        counts_as.to_owned(),
        id.to_owned(),
        activity.id.to_string(),
        activity.side.clone(),
        activity.does.to_string(),
        shared(&activity.how),
        words(activity.cadence.as_ref()),
        words(activity.cadence_days.as_ref()),
        word(&activity.default),
        shared(&activity.environment),
        shared(&activity.scope),
        held.party.to_string(),
        held.letters.to_owned(),
        activity.state.word().to_owned(),
        activity.resources.to_string(),
        activity.resources_not_met.to_string(),
        activity.resources_excepted.to_string(),
        activity.evidence.to_string(),
        activity.source.to_string(),
        activity.reviewed.as_deref().unwrap_or_default().to_owned(),
        finding.map(|finding| finding.id.clone()).unwrap_or_default(),
        finding.map(|finding| finding.severity.word().to_owned()).unwrap_or_default(),
        finding.and_then(|finding| finding.due.clone()).unwrap_or_default(),
        finding.map(|finding| finding.requirements.join("; ")).unwrap_or_default(),
        shown::plain(activity).join("; "),
    ]
}

/// What there is of a value, as it is printed.
pub(super) fn words(value: Option<&impl std::fmt::Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// What an activity counts as, and its id.
pub(super) fn counted(activity: &Activity) -> (&'static str, &str) {
    match (&activity.duty, &activity.commitment) {
        (Some(id), _) => ("duty", id),
        (None, Some(id)) => ("commitment", id),
        (None, None) => ("", ""),
    }
}

/// A unit variant as it is in JSON.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
