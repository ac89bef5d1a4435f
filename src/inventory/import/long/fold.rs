//! Settings of siblings for resources that are only counted.
//!
//! In: for each resource that may have such settings its group and what it is called, for each setting whom it names, as
//! hashes. Out: groups of resources that are alike and have the same settings. A resource takes some tens of bytes here
//! until the file is read, whatever its attributes are.

use super::super::location::Accounts;
use super::super::paths::{texts, values};
use super::super::siblings::{self, How, SIBLINGS, Sibling, bare};
use super::super::{ImportedResource, secrets};
use super::group::{Counter, Group, Groups, Kind};
use super::identity::{Made, Seen, repeated};
use crate::catalog::predicate::Attributes;
use crate::inventory::canonical::sort_and_dedup;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// How many names of a resource are kept.
const NAMES: usize = 4;

/// Where a resource is and what made it; 0 stands for what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scope {
    account: u64,
    region: u64,
    provider: u64,
}

impl Scope {
    fn of(resource: &ImportedResource, provider: &str) -> Self {
        let known = |text: &Option<Arc<str>>| text.as_deref().map_or(0, |text| hash(&[text]));
        Self {
            account: known(&resource.account),
            region: known(&resource.region),
            provider: hash(&[provider]),
        }
    }

    fn may_be(&self, other: &Self) -> bool {
        let agree = |a: u64, b: u64| a == 0 || b == 0 || a == b;
        agree(self.account, other.account) && agree(self.region, other.region)
    }
}

/// The same for the same texts, in every run.
fn hash(texts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish().max(1)
}

#[derive(Debug, Clone, Copy)]
struct Owner {
    /// Hashes of its type and one of its names.
    names: [u64; NAMES],
    scope: Scope,
    group: u32,
}

/// Resources that settings may concern.
#[derive(Debug, Default)]
pub(super) struct Owners {
    groups: Groups,
    list: Vec<Owner>,
    /// Those that may stand twice.
    seen: Vec<Seen>,
}

impl Owners {
    /// Adds a resource.
    pub(super) fn add(&mut self, kind: &Kind, resource: ImportedResource, made: Made<'_>, counter: &mut Counter<'_, '_>) {
        let mut names = [0; NAMES];
        let said = kind.by.iter().flat_map(|key| texts(&resource.config, key));
        let mut hashes: Vec<u64> = said.map(|name| hash(&[&kind.terraforms, &bare(name)])).collect();
        if kind.is_single {
            hashes.push(hash(&[&kind.terraforms, ""]));
        }
        hashes.sort_unstable();
        hashes.dedup();
        for (place, hash) in names.iter_mut().zip(hashes) {
            *place = hash;
        }
        let scope = Scope::of(&resource, made.provider);
        let group = counter.count(kind, resource, made, &mut self.groups);
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.seen.extend(Seen::of(made, number));
        self.list.push(Owner { names, scope, group });
    }

    /// Leaves each in the list once that stands there several times; how many were left out.
    pub(super) fn count_once(&mut self) -> u64 {
        let repeated = repeated(std::mem::take(&mut self.seen));
        for one in &repeated {
            if let Some(owner) = self.list.get_mut(one.number as usize) {
                // No group has this number, and no setting this name.
                owner.group = u32::MAX;
                owner.names = [0; NAMES];
            }
        }
        repeated.len() as u64
    }

    /// Where resources are that say so.
    pub(super) fn take_accounts(&mut self) -> Accounts {
        std::mem::take(&mut self.groups.accounts)
    }

    /// Takes in others.
    pub(super) fn unite(&mut self, others: Self) {
        let numbers = self.groups.unite(others.groups);
        let before = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.seen
            .extend(others.seen.into_iter().map(|one| one.at(one.number.saturating_add(before))));
        self.list.extend(others.list.into_iter().map(|owner| Owner {
            group: numbers.get(owner.group as usize).copied().unwrap_or(owner.group),
            ..owner
        }));
    }
}

#[derive(Debug, Clone, Copy)]
struct Named {
    names: [u64; NAMES],
    by_arn: bool,
    scope: Scope,
    setting: u32,
}

/// Settings, and whom they name.
#[derive(Debug, Default)]
pub(super) struct Settings {
    numbers: HashMap<(usize, Vec<u8>), u32>,
    /// The sibling's number, and for each of its copies the values.
    list: Vec<(usize, Vec<Vec<Value>>)>,
    named: Vec<Named>,
}

impl Settings {
    /// Adds what a resource says of others.
    pub(super) fn add(&mut self, kind: &Kind, resource: &ImportedResource, provider: &str) {
        for (index, sibling, questions) in &kind.settings {
            if sibling.unless.is_some_and(|key| !texts(&resource.config, key).is_empty()) {
                continue;
            }
            let mut names = [0; NAMES];
            let said: Vec<&str> = sibling.names.iter().flat_map(|key| texts(&resource.config, key)).collect();
            let hashes = sibling.owners.iter().flat_map(|owner| {
                let none = if sibling.names.is_empty() { Some(hash(&[owner, ""])) } else { None };
                said.iter()
                    .map(|name| hash(&[owner, &bare(name)]))
                    .chain(none)
                    .collect::<Vec<u64>>()
            });
            for (place, hash) in names.iter_mut().zip(hashes) {
                *place = hash;
            }
            let values = sibling.values(&resource.config);
            if names == [0; NAMES] || values.iter().all(Vec::is_empty) {
                continue;
            }
            let mut alone = Attributes::new();
            for ((_, to, how), values) in sibling.copies.iter().zip(&values) {
                siblings::apply(&mut alone, to, *how, values.clone());
            }
            let mut answers = Vec::new();
            questions.answer(&alone, &mut answers);
            let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry((*index, answers)).or_insert(next);
            if number == next {
                self.list.push((*index, opened(sibling, values)));
            }
            self.named.push(Named {
                names,
                by_arn: said.iter().any(|name| name.starts_with("arn:")),
                scope: Scope::of(resource, provider),
                setting: number,
            });
        }
    }

    /// Takes in others.
    pub(super) fn unite(&mut self, others: Self) {
        let mut keys: Vec<((usize, Vec<u8>), u32)> = others.numbers.into_iter().collect();
        keys.sort_by_key(|(_, number)| *number);
        let numbers: Vec<u32> = keys
            .into_iter()
            .zip(others.list)
            .map(|((key, _), setting)| {
                let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
                let number = *self.numbers.entry(key).or_insert(next);
                if number == next {
                    self.list.push(setting);
                } else if let Some(known) = self.list.get_mut(number as usize)
                    && format!("{:?}", setting.1) < format!("{:?}", known.1)
                {
                    // Whichever thread met it first, the same one stands for all.
                    known.1 = setting.1;
                }
                number
            })
            .collect();
        self.named.extend(others.named.into_iter().map(|named| Named {
            setting: numbers.get(named.setting as usize).copied().unwrap_or(named.setting),
            ..named
        }));
    }
}

/// The values without anything secret.
fn opened(sibling: &Sibling, values: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let open = |((from, _, _), values): (&siblings::Copy, Vec<Value>)| {
        let last = from.rsplit('.').next().unwrap_or(from);
        let open: Vec<Option<Value>> = values
            .into_iter()
            .map(|value| {
                let alone = Attributes::from_iter([(last.to_owned(), value)]);
                secrets::without(sibling.kind, alone).shift_remove(last)
            })
            .collect();
        if open.iter().all(Option::is_none) {
            return Vec::new();
        }
        // Of several none goes: what holds of the others would hold of all.
        open.into_iter()
            .map(|value| value.unwrap_or_else(|| secrets::NOT_TOLD.into()))
            .collect()
    };
    sibling.copies.iter().zip(values).map(open).collect()
}

/// The groups of owners with their settings.
pub(super) fn folded(owners: Owners, settings: Settings) -> Vec<Group> {
    let mut by_name: HashMap<u64, Vec<u32>> = HashMap::new();
    for (index, owner) in (0_u32..).zip(&owners.list) {
        for name in owner.names.iter().filter(|name| **name != 0) {
            by_name.entry(*name).or_default().push(index);
        }
    }
    let mut concerned: Vec<(u32, u32)> = Vec::new();
    for named in &settings.named {
        let mut meant: Vec<u32> = named
            .names
            .iter()
            .filter_map(|name| by_name.get(name))
            .flatten()
            .copied()
            .filter(|owner| owners.list[*owner as usize].scope.may_be(&named.scope))
            .collect();
        meant.sort_unstable();
        meant.dedup();
        if meant.len() > 1 && !named.by_arn {
            meant.retain(|owner| owners.list[*owner as usize].scope.provider == named.scope.provider);
            if meant.len() > 1 {
                continue;
            }
        }
        concerned.extend(meant.into_iter().map(|owner| (owner, named.setting)));
    }
    drop(by_name);
    concerned.sort_unstable();
    concerned.dedup();
    // How many owners of a group have the same settings.
    let mut counts: BTreeMap<(u32, Vec<u32>), u64> = BTreeMap::new();
    let mut left = concerned.as_slice();
    for (index, owner) in (0_u32..).zip(&owners.list) {
        let own = left.iter().take_while(|(concerned, _)| *concerned == index).count();
        let (own, rest) = left.split_at(own);
        left = rest;
        let key = (owner.group, own.iter().map(|(_, setting)| *setting).collect());
        *counts.entry(key).or_default() += 1;
    }
    counts
        .into_iter()
        .filter_map(|((group, numbers), count)| {
            let group = owners.groups.get(group)?;
            let mut resource = group.resource.clone();
            let mut said: BTreeMap<(usize, usize), (How, Vec<Value>)> = BTreeMap::new();
            for number in numbers {
                let (index, values) = settings.list.get(number as usize)?;
                for (position, values) in values.iter().enumerate() {
                    let how = SIBLINGS.get(*index)?.copies.get(position)?.2;
                    let all = &mut said.entry((*index, position)).or_insert_with(|| (how, Vec::new())).1;
                    all.extend(values.iter().cloned());
                }
            }
            for ((index, position), (how, mut values)) in said {
                sort_and_dedup(&mut values);
                let to = SIBLINGS.get(index)?.copies.get(position)?.1;
                siblings::apply(&mut resource.config, to, how, values);
            }
            Some(Group {
                count,
                order: group.order,
                provider: group.provider.clone(),
                resource,
            })
        })
        .collect()
}

impl Sibling {
    /// What a resource says by each of the copies.
    pub(super) fn values(&self, config: &Attributes) -> Vec<Vec<Value>> {
        let of = |(from, _, _): &siblings::Copy| values(config, from).into_iter().cloned().collect();
        self.copies.iter().map(of).collect()
    }
}
