//! What the join is made of: duties, which everything counts, and a provider's commitments, which are never among them.

use super::index::{CheckIx, ControlIx, EvidenceIx, ExceptionIx, PartyIx, ResourceIx, ResultIx, UnitIx};
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
    pub(super) fn new(text: Arc<str>) -> Self {
        Self(text)
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
    /// `data cardholder`. Ids end with it, so that it stays as it is.
    pub apart: Option<Arc<str>>,
    /// The same as it is printed: `cardholder data`.
    pub words: Option<Arc<str>>,
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
    /// All states, best first.
    pub const ALL: [Self; 5] = [Self::Met, Self::Attested, Self::NotMet, Self::Excepted, Self::Unknown];

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
    /// A check of a scanner.
    Check(CheckIx),
    /// An artefact that a named party vouches for it with: it attests where nothing else shows, and shows nothing broken.
    Evidence(EvidenceIx),
}

/// What one means shows of a duty, resource by resource; what it does not name, it does not know. All lists are sorted.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What shows it.
    pub means: Means,
    /// Where the duty is done; of evidence, where somebody vouches for that.
    pub met: Vec<ResourceIx>,
    /// Where it is broken, exceptions left out.
    pub not_met: Vec<ResourceIx>,
    /// Where it is broken and an exception excuses it.
    pub excepted: Vec<(ResourceIx, ExceptionIx)>,
    /// Where a part of it was looked at, or what was seen has no weight: it changes no state.
    pub part: Vec<ResourceIx>,
    /// The results of the check that speak of the resources; none of other means.
    pub looks: Vec<(ResourceIx, ResultIx)>,
}

impl Shown {
    /// Nothing yet.
    #[must_use]
    pub fn by(means: Means) -> Self {
        Self {
            means,
            met: Vec::new(),
            not_met: Vec::new(),
            excepted: Vec::new(),
            part: Vec::new(),
            looks: Vec::new(),
        }
    }

    /// What it shows in all: the worst of it, `part` where it changes no state.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if !self.not_met.is_empty() {
            State::NotMet.word()
        } else if !self.excepted.is_empty() {
            State::Excepted.word()
        } else if self.met.is_empty() {
            "part"
        } else if self.is_attestation() {
            State::Attested.word()
        } else {
            State::Met.word()
        }
    }

    /// The resources on which it shows what its [`word`](Self::word) says.
    #[must_use]
    pub fn decisive(&self) -> Vec<ResourceIx> {
        if !self.not_met.is_empty() {
            self.not_met.clone()
        } else if !self.excepted.is_empty() {
            self.excepted.iter().map(|(index, _)| *index).collect()
        } else if self.met.is_empty() {
            self.part.clone()
        } else {
            self.met.clone()
        }
    }

    /// Whether it attests, and does not show by itself.
    #[must_use]
    pub fn is_attestation(&self) -> bool {
        matches!(self.means, Means::Evidence(_))
    }

    /// The resources that it speaks of, each once.
    #[must_use]
    pub fn resources(&self) -> Vec<ResourceIx> {
        let excepted = self.excepted.iter().map(|(index, _)| index);
        once(self.met.iter().chain(&self.not_met).chain(excepted).chain(&self.part).copied())
    }

    /// Leaves out all but some resources.
    pub(super) fn keep(&mut self, held: impl Fn(&ResourceIx) -> bool) {
        self.met.retain(&held);
        self.not_met.retain(&held);
        self.excepted.retain(|(index, _)| held(index));
        self.part.retain(&held);
        self.looks.retain(|(index, _)| held(index));
    }
}

/// Resources, sorted and each once.
fn once(resources: impl Iterator<Item = ResourceIx>) -> Vec<ResourceIx> {
    let mut list: Vec<ResourceIx> = resources.collect();
    list.sort_unstable();
    list.dedup();
    list
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
    /// The artefacts that attested it once and do so no more, each with the resources that it is about.
    pub lapsed: Vec<(EvidenceIx, Vec<ResourceIx>)>,
    /// Its state.
    pub state: State,
}

impl Duty {
    /// Whether a party does it or answers for it, today or after the handover.
    #[must_use]
    pub fn is_of(&self, party: PartyIx) -> bool {
        let after = self.after.as_ref();
        self.assignment.is_held_by(party) || after.is_some_and(|after| after.is_held_by(party))
    }

    /// Not met where it is broken on any resource; else unknown where nothing shows or attests it on any; else excepted where
    /// any is; else attested where any rests on an artefact alone; else met.
    pub(super) fn judge(&mut self) {
        let all = self.resources.list.len();
        let (met, excepted) = (self.met(), self.excepted());
        self.state = if self.shown_by.iter().any(|shown| !shown.not_met.is_empty()) {
            State::NotMet
        } else if all == 0 || met.len() + excepted.len() + self.attested().len() < all {
            State::Unknown
        } else if !excepted.is_empty() {
            State::Excepted
        } else if met.len() < all {
            State::Attested
        } else {
            State::Met
        };
    }

    /// Where it is done: shown by any means, and by none to be broken.
    #[must_use]
    pub fn met(&self) -> Vec<ResourceIx> {
        let shows = |shown: &&Shown| !shown.is_attestation();
        let met = once(self.shown_by.iter().filter(shows).flat_map(|shown| shown.met.iter().copied()));
        self.unless_broken(met)
    }

    /// Where it is broken, exceptions left out: the worst that any means shows.
    #[must_use]
    pub fn not_met(&self) -> Vec<ResourceIx> {
        once(self.shown_by.iter().flat_map(|shown| shown.not_met.iter().copied()))
    }

    /// Where it is broken and excepted, and by which exception.
    #[must_use]
    pub fn excepted(&self) -> Vec<(ResourceIx, ExceptionIx)> {
        let mut list: Vec<(ResourceIx, ExceptionIx)> = self.shown_by.iter().flat_map(|shown| shown.excepted.iter().copied()).collect();
        list.sort_unstable();
        list.dedup_by_key(|(index, _)| *index);
        list
    }

    /// Where only somebody who vouches for it says that it is done.
    #[must_use]
    pub fn attested(&self) -> Vec<ResourceIx> {
        let vouched = self.shown_by.iter().filter(|shown| shown.is_attestation());
        let vouched = once(vouched.flat_map(|shown| shown.met.iter().copied()));
        let shown = self.met();
        let left = vouched.into_iter().filter(|index| shown.binary_search(index).is_err());
        self.unless_broken(left.collect())
    }

    /// Those of some resources on which nothing shows it to be broken.
    fn unless_broken(&self, mut resources: Vec<ResourceIx>) -> Vec<ResourceIx> {
        let breaks = |shown: &Shown| !shown.not_met.is_empty() || !shown.excepted.is_empty();
        if self.shown_by.iter().any(breaks) {
            let (not_met, excepted) = (self.not_met(), self.excepted());
            resources.retain(|index| {
                not_met.binary_search(index).is_err() && excepted.binary_search_by_key(index, |(index, _)| *index).is_err()
            });
        }
        resources
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
