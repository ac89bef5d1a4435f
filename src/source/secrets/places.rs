//! Places: where resources of a type keep a secret under a name that does not tell.
//!
//! In: a resource's attributes, and paths such as `stage.action.configuration` or `setting[name=Key].value`. Out: the attributes
//! without what is there.

use crate::catalog::spelling::{is_spelling_of, snake_case};
use serde_json::{Map, Value};

/// A path to a secret, by names in Terraform's spelling.
#[derive(Debug, Clone)]
pub(super) struct Place(Vec<Step>);

#[derive(Debug, Clone)]
struct Step {
    /// The key; none: any.
    key: Option<String>,
    /// Which entries of the list are meant: those with this field like this; none: all.
    only: Option<(String, String)>,
}

impl Place {
    /// A path as the catalog writes it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(path: &str) -> Result<Self, String> {
        let wrong = || format!("`{path}` is no path");
        let mut steps = Vec::new();
        let mut rest = path;
        while !rest.is_empty() {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, behind) = rest.split_at(end);
            let (only, behind) = match behind.strip_prefix('[') {
                Some(inner) => {
                    let (filter, behind) = inner.split_once(']').ok_or_else(wrong)?;
                    let (field, like) = filter.split_once('=').ok_or_else(wrong)?;
                    (Some((snake_case(field), like.to_lowercase())), behind)
                }
                None => (None, behind),
            };
            if key.is_empty() {
                return Err(wrong());
            }
            let key = (key != "*").then(|| snake_case(key));
            steps.push(Step { key, only });
            rest = behind.strip_prefix('.').unwrap_or(behind);
        }
        if steps.is_empty() { Err(wrong()) } else { Ok(Self(steps)) }
    }

    /// Takes what is there out of attributes, whose names are in Terraform's spelling.
    pub(super) fn clear(&self, attributes: &mut Map<String, Value>) {
        clear_map(attributes, &self.0);
    }

    /// Its keys; none: any.
    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.iter().map(|step| step.key.as_deref())
    }
}

fn clear_map(map: &mut Map<String, Value>, steps: &[Step]) {
    let Some((step, rest)) = steps.split_first() else { return };
    let is_all = rest.is_empty() && step.only.is_none();
    map.retain(|key, value| {
        let is_meant = step.key.as_ref().is_none_or(|wanted| is_spelling_of(wanted, key));
        !is_meant || (!is_all && clear_value(value, step, rest))
    });
}

/// Clears what is below a value; false where the value itself has to go.
fn clear_value(value: &mut Value, step: &Step, rest: &[Step]) -> bool {
    match value {
        Value::Array(items) => {
            let was_empty = items.is_empty();
            let mut is_told = false;
            for item in items.iter_mut() {
                if clear_value(item, step, rest) {
                    is_told = true;
                } else {
                    // Without it what holds of the others would hold of all.
                    *item = super::NOT_TOLD.into();
                }
            }
            was_empty || is_told
        }
        Value::Object(inner) => {
            let is_meant = step.only.as_ref().is_none_or(|(field, like)| {
                let said = inner.get(field).and_then(Value::as_str).unwrap_or_default();
                is_like(&said.to_lowercase(), like)
            });
            if is_meant {
                let was_empty = inner.is_empty();
                clear_map(inner, rest);
                super::mark_emptied(inner, was_empty);
            }
            true
        }
        // A text where a block is expected is that block as JSON, or something that is not understood.
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner) if inner.is_object() || inner.is_array() => {
                let before = inner.clone();
                let is_kept = clear_value(&mut inner, step, rest);
                if inner != before {
                    *text = inner.to_string();
                }
                is_kept
            }
            // A path through any key says of no text what it is: only what is no longer whole may have been such a block.
            _ => text.is_empty() || (step.key.is_none() && !rest.is_empty() && !text.trim_start().starts_with(['{', '['])),
        },
        _ => true,
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => text == pattern,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_reached_through_lists_and_by_entries() {
        let attributes = json!({"a": [{"b": {"c": 1, "d": 2}}, {"b": "text"}, {"b": "[{\"C\": 1, \"D\": 2}]"}], "s": [{"n": "X:y", "v": 1}, {"n": "z", "v": 2}], "other": {"k": 1}, "arn": "arn:x", "names": ["n"], "cut": "{\"k\": 1"});
        let mut attributes = attributes.as_object().unwrap().clone();
        for path in ["A.B.C", "s[n=x:*].v", "*.k"] {
            clear_map(&mut attributes, &Place::parse(path).unwrap().0);
        }
        assert_eq!(
            Value::Object(attributes),
            json!({"a": [{"b": {"d": 2}}, {"(...)": true}, {"b": "[{\"D\":2}]"}], "s": [{"n": "X:y"}, {"n": "z", "v": 2}], "other": {"(...)": true}, "arn": "arn:x", "names": ["n"]})
        );
        for wrong in ["", ".a", "a[b", "a[b].c"] {
            assert!(Place::parse(wrong).is_err(), "{wrong}");
        }
    }
}
