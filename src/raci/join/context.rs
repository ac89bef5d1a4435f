//! What selectors can tell apart of resources and of activities.
//!
//! In: the inventory's selectors, a resource or an activity. Out: the context of a resource, which is the same for all that
//! nothing tells apart, and the marks of an activity.

use crate::catalog::{Activity, Split};
use crate::inventory::{Inventory, Resource, Subject, Wildcard};
use crate::raci::index::PartyIx;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which properties of a resource any selector looks at, beside its environment.
#[derive(Debug, Default)]
pub(super) struct Dimensions {
    account: bool,
    region: bool,
    owner: bool,
    data: bool,
    tags: BTreeSet<Arc<str>>,
    /// Patterns of names, ARNs and types: resources differ in which of them take them.
    names: BTreeSet<Wildcard>,
    arns: BTreeSet<Wildcard>,
    kinds: BTreeSet<Wildcard>,
    /// Patterns of ids: activities differ in which of them take them.
    activities: BTreeSet<Wildcard>,
}

impl Dimensions {
    pub(super) fn of(inventory: &Inventory) -> Self {
        let rules = inventory.rules.iter().map(|rule| &rule.selector);
        let keeps = inventory.handover.iter().flat_map(|handover| &handover.keeps);
        let keeps = keeps.map(|keep| &keep.selector);
        let mut dimensions = Self::default();
        for selector in rules.chain(keeps) {
            dimensions.account |= selector.account.is_some();
            dimensions.region |= selector.region.is_some();
            dimensions.owner |= selector.owner.is_some();
            dimensions.data |= selector.data.is_some();
            dimensions.tags.extend(selector.tag.iter().flatten().map(|(key, _)| key.clone()));
            for (all, own) in [
                (&mut dimensions.names, &selector.name),
                (&mut dimensions.arns, &selector.arn),
                (&mut dimensions.kinds, &selector.kind),
                (&mut dimensions.activities, &selector.activity),
            ] {
                all.extend(own.iter().flatten().cloned());
            }
        }
        dimensions
    }

    pub(super) fn context<'r>(&self, resource: &'r Resource, operator: PartyIx) -> Context<'r> {
        Context {
            environment: resource.environment.as_ref(),
            operator,
            account: resource.account.as_deref().filter(|_| self.account),
            region: resource.region.as_deref().filter(|_| self.region),
            owner: resource.owner.as_deref().filter(|_| self.owner),
            data: if self.data { resource.data.clone() } else { Vec::new() },
            tags: resource.tags.iter().filter(|(key, _)| self.tags.contains(key)).cloned().collect(),
            taken_by: self.taking(resource),
        }
    }

    /// Which patterns take a resource, by their positions.
    fn taking(&self, resource: &Resource) -> Vec<usize> {
        let name = resource.matched_name();
        let names = self.names.iter().map(|one| name.is_some_and(|name| one.takes(name)));
        let arn = resource.matched_arn();
        let arns = self.arns.iter().map(|one| arn.is_some_and(|arn| one.takes(arn)));
        let kind = resource.matched_kind();
        let kinds = self.kinds.iter().map(|one| one.takes_in_any_case(kind));
        positions(names.chain(arns).chain(kinds))
    }

    /// Which patterns take an activity, by their positions: what selectors can tell of its id.
    pub(super) fn marks(&self, activity: &Activity) -> Vec<usize> {
        positions(self.activities.iter().map(|one| one.takes(&activity.id)))
    }
}

fn positions(taken: impl Iterator<Item = bool>) -> Vec<usize> {
    taken
        .enumerate()
        .filter(|(_, taken)| *taken)
        .map(|(position, _)| position)
        .collect()
}

/// What the rules can tell apart of a resource, its environment, and who operates it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Context<'r> {
    pub(super) environment: Option<&'r Arc<str>>,
    pub(super) operator: PartyIx,
    account: Option<&'r str>,
    region: Option<&'r str>,
    owner: Option<&'r str>,
    data: Vec<Arc<str>>,
    tags: Vec<(Arc<str>, String)>,
    /// The patterns of names, ARNs and types that take it.
    taken_by: Vec<usize>,
}

impl Context<'_> {
    /// Of what has no resource of its own.
    pub(super) fn none(operator: PartyIx) -> Self {
        Self {
            environment: None,
            operator,
            account: None,
            region: None,
            owner: None,
            data: Vec::new(),
            tags: Vec::new(),
            taken_by: Vec::new(),
        }
    }

    /// What selectors look at. Resources of one context are taken by the same patterns, so that any of them stands for all.
    pub(super) fn subject<'s>(&'s self, split: &'s Split, any: Option<&'s Resource>) -> Subject<'s> {
        Subject {
            service: &split.service,
            mode: split.mode.as_ref().map(|mode| mode.id.as_str()),
            model: &split.model,
            account: self.account,
            environment: self.environment.map(|environment| &**environment),
            region: self.region,
            owner: self.owner,
            tags: &self.tags,
            data: &self.data,
            name: any.and_then(Resource::matched_name),
            arn: any.and_then(Resource::matched_arn),
            kind: any.map(Resource::matched_kind),
        }
    }
}
