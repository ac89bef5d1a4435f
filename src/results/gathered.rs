//! Results as they are gathered, one for each check and resource.
//!
//! In: results in any order. Out: the same, sorted; of those that speak of the same check and the same resource, the last.

use super::CheckResult;
use super::rules::{Known, Open};
use super::texts::Texts;
use crate::diagnostics::Diagnostic;
use indexmap::IndexSet;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What the files of results say. Memory grows with the number of distinct checks and resources.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    all: IndexSet<Entry>,
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

/// A result, which is another's equal where it speaks of the same check on the same resource.
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
        one.check == other.check
            && one.scanner == other.scanner
            && one.target == other.target
            && one.parameters == other.parameters
            && is_one
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.result.check.hash(state);
        self.result.target.hash(state);
    }
}

impl Gathered {
    /// Takes one in. Of two that speak of the same, the later counts; of two of the same time, the worse.
    pub fn add(&mut self, result: CheckResult) {
        self.read += 1;
        self.put(Entry { result, open: None });
    }

    /// Takes one in of which another file, read before or later, may say more.
    pub(super) fn add_open(&mut self, mut result: CheckResult, open: Open) {
        self.read += 1;
        self.known.close(&open, &mut result, &mut self.texts);
        self.put(Entry { result, open: Some(open) });
    }

    fn put(&mut self, entry: Entry) {
        let of = |entry: &Entry| (entry.result.at, entry.result.outcome);
        let new = of(&entry);
        // Most are new; what was known and counts more is put back.
        if let (_, Some(known)) = self.all.replace_full(entry)
            && of(&known) > new
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
        let mut all: Vec<&CheckResult> = self.all.iter().map(|entry| &entry.result).collect();
        let compare = |one: &CheckResult, other: &CheckResult| {
            let by_check = by_text(&one.scanner, &other.scanner).then_with(|| by_text(&one.check, &other.check));
            by_check
                .then_with(|| one.target.cmp(&other.target))
                .then_with(|| one.parameters.cmp(&other.parameters))
        };
        // Of rules that turned out to be the same, the last counts.
        all.sort_unstable_by(|one, other| compare(one, other).then_with(|| (other.at, other.outcome).cmp(&(one.at, one.outcome))));
        all.dedup_by(|later, first| compare(later, first).is_eq());
        all.into_iter()
    }
}

/// The order of two texts, most of which are one and the same.
fn by_text(one: &Arc<str>, other: &Arc<str>) -> Ordering {
    if Arc::ptr_eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}
