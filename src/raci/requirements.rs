//! Requirements of a framework, joined: which duties and commitments of a matrix answer each.
//!
//! In: a framework of the catalog, and a matrix. Out: a row a requirement, with its type, which follows from the activities
//! of this matrix, and never from the framework alone.

use super::index::{DutyIx, PartyIx, UnitIx};
use super::{Matrix, State};
use crate::catalog::Activity;
use crate::catalog::frameworks::{Answer, Framework, Link, Requirement};
use crate::inventory::{Inventory, OurCustomers};
use foldhash::fast::RandomState;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Whose a requirement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RequirementType {
    /// Only a provider does something for it here.
    Inherited,
    /// A provider does something for it, and so must others.
    Shared,
    /// Only customers and partners do something for it here.
    CustomerSpecific,
    /// No cloud service bears it: it is the organisation's own.
    Organisational,
    /// Nothing that is deployed has anything to do with it.
    NotApplicable,
    /// Nobody has said what answers it.
    Unclassified,
}

impl RequirementType {
    /// All types.
    pub const ALL: [Self; 6] = [
        Self::Inherited,
        Self::Shared,
        Self::CustomerSpecific,
        Self::Organisational,
        Self::NotApplicable,
        Self::Unclassified,
    ];

    /// The word for it in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::Shared => "shared",
            Self::CustomerSpecific => "customer-specific",
            Self::Organisational => "organisational",
            Self::NotApplicable => "not-applicable",
            Self::Unclassified => "unclassified",
        }
    }
}

/// The objective of those who obtain and read what a provider lets others say of its controls.
pub const READING: &str = "compliance-evidence.provider-reports";

/// A requirement and what answers it.
#[derive(Debug, Clone)]
pub struct Answered<'f> {
    /// The requirement.
    pub requirement: &'f Requirement,
    /// Whose it is.
    pub kind: RequirementType,
    /// The duties that answer it, in the order of the matrix.
    pub duties: Vec<DutyIx>,
    /// The positions of the commitments that answer it, in the order of the matrix.
    pub commitments: Vec<usize>,
    /// Of an inherited one, the duties to obtain and read what shows that the provider does its part, in the order of the
    /// matrix: nobody has another duty for it, and without these nobody knows whether it is done.
    pub read_by: Vec<DutyIx>,
}

impl Answered<'_> {
    /// The worst that its duties are; none without duties.
    #[must_use]
    pub fn state(&self, matrix: &Matrix) -> Option<State> {
        // In the order of `State`: what is not met first, and met last.
        self.duties.iter().map(|duty| matrix[*duty].state).min()
    }

    /// What the organisation's own customers must do for it, as the inventory says, with its position there.
    pub fn of_customers<'i>(&self, framework: &Framework, inventory: &'i Inventory) -> Vec<(usize, &'i OurCustomers)> {
        let links: &[Link] = match &self.requirement.answer {
            Answer::Linked(links) => links,
            Answer::Organisational(_) | Answer::Unclassified => &[],
        };
        let name = format!("{}/{}", framework.id, self.requirement.id);
        let is_for_it = |said: &OurCustomers| {
            let is_linked = |objective: &Arc<str>| links.iter().any(|link| link.to == *objective);
            said.requirements.iter().any(|id| **id == *name) || said.objectives.iter().any(is_linked)
        };
        let said = inventory.our_customers.iter().enumerate();
        said.filter(|(_, said)| is_for_it(said)).collect()
    }
}

/// What it is that a provider's reports show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Whatever a party operates: the duty is one of the account.
    AllOf(PartyIx),
    /// What is promised on a service.
    Of(UnitIx),
}

/// Who does anything for each objective, and for each activity: whether others do, and whether a provider does.
#[derive(Debug, Default)]
pub struct Sides {
    of: HashMap<Arc<str>, (bool, bool), RandomState>,
}

impl Sides {
    /// Looks through a matrix once.
    pub(super) fn of(matrix: &Matrix) -> Self {
        let mut found = Self::default();
        for name in matrix.duties.iter().flat_map(|duty| names(&duty.activity)) {
            found.of.entry(name.clone()).or_default().0 = true;
        }
        for name in matrix.commitments.iter().flat_map(|commitment| names(&commitment.activity)) {
            found.of.entry(name.clone()).or_default().1 = true;
        }
        found
    }
}

/// What a matrix has for each objective, and for each activity.
#[derive(Debug, Default)]
pub struct Serving {
    of: HashMap<Arc<str>, (Vec<DutyIx>, Vec<usize>), RandomState>,
    /// The duties to read what providers show, each with what they show it of.
    reading: Vec<(DutyIx, Shows)>,
    /// The unit of each commitment, and who makes it.
    promised: Vec<(UnitIx, PartyIx)>,
    /// Of one side's part: what both do in the whole.
    whole: Option<Arc<Sides>>,
}

impl Serving {
    /// Looks through a matrix once.
    #[must_use]
    pub fn of(matrix: &Matrix) -> Self {
        let mut found = Self {
            whole: matrix.whole.clone(),
            ..Self::default()
        };
        for (position, duty) in matrix.duties.iter().enumerate() {
            for name in names(&duty.activity) {
                found.of.entry(name.clone()).or_default().0.push(DutyIx::new(position));
            }
            if duty.activity.is_reading() {
                let shows = if matrix[duty.unit].is_account() {
                    Shows::AllOf(duty.operator)
                } else {
                    Shows::Of(duty.unit)
                };
                found.reading.push((DutyIx::new(position), shows));
            }
        }
        for (position, commitment) in matrix.commitments.iter().enumerate() {
            found.promised.push((commitment.unit, commitment.assignment.accountable()));
            for name in names(&commitment.activity) {
                found.of.entry(name.clone()).or_default().1.push(position);
            }
        }
        found
    }

    /// The duties and the commitments that serve an objective, or are of an activity, in the order of the matrix.
    #[must_use]
    pub fn serving(&self, name: &str) -> (&[DutyIx], &[usize]) {
        self.of.get(name).map_or((&[], &[]), |(duties, commitments)| (duties, commitments))
    }

    /// Each requirement of a framework, or of one of its baselines, with what answers it.
    #[must_use]
    pub fn answer<'f>(&self, framework: &'f Framework, baseline: Option<&'f str>) -> Vec<Answered<'f>> {
        framework.of_baseline(baseline).map(|one| self.requirement(one)).collect()
    }

    /// Whose a requirement is: of one side's part, in the whole, since it does not change with what is left out.
    #[must_use]
    pub fn kind(&self, requirement: &Requirement) -> RequirementType {
        let links = match &requirement.answer {
            Answer::Organisational(_) => return RequirementType::Organisational,
            Answer::Unclassified => return RequirementType::Unclassified,
            Answer::Linked(links) => links,
        };
        let (mut is_done, mut is_promised) = (false, false);
        for link in links {
            let (duties, commitments) = self.serving(&link.to);
            let whole = self.whole.as_ref().and_then(|whole| whole.of.get(&link.to));
            let (others_do, provider_does) = whole.copied().unwrap_or_default();
            is_done |= others_do || !duties.is_empty();
            is_promised |= provider_does || !commitments.is_empty();
        }
        match (is_done, is_promised) {
            (false, false) => RequirementType::NotApplicable,
            (false, true) => RequirementType::Inherited,
            (true, false) => RequirementType::CustomerSpecific,
            (true, true) => RequirementType::Shared,
        }
    }

    /// A requirement with what answers it.
    #[must_use]
    pub fn requirement<'f>(&self, requirement: &'f Requirement) -> Answered<'f> {
        let kind = self.kind(requirement);
        let (mut duties, mut commitments) = (Vec::new(), Vec::new());
        if let Answer::Linked(links) = &requirement.answer {
            for (of_others, of_provider) in links.iter().map(|link| self.serving(&link.to)) {
                duties.extend_from_slice(of_others);
                commitments.extend_from_slice(of_provider);
            }
        }
        in_order(&mut duties);
        in_order(&mut commitments);
        let read_by = if kind == RequirementType::Inherited {
            self.read_by(&commitments)
        } else {
            Vec::new()
        };
        Answered {
            requirement,
            kind,
            duties,
            commitments,
            read_by,
        }
    }
}

/// Sorts what several links name, each once.
fn in_order<T: Ord>(named: &mut Vec<T>) {
    named.sort_unstable();
    named.dedup();
}

impl Serving {
    /// The duties to read what shows that commitments are kept.
    fn read_by(&self, commitments: &[usize]) -> Vec<DutyIx> {
        let promised = || commitments.iter().filter_map(|position| self.promised.get(*position));
        let is_meant = |shows: Shows| promised().any(|(unit, by)| shows == Shows::Of(*unit) || shows == Shows::AllOf(*by));
        let reading = self.reading.iter().filter(|(_, shows)| is_meant(*shows));
        reading.map(|(duty, _)| *duty).collect()
    }
}

impl Activity {
    /// Whether it is to obtain and read what a provider lets others say of its controls.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.objectives.iter().any(|objective| **objective == *READING)
    }
}

/// What links may name of an activity: its id, and its objectives.
fn names(activity: &Activity) -> impl Iterator<Item = &Arc<str>> {
    std::iter::once(&activity.id).chain(&activity.objectives)
}

/// Which requirements of a framework an activity answers, in the framework's order.
#[derive(Debug, Default)]
pub struct Touched<'f>(BTreeMap<&'f str, Vec<&'f Requirement>>);

impl<'f> Touched<'f> {
    /// The requirements by what they link to.
    #[must_use]
    pub fn by(framework: &'f Framework, baseline: Option<&'f str>) -> Self {
        let mut all: BTreeMap<&str, Vec<&Requirement>> = BTreeMap::new();
        for one in framework.of_baseline(baseline) {
            if let Answer::Linked(links) = &one.answer {
                for link in links {
                    all.entry(&link.to).or_default().push(one);
                }
            }
        }
        Self(all)
    }

    /// Those that an activity answers, each once.
    #[must_use]
    pub fn of(&self, activity: &Activity) -> Vec<&'f Requirement> {
        let mut found: Vec<&Requirement> = names(activity).filter_map(|name| self.0.get(&**name)).flatten().copied().collect();
        let place = |one: &&Requirement| std::ptr::from_ref::<Requirement>(*one);
        // All lie in one list, in the framework's order.
        found.sort_by_key(place);
        found.dedup_by_key(|one| place(one));
        found
    }
}
