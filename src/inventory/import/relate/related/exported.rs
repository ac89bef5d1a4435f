//! What a file's resources may say of those of other files, once its own are joined.
//!
//! In: all that is known of a file's relations, and who found somebody there. Out: what found nobody, with whom it means, and by
//! what names others may mean the owners.

use super::super::elsewhere::{self, Names, Others, Owned};
use super::super::links::{Numbered, of_no_space};
use super::super::{Relations, Side};
use super::{Owner, Related};
use crate::inventory::import::location::Accounts;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

impl Related {
    /// The attributes that settings say something of.
    pub(super) fn heard(&self, settings: &[u32], relations: &Relations) -> BTreeSet<Arc<str>> {
        let settings = settings
            .iter()
            .filter_map(|number| self.settings.get(*number))
            .filter(|one| !one.is_gone);
        let name = |relation: usize, copy: usize| Some(relations.list.get(relation)?.copies.get(copy)?.declared.name_of());
        let parts = settings.flat_map(|setting| setting.parts.iter().map(|(copy, _, _)| (setting.relation, *copy)));
        parts.filter_map(|(relation, copy)| name(relation, copy)).collect()
    }

    /// What may be said of resources of other files. `met`: who found somebody in its own.
    pub(super) fn others(
        &self,
        relations: &Relations,
        met: &HashSet<u32>,
        (referred, called): (&Numbered, &Numbered),
        (grouped, accounts): (bool, Option<&Accounts>),
    ) -> Others {
        let mut others = Others::default();
        let scope = |number: u32| Some(Others::account(self.scopes.get(number)?, accounts));
        let floating = self.floating.iter().map(|(relation, scope, _)| (*relation, *scope));
        for (relation, at) in floating.chain(self.vague.iter().copied()).collect::<BTreeSet<_>>() {
            let Some((relation, scope)) = relations.list.get(relation).zip(scope(at)) else {
                continue;
            };
            others.add(&relation.declared, &scope, None, None);
        }
        let astray: HashSet<u32> = self.astray.iter().copied().collect();
        let (mut referred, mut called) = (referred.as_slice(), called.as_slice());
        for (number, saying) in (0_u32..).zip(&self.sayings) {
            let (refers, names) = (of_number(&mut referred, number), of_number(&mut called, number));
            let Some(setting) = self.settings.get(saying.setting) else {
                continue;
            };
            let Some((relation, scope)) = relations.list.get(setting.relation).zip(scope(saying.scope)) else {
                continue;
            };
            let thing = (saying.thing != 0).then(|| elsewhere::thing(saying.thing, &relation.declared, setting));
            if !setting.is_gone && saying.is_told {
                others.stand(thing.as_deref().unwrap_or_default());
            }
            let whom = match relation.named {
                _ if astray.contains(&number) => None,
                Side::Owner if relation.names.is_empty() => None,
                Side::Owner if met.contains(&number) || refers.is_empty() => continue,
                Side::Owner => Some(Names::of(refers.iter().map(|(_, name, is_loose)| (*name, *is_loose)))),
                Side::Sibling => {
                    let space = relations.spaces.get(setting.relation).copied().unwrap_or(setting.relation);
                    let told = names.iter().map(|(_, name, is_loose)| (of_no_space(*name, space), *is_loose));
                    Some(Names::of(told))
                }
            };
            let said = others.add(&relation.declared, &scope, whom, thing);
            said.is_gone = setting.is_gone;
            said.is_bare = saying.is_bare;
            if !grouped && saying.is_told {
                said.says = elsewhere::says(setting, |value| self.settings.told(value));
            }
        }
        others.bounded()
    }
}

/// Of names those of one number; they are sorted, and those of the numbers before are gone.
fn of_number<'n>(names: &mut &'n [(u32, u64, bool)], number: u32) -> &'n [(u32, u64, bool)] {
    let before = names.iter().take_while(|(other, _, _)| *other < number).count();
    let own = names.iter().skip(before).take_while(|(other, _, _)| *other == number).count();
    let (found, rest) = names.split_at(before + own);
    *names = rest;
    found.get(before..).unwrap_or_default()
}

/// What owners are called and refer to, for other files: of each by itself, or of all together where many are counted.
pub(super) struct OwnersNames {
    each: Vec<(Arc<Names>, Arc<Names>)>,
    all: Option<(Arc<Names>, Arc<Names>)>,
}

impl OwnersNames {
    pub(super) fn of(related: &Related, called: &Numbered, referred: &Numbered, grouped: bool) -> Self {
        let mut spaces: Vec<(&Vec<(Side, usize)>, u32)> = related.parts_lists.iter().map(|(list, number)| (list, *number)).collect();
        spaces.sort_unstable_by_key(|(_, number)| *number);
        let (mut called, mut referred) = (called.as_slice(), referred.as_slice());
        let mut each = Vec::new();
        let (mut all_names, mut all_refers) = (Vec::new(), Vec::new());
        for (number, owner) in (0_u32..).zip(&related.owners) {
            let own = spaces.get(owner.parts as usize).into_iter().flat_map(|(list, _)| list.iter());
            let own: Vec<usize> = own.filter(|(side, _)| *side == Side::Owner).map(|(_, space)| *space).collect();
            // A name is known by its hash in one of the spaces that the type is known in; of no other it is nobody's.
            let names = of_number(&mut called, number).iter();
            let names = names.flat_map(|(_, name, is_loose)| own.iter().map(|space| (of_no_space(*name, *space), *is_loose)));
            let refers = of_number(&mut referred, number)
                .iter()
                .map(|(_, name, is_loose)| (*name, *is_loose));
            if grouped {
                all_names.extend(names);
                all_refers.extend(refers);
            } else {
                each.push((Names::of(names).into(), Names::of(refers).into()));
            }
        }
        let all = grouped.then(|| (Names::of(all_names.into_iter()).into(), Names::of(all_refers.into_iter()).into()));
        Self { each, all }
    }

    pub(super) fn owned(&self, number: u32, owner: &Owner, heard: BTreeSet<Arc<str>>) -> Owned {
        let (names, refers) = self
            .all
            .clone()
            .or_else(|| self.each.get(number as usize).cloned())
            .unwrap_or_default();
        Owned {
            names,
            refers,
            is_unnamed: owner.is_unnamed,
            heard,
        }
    }
}
