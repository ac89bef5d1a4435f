//! AWS Config: snapshots, history, single items, and the answers of `select-resource-config` and
//! `list-discovered-resources`.
//!
//! In: JSON that has configuration items somewhere. Out: one resource for each item that is not a deletion and says not only how
//! rules judge another.

mod part;

use super::items::{self, Seen, Stands};
use super::json::{self, text};
use super::sink::{Identity, Intake, identity};
use super::{Found, Head, ImportedResource, Importer, Tells};
use crate::catalog::attributes::Origin;
use crate::catalog::attributes::open::OPEN;
use crate::catalog::predicate::Attributes;
use crate::catalog::provider::is_judgement;
use crate::diagnostics::Outcome;
use crate::results::format::{along, may_go_along};
use crate::source::Stream;
use crate::source::keys::Keys;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The importer of what AWS Config writes.
#[derive(Debug)]
pub(super) struct AwsConfig;

/// Where items lie, by the names of lists, envelopes and texts that are JSON themselves, in small letters.
const WITHIN: &[&str] = &[
    "data",
    "configurationitems",
    "configurationitem",
    "configurationitemsummary",
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
    "configurationItemSummary",
    "configRuleName",
    "QueryInfo",
];

/// The list of a snapshot.
const ITEMS: &str = "configurationItems";

/// What only a snapshot has, which is all that was recorded. A history has what changed in a time, and an answer what was asked for.
const SNAPSHOT: &str = "configSnapshotId";

/// Lists of items.
const LISTS: &[&str] = &[
    ITEMS,
    "baseConfigurationItems",
    "BaseConfigurationItems",
    "Results",
    "resourceIdentifiers",
    "ResourceIdentifiers",
];

impl Importer for AwsConfig {
    fn id(&self) -> &'static str {
        "config"
    }

    fn name(&self) -> &'static str {
        "AWS Config"
    }

    fn origin(&self) -> Option<Origin> {
        Some(Origin::Config)
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        KEYS.iter().any(|key| keys.has(key))
            || keys.has("Results")
            || ((keys.has("resourceType") || keys.has("resourceId")) && !keys.has("resources"))
    }

    fn if_empty(&self) -> &'static str {
        "the recorder has recorded nothing, or the query found nothing"
    }

    fn is_of_one_account(&self) -> bool {
        // An item names its own; one that does not is of the recorder that the others are of.
        true
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let place = stream.place.clone();
        // What has no id is called by its place, where single resources are called anything.
        let items_before = AtomicU64::new(0);
        // Of a snapshot the results are taken in along the way; whatever else is read a second time for them.
        let is_wanted = intake.with_results && stream.is_long && Keys::of(&stream.head).has(ITEMS) && may_go_along(&stream.head);
        let file = stream.file.clone();
        let selects_whole = !stream.is_long && stream.rest.is_none() && part::selects_whole(&stream.head);
        let (seen, results) = along(&file, is_wanted, |along| {
            let mut look = |bytes: &[u8], at| along.take(bytes, at);
            items::read_parts(
                stream,
                intake,
                (LISTS, Some(SNAPSHOT)),
                Some(&mut look),
                part::take,
                |piece, sink| {
                    let mut items = Vec::new();
                    let is_listed = piece.stands != Stands::Alone;
                    // Only answers to queries have items that are texts.
                    let is_selected = piece.value.is_string();
                    collect(piece.value, &mut items, &mut || sink.add_broken(piece.number), is_listed, 0);
                    for (order, item) in (piece.order..).zip(items) {
                        let number = items_before.fetch_add(1, Ordering::Relaxed) + 1;
                        match resource(item, number) {
                            Item::There(found) if selects_whole => sink.add(whole(*found), order),
                            Item::There(found) if is_selected => sink.add(part_of(*found), order),
                            Item::There(found) => sink.add(*found, order),
                            Item::Gone(Some(identity), recorded) => sink.add_gone(identity, recorded, order),
                            Item::Gone(None, _) => {}
                        }
                    }
                },
            )
        });
        let seen = seen?;
        intake.is_partial = seen.is_partial;
        intake.results = results.filter(|_| is_snapshot(&seen)).map(Box::new);
        let warning = intake.broken().warning(
            "are no configuration items",
            "ask for `resourceType`, `resourceId`, `arn`, `accountId`, `awsRegion` and `configuration`",
            intake.file(),
            &place,
        );
        intake.warnings.extend(warning);
        Ok(())
    }
}

/// What a snapshot has beside its items, in which nothing tells how rules judge a resource.
const OF_SNAPSHOT: &[&str] = &["fileVersion", SNAPSHOT, ITEMS];

/// Whether all that was read is one snapshot with some items, each of which was looked at along the way.
fn is_snapshot(seen: &Seen) -> bool {
    let is_one = seen.documents == 1 && seen.are_texts && seen.items > 0 && !seen.has_no_list;
    // What was no such list was one item, of which no key was seen.
    let has_items = seen.keys.iter().any(|key| key == ITEMS);
    is_one && has_items && seen.keys.iter().all(|key| OF_SNAPSHOT.contains(&key.as_str()))
}

/// Items lie in lists, in an answer's envelope, or in texts that are JSON themselves.
fn collect(value: Value, items: &mut Vec<Value>, broken: &mut dyn FnMut(), is_listed: bool, depth: usize) {
    const DEPTH: usize = 8;
    if depth > DEPTH {
        return;
    }
    let is_within = |key: &str| WITHIN.contains(&key.to_lowercase().as_str());
    match value {
        Value::Object(map) if is_item(&map) => items.push(Value::Object(map)),
        Value::Object(map) if is_listed && !map.keys().any(|key| is_within(key)) => broken(),
        Value::Object(map) => {
            let inner = map.into_iter().filter(|(key, _)| is_within(key));
            inner.for_each(|(_, inner)| collect(inner, items, broken, false, depth + 1));
        }
        Value::Array(list) if is_listed && list.is_empty() => broken(),
        Value::Array(list) => list.into_iter().for_each(|inner| collect(inner, items, broken, true, depth + 1)),
        Value::String(inner) => match serde_json::from_str(&inner) {
            Ok(inner) => collect(inner, items, broken, is_listed, depth + 1),
            Err(_) => broken(),
        },
        _ if is_listed => broken(),
        _ => {}
    }
}

fn is_item(map: &Attributes) -> bool {
    ["resourceType", "resourceId", "ResourceType", "ResourceId"].iter().any(|key| map.contains_key(*key))
        // A query may select little, such as the ARN alone.
        || (["arn", "ARN", "resourceName"].iter().any(|key| map.contains_key(*key)) && !map.contains_key("configurationItem"))
}

/// What stands for a group of items that are alike, one of which it is.
pub(super) fn of_group(item: Value) -> Option<Found> {
    match resource(item, 1) {
        // A query that counts looks at all that decides.
        Item::There(found) => Some(whole(*found)),
        Item::Gone(..) => None,
    }
}

/// An item of which somebody selected what to tell: what is not there is not known to be unset.
fn part_of(mut found: Found) -> Found {
    if !found.resource.config.is_empty() {
        found.resource.config.insert(OPEN.to_owned(), true.into());
    }
    if found.tells == Tells::Settings {
        found.tells = Tells::Part;
    }
    Found { is_row: true, ..found }
}

/// An item that has all of its settings, though it has no status.
fn whole(mut found: Found) -> Found {
    found.resource.config.shift_remove(OPEN);
    if found.tells == Tells::Part {
        found.tells = Tells::Settings;
    }
    Found { is_row: false, ..found }
}

/// What an item tells.
enum Item {
    /// What is there.
    There(Box<Found>),
    /// That something is gone, or was none: by what it is known, and when it was recorded.
    Gone(Option<Identity>, Option<u32>),
}

/// Of the items of one resource that tell when they were recorded, as a history has them, the last counts: by what it is
/// known, and the second of the calendar.
fn recorded(item: &Value) -> Option<(Identity, u32)> {
    let account = text(item, &["awsAccountId", "accountId"]).unwrap_or_default();
    let region = text(item, &["awsRegion"]).unwrap_or_default();
    let names = [account, region, text(item, &["resourceType"])?, text(item, &["resourceId"])?];
    recorded_at(names, text(item, &["configurationItemCaptureTime"])?)
}

/// The same of its account, its Region, its type, its id, and the time.
fn recorded_at(names: [&str; 4], time: &str) -> Option<(Identity, u32)> {
    Some((identity(&names), super::second(time)?))
}

/// The status of what is there and is not recorded.
pub(super) const NOT_RECORDED: &str = "ResourceNotRecorded";

/// The resource of one item, unless it was deleted.
fn resource(mut item: Value, number: u64) -> Item {
    let (identity, recorded) = recorded(&item).unzip();
    // A resource that is not recorded is deployed all the same.
    if text(&item, &["configurationItemStatus", "ConfigurationItemStatus"]).is_some_and(|status| status.contains("Deleted")) {
        return Item::Gone(identity, recorded);
    }
    if item.get("resourceDeletionTime").is_some_and(|time| !time.is_null()) {
        return Item::Gone(identity, recorded);
    }
    if text(&item, &["resourceType", "ResourceType"]).is_some_and(is_judgement) {
        return Item::Gone(None, None);
    }
    let id = text(&item, &["resourceId", "ResourceId"]).map(str::to_owned);
    let id = id.as_deref();
    // Of some types the id is the ARN, and a list of what was discovered has no other.
    let arn = text(&item, &["ARN", "arn", "Arn"]).or_else(|| id.filter(|id| json::arn_fields(id).is_some()));
    let arn = arn.map(str::to_owned);
    // A query that did not select the type leaves the ARN to tell, if that was selected.
    let kind: Arc<str> = text(&item, &["resourceType", "ResourceType"])
        .map(str::to_owned)
        .or_else(|| json::kind_of_arn(arn.as_deref()?))
        .unwrap_or_else(|| "unknown".to_owned())
        .into();
    // Nobody records any more how it is set.
    let status = text(&item, &["configurationItemStatus", "ConfigurationItemStatus"]);
    let is_recorded = status != Some(NOT_RECORDED);
    // One that was recorded says so, and when.
    let is_part = status.is_none() && text(&item, &["configurationItemCaptureTime"]).is_none();
    let (mut config, has_settings) = config(&kind, &mut item);
    config.retain(|_, _| is_recorded);
    let tells = tells(has_settings && is_recorded, !is_part);
    let (account, region) = json::whereabouts(
        arn.as_deref(),
        text(
            &item,
            &["awsAccountId", "accountId", "AccountId", "SourceAccountId", "sourceAccountId"],
        ),
        text(&item, &["awsRegion", "AwsRegion", "SourceRegion", "sourceRegion"]),
        text(&item, &["availabilityZone", "AvailabilityZone"]),
    );
    // Others in the file know it by both, whatever its configuration calls them.
    let called = arn.iter().map(String::as_str).chain(id).map(str::to_owned).collect();
    let resource = ImportedResource {
        name: text(&item, &["resourceName", "ResourceName"])
            .or(id)
            .map(str::to_owned)
            .or_else(|| json::name_of_arn(arn.as_deref()?)),
        id: id.map(str::to_owned),
        address: id.map_or_else(|| format!("item {number}"), str::to_owned),
        account,
        region,
        tags: json::tags(item.get("tags").or_else(|| item.get("Tags"))),
        config,
        kind,
        arn,
        ..ImportedResource::default()
    };
    let found = Found {
        called,
        identity,
        recorded,
        tells,
        ..Found::alone(resource)
    };
    Item::There(Box::new(if is_part { part_of(found) } else { found }))
}

/// How much an item tells. One without a status is what a query selected.
fn tells(has_settings: bool, has_status: bool) -> Tells {
    match (has_settings, has_status) {
        (false, _) => Tells::Name,
        (true, false) => Tells::Part,
        (true, true) => Tells::Settings,
    }
}

/// The attributes of an item, and whether it has any settings.
fn config(kind: &str, item: &mut Value) -> (Attributes, bool) {
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
    let has_settings = !whole.is_empty();
    (json::attributes(kind, Value::Object(whole)), has_settings)
}

/// A text that is JSON stands for what it says.
fn inner(value: Value) -> Value {
    match &value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => serde_json::from_str(text).unwrap_or(value),
        Value::String(text) if text == "true" || text == "false" => Value::Bool(text == "true"),
        _ => value,
    }
}
