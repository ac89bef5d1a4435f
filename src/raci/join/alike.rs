//! What was found out of attributes and types that many resources share.
//!
//! In: a resource and a question about what it shares. Out: the answer, found out once for all that share it. What they share lies
//! at one place in memory; what a resource has alone is asked each time, and nothing is kept of it.

use crate::catalog::Verdict;
use crate::catalog::predicate::{Attributes, Truth};
use crate::inventory::Resource;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// Answers to one question, by where lies what it is asked of.
pub(super) struct Answers<T>(HashMap<usize, T, RandomState>);

impl<T: Copy> Answers<T> {
    pub(super) fn new() -> Self {
        Self(HashMap::default())
    }

    /// The answer that a resource's attributes give.
    pub(super) fn of_config(&mut self, resource: &Resource, ask: impl FnOnce(&Attributes) -> T) -> T {
        let config = &resource.config;
        if Arc::strong_count(config) == 1 {
            return ask(config);
        }
        let at = Arc::as_ptr(config) as usize;
        *self.0.entry(at).or_insert_with(|| ask(config))
    }

    /// The answer that a resource's type gives.
    pub(super) fn of_kind(&mut self, resource: &Resource, ask: impl FnOnce(&str) -> T) -> T {
        let kind = resource.matched_kind();
        *self.0.entry(kind.as_ptr() as usize).or_insert_with(|| ask(kind))
    }
}

/// What attributes say of one activity, of all its deployments.
pub(super) struct Said {
    pub(super) applies: Answers<Truth>,
    pub(super) judged: Answers<Verdict>,
}

impl Said {
    pub(super) fn new() -> Self {
        Self {
            applies: Answers::new(),
            judged: Answers::new(),
        }
    }
}
