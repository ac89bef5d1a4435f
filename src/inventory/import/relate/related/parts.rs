//! Which resources of a file are parts of which others.
//!
//! In: those that say something, with whom they name. Out: pairs of a part and its owner, by where both stand in the file; whom
//! all of a place belong to, and what may be meant only, is none.

use super::super::links::{Links, Scopes};
use super::super::{Relation, Relations};
use super::{NOWHERE, Parts, Related, references};
use crate::catalog::predicate::Attributes;
use std::collections::HashSet;

/// Those that name an owner and say nothing of it that is declared: where each is, and where it stands.
#[derive(Debug, Default)]
pub(super) struct Mutes {
    list: Vec<(u32, u64)>,
    to_owners: Links,
}

impl Mutes {
    /// Takes one in.
    pub(super) fn add(&mut self, relation: &Relation, space: usize, config: &Attributes, (scope, order): (u32, u64)) {
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push((scope, order));
        for name in references(relation, &relation.names, config) {
            self.to_owners.refer(space, &name, number, (false, relation.repeats));
        }
    }

    /// Takes in others, whose scopes have these numbers here.
    pub(super) fn unite(&mut self, others: Self, scope: impl Fn(u32) -> u32) {
        let before = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.extend(others.list.into_iter().map(|(at, order)| (scope(at), order)));
        self.to_owners.unite(others.to_owners, 0, before);
    }

    /// Takes away what stands at these places of the file.
    pub(super) fn forget(&mut self, orders: &HashSet<u64>) {
        for (scope, _) in self.list.iter_mut().filter(|(_, order)| orders.contains(order)) {
            *scope = NOWHERE;
        }
    }

    /// Where each stands, and the number of its owner, of those that are called so.
    pub(super) fn pairs(self, called: &Links, scopes: &Scopes, owner_scope: impl Fn(u32) -> u32) -> Vec<(u64, u32)> {
        let Self { list, mut to_owners } = self;
        if list.is_empty() {
            return Vec::new();
        }
        to_owners.call_as(called);
        let scope = |number: u32| list.get(number as usize).map_or(NOWHERE, |(scope, _)| *scope);
        let pairs = to_owners.pairs(scopes, scope, owner_scope).into_iter();
        pairs
            .filter_map(|(number, owner)| Some((list.get(number as usize)?.1, owner)))
            .collect()
    }
}

impl Related {
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
