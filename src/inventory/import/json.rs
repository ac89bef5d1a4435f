//! What the importers of AWS's own JSON share: texts, tags and names in it.
//!
//! In: values as AWS's interfaces write them. Out: what they say, in this program's words.

use super::location::{is_account, is_region, region_of_zone};
use crate::catalog::predicate::Attributes;
use crate::catalog::spelling::into_normalised;
use crate::catalog::{Arn, provider};
use crate::source::secrets;
use serde_json::{Map, Value};
use std::sync::Arc;

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
                // `key=value`, as the answer of an aggregator has them.
                if let Some((key, value)) = one.as_str().and_then(|one| one.split_once('=')) {
                    return Some((key.into(), value.to_owned()));
                }
                let value = ["Value", "value"].iter().find_map(|name| one.get(*name)).unwrap_or(&Value::Null);
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
    let arn = Arn::parse(arn)?;
    Some([arn.namespace, arn.region, arn.account, arn.resource])
}

/// What an ARN calls the type of its resource: `ec2:subnet`, or `sqs` where it names none. A type is a word; anything else
/// that stands in its place is a part of a name, of which it cannot be told alone whether it is secret.
pub(super) fn kind_of_arn(arn: &str) -> Option<String> {
    let [namespace, _, _, resource] = arn_fields(arn)?;
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if !is_word(namespace) {
        return None;
    }
    Some(match resource.split_once(['/', ':']) {
        Some((kind, _)) if is_word(kind) => format!("{namespace}:{kind}"),
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
    (!provider::is_nowhere(text)).then(|| text.into())
}

/// Account and region: of the ARN, else as they are stated, else of the Availability Zone.
pub(super) fn whereabouts(
    arn: Option<&str>,
    account: Option<&str>,
    region: Option<&str>,
    zone: Option<&str>,
) -> (Option<Arc<str>>, Option<Arc<str>>) {
    let fields = arn.and_then(arn_fields);
    let account = fields
        .and_then(|fields| stated(fields[2]))
        .or_else(|| account.and_then(stated))
        .filter(|account| is_account(&&**account));
    let region = fields
        .and_then(|fields| stated(fields[1]))
        .or_else(|| region.and_then(stated))
        .filter(|region| is_region(&&**region))
        .or_else(|| zone.and_then(region_of_zone).map(Arc::from));
    (account, region)
}

/// Attributes by Terraform's names, without what is secret by where it stands.
pub(super) fn attributes(kind: &str, value: Value) -> Attributes {
    match value {
        Value::Object(map) => {
            let mut named = into_normalised(map);
            secrets::clear(kind, &mut named);
            named
        }
        _ => Map::new(),
    }
}
