//! Resources as an inventory file has them.
//!
//! In: a validated inventory. Out: one map for each resource; those of other providers stand behind those of the catalog's. What
//! is not known is left out. An attribute that is known to be unset stays, as null: duties are judged by that.

use crate::catalog::Catalog;
use crate::inventory::{Account, Inventory, OutOfScope, Resource};
use serde_json::{Map, Value, json};

/// All resources.
pub(super) fn resources(inventory: &Inventory, catalog: &Catalog) -> Vec<Value> {
    let own = inventory.resources.iter().map(|resource| one(resource, catalog));
    let others = inventory.out_of_scope.iter().flat_map(other);
    own.chain(others).collect()
}

/// The accounts that files describe, by their numbers.
pub(super) fn accounts(inventory: &Inventory) -> Map<String, Value> {
    let one = |account: &Account| {
        let mut fields = Map::new();
        let mut say = |name: &str, text: Option<&str>| {
            if let Some(text) = text {
                fields.insert(name.to_owned(), text.into());
            }
        };
        say("name", account.name.as_deref());
        say("environment", account.environment.as_deref());
        say("owner", account.owner.as_deref());
        say("unit", account.unit.as_deref());
        if !account.tags.is_empty() {
            let tags = account.tags.iter().map(|(key, value)| (key.to_string(), value.clone().into()));
            fields.insert("tags".to_owned(), Value::Object(tags.collect()));
        }
        Value::Object(fields)
    };
    let all = inventory.accounts.iter();
    all.map(|(id, account)| (id.clone(), one(account))).collect()
}

fn one(resource: &Resource, catalog: &Catalog) -> Value {
    let settled = || {
        let choice = catalog.choose_mode(resource.service.as_deref()?, &resource.config);
        choice.mode.filter(|_| choice.known && !resource.supporting)
    };
    let mode = resource.mode.as_deref().map(str::to_owned).or_else(settled);
    // The ARN stands beside the attributes.
    let is_arn =
        |key: &str, value: &Value| ["arn", "id"].contains(&key) && resource.arn.is_some() && value.as_str() == resource.arn.as_deref();
    let config: Map<String, Value> = resource
        .config
        .iter()
        .filter(|(key, _)| *key != "resource_type" && *key != "kind" && *key != "tags" && *key != "tags_all")
        .filter(|(key, value)| !is_arn(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let tags: Map<String, Value> = resource
        .tags
        .iter()
        .map(|(key, value)| (key.to_string(), value.clone().into()))
        .collect();
    let mut value = json!({
        "type": &*resource.kind,
        "service": resource.service.as_deref(),
        "mode": mode,
        "name": resource.name,
        "arn": resource.arn,
        "account": resource.account.as_deref(),
        "region": resource.region.as_deref(),
        "environment": resource.environment.as_deref(),
        "owner": resource.owner.as_deref(),
        "tags": tags,
        "config": config,
        "from": from(&resource.place.file, resource.address.as_deref()),
    });
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null());
        if resource.count != 1 {
            fields.insert("count".to_owned(), resource.count.into());
        }
        if !resource.data.is_empty() {
            let classes = resource.data.iter().map(|class| Value::from(&**class));
            fields.insert("data".to_owned(), classes.collect());
        }
        if let Some(service) = resource.service.as_deref().filter(|_| resource.supporting) {
            fields.insert("part_of".to_owned(), service.into());
        }
    }
    value
}

/// One line for each address that is known, and one with a count for the rest.
fn other(other: &OutOfScope) -> Vec<Value> {
    let line = |address: Option<&str>, count: u64| {
        let mut value = json!({
            "type": other.kind, "tags": {}, "config": {}, "from": from(&other.from, address), "provider": other.provider,
        });
        if let (Value::Object(fields), true) = (&mut value, count != 1) {
            fields.insert("count".to_owned(), count.into());
        }
        value
    };
    let known = other.addresses.len() as u64;
    let mut lines: Vec<Value> = other.addresses.iter().map(|address| line(Some(address), 1)).collect();
    if known < other.count {
        lines.push(line(None, other.count - known));
    }
    lines
}

fn from(file: &str, address: Option<&str>) -> String {
    address.map_or_else(|| file.to_owned(), |address| format!("{file}: {address}"))
}
