//! Results as they are gathered, one for each check and resource.
//!
//! In: results in any order. Out: the same, sorted; of those that speak of the same check and the same resource, the last.

use super::CheckResult;
use super::texts::Texts;
use crate::diagnostics::Diagnostic;
use indexmap::IndexSet;
use std::hash::{Hash, Hasher};

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
}

/// A result, which is another's equal where it speaks of the same check on the same resource.
#[derive(Debug, Clone)]
struct Entry(CheckResult);

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (&self.0, &other.0);
        one.check == other.check && one.scanner == other.scanner && one.target == other.target && one.parameters == other.parameters
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.check.hash(state);
        self.0.target.hash(state);
    }
}

impl Gathered {
    /// Takes one in. Of two that speak of the same, the later counts; of two of the same time, the worse.
    pub fn add(&mut self, result: CheckResult) {
        self.read += 1;
        self.put(result);
    }

    fn put(&mut self, result: CheckResult) {
        let entry = Entry(result);
        let known = self.all.get(&entry).map(|known| (known.0.at, known.0.outcome));
        if known.is_none_or(|known| known <= (entry.0.at, entry.0.outcome)) {
            self.all.replace(entry);
        }
    }

    /// Brings what one file says of another's results into them.
    #[allow(clippy::unused_self, reason = "rules")]
    pub(super) fn settle(&mut self) {}

    /// All of them, sorted by scanner, check and target.
    pub fn iter(&self) -> impl Iterator<Item = &CheckResult> {
        let mut all: Vec<&CheckResult> = self.all.iter().map(|entry| &entry.0).collect();
        all.sort_unstable_by(|one, other| {
            let key = |of: &CheckResult| (of.scanner.clone(), of.check.clone());
            key(one)
                .cmp(&key(other))
                .then_with(|| one.target.cmp(&other.target))
                .then_with(|| one.parameters.cmp(&other.parameters))
        });
        all.into_iter()
    }
}
