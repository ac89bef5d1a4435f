//! What the rows of a page stand for.
//!
//! In: a [`Page`]. Out: by the id that a mark of the document names, how many duties or commitments that is, and on which
//! services.

use crate::report::page::{ControlPart, Page};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// The services that a row's duties are on, counted, and the requirements that they answer.
type Row<'p> = (&'p [(usize, u64)], &'p [String]);

/// What the ids in a document stand for.
#[derive(Debug, Default)]
pub struct Targets<'p> {
    /// By the id of the first duty of a row: the services, and the requirements that it answers.
    rows: HashMap<&'p str, Row<'p>, RandomState>,
    /// The requirements of the page's frameworks by what they are called, each with its position among all.
    numbers: HashMap<String, usize, RandomState>,
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
                    self.rows.insert(&row.duty, (&row.on, &entry.requirements));
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
        self.rows.get(id).and_then(|(on, _)| pairs(on))
    }

    /// The requirements that a row of duties answers, by their positions: `0 3 17`.
    pub(super) fn answers(&self, id: &str) -> Option<String> {
        let (_, names) = self.rows.get(id)?;
        let numbers: Vec<String> = names.iter().filter_map(|name| Some(self.numbers.get(name)?.to_string())).collect();
        (!numbers.is_empty()).then(|| numbers.join(" "))
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
