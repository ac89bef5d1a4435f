//! The join: catalog and inventory to a lawful matrix of duties and commitments.
//!
//! In: a [`crate::catalog::Catalog`] and an [`crate::inventory::Inventory`]. Out: a [`Matrix`]. Pure: no I/O, no clock,
//! no randomness.

mod accounts;
mod assignment;
mod cut;
mod duty;
mod evidence;
mod expired;
mod finding;
mod findings;
mod handover;
mod index;
mod join;
mod observed;
pub mod policies;
mod proof;
pub mod requirements;
mod resolve;
mod rules;
pub mod scans;
mod scope;
mod taken;
mod unclassified;
mod units;

pub use assignment::{Assignment, Letters, Origin, Provenance};
pub use duty::{Commitment, Deployed, Duty, DutyId, Means, Scope, Shown, State};
pub use evidence::{LIMIT as EVIDENCE_LIMIT, Reach};
pub use finding::Finding;
pub use findings::Findings;
pub use index::{CheckIx, ControlIx, DutyIx, EvidenceIx, ExceptionIx, PartyIx, ResourceIx, ResultIx, RuleIx, UnitIx};
pub(crate) use observed::parts;
pub use resolve::{resolve, resolve_beside};
pub use scans::Scans;

use crate::catalog::predicate::Attributes;
use crate::catalog::{ControlType, Split};
use crate::inventory::{Operated, Resource, Subject};
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::sync::Arc;

/// The joined result. A matrix that exists is lawful: every duty has exactly one accountable party, at least one
/// responsible one, by the type of [`Assignment`], and one [`State`].
#[derive(Debug, Clone)]
pub struct Matrix {
    /// One for each service and mode that is deployed, sorted by the service's name; the account itself is last.
    pub units: Vec<Unit>,
    /// What customers and partners do, by unit, control, activity and scope.
    pub duties: Vec<Duty>,
    /// What the provider does, by unit, control and activity.
    pub commitments: Vec<Commitment>,
    /// The resources of the inventory, and after them one for each account.
    pub resources: Arc<[Arc<Resource>]>,
    /// Those of the inventory's own resources that are in scope.
    pub listed: Vec<ResourceIx>,
    /// Resources that belong to no service of the catalog.
    pub unclassified: Vec<ResourceIx>,
    /// Rules that took no part.
    pub idle_rules: Vec<RuleIx>,
    /// What scanners said, and what became of it.
    pub scans: Arc<Scans>,
    /// Whether it holds only a part of what was joined.
    pub is_cut: bool,
    /// Of one side's part, such as a party's: who does what in the whole.
    pub whole: Option<Arc<requirements::Sides>>,
    /// Where each of the resources runs.
    operated: Arc<[Operated]>,
}

/// The deployed resources of one service in one mode.
#[derive(Debug, Clone)]
pub struct Unit {
    /// What the catalog says of it.
    pub split: Split,
    /// The product and, where there is one, the mode: the heading of its section.
    pub title: String,
    /// Primary resources.
    pub resources: Vec<ResourceIx>,
    /// Those of the resources whose mode the inventory does not settle.
    pub mode_open: Vec<ResourceIx>,
    /// The attributes that would settle it.
    pub settled_by: Vec<String>,
    /// How many resources only support others, counts included.
    pub supporting: u64,
    /// All controls, in the order of the catalog; of an overlay's own those that apply, or of which it says why they do not.
    pub controls: Vec<UnitControl>,
}

/// One control of a unit.
#[derive(Debug, Clone)]
pub struct UnitControl {
    /// Which one.
    pub control: ControlIx,
    /// Its type, from the owners of the activities that exist here.
    pub control_type: Option<ControlType>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
}

impl Unit {
    /// The service's id and, where there is one, the mode's: `rds/custom`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.split.mode {
            Some(mode) => format!("{}/{}", self.split.service, mode.id),
            None => self.split.service.clone(),
        }
    }

    /// Whether it is the account itself, which is in scope wherever a resource is.
    #[must_use]
    pub fn is_account(&self) -> bool {
        self.split.is_account
    }

    /// One of its controls.
    #[must_use]
    pub fn control(&self, control: ControlIx) -> Option<&UnitControl> {
        self.controls.iter().find(|of| of.control == control)
    }

    /// What selectors look at of one of its resources.
    pub(crate) fn subject<'s>(&'s self, resource: &'s Resource) -> Subject<'s> {
        join::subject(&self.split, resource)
    }
}

impl Matrix {
    /// The units with their indices.
    pub fn units(&self) -> impl Iterator<Item = (UnitIx, &Unit)> {
        self.units.iter().enumerate().map(|(position, unit)| (UnitIx::new(position), unit))
    }

    /// The duties of a unit.
    #[must_use]
    pub fn duties_of(&self, unit: UnitIx) -> &[Duty] {
        let start = self.duties.partition_point(|duty| duty.unit < unit);
        let length = self.duties[start..].partition_point(|duty| duty.unit == unit);
        &self.duties[start..start + length]
    }

    /// The commitments on a unit.
    #[must_use]
    pub fn commitments_of(&self, unit: UnitIx) -> &[Commitment] {
        let start = self.commitments.partition_point(|commitment| commitment.unit < unit);
        let length = self.commitments[start..].partition_point(|commitment| commitment.unit == unit);
        &self.commitments[start..start + length]
    }

    /// The attributes of some resources, those that several share once.
    pub(crate) fn attributes<'m>(&'m self, resources: &'m [ResourceIx]) -> impl Iterator<Item = &'m Attributes> {
        let mut seen: HashSet<*const Attributes, RandomState> = HashSet::default();
        let configs = resources.iter().map(|index| &self[*index].config);
        configs
            .filter(move |config| seen.insert(Arc::as_ptr(config)))
            .map(|config| &**config)
    }

    /// How many resources these are, counts included.
    pub fn count(&self, resources: impl IntoIterator<Item = ResourceIx>) -> u64 {
        resources.into_iter().map(|index| self[index].count).sum()
    }
}
