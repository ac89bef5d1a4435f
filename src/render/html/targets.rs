//! What the rows of a page stand for.
//!
//! In: a [`Page`]. Out: by the id that a mark of the document names, how many duties or commitments that is, and on which
//! services.

use crate::report::page::{ControlPart, Page};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// A row of duties.
#[derive(Debug)]
struct Row<'p> {
    /// The services that its duties are on, counted.
    on: &'p [(usize, u64)],
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
    /// By the id of a finding, the requirements that it touches.
    findings: HashMap<&'p str, &'p [String], RandomState>,
    /// By the same as `commitments`, how many of them answer a requirement.
    answering: HashMap<String, BTreeMap<usize, u64>, RandomState>,
    /// Commitments by section, control, operator where there are several, and type of the control there.
    commitments: HashMap<String, Vec<(usize, u64)>, RandomState>,
}

impl<'p> Targets<'p> {
    /// What the rows of a page stand for.
    #[must_use]
    pub fn of(page: &'p Page) -> Self {
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
            all.findings.insert(&finding.id, &finding.requirements);
        }
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
                            on: &row.on,
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
                let on = self.commitments.entry(part).or_default();
                for (service, count) in &promise.on {
                    match on.iter_mut().find(|(known, _)| known == service) {
                        Some((_, sum)) => *sum += count,
                        None => on.push((*service, *count)),
                    }
                }
            }
        }
    }

    /// The commitments that a part of a section lists: how many, and on which services.
    pub(super) fn promised(&self, id: &str, control_type: &str) -> (u64, Option<String>) {
        let found = self.commitments.get(&format!("{id} {control_type}"));
        let on = found.map(Vec::as_slice).unwrap_or_default();
        (on.iter().map(|(_, count)| count).sum(), pairs(on))
    }

    /// The services of a row of duties, where there are several: `0:2 3:1`, each the position of a service and how many.
    pub(super) fn duties_on(&self, id: &str) -> Option<String> {
        self.rows.get(id).and_then(|row| pairs(row.on))
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
        let numbers = self.positions(self.findings.get(finding)?);
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

fn pairs(on: &[(usize, u64)]) -> Option<String> {
    if on.len() < 2 {
        return None;
    }
    let mut text = String::new();
    for (service, count) in on {
        let space = if text.is_empty() { "" } else { " " };
        // Writing to a String never fails.
        let _ = write!(text, "{space}{service}:{count}");
    }
    Some(text)
}
