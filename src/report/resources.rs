//! What is deployed, one row a resource: the list behind the report's counts.
//!
//! In: inventory and matrix. Out: sorted rows, at most [`LIMIT`], and how many are left out, so that memory stays bounded
//! however large the inventory is.

use super::context::Context;
use super::model::Resource;
use crate::diagnostics::Place;
use crate::inventory::{Resource as Deployed, Sample, sample};
use crate::raci::ResourceIx;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Most resources that a Report lists. What is beyond is counted in every figure, but stands in no row.
pub const LIMIT: usize = 10_000;

/// The resources to list, in the order of the list; and how many are left out.
pub(super) fn listed(context: &Context<'_>) -> (Vec<ResourceIx>, u64) {
    let mut order = context.matrix.listed.clone();
    order.sort_by(|one, other| context.matrix[*one].by_content(&context.matrix[*other]));
    let left_out = order.len().saturating_sub(LIMIT);
    order.truncate(LIMIT);
    (order, left_out as u64)
}

/// What is true of some of these resources, each once and sorted.
pub(super) fn distinct<'r>(resources: impl Iterator<Item = &'r Deployed>, pick: impl Fn(&'r Deployed) -> Option<&'r str>) -> Vec<String> {
    let found: BTreeSet<&str> = resources.filter_map(pick).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// The names of some resources, each once and in their order. What several are called says of each its account, else its
/// Region, and else how many they are.
pub(super) fn named(context: &Context<'_>, resources: &[ResourceIx]) -> Vec<String> {
    first_named(context, resources, usize::MAX).0
}

/// The first of these names, and how many more there are.
pub(super) fn first_named(context: &Context<'_>, resources: &[ResourceIx], most: usize) -> (Vec<String>, usize) {
    let mut alike: HashMap<&str, Vec<&Deployed>, RandomState> = HashMap::default();
    let mut order: Vec<&str> = Vec::new();
    for index in resources {
        let resource = &context.matrix[*index];
        let of = alike.entry(resource.label()).or_default();
        if of.is_empty() {
            order.push(resource.label());
        }
        of.push(resource);
    }
    let account = |resource: &Deployed| {
        let id = resource.account.as_deref()?;
        let known = context.inventory.accounts.get(id).and_then(|account| account.name.clone());
        Some(known.unwrap_or_else(|| id.to_owned()))
    };
    let (mut names, mut more) = (Vec::new(), 0);
    for label in order {
        let of = alike.get(label).map_or(&[][..], Vec::as_slice);
        // What is called so alone has one name, of which nobody asks what it is.
        if names.len() >= most && of.len() == 1 {
            more += 1;
            continue;
        }
        let mut parted: BTreeMap<String, (u64, Option<Arc<Sample>>)> = BTreeMap::new();
        let accounts: BTreeSet<&str> = of.iter().filter_map(|resource| resource.account.as_deref()).collect();
        let regions: BTreeSet<&str> = of.iter().filter_map(|resource| resource.region.as_deref()).collect();
        for resource in of {
            let place = [
                account(resource).filter(|_| accounts.len() > 1),
                resource.region.as_deref().filter(|_| regions.len() > 1).map(str::to_owned),
            ];
            let place: Vec<String> = place.into_iter().flatten().collect();
            let name = if place.is_empty() {
                label.to_owned()
            } else {
                format!("{label} ({})", place.join(", "))
            };
            let (count, sample) = parted.entry(name).or_default();
            *count += resource.count;
            sample::unite(sample, resource.sample.as_ref());
        }
        names.extend(parted.into_iter().map(|(name, (count, sample))| {
            let name = if count > 1 { format!("{name} ×{count}") } else { name };
            name + &sample.map(|sample| such_as(&sample, count)).unwrap_or_default()
        }));
    }
    more += names.len().saturating_sub(most);
    names.truncate(most);
    (names, more)
}

/// What is added to a name that so many resources have of which a few are called otherwise.
fn such_as(sample: &Sample, count: u64) -> String {
    let names = sample.names();
    let is_all = names.len() as u64 == count;
    let names = names.collect::<Vec<_>>().join(", ");
    if is_all {
        format!(": {names}")
    } else {
        format!(", such as {names}")
    }
}

/// The classes of their data, each once and sorted.
pub(super) fn data_classes<'r>(resources: impl Iterator<Item = &'r Deployed>) -> Vec<String> {
    let found: BTreeSet<&str> = resources.flat_map(|resource| &resource.data).map(|class| &**class).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// The rows of these resources.
pub(super) fn resources(context: &Context<'_>, listed: &[ResourceIx], show: &dyn Fn(&Place) -> String) -> Vec<Resource> {
    let told: HashSet<ResourceIx, RandomState> = listed.iter().copied().collect();
    let mut modes = HashMap::<ResourceIx, (Option<&str>, bool), RandomState>::default();
    for unit in &context.matrix.units {
        let mode = unit.split.mode.as_ref().map(|mode| mode.id.as_str());
        for (all, is_known) in [(&unit.resources, true), (&unit.mode_open, false)] {
            let told = all.iter().filter(|index| told.contains(index));
            modes.extend(told.map(|index| (*index, (mode, is_known))));
        }
    }
    let row = |index: &ResourceIx| {
        let of = &context.matrix[*index];
        let text = |value: &Option<std::sync::Arc<str>>| value.as_deref().map(str::to_owned);
        let (mode, mode_known) = modes.get(index).copied().unwrap_or((of.mode.as_deref(), true));
        let account = of.account.as_deref().and_then(|id| context.inventory.accounts.get(id));
        Resource {
            kind: of.kind.to_string(),
            service: text(&of.service),
            service_name: of
                .service
                .as_deref()
                .and_then(|id| context.catalog.service(id))
                .map(|service| service.name.clone()),
            mode: mode.map(str::to_owned),
            mode_known,
            name: of.name.clone().or_else(|| of.address.clone()),
            arn: of.arn.clone(),
            account: text(&of.account),
            account_name: account.and_then(|account| account.name.clone()),
            region: text(&of.region),
            environment: text(&of.environment),
            owner: text(&of.owner),
            count: of.count,
            data: of.data.iter().map(ToString::to_string).collect(),
            supporting: of.supporting,
            from: show(&of.place),
            address: of.address.clone(),
        }
    };
    listed.iter().map(row).collect()
}
