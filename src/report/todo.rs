//! What one party must still show: the duties that it does and that nothing shows yet.
//!
//! In: the joined matrix and a party. Out: those duties, in the order of the matrix, with the artefact to obtain and the
//! `match` by which an entry of evidence means them and nobody else's.

use super::names;
use crate::catalog::Catalog;
use crate::inventory::Inventory;
use crate::raci::{Duty, Matrix, PartyIx, State};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one party must still show.
#[derive(Debug, Clone, Serialize)]
pub struct Todo {
    /// Its id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// The date that it is true for, YYYY-MM-DD.
    pub as_of: String,
    /// Its open duties.
    pub duties: Vec<Open>,
}

/// An open duty.
#[derive(Debug, Clone, Serialize)]
pub struct Open {
    /// The duty's id.
    pub duty: Arc<str>,
    /// The activity's id.
    pub activity: Arc<str>,
    /// The service's id.
    pub service: String,
    /// The mode's id.
    pub mode: Option<String>,
    /// The service, as printed.
    pub service_title: String,
    /// The environment.
    pub environment: Option<Arc<str>>,
    /// Where in the service it holds, in words.
    pub scope: Option<Arc<str>>,
    /// The control's id.
    pub control: String,
    /// As printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, or what calls for it.
    pub cadence: Option<String>,
    /// How many days lie between two times.
    pub cadence_days: Option<u32>,
    /// The artefact to obtain.
    pub evidence: Arc<str>,
    /// `R` or `A/R`.
    pub letters: &'static str,
    /// What an entry of evidence says under `match`.
    #[serde(rename = "match")]
    pub matches: Meant,
}

/// A `match` of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Meant {
    /// The activity's id.
    pub activity: Arc<str>,
    /// The environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Arc<str>>,
    /// The services, where the party has it not on all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<String>,
    /// Names of the resources, where it has it not on all of the service.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<String>,
}

/// The duties that a party does and that are open.
#[must_use]
pub fn todo(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: jiff::civil::Date, party: PartyIx) -> Todo {
    let mut alike: BTreeMap<(&str, Option<&str>), Vec<&Duty>> = BTreeMap::new();
    for duty in &matrix.duties {
        alike
            .entry((&duty.activity.id, duty.scope.environment.as_deref()))
            .or_default()
            .push(duty);
    }
    let does = |duty: &&Duty| duty.state == State::Unknown && duty.assignment.responsible().contains(&party);
    let open = matrix.duties.iter().filter(does).map(|duty| {
        let (unit, control) = (&matrix[duty.unit], &catalog[duty.control]);
        let of = alike.get(&(&*duty.activity.id, duty.scope.environment.as_deref()));
        let assurance = || catalog.party(&inventory[party].id).map(|known| known.assurance.clone());
        Open {
            duty: duty.id.text().clone(),
            activity: duty.activity.id.clone(),
            service: unit.split.service.clone(),
            mode: unit.split.mode.as_ref().map(|mode| mode.id.clone()),
            service_title: unit.title.clone(),
            environment: duty.scope.environment.clone(),
            scope: names::scope(&duty.scope),
            control: control.id.clone(),
            control_title: control.title.clone(),
            does: duty.activity.does.clone(),
            how: catalog.how(&duty.activity, &inventory[duty.operator].id),
            cadence: duty.activity.cadence.map(|cadence| cadence.to_string()),
            cadence_days: duty.activity.cadence.and_then(crate::catalog::Cadence::days),
            evidence: duty.activity.evidence.clone().or_else(assurance).unwrap_or_else(|| "".into()),
            letters: duty.assignment.letters(party).map_or("R", crate::raci::Letters::text),
            matches: meant(matrix, duty, of.map(Vec::as_slice).unwrap_or_default(), party),
        }
    });
    Todo {
        party: inventory[party].id.clone(),
        name: inventory[party].name.clone(),
        as_of: as_of.to_string(),
        duties: open.collect(),
    }
}

/// The `match` that means a duty and no duty of the same activity and environment that is others': without the service where
/// the party has it on all, by the names of resources where it has it on a part of the service.
fn meant(matrix: &Matrix, duty: &Duty, alike: &[&Duty], party: PartyIx) -> Meant {
    let service = |of: &Duty| matrix[of.unit].split.service.clone();
    let is_own = |of: &&&Duty| of.assignment.is_held_by(party);
    let mut meant = Meant {
        activity: duty.activity.id.clone(),
        environment: duty.scope.environment.clone(),
        service: Vec::new(),
        name: Vec::new(),
    };
    if alike.iter().all(|of| is_own(&of)) {
        return meant;
    }
    meant.service = vec![service(duty)];
    if alike.iter().filter(|of| service(of) == service(duty)).all(|of| is_own(&of)) {
        return meant;
    }
    let names: BTreeSet<&str> = duty
        .resources
        .list
        .iter()
        .filter_map(|index| matrix[*index].matched_name())
        .collect();
    meant.name = names.into_iter().map(str::to_owned).collect();
    meant
}
