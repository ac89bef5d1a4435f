//! A resource in JSON, decoded field by field.
//!
//! In: where an item of `resources` begins. Out: the resource, how many values it has and where it ends, where all is plain and right
//! with it; else nothing, and it is decoded as a tree. No tree is built of it, and attributes and tags that are written as another's were
//! are those.

use super::super::blank;
use super::super::file::{OneOrMany, ResourceFile, Text};
use super::super::shared::Shared;
use super::{count, one};
use crate::diagnostics::characters::prints_as_nothing;
use crate::text::scan;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// How many texts of attributes, and of tags, are remembered.
const REMEMBERED: usize = 8192;

/// What texts of maps say, and how many values they have.
type Known<'t, T> = HashMap<&'t str, (Arc<T>, usize), RandomState>;

/// What was decoded so far, by how it is written.
#[derive(Debug, Default)]
pub(super) struct Written<'t> {
    configs: Known<'t, Map<String, Value>>,
    tags: Known<'t, IndexMap<String, Text>>,
}

/// Decodes the resource that begins at a place in a text.
pub(super) fn resource<'t>(
    text: &'t str,
    at: usize,
    written: &mut Written<'t>,
    shared: &mut Shared,
) -> Option<(ResourceFile, usize, usize)> {
    let mut resource = ResourceFile::default();
    let (mut values, mut seen) = (1, 0_u32);
    let end = scan::fields_at(text, at, |key, value| {
        let taken = take(&mut resource, (key, value), written, shared);
        let Some((place, more)) = taken else { return false };
        let is_first = seen & (1 << place) == 0;
        seen |= 1 << place;
        values += 1 + more;
        is_first
    })?;
    Some((resource, values, end))
}

/// Takes a field in: which one it is, and how many values it has.
fn take<'t>(
    resource: &mut ResourceFile,
    (key, value): (&'t str, &'t str),
    written: &mut Written<'t>,
    shared: &mut Shared,
) -> Option<(u32, usize)> {
    let (place, field) = match key {
        "service" => (0, &mut resource.service),
        "type" => (1, &mut resource.kind),
        "mode" => (2, &mut resource.mode),
        "name" => (3, &mut resource.name),
        "arn" => (4, &mut resource.arn),
        "account" => (5, &mut resource.account),
        "region" => (6, &mut resource.region),
        "environment" => (7, &mut resource.environment),
        "owner" => (8, &mut resource.owner),
        "part_of" => (9, &mut resource.part_of),
        "from" => (10, &mut resource.from),
        "provider" => (11, &mut resource.provider),
        "count" => {
            resource.count = Some(value.parse().ok()?);
            return Some((12, 1));
        }
        "data" => {
            let tree = one(value)?;
            let values = count(&tree);
            resource.data = Some(data(tree)?);
            return Some((13, values));
        }
        "tags" => {
            let decode = |tree| {
                let tags = serde_json::from_value(Value::Object(tree)).ok()?;
                Some(shared.share_written_tags(Arc::new(tags)))
            };
            let (tags, values) = known_or(&mut written.tags, value, decode)?;
            resource.tags = tags;
            return Some((14, values));
        }
        "config" => {
            let decode = |tree| Some(shared.share(Arc::new(tree)));
            let (config, values) = known_or(&mut written.configs, value, decode)?;
            resource.config = config;
            return Some((15, values));
        }
        _ => return None,
    };
    *field = Some(text(value)?);
    Some((place, 1))
}

/// What a map says, decoded once for all that are written so.
fn known_or<'t, T>(
    known: &mut Known<'t, T>,
    written: &'t str,
    decode: impl FnOnce(Map<String, Value>) -> Option<Arc<T>>,
) -> Option<(Arc<T>, usize)> {
    if let Some((made, values)) = known.get(written) {
        return Some((made.clone(), *values));
    }
    let tree = one(written)?;
    let values = count(&tree);
    let Value::Object(tree) = tree else { return None };
    let made = decode(tree)?;
    if known.len() < REMEMBERED {
        known.insert(written, (made.clone(), values));
    }
    Some((made, values))
}

/// A text without escapes in which something is seen, or that is empty.
fn text(value: &str) -> Option<Text> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = !inner.contains('\\') && (inner.is_empty() || !prints_as_nothing(inner));
    is_plain.then(|| Text(inner.to_owned()))
}

fn data(tree: Value) -> Option<OneOrMany> {
    let is_right = blank::faults(&tree, &Arc::default()).is_empty();
    is_right.then(|| serde_json::from_value(tree).ok()).flatten()
}
