//! Lists of ARNs: the Resource Groups Tagging API and Resource Explorer.
//!
//! In: their answers as JSON. Out: one resource an ARN, with its tags. Attributes are not part of them.

use super::beginning::Keys;
use super::json::{self, text};
use super::{Form, Imported, ImportedResource, Importer};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
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
        Some(Form::Items(&["ResourceTagMappingList"], |item, _| resource(&item)))
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
        Some(Form::Items(&["Resources"], |item, _| resource(&item)))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        listed(bytes, file, place, "Resources")
    }
}

/// Items lie in a list of this name, in the list that a query leaves of it, in several answers one behind the other.
fn items(value: Value, list: &str, found: &mut Vec<Value>) {
    match value {
        Value::Array(all) => all.into_iter().for_each(|one| items(one, list, found)),
        Value::Object(mut map) => match map.shift_remove("data").or_else(|| map.shift_remove(list)) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => items(inner, list, found),
            Some(_) => {}
            None => found.push(Value::Object(map)),
        },
        _ => {}
    }
}

fn listed(bytes: &[u8], file: &Arc<str>, place: &Place, list: &str) -> Outcome<Imported> {
    let document = super::text::decode(bytes, file, place, super::text::ANSWER)?;
    let mut found = Vec::new();
    items(document.value, list, &mut found);
    let mut imported = Imported {
        file: file.clone(),
        warnings: document.warnings,
        ..Imported::default()
    };
    let mut without_arn = 0_usize;
    for one in &found {
        match resource(one) {
            Some(resource) => imported.resources.push(resource),
            // An answer's envelope, such as `{"ResponseMetadata": ...}`, is no item.
            None => {
                without_arn += usize::from(
                    ["Tags", "ResourceType", "Service", "Properties"]
                        .iter()
                        .any(|key| one.get(key).is_some()),
                )
            }
        }
    }
    if without_arn > 0 {
        imported.warnings.push(
            Diagnostic::new(
                Code::ImportPartial,
                format!("{without_arn} of the items of `{file}` have no ARN and are left out"),
            )
            .at(place.clone())
            .help("ask again without `--query`, so that each item has its ARN"),
        );
    }
    imported.say_if_empty(place, "the query found nothing, or asked in another region");
    Ok(imported)
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
