//! Results as they are gathered, one for each check and resource.
//!
//! In: results in any order. Out: the same, sorted; of those that speak of the same check and the same resource, the last.

use super::{CheckResult, Target};
use crate::diagnostics::Diagnostic;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the files of results say. Memory grows with the number of distinct checks and resources.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    by_key: BTreeMap<(Arc<str>, Arc<str>, Target), CheckResult>,
    /// How many results were read, those that speak of the same thing included.
    pub read: u64,
    /// What is worth telling.
    pub warnings: Vec<Diagnostic>,
}

impl Gathered {
    /// Takes one in. Of two that speak of the same, the later counts; of two of the same time, the worse.
    pub fn add(&mut self, result: CheckResult) {
        self.read += 1;
        let key = (result.scanner.clone(), result.check.clone(), result.target.clone());
        match self.by_key.get_mut(&key) {
            Some(known) if (known.at, known.outcome) > (result.at, result.outcome) => {}
            Some(known) => *known = result,
            None => {
                self.by_key.insert(key, result);
            }
        }
    }

    /// All of them, sorted by scanner, check and target.
    pub fn iter(&self) -> impl Iterator<Item = &CheckResult> {
        self.by_key.values()
    }
}
