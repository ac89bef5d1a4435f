//! What one party must still show: the duties that it does and that nothing shows yet.
//!
//! In: the joined matrix and a party. Out: those duties, in the order of the matrix, with the artefact to obtain and the
//! `match` by which an entry of evidence means them and nobody else's.

use super::names;
use crate::catalog::Catalog;
use crate::inventory::{Inventory, Resource};
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
    /// Their accounts, where others' resources have those names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub account: Vec<String>,
    /// Their Regions, where the accounts do not tell them apart either.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub region: Vec<String>,
    /// Their types, where the Regions do not either.
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
}

impl Meant {
    /// The keys that hold a list, in the order in which they are written.
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &[String]); 5] {
        [
            ("service", &self.service),
            ("name", &self.name),
            ("account", &self.account),
            ("region", &self.region),
            ("type", &self.kind),
        ]
    }
}

/// The duties that a party does and that are open.
#[must_use]
pub fn todo(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: jiff::civil::Date, party: PartyIx) -> Todo {
    let mut alike: BTreeMap<&str, Vec<&Duty>> = BTreeMap::new();
    for duty in &matrix.duties {
        alike.entry(&duty.activity.id).or_default().push(duty);
    }
    let does = |duty: &&Duty| duty.state == State::Unknown && duty.assignment.responsible().contains(&party);
    let open = matrix.duties.iter().filter(does).map(|duty| {
        let (unit, control) = (&matrix[duty.unit], &catalog[duty.control]);
        let of = alike.get(&*duty.activity.id);
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
/// the party has it on all, by the names of resources where it has it on a part of the service, and by what else tells them
/// from others' resources of those names. A resource that none of this tells from others' is not meant, and stays open. A
/// `match` cannot ask for no environment, so a duty without one is told from those of every environment.
fn meant(matrix: &Matrix, duty: &Duty, alike: &[&Duty], party: PartyIx) -> Meant {
    let service = |of: &Duty| matrix[of.unit].split.service.clone();
    let is_own = |of: &&&Duty| of.assignment.is_held_by(party);
    let mut meant = Meant {
        activity: duty.activity.id.clone(),
        environment: duty.scope.environment.clone(),
        service: Vec::new(),
        name: Vec::new(),
        account: Vec::new(),
        region: Vec::new(),
        kind: Vec::new(),
    };
    let environment = |of: &Duty| meant.environment.is_none() || of.scope.environment == meant.environment;
    let alike: Vec<&Duty> = alike.iter().copied().filter(|of| environment(of)).collect();
    if alike.iter().all(|of| is_own(&of)) {
        return meant;
    }
    meant.service = vec![service(duty)];
    let of_service = || alike.iter().filter(|of| service(of) == service(duty));
    if of_service().all(|of| is_own(&of)) {
        return meant;
    }
    let resources = |of: &Duty| -> Vec<&Resource> { of.resources.list.iter().map(|index| &matrix[*index]).collect() };
    let others: Vec<&Resource> = of_service().filter(|of| !is_own(of)).flat_map(|of| resources(of)).collect();
    tell_apart(&mut meant, &resources(duty), &others);
    meant
}

/// What tells resources apart, beyond their service and environment, in the order in which it is asked.
const TELLS: [fn(&Resource) -> Option<&str>; 4] = [
    |resource| resource.matched_name(),
    |resource| resource.account.as_deref(),
    |resource| resource.region.as_deref(),
    |resource| Some(resource.matched_kind()),
];

/// Names own resources so that as few as possible of others' are meant.
fn tell_apart(meant: &mut Meant, own: &[&Resource], others: &[&Resource]) {
    let mut own: Vec<&Resource> = own.to_vec();
    let mut lists: [BTreeSet<&str>; TELLS.len()] = Default::default();
    let takes = |lists: &[BTreeSet<&str>], resource: &Resource| {
        lists
            .iter()
            .zip(TELLS)
            .all(|(list, tells)| list.is_empty() || tells(resource).is_some_and(|value| list.contains(value)))
    };
    for (position, tells) in TELLS.into_iter().enumerate() {
        let taken: Vec<&Resource> = others.iter().copied().filter(|other| takes(&lists, other)).collect();
        if position > 0 && taken.is_empty() {
            break;
        }
        let list: Option<BTreeSet<&str>> = own.iter().map(|resource| tells(resource)).collect();
        let tells_some = |list: &BTreeSet<&str>| taken.iter().any(|other| tells(other).is_none_or(|value| !list.contains(value)));
        lists[position] = list.filter(|list| position == 0 || tells_some(list)).unwrap_or_default();
    }
    // Names that resources of others have too, even so, are left out, unless nothing else remains.
    let shared: BTreeSet<&str> = others
        .iter()
        .filter(|other| takes(&lists, other))
        .filter_map(|other| other.matched_name())
        .collect();
    own.retain(|resource| resource.matched_name().is_some_and(|name| !shared.contains(name)));
    if !own.is_empty() {
        lists[0].retain(|name| !shared.contains(name));
    }
    let [name, account, region, kind] = lists.map(|list| list.into_iter().map(str::to_owned).collect());
    (meant.name, meant.account, meant.region, meant.kind) = (name, account, region, kind);
}
