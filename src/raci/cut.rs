//! A part of a matrix: what one party does or answers for, today or after the handover, or what a selector takes.
//!
//! In: a matrix. Out: another one with fewer duties, on fewer resources, and with the states that these have. Whatever is
//! made of a matrix is cut by cutting the matrix, so that no figure and no sentence is left from the whole.

use super::index::{PartyIx, ResourceIx, UnitIx};
use super::requirements::Sides;
use super::{Commitment, Deployed, Duty, Matrix, Unit};
use crate::catalog::{Catalog, Side};
use crate::inventory::{Inventory, Selector};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Matrix {
    /// What one party does or answers for, today or after the handover.
    #[must_use]
    pub fn for_party(&self, party: PartyIx, inventory: &Inventory) -> Self {
        let duties = self.duties.iter().filter(|duty| duty.is_of(party)).cloned();
        let commitments = self.commitments.iter().filter(|commitment| commitment.assignment.is_held_by(party));
        let kept = self.with(duties.collect(), commitments.cloned().collect());
        // What the catalog does not know is whoever's it is said to be: nobody else has anything to do with it.
        let owned = |index: &ResourceIx| self[*index].owner.as_deref() == Some(&*inventory[party].id);
        Self {
            unclassified: self.unclassified.iter().copied().filter(owned).collect(),
            whole: Some(self.both_sides()),
            ..kept
        }
    }

    /// What a selector takes. Without `side` it takes the activities of all sides.
    #[must_use]
    pub fn only(&self, selector: &Selector, catalog: &Catalog) -> Self {
        let takes_side = |side: &Side| selector.side.as_ref().is_none_or(|wanted| wanted.contains(side));
        let takes_control = |control| {
            let control = &catalog[control];
            selector.takes_control(&control.id, &control.layer)
        };
        let taken: Vec<BTreeSet<ResourceIx>> = self
            .units
            .iter()
            .map(|unit| {
                let resources = unit.resources.iter().copied();
                resources
                    .filter(|index| selector.takes_subject(&unit.subject(&self[*index])))
                    .collect()
            })
            .collect();
        let deployed = |unit: UnitIx, of: &Deployed| {
            let taken = &taken[unit.position()];
            let list: Vec<ResourceIx> = of.list.iter().copied().filter(|index| taken.contains(index)).collect();
            (!list.is_empty()).then(|| Deployed {
                count: self.count(list.iter().copied()),
                list: list.into(),
            })
        };
        let duties = self
            .duties
            .iter()
            .filter(|duty| takes_side(&duty.activity.side) && takes_control(duty.control) && selector.takes_id(&duty.activity.id))
            .filter_map(|duty| Some(on(duty, deployed(duty.unit, &duty.resources)?)));
        let commitments = self
            .commitments
            .iter()
            .filter(|commitment| {
                takes_side(&Side::Provider) && takes_control(commitment.control) && selector.takes_id(&commitment.activity.id)
            })
            .filter_map(|commitment| {
                let resources = deployed(commitment.unit, &commitment.resources)?;
                let held = |index: &ResourceIx| resources.list.binary_search(index).is_ok();
                Some(Commitment {
                    open: commitment.open.iter().copied().filter(held).collect(),
                    resources,
                    ..commitment.clone()
                })
            });
        let kept = self.with(duties.collect(), commitments.collect());
        let nameless = |index: &ResourceIx| selector.takes_subject(&crate::inventory::Subject::of(&self[*index]));
        Self {
            unclassified: self.unclassified.iter().copied().filter(nameless).collect(),
            whole: selector
                .side
                .as_ref()
                .map_or_else(|| self.whole.clone(), |_| Some(self.both_sides())),
            ..kept
        }
    }

    /// What both sides do here, or in the whole that this is one side's part of.
    fn both_sides(&self) -> Arc<Sides> {
        self.whole.clone().unwrap_or_else(|| Arc::new(Sides::of(self)))
    }

    /// The same with some of the duties and commitments, and the units, controls and resources that these speak of.
    fn with(&self, duties: Vec<Duty>, commitments: Vec<Commitment>) -> Self {
        let mut kept = Self {
            units: Vec::new(),
            duties,
            commitments,
            resources: self.resources.clone(),
            listed: Vec::new(),
            unclassified: self.unclassified.clone(),
            idle_rules: Vec::new(),
            scans: self.scans.clone(),
            is_cut: true,
            whole: self.whole.clone(),
            operated: self.operated.clone(),
        };
        let mut speaks_of: BTreeSet<ResourceIx> = BTreeSet::new();
        let mut moved = vec![None; self.units.len()];
        for (index, unit) in self.units() {
            let (duties, commitments) = (kept.duties_of(index), kept.commitments_of(index));
            if duties.is_empty() && commitments.is_empty() {
                continue;
            }
            let lists = duties.iter().map(|duty| &duty.resources.list);
            let lists = lists.chain(commitments.iter().map(|commitment| &commitment.resources.list));
            let own: BTreeSet<ResourceIx> = lists.flat_map(|list| list.iter().copied()).collect();
            let controls: BTreeSet<_> = duties
                .iter()
                .map(|duty| duty.control)
                .chain(commitments.iter().map(|commitment| commitment.control))
                .collect();
            moved[index.position()] = Some(UnitIx::new(kept.units.len()));
            kept.units.push(Unit {
                resources: unit.resources.iter().copied().filter(|index| own.contains(index)).collect(),
                mode_open: unit.mode_open.iter().copied().filter(|index| own.contains(index)).collect(),
                controls: unit.controls.iter().filter(|of| controls.contains(&of.control)).cloned().collect(),
                ..unit.clone()
            });
            speaks_of.extend(own);
        }
        let place = |unit: &mut UnitIx| *unit = moved[unit.position()].unwrap_or(*unit);
        kept.duties.iter_mut().for_each(|duty| place(&mut duty.unit));
        kept.commitments.iter_mut().for_each(|commitment| place(&mut commitment.unit));
        kept.listed = self.listed.iter().copied().filter(|index| speaks_of.contains(index)).collect();
        kept
    }
}

/// A duty on some of its resources.
fn on(duty: &Duty, resources: Deployed) -> Duty {
    let held = |index: &ResourceIx| resources.list.binary_search(index).is_ok();
    let mut part = duty.clone();
    part.open.retain(held);
    part.asked.retain(held);
    for shown in &mut part.shown_by {
        shown.keep(held);
    }
    part.lapsed.iter_mut().for_each(|(_, list)| list.retain(held));
    part.lapsed.retain(|(_, list)| !list.is_empty());
    part.resources = resources;
    part.judge();
    part
}
