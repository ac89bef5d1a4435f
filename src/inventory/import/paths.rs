//! Values at dotted paths of attributes.
//!
//! In: attributes and a path such as `rule.apply.sse_algorithm`. Out: what is found through all blocks on the way.

use serde_json::{Map, Value};

/// A text that is not empty.
pub(super) fn text<'a>(config: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    config.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A text, or the texts of a list.
pub(super) fn texts<'a>(config: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
    match config.get(key) {
        Some(Value::String(text)) if !text.is_empty() => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).collect(),
        _ => Vec::new(),
    }
}

/// The values at a dotted path that are set, through all blocks on the way.
pub(super) fn values<'a>(config: &'a Map<String, Value>, path: &str) -> Vec<&'a Value> {
    fn within<'a>(value: &'a Value, path: &str, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(map) => found.extend(values(map, path)),
            Value::Array(items) => items.iter().for_each(|item| within(item, path, found)),
            _ => {}
        }
    }
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let mut found = Vec::new();
    match (config.get(first), rest) {
        (Some(value), Some(rest)) => within(value, rest, &mut found),
        (Some(value), None) if !value.is_null() && value != "" => found.push(value),
        _ => {}
    }
    found
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

/// Adds values to a list, which begins where there is none.
pub(super) fn add(config: &mut Map<String, Value>, key: &str, values: Vec<Value>) {
    let list = config.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    if let Value::Array(items) = list {
        for value in values {
            if !items.contains(&value) {
                items.push(value);
            }
        }
    }
}
