//! The join: catalog and inventory to a lawful matrix of assignments.
//!
//! In: a [`crate::catalog::Catalog`] and an [`crate::inventory::Inventory`]. Out: a [`Matrix`]. Pure: no I/O, no clock,
//! no randomness.

mod accounts;
mod assignment;
mod findings;
mod resolve;
mod rules;
mod units;

pub use assignment::{Assignment, Letters, Provenance};
pub use findings::{Finding, Findings};
pub use resolve::resolve;
pub(crate) use resolve::subject_of;

use crate::catalog::{Activity, ControlType, Split};
use crate::inventory::Resource;
use std::sync::Arc;

/// The joined result. A matrix that exists is lawful: every activity has exactly one accountable party and at least one
/// responsible one, by the type of [`Assignment`].
#[derive(Debug)]
pub struct Matrix {
    /// One for each service and mode that is deployed, sorted by the service's name; the account itself is last.
    pub units: Vec<Unit>,
    /// Resources that belong to no service of the catalog.
    pub unclassified: Vec<usize>,
    /// The resources of the inventory, and after them one for each account, that indices refer to.
    pub resources: Vec<Resource>,
    /// Rules that took no part: indices into the inventory's rules.
    pub idle_rules: Vec<usize>,
}

/// The deployed resources of one service in one mode.
#[derive(Debug)]
pub struct Unit {
    /// What the catalog says of it.
    pub split: Split,
    /// The product and, where there is one, the mode: the heading of its section.
    pub title: String,
    /// Primary resources, as indices.
    pub resources: Vec<usize>,
    /// Those of the resources whose mode the inventory does not settle.
    pub mode_open: Vec<usize>,
    /// The attributes that would settle it.
    pub settled_by: Vec<String>,
    /// How many resources only support others, counts included.
    pub supporting: u64,
    /// All controls, in the order of the catalog.
    pub controls: Vec<UnitControl>,
}

/// One control of a unit.
#[derive(Debug)]
pub struct UnitControl {
    /// The control's id.
    pub control: Arc<str>,
    /// Its type, from the owners of the activities that exist here.
    pub control_type: Option<ControlType>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// One row an activity and distinct assignment.
    pub rows: Vec<Row>,
}

/// An activity on the resources that share one assignment of it.
#[derive(Debug)]
pub struct Row {
    /// What is done; shared with the split.
    pub activity: Arc<Activity>,
    /// Who holds which letter.
    pub assignment: Assignment,
    /// Where the letters come from.
    pub provenance: Provenance,
    /// The assignment after the handover, where it moves.
    pub after: Option<Assignment>,
    /// The resources that it holds for, as indices; empty for a unit of supporting resources only.
    pub resources: Vec<usize>,
    /// Of those, where a condition of the activity is not settled.
    pub condition_open: Vec<usize>,
    /// Attested as done.
    pub met: Vec<usize>,
    /// Shown undone, exceptions left out.
    pub not_met: Vec<usize>,
    /// Shown undone, and excused by an exception: resource and exception.
    pub excepted: Vec<(usize, usize)>,
    /// True where the unit's resources have different assignments of this activity, so the row needs a scope.
    pub scoped: bool,
}

/// What the inventory attests of a customer's activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Done on every resource.
    Met,
    /// Undone on at least one.
    NotMet,
    /// The inventory does not tell.
    Unknown,
    /// Not the customer's, so nothing is attested here.
    NotApplicable,
}

impl Row {
    /// The state over all resources of the row.
    #[must_use]
    pub fn state(&self) -> State {
        if self.activity.side != crate::catalog::Side::Customer {
            State::NotApplicable
        } else if !self.not_met.is_empty() {
            State::NotMet
        } else if self.activity.is_judged() && !self.resources.is_empty() && self.met.len() + self.excepted.len() == self.resources.len() {
            State::Met
        } else {
            State::Unknown
        }
    }
}
