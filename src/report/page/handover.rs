//! What moves and what stays, as it is printed.
//!
//! In: the duties of a handover. Out: lines on which the same duty on many services stands once, with its count.

use super::labels::joined;
use crate::catalog::Cadence;
use crate::report::model::{Move, Report, Standing};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What moves and what stays.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct HandoverPage {
    /// How many duties move.
    pub moving: u64,
    /// How many duties stay.
    pub staying: u64,
    /// Of those that move, how many are not met.
    pub not_met: u64,
    /// What moves; nothing where the edition counts it by control.
    pub moves: Vec<MoveLine>,
    /// What stays with who hands over; nothing where the edition counts it.
    pub stays: Vec<MoveLine>,
    /// What moves, counted by control.
    pub by_control: Vec<MoveCount>,
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
    HandoverPage {
        moving: of.moves.len() as u64,
        staying: of.stays.len() as u64,
        not_met: of.moves.iter().filter(|one| one.state == Standing::NotMet).count() as u64,
        moves: lines(report, &of.moves, &position),
        stays: lines(report, &of.stays, &position),
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

fn lines(report: &Report, moves: &[Move], position: &dyn Fn(&Move) -> usize) -> Vec<MoveLine> {
    let mut lines: Vec<MoveLine> = Vec::new();
    // What is alike, to its line.
    let mut known: HashMap<(&str, &str, &str, Option<&str>, Standing), usize> = HashMap::new();
    let mut control: Option<&str> = None;
    for one in moves {
        let key = (&*one.id, one.before.as_str(), one.after.as_str(), one.scope.as_deref(), one.state);
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
            services: vec![(service, 1)],
        });
    }
    for line in &mut lines {
        let services: BTreeSet<usize> = line.services.iter().map(|(service, _)| *service).collect();
        line.on = joined(report, &services);
    }
    lines
}
