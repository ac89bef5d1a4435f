//! Groups of items of AWS Config.
//!
//! In: a row of a query over items. Out: the resource that an item with what the row says would have given.

use super::{Counted, Said};
use crate::catalog::looked_at::letters;
use crate::inventory::import::aws_config;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The columns of an item, and what it calls them.
const ITEM: &[(&str, &str)] = &[
    ("resource_type", "resourceType"),
    ("account_id", "awsAccountId"),
    ("region", "awsRegion"),
    ("zone", "availabilityZone"),
    ("arn", "ARN"),
    ("resource_id", "resourceId"),
    ("configuration", "configuration"),
    ("supplementary_configuration", "supplementaryConfiguration"),
    ("tags", "tags"),
];

/// Those of them that are JSON.
const JSON: &[&str] = &["configuration", "supplementary_configuration", "tags"];

/// What a row says; none if it cannot be read, or does not tell its type.
pub(super) fn said(counted: Counted<'_>) -> Option<Said> {
    let mut item = Map::new();
    for (name, cell) in counted.cells {
        let Some((_, key)) = ITEM.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let value = if JSON.contains(&name.as_str()) {
            serde_json::from_str(&cell).ok().filter(Value::is_object)?
        } else {
            cell.into_owned().into()
        };
        item.insert((*key).to_owned(), value);
    }
    let kind = item.get("resourceType")?.as_str()?.to_owned();
    let keys = item.contains_key("configuration").then(|| {
        let blocks = ["configuration", "supplementaryConfiguration"].into_iter();
        let blocks = blocks.filter_map(|key| item.get(key)?.as_object());
        blocks.flat_map(Map::keys).map(|key| letters(key)).collect::<BTreeSet<String>>()
    });
    Some(Said {
        found: aws_config::of_group(item.into())?,
        kind: Some(kind),
        keys,
    })
}
