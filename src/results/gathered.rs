//! Results as they are gathered, one for each check, finding and resource.
//!
//! In: results in any order. Out: the same, sorted; of those that speak of the same check and the same resource, the last.

use super::CheckResult;
use super::rules::{Known, Open};
use super::texts::Texts;
use crate::diagnostics::Diagnostic;
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ptr;
use std::sync::Arc;

/// What the files of results say. Memory grows with the number of distinct checks and resources.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    all: IndexSet<Entry, RandomState>,
    /// How many results were read, those that speak of the same thing included.
    pub read: u64,
    /// How many entries of the files were no results of checks, such as vulnerabilities and threats that were found.
    pub left_out: u64,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
    /// The texts of all results, each once.
    pub(super) texts: Texts,
    /// What files say of the results of others.
    pub(super) known: Known,
}

/// A result, which is another's equal where it speaks of the same check on the same resource. What it is about is shared, so
/// that equal ones are the same.
#[derive(Debug, Clone)]
struct Entry {
    result: CheckResult,
    /// What another file may say of it.
    open: Option<Open>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let is_one = self.open == other.open;
        let (one, other) = (&self.result, &other.result);
        // What another file may tell apart stays apart.
        is_one
            && Arc::ptr_eq(&one.target, &other.target)
            && one.check == other.check
            && one.scanner == other.scanner
            && one.parameters == other.parameters
            && one.finding == other.finding
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.result.check.hash(state);
        Arc::as_ptr(&self.result.target).hash(state);
    }
}

impl Gathered {
    /// Takes one in. Of two that speak of the same, the later counts; of two of the same time, the worse.
    pub fn add(&mut self, mut result: CheckResult) {
        result.target = self.texts.adopt(&result.target);
        self.add_shared(result);
    }

    /// Takes one in whose target is shared already.
    pub(super) fn add_shared(&mut self, result: CheckResult) {
        self.read += 1;
        self.put(Entry { result, open: None });
    }

    /// Takes one in of which another file, read before or later, may say more, and whose target is shared already.
    pub(super) fn add_open(&mut self, mut result: CheckResult, open: Open) {
        self.read += 1;
        self.known.close(&open, &mut result, &mut self.texts);
        self.put(Entry { result, open: Some(open) });
    }

    fn put(&mut self, entry: Entry) {
        let new = weight(&entry.result);
        // Most are new; what was known and counts more is put back.
        if let (_, Some(known)) = self.all.replace_full(entry)
            && weight(&known.result) > new
        {
            self.all.replace(known);
        }
    }

    /// Takes in what another says of rules and checks: its own results may wait for that.
    pub fn learn(&mut self, other: &Self) {
        self.known.extend(&other.known);
        self.settle();
    }

    /// Brings what one file says of another's results into them.
    pub(super) fn settle(&mut self) {
        if !std::mem::take(&mut self.known.is_new) || self.all.iter().all(|entry| entry.open.is_none()) {
            return;
        }
        for mut entry in std::mem::take(&mut self.all) {
            if let Some(open) = &entry.open {
                self.known.close(open, &mut entry.result, &mut self.texts);
            }
            self.put(entry);
        }
    }

    /// All of them, sorted by scanner, check and target.
    pub fn iter(&self) -> impl Iterator<Item = &CheckResult> {
        // Many share a check or a target: those are put in order once, and results by their ranks.
        let results = || self.all.iter().map(|entry| &entry.result);
        let checks = ranks(results().map(|result| ((at(&result.scanner), at(&result.check)), (&result.scanner, &result.check))));
        let targets = ranks(results().map(|result| (Arc::as_ptr(&result.target), &result.target)));
        let rank = |result: &CheckResult| {
            let check = checks.get(&(at(&result.scanner), at(&result.check)));
            (check.copied(), targets.get(&Arc::as_ptr(&result.target)).copied())
        };
        let mut all: Vec<(Rank, &CheckResult)> = results().map(|result| (rank(result), result)).collect();
        let compare = |(one, of_one): &(_, &CheckResult), (other, of_other): &(_, &CheckResult)| {
            let rest = |of: &'_ CheckResult| (of.parameters.clone(), of.finding.clone());
            Ord::cmp(one, other).then_with(|| rest(of_one).cmp(&rest(of_other)))
        };
        // Of rules that turned out to be the same, the last counts.
        all.sort_unstable_by(|one, other| compare(one, other).then_with(|| weight(other.1).cmp(&weight(one.1))));
        all.dedup_by(|later, first| compare(later, first).is_eq());
        all.into_iter().map(|(_, result)| result)
    }
}

/// Which of two that speak of the same counts: the later is the greater, of the same time the worse.
fn weight(result: &CheckResult) -> impl Ord + use<> {
    (result.at, !result.is_archived, result.outcome)
}

/// The ranks of a result's check and of what it is about.
type Rank = (Option<u32>, Option<u32>);

/// Where a shared text lies.
fn at(text: &Arc<str>) -> usize {
    ptr::from_ref::<str>(text).addr()
}

/// The ranks of values by where they lie, equal ones the same.
fn ranks<K: Copy + Eq + Hash, V: Ord + Copy>(all: impl Iterator<Item = (K, V)>) -> HashMap<K, u32, RandomState> {
    let mut distinct: HashMap<K, V, RandomState> = HashMap::default();
    for (key, value) in all {
        distinct.entry(key).or_insert(value);
    }
    let mut sorted: Vec<(V, K)> = distinct.into_iter().map(|(key, value)| (value, key)).collect();
    sorted.sort_unstable_by_key(|(value, _)| *value);
    let mut rank = 0;
    let mut last: Option<V> = None;
    let ranked = sorted.into_iter().map(|(value, key)| {
        rank += u32::from(last.is_some_and(|last| last != value));
        last = Some(value);
        (key, rank)
    });
    ranked.collect()
}
