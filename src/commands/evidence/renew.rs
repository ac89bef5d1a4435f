//! A file of evidence with what is missing added, and with what people wrote as they wrote it.
//!
//! In: the file, and a party's open duties. Out: its text, byte for byte, with drafts behind its last entry.

use super::draft::{self, Entry};
use crate::diagnostics::{Code, Diagnostic, Outcome, did_you_mean};
use crate::inventory::{self, Wildcard};
use crate::report::{Meant, Todo};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// A renewed file.
pub(super) struct Renewed {
    pub(super) text: String,
    pub(super) added: usize,
    pub(super) kept: usize,
}

/// Adds drafts for the open duties that no entry of a file is about.
pub(super) fn renewed(path: &Path, todo: &Todo) -> Outcome<Renewed> {
    let file: Arc<str> = path.display().to_string().into();
    let refused = |why: &str, help: &str| {
        let message = format!("`{file}` exists and cannot be renewed: {why}");
        Err(vec![
            Diagnostic::new(Code::CannotWrite, message).help(format!("nothing was written; {help}")),
        ])
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return refused(&error.to_string(), "name a new file"),
    };
    let value = inventory::decoded(&text, &file)?;
    if value.get("inventory").is_none() || text.trim_start().starts_with('{') {
        return refused(
            "it is no inventory in YAML",
            "name a new file, or one that begins with `inventory: 1`",
        );
    }
    if let Some(of) = value["evidence_of"].as_str().filter(|of| **of != *todo.party) {
        return refused(&format!("it is the evidence of `{of}`"), &did_you_mean(&todo.party, &[]));
    }
    let kept = value["evidence"].as_array().map(Vec::as_slice).unwrap_or_default();
    let missing: Vec<Entry<'_>> = draft::entries(todo)
        .into_iter()
        .filter(|(meant, _)| !kept.iter().any(|entry| is_about(&entry["match"], meant)))
        .collect();
    let renewed = |text: String| Renewed {
        text,
        added: missing.len(),
        kept: kept.len(),
    };
    if missing.is_empty() {
        return Ok(renewed(text));
    }
    let made = spliced(&text, &missing);
    // What stood there says what it said, and nothing else is said but drafts.
    let says = |made: &String| {
        let now = inventory::decoded(made, &file).ok()?;
        let all = now["evidence"].as_array()?.clone();
        let mut rest = (now, value.clone());
        for side in [&mut rest.0, &mut rest.1] {
            side.as_object_mut()?.shift_remove("evidence");
        }
        let is_kept = all.get(..kept.len()) == Some(kept) && all.len() == kept.len() + missing.len();
        (is_kept && rest.0 == rest.1).then_some(())
    };
    match made.filter(|made| says(made).is_some()) {
        Some(made) => Ok(renewed(made)),
        None => refused(
            "its `evidence` is no list with a line or more for each entry",
            "write `evidence:` on a line of its own and each entry behind a `-`, or name a new file",
        ),
    }
}

/// Whether an entry that stands in the file is about what a draft would mean.
fn is_about(matches: &Value, meant: &Meant) -> bool {
    let texts = |key: &str| -> Option<Vec<&str>> {
        match &matches[key] {
            Value::String(one) => Some(vec![one]),
            Value::Array(many) => Some(many.iter().filter_map(Value::as_str).collect()),
            _ => None,
        }
    };
    let takes = |key: &str, wanted: &[&str]| texts(key).is_none_or(|known| wanted.iter().all(|one| known.contains(one)));
    let activity = texts("activity").is_some_and(|known| known.iter().any(|one| Wildcard::new(one).takes(&meant.activity)));
    let environment: Vec<&str> = meant.environment.iter().map(|name| &**name).collect();
    let lists = meant.lists();
    let mut lists = lists.iter().filter(|(_, list)| !list.is_empty());
    activity
        && takes("environment", &environment)
        && lists.all(|(key, list)| takes(key, &list.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The text with drafts behind the last entry of its list.
fn spliced(text: &str, missing: &[Entry<'_>]) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let drafts = |indent: usize| -> String {
        let drafts: Vec<String> = missing.iter().map(|one| draft::entry(one, indent)).collect();
        let drafts = drafts.join("\n");
        if end_of_line == "\n" {
            drafts
        } else {
            drafts.replace('\n', end_of_line)
        }
    };
    let closed = |text: String| {
        if text.is_empty() || text.ends_with('\n') {
            text
        } else {
            format!("{text}{end_of_line}")
        }
    };
    let Some(key) = lines.iter().position(|line| line.starts_with("evidence:")) else {
        return Some(format!(
            "{}{end_of_line}evidence:{end_of_line}{}",
            closed(text.to_owned()),
            drafts(2)
        ));
    };
    let rest = lines[key]["evidence:".len()..].trim();
    let remark = rest.find('#').map_or("", |at| &rest[at..]);
    if !rest[..rest.len() - remark.len()].trim().is_empty() {
        // An empty list is the only one on the line of its key that can be added to.
        if !rest.starts_with("[]") {
            return None;
        }
        let remark = if remark.is_empty() { String::new() } else { format!(" {remark}") };
        let before = lines[..key].concat();
        let after = lines[key + 1..].concat();
        return Some(format!("{before}evidence:{remark}{end_of_line}{}{after}", drafts(2)));
    }
    // The list ends before the next key, and the comments above that are the next key's.
    let is_own = |line: &str| line.trim().is_empty() || line.starts_with([' ', '-', '#', '\t']);
    let next = lines[key + 1..].iter().position(|line| !is_own(line)).map(|found| key + 1 + found);
    let mut end = next.unwrap_or(lines.len());
    while next.is_some() && end > key + 1 && (lines[end - 1].trim().is_empty() || lines[end - 1].starts_with('#')) {
        end -= 1;
    }
    let first = lines[key + 1..end].iter().find(|line| line.trim_start().starts_with('-'));
    let indent = first.map_or(2, |line| line.len() - line.trim_start().len());
    let (before, after) = (closed(lines[..end].concat()), lines[end..].concat());
    Some(format!("{before}{end_of_line}{}{after}", drafts(indent)))
}
