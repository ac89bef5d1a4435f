//! Terraform's own marks: the paths that it wrote next to a resource's attributes as sensitive.
//!
//! In: attributes and those paths. Out: the attributes without what is marked, wherever it stands again: the provider
//! repeats tags under `tags_all`, and marks only what was written. What a whole document marks is looked for in all of it
//! ([`Marked`]).

use super::{NOT_TOLD, gone, is_statement};
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How long a marked text is at least that is looked for in others of the same resource.
const LEAST: usize = 4;

/// The same in all of a document: shorter ones (`prod`, `3306`) are words of many resources that were never theirs.
const LEAST_ELSEWHERE: usize = 8;

/// How much of a marked text is looked for first; where that is found, the rest is compared.
const BEGINNING: usize = 32;

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
        attributes.retain(|_, value| !says(value, &|text| texts.iter().any(|marked| text.contains(marked)), false));
    }
}

/// All that one document marks as secret, to be looked for in all that it says, however much there is of both.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    beginnings: Option<AhoCorasick>,
    /// What goes on behind each beginning, shortest first.
    rests: Vec<Vec<Vec<u8>>>,
}

impl Marked {
    /// What these values say.
    pub(crate) fn of(marked: &[Value]) -> Self {
        let mut texts = Vec::new();
        marked.iter().for_each(|value| add_texts(value, &mut texts));
        let mut by_beginning: BTreeMap<&[u8], Vec<Vec<u8>>> = BTreeMap::new();
        for text in texts.iter().filter(|text| text.len() >= LEAST_ELSEWHERE) {
            let (beginning, rest) = text.as_bytes().split_at(text.len().min(BEGINNING));
            by_beginning.entry(beginning).or_default().push(rest.to_vec());
        }
        let beginnings = AhoCorasick::builder().match_kind(MatchKind::Standard).build(by_beginning.keys());
        let mut rests: Vec<Vec<Vec<u8>>> = by_beginning.into_values().collect();
        for rests in &mut rests {
            rests.sort();
            rests.dedup();
        }
        // It fails where there is more than 4 GiB of text.
        let beginnings = beginnings.ok().filter(|_| !rests.is_empty());
        Self { beginnings, rests }
    }

    /// Whether a text says one of them.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.beginnings.as_ref().is_some_and(|beginnings| {
            beginnings.find_overlapping_iter(text).any(|found| {
                let behind = text.as_bytes().get(found.end()..).unwrap_or_default();
                let rests = self.rests.get(found.pattern().as_usize());
                rests.is_some_and(|rests| rests.iter().any(|rest| behind.starts_with(rest)))
            })
        })
    }

    /// The attributes without what says one of them.
    pub(crate) fn forget(&self, attributes: &mut Map<String, Value>) {
        if self.beginnings.is_some() {
            attributes.retain(|_, value| !says(value, &|text| self.is_in(text), false));
        }
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

/// Whether a value is a text that tells something secret; what is in it and does is taken out, of a policy's statement marked.
fn says(value: &mut Value, tells: &dyn Fn(&str) -> bool, of_statement: bool) -> bool {
    match value {
        Value::String(text) => tells(text),
        Value::Array(items) => {
            for item in items {
                if says(item, tells, of_statement) {
                    // Items keep their places, and what is not told is not unset.
                    *item = gone(of_statement);
                }
            }
            false
        }
        Value::Object(map) => {
            let of_statement = of_statement || is_statement(map);
            map.retain(|key, inner| {
                let says = tells(key) || says(inner, tells, of_statement);
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
