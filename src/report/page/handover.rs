//! What moves and what stays, as it is printed.
//!
//! In: the handover of a Report. Out: a line for each duty, never one for several, so that each is accepted by itself; figures,
//! and the open items.

mod dates;

use crate::report::model::{Finding, Move, Report, Service, Standing, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What moves and what stays.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HandoverPage {
    /// Whether one is planned that concerns whom the report is for: all, or the party that it is cut to.
    pub concerns: bool,
    /// Whether the page to project when both sides meet is the first one: a handover is planned, and the report is for all or
    /// is cut to who hands over or who takes over.
    pub at_a_glance: bool,
    /// How many duties move.
    pub moving: u64,
    /// How many duties stay.
    pub staying: u64,
    /// Of those that move, how many are not met.
    pub not_met: u64,
    /// Those that move, by state.
    pub moving_states: StateCounts,
    /// The same in words, worst first.
    pub moving_in_words: String,
    /// Those that stay, by state.
    pub staying_states: StateCounts,
    /// The same in words, worst first.
    pub staying_in_words: String,
    /// The last day on which any of them stays, where all have one.
    pub stays_until: Option<String>,
    /// Changes of access that grant.
    pub grants: u64,
    /// Changes of access that revoke.
    pub revokes: u64,
    /// Findings that are about what moves or stays, worst first.
    pub open: Vec<OpenItem>,
    /// Whether all is ready to be handed over, in a sentence.
    pub verdict: String,
    /// Of what stands in the way, how many points are due until the handover.
    pub before: u64,
    /// What is due until the last duty has moved and the last task is done, day by day.
    pub dates: Vec<HandoverDate>,
    /// The same on the first page: the handover itself and the ends of what stays always, then what is due after it; what has
    /// no room is counted for each span.
    pub first_dates: Vec<HandoverDate>,
    /// What moves, a duty a line; nothing where the edition counts it by control.
    pub moves: Vec<MoveBand>,
    /// What stays with who hands over, a duty a line; nothing where the edition counts it.
    pub stays: Vec<MoveBand>,
    /// What moves, counted by control.
    pub by_control: Vec<MoveCount>,
    /// What stays, counted by control.
    pub staying_by_control: Vec<StayCount>,
}

/// A finding about what moves or stays.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OpenItem {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Whether it is about what stays.
    pub stays: bool,
    /// The service with its mode, where it is about a duty.
    pub on: Option<String>,
}

/// A day of a handover, and what is due on it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct HandoverDate {
    /// YYYY-MM-DD.
    pub day: String,
    /// The first and the last of several days that it stands for, as printed.
    pub days: Option<String>,
    /// How many dates it stands for.
    pub number: u64,
    /// How long before or after the handover that is, as printed: `1st week`.
    pub when: &'static str,
    /// Whether the one before it is of another such span.
    pub begins: bool,
    /// What.
    pub what: String,
    /// Who does it, by name.
    pub who: Option<String>,
    /// Whether the duties move on that day by this.
    pub is_handover: bool,
    /// Whether it is the last day of something that stays.
    pub is_end: bool,
    /// Whether access is granted or revoked.
    pub is_access: bool,
    /// Whether it was due before the report's date.
    pub overdue: bool,
}

/// What stays of one control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StayCount {
    /// The control, as printed.
    pub control_title: String,
    /// Who holds A and R.
    pub holders: String,
    /// Why they stay.
    pub reason: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// How many duties.
    pub duties: u64,
}

/// What moves of one control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MoveCount {
    /// The control, as printed.
    pub control_title: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// How many duties.
    pub duties: u64,
    /// Of those, not met.
    pub not_met: u64,
    /// They by state.
    pub states: StateCounts,
    /// The same in words, worst first.
    pub in_words: String,
    /// Services concerned.
    pub services: u64,
}

/// Duties that move or stay together: of one control, with the same letters, reason and end.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MoveBand {
    /// The control, as printed.
    pub control_title: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// The runbooks for all of them, by their titles; nothing where they differ.
    pub runbooks: Vec<String>,
    /// Whether the runbooks of the duties differ, so that each line tells its own.
    pub runbooks_differ: bool,
    /// Why they stay.
    pub reason: Option<String>,
    /// Until when they stay.
    pub until: Option<String>,
    /// Whom they pass to after that day.
    pub then: Option<String>,
    /// How many duties.
    pub duties: u64,
    /// A line each.
    pub lines: Vec<MoveLine>,
}

/// A duty that moves or stays.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MoveLine {
    /// The duty.
    #[serde(flatten)]
    pub of: Move,
    /// The service with its mode, where several of it are in scope.
    pub on: String,
    /// The artefact that attests it, by the beginning of its name.
    pub attested_in_short: Option<String>,
}

/// The handover of a Report.
pub(super) fn handover(report: &Report) -> HandoverPage {
    let of = &report.handover;
    let positions: HashMap<(&str, Option<&str>), usize> = report
        .services
        .iter()
        .enumerate()
        .map(|(position, service)| ((service.service.as_str(), service.mode.as_deref()), position))
        .collect();
    let position = |one: &Move| positions.get(&(&*one.service, one.mode.as_deref())).copied().unwrap_or_default();
    let mut counts: BTreeMap<usize, Vec<(MoveCount, BTreeSet<usize>)>> = BTreeMap::new();
    let order = |one: &Move| report.summary.by_control.iter().position(|known| *known.control == *one.control);
    for one in &of.moves {
        let of_control = counts.entry(order(one).unwrap_or_default()).or_default();
        let known = of_control
            .iter()
            .position(|(count, _)| count.before == one.before && count.after == one.after);
        let known = known.unwrap_or_else(|| {
            let count = MoveCount {
                control_title: one.control_title.clone(),
                before: one.before.clone(),
                after: one.after.clone(),
                duties: 0,
                not_met: 0,
                states: StateCounts::default(),
                in_words: String::new(),
                services: 0,
            };
            of_control.push((count, BTreeSet::new()));
            of_control.len() - 1
        });
        let (count, services) = &mut of_control[known];
        count.duties += 1;
        count.not_met += u64::from(one.state == Standing::NotMet);
        count.states.add(one.state);
        services.insert(position(one));
    }
    let cut = report.meta.party.as_deref();
    let concerns = of.planned && (cut.is_none() || of.moves.len() + of.stays.len() > 0);
    let is_side = |party: &str| [&of.from_party, &of.to_party].iter().any(|side| side.as_deref() == Some(party));
    let dates = dates::dates(of);
    HandoverPage {
        concerns,
        at_a_glance: concerns && cut.is_none_or(is_side),
        moving: of.moves.len() as u64,
        staying: of.stays.len() as u64,
        not_met: of.moves.iter().filter(|one| one.state == Standing::NotMet).count() as u64,
        moving_states: states(&of.moves),
        moving_in_words: states(&of.moves).in_words(),
        staying_states: states(&of.stays),
        staying_in_words: states(&of.stays).in_words(),
        stays_until: until(&of.stays),
        grants: of.access.iter().filter(|one| one.kind == "grant").count() as u64,
        revokes: of.access.iter().filter(|one| one.kind == "revoke").count() as u64,
        open: report
            .findings
            .iter()
            .filter(|finding| of.open.contains(&finding.id))
            .map(|finding| OpenItem {
                stays: of.stays.iter().any(|one| Some(&one.duty) == finding.duty.as_ref()),
                on: on(report, finding),
                finding: finding.clone(),
            })
            .collect(),
        verdict: dates::verdict(of),
        before: of.blockers.iter().filter(|blocker| !blocker.after).count() as u64,
        first_dates: dates::first(&dates, of),
        dates,
        moves: bands(report, &of.moves, &position),
        stays: bands(report, &of.stays, &position),
        staying_by_control: staying(&of.stays),
        by_control: counts
            .into_values()
            .flatten()
            .map(|(count, services)| MoveCount {
                services: services.len() as u64,
                in_words: count.states.in_words(),
                ..count
            })
            .collect(),
    }
}

/// What stays, counted by control, holders, reason and end. The duties of a control follow each other.
fn staying(stays: &[Move]) -> Vec<StayCount> {
    let mut counts: Vec<StayCount> = Vec::new();
    for one in stays {
        let known = counts.iter_mut().rev().find(|count| {
            (&count.control_title, &count.holders, &count.reason, &count.until)
                == (&one.control_title, &one.before, &one.reason, &one.until)
        });
        match known {
            Some(count) => count.duties += 1,
            None => counts.push(StayCount {
                control_title: one.control_title.clone(),
                holders: one.before.clone(),
                reason: one.reason.clone(),
                until: one.until.clone(),
                duties: 1,
            }),
        }
    }
    counts
}

/// The service of a finding about a duty, with its mode.
fn on(report: &Report, finding: &Finding) -> Option<String> {
    finding.duty.as_ref()?;
    let is_meant = |service: &&Service| Some(&service.service) == finding.service.as_ref() && service.mode == finding.mode;
    Some(report.services.iter().find(is_meant)?.title.clone())
}

fn states(moves: &[Move]) -> StateCounts {
    let mut counts = StateCounts::default();
    moves.iter().for_each(|one| counts.add(one.state));
    counts
}

/// The last day of all, where each has one.
fn until(stays: &[Move]) -> Option<String> {
    let days: Option<Vec<&String>> = stays.iter().map(|one| one.until.as_ref()).collect();
    days?.into_iter().max().cloned()
}

/// A line a duty, together with those of its control that move or stay like it. What is of one service follows each other.
fn bands(report: &Report, moves: &[Move], position: &dyn Fn(&Move) -> usize) -> Vec<MoveBand> {
    let named: BTreeSet<&str> = moves.iter().filter_map(|one| one.attested_by.as_deref()).collect();
    let mut bands: Vec<MoveBand> = Vec::new();
    for one in moves {
        let line = MoveLine {
            on: report
                .services
                .get(position(one))
                .map_or_else(|| one.service.to_string(), |service| service.label.clone()),
            attested_in_short: one.attested_by.as_deref().map(|artefact| in_short(artefact, &named)),
            of: one.clone(),
        };
        let alike = |band: &&mut MoveBand| {
            (&band.control_title, &band.before, &band.after) == (&one.control_title, &one.before, &one.after)
                && (&band.reason, &band.until, &band.then) == (&one.reason, &one.until, &one.then)
        };
        match bands.iter_mut().find(alike) {
            Some(band) => {
                band.runbooks_differ |= band.runbooks != one.runbooks;
                band.duties += 1;
                band.lines.push(line);
            }
            None => bands.push(MoveBand {
                control_title: one.control_title.clone(),
                before: one.before.clone(),
                after: one.after.clone(),
                runbooks: one.runbooks.clone(),
                runbooks_differ: false,
                reason: one.reason.clone(),
                until: one.until.clone(),
                then: one.then.clone(),
                duties: 1,
                lines: vec![line],
            }),
        }
    }
    for band in bands.iter_mut().filter(|band| band.runbooks_differ) {
        band.runbooks.clear();
    }
    bands
}

/// Letters of an artefact's name that stand in a row.
const ARTEFACT: usize = 50;

/// The beginning of an artefact's name, as far as a row has room: up to a comma. One that begins like another is named in full.
pub(in crate::report) fn in_short(artefact: &str, all: &BTreeSet<&str>) -> String {
    let cut = |name: &str| {
        let ends = name.match_indices(", ").map(|(at, _)| at).chain([name.len()]);
        let fits = |at: &usize| name[..*at].chars().count() <= ARTEFACT;
        let first = ends.clone().next().unwrap_or(name.len());
        name[..ends.take_while(fits).last().unwrap_or(first)].to_owned()
    };
    let own = cut(artefact);
    let is_told_apart = all.iter().all(|other| *other == artefact || cut(other) != own);
    if is_told_apart { own } else { artefact.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artefacts_are_named_by_the_beginning_of_their_names() {
        let all = BTreeSet::from([
            "Patch report, October 2026, by instance, with versions of all agents",
            "Runbooks, with the exercise of 10 June 2026 and the incident register",
            "Review of access, third quarter 2026, of all databases of production",
            "Review of access, third quarter 2026, of development and of shared ones",
            "Register",
        ]);
        let short: Vec<String> = all.iter().map(|one| in_short(one, &all)).collect();
        assert_eq!(
            short,
            [
                "Patch report, October 2026, by instance",
                "Register",
                "Review of access, third quarter 2026, of all databases of production",
                "Review of access, third quarter 2026, of development and of shared ones",
                "Runbooks",
            ]
        );
    }
}
