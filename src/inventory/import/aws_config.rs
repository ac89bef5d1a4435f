//! AWS Config: snapshots, history, single items, and the answers of `select-resource-config` and
//! `list-discovered-resources`.
//!
//! In: JSON that has configuration items somewhere. Out: one resource for each item that is not a deletion.

use super::json::{self, text};
use super::terraform_state::{secrets, text as file_text};
use super::{Imported, ImportedResource, Importer};
use crate::diagnostics::{Outcome, Place};
use serde_json::Value;
use std::sync::Arc;

/// The importer of what AWS Config writes.
pub(super) struct AwsConfig;

impl Importer for AwsConfig {
    fn name(&self) -> &'static str {
        "AWS Config"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let words = [
            "\"configurationItem",
            "\"invokingEvent\"",
            "\"baseConfigurationItems\"",
            "\"resourceIdentifiers\"",
        ];
        json::has_word(bytes, &words) || json::has_word(bytes, &["\"Results\""]) && json::has_word(bytes, &["resourceType", "resourceId"])
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let document = file_text::decode(bytes, file, place)?;
        let mut items = Vec::new();
        collect(document.value, &mut items, 0);
        let resources = items
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| resource(item, index))
            .collect();
        Ok(Imported {
            file: file.clone(),
            resources,
            ..Imported::default()
        })
    }
}

/// Items lie in lists, in an answer's envelope, or in texts that are JSON themselves.
fn collect(value: Value, items: &mut Vec<Value>, depth: usize) {
    const DEPTH: usize = 6;
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(map) if map.contains_key("resourceType") || map.contains_key("resourceId") => items.push(Value::Object(map)),
        Value::Object(map) => {
            let lists = [
                "data",
                "configurationItems",
                "configurationItem",
                "baseConfigurationItems",
                "invokingEvent",
                "Results",
                "resourceIdentifiers",
            ];
            for (_, inner) in map.into_iter().filter(|(key, _)| lists.contains(&key.as_str())) {
                collect(inner, items, depth + 1);
            }
        }
        Value::Array(list) => list.into_iter().for_each(|inner| collect(inner, items, depth + 1)),
        Value::String(inner) => {
            if let Ok(inner) = serde_json::from_str(&inner) {
                collect(inner, items, depth + 1);
            }
        }
        _ => {}
    }
}

fn resource(mut item: Value, index: usize) -> Option<ImportedResource> {
    let status = text(&item, &["configurationItemStatus"]).unwrap_or_default();
    if status.contains("Deleted") || status.contains("NotRecorded") {
        return None;
    }
    // A query that did not select the type leaves the ARN to tell, if that was selected.
    let by_arn = || json::kind_of_arn(text(&item, &["ARN", "arn"])?);
    let kind: Arc<str> = text(&item, &["resourceType"])
        .map(str::to_owned)
        .or_else(by_arn)
        .unwrap_or_else(|| "unknown".to_owned())
        .into();
    let configuration = match item.get_mut("configuration").map(Value::take).unwrap_or_default() {
        Value::String(inner) => serde_json::from_str(&inner).unwrap_or_default(),
        other => other,
    };
    let mut config = json::attributes(configuration);
    if let Some(Value::Object(more)) = item.get_mut("supplementaryConfiguration").map(Value::take) {
        for (key, value) in json::attributes(Value::Object(more)) {
            let value = match &value {
                Value::String(inner) => serde_json::from_str(inner).map_or(value, |inner: Value| match inner {
                    Value::Object(map) => Value::Object(crate::inventory::normalised(&map)),
                    other => other,
                }),
                _ => value,
            };
            config.entry(key).or_insert(value);
        }
    }
    let arn = text(&item, &["ARN", "arn"]).map(str::to_owned);
    let of_arn = |field: usize| {
        arn.as_deref()
            .and_then(json::arn_fields)
            .and_then(|fields| json::stated(fields[field]))
    };
    Some(ImportedResource {
        name: text(&item, &["resourceName", "resourceId"]).map(str::to_owned),
        address: text(&item, &["resourceId"]).map_or_else(|| format!("item {}", index + 1), str::to_owned),
        account: of_arn(2).or_else(|| text(&item, &["awsAccountId", "accountId"]).and_then(json::stated)),
        region: of_arn(1).or_else(|| text(&item, &["awsRegion"]).and_then(json::stated)),
        tags: json::tags(item.get("tags")),
        config: secrets::without(&kind, config, None),
        kind,
        arn,
        ..ImportedResource::default()
    })
}
