//! Verdicts about an account.
//!
//! In: the results of a check that are about one account. Out: what they say of the account and of its resources, taken
//! together as the catalog says: each by itself, Region by Region, or as one where one that passes suffices.

use super::Resources;
use crate::catalog::checks::Fold;
use crate::inventory::Resource;
use crate::raci::index::ResultIx;
use crate::results::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was found about an account in one Region, or in none.
#[derive(Debug, Clone, Default)]
struct Region {
    /// Fresh results that pass.
    passed: Vec<ResultIx>,
    /// Results that pass and are too old to attest anything.
    stale: Vec<ResultIx>,
    failed: Vec<ResultIx>,
    /// Whether any was silenced, or judged nothing.
    is_open: bool,
}

/// What the results of a check say of one account.
#[derive(Debug, Clone, Default)]
pub(super) struct AccountVerdict<'r> {
    regions: BTreeMap<Option<&'r str>, Region>,
}

/// What is said of one thing, and by which results.
#[derive(Debug, Clone)]
pub(super) struct Said<'v> {
    /// `None`: too little for either.
    pub(super) outcome: Option<Outcome>,
    pub(super) by: &'v [ResultIx],
}

impl<'r> AccountVerdict<'r> {
    pub(super) fn add(&mut self, index: ResultIx, outcome: Outcome, is_stale: bool, region: Option<&'r str>) {
        let seen = self.regions.entry(region).or_default();
        match outcome {
            Outcome::Failed => seen.failed.push(index),
            Outcome::Passed if is_stale => seen.stale.push(index),
            Outcome::Passed => seen.passed.push(index),
            Outcome::Silenced | Outcome::NotJudged => seen.is_open = true,
        }
    }

    /// What is said of the account itself, whose resources lie in some Regions.
    pub(super) fn of_account(&self, fold: Option<Fold>, in_use: &BTreeSet<&str>) -> Vec<Said<'_>> {
        match fold {
            Some(Fold::One) => self.one(),
            Some(Fold::Regions) => {
                let is_used = |region: &Option<&str>| region.is_none_or(|region| in_use.is_empty() || in_use.contains(region));
                let passes = |region: &&str| self.regions.get(&Some(*region)).is_some_and(Region::passes);
                let all = !in_use.is_empty() && in_use.iter().all(passes) && self.regions.values().all(Region::passes);
                let regions = self.regions.iter();
                regions.flat_map(|(name, region)| region.said(all, is_used(name))).collect()
            }
            None => {
                let all = self.regions.values().all(Region::passes);
                self.regions.values().flat_map(|region| region.said(all, true)).collect()
            }
        }
    }

    /// What is said of a resource in the account.
    pub(super) fn of_resource(&self, fold: Option<Fold>, resource: &Resource) -> Vec<Said<'_>> {
        let is_its = |region: Option<&str>| match (region, resource.region.as_deref()) {
            (Some(one), Some(other)) => one == other,
            (None, _) => true,
            (Some(_), None) => fold.is_none(),
        };
        match fold {
            Some(Fold::One) => self.one(),
            Some(Fold::Regions) | None => {
                let own = || self.regions.iter().filter(|(region, _)| is_its(**region)).map(|(_, region)| region);
                let all = own().all(Region::passes);
                own().flat_map(|region| region.said(all, true)).collect()
            }
        }
    }

    /// One that passes suffices; all must fail to break it.
    fn one(&self) -> Vec<Said<'_>> {
        let all = || self.regions.values();
        if let Some(region) = all().find(|region| !region.passed.is_empty()) {
            return vec![Said {
                outcome: Some(Outcome::Passed),
                by: &region.passed,
            }];
        }
        let fails = all().all(|region| region.stale.is_empty() && !region.is_open);
        all()
            .flat_map(|region| {
                let failed = Said {
                    outcome: fails.then_some(Outcome::Failed),
                    by: &region.failed,
                };
                let stale = Said {
                    outcome: None,
                    by: &region.stale,
                };
                [failed, stale]
            })
            .filter(|said| !said.by.is_empty())
            .collect()
    }
}

impl Region {
    /// Whether something passes, and nothing else was found.
    fn passes(&self) -> bool {
        !self.passed.is_empty() && self.stale.is_empty() && self.failed.is_empty() && !self.is_open
    }

    /// What it says: a pass only where `all` that belongs together passes, a failure only where the Region counts.
    fn said(&self, all: bool, counts: bool) -> impl Iterator<Item = Said<'_>> {
        let parts = [
            (&self.failed, counts.then_some(Outcome::Failed)),
            (&self.passed, all.then_some(Outcome::Passed)),
            (&self.stale, None),
        ];
        parts
            .into_iter()
            .filter(|(by, _)| !by.is_empty())
            .map(|(by, outcome)| Said { outcome, by })
    }
}

/// The Regions in which an account has resources.
pub(super) fn regions_in_use<'r>(resources: &'r [Arc<Resource>], of: Resources<'_>) -> BTreeSet<&'r str> {
    of.iter()
        .filter_map(|index| resources[index.position()].region.as_deref())
        .collect()
}
