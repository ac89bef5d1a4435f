//! What was seen of a duty that is broken.
//!
//! In: a duty and the resources that break it. Out: words: the attributes that decide it, and what scanners say.

use super::index::{CheckIx, ResourceIx, ResultIx};
use super::{Duty, Matrix};
use crate::catalog::Catalog;
use crate::catalog::predicate::{Observed, Predicate, Seen};
use crate::source::secrets::names_a_secret;
use crate::text::day;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// Values of one attribute that are told.
const VALUES: usize = 3;

/// Checks that are told.
const CHECKS: usize = 3;

/// What the attributes that decide a duty are on the resources that break it, and what the checks say that show it, as far as
/// a word tells it.
pub(super) fn observed(matrix: &Matrix, catalog: &Catalog, duty: &Duty, resources: &[ResourceIx], as_of: Date) -> Option<String> {
    let predicates = [&duty.activity.met_when, &duty.activity.disproved_when];
    let words = attributes(matrix, catalog, duty, (&predicates, resources), as_of);
    let words: Vec<String> = words.into_iter().chain(checks(matrix, duty, resources.len())).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// What the attributes that some predicates of a duty look at are on some resources, a clause each. Of a secret is told only
/// that it is set.
pub(super) fn attributes(
    matrix: &Matrix,
    catalog: &Catalog,
    duty: &Duty,
    (predicates, resources): (&[&Option<Predicate>], &[ResourceIx]),
    as_of: Date,
) -> Vec<String> {
    let is_secret = |path: &str| is_secret(matrix, catalog, duty, path);
    let mut found = Observed::new();
    for predicate in predicates.iter().filter_map(|predicate| predicate.as_ref()) {
        for attributes in matrix.attributes(resources) {
            predicate.observe(attributes, Some(as_of), &mut found);
        }
    }
    let words = found.into_iter().map(|(attribute, values)| {
        let values: BTreeSet<Seen> = if is_secret(&attribute) {
            values.into_iter().map(Seen::without_value).collect()
        } else {
            values
        };
        let more = values.len().saturating_sub(VALUES);
        let told: Vec<String> = values.iter().take(VALUES).map(Seen::words).collect();
        let more = if more > 0 {
            format!(" or {more} other values")
        } else {
            String::new()
        };
        format!("`{attribute}` is {}{more}", told.join(" or "))
    });
    words.collect()
}

/// Whether what stands at a path of a duty's resources is secret: by its name, or since the catalog says so.
pub(super) fn is_secret(matrix: &Matrix, catalog: &Catalog, duty: &Duty, path: &str) -> bool {
    let types = catalog.resource_types(&matrix[duty.unit].split.service);
    let is_declared = |name: &str| {
        types
            .iter()
            .filter_map(|kind| kind.attributes.get(name))
            .any(|attribute| attribute.secret)
    };
    path.split('.').any(|name| names_a_secret(name) || is_declared(name))
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

/// What breaks a duty where checks alone do: the first of them by what it is called, and how many more there are.
pub(super) fn failed(matrix: &Matrix, duty: &Duty) -> Option<String> {
    let failed: BTreeSet<CheckIx> = breaking(duty).into_iter().map(|(_, result)| matrix[result].check).collect();
    let check = &matrix[*failed.first()?];
    let called = match &check.title {
        Some(title) => format!("\"{}\"", title.trim_end_matches('.')),
        None => format!("`{}`", check.id),
    };
    Some(match failed.len() - 1 {
        0 => format!("{}'s check {called} failed", check.scanner_name),
        1 => format!("{}'s check {called} and 1 more failed", check.scanner_name),
        more => format!("{}'s check {called} and {more} more failed", check.scanner_name),
    })
}

/// The first day on which a scanner saw what breaks a duty still: no report is earlier, so that its time runs from then on.
pub(super) fn seen(matrix: &Matrix, duty: &Duty) -> Option<Date> {
    let days = breaking(duty).into_iter().filter_map(|(_, result)| matrix[result].at);
    days.min().map(|at| at.to_zoned(TimeZone::UTC).date())
}

/// What each check says, in a clause: `Prowler rds_instance_multi_az failed on 14 November 2026 for payments-prod: no standby`.
/// `broken`: how many resources break the duty; where there are several, a check names those on which it failed.
fn checks(matrix: &Matrix, duty: &Duty, broken: usize) -> Vec<String> {
    let mut by_check: BTreeMap<CheckIx, Vec<(ResourceIx, ResultIx)>> = BTreeMap::new();
    for (resource, result) in breaking(duty) {
        by_check.entry(matrix[result].check).or_default().push((resource, result));
    }
    let all = by_check.len();
    let mut words: Vec<String> = by_check
        .into_iter()
        .take(CHECKS)
        .map(|(check, results)| {
            let check = &matrix[check];
            let at = results.iter().filter_map(|(_, result)| matrix[*result].at).max();
            let on = at
                .map(|at| format!(" on {}", day(at.to_zoned(TimeZone::UTC).date())))
                .unwrap_or_default();
            let seen = results.iter().find_map(|(resource, result)| {
                let scan = &matrix[*result];
                Some(by_name(matrix, scan.part.unwrap_or(*resource), *result, scan.observed.as_deref()?))
            });
            let seen = seen.map(|seen| format!(": {}", seen.trim_end_matches('.'))).unwrap_or_default();
            let parts = parts(matrix, results.iter().map(|(_, result)| *result));
            let parts = parts.or_else(|| failed_for(matrix, results.iter().map(|(resource, _)| *resource), broken));
            let parts = parts.map(|parts| format!(" for {parts}")).unwrap_or_default();
            format!("{} `{}` failed{on}{parts}{seen}", check.scanner_name, check.id)
        })
        .collect();
    if all > CHECKS {
        let (more, they) = if all - CHECKS == 1 { ("check", "it") } else { ("checks", "them") };
        words.push(format!("{} more {more} failed, and the matrix as CSV names {they}", all - CHECKS));
    }
    words
}

/// The resources on which a check failed, of several that break a duty; none where there is one.
fn failed_for(matrix: &Matrix, resources: impl Iterator<Item = ResourceIx>, broken: usize) -> Option<String> {
    let resources: BTreeSet<ResourceIx> = resources.collect();
    match resources.len() {
        _ if broken < 2 => None,
        all if all == broken => Some(format!("all {}", matrix.count(resources.iter().copied()))),
        _ => named(resources.iter().map(|index| matrix[*index].label())),
    }
}

/// What results are about that count for something that this is a part of, by name.
pub(crate) fn parts(matrix: &Matrix, results: impl Iterator<Item = ResultIx>) -> Option<String> {
    let parts = results.filter_map(|result| matrix[result].part);
    named(parts.map(|part| matrix[part].label()))
}

/// The first of some names, each once, and how many more there are; none where there are none.
fn named<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: BTreeSet<&str> = names.collect();
    let mut told: Vec<String> = names.iter().take(VALUES).map(|name| format!("`{name}`")).collect();
    if names.len() > VALUES {
        told.push(format!("{} more", names.len() - VALUES));
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// What a check says of a resource that its scanner calls otherwise than the inventory does, with the inventory's name.
fn by_name(matrix: &Matrix, resource: ResourceIx, result: ResultIx, text: &str) -> String {
    let (told, name) = (&*matrix[result].label, matrix[resource].label());
    let goes_on = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || "-_/:.".contains(letter));
    let mut named = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(told).filter(|_| !told.is_empty()) {
        let is_whole = !goes_on(before.chars().next_back()) && !goes_on(after.chars().next().filter(|letter| *letter != '.'));
        named.push_str(before);
        named.push_str(if is_whole { name } else { told });
        rest = after;
    }
    named.push_str(rest);
    named
}
