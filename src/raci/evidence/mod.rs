//! Evidence joined to duties.
//!
//! In: the inventory's artefacts, the resources and the duties of a matrix. Out: what each artefact attests of each duty. Who
//! vouches must do the duty or answer for it; what is not in date attests nothing, and nothing attests a duty for longer than
//! until that is due again by its cadence; nor does anything where somebody must decide whether what the configuration shows is
//! meant. That evidence of one's duties is kept can be attested only where none
//! of them is unknown.

mod findings;

pub(super) use findings::findings;

use super::duty::{Duty, Means, Shown, State};
use super::index::{DutyIx, EvidenceIx, PartyIx, ResourceIx, UnitIx};
use super::scans::Joining;
use super::{Matrix, Unit};
use crate::catalog::{Catalog, Side};
use crate::inventory::{Evidence, Resource, Selector, Validity};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// How many duties may rest on one artefact before that is worth a warning, where the inventory says no other number.
pub const LIMIT: u32 = 40;

/// What artefacts are laid beside.
#[derive(Clone, Copy)]
struct Duties<'m> {
    catalog: &'m Catalog,
    units: &'m [Unit],
    resources: &'m [Arc<Resource>],
    list: &'m [Duty],
}

/// Duties by their activities' ids, so that an entry for one activity looks at few duties.
struct ByActivity<'m> {
    duties: Duties<'m>,
    positions: HashMap<&'m str, Vec<usize>, RandomState>,
}

impl<'m> ByActivity<'m> {
    fn of(duties: Duties<'m>) -> Self {
        let mut positions: HashMap<&str, Vec<usize>, RandomState> = HashMap::default();
        for (position, duty) in duties.list.iter().enumerate() {
            positions.entry(&duty.activity.id).or_default().push(position);
        }
        Self { duties, positions }
    }

    /// The duties that a selector takes on any of their resources, each with what `on` makes of what is taken of its unit.
    /// Sorted.
    fn taken<T>(&self, selector: &Selector, on: impl Fn(&Taken, &Duty) -> Option<T>) -> Vec<(usize, T)> {
        let ids = selector.activity.as_deref().unwrap_or_default();
        let candidates: Vec<usize> = if ids.is_empty() || ids.iter().any(|id| id.pattern().contains('*')) {
            (0..self.duties.list.len()).collect()
        } else {
            let mut found: Vec<usize> = ids
                .iter()
                .filter_map(|id| self.positions.get(id.pattern()))
                .flatten()
                .copied()
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let controls = self.duties.catalog.controls.iter();
        let controls: Vec<bool> = controls
            .map(|control| selector.takes_control(&control.id, &control.layer))
            .collect();
        let mut units: Vec<Option<Taken>> = vec![None; self.duties.units.len()];
        let taken = |position: usize| {
            let duty = &self.duties.list[position];
            if !controls[duty.control.position()] || !selector.takes_side(&duty.activity.side) || !selector.takes_id(&duty.activity.id) {
                return None;
            }
            let unit = &mut units[duty.unit.position()];
            let taken = unit.get_or_insert_with(|| self.of_unit(selector, duty.unit));
            Some((position, on(taken, duty)?))
        };
        candidates.into_iter().filter_map(taken).collect()
    }

    /// The resources of a unit that a selector takes: asked once for all duties of the unit.
    fn of_unit(&self, selector: &Selector, unit: UnitIx) -> Taken {
        let unit = &self.duties.units[unit.position()];
        let is_taken = |index: &ResourceIx| selector.takes_subject(&unit.subject(&self.duties.resources[index.position()]));
        let mut taken: Vec<ResourceIx> = unit.resources.iter().copied().filter(is_taken).collect();
        if taken.len() == unit.resources.len() {
            return Taken::Whole;
        }
        taken.sort_unstable();
        Taken::These(taken)
    }
}

/// What a selector takes of the resources of a unit.
#[derive(Clone)]
enum Taken {
    Whole,
    /// Sorted.
    These(Vec<ResourceIx>),
}

impl Taken {
    /// Those of the resources of a duty of the unit that are taken; none where there are none.
    fn among(&self, duty: &Duty) -> Option<Vec<ResourceIx>> {
        let list = duty.resources.list.iter().copied();
        let taken: Vec<ResourceIx> = match self {
            Self::Whole => list.collect(),
            Self::These(taken) => list.filter(|index| taken.binary_search(index).is_ok()).collect(),
        };
        (!taken.is_empty()).then_some(taken)
    }

    /// Whether any of the resources of a duty of the unit is taken.
    fn is_any_of(&self, duty: &Duty) -> bool {
        let list = &duty.resources.list;
        match self {
            Self::Whole => !list.is_empty(),
            Self::These(taken) => list.iter().any(|index| taken.binary_search(index).is_ok()),
        }
    }
}

/// Adds what artefacts attest to duties, and judges these anew.
pub(super) fn attest(joining: Joining<'_>, duties: &mut [Duty]) {
    let all = joining.inventory.evidence.iter().enumerate();
    let speaks = |one: &Evidence| matches!(one.validity(joining.as_of), Validity::InDate | Validity::Overdue);
    let told: Vec<(usize, &Evidence)> = all.filter(|(_, one)| speaks(one)).collect();
    if told.is_empty() {
        return;
    }
    let mut shown: BTreeMap<usize, Vec<Shown>> = BTreeMap::new();
    let mut lapsed: BTreeMap<usize, Vec<(EvidenceIx, Vec<ResourceIx>)>> = BTreeMap::new();
    let index = ByActivity::of(Duties {
        catalog: joining.catalog,
        units: joining.units,
        resources: joining.resources,
        list: duties,
    });
    for (position, evidence) in told {
        let Some(by) = &evidence.by else { continue };
        let held = |taken: &Taken, duty: &Duty| {
            let is_held = duty.assignment.is_held_by(PartyIx::new(by.party));
            is_held.then(|| taken.among(duty)).flatten()
        };
        for (duty, mut resources) in index.taken(&evidence.selector, held) {
            let of = &duties[duty];
            resources.retain(|index| of.asked.binary_search(index).is_err());
            if resources.is_empty() {
                continue;
            }
            if evidence.has_lapsed(of.activity.cadence, joining.as_of) {
                lapsed.entry(duty).or_default().push((EvidenceIx::new(position), resources));
            } else {
                shown.entry(duty).or_default().push(Shown {
                    met: resources,
                    ..Shown::by(Means::Evidence(EvidenceIx::new(position)))
                });
            }
        }
    }
    judge(joining.catalog, duties, shown);
    for (duty, list) in lapsed {
        duties[duty].lapsed = list;
    }
}

/// Judges duties anew by what attests them. Those to keep evidence of others come last: they depend on these.
fn judge(catalog: &Catalog, duties: &mut [Duty], shown: BTreeMap<usize, Vec<Shown>>) {
    let is_of_others = |duty: &Duty| duty.activity.id.rsplit('.').next() == Some(catalog.own_evidence.as_str());
    let (last, first): (Vec<_>, Vec<_>) = shown.into_iter().partition(|(duty, _)| is_of_others(&duties[*duty]));
    for (duty, shown) in first {
        duties[duty].shown_by.extend(shown);
        duties[duty].judge();
    }
    if last.is_empty() {
        return;
    }
    let without = without_evidence(duties, is_of_others);
    for (duty, mut shown) in last {
        let of = &mut duties[duty];
        let unknown = without.get(&(of.unit, of.activity.side.clone()));
        for shown in &mut shown {
            let is_unknown = |index: &ResourceIx| unknown.is_some_and(|unknown| unknown.contains(index));
            let met = std::mem::take(&mut shown.met);
            (shown.part, shown.met) = met.into_iter().partition(is_unknown);
        }
        of.shown_by.extend(shown);
        of.judge();
    }
}

/// The resources on which a side has a duty that is unknown, by unit; duties to keep evidence of the others left out.
fn without_evidence(
    duties: &[Duty],
    is_of_others: impl Fn(&Duty) -> bool,
) -> HashMap<(UnitIx, Side), HashSet<ResourceIx, RandomState>, RandomState> {
    let mut found: HashMap<(UnitIx, Side), HashSet<ResourceIx, RandomState>, RandomState> = HashMap::default();
    for duty in duties.iter().filter(|duty| duty.state == State::Unknown && !is_of_others(duty)) {
        let place = (duty.unit, duty.activity.side.clone());
        found.entry(place).or_default().extend(duty.resources.list.iter().copied());
    }
    found
}

/// The duties that an artefact is about.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Those that whoever vouches does or answers for.
    pub own: Vec<DutyIx>,
    /// Those that others do and answer for; all, where nobody vouches.
    pub others: Vec<DutyIx>,
}

impl Matrix {
    /// What each artefact of an inventory is about.
    #[must_use]
    pub fn reach(&self, evidence: &[Evidence], catalog: &Catalog) -> Vec<Reach> {
        let index = ByActivity::of(Duties {
            catalog,
            units: &self.units,
            resources: &self.resources,
            list: &self.duties,
        });
        let of = |one: &Evidence| {
            let holds = |duty: &DutyIx| {
                let held = |by: &crate::inventory::Voucher| self[*duty].assignment.is_held_by(PartyIx::new(by.party));
                one.by.as_ref().is_some_and(held)
            };
            let taken = index.taken(&one.selector, |taken, duty| taken.is_any_of(duty).then_some(()));
            let (own, others) = taken.into_iter().map(|(position, ())| DutyIx::new(position)).partition(holds);
            Reach { own, others }
        };
        evidence.iter().map(of).collect()
    }

    /// The duties that rest on each artefact: attested, or excused where they are broken and attested elsewhere. Without the
    /// artefacts they would be unknown.
    #[must_use]
    pub fn resting(&self) -> BTreeMap<EvidenceIx, Vec<DutyIx>> {
        let mut found: BTreeMap<EvidenceIx, Vec<DutyIx>> = BTreeMap::new();
        for (position, duty) in self.duties.iter().enumerate() {
            if !matches!(duty.state, State::Attested | State::Excepted) || !duty.shown_by.iter().any(Shown::is_attestation) {
                continue;
            }
            let attested = duty.attested();
            for shown in &duty.shown_by {
                if let Means::Evidence(evidence) = shown.means
                    && shown.met.iter().any(|index| attested.binary_search(index).is_ok())
                {
                    found.entry(evidence).or_default().push(DutyIx::new(position));
                }
            }
        }
        found
    }
}
