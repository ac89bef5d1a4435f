//! Lists of ARNs: the Resource Groups Tagging API and Resource Explorer.
//!
//! In: their answers as JSON. Out: one resource an ARN, with its tags. Attributes are not part of them.

use super::beginning::Keys;
use super::json::{self, text};
use super::location::Accounts;
use super::{Broken, Entry, Form, Imported, ImportedResource, Importer};
use crate::diagnostics::{Outcome, Place};
use serde_json::Value;
use std::sync::Arc;

/// The importer of `get-resources` of the Resource Groups Tagging API.
pub(super) struct Tagging;

/// The importer of what Resource Explorer finds.
pub(super) struct ResourceExplorer;

impl Importer for Tagging {
    fn id(&self) -> &'static str {
        "tagging"
    }

    fn name(&self) -> &'static str {
        "Resource Groups Tagging API"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        keys.has("ResourceTagMappingList") || keys.has("ResourceARN")
    }

    fn form(&self) -> Option<Form> {
        Some(Form::Items(&["ResourceTagMappingList"], |item, _| entry(&item)))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        listed(bytes, file, place, "ResourceTagMappingList")
    }
}

impl Importer for ResourceExplorer {
    fn id(&self) -> &'static str {
        "resource-explorer"
    }

    fn name(&self) -> &'static str {
        "Resource Explorer"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        ["Resources[].Arn", "OwningAccountId", "Resources[].OwningAccountId"]
            .iter()
            .any(|key| keys.has(key))
            || (keys.has("Resources[]") || keys.has("Resources")) && (keys.has("ViewArn") || keys.has("Count.TotalResources"))
    }

    fn form(&self) -> Option<Form> {
        Some(Form::Items(&["Resources"], |item, _| entry(&item)))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        listed(bytes, file, place, "Resources")
    }
}

/// Items lie in a list of this name, in the list that a query leaves of it, in several answers one behind the other.
fn items(value: Value, list: &str, listed: bool, found: &mut Vec<Item>) {
    match value {
        Value::Array(all) if !(listed && all.is_empty()) => all.into_iter().for_each(|one| items(one, list, listed, found)),
        Value::Object(mut map) => match map.shift_remove("data").or_else(|| map.shift_remove(list)) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => items(inner, list, true, found),
            Some(_) => {}
            None => found.push(Item {
                value: Value::Object(map),
                listed,
            }),
        },
        value if listed => found.push(Item { value, listed }),
        _ => {}
    }
}

/// What stands where items do.
struct Item {
    value: Value,
    /// Whether it stands in the list of that name, and is no envelope of another answer.
    listed: bool,
}

fn listed(bytes: &[u8], file: &Arc<str>, place: &Place, list: &str) -> Outcome<Imported> {
    let document = super::text::decode(bytes, file, place, super::text::ANSWER)?;
    let mut found = Vec::new();
    items(document.value, list, false, &mut found);
    let mut imported = Imported {
        file: file.clone(),
        warnings: document.warnings,
        ..Imported::default()
    };
    let mut without_arn = Broken::default();
    let mut accounts = Accounts::default();
    for one in &found {
        match resource(&one.value) {
            Some(resource) => {
                without_arn.next();
                if let Some(account) = &resource.account {
                    accounts.see(account, "");
                }
                imported.resources.push(resource);
            }
            // An answer's envelope, such as `{"ResponseMetadata": ...}`, is no item.
            None if one.listed || ITEMS.iter().any(|key| one.value.get(key).is_some()) => without_arn.add(),
            None => {}
        }
    }
    // An answer is one account's, though the ARNs of some services do not say so.
    for resource in imported.resources.iter_mut().filter(|resource| resource.account.is_none()) {
        resource.account = accounts.of("").cloned();
    }
    imported.warnings.extend(without_arn.warning(
        "have no ARN",
        "ask again without `--query`, so that each item has its ARN",
        file,
        place,
    ));
    imported.say_if_empty(place, "the query found nothing, or asked in another region");
    Ok(imported)
}

/// Keys of an item.
const ITEMS: [&str; 4] = ["Tags", "ResourceType", "Service", "Properties"];

/// What an item of a list is.
fn entry(one: &Value) -> Entry {
    resource(one).map_or(Entry::Broken, |resource| Entry::Resource(Box::new(resource)))
}

/// The resource of one item.
pub(super) fn resource(one: &Value) -> Option<ImportedResource> {
    let arn = text(one, &["ResourceARN", "Arn", "ResourceArn", "arn"])?;
    json::arn_fields(arn)?;
    let kind = text(one, &["ResourceType"]).map(str::to_owned).or_else(|| json::kind_of_arn(arn))?;
    let (account, region) = json::whereabouts(Some(arn), text(one, &["OwningAccountId"]), text(one, &["Region"]), None);
    Some(ImportedResource {
        kind: kind.into(),
        name: json::name_of_arn(arn),
        address: arn.to_owned(),
        arn: Some(arn.to_owned()),
        account,
        region,
        tags: json::tags(one.get("Tags").or_else(|| tags_of_explorer(one))),
        ..ImportedResource::default()
    })
}

fn tags_of_explorer(one: &Value) -> Option<&Value> {
    let properties = one.get("Properties")?.as_array()?;
    properties
        .iter()
        .find(|property| property.get("Name").is_some_and(|name| name == "tags"))?
        .get("Data")
}
