//! Documents: JSON and YAML, and the attributes of resources.
//!
//! In: values. Out: the same without anything secret: by the names of their keys, by where they stand (an environment, a header,
//! an entry with a telling name), and by what their texts hold.

use super::knowledge::knowledge;
use super::names::{is_reference, looks_random, told};
use super::{Judge, NOT_TOLD, commands, policies};
use crate::catalog::letters;
use serde_json::{Map, Value};

/// How often a text is decoded into another.
pub(super) const DEPTH: usize = 3;

/// How many brackets a text may have that is tried as YAML, since each that is open costs as much as all before it.
const BRACKETS: usize = 256;

/// What a value stands in.
#[derive(Debug, Clone, Copy)]
struct Within {
    /// A list of environment variables or of HTTP headers.
    is_hidden: bool,
    /// How many texts it was found in; 0: an attribute.
    depth: usize,
    /// Judges the texts in it.
    judge: Judge,
}

/// The attributes of a resource without anything secret.
pub(super) fn open(attributes: Map<String, Value>, judge: Judge) -> Map<String, Value> {
    fields(attributes, Within::texts(0, judge))
}

impl Within {
    /// Of a document that was found in so many texts.
    fn texts(depth: usize, judge: Judge) -> Self {
        Self {
            is_hidden: false,
            depth,
            judge,
        }
    }

    fn is_secret(self, text: &str) -> bool {
        (self.judge)(text, self.depth)
    }
}

fn fields(map: Map<String, Value>, within: Within) -> Map<String, Value> {
    let hides_value = within.is_hidden || map.iter().any(|(key, value)| names_secret(key, value));
    map.into_iter()
        .filter_map(|(key, value)| {
            let value = if policies::are_statements(&key, &value) {
                {
                    let rest = Within::texts(within.depth, within.judge);
                    policies::open(value, &|text| within.is_secret(text), &|map| fields(map, rest))
                }
            } else if is_open(&value) {
                value
            } else {
                field(&key, value, hides_value, within)?
            };
            Some((key, value))
        })
        .collect()
}

fn field(key: &str, value: Value, hides_value: bool, within: Within) -> Option<Value> {
    let told = told(key);
    // Blocks are called `environment`, too, such as where a build is run.
    let is_block = told.is_block && within.depth == 0;
    let is_hidden = told.is_environment || told.is_headers;
    let is_secret = (hides_value && told.is_value)
        || (is_hidden && !value.is_array() && !is_block && (told.is_environment || value.is_object()))
        || told.is_secret
        || told.is_header
        || (told.is_telling && value.as_str().is_some_and(looks_random));
    if is_secret {
        return None;
    }
    kept(value, Within { is_hidden, ..within })
}

/// Whether an entry of a list of settings is one whose value is secret, judged by one of its fields.
fn names_secret(key: &str, value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let hides = || {
        let entry = told(text);
        let is_environment = || entry.is_environment && !entry.is_block && letters(text).starts_with("environment");
        entry.is_secret || entry.is_header || is_environment()
    };
    let key = told(key);
    key.is_name_of_header || (key.is_name && hides())
}

fn kept(value: Value, within: Within) -> Option<Value> {
    match value {
        Value::Object(map) => {
            let was_empty = map.is_empty();
            let mut open = fields(map, within);
            super::mark_emptied(&mut open, was_empty);
            Some(Value::Object(open))
        }
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            if words.is_some_and(|words| words.len() > 1 && commands::words_have_secret(&words, within.depth, within.judge)) {
                return None;
            }
            // `KEY=value`, as environments are written in a list.
            let is_hidden = |item: &Value| within.is_hidden && item.is_string();
            let was_empty = items.is_empty();
            let mut is_told = false;
            // What is not told stays in its place: without it what holds of the others would hold of all.
            let open = items.into_iter().map(|item| {
                let item = if is_hidden(&item) { None } else { kept(item, within) };
                is_told |= item.is_some();
                item.unwrap_or_else(|| NOT_TOLD.into())
            });
            let open = open.collect();
            (was_empty || is_told).then_some(Value::Array(open))
        }
        Value::String(text) => kept_text(text, within).map(Value::String),
        other => Some(other),
    }
}

/// A text as far as it may be kept; one that is JSON is kept without its secret parts.
fn kept_text(text: String, within: Within) -> Option<String> {
    if let Some(inner) = json(&text) {
        if within.depth >= DEPTH {
            return None;
        }
        let open = opened(inner.clone(), Within::texts(within.depth + 1, within.judge))?;
        // What is secret only to whoever reads the text as a whole goes with all of it.
        let text = if open == inner { text } else { open.to_string() };
        return Some(text).filter(|text| !knowledge().patterns.is_match(text.as_bytes()));
    }
    Some(text).filter(|text| !within.is_secret(text))
}

fn json(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn opened(document: Value, within: Within) -> Option<Value> {
    match document {
        Value::Object(map) => Some(Value::Object(fields(map, within))),
        other => kept(other, within),
    }
}

/// Whether a text is a document with a secret in it.
pub(super) fn has_secret(text: &str, depth: usize, judge: Judge) -> bool {
    let within = Within::texts(depth + 1, judge);
    let is_secret = |document: Value| depth >= DEPTH || opened(document.clone(), within).is_none_or(|open| open != document);
    match json(text) {
        Some(document) => is_secret(document),
        // What stands in brackets may be no more than a part.
        None => bracketed(text).and_then(json).is_some_and(is_secret) || yaml(text).is_some_and(is_secret),
    }
}

/// What a text has in brackets.
fn bracketed(text: &str) -> Option<&str> {
    let (start, end) = (text.find(['{', '['])?, text.rfind(['}', ']'])?);
    text.get(start..=end)
}

/// A map or a list in YAML of more than one line, or in brackets.
fn yaml(text: &str) -> Option<Value> {
    let is_one = text.trim_end().contains('\n') || text.contains(['{', '[']);
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if !is_one || brackets > BRACKETS || !text.contains([':', '-']) {
        return None;
    }
    let value: Value = serde_yaml::from_str(text).ok()?;
    (value.is_object() || value.is_array()).then_some(value)
}

/// Whether a value gives nothing away, whatever it is called.
fn is_open(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => text.is_empty() || (text.len() < 16 && is_reference(text)),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Number(_) => false,
    }
}
