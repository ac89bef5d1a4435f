//! What became of all results, in figures.
//!
//! In: chosen results with their fates. Out: what the inventory does not list, and counts that add up.

use super::chosen::Chosen;
use super::{Fate, Scan, ScanFile, Scans};
use crate::raci::index::ResultIx;
use crate::raci::{Matrix, Means};
use crate::results::{Outcome, Results, Target};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that results are about and the inventory does not list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unlisted {
    /// What the scanner calls it.
    pub label: Arc<str>,
    /// Whether the scanner says anything by which it can be found.
    pub is_named: bool,
    /// Its type, as the scanner spells it.
    pub kind: Option<Arc<str>>,
    /// The account that it is in.
    pub account: Option<Arc<str>>,
    /// The Region that it is in.
    pub region: Option<Arc<str>>,
    /// How many results are about it.
    pub results: u64,
    /// Of those, failed ones.
    pub failed: u64,
}

/// What one scanner looked at, and what became of it. All results are `passed`, `failed`, `silenced` or `not_judged`; and all
/// are `joined`, `elsewhere`, `silenced`, `not_judged`, `later`, `unlisted`, `unmapped` or `no_duty`, where a result that is
/// later counts as later, whatever its outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// The scanner's id.
    pub scanner: Arc<str>,
    /// What people call it.
    pub name: Arc<str>,
    /// The positions of its files.
    pub files: BTreeSet<usize>,
    /// When it looked first.
    pub from: Option<Timestamp>,
    /// When it looked last.
    pub until: Option<Timestamp>,
    /// Results.
    pub results: u64,
    /// By outcome.
    pub passed: u64,
    /// By outcome.
    pub failed: u64,
    /// By outcome.
    pub silenced: u64,
    /// By outcome.
    pub not_judged: u64,
    /// Those that say something of a duty.
    pub joined: u64,
    /// Those about a resource on which their duties do not hold.
    pub elsewhere: u64,
    /// Of these, failed ones whose check would show a duty broken.
    pub adrift: u64,
    /// The checks of these.
    pub adrift_checks: BTreeSet<Arc<str>>,
    /// The activities of the duties that these checks would show broken.
    pub adrift_duties: BTreeSet<Arc<str>>,
    /// Those that are later than the report's date.
    pub later: u64,
    /// Those about what the inventory does not list.
    pub unlisted: u64,
    /// Those of checks that the catalog does not know.
    pub unmapped: u64,
    /// Those of checks that are about no duty.
    pub no_duty: u64,
    /// Of those that are joined, the ones that are too old to attest.
    pub stale: u64,
    /// The checks that the catalog does not know.
    pub unknown_checks: BTreeSet<Arc<str>>,
}

/// All results with their fates.
pub(super) fn scans(results: &Results, chosen: Chosen<'_>) -> Scans {
    let mut unlisted: BTreeMap<&Target, (u64, u64)> = BTreeMap::new();
    for one in chosen.results.iter().filter(|one| one.scan.fate == Fate::Unlisted) {
        let (count, failed) = unlisted.entry(&one.of.target).or_default();
        *count += 1;
        *failed += u64::from(one.scan.outcome == Outcome::Failed);
    }
    let unlisted = unlisted.into_iter().map(|(target, (count, failed))| Unlisted {
        label: if target.is_named() {
            results.label(target)
        } else {
            let account = target.account.as_ref().filter(|_| target.kind.is_none());
            let account = account.map(|account| format!("account {account}"));
            account.unwrap_or_else(|| "something that is not named".to_owned()).into()
        },
        is_named: target.is_named() || target.is_account(),
        kind: target.kind.clone(),
        account: target.account.clone(),
        region: target.region.clone(),
        results: count,
        failed,
    });
    let mut unlisted: Vec<Unlisted> = unlisted.collect();
    unlisted.sort();
    Scans {
        unlisted,
        files: results
            .files
            .iter()
            .map(|file| ScanFile {
                path: file.path.clone(),
                format: file.format,
            })
            .collect(),
        results: chosen.results.into_iter().map(|one| one.scan).collect(),
        checks: chosen.checks,
    }
}

impl Matrix {
    /// What each scanner looked at, sorted by their ids. Of a part of a matrix only what shows its duties is told.
    #[must_use]
    pub fn scanned(&self) -> Vec<Scanned> {
        let scans = &self.scans;
        let mut by_scanner: BTreeMap<&Arc<str>, Scanned> = BTreeMap::new();
        let mut add = |scan: &Scan| {
            let check = &scans[scan.check];
            let scanned = by_scanner.entry(&check.scanner).or_insert_with(|| Scanned {
                scanner: check.scanner.clone(),
                name: check.scanner_name.clone(),
                ..Scanned::default()
            });
            scanned.add(scan, &check.id);
        };
        if self.is_cut {
            let shown = self.duties.iter().flat_map(|duty| &duty.shown_by);
            let shown = shown.filter(|shown| matches!(shown.means, Means::Check(_)));
            let results: BTreeSet<ResultIx> = shown.flat_map(|shown| shown.looks.iter().map(|(_, result)| *result)).collect();
            results.into_iter().for_each(|result| add(&scans[result]));
        } else {
            scans.results.iter().for_each(add);
        }
        by_scanner.into_values().collect()
    }

    /// What results are about and the inventory does not list; nothing of a part of a matrix.
    #[must_use]
    pub fn unlisted(&self) -> &[Unlisted] {
        if self.is_cut { &[] } else { &self.scans.unlisted }
    }
}

impl Scanned {
    fn add(&mut self, scan: &Scan, check: &Arc<str>) {
        self.files.insert(scan.file);
        self.from = [self.from, scan.at].into_iter().flatten().min();
        self.until = self.until.max(scan.at);
        self.results += 1;
        *match scan.outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed => &mut self.failed,
            Outcome::Silenced => &mut self.silenced,
            Outcome::NotJudged => &mut self.not_judged,
        } += 1;
        match scan.fate {
            Fate::Joined => {
                self.joined += 1;
                self.stale += u64::from(scan.is_stale);
            }
            Fate::Elsewhere => {
                self.elsewhere += 1;
                if let Some(duties) = &scan.adrift {
                    self.adrift += 1;
                    self.adrift_checks.insert(check.clone());
                    self.adrift_duties.extend(duties.iter().cloned());
                }
            }
            Fate::Later => self.later += 1,
            Fate::Unlisted => self.unlisted += 1,
            Fate::Unmapped => {
                self.unmapped += 1;
                self.unknown_checks.insert(check.clone());
            }
            Fate::NoDuty(_) => self.no_duty += 1,
            Fate::Silenced | Fate::NotJudged => {}
        }
    }
}
