//! What was looked at: by which scanner, and of whose duties.
//!
//! In: the joined matrix. Out: figures that reconcile with the duties, and what results are about that nobody lists.

use super::context::Context;
use super::model::{Assurance, PartySeen, ScannerSeen, UnlistedResource};
use super::paths::Paths;
use super::summary::count_states;
use crate::raci::scans::Scanned;
use crate::raci::{Duty, Letters, Means, PartyIx, Shown, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Things that are listed by name.
const UNLISTED: usize = 100;

/// Checks that are named.
const CHECKS: usize = 20;

/// The day of a moment.
pub(super) fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

pub(super) fn assurance(context: &Context<'_>, paths: &Paths) -> Assurance {
    let unlisted = context.matrix.unlisted();
    Assurance {
        scanners: context
            .matrix
            .scanned()
            .into_iter()
            .map(|scanned| scanner(context, scanned, paths))
            .collect(),
        unlisted_total: unlisted.len() as u64,
        unlisted_results: unlisted.iter().map(|one| one.results).sum(),
        unlisted: unlisted
            .iter()
            .take(UNLISTED)
            .map(|one| UnlistedResource {
                name: one.label.clone(),
                kind: one.kind.clone(),
                account: one.account.clone(),
                region: one.region.clone(),
                results: one.results,
                failed: one.failed,
            })
            .collect(),
        parties: parties(context),
    }
}

fn scanner(context: &Context<'_>, scanned: Scanned, paths: &Paths) -> ScannerSeen {
    let files = &context.matrix.scans.files;
    ScannerSeen {
        scanner: scanned.scanner,
        name: scanned.name,
        files: scanned.files.iter().map(|file| paths.show(&files[*file].path)).collect(),
        from: scanned.from.map(day),
        until: scanned.until.map(day),
        results: scanned.results,
        passed: scanned.passed,
        failed: scanned.failed,
        silenced: scanned.silenced,
        not_judged: scanned.not_judged,
        joined: scanned.joined,
        elsewhere: scanned.elsewhere,
        unlisted: scanned.unlisted,
        unmapped: scanned.unmapped,
        no_duty: scanned.no_duty,
        later: scanned.later,
        stale: scanned.stale,
        // What people call their own rules may tell anything.
        unknown_checks: if context.inventory.results.pseudonyms.is_some() {
            Vec::new()
        } else {
            scanned.unknown_checks.into_iter().take(CHECKS).collect()
        },
    }
}

/// All duties, and those that each party does.
fn parties(context: &Context<'_>) -> Vec<PartySeen> {
    let inventory = context.inventory;
    let all = PartySeen {
        party: None,
        ..seen("All duties", context.matrix.duties.iter())
    };
    let parties = inventory.parties.iter().enumerate().map(|(position, party)| {
        let does = |duty: &&Duty| {
            let letters = duty.assignment.letters(PartyIx::new(position));
            matches!(letters, Some(Letters::R | Letters::AR))
        };
        PartySeen {
            party: Some(party.id.clone()),
            ..seen(&party.name, context.matrix.duties.iter().filter(does))
        }
    });
    std::iter::once(all).chain(parties.filter(|party| party.duties.total > 0)).collect()
}

fn seen<'d>(name: &str, duties: impl Iterator<Item = &'d Duty> + Clone) -> PartySeen {
    let by = |wanted: fn(&Means) -> bool| {
        let says = |duty: &&Duty| {
            duty.shown_by
                .iter()
                .any(|shown| wanted(&shown.means) && !shown.resources().is_empty())
        };
        duties.clone().filter(says).count() as u64
    };
    let is_vouched = |duty: &&Duty| {
        let speaks = |shown: &Shown| shown.is_attestation() && !shown.resources().is_empty();
        duty.shown_by.iter().any(speaks)
    };
    PartySeen {
        party: None,
        name: name.to_owned(),
        by_configuration: by(|means| *means == Means::Configuration),
        by_checks: by(|means| matches!(means, Means::Check(_))),
        by_evidence: by(|means| matches!(means, Means::Evidence(_))),
        by_evidence_states: count_states(duties.clone().filter(is_vouched)),
        in_part: duties
            .clone()
            .filter(|duty| duty.state == State::Unknown && duty.shown_by.iter().any(|shown| !shown.resources().is_empty()))
            .count() as u64,
        by_nothing: duties
            .clone()
            .filter(|duty| duty.shown_by.iter().all(|shown| shown.resources().is_empty()))
            .count() as u64,
        duties: count_states(duties),
    }
}
