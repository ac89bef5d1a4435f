//! The accounts themselves, and what their own resources show of them.
//!
//! In: the inventory's resources. Out: the same, and one for each account. What the catalog asks of an account it asks of
//! the attributes of the resources that are deployed there, never of the presence of a service.

use crate::catalog::predicate::Attributes;
use crate::catalog::{Catalog, Deployed, partitions, provider};
use crate::diagnostics::Place;
use crate::inventory::{Account, Inventory, Operated, Operators, Resource};
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What is joined: resources, and where each of them runs.
pub(super) struct Deployment {
    pub(super) resources: Vec<Arc<Resource>>,
    pub(super) operated: Vec<Operated>,
}

/// The inventory's resources and, wherever anything is deployed, one for each account itself. An account is in one partition:
/// what names none, or one account in two, is in an account of its own in each.
///
/// An account's own resource has what the catalog asks of it: `here` holds the attributes of the resources in the account,
/// by service; `regions` the same, a block for each Region in which the account has resources, or resources are that name no
/// account, and an empty one where some are in a Region that nothing tells. A service of which nothing is listed is missing there, and so nothing is known of it.
pub(super) fn with_accounts(catalog: &Catalog, inventory: &Inventory) -> Deployment {
    let operators = Operators::of(&inventory.resources);
    let mut joined = Deployment {
        resources: inventory.resources.clone(),
        operated: (0..inventory.resources.len()).map(|position| operators.at(position)).collect(),
    };
    if joined.resources.is_empty() || catalog.account_service_ids().all(|id| catalog.service(id).is_none()) {
        return joined;
    }
    let shown = Shown::of(catalog, &catalog.asked_of_accounts(), &joined);
    let mut own_of: BTreeMap<Whose, usize> = BTreeMap::new();
    for (index, (resource, operated)) in joined.resources.iter().zip(&joined.operated).enumerate() {
        if resource
            .service
            .as_deref()
            .is_some_and(|service| catalog.is_account_service(service))
        {
            own_of.entry((resource.account.clone(), operated.partition)).or_insert(index);
        }
    }
    for whose in operators.accounts(&inventory.resources) {
        // A provider whose catalog has no account has nothing to say of one.
        let partition = partitions::partitions().get(whose.1);
        let Some(service) = catalog.account_service(partition.map_or(0, |partition| partition.provider)) else {
            continue;
        };
        let own = own_of.get(&whose).copied().unwrap_or_else(|| {
            let account = whose.0.as_ref();
            let known = account.and_then(|account| inventory.accounts.get(&**account));
            joined.resources.push(account_itself(service, account, known, inventory).into());
            joined.operated.push(operators.account(&whose.0, whose.1));
            joined.resources.len() - 1
        });
        let own = Arc::make_mut(&mut joined.resources[own]);
        let config = Arc::make_mut(&mut own.config);
        config.insert("here".to_owned(), as_value(shown.here.get(&whose)));
        let regions = shown.regions.get(&whose).into_iter().flat_map(BTreeMap::values);
        config.insert(
            "regions".to_owned(),
            Value::Array(regions.map(|region| as_value(Some(region))).collect()),
        );
    }
    joined
}

/// An account and the partition that it is in.
type Whose = (Option<Arc<str>>, usize);

fn account_itself(service: &str, account: Option<&Arc<str>>, known: Option<&Account>, inventory: &Inventory) -> Resource {
    let anywhere = || {
        inventory
            .inputs
            .first()
            .map_or_else(|| Place::file(""), |input| Place::file(input.path.clone()))
    };
    Resource {
        known_as: None,
        sample: None,
        belonging: None,
        service: Some(service.into()),
        kind: service.into(),
        mode: None,
        name: known.and_then(|known| known.name.clone()),
        arn: None,
        account: account.cloned(),
        region: None,
        environment: known.and_then(|known| known.environment.clone()),
        owner: known.and_then(|known| known.owner.clone()),
        count: 1,
        data: Vec::new(),
        tags: Arc::default(),
        config: Arc::default(),
        supporting: false,
        place: known.map_or_else(anywhere, |known| known.place.clone()),
        address: account.map(|account| format!("account {account}")),
    }
}

/// What resources show, by service: each set of attributes once, in the order of the resources.
#[derive(Default)]
struct Blocks {
    seen: BTreeSet<(Arc<str>, String)>,
    by_service: BTreeMap<Arc<str>, Vec<Value>>,
}

impl Blocks {
    fn add(&mut self, service: &Arc<str>, block: &Value, text: &str) {
        if self.seen.insert((service.clone(), text.to_owned())) {
            self.by_service.entry(service.clone()).or_default().push(block.clone());
        }
    }
}

fn as_value(blocks: Option<&Blocks>) -> Value {
    let services = blocks.into_iter().flat_map(|blocks| &blocks.by_service);
    Value::Object(
        services
            .map(|(service, blocks)| (service.to_string(), Value::Array(blocks.clone())))
            .collect(),
    )
}

/// What is asked of accounts, in one pass over the resources.
#[derive(Default)]
struct Shown {
    here: BTreeMap<Whose, Blocks>,
    /// By account and Region, none where that is not told. What has no Region of its own is in none.
    regions: BTreeMap<Whose, BTreeMap<Option<Arc<str>>, Blocks>>,
}

impl Shown {
    fn of<'j>(catalog: &Catalog, asked: &Deployed, joined: &'j Deployment) -> Self {
        let mut shown = Self::default();
        let mut global: BTreeMap<&'j str, bool> = BTreeMap::new();
        let mut is_regional = |resource: &'j Resource| -> bool {
            let Some(service) = resource.service.as_deref().filter(|_| !resource.supporting) else {
                return false;
            };
            !catalog.is_account_service(service)
                && !provider::is_global(&resource.kind)
                && !*global.entry(service).or_insert_with(|| catalog.is_global(service))
        };
        // What is where another is that shows the same shows nothing more.
        let mut seen: HashSet<_, RandomState> = HashSet::default();
        for (resource, operated) in joined.resources.iter().zip(&joined.operated) {
            let region = resource.region.as_ref();
            let is_in_use = region.is_some() || is_regional(resource);
            let service = resource.service.as_ref().filter(|_| !resource.supporting);
            let asked = service.and_then(|service| Some((service, asked.of(service)?)));
            let block = asked.map(|(service, _)| (service, Arc::as_ptr(&resource.config)));
            if !seen.insert((&resource.account, operated.partition, region, is_in_use, block)) {
                continue;
            }
            let whose = (resource.account.clone(), operated.partition);
            if is_in_use {
                // A Region in which nothing that is asked for is listed is in use all the same.
                shown.regions.entry(whose.clone()).or_default().entry(region.cloned()).or_default();
            }
            let Some((service, attributes)) = asked else { continue };
            let block: Attributes = resource
                .config
                .iter()
                .filter(|(name, _)| attributes.contains(*name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let block = Value::Object(block);
            let text = block.to_string();
            shown.here.entry(whose.clone()).or_default().add(service, &block, &text);
            if let Some(region) = region {
                let regions = shown.regions.entry(whose).or_default();
                regions.entry(Some(region.clone())).or_default().add(service, &block, &text);
            }
        }
        shown.may_be_used();
        shown
    }

    /// A Region of resources that name no account may be in use by any account of their partition: nothing is known of it there.
    fn may_be_used(&mut self) {
        let mut open: BTreeMap<usize, BTreeSet<Option<Arc<str>>>> = BTreeMap::new();
        for ((_, partition), regions) in self.regions.iter().filter(|((account, _), _)| account.is_none()) {
            open.entry(*partition).or_default().extend(regions.keys().cloned());
        }
        for ((_, partition), regions) in self.regions.iter_mut().filter(|((account, _), _)| account.is_some()) {
            for region in open.get(partition).into_iter().flatten() {
                regions.entry(region.clone()).or_default();
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource(service: &str, account: &str, region: &str, config: Value) -> Arc<Resource> {
        let Value::Object(config) = config else { unreachable!() };
        Arc::new(Resource {
            service: Some(service.into()),
            kind: service.into(),
            region: Some(region.into()),
            config: config.into(),
            address: None,
            known_as: None,
            sample: None,
            belonging: None,
            ..account_itself("account", Some(&account.into()), None, &Inventory::default())
        })
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
        let all = with_accounts(&catalog, &inventory).resources;
        assert_eq!(all.len(), 5);
        let seen = |multi: bool| json!({"is_multi_region_trail": multi, "enable_logging": true});
        assert_eq!(all[3].config["here"], json!({"cloudtrail": [seen(true)]}));
        assert_eq!(all[3].config["regions"], json!([{"cloudtrail": [seen(true)]}, {}]));
        assert_eq!(all[4].config["here"], json!({"cloudtrail": [seen(false)]}));
    }

    /// What is shown of one partition's accounts is shown to none of another's.
    #[test]
    fn nothing_reaches_from_one_partition_into_another() {
        let catalog = Catalog::builtin().unwrap();
        let trail = json!({"is_multi_region_trail": true, "enable_logging": true});
        let inventory = Inventory {
            resources: vec![
                resource("cloudtrail", "1", "eu-west-1", trail.clone()),
                resource("s3", "2", "cn-north-1", json!({"bucket": "b"})),
                Arc::new(Resource {
                    account: None,
                    ..Arc::unwrap_or_clone(resource("s3", "2", "us-gov-west-1", json!({"bucket": "b"})))
                }),
            ],
            ..Inventory::default()
        };
        let all = with_accounts(&catalog, &inventory);
        let accounts: Vec<_> = (3..all.resources.len())
            .map(|own| {
                (
                    all.resources[own].account.as_deref(),
                    all.operated[own].by,
                    &all.resources[own].config["here"],
                )
            })
            .collect();
        assert_eq!(
            accounts,
            [
                (None, Some("aws-govcloud"), &json!({})),
                (Some("1"), Some("aws"), &json!({"cloudtrail": [trail]})),
                (Some("2"), Some("sinnet"), &json!({})),
            ]
        );
    }
}
