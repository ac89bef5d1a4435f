//! Duties by party, commitments, and evidence to keep.
//!
//! In: the joined matrix. Out: lists of duties, each once, and the evidence that they ask for.

use super::activities::standing;
use super::context::Context;
use super::model::{CommitmentMade, Duties, DutyHeld, Evidence, EvidenceItem};
use super::names;
use crate::inventory::PartyKind;
use crate::raci::{ControlIx, Duty, PartyIx, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Ids that many entries share.
pub(super) struct Ids {
    /// Service and mode, by unit.
    pub(super) services: Vec<(Arc<str>, Option<Arc<str>>)>,
    pub(super) controls: Vec<Arc<str>>,
}

impl Ids {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let service = |unit: &Unit| {
            let mode = unit.split.mode.as_ref().map(|mode| mode.id.as_str().into());
            (unit.split.service.as_str().into(), mode)
        };
        Self {
            services: context.matrix.units.iter().map(service).collect(),
            controls: context.catalog.controls.iter().map(|control| control.id.as_str().into()).collect(),
        }
    }
}

/// What each party does or answers for. In a report that is cut to a party, that party's list alone.
pub(super) fn duties(context: &Context<'_>) -> Vec<Duties> {
    let ids = Ids::of(context);
    let parties = context.inventory.parties.iter().enumerate();
    parties
        .filter(|(_, party)| context.party.is_none_or(|only| *only == *party.id))
        .map(|(position, party)| {
            let known = context.catalog.parties.iter().find(|known| *known.id == *party.id);
            let index = PartyIx::new(position);
            let held = context.matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(index));
            Duties {
                party: party.id.clone(),
                name: party.name.clone(),
                kind: party.kind,
                assurance: known
                    .filter(|_| party.kind != PartyKind::Customer)
                    .map(|known| context.assurance(known).to_string()),
                activities: held.filter_map(|duty| held_by(context, &ids, duty, index)).collect(),
            }
        })
        .collect()
}

fn held_by(context: &Context<'_>, ids: &Ids, duty: &Duty, party: PartyIx) -> Option<DutyHeld> {
    let resources = || {
        duty.resources
            .list
            .iter()
            .map(|index| (context.matrix[*index].label(), context.matrix[*index].count))
    };
    let (service, mode) = ids.services[duty.unit.position()].clone();
    Some(DutyHeld {
        duty: duty.id.text().clone(),
        id: duty.activity.id.clone(),
        service,
        mode,
        control: ids.controls[duty.control.position()].clone(),
        letters: duty.assignment.letters(party)?.text(),
        state: standing(duty.state),
        scope: names::scope(&duty.scope),
        resources_in_short: context
            .party
            .map(|_| names::few(resources()).into())
            .filter(|named: &Arc<str>| !named.is_empty()),
    })
}

/// The provider's commitments.
pub(super) fn commitments(context: &Context<'_>) -> Vec<CommitmentMade> {
    let ids = Ids::of(context);
    let commitments = context.matrix.commitments.iter();
    commitments
        .map(|commitment| {
            let (service, mode) = ids.services[commitment.unit.position()].clone();
            CommitmentMade {
                commitment: commitment.id.text().clone(),
                id: commitment.activity.id.clone(),
                service,
                mode,
                control: ids.controls[commitment.control.position()].clone(),
                party: context.party_id(commitment.assignment.accountable()),
            }
        })
        .collect()
}

/// The evidence that duties ask for, control by control.
pub(super) fn evidence(context: &Context<'_>) -> Vec<Evidence> {
    let mut given = given(context);
    let mut by_control: BTreeMap<ControlIx, Vec<&Duty>> = BTreeMap::new();
    for duty in &context.matrix.duties {
        by_control.entry(duty.control).or_default().push(duty);
    }
    by_control
        .into_iter()
        .filter_map(|(index, duties)| {
            let control = &context.catalog[index];
            let mut items: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
            let mut parties = BTreeSet::new();
            for duty in duties {
                let Some(artefact) = duty.activity.evidence.as_deref() else {
                    continue;
                };
                items.entry(artefact).or_default().insert(context.label(duty.unit));
                parties.insert(duty.assignment.accountable());
            }
            (!items.is_empty()).then(|| Evidence {
                artefacts: items.len() as u64,
                control: control.id.clone(),
                control_title: control.title.clone(),
                items: items
                    .into_iter()
                    .map(|(artefact, labels)| EvidenceItem {
                        artefact: artefact.to_owned(),
                        on: labels.into_iter().collect::<Vec<_>>().join(", "),
                    })
                    .collect(),
                parties: parties
                    .into_iter()
                    .map(|party| context.short(party).to_owned())
                    .collect::<Vec<_>>()
                    .join(", "),
                given: given.remove(&index).unwrap_or_default().into_iter().collect::<Vec<_>>().join("; "),
            })
        })
        .collect()
}

/// The artefacts that the inventory names for duties that ask for evidence, control by control.
fn given<'a>(context: &Context<'a>) -> BTreeMap<ControlIx, BTreeSet<&'a str>> {
    let mut given: BTreeMap<ControlIx, BTreeSet<&str>> = BTreeMap::new();
    for (one, reach) in context.inventory.evidence.iter().zip(&context.reach) {
        let duties = reach.own.iter().chain(&reach.others).map(|duty| &context.matrix[*duty]);
        for duty in duties.filter(|duty| duty.activity.evidence.is_some()) {
            given.entry(duty.control).or_default().insert(&one.artefact);
        }
    }
    given
}
