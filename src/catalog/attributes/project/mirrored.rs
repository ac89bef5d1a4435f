//! Declared blocks within others.
//!
//! In: a block as its source has it, and the steps of a dotted name behind it. Out: the same blocks with what is declared of those
//! at the end; each block on the way stays one, so that what one of two has is not the other's.

use super::super::open::{OPEN, is_open, untold};
use super::super::{Attribute, Origin};
use crate::catalog::predicate::NOT_TOLD;
use serde_json::{Map, Value};

impl Attribute {
    /// A value with what is declared behind these steps, block by block. `known`: what is known of it already.
    pub(super) fn mirrored(&self, origin: Origin, raw: &Value, steps: &[&str], known: Option<Value>) -> Option<Value> {
        match (raw, steps) {
            (Value::Array(items), [_, ..]) => {
                let known = match known {
                    Some(Value::Array(known)) if known.len() == items.len() => known.into_iter().map(Some).collect(),
                    _ => vec![None; items.len()],
                };
                let each = items.iter().zip(known).map(|(item, known)| match is_open(item) {
                    true => known.unwrap_or_else(|| untold(true)),
                    false => self.mirrored(origin, item, steps, known).unwrap_or_else(|| untold(true)),
                });
                Some(each.collect())
            }
            (Value::Object(map), [first, rest @ ..]) => {
                let mut made = match known {
                    Some(Value::Object(known)) => known,
                    _ => Map::new(),
                };
                // That nothing of it is told is so only until something is.
                made.shift_remove(NOT_TOLD);
                if let Some(inner) = map.get(*first).filter(|inner| !is_open(inner)) {
                    let known = made.get_mut(*first).map(std::mem::take);
                    if let Some(value) = self.mirrored(origin, inner, rest, known) {
                        made.insert((*first).to_owned(), value);
                    }
                }
                Some(block(made, map))
            }
            (Value::Null, [_, ..]) => known.or(Some(Value::Null)),
            (_, []) => Some(self.shaped(origin, raw.clone())),
            _ => known,
        }
    }
}

/// What is declared of a block. One of which nothing is stays as one that says no more, since it is there.
pub(super) fn block(mut declared: Map<String, Value>, whole: &Map<String, Value>) -> Value {
    if declared.is_empty() && !whole.is_empty() || whole.contains_key(OPEN) {
        declared.insert(NOT_TOLD.to_owned(), true.into());
    }
    Value::Object(declared)
}
