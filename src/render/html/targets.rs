//! What the rows of a page stand for.
//!
//! In: a [`Page`]. Out: by the id that a mark of the document names, how many duties or commitments that is, and on which
//! services.

use crate::report::page::{ControlPart, Page};
use std::collections::HashMap;
use std::fmt::Write as _;

/// What the ids in a document stand for.
#[derive(Debug, Default)]
pub struct Targets<'p> {
    /// By the id of the first duty of a row.
    rows: HashMap<&'p str, &'p [(usize, u64)]>,
    /// Commitments by section, control, operator where there are several, and type of the control there.
    commitments: HashMap<String, Vec<(usize, u64)>>,
}

impl<'p> Targets<'p> {
    /// What the rows of a page stand for.
    #[must_use]
    pub fn of(page: &'p Page) -> Self {
        let mut all = Self::default();
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
            for row in control.activities.iter().flat_map(|entry| &entry.rows) {
                self.rows.insert(&row.duty, &row.on);
            }
            let control_type = control.control_type.map_or("", |found| found.id());
            for promise in &control.commitments {
                let party = promise.party.as_ref().map(|party| format!(";{party}")).unwrap_or_default();
                let on = self
                    .commitments
                    .entry(format!("{key}:{}{party} {control_type}", control.control))
                    .or_default();
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
        self.rows.get(id).and_then(|on| pairs(on))
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
