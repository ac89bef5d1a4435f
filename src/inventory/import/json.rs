//! What the importers of AWS's own JSON share: telling a file by its first bytes, and texts, tags and names in it.

use crate::catalog::predicate::Attributes;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// How far into a file the words are looked for that tell what it is.
const WINDOW: usize = 64 * 1024;

/// Whether the beginning of a file has one of these words and is no inventory.
pub(super) fn has_word(bytes: &[u8], words: &[&str]) -> bool {
    let text = beginning(bytes);
    let is_inventory = text
        .lines()
        .any(|line| line.starts_with("inventory:") || line.trim_start().starts_with("\"inventory\":"));
    !is_inventory && words.iter().any(|word| text.contains(word))
}

/// The beginning of a file as text, without what is no letter of one byte in UTF-16.
pub(super) fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let window = &bytes[..bytes.len().min(WINDOW)];
    match window {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            let letters: Vec<u8> = window.iter().copied().filter(|byte| byte.is_ascii() && *byte != 0).collect();
            Cow::Owned(String::from_utf8_lossy(&letters).into_owned())
        }
        _ => String::from_utf8_lossy(window),
    }
}

/// A text field by the first of its names that there is.
pub(super) fn text<'v>(of: &'v Value, names: &[&str]) -> Option<&'v str> {
    names
        .iter()
        .find_map(|name| of.get(*name)?.as_str())
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Tags as a map, or as a list of keys and values.
pub(super) fn tags(of: Option<&Value>) -> Vec<(Arc<str>, String)> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let mut tags: Vec<(Arc<str>, String)> = match of {
        Some(Value::Object(map)) => map
            .iter()
            .filter_map(|(key, value)| Some((key.as_str().into(), plain(value)?)))
            .collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|one| {
                let value = one.get("Value").or_else(|| one.get("value")).unwrap_or(&Value::Null);
                Some((text(one, &["Key", "key"])?.into(), plain(value).unwrap_or_default()))
            })
            .collect(),
        _ => Vec::new(),
    };
    tags.sort();
    tags.dedup_by(|a, b| a.0 == b.0);
    tags
}

/// The fields of an ARN: namespace, Region, account, resource.
pub(super) fn arn_fields(arn: &str) -> Option<[&str; 4]> {
    let mut fields = arn.splitn(6, ':');
    let begins = fields.next() == Some("arn");
    let (_, namespace, region, account, resource) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    begins.then_some([namespace, region, account, resource])
}

/// What an ARN calls the type of its resource: `ec2:subnet`, or `sqs` where it names none.
pub(super) fn kind_of_arn(arn: &str) -> Option<String> {
    let [namespace, _, _, resource] = arn_fields(arn)?;
    Some(match resource.split_once(['/', ':']) {
        Some((kind, _)) if !kind.is_empty() => format!("{namespace}:{kind}"),
        _ => namespace.to_owned(),
    })
}

/// The last part of an ARN: what people call the resource.
pub(super) fn name_of_arn(arn: &str) -> Option<String> {
    let [_, _, _, resource] = arn_fields(arn)?;
    resource
        .rsplit(['/', ':'])
        .next()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// A field that stands for something: not empty, and not AWS's word for "in no Region".
pub(super) fn stated(text: &str) -> Option<Arc<str>> {
    (!text.is_empty() && text != "global").then(|| text.into())
}

/// Attributes in Terraform's spelling, of whatever depth.
pub(super) fn attributes(value: Value) -> Attributes {
    match value {
        Value::Object(map) => crate::inventory::normalised(&map),
        _ => Map::new(),
    }
}
