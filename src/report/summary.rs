//! The figures. Each counts duties or commitments, and says which.
//!
//! In: the joined matrix. Out: counts; what they mean in words, and what is to be decided, stand in files of their own.

mod decisions;
mod judgement;
mod verdict;

pub(super) use decisions::decisions;

use super::artefacts;
use super::context::Context;
use super::model::{ChecklistLine, ControlTypes, Freshness, ModelCount, PartyFigures, Source, SourceCounts, StateCounts, Summary};
use super::names::grouped;
use super::resources::named;
use crate::catalog::ControlType;
use crate::diagnostics::Code;
use crate::raci::{ControlIx, Duty, Finding, Findings, Letters, PartyIx, ResourceIx, State, Unit, UnitIx};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Names of resources that only support others.
const SUPPORTING: usize = 6;

/// Duties by state.
pub(super) fn count_states<'a>(duties: impl IntoIterator<Item = &'a Duty>) -> StateCounts {
    let mut counts = StateCounts::default();
    for duty in duties {
        counts.total += 1;
        *match duty.state {
            State::Met => &mut counts.met,
            State::Attested => &mut counts.attested,
            State::NotMet => &mut counts.not_met,
            State::Excepted => &mut counts.excepted,
            State::Unknown => &mut counts.unknown,
        } += 1;
    }
    counts
}

/// The figures of one party.
pub(super) struct Held {
    pub(super) duties: PartyFigures,
    pub(super) consulted: u64,
    pub(super) informed: u64,
    pub(super) commitments: u64,
}

/// What one party holds of all duties.
pub(super) fn held(context: &Context<'_>, party: PartyIx) -> Held {
    let duties = || context.matrix.duties.iter();
    let with = |letters: &[Letters]| {
        let holds = |duty: &&Duty| duty.assignment.letters(party).is_some_and(|held| letters.contains(&held));
        count_states(duties().filter(holds))
    };
    let commitments = context.matrix.commitments.iter();
    Held {
        duties: PartyFigures {
            responsible: with(&[Letters::R, Letters::AR]),
            accountable: with(&[Letters::A, Letters::AR]),
        },
        consulted: with(&[Letters::C]).total,
        informed: with(&[Letters::I]).total,
        commitments: commitments.filter(|commitment| commitment.assignment.is_held_by(party)).count() as u64,
    }
}

/// All figures but those of the controls and sources, which are counted where they are listed.
pub(super) fn summary(context: &Context<'_>, findings: &Findings, supporting: &[ResourceIx], as_of: Date) -> Summary {
    let matrix = context.matrix;
    let types = || {
        matrix
            .units
            .iter()
            .flat_map(|unit| &unit.controls)
            .map(|control| control.control_type)
    };
    let count_type = |wanted| types().filter(|found| *found == wanted).count() as u64;
    let deployed = |accounts: bool| -> BTreeSet<ResourceIx> {
        let units = matrix.units.iter().filter(|unit| unit.is_account() == accounts);
        units.flat_map(|unit| unit.resources.iter().copied()).collect()
    };
    let services = matrix.units.iter().map(|unit| unit.split.service.as_str());
    let not_met: Vec<&Finding> = findings.list.iter().filter(|finding| finding.code == Code::DutyNotMet).collect();
    let rule = &context.inventory.severity;
    let classes = |finding: &Finding| {
        let data = finding.resources.iter().flat_map(|index| &matrix[*index].data);
        let classified = data.filter(|class| rule.is_classified(class)).map(ToString::to_string);
        classified.collect::<BTreeSet<String>>()
    };
    let on_data: Vec<BTreeSet<String>> = not_met.into_iter().map(classes).filter(|classes| !classes.is_empty()).collect();
    let attested_by_doer = matrix.duties.iter().filter(|duty| judgement::is_own_word(context, duty)).count() as u64;
    let duties = count_states(&matrix.duties);
    let supporting_names: Vec<String> = named(context, supporting);
    Summary {
        judgement: judgement::judgement(context, findings, as_of, &duties, attested_by_doer),
        verdict: verdict::verdict(context, &duties),
        services: matrix.units.len() as u64,
        products: services.collect::<BTreeSet<_>>().len() as u64,
        resources: matrix.count(deployed(false)),
        accounts: matrix.count(deployed(true)),
        supporting: matrix.units.iter().map(|unit| unit.supporting).sum(),
        supporting_more: supporting_names.len().saturating_sub(SUPPORTING) as u64,
        supporting_names: supporting_names.into_iter().take(SUPPORTING).collect(),
        in_words: duties.in_words(),
        duties,
        attested_by_doer,
        lapsed_at_issue: artefacts::lapsed_at_issue(context),
        not_met_on_data: on_data.len() as u64,
        classified: on_data.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect(),
        commitments: matrix.commitments.len() as u64,
        controls: ControlTypes {
            inherited: count_type(Some(ControlType::Inherited)),
            shared: count_type(Some(ControlType::Shared)),
            customer_specific: count_type(Some(ControlType::CustomerSpecific)),
            partner_specific: count_type(Some(ControlType::PartnerSpecific)),
            not_applicable: count_type(None),
        },
        findings: findings.list.len() as u64,
        unclassified: matrix.count(matrix.unclassified.iter().copied()),
        sources: SourceCounts::default(),
        by_model: by_model(context),
        by_control: Vec::new(),
        decisions: Vec::new(),
    }
}

/// `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn by_model(context: &Context<'_>) -> Vec<ModelCount> {
    let matrix = context.matrix;
    let models = context.catalog.models();
    models
        .filter_map(|model| {
            let units: Vec<(UnitIx, &Unit)> = matrix.units().filter(|(_, unit)| unit.split.model == model.id).collect();
            if units.is_empty() {
                return None;
            }
            let of_type = |wanted| {
                let controls = units.iter().flat_map(|(_, unit)| &unit.controls);
                controls.filter(|control| control.control_type == Some(wanted)).count() as u64
            };
            let sum = |count: &dyn Fn(UnitIx) -> usize| units.iter().map(|(index, _)| count(*index) as u64).sum();
            Some(ModelCount {
                model: model.id.clone(),
                name: model.name.clone(),
                services: units.len() as u64,
                inherited: of_type(ControlType::Inherited),
                shared: of_type(ControlType::Shared),
                customer_specific: of_type(ControlType::CustomerSpecific),
                partner_specific: of_type(ControlType::PartnerSpecific),
                commitments: sum(&|index| matrix.commitments_of(index).len()),
                duties: sum(&|index| matrix.duties_of(index).len()),
            })
        })
        .collect()
}

/// One line a control with duties.
pub(super) fn checklist(context: &Context<'_>) -> Vec<ChecklistLine> {
    let controls = context.catalog.controls.iter().enumerate();
    controls
        .filter_map(|(position, control)| {
            let of_control = |duty: &&Duty| duty.control == ControlIx::new(position);
            let duties: Vec<&Duty> = context.matrix.duties.iter().filter(of_control).collect();
            let services: BTreeSet<UnitIx> = duties.iter().map(|duty| duty.unit).collect();
            let parties: BTreeSet<PartyIx> = duties.iter().map(|duty| duty.assignment.accountable()).collect();
            let states = count_states(duties.iter().copied());
            (!duties.is_empty()).then(|| ChecklistLine {
                title: control.title.clone(),
                control: control.id.clone(),
                duties: duties.len() as u64,
                services: services.len() as u64,
                not_met: duties.iter().filter(|duty| duty.state == State::NotMet).count() as u64,
                in_words: states.in_words(),
                states,
                parties: parties
                    .into_iter()
                    .map(|party| context.short(party).to_owned())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
        })
        .collect()
}

/// Sources by freshness.
pub(super) fn count_sources(sources: &[Source]) -> SourceCounts {
    let count = |wanted| sources.iter().filter(|source| source.freshness == wanted).count() as u64;
    SourceCounts {
        total: sources.len() as u64,
        fresh: count(Freshness::Fresh),
        stale: count(Freshness::Stale),
        later: count(Freshness::Later),
        unverified: count(Freshness::Unverified),
        last_read: sources.iter().filter_map(|source| source.reviewed.clone()).max(),
    }
}
