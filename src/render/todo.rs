//! What one party must still show, as Markdown and as CSV.
//!
//! In: its open duties. Out: text. Text of an inventory is never markup, nor a formula.

use super::cells::harmless;
use super::escape::escaped;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::{Open, Todo};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// As Markdown: a table a control.
#[must_use]
pub fn markdown(todo: &Todo) -> String {
    let count = todo.duties.len();
    let noun = if count == 1 { "duty is" } else { "duties are" };
    let mut out = format!("# What {} must still show\n\n", escaped(&todo.name));
    let _ = writeln!(out, "As of {}, {count} {noun} unknown: nothing shows them yet.", todo.as_of);
    let mut by_control: BTreeMap<&str, Vec<&Open>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for open in &todo.duties {
        let list = by_control.entry(&open.control_title).or_default();
        if list.is_empty() {
            order.push(&open.control_title);
        }
        list.push(open);
    }
    for control in order {
        let _ = write!(
            out,
            "\n## {}\n\n| Duty | On | Artefact to obtain | How often |\n|---|---|---|---|\n",
            escaped(control)
        );
        for open in by_control.get(control).into_iter().flatten() {
            let scope = open
                .scope
                .as_ref()
                .map_or_else(String::new, |scope| format!(", {}", escaped(scope)));
            let how = open.how.as_ref().map_or_else(String::new, |how| format!("<br>*{}*", escaped(how)));
            let _ = writeln!(
                out,
                "| {}{how} | {}{scope} | {} | {} |",
                escaped(&open.does),
                escaped(&open.service_title),
                escaped(&open.evidence),
                escaped(open.cadence.as_deref().unwrap_or("–")),
            );
        }
    }
    out
}

/// As CSV: a row a duty (RFC 4180).
///
/// # Errors
/// None that can be caused from outside; the type only says so.
pub fn csv(todo: &Todo) -> Outcome<String> {
    let fault = |error: &dyn std::fmt::Display| vec![Diagnostic::new(Code::CannotWrite, format!("cannot write the CSV: {error}"))];
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let header = [
        "party",
        "letters",
        "service",
        "mode",
        "service_name",
        "environment",
        "scope",
        "control",
        "control_title",
        "id",
        "activity",
        "does",
        "how",
        "cadence",
        "cadence_days",
        "evidence",
        "artefact",
        "by",
        "reviewed",
    ];
    writer.write_record(header).map_err(|error| fault(&error))?;
    for open in &todo.duties {
        let maybe = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let days = open.cadence_days.map(|days| days.to_string());
        let cells = [
            todo.party.to_string(),
            open.letters.to_owned(),
            open.service.clone(),
            maybe(open.mode.as_deref()),
            open.service_title.clone(),
            maybe(open.environment.as_deref()),
            maybe(open.scope.as_deref()),
            open.control.clone(),
            open.control_title.clone(),
            open.duty.to_string(),
            open.activity.to_string(),
            open.does.to_string(),
            maybe(open.how.as_deref()),
            maybe(open.cadence.as_deref()),
            maybe(days.as_deref()),
            open.evidence.to_string(),
            String::new(),
            String::new(),
            String::new(),
        ];
        let cells = cells.iter().map(|cell| harmless(cell).into_owned());
        writer.write_record(cells).map_err(|error| fault(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| fault(&error))?;
    String::from_utf8(bytes).map_err(|error| fault(&error))
}
