//! Which resources of a file are parts of which others.
//!
//! In: those that say something, with whom they name. Out: pairs of a part and its owner, by where both stand in the file; whom
//! all of a place belong to, and what may be meant only, is none.

use super::super::links::{Links, Scopes};
use super::super::{Relations, Side};
use super::heard::owner_in_arn;
use super::{NOWHERE, Parts, Related, called, references};
use crate::catalog::predicate::Attributes;
use crate::inventory::import::Found;
use std::collections::HashSet;

/// Those that say nothing of their owners and are parts of them: where each is, where it stands, and who names whom.
#[derive(Debug, Default)]
pub(super) struct Mutes {
    list: Vec<(u32, u64)>,
    to_owners: Links,
    /// From owners that name their parts.
    to_parts: Links,
}

impl Mutes {
    /// Takes in others, whose scopes have these numbers here, and whose owners' numbers go up by as many as there were before.
    pub(super) fn unite(&mut self, others: Self, scope: impl Fn(u32) -> u32, owners_before: u32) {
        let before = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.extend(others.list.into_iter().map(|(at, order)| (scope(at), order)));
        self.to_owners.unite(others.to_owners, 0, before);
        self.to_parts.unite(others.to_parts, before, owners_before);
    }

    /// An owner names a part.
    pub(super) fn refer(&mut self, space: usize, name: &str, owner: u32, repeats: bool) {
        self.to_parts.refer(space, name, owner, (false, repeats));
    }

    /// Takes away what stands at these places of the file.
    pub(super) fn forget(&mut self, orders: &HashSet<u64>) {
        for (scope, _) in self.list.iter_mut().filter(|(_, order)| orders.contains(order)) {
            *scope = NOWHERE;
        }
    }

    /// Where each stands, and the number of its owner; owners are called as `called` says.
    pub(super) fn pairs(self, called: &Links, scopes: &Scopes, owner_scope: impl Fn(u32) -> u32) -> Vec<(u64, u32)> {
        let Self {
            list,
            mut to_owners,
            to_parts,
        } = self;
        if list.is_empty() {
            return Vec::new();
        }
        to_owners.call_as(called);
        let scope = |number: u32| list.get(number as usize).map_or(NOWHERE, |(scope, _)| *scope);
        let named = to_parts.pairs(scopes, &owner_scope, scope).into_iter();
        let pairs = to_owners.pairs(scopes, scope, &owner_scope).into_iter();
        pairs
            .chain(named.map(|(owner, number)| (number, owner)))
            .filter_map(|(number, owner)| Some((list.get(number as usize)?.1, owner)))
            .collect()
    }
}

impl Related {
    /// Takes in a resource that is a part of whom it names, or of who names it, and says nothing of it.
    pub(super) fn belongs(&mut self, relations: &Relations, index: usize, (found, config, scope, order): (&Found, &Attributes, u32, u64)) {
        let Some(relation) = relations.list.get(index).filter(|_| !found.is_gone) else {
            return;
        };
        let space = relations.spaces.get(index).copied().unwrap_or(index);
        let mutes = &mut self.mutes;
        let number = u32::try_from(mutes.list.len()).unwrap_or(u32::MAX);
        mutes.list.push((scope, order));
        if relation.named == Side::Sibling {
            called(&relation.names, (found, config)).for_each(|name| mutes.to_parts.call(space, &name, number));
            return;
        }
        let mut is_named = false;
        for name in references(relation, &relation.names, config) {
            mutes.to_owners.refer(space, &name, number, (false, relation.repeats));
            is_named = true;
        }
        if let Some(name) = owner_in_arn(relation, found).filter(|_| !is_named) {
            mutes.to_owners.refer(space, name, number, (false, relation.repeats));
        }
    }

    /// Of what stands at a place of the file: where those stand that it is a part of. `said`: pairs of who says something and its
    /// owner; `mute`: the same of who says nothing, by where it stands.
    pub(super) fn parts(&self, relations: &Relations, said: &[(u32, u32)], mute: Vec<(u64, u32)>) -> Parts {
        let named = |number: u32| {
            let saying = self.sayings.get(number as usize)?;
            let relation = relations.list.get(self.settings.relation(saying.setting)?)?;
            (!relation.names.is_empty()).then_some(saying.order)
        };
        let said = said.iter().filter_map(|(saying, owner)| Some((named(*saying)?, *owner)));
        let mut parts = Parts::new();
        for (part, owner) in said.chain(mute) {
            if let Some(owner) = self.owners.get(owner as usize) {
                parts.entry(part).or_default().push(owner.order);
            }
        }
        for owners in parts.values_mut() {
            owners.sort_unstable();
            owners.dedup();
        }
        parts
    }
}
