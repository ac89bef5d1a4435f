//! Resources that may not be there while those are that they refer to.
//!
//! In: the entries of a file, each with the condition that it stands under. Out: a mark on each that stands under one that is
//! not settled, and another unless all that it refers to stands under the same: then both are there, or neither is.

use super::stack::Entry;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Marks them.
pub(super) fn mark(entries: &mut [Entry]) {
    let mut conditions: HashMap<String, Option<String>> = HashMap::new();
    for entry in entries.iter() {
        if let Entry::Own(found, condition) = entry {
            conditions.extend(found.called.iter().map(|name| (name.clone(), condition.clone())));
        }
    }
    for entry in entries {
        let Entry::Own(found, Some(condition)) = entry else { continue };
        found.is_conditional = true;
        let mut named = HashSet::new();
        found.resource.config.values().for_each(|value| references(value, &mut named));
        let mut others = named.iter().filter_map(|name| conditions.get(name)).peekable();
        let has_others = others.peek().is_some();
        let all_alike = others.all(|other| other.as_ref() == Some(condition));
        found.perhaps = !(has_others && all_alike);
    }
}

/// The names in texts, as resources are called: `${Logs}` of `${Logs.Arn}`.
fn references(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            let names = text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next());
            into.extend(names.map(|name| format!("${{{name}}}")));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        Value::Object(map) => map.values().for_each(|value| references(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
