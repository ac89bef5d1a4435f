//! What a source sets without telling to what: a parameter of a template that has no default, or a condition that only a
//! deployment settles.
//!
//! In: values with marks at such places, as an importer puts them. Out: the same without marks: of a property nothing
//! remains, so that nothing is known of it, and it does not count as left out; an item of a list stays as one that is not
//! told, since the list may have it.

use crate::catalog::predicate::NOT_TOLD;
use serde_json::{Map, Value};

/// The key of a mark. A block that has it beside others may have more than it tells.
pub(crate) const OPEN: &str = "(?)";

/// The attribute that names those of a resource that somebody asks for and its source sets to what cannot be read.
pub(crate) const UNREAD: &str = "(open)";

/// Adds to the names of such attributes.
pub(crate) fn add_unread<'n>(config: &mut Map<String, Value>, names: impl IntoIterator<Item = &'n str>) {
    let mut names = names.into_iter().peekable();
    if names.peek().is_none() {
        return;
    }
    if let Value::Array(known) = config.entry(UNREAD).or_insert_with(|| Value::Array(Vec::new())) {
        for name in names {
            if !known.iter().any(|one| one == name) {
                known.push(name.into());
            }
        }
    }
}

/// Whether any of some attributes is set to what cannot be read.
pub(crate) fn is_unread(config: &Map<String, Value>, names: &[String]) -> bool {
    let known = config.get(UNREAD).and_then(Value::as_array);
    known.is_some_and(|known| known.iter().any(|one| names.iter().any(|name| one == name)))
}

/// A mark.
pub(crate) fn open() -> Value {
    Value::Object(Map::from_iter([(OPEN.to_owned(), true.into())]))
}

/// Whether a value is a mark.
pub(crate) fn is_open(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.len() == 1 && map.contains_key(OPEN))
}

/// A value of which is told that it is there, and no more: a text, or a block.
pub(super) fn untold(is_block: bool) -> Value {
    if is_block {
        Value::Object(Map::from_iter([(NOT_TOLD.to_owned(), true.into())]))
    } else {
        NOT_TOLD.into()
    }
}

/// Whether anything in a value is a mark, or a block that may have more than it tells.
fn has_mark(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key(OPEN) || map.values().any(has_mark),
        Value::Array(items) => items.iter().any(has_mark),
        _ => false,
    }
}

/// A value that is looked at as a whole, such as a document or a list: what is open in it stays, as not told.
pub(crate) fn told(value: Value, is_block: bool) -> Value {
    match value {
        // Most have none, and need not be built anew.
        whole if !has_mark(&whole) => whole,
        mark if is_open(&mark) => untold(is_block),
        Value::Object(map) => {
            let fields = map.into_iter().map(|(key, value)| {
                if key == OPEN {
                    (NOT_TOLD.to_owned(), true.into())
                } else {
                    (key, told(value, false))
                }
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => {
            let of_blocks = is_block || items.iter().any(|item| item.is_object() && !is_open(item));
            items.into_iter().map(|item| told(item, of_blocks)).collect()
        }
        other => other,
    }
}

/// Takes the marks out of attributes as their source has them, once what is declared of them was read.
pub(crate) fn without_marks(map: &mut Map<String, Value>) {
    map.retain(|key, value| key != OPEN && !is_open(value));
    for value in map.values_mut() {
        match value {
            Value::Object(inner) => without_marks(inner),
            Value::Array(_) => *value = told(std::mem::take(value), false),
            _ => {}
        }
    }
}
