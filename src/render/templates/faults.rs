//! What is wrong with a template, in the user's words.
//!
//! In: Tera's error. Out: a diagnostic with the place in the user's file, and the fields that exist there.

use crate::diagnostics::{Code, Diagnostic, Place, nearest};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tera::ErrorKind;

pub(super) fn fault(error: &tera::Error, origins: &BTreeMap<String, Arc<str>>, report: Option<&Json>) -> Diagnostic {
    let message = match error.kind() {
        ErrorKind::SyntaxError(inner) | ErrorKind::RenderingError(inner) => inner.message().to_owned(),
        other => other.to_string(),
    };
    let mut diagnostic = Diagnostic::new(Code::TemplateError, message.trim_end_matches('.').to_owned());
    if let ErrorKind::SyntaxError(inner) | ErrorKind::RenderingError(inner) = error.kind() {
        let span = inner.span();
        let file = origins.get(inner.filename()).cloned().unwrap_or_else(|| inner.filename().into());
        diagnostic = diagnostic
            .at(Place::at(&file, span.start_line, span.start_col + 1))
            .body(error.to_string());
        let help = report.map(|report| fields_help(&error.to_string(), report));
        diagnostic.help = help.or_else(|| Some("`cloudraci templates eject` writes the built-in templates to compare with".to_owned()));
    }
    diagnostic
}

/// The fields that exist where a path of the failing line breaks off.
fn fields_help(shown: &str, report: &Json) -> String {
    let general = "`cloudraci schema report` prints every field that templates may use";
    let words = shown.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    for path in words.filter(|word| word.starts_with("report.")) {
        let mut at = report;
        let mut so_far = "report".to_owned();
        for step in path.split('.').skip(1) {
            match at.get(step) {
                Some(inner) => {
                    at = inner;
                    so_far = format!("{so_far}.{step}");
                }
                None => {
                    let Json::Object(fields) = at else { break };
                    let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                    let near = nearest(step, known.iter().copied())
                        .map(|near| format!("did you mean `{near}`? "))
                        .unwrap_or_default();
                    return format!("{near}`{so_far}` has the fields {}; {general}", known.join(", "));
                }
            }
        }
    }
    let mut names = BTreeSet::new();
    collect_fields(report, &mut names);
    let unknown = words_in_backticks(shown).find(|word| !names.contains(*word));
    match unknown.and_then(|word| nearest(word, names.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`? {general}"),
        None => general.to_owned(),
    }
}

fn words_in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn collect_fields(value: &Json, names: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, inner) in fields {
                names.insert(name.clone());
                collect_fields(inner, names);
            }
        }
        // All items of a list have the same fields.
        Json::Array(items) => items.iter().take(1).for_each(|item| collect_fields(item, names)),
        _ => {}
    }
}
