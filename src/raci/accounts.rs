//! The accounts themselves, and what their own resources show of them.
//!
//! In: the inventory's resources. Out: the same, and one for each account. What the catalog asks of an account it asks of
//! the attributes of the resources that are deployed there, never of the presence of a service.

use crate::catalog::predicate::Attributes;
use crate::catalog::{ACCOUNT_SERVICE, Catalog, Deployed};
use crate::diagnostics::Place;
use crate::inventory::{Account, Inventory, Resource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The inventory's resources and, wherever anything is deployed, one for each account itself.
///
/// An account's own resource has what the catalog asks of it: `here` holds the attributes of the resources in the account,
/// by service; `regions` the same, a block for each Region in which the account has resources; `anywhere` those of the
/// resources of all accounts. A service of which nothing is listed is missing there, and so nothing is known of it.
pub(super) fn with_accounts(catalog: &Catalog, inventory: &Inventory) -> Vec<Resource> {
    let mut resources = inventory.resources.clone();
    if resources.is_empty() || catalog.service(ACCOUNT_SERVICE).is_none() {
        return resources;
    }
    let mut accounts: BTreeSet<Option<Arc<str>>> = resources.iter().map(|resource| resource.account.clone()).collect();
    // Resources without an account are taken to be in one of the known ones.
    if accounts.len() > 1 {
        accounts.remove(&None);
    }
    let asked = catalog.asked_of_accounts();
    let anywhere = by_service(&asked, &resources, |_| true);
    for account in accounts {
        let here = by_service(&asked, &resources, |resource| resource.account == account);
        let regions = by_region(&asked, &resources, &account);
        let own = resources
            .iter()
            .position(|resource| resource.service.as_deref() == Some(ACCOUNT_SERVICE) && resource.account == account);
        let own = own.unwrap_or_else(|| {
            let known = account.as_deref().and_then(|account| inventory.accounts.get(account));
            resources.push(account_itself(account.as_ref(), known, inventory));
            resources.len() - 1
        });
        let config = &mut resources[own].config;
        config.insert("here".to_owned(), Value::Object(here));
        config.insert("regions".to_owned(), Value::Array(regions));
        config.insert("anywhere".to_owned(), Value::Object(anywhere.clone()));
    }
    resources
}

fn account_itself(account: Option<&Arc<str>>, known: Option<&Account>, inventory: &Inventory) -> Resource {
    let anywhere = || {
        inventory
            .inputs
            .first()
            .map_or_else(|| Place::file(""), |input| Place::file(input.path.clone()))
    };
    Resource {
        service: Some(ACCOUNT_SERVICE.into()),
        kind: ACCOUNT_SERVICE.into(),
        mode: None,
        name: known.and_then(|known| known.name.clone()),
        arn: None,
        account: account.cloned(),
        region: None,
        environment: known.and_then(|known| known.environment.clone()),
        owner: known.and_then(|known| known.owner.clone()),
        count: 1,
        data: Vec::new(),
        tags: Vec::new(),
        config: Attributes::new(),
        supporting: false,
        place: known.map_or_else(anywhere, |known| known.place.clone()),
        address: account.map(|account| format!("account {account}")),
    }
}

/// What is asked of the resources that are meant, by service.
fn by_service(asked: &Deployed, resources: &[Resource], meant: impl Fn(&Resource) -> bool) -> Attributes {
    let mut found: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| !resource.supporting && meant(resource)) {
        let Some(attributes) = resource.service.as_deref().and_then(|service| asked.of(service)) else {
            continue;
        };
        let block: Attributes = resource
            .config
            .iter()
            .filter(|(name, _)| attributes.contains(*name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let blocks = found.entry(resource.service.as_deref().unwrap_or_default()).or_default();
        let block = Value::Object(block);
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    found
        .into_iter()
        .map(|(service, blocks)| (service.to_owned(), Value::Array(blocks)))
        .collect()
}

/// A block for each Region in which the account has resources. What has no Region of its own is in none.
fn by_region(asked: &Deployed, resources: &[Resource], account: &Option<Arc<str>>) -> Vec<Value> {
    let own = || resources.iter().filter(|resource| resource.account == *account);
    let regions: BTreeSet<&Arc<str>> = own().filter_map(|resource| resource.region.as_ref()).collect();
    regions
        .into_iter()
        .map(|region| {
            Value::Object(by_service(asked, resources, |resource| {
                resource.account == *account && resource.region.as_ref() == Some(region)
            }))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource(service: &str, account: &str, region: &str, config: Value) -> Resource {
        let Value::Object(config) = config else { unreachable!() };
        Resource {
            service: Some(service.into()),
            kind: service.into(),
            region: Some(region.into()),
            config,
            address: None,
            ..account_itself(Some(&account.into()), None, &Inventory::default())
        }
    }

    #[test]
    fn an_account_has_what_is_asked_of_its_own_resources() {
        let catalog = Catalog::builtin().unwrap();
        let asked = catalog.asked_of_accounts();
        assert!(asked.of("cloudtrail").is_some_and(|names| names.contains("is_multi_region_trail")));
        let trail = |multi: bool| json!({"is_multi_region_trail": multi, "enable_logging": true, "name": "t"});
        let inventory = Inventory {
            resources: vec![
                resource("cloudtrail", "1", "eu-west-1", trail(true)),
                resource("cloudtrail", "2", "eu-west-1", trail(false)),
                resource("s3", "1", "us-east-1", json!({"bucket": "b"})),
            ],
            ..Inventory::default()
        };
        let all = with_accounts(&catalog, &inventory);
        assert_eq!(all.len(), 5);
        let seen = |multi: bool| json!({"is_multi_region_trail": multi, "enable_logging": true});
        assert_eq!(all[3].config["here"], json!({"cloudtrail": [seen(true)]}));
        assert_eq!(all[3].config["regions"], json!([{"cloudtrail": [seen(true)]}, {}]));
        assert_eq!(all[3].config["anywhere"], json!({"cloudtrail": [seen(true), seen(false)]}));
        assert_eq!(all[4].config["here"], json!({"cloudtrail": [seen(false)]}));
    }
}
