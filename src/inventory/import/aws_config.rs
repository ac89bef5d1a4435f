//! AWS Config: snapshots, history, single items, and the answers of `select-resource-config` and
//! `list-discovered-resources`.
//!
//! In: JSON that has configuration items somewhere. Out: one resource for each item that is not a deletion.

use super::beginning::Keys;
use super::json::{self, text};
use super::secrets;
use super::siblings::{self, Found};
use super::{Form, Imported, ImportedResource, Importer};
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use serde_json::Value;
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
        Some(Form::Items(LISTS, resource))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let document = super::text::decode(bytes, file, place, super::text::ANSWER)?;
        let mut items = Vec::new();
        let mut broken = 0;
        collect(document.value, &mut items, &mut broken, 0);
        let mut found: Vec<Found> = items
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| resource(item, index))
            .map(|resource| Found {
                resource,
                provider: Arc::default(),
                handle: None,
            })
            .collect();
        siblings::copy(&mut found);
        let mut imported = Imported {
            file: file.clone(),
            resources: found.into_iter().map(|found| found.resource).collect(),
            warnings: document.warnings,
            ..Imported::default()
        };
        if broken > 0 {
            imported.warnings.push(
                Diagnostic::new(
                    Code::ImportPartial,
                    format!("{broken} of the items of `{file}` are no configuration items and are left out"),
                )
                .at(place.clone())
                .help("ask for `resourceType`, `resourceId`, `arn`, `accountId`, `awsRegion` and `configuration`"),
            );
        }
        imported.say_if_empty(place, "the recorder has recorded nothing, or the query found nothing");
        Ok(imported)
    }
}

/// Items lie in lists, in an answer's envelope, or in texts that are JSON themselves.
fn collect(value: Value, items: &mut Vec<Value>, broken: &mut usize, depth: usize) {
    const DEPTH: usize = 8;
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(map) if is_item(&map) => items.push(Value::Object(map)),
        Value::Object(map) => {
            let inner = map.into_iter().filter(|(key, _)| WITHIN.contains(&key.to_lowercase().as_str()));
            inner.for_each(|(_, inner)| collect(inner, items, broken, depth + 1));
        }
        Value::Array(list) => list.into_iter().for_each(|inner| collect(inner, items, broken, depth + 1)),
        Value::String(inner) => match serde_json::from_str(&inner) {
            Ok(inner) => collect(inner, items, broken, depth + 1),
            Err(_) => *broken += 1,
        },
        _ => {}
    }
}

fn is_item(map: &Attributes) -> bool {
    ["resourceType", "resourceId", "ResourceType", "ResourceId"].iter().any(|key| map.contains_key(*key))
        // A query may select little, such as the ARN alone.
        || (["arn", "ARN", "resourceName"].iter().any(|key| map.contains_key(*key)) && !map.contains_key("configurationItem"))
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
        address: id.map_or_else(|| format!("item {}", index + 1), str::to_owned),
        account,
        region,
        tags: json::tags(item.get("tags").or_else(|| item.get("Tags"))),
        config: secrets::without(&kind, config, None),
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
