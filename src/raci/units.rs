//! Resources grouped by the service and mode that they run in.
//!
//! In: the inventory's resources. Out: units without assignments, and what is unclassified.

use super::index::ResourceIx;
use crate::catalog::predicate::Attributes;
use crate::catalog::{Catalog, ModeChoice, STANDARD_MODE};
use crate::inventory::Resource;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Resources of one service and mode.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) resources: Vec<ResourceIx>,
    pub(super) mode_open: Vec<ResourceIx>,
    pub(super) settled_by: BTreeSet<String>,
    pub(super) supporting: u64,
    /// The supporting resources, where there are no others.
    pub(super) supports: Vec<ResourceIx>,
}

/// A service and its mode.
pub(super) type Key = (Arc<str>, Option<String>);

pub(super) type Groups = BTreeMap<Key, Group>;

/// The groups, and the resources that belong to none.
pub(super) fn group(catalog: &Catalog, resources: &[Arc<Resource>]) -> (Groups, Vec<ResourceIx>) {
    let mut groups = Groups::new();
    let mut unclassified = Vec::new();
    let mut supporting: BTreeMap<Arc<str>, (u64, Vec<ResourceIx>)> = BTreeMap::new();
    // Where the service and the attributes lie that several resources share.
    let mut chosen: HashMap<(*const u8, *const Attributes), ModeChoice, RandomState> = HashMap::default();
    for (position, resource) in resources.iter().enumerate() {
        let index = ResourceIx::new(position);
        let Some(service) = &resource.service else {
            unclassified.push(index);
            continue;
        };
        if resource.supporting {
            let (count, list) = supporting.entry(service.clone()).or_default();
            *count += resource.count;
            list.push(index);
            continue;
        }
        let choose = || catalog.choose_mode(service, &resource.config);
        let choice = match &resource.mode {
            Some(mode) => {
                let mode = (**mode != *STANDARD_MODE).then(|| mode.to_string());
                Cow::Owned(ModeChoice::settled(mode))
            }
            None if Arc::strong_count(&resource.config) == 1 => Cow::Owned(choose()),
            None => {
                let of = (service.as_ptr(), Arc::as_ptr(&resource.config));
                Cow::Borrowed(&*chosen.entry(of).or_insert_with(choose))
            }
        };
        let group = groups.entry((service.clone(), choice.mode.clone())).or_default();
        group.resources.push(index);
        if !choice.known {
            group.mode_open.push(index);
            group.settled_by.extend(choice.settled_by.iter().cloned());
        }
    }
    for (service, (count, list)) in supporting {
        // Supporting resources are counted once a service, with its first unit.
        let key = groups.keys().find(|(id, _)| *id == service).cloned();
        let key = key.unwrap_or_else(|| (service.clone(), catalog.choose_mode(&service, &serde_json::Map::new()).mode));
        let group = groups.entry(key).or_default();
        group.supporting += count;
        if group.resources.is_empty() {
            group.supports = list;
        }
    }
    (groups, unclassified)
}
