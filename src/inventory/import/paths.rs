//! Values at dotted paths of attributes.
//!
//! In: attributes and a path such as `rule.apply.sse_algorithm`. Out: what is found through all blocks on the way.

use serde_json::{Map, Value};

/// A text that is not empty.
pub(super) fn text<'a>(config: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    config.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A text, or the texts of a list, at a dotted path: those of every block on the way.
pub(super) fn texts<'a>(config: &'a Map<String, Value>, path: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    collect(config, path, &mut found);
    found
}

fn collect<'a>(config: &'a Map<String, Value>, path: &str, found: &mut Vec<&'a str>) {
    match (config.get(path), path.split_once('.')) {
        (Some(Value::String(text)), _) if !text.is_empty() => found.push(text),
        (Some(Value::Array(items)), _) => {
            found.extend(items.iter().filter_map(Value::as_str).filter(|text| !text.is_empty()));
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
