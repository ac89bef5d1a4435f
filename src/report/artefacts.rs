//! The artefacts that the inventory names.
//!
//! In: the join and the report's date. Out: each artefact with who vouches, until when, and how many duties rest on it.

use super::context::Context;
use super::model::{Artefact, Lapse};
use super::names;
use crate::inventory::{Enclosed, Evidence, Selector, Validity};
use crate::raci::{ControlIx, Duty, DutyIx, EvidenceIx, Means, Reach, ResourceIx, State, UnitIx};
use indexmap::{IndexMap, IndexSet};
use jiff::civil::Date;
use std::collections::BTreeMap;

pub(super) fn artefacts(context: &Context<'_>, as_of: Date) -> Vec<Artefact> {
    let resting = context.matrix.resting();
    let reach = &context.reach;
    // What shows a provider's part is vouched for by nobody, and need not be.
    let validity = |position: usize, one: &Evidence| match one.validity(as_of) {
        Validity::Unvouched if reach[position].others.is_empty() => Validity::Documents,
        other => other,
    };
    let all = context.inventory.evidence.iter().enumerate();
    all.filter(|(_, one)| !context.matrix.is_cut || context.matrix.is_meant_by(&one.selector, context.catalog))
        .map(|(position, one)| {
            let duties = resting.get(&EvidenceIx::new(position)).map(Vec::as_slice).unwrap_or_default();
            Artefact {
                artefact: one.artefact.clone(),
                applies_to: applies_to(context, one, &reach[position]),
                location: one.location.clone(),
                by: one.by.as_ref().map(|by| context.voucher(by)),
                party: one.by.as_ref().map(|by| context.inventory.parties[by.party].id.to_string()),
                performed: one.performed.map(|date| date.to_string()),
                reviewed: one.reviewed.map(|date| date.to_string()),
                review_by: one.until().map(|date| date.to_string()),
                overdue: one.is_overdue(as_of),
                validity: validity(position, one),
                validity_words: validity(position, one).words(),
                file: one.file.as_ref().map(|file| file.name.clone()),
                sha256: one.file.as_ref().and_then(Enclosed::sha256),
                sha256_printed: one.file.as_ref().and_then(Enclosed::sha256).map(|digits| in_groups(&digits)),
                duties: duties.len() as u64,
                lapses: lapses(context, one, duties),
                lapsed: lapsed(context, EvidenceIx::new(position)).map(|day| day.to_string()),
            }
        })
        .collect()
}

/// The last day on which what somebody vouches for a duty with counts on all that its state rests on, and the artefact that
/// lapses then.
pub(super) fn attested_until(context: &Context<'_>, duty: &Duty) -> Option<(Date, EvidenceIx)> {
    if !matches!(duty.state, State::Attested | State::Excepted) {
        return None;
    }
    let until = |index: &ResourceIx| {
        let vouched = duty.shown_by.iter().filter(|shown| shown.met.binary_search(index).is_ok());
        let days = vouched.filter_map(|shown| match shown.means {
            Means::Evidence(evidence) => {
                let until = context.inventory[evidence].attests_until(duty.activity.cadence);
                Some((until.unwrap_or(Date::MAX), evidence))
            }
            Means::Configuration | Means::Check(_) => None,
        });
        days.max_by_key(|(day, _)| *day)
    };
    let first = duty.attested().iter().filter_map(until).min_by_key(|(day, _)| *day);
    first.filter(|(day, _)| *day < Date::MAX)
}

/// How many attested duties rest on what no longer counted when the report was issued, where that was later than the day that
/// it is true for.
pub(super) fn lapsed_at_issue(context: &Context<'_>) -> u64 {
    let Some(issued) = context.issued() else {
        return 0;
    };
    let attested = context.matrix.duties.iter().filter(|duty| duty.state == State::Attested);
    attested
        .filter(|duty| attested_until(context, duty).is_some_and(|(until, _)| until < issued))
        .count() as u64
}

/// The first day on which an artefact attested a duty for the last time that waits for evidence since.
fn lapsed(context: &Context<'_>, wanted: EvidenceIx) -> Option<Date> {
    let waits = context.matrix.duties.iter().filter(|duty| duty.state == State::Unknown);
    let of_it = waits.filter(|duty| duty.lapsed.iter().any(|(evidence, _)| *evidence == wanted));
    let days = of_it.filter_map(|duty| context.inventory[wanted].attests_until(duty.activity.cadence));
    days.min()
}

/// The days until which an artefact attests the duties that rest on it.
fn lapses(context: &Context<'_>, one: &Evidence, duties: &[DutyIx]) -> Vec<Lapse> {
    let mut days: BTreeMap<Date, (u64, u64)> = BTreeMap::new();
    let handover = context.inventory.handover.as_ref().map(|planned| planned.date);
    for duty in duties.iter().map(|duty| &context.matrix[*duty]) {
        let Some(day) = one.attests_until(duty.activity.cadence) else {
            continue;
        };
        let has_passed = duty.after.is_some() && handover.is_some_and(|handover| handover <= day);
        let (all, passed) = days.entry(day).or_default();
        *all += 1;
        *passed += u64::from(has_passed);
    }
    let days = days.into_iter().map(|(day, (duties, passed))| Lapse {
        until: day.to_string(),
        duties,
        passed,
    });
    days.collect()
}

/// Services that are named with a control before the rest is counted.
const SERVICES: usize = 4;

/// What an artefact is for, in words: of activities, their controls and services, since ids are for machines.
fn applies_to(context: &Context<'_>, one: &Evidence, reach: &Reach) -> String {
    let mut by_control: BTreeMap<ControlIx, IndexSet<UnitIx>> = BTreeMap::new();
    for duty in reach.own.iter().chain(&reach.others) {
        let duty = &context.matrix[*duty];
        by_control.entry(duty.control).or_default().insert(duty.unit);
    }
    if one.selector.activity.is_none() || by_control.is_empty() {
        return names::selector_words(&one.selector, context.catalog);
    }
    let mut by_services: IndexMap<Vec<String>, Vec<&str>> = IndexMap::new();
    for (control, units) in by_control {
        by_services
            .entry(labels(context, &units))
            .or_default()
            .push(&context.catalog[control].title);
    }
    let words = by_services.into_iter().map(|(mut labels, controls)| {
        let more = labels.len().saturating_sub(SERVICES);
        labels.truncate(SERVICES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{} on {}{more}", controls.join(", "), labels.join(", "))
    });
    let rest = Selector {
        activity: None,
        service: None,
        // The services' names tell it.
        mode: None,
        ..one.selector.clone()
    };
    let rest = Some(names::selector_words(&rest, context.catalog)).filter(|_| rest != Selector::default());
    words.chain(rest).collect::<Vec<_>>().join("; ")
}

/// The names of services; one of which all modes are meant by its name alone.
fn labels(context: &Context<'_>, units: &IndexSet<UnitIx>) -> Vec<String> {
    let label = |index: &UnitIx| {
        let unit = &context.matrix[*index];
        let mut of_service = context
            .matrix
            .units()
            .filter(|(_, other)| other.split.service == unit.split.service);
        if of_service.all(|(other, _)| units.contains(&other)) {
            names::plain_label(unit)
        } else {
            context.label(*index)
        }
    };
    let labels: IndexSet<String> = units.iter().map(label).collect();
    labels.into_iter().collect()
}

/// Eight digits and a space, again and again.
fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(8).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
