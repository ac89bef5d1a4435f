//! Resources as an inventory file has them.
//!
//! In: a validated inventory. Out: one map for each resource; those of other providers stand behind those of the catalog's.

use crate::catalog::Catalog;
use crate::inventory::{Inventory, OutOfScope, Resource};
use serde_json::{Map, Value, json};

/// All resources.
pub(super) fn resources(inventory: &Inventory, catalog: &Catalog) -> Vec<Value> {
    let own = inventory.resources.iter().map(|resource| one(resource, catalog));
    let others = inventory.out_of_scope.iter().flat_map(other);
    own.chain(others).collect()
}

fn one(resource: &Resource, catalog: &Catalog) -> Value {
    let settled = || {
        let choice = catalog.choose_mode(resource.service.as_deref()?, &resource.config);
        choice.mode.filter(|_| choice.known && !resource.supporting)
    };
    let mode = resource.mode.as_deref().map(str::to_owned).or_else(settled);
    let config: Map<String, Value> = resource
        .config
        .iter()
        .filter(|(key, _)| *key != "resource_type" && *key != "kind" && *key != "tags" && *key != "tags_all")
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
        if resource.count != 1 {
            fields.insert("count".to_owned(), resource.count.into());
        }
        if !resource.data.is_empty() {
            let classes = resource.data.iter().map(|class| Value::from(&**class));
            fields.insert("data".to_owned(), classes.collect());
        }
        if resource.supporting {
            fields.insert("part_of".to_owned(), resource.service.as_deref().into());
        }
    }
    value
}

/// One line for each address that is known, and one with a count for the rest.
fn other(other: &OutOfScope) -> Vec<Value> {
    let line = |address: Option<&str>, count: u64| {
        let mut value = json!({
            "type": other.kind, "service": null, "mode": null, "name": null, "arn": null, "account": null, "region": null,
            "environment": null, "owner": null, "tags": {}, "config": {}, "from": from(&other.from, address), "provider": other.provider,
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
