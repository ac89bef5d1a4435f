//! Duties party by party.
//!
//! In: a Report. Out: for each party what it does, the same activity with the same letters and state on one line with all
//! its services, and how many duties that are; and what it answers for and others do, counted.

mod places;

pub use places::{BrokenDuty, DutyOn, DutyPlace};

use super::labels::{self, MOST};
use super::shown;
use crate::catalog::Cadence;
use crate::inventory::PartyKind;
use crate::report::model::{Activity, Duties, Report, Standing};
use foldhash::fast::RandomState;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// All that one party must do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyPage {
    /// Id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// What shows its work, where that is the same for all.
    pub assurance: Option<String>,
    /// Its commitments.
    pub commitments: u64,
    /// Duties that it does.
    pub does: u64,
    /// Of those, the ones that are unknown.
    pub open: u64,
    /// What it does, by control.
    pub controls: Vec<PartyControl>,
    /// In a report that is cut to it, the duties that it does and that are unknown; else empty.
    pub to_show: Vec<ToShow>,
    /// What it answers for and others do, counted by control.
    pub answers_for: Vec<AnswersFor>,
}

/// Duties of one control that one party answers for and others do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AnswersFor {
    /// The control, as printed.
    pub title: String,
    /// How many.
    pub duties: u64,
}

/// The duties of one control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyControl {
    /// As printed.
    pub title: String,
    /// An activity each, with its services; nothing where the edition tells them in short.
    pub lines: Vec<DutyLine>,
    /// The same in short: where they are, and what evidence they ask for.
    pub places: Vec<DutyPlace>,
}

/// Duties of one activity that agree in letters, state and scope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DutyLine {
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
    /// The services, joined.
    pub on: String,
    /// Where on them, where the party does not do it everywhere.
    pub scope: Option<String>,
    /// The environment of that.
    pub environment: Option<Arc<str>>,
    /// In a report that is cut to the party, the resources of a single duty in short.
    pub resources: Option<Arc<str>>,
    /// In a report that is cut to the party: where else the same holds.
    pub also: Vec<DutyAt>,
    /// What the party holds: `R` or `A/R`.
    pub letters: &'static str,
    /// Who answers for them, by its short name, where that is another.
    pub answers: Option<String>,
    /// Their state.
    pub state: Standing,
    /// What shows it; empty where that is unknown.
    pub shown_by: Vec<String>,
    /// What shows that they were done.
    pub evidence: Arc<str>,
}

/// A further place of duties that agree in all else.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DutyAt {
    /// The services, joined.
    pub on: String,
    /// Where on them.
    pub scope: Option<String>,
    /// The resources of a single duty in short.
    pub resources: Option<Arc<str>>,
}

/// Duties that are unknown.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ToShow {
    /// The control's title.
    pub control: String,
    /// The duties.
    pub line: DutyLine,
}

/// Where the Report tells a duty.
struct Told<'r> {
    activity: &'r Activity,
    service: usize,
    control: usize,
}

/// A duty that a party holds.
struct Held<'t, 'r> {
    told: &'t Told<'r>,
    resources: Option<&'r Arc<str>>,
}

/// Duties by their id.
type AllTold<'r> = HashMap<&'r Arc<str>, Told<'r>, RandomState>;

/// How many duties there are of an activity of a service, by the service's position and the activity's id.
type Everywhere<'r> = HashMap<(usize, &'r Arc<str>), u64, RandomState>;

/// All parties with what they hold.
///
/// `tells_evidence`: nothing else in the document tells what evidence each duty asks for.
pub(super) fn parties(report: &Report, tells_evidence: bool) -> Vec<PartyPage> {
    let mut told: AllTold<'_> = HashMap::default();
    let mut everywhere: Everywhere<'_> = HashMap::default();
    let position = |id: &str| report.summary.by_control.iter().position(|known| known.control == id);
    for (service, of) in report.services.iter().enumerate() {
        for control in &of.controls {
            let control_position = position(&control.control).unwrap_or_default();
            for activity in &control.activities {
                let Some(duty) = &activity.duty else { continue };
                *everywhere.entry((service, &activity.id)).or_default() += 1;
                let place = Told {
                    activity,
                    service,
                    control: control_position,
                };
                told.insert(duty, place);
            }
        }
    }
    report
        .duties
        .iter()
        .map(|party| page(report, party, (&told, &everywhere), tells_evidence))
        .collect()
}

fn page<'r>(report: &'r Report, party: &'r Duties, (told, everywhere): (&AllTold<'r>, &Everywhere<'r>), tells_evidence: bool) -> PartyPage {
    let figures = report.parties.iter().find(|known| *known.id == *party.party);
    let (mut lines, mut answers): (Lines<'_>, BTreeMap<usize, u64>) = (Lines::default(), BTreeMap::new());
    let mut does = 0;
    for (service, id, of) in by_activity(party, told) {
        let is_everywhere = |held: &[Held<'_, '_>]| everywhere.get(&(service, id)).copied() == Some(held.len() as u64);
        for (letters, held) in of {
            if !letters.contains('R') {
                for one in &held {
                    *answers.entry(one.told.control).or_default() += 1;
                }
                continue;
            }
            does += held.len() as u64;
            // A cut does not show where else it is done, and by whom.
            let scoped = report.meta.party.is_some() || !is_everywhere(&held);
            for one in held {
                lines.add(report, &one, letters, scoped);
            }
        }
    }
    let title = |control: usize| {
        report
            .summary
            .by_control
            .get(control)
            .map(|known| known.title.clone())
            .unwrap_or_default()
    };
    PartyPage {
        party: party.party.clone(),
        name: party.name.clone(),
        kind: party.kind,
        assurance: party.assurance.clone(),
        commitments: figures.map_or(0, |figures| figures.commitments),
        does,
        open: figures.map_or(0, |figures| figures.duties.responsible.unknown),
        controls: lines
            .by_control
            .into_iter()
            .map(|(control, lines)| {
                let lines: Vec<DutyLine> = lines.into_iter().map(|line| line.finish(report)).collect();
                PartyControl {
                    title: title(control),
                    places: places::places(&lines, tells_evidence),
                    lines: if report.meta.party.is_some() { gathered(lines) } else { lines },
                }
            })
            .collect(),
        to_show: Vec::new(),
        answers_for: answers
            .into_iter()
            .map(|(control, duties)| AnswersFor {
                title: title(control),
                duties,
            })
            .collect(),
    }
}

type ByLetters<'t, 'r> = BTreeMap<&'static str, Vec<Held<'t, 'r>>>;

/// A party's duties, those of one activity on one service together, in the order of the Report.
fn by_activity<'t, 'r>(
    party: &'r Duties,
    told: &'t HashMap<&'r Arc<str>, Told<'r>, RandomState>,
) -> Vec<(usize, &'r Arc<str>, ByLetters<'t, 'r>)> {
    let mut list: Vec<(usize, &Arc<str>, ByLetters<'t, 'r>)> = Vec::new();
    for held in &party.activities {
        let Some(one) = told.get(&held.duty) else { continue };
        let is_last = list
            .last()
            .is_some_and(|(service, id, _)| *service == one.service && **id == held.id);
        if !is_last {
            list.push((one.service, &held.id, ByLetters::new()));
        }
        if let Some((_, _, of)) = list.last_mut() {
            of.entry(held.letters).or_default().push(Held {
                told: one,
                resources: held.resources_in_short.as_ref(),
            });
        }
    }
    list
}

/// Lines on their way, by the position of their control.
#[derive(Default)]
struct Lines<'r> {
    by_control: BTreeMap<usize, Vec<Line<'r>>>,
}

struct Line<'r> {
    activity: &'r Activity,
    letters: &'static str,
    scope: Option<Arc<str>>,
    environment: Option<Arc<str>>,
    services: Vec<(usize, u64)>,
    resources: Option<Arc<str>>,
    answers: Option<&'r str>,
    /// What shows its state, where that is known.
    shown_by: Vec<String>,
}

impl<'r> Lines<'r> {
    fn add(&mut self, report: &'r Report, held: &Held<'_, 'r>, letters: &'static str, scoped: bool) {
        let one = held.told;
        let answers = answers(report, one.activity).filter(|_| !letters.contains('A'));
        let scope = one.activity.scope.clone().filter(|_| scoped);
        let lines = self.by_control.entry(one.control).or_default();
        let is_open = one.activity.state == Standing::Unknown;
        let shown_by = if is_open { Vec::new() } else { shown::in_full(one.activity) };
        let alike = |line: &&mut Line<'_>| {
            line.activity.id == one.activity.id
                && line.activity.does == one.activity.does
                && line.letters == letters
                && line.answers == answers
                && line.scope == scope
                && line.activity.state == one.activity.state
                && line.shown_by == shown_by
        };
        match lines.iter_mut().find(alike) {
            Some(line) => {
                line.resources = None;
                match line.services.last_mut().filter(|(service, _)| *service == one.service) {
                    Some((_, count)) => *count += 1,
                    None => line.services.push((one.service, 1)),
                }
            }
            None => lines.push(Line {
                activity: one.activity,
                letters,
                environment: one.activity.environment.clone().filter(|_| scope.is_some()),
                scope,
                services: vec![(one.service, 1)],
                resources: held.resources.cloned(),
                answers,
                shown_by,
            }),
        }
    }
}

/// Who answers for a duty, by its short name.
fn answers<'r>(report: &'r Report, activity: &Activity) -> Option<&'r str> {
    let held = activity.assignments.iter().find(|held| held.letters.contains('A'))?;
    let party = report.parties.iter().find(|party| *party.id == *held.party)?;
    Some(&party.short)
}

impl Line<'_> {
    fn finish(self, report: &Report) -> DutyLine {
        let services: BTreeSet<usize> = self.services.iter().map(|(service, _)| *service).collect();
        let joined = if report.meta.party.is_some() {
            labels::each
        } else {
            labels::joined
        };
        DutyLine {
            duty: self.activity.duty.clone().unwrap_or_else(|| self.activity.id.clone()),
            duties: self.services.iter().map(|(_, count)| count).sum(),
            does: self.activity.does.clone(),
            how: self.activity.how.clone(),
            cadence: self.activity.cadence,
            on: joined(report, &services, MOST),
            environment: self.environment.clone(),
            resources: self.resources,
            answers: self.answers.map(str::to_owned),
            scope: self.scope.as_deref().map(str::to_owned),
            also: Vec::new(),
            letters: self.letters,
            state: self.activity.state,
            shown_by: self.shown_by,
            evidence: self.activity.evidence.clone(),
        }
    }
}

/// Lines that agree in all but where they hold, as one.
fn gathered(lines: Vec<DutyLine>) -> Vec<DutyLine> {
    let mut told: Vec<DutyLine> = Vec::new();
    for line in lines {
        let alike = |other: &&mut DutyLine| {
            other.does == line.does
                && other.how == line.how
                && other.cadence == line.cadence
                && other.letters == line.letters
                && other.answers == line.answers
                && other.state == line.state
                && other.shown_by == line.shown_by
                && other.evidence == line.evidence
        };
        match told.iter_mut().find(alike) {
            Some(other) => {
                other.duties += line.duties;
                other.also.push(DutyAt {
                    on: line.on,
                    scope: line.scope,
                    resources: line.resources,
                });
            }
            None => told.push(line),
        }
    }
    told
}

impl PartyPage {
    /// Gathers what it must still show.
    pub(super) fn gather_what_to_show(&mut self) {
        for control in &self.controls {
            let open = control.lines.iter().filter(|line| line.state == Standing::Unknown);
            self.to_show.extend(open.map(|line| ToShow {
                control: control.title.clone(),
                line: line.clone(),
            }));
        }
    }
}
