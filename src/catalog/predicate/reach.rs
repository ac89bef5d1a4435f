//! What a path leads to.
//!
//! In: attributes or a value, and a path. Out: everything that the path leads to, through all blocks on the way. A block
//! that lacks the attribute is there as one of which nothing is known; a block or list that is known to be unset leads
//! to null.

use super::Attributes;
use serde_json::Value;

/// What one block holds at the end of a path; none where it does not say.
pub(super) type Found<'a> = Option<&'a Value>;

const UNSET: &Value = &Value::Null;

/// What the path leads to; nothing at all where the attribute itself is missing.
pub(super) fn reach<'a>(attributes: &'a Attributes, path: &[String]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    if let Some((first, rest)) = path.split_first()
        && let Some(value) = attributes.get(first)
    {
        reach_in(value, rest, &mut found);
    }
    found
}

/// As [`reach`], from an attribute's value on.
pub(super) fn reach_in<'a>(value: &'a Value, rest: &[String], found: &mut Vec<Found<'a>>) {
    let Some((step, further)) = rest.split_first() else {
        found.push(Some(value));
        return;
    };
    match value {
        Value::Object(block) => match block.get(step) {
            Some(inner) => reach_in(inner, further, found),
            None => found.push(None),
        },
        Value::Array(items) if items.is_empty() => found.push(Some(UNSET)),
        Value::Array(items) => items.iter().for_each(|item| reach_in(item, rest, found)),
        Value::Null => found.push(Some(UNSET)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(None),
    }
}

/// The blocks at the end of a path: maps, alone or in lists; none where the path is not settled.
pub(super) fn blocks<'a>(found: &[Found<'a>]) -> Option<Vec<&'a Attributes>> {
    let mut blocks = Vec::new();
    for value in found {
        collect((*value)?, &mut blocks)?;
    }
    Some(blocks)
}

fn collect<'a>(value: &'a Value, blocks: &mut Vec<&'a Attributes>) -> Option<()> {
    match value {
        Value::Object(block) => blocks.push(block),
        Value::Array(items) => {
            for item in items {
                collect(item, blocks)?;
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    }
    Some(())
}
