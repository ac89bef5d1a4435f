//! Scanners' results joined to duties.
//!
//! In: results of any age and order, the resources and the duties of a matrix. Out: what each check shows of each duty, and of
//! every result what became of it. Of two results of one finding of a check on one resource the later counts, and of several
//! findings the worst; what is later than the report's date counts for nothing; what is too old, or of no known day, attests nothing and still shows what is broken.

mod accounts;
mod chosen;
mod find;
mod shown;
mod told;

pub use told::{Scanned, Unlisted};

use super::index::{CheckIx, ResourceIx, ResultIx};
use super::{Duty, Matrix, Unit};
use crate::catalog::Catalog;
use crate::catalog::checks::{Mapped, Meaning, NoDuty};
use crate::inventory::{Inventory, Resource};
use crate::results::{Outcome, Target};
use foldhash::fast::RandomState;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use std::ops::Index;
use std::sync::Arc;

/// A check of which there are results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The scanner's id.
    pub scanner: Arc<str>,
    /// What people call the scanner.
    pub scanner_name: Arc<str>,
    /// The check's id.
    pub id: Arc<str>,
    /// What the check is called.
    pub title: Option<Arc<str>>,
}

/// A result that was chosen, one for each check and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Of which check.
    pub check: CheckIx,
    /// How it came out.
    pub outcome: Outcome,
    /// When the scanner looked; none where that is not told.
    pub at: Option<Timestamp>,
    /// Whether it is too old, or of no known day, and so attests nothing.
    pub is_stale: bool,
    /// What it saw.
    pub observed: Option<Arc<str>>,
    /// What it is about.
    pub label: Arc<str>,
    /// The position of its file.
    pub file: usize,
    /// The resource that it is about, where it counts for those that this is a part of.
    pub part: Option<ResourceIx>,
    /// What became of it.
    pub fate: Fate,
    /// Where it failed and is about a resource on which none of the duties holds that its check would show something of: their
    /// activities.
    pub adrift: Option<Arc<[Arc<str>]>>,
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It says something of a duty.
    Joined,
    /// It is about a resource, on which the duties that its check is about do not hold.
    Elsewhere,
    /// Somebody silenced it.
    Silenced,
    /// Nothing was judged.
    NotJudged,
    /// It is later than the report's date.
    Later,
    /// It is about what the inventory does not list, or about one of several that it does not tell apart.
    Unlisted,
    /// The catalog does not know its check.
    Unmapped,
    /// Its check is about no duty.
    NoDuty(NoDuty),
}

/// All results of a matrix.
#[derive(Debug, Clone, Default)]
pub struct Scans {
    /// The checks, sorted by scanner and id.
    pub checks: Vec<Check>,
    /// The results that were chosen, sorted by check and by what they are about.
    pub results: Vec<Scan>,
    /// The files that they come from, in their order.
    pub files: Vec<ScanFile>,
    /// What the inventory does not list, sorted.
    pub unlisted: Vec<Unlisted>,
}

/// A file of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanFile {
    /// As the user named it.
    pub path: Arc<str>,
    /// What its form is called.
    pub format: &'static str,
}

impl Index<CheckIx> for Scans {
    type Output = Check;

    fn index(&self, index: CheckIx) -> &Check {
        &self.checks[index.position()]
    }
}

impl Index<ResultIx> for Scans {
    type Output = Scan;

    fn index(&self, index: ResultIx) -> &Scan {
        &self.results[index.position()]
    }
}

impl Index<CheckIx> for Matrix {
    type Output = Check;

    fn index(&self, index: CheckIx) -> &Check {
        &self.scans[index]
    }
}

impl Index<ResultIx> for Matrix {
    type Output = Scan;

    fn index(&self, index: ResultIx) -> &Scan {
        &self.scans[index]
    }
}

/// What results are joined with.
#[derive(Clone, Copy)]
pub(super) struct Joining<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) as_of: Date,
    /// The resources of the matrix: the inventory's, and one for each account.
    pub(super) resources: &'a [Arc<Resource>],
    pub(super) units: &'a [Unit],
}

/// Joins the results of an inventory to duties, and judges these anew.
pub(super) fn join(joining: Joining<'_>, duties: &mut [Duty]) -> Scans {
    let results = &joining.inventory.results;
    if results.is_empty() {
        return Scans::default();
    }
    let mut chosen = chosen::chosen(results, joining.catalog, joining.as_of);
    let mapped: Vec<Option<&Mapped>> = chosen
        .checks
        .iter()
        .map(|check| joining.catalog.check(&check.scanner, &check.id))
        .collect();
    let finder = find::Finder::of(joining.catalog, joining.resources, &chosen);
    let targets = targets(&chosen, &mapped, &finder);
    let mut shows = shown::Shows::of(joining, &finder, duties, &mapped, chosen.results.len());
    for (check, mapped) in mapped.iter().enumerate() {
        if let Some(Mapped::Duties(mapped)) = mapped {
            let range = chosen.range(check);
            let of_check = shown::Results {
                list: &chosen.results[range.clone()],
                targets: &targets[range.clone()],
                first: range.start,
            };
            shows.check(CheckIx::new(check), mapped, of_check);
        }
    }
    let (shown, joined, parts) = shows.finish();
    for (duty, shown) in shown {
        duties[duty].shown_by.extend(shown);
        duties[duty].judge();
    }
    for (result, part) in parts {
        chosen.results[result.position()].scan.part = Some(part);
    }
    let mut said: HashMap<usize, Option<Arc<[Arc<str>]>>, RandomState> = HashMap::default();
    for (position, one) in chosen.results.iter_mut().enumerate() {
        one.scan.fate = match (one.scan.outcome, mapped[one.scan.check.position()]) {
            _ if one.is_later => Fate::Later,
            (Outcome::Silenced, _) => Fate::Silenced,
            (Outcome::NotJudged, _) => Fate::NotJudged,
            _ if !targets[position].is_listed() => Fate::Unlisted,
            (_, None) => Fate::Unmapped,
            (_, Some(Mapped::NoDuty(reason))) => Fate::NoDuty(*reason),
            (_, Some(Mapped::Duties(_))) if joined[position] => Fate::Joined,
            (_, Some(Mapped::Duties(_))) => Fate::Elsewhere,
        };
        if one.scan.outcome == Outcome::Failed && one.scan.fate == Fate::Elsewhere {
            let check = one.scan.check.position();
            one.scan.adrift = said.entry(check).or_insert_with(|| says(mapped[check])).clone();
        }
    }
    told::scans(results, chosen)
}

/// The activities of which a check that fails says something; none where there are none.
fn says(mapped: Option<&Mapped>) -> Option<Arc<[Arc<str>]>> {
    let Some(Mapped::Duties(check)) = mapped else { return None };
    let effects = check.effects.iter().filter(|effect| effect.failed != Meaning::Nothing);
    let mut activities: Vec<Arc<str>> = effects.map(|effect| effect.activity.clone()).collect();
    activities.sort();
    activities.dedup();
    (!activities.is_empty()).then(|| activities.into())
}

/// What each chosen result is about among the resources of the matrix.
fn targets(chosen: &chosen::Chosen<'_>, mapped: &[Option<&Mapped>], finder: &find::Finder<'_>) -> Vec<find::Found> {
    // Results of one file that are about the same share it.
    let mut known: HashMap<*const Target, find::Found, RandomState> = HashMap::default();
    let found = chosen.results.iter().map(|result| {
        let target = &result.of.target;
        let mapped = mapped[result.scan.check.position()];
        let on_account = target.label().is_none() || matches!(mapped, Some(Mapped::Duties(check)) if check.on_account);
        if on_account {
            return finder.account(target);
        }
        // What its check is about tells the service where nothing else does.
        if !finder.tells_service(target)
            && let Some(Mapped::Duties(check)) = mapped
        {
            return finder.resource(target, Some(check));
        }
        *known.entry(Arc::as_ptr(target)).or_insert_with(|| finder.resource(target, None))
    });
    found.collect()
}

/// Resources, by which a verdict about an account is told.
type Resources<'a> = &'a [ResourceIx];
