//! What the resources of a file may say of those of other files of the run.
//!
//! In: the relations of a file, once its own resources are joined. Out: what found nobody there, with whom it means by names
//! that are those of any source; and of each resource that something may be said of, by what names others may mean it. Of a
//! relation with very many that found nobody no more is kept than where they are, so that any may be meant.

use super::super::location::Accounts;
use super::links::Scope;
use super::settings::{Setting, all_of};
use crate::catalog::attributes;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// How many of one relation are told apart in a file.
pub(super) const MOST: usize = 4096;

/// How many of what all those say that have an ARN are told apart in a file.
const MOST_THINGS: usize = MOST * 64;

/// What stands for what two of one ARN say differently in one file.
const DIFFERS: u64 = 0;

/// Names, as hashes that are the same in every source, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::inventory::import) struct Names {
    pub(super) exact: Vec<u64>,
    /// The last parts of ARNs.
    pub(super) loose: Vec<u64>,
}

impl Names {
    pub(super) fn of(names: impl Iterator<Item = (u64, bool)>) -> Self {
        let mut made = Self::default();
        for (name, is_loose) in names {
            if is_loose { &mut made.loose } else { &mut made.exact }.push(name);
        }
        for list in [&mut made.exact, &mut made.loose] {
            list.sort_unstable();
            list.dedup();
        }
        made
    }

    /// Whether both have a whole name.
    pub(super) fn share_exact(&self, other: &Self) -> bool {
        self.exact.iter().any(|name| other.exact.binary_search(name).is_ok())
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.loose.is_empty()
    }
}

/// What is to be known of a resource that something may be said of, so that another file may mean it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::inventory::import) struct Owned {
    /// What it is called; where many are counted together, what any of its file is.
    pub(super) names: Arc<Names>,
    /// What it refers to itself.
    pub(super) refers: Arc<Names>,
    /// Whether it may be called otherwise, too: a name is not told.
    pub(super) is_unnamed: bool,
    /// The attributes that resources of its own file say something of.
    pub(super) heard: BTreeSet<Arc<str>>,
}

/// A resource that may say something of one in another file.
#[derive(Debug, Clone)]
pub(in crate::inventory::import) struct Said {
    pub(super) relation: Arc<attributes::Relation>,
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    /// Whom it means; nothing: it may be anybody there.
    pub(super) whom: Option<Names>,
    /// Where it has an ARN: of each copy the key of both, and what it says, as a hash.
    pub(super) thing: Option<Vec<(u64, u64)>>,
    /// What it says, by the number of the copy, as far as it is known; nothing: it is open what it says.
    pub(super) says: Option<Vec<(usize, Vec<Value>)>>,
    /// Whether it said something before, and is gone or says otherwise now.
    pub(super) is_gone: bool,
    /// Whether it is known to be there and no more, or not whom it belongs to: where it stands in full, it says nothing more.
    pub(super) is_bare: bool,
}

/// Whether one of another file stands in a file itself, by its ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Nowhere,
    /// It says the same.
    Same,
    /// It says something else, which this is the hash of.
    Otherwise(u64),
}

/// What a file says of the resources of others.
#[derive(Debug, Default)]
pub(in crate::inventory) struct Others {
    pub(super) said: Vec<Said>,
    /// Whether the file may have but some of those that say something, such as those that changed in a time.
    pub(super) is_partial: bool,
    /// What all those say here that have an ARN: what says the same elsewhere says nothing more.
    things: BTreeMap<u64, u64>,
}

impl Others {
    /// Adds what may be said. `scope`: where whoever says it is.
    pub(super) fn add(
        &mut self,
        relation: &Arc<attributes::Relation>,
        scope: &Scope,
        whom: Option<Names>,
        thing: Option<Vec<(u64, u64)>>,
    ) -> &mut Said {
        self.said.push(Said {
            relation: relation.clone(),
            account: scope.account.clone(),
            region: scope.region.clone(),
            whom,
            thing,
            says: None,
            is_gone: false,
            is_bare: false,
        });
        let last = self.said.len() - 1;
        &mut self.said[last]
    }

    /// Keeps what one says that has an ARN.
    pub(super) fn stand(&mut self, thing: &[(u64, u64)]) {
        if self.things.len() > MOST_THINGS {
            return;
        }
        for (key, says) in thing {
            let known = self.things.entry(*key).or_insert(*says);
            if known != says {
                *known = DIFFERS;
            }
        }
    }

    /// What one of another file says here, too, of a copy by its number.
    pub(super) fn standing(&self, said: &Said, copy: usize) -> Standing {
        let Some((key, says)) = said.thing.as_ref().and_then(|thing| thing.get(copy)) else {
            return Standing::Nowhere;
        };
        match self.things.get(key) {
            None => Standing::Nowhere,
            // What is gone elsewhere and stands here says it here.
            Some(known) if known == says || said.is_gone => Standing::Same,
            Some(known) => Standing::Otherwise(*known),
        }
    }

    /// Whether one of another file says here, too, all that it says.
    pub(super) fn has(&self, said: &Said) -> bool {
        let mut copies = 0..said.relation.copied.len();
        copies.all(|copy| matches!(self.standing(said, copy), Standing::Same))
    }

    /// The keys of what all those say here that have an ARN.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        self.things.keys().copied()
    }

    /// Leaves of each relation so many that nothing grows with the length of a file: of more no more than where they are.
    pub(super) fn bounded(mut self) -> Self {
        type At = (usize, Option<Arc<str>>, Option<Arc<str>>);
        let key = |said: &Said| Arc::as_ptr(&said.relation) as usize;
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for said in &self.said {
            *counts.entry(key(said)).or_default() += 1;
        }
        let mut any: BTreeSet<At> = BTreeSet::new();
        let bare = self.said.iter().filter(|said| said.is_bare).count();
        let is_many = |said: &Said| counts.get(&key(said)).is_some_and(|count| *count > MOST);
        for said in &mut self.said {
            if is_many(said) {
                said.whom = None;
            }
            if said.whom.is_none() {
                said.says = None;
                // Of what is but known to be there its ARN tells whether it stands elsewhere, too.
                if is_many(said) && !(said.is_bare && bare <= MOST_THINGS) {
                    said.thing = None;
                }
            }
        }
        self.said.retain(|said| {
            said.whom.is_some() || said.thing.is_some() || any.insert((key(said), said.account.clone(), said.region.clone()))
        });
        if self.things.len() > MOST_THINGS {
            self.things.clear();
        }
        self
    }

    /// Fills in the account of what names none: that of what the same configuration of a provider made.
    pub(super) fn account(scope: &Scope, accounts: Option<&Accounts>) -> Scope {
        let account = scope.account.clone().or_else(|| accounts?.of(&scope.provider, true).cloned());
        Scope { account, ..scope.clone() }
    }

    /// Fills in where the inventory says that all of the file is.
    pub(in crate::inventory::import) fn fill(&mut self, account: &Option<Arc<str>>, region: &Option<Arc<str>>) {
        for said in &mut self.said {
            said.account = said.account.take().or_else(|| account.clone());
            said.region = said.region.take().or_else(|| region.clone());
        }
    }
}

/// What one with an ARN says: by copy the key of both, which is the same in every source, and a hash of what is said.
pub(super) fn thing(arn: u64, relation: &attributes::Relation, setting: &Setting) -> Vec<(u64, u64)> {
    let copied = relation.copied.iter().enumerate();
    copied
        .map(|(copy, copied)| {
            let mut key = DefaultHasher::new();
            (arn, &relation.service, &relation.owner, copied.name()).hash(&mut key);
            (key.finish(), all_of(setting, copy))
        })
        .collect()
}

/// What a setting says, by the number of the copy.
pub(super) fn says(setting: &Setting, value: impl Fn(u32) -> Option<Value>) -> Option<Vec<(usize, Vec<Value>)>> {
    let mut by_copy: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for (copy, _, number) in &setting.parts {
        by_copy.entry(*copy).or_default().push(value(*number)?);
    }
    Some(by_copy.into_iter().collect())
}
