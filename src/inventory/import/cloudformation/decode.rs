//! Templates as they are written: YAML or JSON, plain or in the answer of `aws cloudformation get-template`.
//!
//! In: bytes. Out: the template as JSON, in which a short tag is the function that it stands for.

use super::super::text::unicode;
use super::HELP;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::tree::{Branch, Trail};
use serde::de::DeserializeSeed as _;
use serde_json::{Map, Value};
use std::cell::RefCell;
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
    let repeated = RefCell::new(Vec::new());
    let root = Branch {
        trail: &Trail::Root,
        repeated: &repeated,
        last: true,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let value = root.deserialize(&mut json).ok()?;
    json.end().ok().filter(|()| repeated.borrow().is_empty()).map(|()| value)
}

fn yaml(text: &str, file: &Arc<str>, place: &Place) -> Outcome<Value> {
    let mut decoded: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| {
        let at = error
            .location()
            .map_or_else(|| place.clone(), |at| Place::at(file, at.line(), at.column()));
        let shown = error.to_string();
        let reason = shown.split(" at line ").next().unwrap_or(&shown);
        let fault = Diagnostic::new(Code::SyntaxError, format!("cannot decode the template: {reason}"))
            .at(at)
            .help(HELP);
        vec![if place.file == *file {
            fault
        } else {
            fault.at_labelled(place.clone(), "imported here")
        }]
    })?;
    // What cannot be merged stays as it is written.
    let _ = decoded.apply_merge();
    Ok(plain(decoded))
}

/// YAML as JSON: a short tag becomes the function that it stands for, and a key that is no text becomes one.
fn plain(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(value),
        serde_yaml::Value::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or_default(),
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => Value::Array(items.into_iter().map(plain).collect()),
        serde_yaml::Value::Mapping(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| {
                    let key = match plain(key) {
                        Value::String(key) => key,
                        other => other.to_string(),
                    };
                    (key, plain(value))
                })
                .collect(),
        ),
        serde_yaml::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                "Condition" => "Condition".to_owned(),
                other => format!("Fn::{other}"),
            };
            Value::Object(Map::from_iter([(name, plain(tagged.value))]))
        }
    }
}
