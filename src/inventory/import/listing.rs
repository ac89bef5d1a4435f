//! Lists of ARNs: the Resource Groups Tagging API and Resource Explorer.
//!
//! In: their answers as JSON. Out: one resource an ARN, with its tags. Attributes are not part of them.

use super::items::Stands;
use super::json::{self, text};
use super::sink::Intake;
use super::{Found, Head, ImportedResource, Importer, Tells, Trust};
use crate::diagnostics::Outcome;
use crate::source::Stream;
use serde_json::Value;

const IF_EMPTY: &str = "the query found nothing, or asked in another region";

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

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        keys.has("ResourceTagMappingList") || keys.has("ResourceARN")
    }

    fn trust(&self) -> Trust {
        Trust::Listed
    }

    fn if_empty(&self) -> &'static str {
        IF_EMPTY
    }

    fn is_of_one_account(&self) -> bool {
        // The API answers for the account that asks.
        true
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        listed(stream, intake, "ResourceTagMappingList")
    }
}

impl Importer for ResourceExplorer {
    fn id(&self) -> &'static str {
        "resource-explorer"
    }

    fn name(&self) -> &'static str {
        "Resource Explorer"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        ["Resources[].Arn", "OwningAccountId", "Resources[].OwningAccountId"]
            .iter()
            .any(|key| keys.has(key))
            || (keys.has("Resources[]") || keys.has("Resources")) && (keys.has("ViewArn") || keys.has("Count.TotalResources"))
    }

    fn trust(&self) -> Trust {
        Trust::Listed
    }

    fn if_empty(&self) -> &'static str {
        IF_EMPTY
    }

    fn is_of_one_account(&self) -> bool {
        // Where it is of several, the ARNs name them, and nothing is taken over.
        true
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        listed(stream, intake, "Resources")
    }
}

/// Items lie in a list of this name, in the list that a query leaves of it, in several answers one behind the other.
fn items(value: Value, list: &str, is_listed: bool, found: &mut Vec<(Value, bool)>) {
    match value {
        Value::Array(all) if !(is_listed && all.is_empty()) => all.into_iter().for_each(|one| items(one, list, is_listed, found)),
        Value::Object(mut map) => match map.shift_remove("data").or_else(|| map.shift_remove(list)) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => items(inner, list, true, found),
            Some(_) => {}
            None => found.push((Value::Object(map), is_listed)),
        },
        value if is_listed => found.push((value, is_listed)),
        _ => {}
    }
}

/// Keys of an item.
const KEYS: [&str; 4] = ["Tags", "ResourceType", "Service", "Properties"];

fn listed(stream: Stream<'_>, intake: &mut Intake<'_>, list: &str) -> Outcome<()> {
    let place = stream.place.clone();
    super::items::read(stream, intake, &[list], |piece, sink| {
        let mut found = Vec::new();
        items(piece.value, list, piece.stands == Stands::InNamedList, &mut found);
        for (order, (one, is_listed)) in (piece.order..).zip(&found) {
            match resource(one) {
                Some(resource) => {
                    let found = Found {
                        tells: Tells::Name,
                        ..Found::alone(resource)
                    };
                    sink.add(found, order);
                }
                // An answer's envelope, such as `{"ResponseMetadata": ...}`, is no item.
                None if *is_listed || KEYS.iter().any(|key| one.get(key).is_some()) => sink.add_broken(piece.number),
                None => {}
            }
        }
    })?;
    let help = "ask again without `--query`, so that each item has its ARN";
    let warning = intake.broken().warning("have no ARN", help, intake.file(), &place);
    intake.warnings.extend(warning);
    Ok(())
}

/// The resource of one item.
fn resource(one: &Value) -> Option<ImportedResource> {
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
