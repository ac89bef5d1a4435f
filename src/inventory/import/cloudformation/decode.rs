//! Templates as they are written: YAML or JSON, plain or in the answer of `aws cloudformation get-template`.
//!
//! In: bytes. Out: the template as JSON, in which a short tag is the function that it stands for.

use super::{HELP, lines};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use crate::source::text::unicode;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A template's root.
pub(super) struct Decoded {
    pub(super) root: Map<String, Value>,
    /// That lines around it were passed over.
    pub(super) warning: Option<Diagnostic>,
}

/// The template's root. Lines around it that are none of it are passed over, if it cannot be read otherwise.
pub(super) fn template(bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Decoded> {
    let text = unicode(bytes, file)?;
    let whole = root(&text, file, place);
    // What goes beyond a limit does so with fewer lines, too.
    let is_beyond = |faults: &Vec<Diagnostic>| faults.iter().any(|fault| fault.code != Code::SyntaxError);
    if whole.as_ref().map_or_else(is_beyond, deploys) {
        return whole.map(|root| Decoded { root, warning: None });
    }
    let mut broken = None;
    for (text, passed_over) in lines::without(&text) {
        match root(&text, file, place) {
            Ok(root) if deploys(&root) => {
                return Ok(Decoded {
                    root,
                    warning: Some(passes_over(passed_over, file, place)),
                });
            }
            Ok(_) => {}
            // Behind lines of another program what is wrong is wrong in the template.
            Err(faults) if text.starts_with('\n') => broken = broken.or(Some(faults)),
            Err(_) => {}
        }
    }
    whole
        .map(|root| Decoded { root, warning: None })
        .map_err(|faults| broken.unwrap_or(faults))
}

/// Whether a map is a template that deploys something.
fn deploys(root: &Map<String, Value>) -> bool {
    ["Resources", "Modules"]
        .iter()
        .any(|key| root.get(*key).is_some_and(Value::is_object))
}

fn passes_over(count: usize, file: &Arc<str>, place: &Place) -> Diagnostic {
    let (lines, are) = if count == 1 { ("line", "is") } else { ("lines", "are") };
    Diagnostic {
        severity: Severity::Note,
        ..Diagnostic::new(
            Code::ImportPartial,
            format!("{count} {lines} around the template in `{file}` {are} none of it and {are} passed over"),
        )
        .at(place.clone())
    }
    .help("programs that write templates to standard output print their notes there, too, unless told otherwise (`--quiet`)")
}

/// The root of a template's text, or of the answer that it stands in.
fn root(text: &str, file: &Arc<str>, place: &Place) -> Outcome<Map<String, Value>> {
    match value(text, file, place)? {
        Value::Object(mut root) => match root.shift_remove("TemplateBody") {
            Some(Value::Object(body)) => Ok(body),
            Some(Value::String(body)) => match value(&body, file, place)? {
                Value::Object(body) => Ok(body),
                _ => Err(none(file, place)),
            },
            _ => Ok(root),
        },
        _ => Err(none(file, place)),
    }
}

fn none(file: &Arc<str>, place: &Place) -> Vec<Diagnostic> {
    vec![
        Diagnostic::new(Code::ImportFailed, format!("`{file}` holds no template, which is a map of fields"))
            .at(place.clone())
            .help(HELP),
    ]
}

/// JSON where the text is such, which may be indented by tabs and have escapes that YAML does not know; else YAML.
fn value(text: &str, file: &Arc<str>, place: &Place) -> Outcome<Value> {
    let is_map = text.trim_start().starts_with('{');
    match if is_map { json(text) } else { None } {
        Some(value) => Ok(value),
        None => yaml(text, file, place),
    }
}

/// The value of JSON in which no key stands twice: of two resources of one name, CloudFormation takes neither.
fn json(text: &str) -> Option<Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let (value, repeated) = crate::text::json_value(&mut json, true);
    let value = value.ok()?;
    json.end().ok().filter(|()| repeated.is_empty()).map(|()| value)
}

fn yaml(text: &str, file: &Arc<str>, place: &Place) -> Outcome<Value> {
    let tree = crate::text::yaml(text, file, true).and_then(|tree| if tree.faults.is_empty() { Ok(tree.value) } else { Err(tree.faults) });
    tree.map(merged).map_err(|faults| {
        let imported = |fault: Diagnostic| {
            let fault = match &fault.code {
                Code::SyntaxError => fault.help(HELP),
                _ => fault,
            };
            if place.file == *file {
                fault
            } else {
                fault.at_labelled(place.clone(), "imported here")
            }
        };
        faults.into_iter().map(imported).collect()
    })
}

/// Maps with what their key `<<` brings along; what they say themselves counts. What cannot be merged stays as it is written.
fn merged(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(merged).collect(),
        Value::Object(map) => {
            let mut map: Map<String, Value> = map.into_iter().map(|(key, value)| (key, merged(value))).collect();
            let can_be = match map.get("<<") {
                Some(Value::Object(_)) => true,
                Some(Value::Array(items)) => items.iter().all(Value::is_object),
                _ => false,
            };
            if can_be {
                let sources = match map.shift_remove("<<") {
                    Some(Value::Array(items)) => items,
                    other => other.into_iter().collect(),
                };
                for source in sources {
                    let Value::Object(source) = source else { continue };
                    for (key, value) in source {
                        map.entry(key).or_insert(value);
                    }
                }
            }
            Value::Object(map)
        }
        other => other,
    }
}
