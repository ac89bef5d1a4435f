//! Exceptions that have expired.
//!
//! In: a matrix, and the findings on its duties. Out: a finding for each exception that has expired and excused nothing that is
//! broken today. What it excused and what is broken has a finding already: that one says that its exception has expired.

use super::Matrix;
use super::finding::{Finding, general, matches_nothing};
use super::findings::answering;
use super::index::{DutyIx, ExceptionIx, ResourceIx};
use crate::catalog::Catalog;
use crate::diagnostics::Code;
use crate::inventory::{Exception, Inventory};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Looks exceptions over. Those that are told with what they excused are given back.
pub(super) fn exceptions(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date, list: &mut Vec<Finding>) -> Vec<Finding> {
    let broken = list.iter().enumerate();
    let broken: BTreeMap<DutyIx, usize> = broken
        .filter(|(_, finding)| finding.code == Code::DutyNotMet)
        .filter_map(|(position, finding)| Some((finding.duty?, position)))
        .collect();
    let mut told_with = Vec::new();
    for (position, exception) in inventory.exceptions.iter().enumerate() {
        let is_meant = matrix.is_meant_by(&exception.selector, catalog);
        if !is_meant && !matrix.is_cut {
            let selector = format!("{:?}", exception.selector);
            let message = format!("the exception \"{}\" matches no activity in scope", exception.reason);
            list.push(matches_nothing(
                inventory,
                &exception.place,
                &[&exception.reason, &selector],
                message,
            ));
        }
        let Some(expired) = exception.expires.filter(|expires| *expires < as_of && (is_meant || !matrix.is_cut)) else {
            continue;
        };
        let meant = matrix.meant_by(&exception.selector, catalog);
        let of_its_own = finding(matrix, inventory, exception, expired, &meant);
        let excused = meant.iter().filter_map(|(duty, resources)| {
            let not_met = matrix[*duty].not_met();
            let is_broken = resources.iter().any(|index| not_met.binary_search(index).is_ok());
            broken.get(duty).copied().filter(|_| is_broken)
        });
        let excused: Vec<usize> = excused.collect();
        for finding in &excused {
            tell(&mut list[*finding], ExceptionIx::new(position), exception, (expired, &of_its_own));
        }
        if excused.is_empty() {
            list.push(of_its_own);
        } else {
            told_with.push(of_its_own);
        }
    }
    told_with
}

/// Lets the finding on a duty say that what excused it has expired: it is that bad, since that day.
fn tell(finding: &mut Finding, index: ExceptionIx, exception: &Exception, (expired, own): (Date, &Finding)) {
    // Of several that excused it once, the first that the inventory names is told.
    if finding.expired.is_some() {
        return;
    }
    finding.expired = Some(index);
    finding.since = Some(expired);
    finding
        .message
        .push_str(&format!("; its exception \"{}\" expired on {expired}", exception.reason));
    let anew = anew(exception);
    finding.how = Some(match &finding.how {
        // What to do may be several sentences.
        Some(how) => format!("{}. Or {anew}", how.trim_end_matches('.')),
        None => format!("do it, or {anew}"),
    });
    if own.severity < finding.severity {
        finding.severity = own.severity;
        finding.because = format!("{}, since its exception has expired", own.because);
    }
}

/// What makes it an exception again.
fn anew(exception: &Exception) -> String {
    match &exception.approved_by {
        Some(by) => format!("let {by} approve the exception anew with a date"),
        None => "renew the exception with an approval and a date".to_owned(),
    }
}

/// An exception that has expired, by itself.
fn finding(matrix: &Matrix, inventory: &Inventory, exception: &Exception, expired: Date, meant: &[(DutyIx, Vec<ResourceIx>)]) -> Finding {
    let duties = || meant.iter().map(|(duty, _)| &matrix[*duty]);
    let (accountable, responsible) = answering(duties());
    let resources: BTreeSet<ResourceIx> = meant.iter().flat_map(|(_, resources)| resources.iter().copied()).collect();
    let selector = format!("{:?}", exception.selector);
    let unit = duties().next().map(|duty| duty.unit);
    Finding {
        since: Some(expired),
        place: Some(exception.place.clone()),
        how: Some(format!("{}, or do what it excused", anew(exception))),
        unit: unit.filter(|unit| duties().all(|duty| duty.unit == *unit)),
        accountable,
        responsible,
        bad: matrix.count(resources.iter().copied()),
        of: matrix.count(resources.iter().copied()),
        resources: resources.into_iter().collect(),
        ..general(
            inventory,
            Code::ExceptionExpired,
            &[&exception.reason, &selector],
            format!("the exception \"{}\" expired on {expired}", exception.reason),
        )
    }
}
