//! Resources grouped by the service and mode that they run in.
//!
//! In: the inventory's resources. Out: units without assignments, and what is unclassified.

use crate::catalog::{ACCOUNT_SERVICE, Catalog, ModeChoice, STANDARD_MODE};
use crate::diagnostics::Place;
use crate::inventory::{Inventory, Resource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Resources of one service and mode.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) resources: Vec<usize>,
    pub(super) mode_open: Vec<usize>,
    pub(super) settled_by: BTreeSet<String>,
    pub(super) supporting: u64,
}

pub(super) type Groups = BTreeMap<(Arc<str>, Option<String>), Group>;

/// The groups, and the resources that belong to none.
pub(super) fn group(catalog: &Catalog, resources: &[Resource]) -> (Groups, Vec<usize>) {
    let mut groups = Groups::new();
    let mut unclassified = Vec::new();
    let mut supporting: BTreeMap<Arc<str>, u64> = BTreeMap::new();
    for (index, resource) in resources.iter().enumerate() {
        let Some(service) = &resource.service else {
            unclassified.push(index);
            continue;
        };
        if resource.supporting {
            *supporting.entry(service.clone()).or_default() += resource.count;
            continue;
        }
        let choice = match &resource.mode {
            Some(mode) => {
                let mode = (**mode != *STANDARD_MODE).then(|| mode.to_string());
                ModeChoice {
                    mode,
                    known: true,
                    settled_by: Vec::new(),
                }
            }
            None => catalog.choose_mode(service, &resource.config),
        };
        let group = groups.entry((service.clone(), choice.mode)).or_default();
        group.resources.push(index);
        if !choice.known {
            group.mode_open.push(index);
            group.settled_by.extend(choice.settled_by);
        }
    }
    for (service, count) in supporting {
        // Supporting resources are counted once a service, with its first unit.
        let key = groups.keys().find(|(id, _)| *id == service).cloned();
        let key = key.unwrap_or_else(|| (service.clone(), catalog.choose_mode(&service, &serde_json::Map::new()).mode));
        groups.entry(key).or_default().supporting += count;
    }
    (groups, unclassified)
}

/// The inventory's resources and, wherever anything is deployed, one for each account itself. An account's own resource
/// knows which services are deployed in it (`services`) and anywhere (`all_services`).
pub(super) fn with_accounts(catalog: &Catalog, inventory: &Inventory) -> Vec<Resource> {
    let mut resources = inventory.resources.clone();
    if resources.is_empty() || catalog.service(ACCOUNT_SERVICE).is_none() {
        return resources;
    }
    let deployed = |resource: &Resource| resource.service.as_deref().filter(|id| *id != ACCOUNT_SERVICE).map(str::to_owned);
    let everywhere: BTreeSet<String> = resources.iter().filter_map(deployed).collect();
    let mut by_account: BTreeMap<Option<Arc<str>>, BTreeSet<String>> = BTreeMap::new();
    for resource in &resources {
        by_account.entry(resource.account.clone()).or_default().extend(deployed(resource));
    }
    // Resources without an account are taken to be in one of the known ones.
    if by_account.len() > 1 {
        by_account.remove(&None);
    }
    let anywhere = || {
        inventory
            .inputs
            .first()
            .map_or_else(|| Place::file(""), |input| Place::file(input.path.clone()))
    };
    let list = |ids: &BTreeSet<String>| Value::Array(ids.iter().map(|id| Value::String(id.clone())).collect());
    for (account, services) in by_account {
        let known = account.as_deref().and_then(|account| inventory.accounts.get(account));
        let own = resources
            .iter()
            .position(|resource| resource.service.as_deref() == Some(ACCOUNT_SERVICE) && resource.account == account);
        let own = own.unwrap_or_else(|| {
            resources.push(Resource {
                service: Some(ACCOUNT_SERVICE.into()),
                kind: ACCOUNT_SERVICE.into(),
                mode: None,
                name: known.and_then(|known| known.name.clone()),
                arn: None,
                account: account.clone(),
                region: None,
                environment: known.and_then(|known| known.environment.clone()),
                owner: known.and_then(|known| known.owner.clone()),
                count: 1,
                data: Vec::new(),
                tags: Vec::new(),
                config: serde_json::Map::new(),
                supporting: false,
                place: known.map_or_else(anywhere, |known| known.place.clone()),
                address: account.as_deref().map(|account| format!("account {account}")),
            });
            resources.len() - 1
        });
        let config = &mut resources[own].config;
        config.entry("services").or_insert_with(|| list(&services));
        config.entry("all_services").or_insert_with(|| list(&everywhere));
    }
    resources
}
