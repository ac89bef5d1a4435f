//! Terraform's own marks: the paths that it wrote next to a resource's attributes as sensitive.
//!
//! In: attributes and those paths. Out: the attributes without what is marked, wherever it stands again: the provider
//! repeats tags under `tags_all`, and marks only what was written.

use super::{NOT_TOLD, gone, is_statement};
use serde_json::{Map, Value};

/// How long a marked text is at least that is looked for in others.
const LEAST: usize = 4;

/// The attributes without those that Terraform marked.
pub(crate) fn unmarked(attributes: Map<String, Value>, sensitive: Option<&Value>) -> Map<String, Value> {
    let paths = match sensitive {
        None | Some(Value::Null) => return attributes,
        Some(Value::Array(paths)) if paths.is_empty() => return attributes,
        Some(Value::Array(paths)) => paths,
        Some(_) => return Map::new(),
    };
    let mut root = Value::Object(attributes);
    let mut marked = Vec::new();
    let mut all = false;
    for path in paths {
        let steps = if let Value::Array(steps) = path {
            steps.as_slice()
        } else {
            std::slice::from_ref(path)
        };
        all |= drop_path(&mut root, steps, false, &mut marked);
    }
    match root {
        Value::Object(mut attributes) if !all => {
            forget(&mut attributes, &marked);
            attributes
        }
        _ => Map::new(),
    }
}

/// Takes out what says the same as a value that was marked. `marked` are such values.
pub(crate) fn forget(attributes: &mut Map<String, Value>, marked: &[Value]) {
    let mut texts = Vec::new();
    marked.iter().for_each(|value| add_texts(value, &mut texts));
    if !texts.is_empty() {
        attributes.retain(|_, value| !says(value, &texts, false));
    }
}

fn add_texts<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) if text.len() >= LEAST && text != NOT_TOLD && !super::names::is_reference(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| add_texts(item, texts)),
        Value::Object(map) => map.values().for_each(|inner| add_texts(inner, texts)),
        _ => {}
    }
}

/// Whether a value says one of the texts; what is in it and does is taken out, of a policy's statement marked.
fn says(value: &mut Value, texts: &[&str], of_statement: bool) -> bool {
    match value {
        Value::String(text) => texts.iter().any(|marked| text.contains(marked)),
        Value::Array(items) => {
            for item in items {
                if says(item, texts, of_statement) {
                    // Items keep their places, and what is not told is not unset.
                    *item = gone(of_statement);
                }
            }
            false
        }
        Value::Object(map) => {
            let of_statement = of_statement || is_statement(map);
            map.retain(|_, inner| {
                let says = says(inner, texts, of_statement);
                if says && of_statement {
                    *inner = gone(of_statement);
                }
                !says || of_statement
            });
            false
        }
        _ => false,
    }
}

/// Drops what a path leads to and adds it to `marked`; true where that is `value` itself. A step that cannot be followed drops
/// all that it may mean.
fn drop_path(value: &mut Value, steps: &[Value], of_statement: bool, marked: &mut Vec<Value>) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        marked.push(value.clone());
        return true;
    };
    let step = match step.get("value") {
        // An index is a value with its type.
        Some(Value::Object(index)) => index.get("value"),
        Some(other) => Some(other),
        None => Some(step),
    };
    match (value, step) {
        (Value::Null, _) => false,
        (Value::Object(map), Some(Value::String(key))) => {
            let of_statement = of_statement || is_statement(map);
            if let Some(inner) = map.get_mut(key)
                && drop_path(inner, rest, of_statement, marked)
            {
                if of_statement {
                    *inner = gone(of_statement);
                } else {
                    map.shift_remove(key);
                }
            }
            false
        }
        (Value::Array(items), Some(Value::Number(index))) => {
            let item = index.as_u64().and_then(|index| items.get_mut(usize::try_from(index).ok()?));
            // Other paths count on the places of the items, so one that goes leaves its place.
            if let Some(item) = item
                && drop_path(item, rest, of_statement, marked)
            {
                *item = gone(of_statement);
            }
            false
        }
        _ => true,
    }
}
