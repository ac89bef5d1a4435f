//! Resources of a file joined with what their siblings say of them.
//!
//! In: resources one by one, those that say something and those that something is said of. Out: by owner's group the
//! settings that hold of it. The same for single resources, which are groups of one, and for groups of any size.

use super::super::Found;
use super::super::paths::texts;
use super::links::{Links, Scope, Scopes, bare};
use super::settings::Settings;
use super::{Relation, Relations, Roles, Side};
use crate::catalog::predicate::Attributes;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// The scope of what is taken away again.
const NOWHERE: u32 = u32::MAX;

/// What is known of the relations between the resources of a file.
#[derive(Debug, Default)]
pub(in crate::inventory::import) struct Related {
    scopes: Scopes,
    settings: Settings,
    sayings: Vec<Saying>,
    owners: Vec<Owner>,
    /// From siblings that refer to their owners.
    to_owners: Links,
    /// From owners that refer to their siblings.
    to_siblings: Links,
}

/// One resource that says something.
#[derive(Debug, Clone, Copy)]
struct Saying {
    setting: u32,
    scope: u32,
    order: u64,
}

/// Resources of which something may be said: one, or several alike that stand in one row.
#[derive(Debug, Clone, Copy)]
struct Owner {
    scope: u32,
    group: u32,
    count: u64,
    order: u64,
}

/// Owners of one group that have the same settings.
#[derive(Debug)]
pub(in crate::inventory::import) struct Joined {
    /// Their group.
    pub(in crate::inventory::import) group: u32,
    /// How many.
    pub(in crate::inventory::import) count: u64,
    /// Where the first of them stands.
    pub(in crate::inventory::import) order: u64,
    settings: Vec<u32>,
}

impl Related {
    /// The number of where a resource is, and of what made it.
    pub(in crate::inventory::import) fn scope(&mut self, found: &Found) -> u32 {
        self.scopes.number(Scope::of(found))
    }

    /// Takes what a resource says of others: the resource, its scope's number and its place. `grouped`: whether values that
    /// are alike to the catalog may stand for each other.
    pub(in crate::inventory::import) fn hear(
        &mut self,
        relations: &Relations,
        roles: &Roles,
        (found, scope, order): (&Found, u32, u64),
        grouped: bool,
    ) {
        for (index, questions) in &roles.says {
            let Some(relation) = relations.list.get(*index) else { continue };
            let config = &found.resource.config;
            if relation.unless.as_ref().is_some_and(|key| !texts(config, key).is_empty()) {
                continue;
            }
            let setting = self
                .settings
                .number(*index, relation, (config, order), grouped.then_some(questions));
            // Of two that an owner may name one says something, and the other is in its way all the same.
            if relation.named == Side::Owner && self.settings.is_empty(setting) {
                continue;
            }
            let number = u32::try_from(self.sayings.len()).unwrap_or(u32::MAX);
            self.sayings.push(Saying { setting, scope, order });
            let space = relations.spaces.get(*index).copied().unwrap_or(*index);
            match relation.named {
                Side::Owner => references(relation, &relation.names, config).for_each(|name| self.to_owners.refer(space, &name, number)),
                Side::Sibling => called(&relation.names, found).for_each(|name| self.to_siblings.call(space, &name, number)),
            }
        }
    }

    /// Takes in a resource of which others may say something; false where it has no name by which they could.
    pub(in crate::inventory::import) fn expect(&mut self, relations: &Relations, roles: &Roles, found: &Found) -> bool {
        let number = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        let mut is_known = false;
        for (space, by) in &roles.known {
            let alone = by.is_empty().then_some(Cow::Borrowed(""));
            for name in called(by, found).chain(alone) {
                self.to_owners.call(*space, &name, number);
                is_known = true;
            }
        }
        for index in &roles.refers {
            let Some(relation) = relations.list.get(*index) else { continue };
            let space = relations.spaces.get(*index).copied().unwrap_or(*index);
            for name in references(relation, &relation.by, &found.resource.config) {
                self.to_siblings.refer(space, &name, number);
                is_known = true;
            }
        }
        is_known
    }

    /// Says which group the resource is of that [`Self::expect`] took in last, and how many it stands for.
    pub(in crate::inventory::import) fn own(&mut self, scope: u32, group: u32, count: u64, order: u64) {
        self.owners.push(Owner {
            scope,
            group,
            count: count.max(1),
            order,
        });
    }

    /// Takes in others, whose groups have these numbers here.
    pub(in crate::inventory::import) fn unite(&mut self, others: Self, groups: &[u32]) {
        let scopes = self.scopes.unite(others.scopes);
        let settings = self.settings.unite(others.settings);
        let here = |numbers: &[u32], number: u32| numbers.get(number as usize).copied().unwrap_or(number);
        let sayings_before = u32::try_from(self.sayings.len()).unwrap_or(u32::MAX);
        let owners_before = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        self.sayings.extend(others.sayings.into_iter().map(|saying| Saying {
            setting: here(&settings, saying.setting),
            scope: here(&scopes, saying.scope),
            ..saying
        }));
        self.owners.extend(others.owners.into_iter().map(|owner| Owner {
            scope: here(&scopes, owner.scope),
            group: here(groups, owner.group),
            ..owner
        }));
        self.to_owners.unite(others.to_owners, owners_before, sayings_before);
        self.to_siblings.unite(others.to_siblings, sayings_before, owners_before);
    }

    /// Takes away what stands at these places of the file.
    pub(in crate::inventory::import) fn forget(&mut self, orders: &HashSet<u64>) {
        // Numbers stay what they are; nobody is where these are.
        for saying in self.sayings.iter_mut().filter(|saying| orders.contains(&saying.order)) {
            saying.scope = NOWHERE;
        }
        for owner in self.owners.iter_mut().filter(|owner| orders.contains(&owner.order)) {
            owner.scope = NOWHERE;
            owner.count = 0;
        }
    }

    /// The owners by group and settings, and all that is needed to put these in place.
    pub(in crate::inventory::import) fn joined(self) -> (Vec<Joined>, Placed) {
        let saying = |number: u32| self.sayings.get(number as usize);
        let owner_scope = |number: u32| self.owners.get(number as usize).map_or(NOWHERE, |owner| owner.scope);
        let saying_scope = |number: u32| saying(number).map_or(NOWHERE, |saying| saying.scope);
        let from_siblings = self.to_owners.pairs(&self.scopes, saying_scope, owner_scope);
        let from_owners = self.to_siblings.pairs(&self.scopes, owner_scope, saying_scope);
        let pairs = from_siblings
            .into_iter()
            .chain(from_owners.into_iter().map(|(owner, saying)| (saying, owner)));
        let mut held: Vec<(u32, u32)> = pairs.filter_map(|(number, owner)| Some((owner, saying(number)?.setting))).collect();
        held.sort_unstable();
        held.dedup();
        let mut by_settings: BTreeMap<(u32, Vec<u32>), (u64, u64)> = BTreeMap::new();
        let mut left = held.as_slice();
        for (number, owner) in (0_u32..).zip(&self.owners) {
            let own = left.iter().take_while(|(held, _)| *held == number).count();
            let (own, rest) = left.split_at(own);
            left = rest;
            if owner.count == 0 {
                continue;
            }
            let key = (owner.group, own.iter().map(|(_, setting)| *setting).collect());
            let (count, order) = by_settings.entry(key).or_insert((0, u64::MAX));
            *count += owner.count;
            *order = owner.order.min(*order);
        }
        let joined = by_settings.into_iter().map(|((group, settings), (count, order))| Joined {
            group,
            count,
            order,
            settings,
        });
        (joined.collect(), Placed(self.settings))
    }
}

/// What is said, once it is known of whom.
pub(in crate::inventory::import) struct Placed(Settings);

impl Placed {
    /// Puts what is said of owners into their attributes.
    pub(in crate::inventory::import) fn apply(&self, config: &mut Attributes, joined: &Joined, relations: &Relations) {
        self.0.apply(config, &joined.settings, &relations.list);
    }
}

/// The names that a resource refers to. Where there is one of either, no name is needed.
fn references<'f>(relation: &Relation, attributes: &'f [String], config: &'f Attributes) -> impl Iterator<Item = Cow<'f, str>> {
    let alone = relation.names.is_empty().then_some(Cow::Borrowed(""));
    let said = attributes.iter().flat_map(|key| texts(config, key)).map(Cow::Borrowed);
    said.chain(alone)
}

/// What a resource is called, by its attributes and by its file.
fn called<'f>(attributes: &'f [String], found: &'f Found) -> impl Iterator<Item = Cow<'f, str>> {
    let said = attributes.iter().flat_map(|key| texts(&found.resource.config, key)).map(bare);
    said.chain(found.called.iter().map(|name| Cow::Borrowed(name.as_str())))
}
