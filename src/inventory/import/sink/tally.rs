//! What threads count, and the sum of it.
//!
//! In: what a sink puts there, in the order in which its thread reads. Out: the same as if one thread had read it all.

use super::damage::{Broken, Damages};
use super::groups::{Group, Groups};
use super::identity::{Counted, Deleted, Seen, repeated};
use crate::catalog::Deployed;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::OutOfScope;
use crate::inventory::import::location::Accounts;
use crate::inventory::import::relate::Related;
use crate::inventory::import::{ImportedResource, OwnKeys};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What one thread, and in the end all of them, have counted.
#[derive(Default)]
pub(super) struct Tally {
    /// Resources of which no other says anything.
    pub(super) groups: Groups,
    /// Resources of which others may.
    pub(super) owners: Groups,
    pub(super) related: Related,
    /// Resources of other providers, by type and provider.
    pub(super) others: BTreeMap<(String, String), Others>,
    /// Those that may stand several times.
    pub(super) seen: Vec<Seen>,
    /// What is gone in the end, once all was looked at.
    pub(super) deleted: Deleted,
    /// Where resources are that say so.
    pub(super) accounts: Accounts,
    /// Entries that cannot be read.
    pub(super) damages: Damages,
    /// Items that do not say what they are.
    pub(super) broken: Broken,
    /// What says itself that it is gone.
    pub(super) gone: Gone,
    /// Keys of the provider's own.
    pub(super) keys: OwnKeys,
}

/// Resources whose own state says that they are gone, by type.
#[derive(Default)]
pub(super) struct Gone(BTreeMap<Arc<str>, u64>);

impl Gone {
    /// Counts some of a type.
    pub(super) fn add(&mut self, kind: &Arc<str>, count: u64) {
        *self.0.entry(kind.clone()).or_default() += count.max(1);
    }

    fn unite(&mut self, other: Self) {
        other.0.iter().for_each(|(kind, count)| self.add(kind, *count));
    }

    /// That they were left out; nothing where there are none.
    pub(super) fn told(&self, file: &Arc<str>) -> Option<Diagnostic> {
        let count: u64 = self.0.values().sum();
        let says = if count == 1 {
            "resource says itself that it is gone, and is"
        } else {
            "resources say themselves that they are gone, and are"
        };
        let by_type: Vec<String> = self.0.iter().map(|(kind, count)| format!("{count} of `{kind}`")).collect();
        let what = format!("`{file}`: {count} {says} left out ({})", by_type.join(", "));
        (count > 0).then(|| {
            Diagnostic::new(Code::ResourcesGone, what)
                .at(Place::file(file.clone()))
                .help("what is being taken away for good counts as gone, too; import again once it is")
        })
    }
}

/// Resources of another provider.
#[derive(Default)]
pub(super) struct Others {
    pub(super) count: u64,
    /// Where the first of them stands.
    pub(super) order: u64,
    pub(super) addresses: Vec<(u64, String)>,
}

impl Tally {
    /// Takes in another's counts.
    pub(super) fn unite(&mut self, other: Self) {
        let groups = self.groups.unite(other.groups);
        let owners = self.owners.unite(other.owners);
        self.related.unite(other.related, &owners);
        for (names, others) in other.others {
            self.others.entry(names).or_default().unite(others);
        }
        self.seen.extend(
            other
                .seen
                .into_iter()
                .map(|seen| seen.in_group(|group| groups.get(group as usize).copied().unwrap_or(group))),
        );
        self.accounts.unite(other.accounts);
        self.damages.unite(other.damages);
        self.broken.unite(other.broken);
        self.gone.unite(other.gone);
        self.keys.unite(other.keys);
    }

    /// Takes away what stands several times: what a history tells of earlier times, and of what is counted all but the first.
    /// Single resources that are the same become one where all files are there; what is worth telling.
    pub(super) fn count_once(&mut self, grouped: bool, file: &Arc<str>) -> Option<Diagnostic> {
        let (repeated, again, deleted) = repeated(std::mem::take(&mut self.seen), grouped);
        self.deleted = deleted;
        let orders: HashSet<u64> = repeated.iter().map(|seen| seen.order).collect();
        self.related.forget(&orders);
        for one in &repeated {
            if let Counted::Group(group) = one.counted {
                self.groups.forget(group);
            }
        }
        let what = match again {
            0 => return None,
            1 => format!("1 resource stands again in `{file}` and is counted once"),
            _ => format!("{again} resources stand again in `{file}` and are counted once"),
        };
        let note = Diagnostic::new(Code::CountedOnce, what).at(Place::file(file.clone()));
        Some(note.help("they have the same ARN, or the same account, Region, type and id"))
    }
}

impl Others {
    pub(super) fn unite(&mut self, other: Self) {
        self.order = if self.count == 0 {
            other.order
        } else {
            other.order.min(self.order)
        };
        self.count += other.count;
        self.addresses.extend(other.addresses);
    }

    pub(super) fn out_of_scope(mut self, (kind, provider): (String, String), file: &Arc<str>) -> OutOfScope {
        self.addresses.sort();
        OutOfScope {
            kind,
            provider,
            count: self.count,
            from: file.clone(),
            addresses: self.addresses.into_iter().map(|(_, address)| address).collect(),
        }
    }
}

impl Group {
    /// The resource; one that names no account is in that of its provider, if all are in one. `asked`: what accounts are asked.
    pub(super) fn into_resource(self, accounts: Option<&Accounts>, asked: &Deployed) -> ImportedResource {
        let shows = self.resource.class.as_ref().is_some_and(|(service, _)| asked.of(service).is_some());
        let of_provider = || accounts?.of(self.provider.as_deref()?, shows).cloned();
        ImportedResource {
            count: self.count,
            account: self.resource.account.clone().or_else(of_provider),
            ..self.resource
        }
    }
}
