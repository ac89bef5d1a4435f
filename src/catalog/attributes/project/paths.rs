//! Attributes at dotted paths.
//!
//! In: attributes in the vocabulary's form, and a path through blocks. Out: whether something is there, and the attributes with
//! something put there or taken away.

use serde_json::{Map, Value};

/// Whether there is something at a dotted path.
pub(super) fn has(made: &Map<String, Value>, path: &str) -> bool {
    match path.split_once('.') {
        None => made.contains_key(path),
        Some((first, rest)) => match made.get(first) {
            Some(Value::Object(block)) => has(block, rest),
            Some(Value::Array(items)) => items.iter().any(|item| item.as_object().is_some_and(|block| has(block, rest))),
            _ => false,
        },
    }
}

/// Visits the blocks at a dotted path.
pub(super) fn within(made: &mut Map<String, Value>, path: &str, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let blocks = match made.get_mut(first) {
        Some(Value::Array(items)) => items.as_mut_slice(),
        Some(one) => std::slice::from_mut(one),
        None => &mut [],
    };
    for block in blocks.iter_mut().filter_map(Value::as_object_mut) {
        match rest {
            Some(rest) => within(block, rest, visit),
            None => visit(block),
        }
    }
}

/// Puts a value at a dotted path; what stands on the way and is no block makes way.
pub(in super::super) fn put(made: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            made.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let block = made.entry(first).or_insert_with(|| Map::new().into());
            if !block.is_object() {
                *block = Map::new().into();
            }
            if let Value::Object(block) = block {
                put(block, rest, value);
            }
        }
    }
}

/// Takes away what stands at a dotted path, of each block there.
pub(crate) fn forget(made: &mut Map<String, Value>, path: &str) {
    let Some((first, rest)) = path.split_once('.') else {
        made.shift_remove(path);
        return;
    };
    let blocks = match made.get_mut(first) {
        Some(Value::Array(items)) => items.as_mut_slice(),
        Some(one) => std::slice::from_mut(one),
        None => &mut [],
    };
    for block in blocks.iter_mut().filter_map(Value::as_object_mut) {
        forget(block, rest);
    }
}
