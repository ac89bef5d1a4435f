//! What the rows of a page stand for.
//!
//! In: a Report and its [`Page`]. Out: by the id that a mark of the document names, how many duties or commitments that is, and
//! where they hold.

use super::places::On;
use crate::report::page::{ControlPart, Page, Promise};
use crate::report::{Activity, Finding, Report};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A row of duties.
#[derive(Debug)]
struct Row<'p> {
    /// Its duties.
    all: &'p [(Arc<str>, usize)],
    /// The requirements that they answer.
    answers: &'p [String],
    /// The inherited requirements of which they read what the provider shows, each with how many of them do.
    reads: BTreeMap<usize, u64>,
}

/// What the ids in a document stand for.
#[derive(Debug, Default)]
pub struct Targets<'p> {
    /// By the id of the first duty of a row.
    rows: HashMap<&'p str, Row<'p>, RandomState>,
    /// The requirements of the page's frameworks by what they are called, each with its position among all.
    numbers: HashMap<String, usize, RandomState>,
    /// By the id of a duty, the inherited requirements of which it reads what the provider shows.
    reads: HashMap<&'p str, Vec<usize>, RandomState>,
    /// By its id.
    findings: HashMap<&'p str, &'p Finding, RandomState>,
    /// Where each duty holds.
    duties: HashMap<&'p str, On<'p>, RandomState>,
    /// The commitments of an activity on a service, by its position.
    promises: HashMap<(&'p str, usize), Vec<&'p Activity>, RandomState>,
    /// Numbers of accounts by their names.
    accounts: HashMap<&'p str, &'p str, RandomState>,
    /// By the same as `commitments`, how many of them answer a requirement.
    answering: HashMap<String, BTreeMap<usize, u64>, RandomState>,
    /// Commitments by section, control, operator where there are several, and type of the control there: on which services.
    commitments: HashMap<String, Vec<(&'p Promise, usize, u64)>, RandomState>,
}

impl<'p> Targets<'p> {
    /// What the rows of a page stand for.
    #[must_use]
    pub fn of(report: &'p Report, page: &'p Page) -> Self {
        let frameworks = page.requirements.iter();
        let names = frameworks.flat_map(|of| of.rows.iter().map(move |row| format!("{} {}", of.short, row.id)));
        let mut all = Self {
            numbers: names.enumerate().map(|(position, name)| (name, position)).collect(),
            ..Self::default()
        };
        let rows = page.requirements.iter().flat_map(|of| &of.rows).enumerate();
        for (position, row) in rows {
            row.reads.iter().for_each(|duty| all.reads.entry(duty).or_default().push(position));
        }
        for finding in page.findings.iter().flat_map(|group| group.cards.iter().chain(&group.rows)) {
            all.findings.insert(&finding.id, finding);
        }
        for (position, service) in report.services.iter().enumerate() {
            for activity in service.controls.iter().flat_map(|control| &control.activities) {
                match &activity.duty {
                    Some(duty) => _ = all.duties.insert(duty, (&activity.place, position)),
                    None => all.promises.entry((&activity.id, position)).or_default().push(activity),
                }
            }
        }
        let named = report
            .scope
            .accounts
            .iter()
            .filter_map(|account| Some((account.name.as_deref()?, account.id.as_str())));
        all.accounts.extend(named);
        for part in &page.common {
            all.add(&part.key, &part.controls);
        }
        for section in &page.sections {
            all.add(&section.key, &section.controls);
        }
        all
    }

    fn add(&mut self, key: &str, controls: &'p [ControlPart]) {
        for control in controls {
            for entry in &control.activities {
                for row in &entry.rows {
                    let mut reads = BTreeMap::new();
                    for position in row.all.iter().filter_map(|(duty, _)| self.reads.get(&**duty)).flatten() {
                        *reads.entry(*position).or_default() += 1;
                    }
                    let answers = &entry.requirements;
                    self.rows.insert(
                        &row.duty,
                        Row {
                            all: &row.all,
                            answers,
                            reads,
                        },
                    );
                }
            }
            let control_type = control.control_type.map_or("", |found| found.id());
            for promise in &control.commitments {
                let party = promise.party.as_ref().map(|party| format!(";{party}")).unwrap_or_default();
                let part = format!("{key}:{}{party} {control_type}", control.control);
                let numbers = promise.requirements.iter().filter_map(|name| self.numbers.get(name));
                let answering = self.answering.entry(part.clone()).or_default();
                numbers.for_each(|number| *answering.entry(*number).or_default() += promise.commitments);
                let on = promise.on.iter().map(|(service, count)| (promise, *service, *count));
                self.commitments.entry(part).or_default().extend(on);
            }
        }
    }

    /// The commitments that a part of a section lists: how many, and where.
    pub(super) fn promised(&self, id: &str, control_type: &str) -> (u64, Vec<(On<'p>, u64)>) {
        let found = self.commitments.get(&format!("{id} {control_type}"));
        let on = found.map(Vec::as_slice).unwrap_or_default();
        let places = on.iter().filter_map(|(promise, service, count)| {
            let known = self.promises.get(&(&*promise.id, *service))?;
            let is_by = |one: &&&Activity| {
                let by = promise.party.as_ref();
                by.is_none_or(|party| one.assignments.iter().any(|held| held.party == *party))
            };
            let activity = known.iter().find(is_by)?;
            Some(((&*activity.place, *service), *count))
        });
        (on.iter().map(|(_, _, count)| count).sum(), counted(places))
    }

    /// Where a row of duties holds; of an id that is no row's, where that duty does.
    pub(super) fn duties_on(&self, id: &str) -> Vec<(On<'p>, u64)> {
        let place = |id: &str| self.duties.get(id).map(|on| (*on, 1));
        match self.rows.get(id) {
            Some(row) => counted(row.all.iter().filter_map(|(duty, _)| place(duty))),
            None => counted(place(id).into_iter()),
        }
    }

    /// The environment and the accounts of a finding, by number where that is known.
    pub(super) fn found_in(&self, finding: &str) -> (Option<&'p str>, Vec<&'p str>) {
        let Some(finding) = self.findings.get(finding) else {
            return (None, Vec::new());
        };
        let number = |name: &'p String| self.accounts.get(name.as_str()).copied().unwrap_or(name.as_str());
        (finding.environment.as_deref(), finding.accounts.iter().map(number).collect())
    }

    /// The requirements that a row of duties answers, by their positions, and those of which some of them read what the provider
    /// shows, with how many: `0 3 17:2`.
    pub(super) fn answers(&self, id: &str) -> Option<String> {
        let row = self.rows.get(id)?;
        let mut numbers = self.positions(row.answers);
        numbers.extend(row.reads.iter().map(|(number, count)| format!("{number}:{count}")));
        (!numbers.is_empty()).then(|| numbers.join(" "))
    }

    /// The requirements that a finding touches, by their positions.
    pub(super) fn touched(&self, finding: &str) -> Option<String> {
        let numbers = self.positions(&self.findings.get(finding)?.requirements);
        (!numbers.is_empty()).then(|| numbers.join(" "))
    }

    fn positions(&self, names: &[String]) -> Vec<String> {
        names.iter().filter_map(|name| Some(self.numbers.get(name)?.to_string())).collect()
    }

    /// The requirements that the commitments of a part of a section answer, each with how many of them do: `0:2 3:1`.
    pub(super) fn answered(&self, id: &str, control_type: &str) -> Option<String> {
        let of = self.answering.get(&format!("{id} {control_type}"))?;
        let numbers: Vec<String> = of.iter().map(|(number, count)| format!("{number}:{count}")).collect();
        (!numbers.is_empty()).then(|| numbers.join(" "))
    }
}

/// Each place once, in their order.
fn counted<'p>(all: impl Iterator<Item = (On<'p>, u64)>) -> Vec<(On<'p>, u64)> {
    let mut places: Vec<(On<'p>, u64)> = Vec::new();
    for (place, count) in all {
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, sum)) => *sum += count,
            None => places.push((place, count)),
        }
    }
    places
}
