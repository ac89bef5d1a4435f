//! What was seen of a duty that is broken.
//!
//! In: a duty and the resources that break it. Out: words: the attributes that decide it, and what scanners say.

use super::index::{CheckIx, ResourceIx, ResultIx};
use super::{Duty, Matrix};
use crate::catalog::predicate::{Observed, Seen};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Values of one attribute that are told.
const VALUES: usize = 3;

/// Checks that are told.
const CHECKS: usize = 3;

/// What the attributes that decide a duty are on the resources that break it, and what the checks say that show it, as far as
/// a word tells it.
pub(super) fn observed(matrix: &Matrix, duty: &Duty, resources: &[ResourceIx], as_of: Date) -> Option<String> {
    let activity = &duty.activity;
    let mut found = Observed::new();
    for predicate in [&activity.met_when, &activity.disproved_when].into_iter().flatten() {
        for index in resources {
            predicate.observe(&matrix[*index].config, Some(as_of), &mut found);
        }
    }
    let words = found.into_iter().map(|(attribute, values)| {
        let more = values.len().saturating_sub(VALUES);
        let told: Vec<String> = values.iter().take(VALUES).map(Seen::words).collect();
        let more = if more > 0 {
            format!(" or {more} other values")
        } else {
            String::new()
        };
        format!("`{attribute}` is {}{more}", told.join(" or "))
    });
    let words: Vec<String> = words.chain(checks(matrix, duty)).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// The results that show a duty to be broken, with the resource that each is about.
pub(super) fn breaking(duty: &Duty) -> Vec<(ResourceIx, ResultIx)> {
    let shown = duty.shown_by.iter();
    let looks = shown.flat_map(|shown| {
        let breaks = |(index, _): &&(ResourceIx, ResultIx)| shown.not_met.binary_search(index).is_ok();
        shown.looks.iter().filter(breaks).copied()
    });
    looks.collect()
}

/// What each check says, in a clause: `Prowler rds_instance_multi_az failed on 14 Nov 2026: no standby`.
fn checks(matrix: &Matrix, duty: &Duty) -> Vec<String> {
    let mut by_check: BTreeMap<CheckIx, Vec<ResultIx>> = BTreeMap::new();
    for (_, result) in breaking(duty) {
        by_check.entry(matrix[result].check).or_default().push(result);
    }
    let all = by_check.len();
    let mut words: Vec<String> = by_check
        .into_iter()
        .take(CHECKS)
        .map(|(check, results)| {
            let check = &matrix[check];
            let at = results.iter().filter_map(|result| matrix[*result].at).max();
            let on = at
                .map(|at| format!(" on {}", at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y")))
                .unwrap_or_default();
            let seen = results.iter().find_map(|result| matrix[*result].observed.as_deref());
            let seen = seen.map(|seen| format!(": {}", seen.trim_end_matches('.'))).unwrap_or_default();
            format!("{} `{}` failed{on}{seen}", check.scanner_name, check.id)
        })
        .collect();
    if all > CHECKS {
        words.push(format!("{} more checks failed", all - CHECKS));
    }
    words
}
