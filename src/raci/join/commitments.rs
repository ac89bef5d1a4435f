//! What the provider, or whoever operates the partition or the Region, does on a unit.
//!
//! In: a unit on its way. Out: its commitments, one for each operator.

use super::{Commitment, Deployed, Join, Piece, Said, Scope, UnitJoin};
use crate::catalog::Activity;
use crate::raci::assignment::{Assignment, Provenance};
use crate::raci::index::{PartyIx, ResourceIx};
use crate::raci::scope::scope_in_id;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The letters of an activity that one operator does, and what it operates.
pub(super) struct Provided {
    assignment: Assignment,
    provenance: Provenance,
    /// What operates it, as ids of commitments end.
    in_id: String,
    resources: Deployed,
}

impl Join<'_> {
    /// What tells an operator's share of a service from that of the service's own provider; nothing tells that.
    pub(super) fn operator_words(&self, service: &str, operator: PartyIx) -> Option<String> {
        let party = &self.inventory[operator];
        let own = self.catalog.provider_of_service(service);
        let is_own = own.map_or(operator == self.rules.provider(), |own| *own.id == *party.id);
        (!is_own).then(|| format!("operator {}", party.id))
    }
}

impl UnitJoin<'_> {
    /// The letters of an activity of the provider, operator by operator: whoever hears of it anywhere is told.
    pub(super) fn provided(&mut self, piece: Piece<'_>, activity: &Activity) -> Vec<Provided> {
        let mut found: BTreeMap<PartyIx, (Provenance, Option<Assignment>)> = BTreeMap::new();
        for (_, place) in self.one_of_each_kind() {
            let operator = place.context.operator;
            let rules = &self.join.rules;
            let assigned = rules.assign(&place.taking, piece.index, activity, operator);
            let (provenance, joint) = found.entry(operator).or_default();
            assigned.add_to(provenance);
            *joint = Some(match joint.take() {
                Some(joint) => joint.heard_of(&assigned.assignment),
                None => assigned.assignment,
            });
        }
        let found = found.into_iter().filter_map(|(operator, (provenance, assignment))| {
            Some(Provided {
                assignment: assignment?,
                provenance,
                in_id: scope_in_id(&Scope {
                    environment: None,
                    apart: self.join.operator_words(&self.split.service, operator).map(Arc::from),
                    words: None,
                }),
                resources: self.share(operator),
            })
        });
        found.collect()
    }

    /// What an operator runs of the unit.
    fn share(&mut self, operator: PartyIx) -> Deployed {
        if let Some(known) = self.shares.get(&operator) {
            return known.clone();
        }
        let places = self.places.iter().filter(|place| place.context.operator == operator);
        let mut list: Vec<ResourceIx> = places.flat_map(|place| place.resources.iter().copied()).collect();
        list.sort_unstable();
        let share = self.deployed(list);
        self.shares.insert(operator, share.clone());
        share
    }

    pub(super) fn commitment(&mut self, piece: Piece<'_>, activity: &Arc<Activity>, by: &Provided, said: &mut Said) {
        let Some((resources, open)) = self.where_it_holds(activity, &by.resources, said) else {
            return;
        };
        let id = self.id(activity, &by.in_id);
        self.commitments.push(Commitment {
            id,
            activity: activity.clone(),
            unit: self.unit,
            control: piece.index,
            resources,
            open,
            assignment: by.assignment.clone(),
            provenance: by.provenance.clone(),
        });
    }
}
