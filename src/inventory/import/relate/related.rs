//! Resources of a file joined with what their siblings say of them.
//!
//! In: resources one by one, those that say something and those that something is said of. Out: by owner's group the
//! settings that hold of it. The same for single resources, which are groups of one, and for groups of any size.

mod exported;
mod heard;
mod parts;

use super::super::Found;
use super::super::location::Accounts;
use super::super::paths::{is_open_at, texts};
use super::elsewhere::{Others, Owned};
use super::links::{Links, Scope, Scopes, bare};
use super::settings::Settings;
use super::{Relation, Relations, Roles, Side};
use crate::catalog::predicate::Attributes;
use exported::OwnersNames;
use parts::Mutes;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Of what stands at a place of a file: where those stand that it is a part of.
pub(in crate::inventory::import) type Parts = BTreeMap<u64, Vec<u64>>;

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
    /// What is said of owners that are not known: the relation, the scope and the setting.
    floating: BTreeSet<(usize, u32, u32)>,
    /// The same of what is said of a name that nobody has.
    lost: BTreeSet<(usize, u32, u32)>,
    /// The same of what refers to something of the file that is no owner.
    adrift: BTreeSet<(usize, u32, u32)>,
    /// Where those are that do not tell all that they say, nor of whom: the relation and the scope.
    vague: BTreeSet<(usize, u32)>,
    /// Those of which it is not told whom they belong to, by number.
    astray: Vec<u32>,
    /// Those that are parts of an owner and say nothing of it.
    mutes: Mutes,
    /// Owners whose siblings are not known, and what these leave open.
    open: Vec<(u32, u32)>,
    /// The parts that owners of a type take, by number: the spaces that they are known in, and the relations in which they name the
    /// sibling.
    parts_lists: BTreeMap<Vec<(Side, usize)>, u32>,
    /// Of the owner that was taken in last: its parts, and whether its name is open.
    parts: u32,
    nameless: bool,
    unnamed: bool,
}

/// One resource that says something.
#[derive(Debug, Clone, Copy)]
struct Saying {
    setting: u32,
    scope: u32,
    order: u64,
    /// The hash of its ARN; 0: it has none.
    thing: u64,
    /// Whether it is told what it says.
    is_told: bool,
    /// Whether it is known to be there and no more, or not whom it belongs to.
    is_bare: bool,
}

/// Resources of which something may be said: one, or several alike that stand in one row.
#[derive(Debug, Clone, Copy)]
struct Owner {
    scope: u32,
    group: u32,
    /// The parts that its type takes, as a number.
    parts: u32,
    /// Whether its name is open, so that it may be meant by one that means no other.
    is_nameless: bool,
    /// Whether it may have a name that is not told, by which another file may mean it.
    is_unnamed: bool,
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
    /// What another file may mean it by.
    pub(in crate::inventory::import) owned: Owned,
}

impl Related {
    /// The number of where a resource is, and of what made it.
    pub(in crate::inventory::import) fn scope(&mut self, found: &Found) -> u32 {
        self.scopes.number(Scope::of(found))
    }

    /// Takes in a resource of which others may say something; false where it has no name by which they could, and nothing is
    /// open.
    pub(in crate::inventory::import) fn expect(
        &mut self,
        relations: &Relations,
        roles: &Roles,
        (found, config): (&Found, &Attributes),
    ) -> bool {
        let number = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        let mut is_known = false;
        for (space, by) in &roles.known {
            let alone = by.is_empty().then_some(Cow::Borrowed(""));
            for name in called(by, (found, config)).chain(alone) {
                self.to_owners.call(*space, &name, number);
                is_known = true;
            }
        }
        let mut referring = Vec::new();
        for index in &roles.refers {
            let Some(relation) = relations.list.get(*index) else { continue };
            let space = relations.spaces.get(*index).copied().unwrap_or(*index);
            let by = relation.by(&found.resource.kind);
            if relation.is_mute() {
                for name in references(relation, by, config) {
                    self.mutes.refer(space, &name, number, relation.repeats);
                    is_known = true;
                }
                continue;
            }
            if is_left_open(config, by) {
                let setting = self.settings.open(*index, relation);
                self.open.push((number, setting));
                is_known = true;
            }
            for name in references(relation, by, config) {
                self.to_siblings.refer(space, &name, number, (false, relation.repeats));
                referring.push(*index);
                is_known = true;
            }
        }
        referring.dedup();
        let is_told = |name: &&str| !name.contains("${");
        let lacks_name = |key: &String| !texts(config, key).iter().any(&is_told);
        // By what is named of it only, it may be called otherwise.
        let says = |space: &usize| relations.list.get(*space).is_some_and(|relation| !relation.is_mute());
        let mut known = roles.known.iter().filter(|(space, _)| says(space)).map(|(_, by)| by);
        self.unnamed = known.clone().any(|by| by.iter().any(lacks_name));
        self.nameless = known.any(|by| is_left_open(config, by));
        let known = roles.known.iter().map(|(space, _)| (Side::Owner, *space));
        let parts = known.chain(referring.into_iter().map(|index| (Side::Sibling, index))).collect();
        let next = u32::try_from(self.parts_lists.len()).unwrap_or(u32::MAX);
        self.parts = *self.parts_lists.entry(parts).or_insert(next);
        is_known || self.nameless
    }

    /// Says which group the resource is of that [`Self::expect`] took in last, and how many it stands for.
    pub(in crate::inventory::import) fn own(&mut self, scope: u32, group: u32, count: u64, order: u64) {
        self.owners.push(Owner {
            scope,
            group,
            parts: self.parts,
            is_nameless: self.nameless,
            is_unnamed: self.unnamed,
            count: count.max(1),
            order,
        });
    }

    /// Takes in others, whose groups have these numbers here.
    pub(in crate::inventory::import) fn unite(&mut self, others: Self, groups: &[u32]) {
        let scopes = self.scopes.unite(others.scopes);
        let settings = self.settings.unite(others.settings);
        let here = |numbers: &[u32], number: u32| numbers.get(number as usize).copied().unwrap_or(number);
        let mut lists: Vec<(Vec<(Side, usize)>, u32)> = others.parts_lists.into_iter().collect();
        lists.sort_unstable_by_key(|(_, number)| *number);
        let parts: Vec<u32> = lists
            .into_iter()
            .map(|(list, _)| {
                let next = u32::try_from(self.parts_lists.len()).unwrap_or(u32::MAX);
                *self.parts_lists.entry(list).or_insert(next)
            })
            .collect();
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
            parts: here(&parts, owner.parts),
            ..owner
        }));
        let floating = others.floating.into_iter();
        self.floating
            .extend(floating.map(|(relation, scope, setting)| (relation, here(&scopes, scope), here(&settings, setting))));
        self.astray.extend(others.astray.into_iter().map(|number| number + sayings_before));
        self.mutes.unite(others.mutes, |scope| here(&scopes, scope), owners_before);
        let vague = others.vague.into_iter();
        self.vague.extend(vague.map(|(relation, scope)| (relation, here(&scopes, scope))));
        let open = others.open.into_iter();
        self.open
            .extend(open.map(|(owner, setting)| (owner + owners_before, here(&settings, setting))));
        self.to_owners.unite(others.to_owners, owners_before, sayings_before);
        self.to_siblings.unite(others.to_siblings, sayings_before, owners_before);
    }

    /// Takes away what stands at these places of the file.
    pub(in crate::inventory::import) fn forget(&mut self, orders: &HashSet<u64>) {
        // Numbers stay what they are; nobody is where these are.
        for saying in self.sayings.iter_mut().filter(|saying| orders.contains(&saying.order)) {
            saying.scope = NOWHERE;
        }
        self.mutes.forget(orders);
        for owner in self.owners.iter_mut().filter(|owner| orders.contains(&owner.order)) {
            owner.scope = NOWHERE;
            owner.count = 0;
        }
    }

    /// The owners by group and settings, all that is needed to put these in place, what may be said of other files' owners, and
    /// which resources are parts of which, by where they stand in the file, where names are those of single ones.
    /// `grouped`: whether names are those of a whole file. `is_partial`: whether the file may have but some of those that say
    /// something. `accounts`: where its resources are that do not tell it.
    pub(in crate::inventory::import) fn joined(
        mut self,
        relations: &Relations,
        (grouped, is_partial): (bool, bool),
        accounts: Option<&Accounts>,
    ) -> (Vec<Joined>, Placed, Others, Parts) {
        self.forget_again(relations);
        self.may_mean_nameless(relations);
        self.may_mean_any(relations);
        let may_mean = self.may_mean(relations);
        let left_open = self.left_open(relations);
        let (to_owners, to_siblings) = (std::mem::take(&mut self.to_owners), std::mem::take(&mut self.to_siblings));
        let (called, referred) = (to_owners.called(), to_owners.referred());
        let (siblings_called, owners_referred) = (to_siblings.called(), to_siblings.referred());
        let saying = |number: u32| self.sayings.get(number as usize);
        let owner_scope = |number: u32| self.owners.get(number as usize).map_or(NOWHERE, |owner| owner.scope);
        let saying_scope = |number: u32| saying(number).map_or(NOWHERE, |saying| saying.scope);
        let mute = std::mem::take(&mut self.mutes).pairs(&to_owners, &self.scopes, owner_scope);
        let from_siblings = to_owners.pairs(&self.scopes, saying_scope, owner_scope);
        let from_owners = to_siblings.pairs(&self.scopes, owner_scope, saying_scope);
        let parts = match grouped {
            true => Parts::new(),
            false => {
                let turned = from_owners.iter().map(|(owner, saying)| (*saying, *owner));
                let said: Vec<(u32, u32)> = from_siblings.iter().copied().chain(turned).collect();
                self.parts(relations, &said, mute)
            }
        };
        let met: HashSet<u32> = from_siblings.iter().map(|(saying, _)| *saying).collect();
        // Who names a sibling that is there names no other.
        let relation = |number: u32| self.settings.relation(saying(number)?.setting);
        let named: HashSet<(u32, usize)> = from_owners
            .iter()
            .filter_map(|(owner, saying)| Some((*owner, relation(*saying)?)))
            .collect();
        // Beside those that say it here there may be others.
        let not_all: Vec<(u32, u32)> = match is_partial {
            true => from_siblings
                .iter()
                .filter_map(|(number, owner)| Some((*owner, saying(*number)?.setting)))
                .collect(),
            false => Vec::new(),
        };
        let pairs = from_siblings
            .into_iter()
            .chain(from_owners.into_iter().map(|(owner, saying)| (saying, owner)));
        let mut held: Vec<(u32, u32)> = pairs.filter_map(|(number, owner)| Some((owner, saying(number)?.setting))).collect();
        for (owner, setting) in not_all {
            held.extend(self.settings.loosened(setting, &relations.list).map(|setting| (owner, setting)));
        }
        held.extend(self.open.iter().copied());
        held.extend(may_mean);
        let left_open = left_open
            .into_iter()
            .filter(|(owner, relation, _)| !named.contains(&(*owner, *relation)));
        held.extend(left_open.map(|(owner, _, setting)| (owner, setting)));
        held.sort_unstable();
        held.dedup();
        let names = OwnersNames::of(&self, &called, &owners_referred, grouped);
        let mut others = self.others(relations, &met, (&referred, &siblings_called), (grouped, accounts));
        others.is_partial = is_partial;
        let mut by_settings: BTreeMap<(u32, Vec<u32>), Joined> = BTreeMap::new();
        let mut left = held.as_slice();
        for (number, owner) in (0_u32..).zip(&self.owners) {
            let own = left.iter().take_while(|(held, _)| *held == number).count();
            let (own, rest) = left.split_at(own);
            left = rest;
            if owner.count == 0 {
                continue;
            }
            let settings: Vec<u32> = own.iter().map(|(_, setting)| *setting).collect();
            let one = by_settings
                .entry((owner.group, settings))
                .or_insert_with_key(|(group, settings)| Joined {
                    group: *group,
                    count: 0,
                    order: u64::MAX,
                    owned: names.owned(number, owner, self.heard(settings, relations)),
                    settings: settings.clone(),
                });
            one.count += owner.count;
            one.order = owner.order.min(one.order);
            one.owned.is_unnamed |= owner.is_unnamed;
        }
        (by_settings.into_values().collect(), Placed(self.settings), others, parts)
    }
}

impl Related {
    /// Forgets what is but known to be there where it stands in full, too.
    fn forget_again(&mut self, relations: &Relations) {
        if !self.sayings.iter().any(|saying| saying.is_bare) {
            return;
        }
        let owner = |saying: &Saying| {
            let relation = relations.list.get(self.settings.relation(saying.setting)?)?;
            let is_read = !relation.is_unread && saying.thing != 0 && saying.scope != NOWHERE;
            is_read.then(|| (saying.thing, relation.declared.service.clone(), relation.declared.owner.clone()))
        };
        let told = self.sayings.iter().filter(|saying| saying.is_told);
        let told: HashSet<_> = told.filter_map(owner).collect();
        let again = |saying: &Saying| saying.is_bare && owner(saying).is_some_and(|owner| told.contains(&owner));
        let again: Vec<bool> = self.sayings.iter().map(again).collect();
        for (saying, _) in self.sayings.iter_mut().zip(again).filter(|(_, is_again)| *is_again) {
            saying.scope = NOWHERE;
        }
    }

    /// What refers to a resource of its file that is no owner, such as another name of a function, may mean any owner, and so
    /// may that of which it is not told whom it belongs to.
    fn may_mean_any(&mut self, relations: &Relations) {
        let names: HashSet<u64> = self.to_owners.names().collect();
        let mut spaces = relations.spaces.clone();
        spaces.sort_unstable();
        spaces.dedup();
        let adrift: BTreeSet<(u32, u32)> = self
            .to_owners
            .adrift(&names, &spaces)
            .into_iter()
            .filter_map(|number| self.sayings.get(number as usize))
            .map(|saying| (saying.setting, saying.scope))
            .collect();
        for number in &self.astray {
            let Some(saying) = self.sayings.get(*number as usize).filter(|saying| saying.scope != NOWHERE) else {
                continue;
            };
            let is_of_owners = |index: &usize| relations.list.get(*index).is_some_and(|relation| relation.named == Side::Owner);
            if let Some(relation) = self.settings.relation(saying.setting).filter(is_of_owners) {
                self.adrift.insert((relation, saying.scope, saying.setting));
            }
        }
        for (setting, scope) in adrift {
            let relation = self.settings.relation(setting);
            if let Some((relation, setting)) = relation.zip(self.settings.loosened(setting, &relations.list)) {
                self.adrift.insert((relation, scope, setting));
            }
        }
    }

    /// What refers to a name that nobody has may mean one whose name is open.
    fn may_mean_nameless(&mut self, relations: &Relations) {
        if !self.owners.iter().any(|owner| owner.is_nameless) {
            return;
        }
        let met: HashSet<u64> = self.to_owners.names().collect();
        let lost: BTreeSet<(u32, u32)> = self
            .to_owners
            .lost(&met)
            .filter_map(|number| self.sayings.get(number as usize))
            .map(|saying| (saying.setting, saying.scope))
            .collect();
        for (setting, scope) in lost {
            let relation = self.settings.relation(setting);
            if let Some((relation, setting)) = relation.zip(self.settings.loosened(setting, &relations.list)) {
                self.lost.insert((relation, scope, setting));
            }
        }
    }

    /// Owners that an ARN may mean which nobody is known to have, with what that leaves open.
    fn may_mean(&mut self, relations: &Relations) -> Vec<(u32, u32)> {
        let owner_scope = |number: u32| self.owners.get(number as usize).map_or(NOWHERE, |owner| owner.scope);
        let saying_scope = |number: u32| self.sayings.get(number as usize).map_or(NOWHERE, |saying| saying.scope);
        let of_siblings = self.to_owners.may_mean(&self.scopes, saying_scope, owner_scope);
        let of_owners = self.to_siblings.may_mean(&self.scopes, owner_scope, saying_scope);
        let pairs = of_siblings
            .into_iter()
            .chain(of_owners.into_iter().map(|(owner, saying)| (saying, owner)));
        let mut found = Vec::new();
        for (saying, owner) in pairs {
            let setting = self.sayings.get(saying as usize).map(|saying| saying.setting);
            let setting = setting.and_then(|setting| self.settings.loosened(setting, &relations.list));
            found.extend(setting.map(|setting| (owner, setting)));
        }
        found
    }

    /// Owners of which something may be said, with the relation and what that leaves open.
    fn left_open(&self, relations: &Relations) -> Vec<(u32, usize, u32)> {
        let mut lists: Vec<(&Vec<(Side, usize)>, u32)> = self.parts_lists.iter().map(|(list, number)| (list, *number)).collect();
        lists.sort_unstable_by_key(|(_, number)| *number);
        let mut found = Vec::new();
        let floating = self.floating.iter().chain(&self.adrift).map(|one| (one, false));
        for ((index, scope, setting), is_lost) in floating.chain(self.lost.iter().map(|one| (one, true))) {
            let Some(relation) = relations.list.get(*index) else { continue };
            let part = match relation.named {
                Side::Owner => (Side::Owner, relations.spaces.get(*index).copied().unwrap_or(*index)),
                Side::Sibling => (Side::Sibling, *index),
            };
            for (number, owner) in (0_u32..).zip(&self.owners) {
                let is_of_it = lists.get(owner.parts as usize).is_some_and(|(list, _)| list.contains(&part));
                if is_of_it && (!is_lost || owner.is_nameless) && self.scopes.may_be(*scope, owner.scope) {
                    found.push((number, *index, *setting));
                }
            }
        }
        found
    }
}

/// Whether it is open whom attributes mean: what one of them says is open, and no other means one.
fn is_left_open(config: &Attributes, names: &[String]) -> bool {
    names.iter().any(|key| is_open_at(config, key)) && names.iter().all(|key| is_listed(config, key) || texts(config, key).is_empty())
}

/// Whether a path leads to a list, which may have more than it tells.
fn is_listed(config: &Attributes, path: &str) -> bool {
    path.split_once('.').is_some() || config.get(path).is_some_and(Value::is_array)
}

/// What is said, once it is known of whom.
pub(in crate::inventory::import) struct Placed(Settings);

impl Placed {
    /// Puts what is said of owners of a type into their attributes.
    pub(in crate::inventory::import) fn apply(&self, (kind, config): (&str, &mut Attributes), joined: &Joined, relations: &Relations) {
        self.0.apply((kind, config), &joined.settings, &relations.list);
    }
}

/// The names that a resource refers to. Where there is one of either, no name is needed.
fn references<'f>(relation: &Relation, attributes: &'f [String], config: &'f Attributes) -> impl Iterator<Item = Cow<'f, str>> {
    let alone = relation.names.is_empty().then_some(Cow::Borrowed(""));
    let said = attributes.iter().flat_map(|key| texts(config, key)).map(Cow::Borrowed);
    said.chain(alone)
}

/// What a resource is called, by its attributes and by its file.
fn called<'f>(attributes: &'f [String], (found, config): (&'f Found, &'f Attributes)) -> impl Iterator<Item = Cow<'f, str>> {
    let said = attributes.iter().flat_map(|key| texts(config, key)).map(bare);
    said.chain(found.called.iter().map(|name| Cow::Borrowed(name.as_str())))
}
