//! What two joined inventories have in common.
//!
//! In: an inventory with its matrix, and another one that is to be joined. Out: those units of the matrix that would become the
//! same, so that a question about one attribute joins anew only what it may change.

use super::index::UnitIx;
use super::join::Joined;
use super::units::{Group, Key};
use super::{Commitment, Duty, Matrix, Means, State, Unit};
use crate::catalog::Split;
use crate::inventory::{Inventory, Operated, Resource};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The units of a matrix, for whoever joins another inventory.
pub(super) struct Known<'k> {
    matrix: &'k Matrix,
    by_key: BTreeMap<(&'k str, Option<&'k str>), UnitIx>,
    /// Whether the resource at a position is the same in both.
    is_same: Vec<bool>,
}

impl<'k> Known<'k> {
    /// Those of a matrix of one inventory, beside another one of the same catalog and day. None where anything differs that is
    /// looked at in every unit, or where the matrix is but a part.
    pub(super) fn of(
        (old, matrix): (&Inventory, &'k Matrix),
        inventory: &Inventory,
        (resources, operated): (&[Arc<Resource>], &[Operated]),
    ) -> Option<Self> {
        let is_alike = old.rules == inventory.rules
            && old.exceptions == inventory.exceptions
            && old.handover == inventory.handover
            && old.parties == inventory.parties;
        if matrix.is_cut || !is_alike {
            return None;
        }
        let is_same = |(one, other): (&Arc<Resource>, &Arc<Resource>)| Arc::ptr_eq(one, other) || one == other;
        let same = matrix.resources.iter().zip(resources).map(is_same);
        let in_place = matrix.operated.iter().zip(operated).map(|(one, other)| one == other);
        let by_key = matrix.units().map(|(index, unit)| {
            let mode = unit.split.mode.as_ref().map(|mode| mode.id.as_str());
            ((unit.split.service.as_str(), mode), index)
        });
        Some(Self {
            by_key: by_key.collect(),
            is_same: same.zip(in_place).map(|(same, in_place)| same && in_place).collect(),
            matrix,
        })
    }

    /// The unit that a group of resources becomes, where it has become that already.
    pub(super) fn unit(&self, (service, mode): &Key, group: &Group) -> Option<UnitIx> {
        let index = *self.by_key.get(&(&**service, mode.as_deref()))?;
        let unit = &self.matrix[index];
        let is_same = !group.resources.is_empty()
            && unit.resources == group.resources
            && unit.mode_open == group.mode_open
            && unit.resources.iter().all(|one| self.is_same.get(one.position()) == Some(&true));
        is_same.then_some(index)
    }

    /// What the catalog says of a unit.
    pub(super) fn split(&self, index: UnitIx) -> Split {
        self.matrix[index].split.clone()
    }

    /// A unit with its duties and commitments as they were before scanners and artefacts spoke of them, at another position.
    pub(super) fn take(&self, (index, split): (UnitIx, Split), group: Group, to: UnitIx) -> Joined {
        let duty = |duty: &Duty| {
            let by_configuration = duty.shown_by.iter().filter(|shown| shown.means == Means::Configuration);
            let mut taken = Duty {
                unit: to,
                shown_by: by_configuration.cloned().collect(),
                lapsed: Vec::new(),
                state: State::Unknown,
                id: duty.id.clone(),
                activity: duty.activity.clone(),
                scope: duty.scope.clone(),
                resources: duty.resources.clone(),
                open: duty.open.clone(),
                asked: duty.asked.clone(),
                assignment: duty.assignment.clone(),
                after: duty.after.clone(),
                provenance: duty.provenance.clone(),
                ..*duty
            };
            taken.judge();
            taken
        };
        let commitment = |commitment: &Commitment| Commitment {
            unit: to,
            ..commitment.clone()
        };
        let of = &self.matrix[index];
        Joined {
            unit: Unit {
                split,
                title: of.title.clone(),
                resources: group.resources,
                mode_open: group.mode_open,
                settled_by: group.settled_by.into_iter().collect(),
                supporting: group.supporting,
                controls: of.controls.clone(),
            },
            duties: self.matrix.duties_of(index).iter().map(duty).collect(),
            commitments: self.matrix.commitments_of(index).iter().map(commitment).collect(),
        }
    }
}
