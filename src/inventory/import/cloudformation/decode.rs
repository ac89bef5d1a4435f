//! Templates as they are written: YAML or JSON, plain or in the answer of `aws cloudformation get-template`.
//!
//! In: bytes. Out: the template as JSON, in which a short tag is the function that it stands for.

use super::HELP;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::source::text::unicode;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The template's root.
pub(super) fn template(bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Map<String, Value>> {
    let text = unicode(bytes, file)?;
    match value(&text, file, place)? {
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
