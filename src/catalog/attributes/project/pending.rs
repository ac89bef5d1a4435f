//! Changes that are under way: what an answer says of an attribute then is not certain; and what is gone as a whole.
//!
//! In: an attribute, and what its resource or block says. Out: whether a change of it is pending. Of a resource whether its own
//! state says that it is gone.

use super::{Attribute, Level, Origin, Path, ResourceType};
use serde_json::{Map, Value};

impl ResourceType {
    /// Whether its own state says that it is gone, or is being taken away for good. What cannot be read does not say so.
    pub(crate) fn is_gone(&self, origin: Origin, raw: &Map<String, Value>) -> bool {
        !self.gone.is_empty() && {
            let level = self.level(origin, raw);
            let mut states = self.gone.iter();
            states.any(|(path, words)| level.reach(path).values.into_iter().any(|value| says(value, words)))
        }
    }
}

impl Attribute {
    /// Whether an origin says that a change of it is under way, or that it does not work although it is on, or may say so.
    pub(super) fn is_pending(&self, origin: Origin, level: &Level<'_>) -> bool {
        let is_said = |(path, words): &(Path, Vec<Box<str>>)| {
            let reached = level.reach(path);
            // Whether it is under way a plan never knows.
            reached.is_open && origin == Origin::Config || reached.values.into_iter().any(|value| says(value, words))
        };
        self.pending(origin).iter().any(is_said) || self.failing(origin).iter().any(is_said) && !self.is_off(origin, level)
    }

    /// Whether an origin says that it is switched off.
    fn is_off(&self, origin: Origin, level: &Level<'_>) -> bool {
        let mut made = Map::new();
        self.project(origin, level, &mut made);
        made.get(&*self.name).is_some_and(is_no)
    }
}

/// Whether a value says that something is switched off.
fn is_no(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => !flag,
        other => other.as_str().is_some_and(|text| text.eq_ignore_ascii_case("false")),
    }
}

/// Whether a value is one of the words, or without any is something.
fn says(value: &Value, words: &[Box<str>]) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| says(item, words)),
        Value::Object(fields) if words.is_empty() => fields.values().any(|field| says(field, words)),
        Value::String(text) if !words.is_empty() => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
        Value::Bool(flag) if !words.is_empty() => words.iter().any(|word| **word == *flag.to_string()),
        other => words.is_empty() && !other.is_null() && other.as_str() != Some(""),
    }
}
