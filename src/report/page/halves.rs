//! The two halves of each control, over all services.
//!
//! In: the services of a Report. Out: a row for each control that carries duties, with what the provider does, what is left to
//! the others, who that is, and what is open of it. The provider's half tells what is on most services; the others' what is not
//! met, then the largest, of different services; both count the rest.

use super::labels::joined;
use crate::report::model::{Activity, Control, Report, Standing, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is told of the others' half, activity by activity.
const MOST: usize = 2;

/// What is told of the provider's half: the audit edition has all of it.
const PROVIDED: usize = 1;

/// Services that are named before the rest is counted.
const SERVICES: usize = 3;

/// A control and its two halves.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Halves {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// What the provider or an operator does: what is on most services first.
    pub provider: Vec<HalfLine>,
    /// How many further commitments there are.
    pub provider_more: u64,
    /// What is left to the customer and to partners: what is not met first, then the largest, of different services.
    pub own: Vec<HalfLine>,
    /// How many further duties there are.
    pub own_more: u64,
    /// Who holds the duties, by short name, most of them first.
    pub holders: Vec<HalfHolder>,
    /// How many commitments the provider's half is.
    pub commitments: u64,
    /// All of its duties, by state.
    pub duties: StateCounts,
}

/// An activity of a half.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HalfLine {
    /// What is done.
    pub does: Arc<str>,
    /// The services, joined; none where it is all on which the control is shared.
    pub on: Option<String>,
    /// How many commitments or duties it is.
    pub count: u64,
    /// Of the duties, those that are not met.
    pub not_met: u64,
    /// The environments of those, joined, where not all of the duties are.
    pub not_met_in: Option<String>,
}

/// A party that holds duties of a control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HalfHolder {
    /// Its id.
    pub party: Arc<str>,
    /// Its short name.
    pub short: String,
    /// How many it does and answers for.
    pub both: u64,
    /// How many it answers for, and another does.
    pub only_answers: u64,
    /// How many it does, and another answers for.
    pub only_does: u64,
}

/// The halves of each control that carries duties, in the order of the catalog.
pub(super) fn halves(report: &Report) -> Vec<Halves> {
    let all = report.summary.by_control.iter();
    all.filter_map(|control| row(report, &control.control)).collect()
}

/// An activity on its way.
struct Line<'r> {
    does: &'r Arc<str>,
    on: BTreeSet<usize>,
    count: u64,
    not_met: u64,
    not_met_in: BTreeSet<&'r str>,
}

fn row(report: &Report, id: &str) -> Option<Halves> {
    let on_services: Vec<(usize, &Control)> = report
        .services
        .iter()
        .enumerate()
        .filter_map(|(position, service)| Some((position, service.control(id)?)))
        .filter(|(_, control)| control.control_type.is_some())
        .collect();
    let carries = |control: &Control| control.activities.iter().any(|activity| activity.duty.is_some());
    let (_, carrying) = on_services.iter().find(|(_, control)| carries(control))?;
    let (mut provider, mut own) = (Vec::new(), Vec::new());
    let mut duties = StateCounts::default();
    let mut holders: BTreeMap<&Arc<str>, Counts> = BTreeMap::new();
    for (position, control) in &on_services {
        for activity in &control.activities {
            let side = if activity.duty.is_some() { &mut own } else { &mut provider };
            add(side, activity, *position);
            if activity.duty.is_some() {
                duties.add(activity.state);
                for held in &activity.assignments {
                    let (answers_for, does) = (held.letters.contains('A'), held.letters.contains('R'));
                    let counts = holders.entry(&held.party).or_default();
                    counts.both += u64::from(answers_for && does);
                    counts.only_answers += u64::from(answers_for && !does);
                    counts.only_does += u64::from(does && !answers_for);
                }
            }
        }
    }
    let whole: BTreeSet<usize> = on_services.iter().map(|(position, _)| *position).collect();
    let commitments = provider.iter().map(|line| line.count).sum();
    provider.sort_by_key(|line| std::cmp::Reverse((line.on.len(), line.count)));
    let (provider, provider_more) = told(report, provider, PROVIDED, &whole);
    let (own, own_more) = told(report, spread(report, own), MOST, &whole);
    Some(Halves {
        control: carrying.control.clone(),
        title: carrying.title.clone(),
        provider,
        provider_more,
        own,
        own_more,
        holders: sorted(report, holders),
        commitments,
        duties,
    })
}

fn add<'r>(lines: &mut Vec<Line<'r>>, activity: &'r Activity, service: usize) {
    let at = lines.iter().position(|line| line.does == &activity.does).unwrap_or_else(|| {
        lines.push(Line {
            does: &activity.does,
            on: BTreeSet::new(),
            count: 0,
            not_met: 0,
            not_met_in: BTreeSet::new(),
        });
        lines.len() - 1
    });
    let line = &mut lines[at];
    line.on.insert(service);
    line.count += 1;
    if activity.state == Standing::NotMet {
        line.not_met += 1;
        line.not_met_in
            .insert(activity.environment.as_deref().unwrap_or("no environment named"));
    }
}

/// The activities of a half in the order in which they stand for it: what is not met, then the largest, each of another service as
/// long as there is one.
fn spread<'r>(report: &Report, mut lines: Vec<Line<'r>>) -> Vec<Line<'r>> {
    lines.sort_by_key(|line| std::cmp::Reverse((line.not_met, line.count, line.on.len())));
    let of = |line: &Line<'_>| -> BTreeSet<&str> {
        let services = line.on.iter().filter_map(|position| report.services.get(*position));
        services.map(|service| service.service.as_str()).collect()
    };
    let mut told = BTreeSet::new();
    let mut ordered: Vec<Line<'r>> = Vec::new();
    while !lines.is_empty() {
        let is_next = |line: &Line<'_>| line.not_met > 0 || of(line).is_disjoint(&told);
        let at = lines.iter().position(is_next).unwrap_or_default();
        let line = lines.remove(at);
        told.extend(of(&line));
        ordered.push(line);
    }
    ordered
}

/// What is told of a half, and how many are not.
fn told(report: &Report, lines: Vec<Line<'_>>, most: usize, whole: &BTreeSet<usize>) -> (Vec<HalfLine>, u64) {
    // What is not met is told, all of it; one line more than the most is told rather than counted.
    let broken = lines.iter().filter(|line| line.not_met > 0).count();
    let most = most.max(broken);
    let most = if lines.len() == most + 1 { lines.len() } else { most };
    let more = lines.iter().skip(most).map(|line| line.count).sum();
    let lines = lines.into_iter().take(most).map(|line| HalfLine {
        does: line.does.clone(),
        on: (line.on != *whole).then(|| joined(report, &line.on, SERVICES)),
        count: line.count,
        not_met: line.not_met,
        not_met_in: (0 < line.not_met && line.not_met < line.count).then(|| Vec::from_iter(line.not_met_in).join(", ")),
    });
    (lines.collect(), more)
}

/// How many duties a party holds, by its letters.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    both: u64,
    only_answers: u64,
    only_does: u64,
}

fn sorted(report: &Report, holders: BTreeMap<&Arc<str>, Counts>) -> Vec<HalfHolder> {
    let holders = holders.into_iter().map(|(party, counts)| HalfHolder {
        party: party.clone(),
        short: report
            .parties
            .iter()
            .find(|known| *known.id == **party)
            .map_or_else(String::new, |known| known.short.clone()),
        both: counts.both,
        only_answers: counts.only_answers,
        only_does: counts.only_does,
    });
    let mut sorted: Vec<HalfHolder> = holders.filter(|one| one.both + one.only_answers + one.only_does > 0).collect();
    sorted.sort_by_key(|holder| std::cmp::Reverse((holder.both + holder.only_answers, holder.only_does)));
    sorted
}
