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
