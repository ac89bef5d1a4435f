//! What the join is made of: duties, which everything counts, and a provider's commitments, which are never among them.

use super::index::{ControlIx, ExceptionIx, PartyIx, ResourceIx, UnitIx};
use super::{Assignment, Provenance};
use crate::catalog::Activity;
use std::fmt;
use std::sync::Arc;

/// What a duty or a commitment is called: the same tomorrow, whatever lines move and whoever holds it then.
///
/// `service/mode:activity@environment;rest`, without what the activity's own id says already: only letters, digits and
/// `. / : @ ; ~ - _`, and unique in its matrix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DutyId(Arc<str>);

impl DutyId {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.0
    }
}

impl fmt::Display for DutyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a duty holds within its unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The environment; none where the inventory names none.
    pub environment: Option<Arc<str>>,
    /// What tells its resources from the unit's others in the same environment, where those have other letters: such as
    /// `data cardholder`.
    pub apart: Option<Arc<str>>,
}

/// Resources and how many they stand for.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// The resources, sorted; shared by all duties that hold on the same ones.
    pub list: Arc<[ResourceIx]>,
    /// How many they are, counts included.
    pub count: u64,
}

/// The state of a duty: one of five, never pooled from several duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Broken on at least one resource, and not excepted there.
    NotMet,
    /// Something about it is not known.
    Unknown,
    /// Excepted where it is broken, and met elsewhere.
    Excepted,
    /// A named party vouches for it with an artefact that is in date.
    Attested,
    /// Shown on every resource.
    Met,
}

impl State {
    /// The word for it in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Attested => "attested",
            Self::NotMet => "not-met",
            Self::Excepted => "excepted",
            Self::Unknown => "unknown",
        }
    }
}

/// What shows the state of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// The attributes of its resources.
    Configuration,
}

/// What one means shows of a duty, resource by resource; what it does not name, it does not know.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What shows it.
    pub means: Means,
    /// Where the duty is done.
    pub met: Vec<ResourceIx>,
    /// Where it is broken, exceptions left out.
    pub not_met: Vec<ResourceIx>,
    /// Where it is broken and an exception excuses it.
    pub excepted: Vec<(ResourceIx, ExceptionIx)>,
}

/// A customer's or partner's activity on one deployment: the resources of one unit and environment that share this
/// activity's assignment, and one operator.
#[derive(Debug, Clone)]
pub struct Duty {
    /// What it is called.
    pub id: DutyId,
    /// What is done; shared with the split.
    pub activity: Arc<Activity>,
    /// The service and mode that it is about.
    pub unit: UnitIx,
    /// The control that it is a piece of.
    pub control: ControlIx,
    /// Where in the unit.
    pub scope: Scope,
    /// The resources; none for a unit of supporting resources only.
    pub resources: Deployed,
    /// Who operates the partition or the Region that they are in.
    pub operator: PartyIx,
    /// Of those, the ones on which the activity's condition is not settled, so that they cannot make it met.
    pub open: Vec<ResourceIx>,
    /// Those on which it shows what may be meant, so that somebody must decide: there it is neither met nor not met.
    pub asked: Vec<ResourceIx>,
    /// Who holds which letter.
    pub assignment: Assignment,
    /// The assignment after the handover, where it moves.
    pub after: Option<Assignment>,
    /// Where the letters come from.
    pub provenance: Arc<Provenance>,
    /// What shows its state.
    pub shown_by: Vec<Shown>,
    /// Its state.
    pub state: State,
}

impl Duty {
    /// Not met where it is broken on any resource; else unknown where anything is; else excepted where any resource is;
    /// else met.
    pub(super) fn judge(&mut self) {
        let known = self.shown_by.iter().map(|shown| shown.met.len() + shown.excepted.len());
        let known = known.max().unwrap_or_default();
        self.state = if self.not_met().next().is_some() {
            State::NotMet
        } else if self.resources.list.is_empty() || known < self.resources.list.len() {
            State::Unknown
        } else if self.excepted().next().is_some() {
            State::Excepted
        } else {
            State::Met
        };
    }

    /// Where it is done.
    pub fn met(&self) -> impl Iterator<Item = ResourceIx> {
        self.shown_by.iter().flat_map(|shown| shown.met.iter().copied())
    }

    /// Where it is broken, exceptions left out.
    pub fn not_met(&self) -> impl Iterator<Item = ResourceIx> {
        self.shown_by.iter().flat_map(|shown| shown.not_met.iter().copied())
    }

    /// Where it is broken and excepted, and by which exception.
    pub fn excepted(&self) -> impl Iterator<Item = (ResourceIx, ExceptionIx)> {
        self.shown_by.iter().flat_map(|shown| shown.excepted.iter().copied())
    }

    /// Whether configuration can show its state at all; else evidence has to.
    #[must_use]
    pub fn is_judged_by_configuration(&self) -> bool {
        self.activity.is_judged()
    }
}

/// A provider's activity on one service and mode, as far as one operator runs it.
#[derive(Debug, Clone)]
pub struct Commitment {
    /// What it is called.
    pub id: DutyId,
    /// What is done; shared with the split.
    pub activity: Arc<Activity>,
    /// The service and mode that it is about.
    pub unit: UnitIx,
    /// The control that it is a piece of.
    pub control: ControlIx,
    /// The resources that it is about.
    pub resources: Deployed,
    /// Of those, the ones on which the activity's condition is not settled.
    pub open: Vec<ResourceIx>,
    /// The operator is accountable and responsible; who hears of it on any of the resources is informed.
    pub assignment: Assignment,
    /// Where the letters come from.
    pub provenance: Provenance,
}
