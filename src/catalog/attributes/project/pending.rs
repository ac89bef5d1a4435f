//! Changes that are under way: what an answer says of an attribute then is not certain.
//!
//! In: an attribute, and what its resource or block says. Out: whether a change of it is pending.

use super::{Attribute, Level, Origin};
use serde_json::Value;

impl Attribute {
    /// Whether an origin says that a change of it is under way, or may say so.
    pub(super) fn is_pending(&self, origin: Origin, level: &Level<'_>) -> bool {
        self.pending(origin).iter().any(|(path, words)| {
            let reached = level.reach(path);
            reached.is_open || reached.values.into_iter().any(|value| says(value, words))
        })
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
