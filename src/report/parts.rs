//! Commitments and duties, as they answer requirements.
//!
//! In: the joined matrix. Out: each as a part of an answer, made when it is first asked for and shared from then on: most
//! answer many requirements of several frameworks.

use super::activities::standing;
use super::context::Context;
use super::model::{OwnPart, ProviderPart};
use super::names;
use crate::raci::{Commitment, Duty, DutyIx, PartyIx};
use std::cell::OnceCell;
use std::sync::Arc;

/// The parts of a matrix.
pub(super) struct Parts<'c, 'a> {
    context: &'c Context<'a>,
    /// By the positions of the duties.
    own: Vec<OnceCell<Arc<OwnPart>>>,
    /// By the positions of the commitments.
    provided: Vec<OnceCell<Arc<ProviderPart>>>,
}

impl<'c, 'a> Parts<'c, 'a> {
    pub(super) fn of(context: &'c Context<'a>) -> Self {
        Self {
            own: vec![OnceCell::new(); context.matrix.duties.len()],
            provided: vec![OnceCell::new(); context.matrix.commitments.len()],
            context,
        }
    }

    /// A duty, as it answers a requirement.
    pub(super) fn own(&self, duty: DutyIx) -> Arc<OwnPart> {
        let part = || own(self.context, &self.context.matrix[duty]).into();
        self.own[duty.position()].get_or_init(part).clone()
    }

    /// The commitment at a position, as it answers a requirement.
    pub(super) fn provided(&self, commitment: usize) -> Arc<ProviderPart> {
        let part = || provided(self.context, &self.context.matrix.commitments[commitment]).into();
        self.provided[commitment].get_or_init(part).clone()
    }
}

fn provided(context: &Context<'_>, commitment: &Commitment) -> ProviderPart {
    let unit = &context.matrix[commitment.unit];
    ProviderPart {
        service: unit.key(),
        label: context.label(commitment.unit),
        does: commitment.activity.does.clone(),
        brief: commitment.activity.brief.clone(),
        by: context.party_id(commitment.assignment.accountable()),
        source: commitment.activity.source.url.clone(),
    }
}

fn own(context: &Context<'_>, duty: &Duty) -> OwnPart {
    let unit = &context.matrix[duty.unit];
    let parties = (0..context.inventory.parties.len()).map(PartyIx::new);
    let held = parties.filter_map(|party| Some((context.party_id(party), duty.assignment.letters(party)?)));
    OwnPart {
        duty: duty.id.text().clone(),
        service: unit.key(),
        label: context.label(duty.unit),
        control: context.catalog[duty.control].id.clone(),
        activity: duty.activity.id.clone(),
        environment: duty.scope.environment.clone(),
        does: duty.activity.does.clone(),
        brief: duty.activity.brief.clone(),
        how: duty.activity.how.clone(),
        evidence: duty.activity.evidence.clone(),
        standing: standing(duty.state),
        state: duty.state.word().to_owned(),
        responsible: duty.assignment.responsible().iter().map(|party| context.party_id(*party)).collect(),
        accountable: context.party_id(duty.assignment.accountable()),
        holders: names::holders(&context.shorts, &duty.assignment),
        letters: held.collect(),
    }
}
