//! What is told once instead of in every section.
//!
//! In: the entries of all sections. Out: where each of them is printed: in its own section, in the common part, or in the
//! first section of its service. That is layout: a row that is printed for several keeps the count of all of them.

use super::rows::{Entry, Promise};
use crate::report::Edition;
use crate::report::model::{Report, Standing};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An activity is told once where it reads the same on this many services.
const ENOUGH: usize = 3;

/// The level of the catalog that holds for every service.
pub(super) const EVERY: &str = "every";

/// Parts the fields of a reading.
const PART: char = '\u{1f}';

/// How an entry reads: what makes two of them the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Reading {
    /// Scope, letters and state of each row.
    text: String,
    /// Whether any row's state is more than unknown, so that it differs by service in what is not told here.
    is_judged: bool,
    /// Whether any row counts resources.
    counts: bool,
}

impl Reading {
    pub(super) fn of(entry: &Entry) -> Self {
        let mut text = String::new();
        for row in &entry.rows {
            let scope = row.scope.as_deref().unwrap_or_default();
            let shown = row.shown_by.iter().chain(&row.open_because).map(String::as_str);
            let parts = std::iter::once(scope).chain(row.letters.iter().copied());
            for part in parts.chain([row.state.word()]).chain(shown) {
                text.push_str(part);
                text.push(PART);
            }
        }
        Self {
            text,
            is_judged: entry.rows.iter().any(|row| row.state != Standing::Unknown),
            counts: entry.rows.iter().any(super::Row::counts_resources),
        }
    }

    /// Of a commitment: all those of one operator read alike.
    pub(super) fn of_promise(promise: &Promise) -> Self {
        Self {
            text: promise.by.clone().unwrap_or_default(),
            is_judged: false,
            counts: false,
        }
    }

    /// Whether a later section of the service may leave it to the first one.
    pub(super) fn may_be_left(&self) -> bool {
        !self.counts
    }
}

/// Which activities are told once, and how they read there.
pub(super) struct ToldOnce {
    readings: HashMap<Arc<str>, Reading, RandomState>,
}

impl ToldOnce {
    /// An activity of the catalog's common levels is told once as it reads on most services, three at least.
    pub(super) fn of<'r>(report: &Report, all: impl Iterator<Item = (&'r Arc<str>, &'r Reading)>) -> Self {
        let levels = Levels::of(report);
        let mut seen: BTreeMap<&Arc<str>, BTreeMap<&Reading, usize>> = BTreeMap::new();
        for (id, reading) in all.filter(|(id, _)| levels.are_common(id)) {
            *seen.entry(id).or_default().entry(reading).or_default() += 1;
        }
        let readings = seen
            .into_iter()
            .filter_map(|(id, counts)| {
                let (reading, count) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
                (count >= ENOUGH && !reading.is_judged).then(|| (id.clone(), reading.clone()))
            })
            .collect();
        Self { readings }
    }

    /// Whether the common part tells an activity that reads like this.
    pub(super) fn tells(&self, id: &Arc<str>, reading: &Reading) -> bool {
        self.readings.get(id) == Some(reading)
    }
}

/// The levels of the catalog that an edition tells once.
struct Levels<'r> {
    models: Vec<&'r str>,
}

impl<'r> Levels<'r> {
    fn of(report: &'r Report) -> Self {
        let told = report.meta.edition != Edition::Audit.id();
        let models = report.models.iter().filter(|_| told).map(|model| model.model.as_str());
        Self { models: models.collect() }
    }

    fn are_common(&self, id: &str) -> bool {
        let owner = owner(id);
        owner == EVERY || self.models.contains(&owner)
    }
}

/// The level that an activity's id begins with: `every`, a model or a service.
pub(super) fn owner(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}
