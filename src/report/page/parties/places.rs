//! The duties of a party in short.
//!
//! In: the lines of a control. Out: the places where they hold, those together of which the same artefacts are kept.

use super::super::states::{OfState, by_state};
use super::DutyLine;
use crate::report::model::{Standing, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Duties of one control that the same artefacts show.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DutyPlace {
    /// Where they hold.
    pub on: Vec<DutyOn>,
    /// What the party holds: `R` or `A/R`.
    pub letters: &'static str,
    /// How many duties.
    pub duties: u64,
    /// They by state, worst first.
    pub by_state: Vec<OfState>,
    /// The same on their way.
    #[serde(skip)]
    states: StateCounts,
    /// Of those, shown undone.
    pub not_met: u64,
    /// Which ones these are.
    pub broken: Vec<BrokenDuty>,
    /// What shows that they were done: each artefact once.
    pub evidence: Vec<Arc<str>>,
}

/// Duties that are not met.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct BrokenDuty {
    /// What is to be done.
    pub does: Arc<str>,
    /// How many duties.
    pub duties: u64,
}

/// Services on which duties hold.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DutyOn {
    /// The services, joined.
    pub services: String,
    /// The environment, where the party does not do it everywhere; with what of it is meant where letters differ within it.
    pub environment: Option<Arc<str>>,
    /// How many duties.
    pub duties: u64,
}

/// Lines in short: by services, and those together of which the same artefacts are kept, or of which all letters agree where
/// artefacts are only counted. What is not met stands alone.
pub(super) fn places(lines: &[DutyLine], tells_evidence: bool) -> Vec<DutyPlace> {
    let mut places: Vec<DutyPlace> = Vec::new();
    for line in lines {
        let on = line.duties_on(lines);
        let alike = |place: &&mut DutyPlace| {
            let [known] = place.on.as_slice() else { return false };
            known.services == on.services && known.environment == on.environment && place.letters == line.letters
        };
        let is_broken = line.state == Standing::NotMet;
        let not_met = if is_broken { line.duties } else { 0 };
        let broken = is_broken.then(|| BrokenDuty {
            does: line.does.clone(),
            duties: line.duties,
        });
        match places.iter_mut().find(alike) {
            Some(place) => {
                place.add(&on);
                place.not_met += not_met;
                place.states.add_all(line.state, line.duties);
                place.broken.extend(broken);
                if !place.evidence.contains(&line.evidence) {
                    place.evidence.push(line.evidence.clone());
                }
            }
            None => places.push(DutyPlace {
                on: vec![on],
                letters: line.letters,
                duties: line.duties,
                by_state: Vec::new(),
                states: {
                    let mut states = StateCounts::default();
                    states.add_all(line.state, line.duties);
                    states
                },
                not_met,
                broken: broken.into_iter().collect(),
                evidence: vec![line.evidence.clone()],
            }),
        }
    }
    let mut told: Vec<DutyPlace> = Vec::new();
    for place in places {
        let alike = |other: &&mut DutyPlace| {
            let keeps = !tells_evidence || other.evidence == place.evidence;
            other.letters == place.letters && keeps && other.not_met + place.not_met == 0
        };
        match told.iter_mut().find(alike) {
            Some(other) => {
                place.on.iter().for_each(|on| other.add(on));
                other.states.unite(&place.states);
                for evidence in &place.evidence {
                    if !other.evidence.contains(evidence) {
                        other.evidence.push(evidence.clone());
                    }
                }
            }
            None => told.push(place),
        }
    }
    for place in &mut told {
        place.by_state = by_state(place.states);
    }
    told
}

impl DutyLine {
    /// Where they hold: in which environment, and on what of it where another line of the control has other letters there.
    fn duties_on(&self, lines: &[Self]) -> DutyOn {
        let is_parted = lines.iter().any(|other| {
            other.on == self.on && other.environment == self.environment && other.scope != self.scope && other.letters != self.letters
        });
        DutyOn {
            services: self.on.clone(),
            environment: match &self.scope {
                Some(scope) if is_parted => Some(scope.as_str().into()),
                _ => self.environment.clone(),
            },
            duties: self.duties,
        }
    }
}

impl DutyPlace {
    fn add(&mut self, more: &DutyOn) {
        self.duties += more.duties;
        let same = |on: &&mut DutyOn| on.services == more.services && on.environment == more.environment;
        match self.on.iter_mut().find(same) {
            Some(on) => on.duties += more.duties,
            None => self.on.push(more.clone()),
        }
    }
}
