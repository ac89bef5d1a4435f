//! Values at dotted paths of attributes.
//!
//! In: attributes and a path such as `rule.apply.sse_algorithm`. Out: what is found through all blocks on the way.

use crate::catalog::attributes::open::{OPEN, is_open};
use crate::catalog::predicate::NOT_TOLD;
use serde_json::{Map, Value};

/// A text that is not empty.
pub(super) fn text<'a>(config: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    config.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Whether a text tells all of itself: one that does not is no name, since two of them need not be the same.
fn is_told(text: &str) -> bool {
    !text.is_empty() && !text.contains(NOT_TOLD)
}

/// A text, or the texts of a list, at a dotted path: those of every block on the way, as far as they are told.
pub(super) fn texts<'a>(config: &'a Map<String, Value>, path: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    collect(config, path, &mut found);
    found
}

fn collect<'a>(config: &'a Map<String, Value>, path: &str, found: &mut Vec<&'a str>) {
    match (config.get(path), path.split_once('.')) {
        (Some(Value::String(text)), _) if is_told(text) => found.push(text),
        (Some(Value::Array(items)), _) => {
            found.extend(items.iter().filter_map(Value::as_str).filter(|text| is_told(text)));
        }
        (None, Some((first, rest))) => match config.get(first) {
            Some(Value::Object(block)) => collect(block, rest, found),
            Some(Value::Array(blocks)) => blocks
                .iter()
                .filter_map(Value::as_object)
                .for_each(|block| collect(block, rest, found)),
            _ => {}
        },
        _ => {}
    }
}

/// Whether a dotted path leads to something that is known to be unset.
pub(super) fn is_unset_at(config: &Map<String, Value>, path: &str) -> bool {
    match (config.get(path), path.split_once('.')) {
        (Some(Value::Null), _) => true,
        (Some(Value::String(text)), _) => text.is_empty(),
        (Some(Value::Array(items)), _) => items.is_empty(),
        (None, Some((first, rest))) => match config.get(first) {
            Some(Value::Object(block)) => is_unset_at(block, rest),
            Some(Value::Array(blocks)) => blocks
                .iter()
                .all(|block| block.as_object().is_some_and(|block| is_unset_at(block, rest))),
            Some(Value::Null) => true,
            _ => false,
        },
        _ => false,
    }
}

/// Whether what a dotted path leads to is open, or whether there may be more.
pub(super) fn is_open_at(config: &Map<String, Value>, path: &str) -> bool {
    let is_one = |value: &Value| is_open(value) || value.as_str().is_some_and(|text| text.contains(NOT_TOLD));
    let is_open_item = |value: &Value| match value {
        Value::Array(items) => items.iter().any(is_one),
        other => is_one(other),
    };
    match (config.get(path), path.split_once('.')) {
        (Some(value), _) => is_open_item(value),
        (None, Some((first, rest))) => match config.get(first) {
            Some(Value::Object(block)) => is_open_at(block, rest),
            Some(Value::Array(blocks)) => blocks.iter().filter_map(Value::as_object).any(|block| is_open_at(block, rest)),
            _ => config.contains_key(OPEN),
        },
        (None, None) => config.contains_key(OPEN),
    }
}

/// Whether anything in a value is open.
pub(super) fn has_open(config: &Map<String, Value>) -> bool {
    fn within(value: &Value) -> bool {
        match value {
            Value::Object(map) => has_open(map),
            Value::Array(items) => items.iter().any(within),
            _ => false,
        }
    }
    config.contains_key(OPEN) || config.values().any(within)
}

/// Puts a value at a dotted path; what stands on the way and is no block makes way.
pub(super) fn put(config: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            config.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let block = config.entry(first).or_insert_with(|| Map::new().into());
            if !block.is_object() {
                *block = Map::new().into();
            }
            if let Value::Object(block) = block {
                put(block, rest, value);
            }
        }
    }
}
