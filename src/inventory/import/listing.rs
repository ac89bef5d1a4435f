//! Lists of ARNs: the Resource Groups Tagging API and Resource Explorer.
//!
//! In: their answers as JSON. Out: one resource an ARN, with its tags. Attributes are not part of them.

use super::json::{self, text};
use super::terraform_state::text as file_text;
use super::{Imported, ImportedResource, Importer};
use crate::diagnostics::{Outcome, Place};
use serde_json::Value;
use std::sync::Arc;

/// The importer of `get-resources` of the Resource Groups Tagging API.
pub(super) struct Tagging;

/// The importer of what Resource Explorer finds.
pub(super) struct ResourceExplorer;

impl Importer for Tagging {
    fn name(&self) -> &'static str {
        "Resource Groups Tagging API"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        json::has_word(bytes, &["\"ResourceTagMappingList\""])
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        listed(bytes, file, place, "ResourceTagMappingList", |one| one.get("Tags").cloned())
    }
}

impl Importer for ResourceExplorer {
    fn name(&self) -> &'static str {
        "Resource Explorer"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        json::has_word(bytes, &["\"OwningAccountId\"", "\"LastReportedAt\""])
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        listed(bytes, file, place, "Resources", |one| {
            let properties = one.get("Properties")?.as_array()?;
            properties
                .iter()
                .find(|property| property.get("Name").is_some_and(|name| name == "tags"))?
                .get("Data")
                .cloned()
        })
    }
}

fn listed(bytes: &[u8], file: &Arc<str>, place: &Place, list: &str, tags: impl Fn(&Value) -> Option<Value>) -> Outcome<Imported> {
    let document = file_text::decode(bytes, file, place)?;
    let root = document.value.get("data").unwrap_or(&document.value);
    let items = root.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let resources = items.iter().filter_map(|one| {
        let arn = text(one, &["ResourceARN", "Arn", "ResourceArn"])?;
        let [_, region, account, _] = json::arn_fields(arn)?;
        let kind = text(one, &["ResourceType"]).map(str::to_owned).or_else(|| json::kind_of_arn(arn))?;
        Some(ImportedResource {
            kind: kind.into(),
            name: json::name_of_arn(arn),
            address: arn.to_owned(),
            arn: Some(arn.to_owned()),
            account: json::stated(account).or_else(|| text(one, &["OwningAccountId"]).and_then(json::stated)),
            region: json::stated(region).or_else(|| text(one, &["Region"]).and_then(json::stated)),
            tags: json::tags(tags(one).as_ref()),
            ..ImportedResource::default()
        })
    });
    Ok(Imported {
        file: file.clone(),
        resources: resources.collect(),
        ..Imported::default()
    })
}
