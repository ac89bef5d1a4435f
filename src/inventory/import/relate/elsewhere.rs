//! What the resources of a file may say of those of other files of the run.
//!
//! In: the relations of a file, once its own resources are joined. Out: what found nobody there, with whom it means by names
//! that are those of any source; and of each resource that something may be said of, by what names others may mean it. Of a
//! relation with very many that found nobody no more is kept than where they are, so that any may be meant.

use super::super::location::Accounts;
use super::links::Scope;
use super::settings::Setting;
use crate::catalog::attributes;
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// How many of one relation are told apart in a file.
pub(super) const MOST: usize = 4096;

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
    /// Its ARN, as a hash.
    pub(super) thing: Option<u64>,
    /// What it says, by the number of the copy, as far as it is known; nothing: it is open what it says.
    pub(super) says: Option<Vec<(usize, Vec<Value>)>>,
    /// Whether it said something before, and is gone or says otherwise now.
    pub(super) is_gone: bool,
}

/// What a file says of the resources of others.
#[derive(Debug, Default)]
pub(in crate::inventory) struct Others {
    pub(super) said: Vec<Said>,
    /// The ARNs of all that says something, as hashes: what stands here, too, says it here already.
    pub(super) things: HashSet<u64, RandomState>,
}

impl Others {
    /// Adds what may be said. `scope`: where whoever says it is.
    pub(super) fn add(
        &mut self,
        relation: &Arc<attributes::Relation>,
        scope: &Scope,
        whom: Option<Names>,
        thing: Option<u64>,
    ) -> &mut Said {
        self.said.push(Said {
            relation: relation.clone(),
            account: scope.account.clone(),
            region: scope.region.clone(),
            whom,
            thing,
            says: None,
            is_gone: false,
        });
        let last = self.said.len() - 1;
        &mut self.said[last]
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
        let is_many = |said: &Said| counts.get(&key(said)).is_some_and(|count| *count > MOST);
        for said in &mut self.said {
            if is_many(said) {
                said.whom = None;
            }
            if said.whom.is_none() {
                said.says = None;
                said.thing = said.thing.filter(|_| !is_many(said));
            }
        }
        self.said.retain(|said| {
            said.whom.is_some() || said.thing.is_some() || any.insert((key(said), said.account.clone(), said.region.clone()))
        });
        if self.things.len() > MOST * 16 {
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

/// What a setting says, by the number of the copy.
pub(super) fn says(setting: &Setting, value: impl Fn(u32) -> Option<Value>) -> Option<Vec<(usize, Vec<Value>)>> {
    let mut by_copy: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for (copy, _, number) in &setting.parts {
        by_copy.entry(*copy).or_default().push(value(*number)?);
    }
    Some(by_copy.into_iter().collect())
}
