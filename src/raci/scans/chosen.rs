//! Which results count on the report's date.
//!
//! In: the files of results. Out: one result for each check and what it is about, sorted by them: the worst of what each finding
//! of it said last. The order of files, and a result that stands in several, change nothing.

use super::{Check, Fate, Scan};
use crate::catalog::Catalog;
use crate::raci::index::CheckIx;
use crate::results::{CheckResult, Results};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// A result that was chosen.
pub(super) struct One<'r> {
    pub(super) of: &'r CheckResult,
    pub(super) scan: Scan,
    pub(super) is_later: bool,
}

/// Those that count, sorted by check.
pub(super) struct Chosen<'r> {
    pub(super) checks: Vec<Check>,
    pub(super) results: Vec<One<'r>>,
    /// Where the results of each check begin; one more than there are checks.
    begins: Vec<usize>,
}

impl Chosen<'_> {
    /// The results of the check at a position.
    pub(super) fn range(&self, check: usize) -> Range<usize> {
        self.begins[check]..self.begins[check + 1]
    }
}

/// How a result stands to the report's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// It tells no day, and may be older than anything.
    Undated,
    /// Its day is known, and not behind the report's.
    Dated,
    /// Its scanner looks at code, which stands on whatever day the report is of.
    AsOf,
    /// It is of a day behind the report's.
    Later,
}

/// A result with its file and its age.
struct Candidate<'r> {
    of: &'r CheckResult,
    file: usize,
    path: &'r str,
    age: Age,
    is_stale: bool,
}

impl Candidate<'_> {
    /// What of one finding is the same, whenever it was said; last whose finding it is.
    fn key(&self) -> impl Ord + '_ {
        (self.of_all(), &self.of.finding)
    }

    /// What of all findings of a check on one thing is the same.
    fn of_all(&self) -> impl Ord + '_ {
        // One of no known day is neither earlier nor later than another, and stands beside it.
        let apart = match self.age {
            Age::Later => 2,
            Age::Undated => 1,
            Age::Dated | Age::AsOf => 0,
        };
        (&self.of.scanner, &self.of.check, &self.of.target, &self.of.parameters, apart)
    }

    /// The later is the greater; of the same time the worse; and what is left tells equal ones apart.
    fn weight(&self, other: &Self) -> Ordering {
        let key = |of: &Self| (of.age, of.of.at, !of.of.is_archived, of.of.outcome, !of.is_stale);
        let rest = |of: &Self| (of.of.observed.clone(), of.of.title.clone());
        key(self)
            .cmp(&key(other))
            .then_with(|| rest(self).cmp(&rest(other)))
            .then_with(|| other.path.cmp(self.path))
    }

    /// Of what several findings say the worse is the greater, then the later.
    fn badness(&self, other: &Self) -> Ordering {
        self.of.outcome.cmp(&other.of.outcome).then_with(|| self.weight(other))
    }
}

/// The results that count.
pub(super) fn chosen<'r>(results: &'r Results, catalog: &Catalog, as_of: Date) -> Chosen<'r> {
    let mut all: Vec<Candidate<'r>> = Vec::new();
    for (file, of_file) in results.files.iter().enumerate() {
        all.extend(of_file.results.iter().map(|of| {
            let date = of.at.map(|at| at.to_zoned(TimeZone::UTC).date());
            let age = match date {
                Some(date) if date > as_of => Age::Later,
                Some(_) => Age::Dated,
                None if catalog.scans_code(&of.scanner) => Age::AsOf,
                None => Age::Undated,
            };
            let days = date.and_then(|date| as_of.since(date).ok()).map(|span| span.get_days());
            Candidate {
                of,
                file,
                path: &of_file.path,
                age,
                is_stale: age == Age::Undated || days.is_some_and(|days| i64::from(days) > i64::from(of_file.max_age)),
            }
        }));
    }
    all.sort_by(|one, other| one.key().cmp(&other.key()).then_with(|| other.weight(one)));
    all.dedup_by(|next, first| next.key() == first.key());
    // What is not current any more has said so, and says no more.
    all.retain(|candidate| !candidate.of.is_archived);
    all.dedup_by(|next, first| {
        let is_same = next.of_all() == first.of_all();
        if is_same && next.badness(first) == Ordering::Greater {
            std::mem::swap(next, first);
        }
        is_same
    });
    let mut chosen = Chosen {
        checks: Vec::new(),
        results: Vec::with_capacity(all.len()),
        begins: Vec::new(),
    };
    for candidate in all {
        let of = candidate.of;
        let known = chosen
            .checks
            .last()
            .is_some_and(|check| check.scanner == of.scanner && check.id == of.check);
        if !known {
            chosen.begins.push(chosen.results.len());
            chosen.checks.push(Check {
                scanner: of.scanner.clone(),
                scanner_name: catalog.scanner_name(&of.scanner),
                id: of.check.clone(),
                title: None,
            });
        }
        let check = CheckIx::new(chosen.checks.len() - 1);
        if let Some(last) = chosen.checks.last_mut() {
            // The same of all, as a rule; else the first in order.
            let title: Option<&Arc<str>> = [last.title.as_ref(), of.title.as_ref()].into_iter().flatten().min();
            last.title = title.cloned();
        }
        chosen.results.push(One {
            of,
            is_later: candidate.age == Age::Later,
            scan: Scan {
                check,
                outcome: of.outcome,
                at: of.at,
                is_stale: candidate.is_stale,
                observed: of.observed.clone(),
                label: results.label(&of.target),
                file: candidate.file,
                part: None,
                fate: Fate::Elsewhere,
                adrift: None,
            },
        });
    }
    chosen.begins.push(chosen.results.len());
    chosen
}
