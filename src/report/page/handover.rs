//! What moves and what stays, as it is printed.
//!
//! In: the handover of a Report. Out: lines on which the same duty on many services stands once, with its count, figures, and
//! the open items.

use super::labels::{MOST, joined};
use crate::catalog::Cadence;
use crate::report::model::{Finding, Handover, Move, Report, Standing, StateCounts};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What moves and what stays.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
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
    /// Those that stay, by state.
    pub staying_states: StateCounts,
    /// The last day on which any of them stays, where all have one.
    pub stays_until: Option<String>,
    /// Changes of access that grant.
    pub grants: u64,
    /// Changes of access that revoke.
    pub revokes: u64,
    /// Findings that are about what moves or stays, worst first.
    pub open: Vec<OpenItem>,
    /// What is due until the last duty has moved and the last task is done, day by day.
    pub dates: Vec<HandoverDate>,
    /// What moves; nothing where the edition counts it by control.
    pub moves: Vec<MoveLine>,
    /// What stays with who hands over; nothing where the edition counts it.
    pub stays: Vec<MoveLine>,
    /// What moves, counted by control.
    pub by_control: Vec<MoveCount>,
    /// What stays, counted by control.
    pub staying_by_control: Vec<StayCount>,
}

/// A finding about what moves or stays.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpenItem {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Whether it is about what stays.
    pub stays: bool,
}

/// A day of a handover, and what is due on it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HandoverDate {
    /// YYYY-MM-DD.
    pub day: String,
    /// What.
    pub what: String,
    /// Who does it, by name.
    pub who: Option<String>,
    /// Whether the duties move on that day by this.
    pub is_handover: bool,
    /// Whether it was due before the report's date.
    pub overdue: bool,
}

/// What stays of one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
    /// Services concerned.
    pub services: u64,
}

/// Duties that move or stay together.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MoveLine {
    /// Whether the ones before it in the list are of other controls.
    pub first_of_control: bool,
    /// The control, as printed.
    pub control_title: String,
    /// The id of the first.
    pub duty: Arc<str>,
    /// How many.
    pub duties: u64,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, or what calls for it.
    pub cadence: Option<Cadence>,
    /// What shows that it was done.
    pub evidence: Option<Arc<str>>,
    /// The services, joined.
    pub on: String,
    /// Where on them, in words.
    pub scope: Option<Arc<str>>,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// Their state.
    pub state: Standing,
    /// The runbooks for them, by their titles.
    pub runbooks: Vec<String>,
    /// Why they stay.
    pub reason: Option<String>,
    /// Until when they stay.
    pub until: Option<String>,
    /// The services by their position in the Report, with how many of the duties.
    #[serde(skip)]
    pub services: Vec<(usize, u64)>,
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
                services: 0,
            };
            of_control.push((count, BTreeSet::new()));
            of_control.len() - 1
        });
        let (count, services) = &mut of_control[known];
        count.duties += 1;
        count.not_met += u64::from(one.state == Standing::NotMet);
        services.insert(position(one));
    }
    let cut = report.meta.party.as_deref();
    let concerns = of.planned && (cut.is_none() || of.moves.len() + of.stays.len() > 0);
    let is_side = |party: &str| [&of.from_party, &of.to_party].iter().any(|side| side.as_deref() == Some(party));
    HandoverPage {
        concerns,
        at_a_glance: concerns && cut.is_none_or(is_side),
        moving: of.moves.len() as u64,
        staying: of.stays.len() as u64,
        not_met: of.moves.iter().filter(|one| one.state == Standing::NotMet).count() as u64,
        moving_states: states(&of.moves),
        staying_states: states(&of.stays),
        stays_until: until(&of.stays),
        grants: of.access.iter().filter(|one| one.kind == "grant").count() as u64,
        revokes: of.access.iter().filter(|one| one.kind == "revoke").count() as u64,
        open: report
            .findings
            .iter()
            .filter(|finding| of.open.contains(&finding.id))
            .map(|finding| OpenItem {
                stays: of.stays.iter().any(|one| Some(&one.duty) == finding.duty.as_ref()),
                finding: finding.clone(),
            })
            .collect(),
        dates: dates(of),
        moves: lines(report, &of.moves, &position),
        stays: lines(report, &of.stays, &position),
        staying_by_control: staying(&of.stays),
        by_control: counts
            .into_values()
            .flatten()
            .map(|(count, services)| MoveCount {
                services: services.len() as u64,
                ..count
            })
            .collect(),
    }
}

/// All that has a day, by day: what is granted, done and revoked, the handover itself, and the ends of what stays.
fn dates(of: &Handover) -> Vec<HandoverDate> {
    let date = |day: &String, what: String, who: Option<&String>, overdue: bool| HandoverDate {
        day: day.clone(),
        what,
        who: who.cloned(),
        is_handover: false,
        overdue,
    };
    let access = of.access.iter().map(|one| {
        let verb = if one.kind == "grant" { "Grant" } else { "Revoke" };
        date(&one.due, format!("{verb}: {}", one.what), one.by_name.as_ref(), one.overdue)
    });
    let exit = of
        .exit
        .iter()
        .map(|one| date(&one.due, one.task.clone(), one.owner_name.as_ref(), one.overdue));
    let moving = of.moves.len();
    let moves = of.date.iter().filter(|_| moving > 0).map(|day| HandoverDate {
        is_handover: true,
        ..date(
            day,
            format!("{moving} {} {}", noun(moving), if moving == 1 { "moves" } else { "move" }),
            of.to.as_ref(),
            false,
        )
    });
    let mut ends: BTreeMap<&String, usize> = BTreeMap::new();
    for until in of.stays.iter().filter_map(|one| one.until.as_ref()) {
        *ends.entry(until).or_default() += 1;
    }
    let ends = ends.into_iter().map(|(day, count)| {
        let what = format!(
            "Last day of {count} {} that {}",
            noun(count),
            if count == 1 { "stays" } else { "stay" }
        );
        date(day, what, of.from.as_ref(), false)
    });
    let mut dates: Vec<HandoverDate> = access.chain(exit).chain(moves).chain(ends).collect();
    // What is due on the day of the handover comes before it.
    dates.sort_by(|one, other| (&one.day, one.is_handover).cmp(&(&other.day, other.is_handover)));
    dates
}

fn noun(count: usize) -> &'static str {
    if count == 1 { "duty" } else { "duties" }
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

/// What duties must share to stand on one line.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'m> {
    activity: &'m str,
    before: &'m str,
    after: &'m str,
    scope: Option<&'m str>,
    state: Standing,
    runbooks: &'m [String],
    reason: Option<&'m str>,
    until: Option<&'m str>,
}

impl<'m> Alike<'m> {
    fn of(one: &'m Move) -> Self {
        Self {
            activity: &one.id,
            before: &one.before,
            after: &one.after,
            scope: one.scope.as_deref(),
            state: one.state,
            runbooks: &one.runbooks,
            reason: one.reason.as_deref(),
            until: one.until.as_deref(),
        }
    }
}

fn lines(report: &Report, moves: &[Move], position: &dyn Fn(&Move) -> usize) -> Vec<MoveLine> {
    let mut lines: Vec<MoveLine> = Vec::new();
    // What is alike, to its line.
    let mut known: HashMap<Alike<'_>, usize> = HashMap::new();
    let mut control: Option<&str> = None;
    for one in moves {
        let key = Alike::of(one);
        let service = position(one);
        if let Some(line) = known.get(&key).and_then(|at| lines.get_mut(*at)) {
            line.duties += 1;
            match line.services.iter_mut().find(|(known, _)| *known == service) {
                Some((_, count)) => *count += 1,
                None => line.services.push((service, 1)),
            }
            continue;
        }
        known.insert(key, lines.len());
        lines.push(MoveLine {
            first_of_control: control.replace(&one.control) != Some(&*one.control),
            control_title: one.control_title.clone(),
            duty: one.duty.clone(),
            duties: 1,
            does: one.does.clone(),
            how: one.how.clone(),
            cadence: one.cadence,
            evidence: one.evidence.clone(),
            on: String::new(),
            scope: one.scope.clone(),
            before: one.before.clone(),
            after: one.after.clone(),
            state: one.state,
            runbooks: one.runbooks.clone(),
            reason: one.reason.clone(),
            until: one.until.clone(),
            services: vec![(service, 1)],
        });
    }
    for line in &mut lines {
        let services: BTreeSet<usize> = line.services.iter().map(|(service, _)| *service).collect();
        line.on = joined(report, &services, MOST);
    }
    lines
}
