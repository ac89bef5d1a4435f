//! AWS Config: snapshots, history, single items, and the answers of `select-resource-config` and
//! `list-discovered-resources`.
//!
//! In: JSON that has configuration items somewhere. Out: one resource for each item that is not a deletion.

use super::beginning::Keys;
use super::json::{self, text};
use super::location;
use super::siblings::{self, Found};
use super::{Broken, Entry, Form, Imported, ImportedResource, Importer};
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Outcome, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The importer of what AWS Config writes.
pub(super) struct AwsConfig;

/// Where items lie, by the names of lists, envelopes and texts that are JSON themselves, in small letters.
const WITHIN: &[&str] = &[
    "data",
    "configurationitems",
    "configurationitem",
    "baseconfigurationitems",
    "invokingevent",
    "results",
    "resourceidentifiers",
    "detail",
    "message",
    "records",
    "sns",
];

/// Keys of a file of this source. A list of resources of select-resource-config alone is told by its items.
const KEYS: &[&str] = &[
    "configurationItems",
    "configurationItem",
    "ConfigurationItem",
    "baseConfigurationItems",
    "BaseConfigurationItems",
    "invokingEvent",
    "configSnapshotId",
    "resourceIdentifiers",
    "ResourceIdentifiers",
    "detail.configurationItem",
    "configurationItemDiff",
    "configRuleName",
    "QueryInfo",
];

impl Importer for AwsConfig {
    fn id(&self) -> &'static str {
        "config"
    }

    fn name(&self) -> &'static str {
        "AWS Config"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        KEYS.iter().any(|key| keys.has(key))
            || keys.has("Results")
            || ((keys.has("resourceType") || keys.has("resourceId")) && !keys.has("resources"))
    }

    fn form(&self) -> Option<Form> {
        const LISTS: &[&str] = &[
            "configurationItems",
            "baseConfigurationItems",
            "BaseConfigurationItems",
            "Results",
            "resourceIdentifiers",
            "ResourceIdentifiers",
        ];
        Some(Form::Items(LISTS, entry))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let document = super::text::decode(bytes, file, place, super::text::ANSWER)?;
        let mut items = Vec::new();
        let mut broken = Broken::default();
        collect(document.value, &mut items, &mut broken, false, 0);
        let mut found: Vec<Found> = newest(items)
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| resource(item, index))
            .map(|resource| Found {
                resource,
                provider: Arc::default(),
                by_provider: false,
                handle: None,
            })
            .collect();
        siblings::copy(&mut found);
        location::fill_accounts(&mut found);
        let mut imported = Imported {
            file: file.clone(),
            resources: found.into_iter().map(|found| found.resource).collect(),
            warnings: document.warnings,
            ..Imported::default()
        };
        imported.warnings.extend(broken.warning(
            "are no configuration items",
            "ask for `resourceType`, `resourceId`, `arn`, `accountId`, `awsRegion` and `configuration`",
            file,
            place,
        ));
        imported.say_if_empty(place, "the recorder has recorded nothing, or the query found nothing");
        Ok(imported)
    }
}

/// Items lie in lists, in an answer's envelope, or in texts that are JSON themselves.
fn collect(value: Value, items: &mut Vec<Value>, broken: &mut Broken, listed: bool, depth: usize) {
    const DEPTH: usize = 8;
    if depth > DEPTH {
        return;
    }
    let is_within = |key: &str| WITHIN.contains(&key.to_lowercase().as_str());
    match value {
        Value::Object(map) if is_item(&map) => {
            broken.next();
            items.push(Value::Object(map));
        }
        Value::Object(map) if listed && !map.keys().any(|key| is_within(key)) => broken.add(),
        Value::Object(map) => {
            let inner = map.into_iter().filter(|(key, _)| is_within(key));
            inner.for_each(|(_, inner)| collect(inner, items, broken, false, depth + 1));
        }
        Value::Array(list) if listed && list.is_empty() => broken.add(),
        Value::Array(list) => list.into_iter().for_each(|inner| collect(inner, items, broken, true, depth + 1)),
        Value::String(inner) => match serde_json::from_str(&inner) {
            Ok(inner) => collect(inner, items, broken, listed, depth + 1),
            Err(_) => broken.add(),
        },
        _ if listed => broken.add(),
        _ => {}
    }
}

fn is_item(map: &Attributes) -> bool {
    ["resourceType", "resourceId", "ResourceType", "ResourceId"].iter().any(|key| map.contains_key(*key))
        // A query may select little, such as the ARN alone.
        || (["arn", "ARN", "resourceName"].iter().any(|key| map.contains_key(*key)) && !map.contains_key("configurationItem"))
}

/// Of the items of one resource that tell when they were recorded, as a history has them, the last.
fn newest(items: Vec<Value>) -> Vec<Value> {
    let key = |item: &Value| -> Option<[String; 4]> {
        let account = text(item, &["awsAccountId", "accountId"]).unwrap_or_default();
        let region = text(item, &["awsRegion"]).unwrap_or_default();
        let own = [text(item, &["resourceType"])?, text(item, &["resourceId"])?];
        Some([account, region, own[0], own[1]].map(str::to_owned))
    };
    let time = |item: &Value| text(item, &["configurationItemCaptureTime"]).map(str::to_owned);
    let mut last: BTreeMap<[String; 4], String> = BTreeMap::new();
    for item in &items {
        if let (Some(key), Some(time)) = (key(item), time(item)) {
            let known = last.entry(key).or_default();
            *known = std::mem::take(known).max(time);
        }
    }
    let is_last = |item: &Value| match (key(item), time(item)) {
        (Some(key), Some(time)) => last.get(&key).is_none_or(|last| *last == time),
        _ => true,
    };
    items.into_iter().filter(is_last).collect()
}

/// What an item of a list is.
fn entry(item: Value, index: usize) -> Entry {
    if !item.as_object().is_some_and(is_item) {
        return Entry::Broken;
    }
    resource(item, index).map_or(Entry::Gone, |resource| Entry::Resource(Box::new(resource)))
}

/// The resource of one item, unless it was deleted.
pub(super) fn resource(mut item: Value, index: usize) -> Option<ImportedResource> {
    // A resource that is not recorded is deployed all the same.
    if text(&item, &["configurationItemStatus", "ConfigurationItemStatus"]).is_some_and(|status| status.contains("Deleted")) {
        return None;
    }
    if item.get("resourceDeletionTime").is_some_and(|time| !time.is_null()) {
        return None;
    }
    let arn = text(&item, &["ARN", "arn", "Arn"]).map(str::to_owned);
    // A query that did not select the type leaves the ARN to tell, if that was selected.
    let kind: Arc<str> = text(&item, &["resourceType", "ResourceType"])
        .map(str::to_owned)
        .or_else(|| json::kind_of_arn(arn.as_deref()?))
        .unwrap_or_else(|| "unknown".to_owned())
        .into();
    let config = config(&kind, &mut item);
    let (account, region) = json::whereabouts(
        arn.as_deref(),
        text(
            &item,
            &["awsAccountId", "accountId", "AccountId", "SourceAccountId", "sourceAccountId"],
        ),
        text(&item, &["awsRegion", "AwsRegion", "SourceRegion", "sourceRegion"]),
        text(&item, &["availabilityZone", "AvailabilityZone"]),
    );
    let id = text(&item, &["resourceId", "ResourceId"]);
    Some(ImportedResource {
        name: text(&item, &["resourceName", "ResourceName"])
            .or(id)
            .map(str::to_owned)
            .or_else(|| json::name_of_arn(arn.as_deref()?)),
        id: id.map(str::to_owned),
        address: id.map_or_else(|| format!("item {}", index + 1), str::to_owned),
        account,
        region,
        tags: json::tags(item.get("tags").or_else(|| item.get("Tags"))),
        config,
        kind,
        arn,
        ..ImportedResource::default()
    })
}

fn config(kind: &str, item: &mut Value) -> Attributes {
    let taken = ["configuration", "Configuration"]
        .iter()
        .find_map(|key| item.get_mut(*key).map(Value::take));
    let mut whole = match inner(taken.unwrap_or_default()) {
        Value::Object(map) => map,
        _ => Attributes::new(),
    };
    let more = ["supplementaryConfiguration", "SupplementaryConfiguration"];
    if let Some(Value::Object(more)) = more.iter().find_map(|key| item.get_mut(*key).map(Value::take)) {
        for (key, value) in more {
            whole.entry(key).or_insert(inner(value));
        }
    }
    // A query selects parts of the configuration by their path, as keys of the item.
    if let Value::Object(item) = item {
        for (key, value) in item.iter_mut() {
            if let Some(path) = key
                .strip_prefix("configuration.")
                .or_else(|| key.strip_prefix("supplementaryConfiguration."))
            {
                super::paths::put(&mut whole, path, inner(value.take()));
            }
        }
    }
    json::attributes(kind, Value::Object(whole))
}

/// A text that is JSON stands for what it says.
fn inner(value: Value) -> Value {
    match &value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => serde_json::from_str(text).unwrap_or(value),
        Value::String(text) if text == "true" || text == "false" => Value::Bool(text == "true"),
        _ => value,
    }
}
