//! Flat attributes, as Terraform 0.11 and older keep them.
//!
//! In: texts under dotted keys, such as `ingress.#` (how many), `ingress.0.from_port`, `tags.%` and `tags.Name`. Out:
//! the lists and maps that they stand for; all scalars remain texts.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Deeper keys stay flat; no schema of a provider comes near.
const DEPTH: usize = 32;

/// The attributes that flat ones stand for.
pub(super) fn nested(flat: Map<String, Value>) -> Map<String, Value> {
    match level(flat.into_iter().collect(), DEPTH) {
        Value::Object(attributes) => attributes,
        _ => Map::new(),
    }
}

fn level(entries: Vec<(String, Value)>, depth: usize) -> Value {
    // The keys of a map may have dots of their own.
    if depth == 0 || entries.iter().any(|(key, _)| key == "%") {
        return Value::Object(entries.into_iter().filter(|(key, _)| key != "%").collect());
    }
    let mut is_list = false;
    let mut scalars: IndexMap<String, Value> = IndexMap::new();
    let mut groups: IndexMap<String, Vec<(String, Value)>> = IndexMap::new();
    for (key, value) in entries {
        match key.split_once('.') {
            // The root is never a list.
            None if key == "#" => is_list = depth < DEPTH,
            None => {
                scalars.insert(key, value);
            }
            Some((first, rest)) => groups.entry(first.to_owned()).or_default().push((rest.to_owned(), value)),
        }
    }
    let inner = groups.into_iter().map(|(key, entries)| (key, level(entries, depth - 1)));
    let all = scalars.into_iter().chain(inner);
    if is_list {
        Value::Array(all.map(|(_, value)| value).collect())
    } else {
        Value::Object(all.collect())
    }
}
