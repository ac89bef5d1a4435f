//! The figures: summary, stack and matrix.
//!
//! In: the joined matrix. Out: counts and cells, nothing that a template would still have to count.

use super::context::Context;
use super::model::{
    ChecklistLine, ControlCount, LetterCounts, MatrixCell, MatrixColumn, MatrixPart, MatrixRow, ModelCount, PartyCount, Report, SideCount,
    StackLayer, Summary,
};
use super::names;
use crate::catalog::{ControlType, Side};
use crate::diagnostics::Code;
use crate::raci::{Findings, Letters, State, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Services that fit beside each other on a landscape page, their names written upwards.
const COLUMNS: usize = 36;

/// Letters by party.
pub(super) fn letter_counts(context: &Context<'_>, party: usize) -> LetterCounts {
    let mut counts = LetterCounts::default();
    for (_, _, row) in context.matrix.rows() {
        match row.assignment.letters(party) {
            Some(Letters::R) => counts.responsible += 1,
            Some(Letters::A) => counts.accountable += 1,
            Some(Letters::AR) => {
                counts.responsible += 1;
                counts.accountable += 1;
            }
            Some(Letters::C) => counts.consulted += 1,
            Some(Letters::I) => counts.informed += 1,
            None => {}
        }
    }
    counts
}

/// All figures. The sources are counted later, when all are known.
pub(super) fn summary(context: &Context<'_>, findings: &Findings) -> Summary {
    let matrix = context.matrix;
    let types = || {
        matrix
            .units
            .iter()
            .flat_map(|unit| &unit.controls)
            .map(|control| control.control_type)
    };
    let count_type = |wanted| types().filter(|found| *found == wanted).count() as u64;
    let mut by_side: BTreeMap<Side, u64> = BTreeMap::new();
    let mut by_party: BTreeMap<usize, u64> = BTreeMap::new();
    let (mut met, mut unknown) = (0, 0);
    for (_, _, row) in matrix.rows() {
        *by_side.entry(row.activity.side.clone()).or_default() += 1;
        *by_party.entry(row.assignment.accountable()).or_default() += 1;
        match row.state() {
            State::Met => met += 1,
            State::Unknown => unknown += 1,
            State::NotMet | State::NotApplicable => {}
        }
    }
    let primary = matrix
        .units
        .iter()
        .filter(|unit| unit.split.service != crate::catalog::ACCOUNT_SERVICE);
    let not_met = || findings.list.iter().filter(|finding| finding.code == Code::DutyNotMet);
    Summary {
        services: matrix.units.len() as u64,
        products: matrix
            .units
            .iter()
            .map(|unit| unit.split.service.as_str())
            .collect::<BTreeSet<_>>()
            .len() as u64,
        resources: primary
            .flat_map(|unit| &unit.resources)
            .map(|index| matrix.resources[*index].count)
            .sum(),
        supporting: matrix.units.iter().map(|unit| unit.supporting).sum(),
        activities: matrix.rows().count() as u64,
        inherited: count_type(Some(ControlType::Inherited)),
        shared: count_type(Some(ControlType::Shared)),
        customer_specific: count_type(Some(ControlType::CustomerSpecific)),
        not_applicable: count_type(None),
        findings: findings.list.len() as u64,
        duties_not_met: not_met().count() as u64,
        duties_not_met_on_data: not_met()
            .filter(|finding| finding.resources.iter().any(|index| !matrix.resources[*index].data.is_empty()))
            .count() as u64,
        met,
        unknown,
        unclassified: matrix.unclassified.iter().map(|index| matrix.resources[*index].count).sum(),
        sources_fresh: 0,
        sources_stale: 0,
        sources_unverified: 0,
        by_side: by_side
            .into_iter()
            .map(|(side, activities)| SideCount {
                side: side.to_string(),
                activities,
            })
            .collect(),
        by_party: by_party
            .into_iter()
            .map(|(party, activities)| {
                let party = &context.inventory.parties[party];
                PartyCount {
                    party: party.id.to_string(),
                    name: party.name.clone(),
                    activities,
                }
            })
            .collect(),
        by_model: by_model(context),
        by_control: Vec::new(),
    }
}

fn by_model(context: &Context<'_>) -> Vec<ModelCount> {
    let of = |model: &str| {
        context
            .matrix
            .units
            .iter()
            .filter(move |unit| unit.split.model == model)
            .collect::<Vec<_>>()
    };
    context
        .catalog
        .models()
        .iter()
        .filter_map(|model| {
            let units = of(&model.id);
            let count = |customer: bool| {
                let rows = units.iter().flat_map(|unit| &unit.controls).flat_map(|control| &control.rows);
                rows.filter(|row| (row.activity.side == Side::Customer) == customer).count() as u64
            };
            let average = |wanted: ControlType| {
                let controls = units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(|control| control.control_type == Some(wanted));
                (controls.count() as f64 / units.len() as f64 * 10.0).round() / 10.0
            };
            (!units.is_empty()).then(|| ModelCount {
                model: model.id.clone(),
                name: model.name.clone(),
                services: units.len() as u64,
                inherited: average(ControlType::Inherited),
                shared: average(ControlType::Shared),
                customer_specific: average(ControlType::CustomerSpecific),
                provider: count(false),
                customer: count(true),
            })
        })
        .collect()
}

/// How many services lie in whose hands, layer by layer.
pub(super) fn stack(context: &Context<'_>) -> Vec<StackLayer> {
    context
        .catalog
        .layers
        .iter()
        .map(|layer| {
            let controls: BTreeSet<&str> = context
                .catalog
                .controls
                .iter()
                .filter(|control| control.layer == layer.id)
                .map(|control| control.id.as_str())
                .collect();
            let on_layer = |unit: &Unit| {
                let of = unit.controls.iter().filter(|control| controls.contains(&*control.control));
                ControlType::of(
                    of.flat_map(|control| &control.rows)
                        .map(|row| &row.activity.side)
                        .collect::<Vec<_>>(),
                )
            };
            let types: Vec<Option<ControlType>> = context.matrix.units.iter().map(on_layer).collect();
            let count = |wanted| types.iter().filter(|found| **found == Some(wanted)).count() as u64;
            StackLayer {
                layer: layer.id.clone(),
                title: layer.title.clone(),
                customer: count(ControlType::CustomerSpecific),
                shared: count(ControlType::Shared),
                provider: count(ControlType::Inherited),
                services: types.iter().flatten().count() as u64,
            }
        })
        .collect()
}

/// The services x controls matrix, in parts that fit a page.
pub(super) fn matrix(context: &Context<'_>) -> Vec<MatrixPart> {
    let units: Vec<&Unit> = context.matrix.units.iter().collect();
    // Parts of equal width look better than a full one and a narrow rest.
    let parts = units.len().div_ceil(COLUMNS).max(1);
    let width = units.len().div_ceil(parts).max(1);
    units
        .chunks(width)
        .enumerate()
        .map(|(index, units)| MatrixPart {
            number: index as u64 + 1,
            of: parts as u64,
            columns: units
                .iter()
                .map(|unit| MatrixColumn {
                    service: unit.split.service.clone(),
                    mode: unit.split.mode.as_ref().map(|mode| mode.id.clone()),
                    label: names::label(unit),
                    anchor: names::anchor(unit),
                })
                .collect(),
            rows: rows(context, units),
        })
        .collect()
}

fn rows(context: &Context<'_>, units: &[&Unit]) -> Vec<MatrixRow> {
    let (mut group, mut before) = (0, None::<&str>);
    let controls = context.catalog.controls.iter();
    controls
        .map(|control| {
            group += u64::from(before.is_some_and(|layer| layer != control.layer));
            before = Some(control.layer.as_str());
            let cells: Vec<MatrixCell> = units.iter().map(|unit| cell(unit, &control.id)).collect();
            let count = |wanted| cells.iter().filter(|cell| cell.letter == names::matrix_letter(wanted)).count() as u64;
            MatrixRow {
                control: control.id.clone(),
                title: control.title.clone(),
                group,
                customer: count(Some(ControlType::CustomerSpecific)),
                shared: count(Some(ControlType::Shared)),
                provider: count(Some(ControlType::Inherited)),
                not_applicable: count(None),
                not_met: cells.iter().filter(|cell| cell.not_met).count() as u64,
                cells,
            }
        })
        .collect()
}

fn cell(unit: &Unit, control: &str) -> MatrixCell {
    let of = unit.controls.iter().find(|of| *of.control == *control);
    MatrixCell {
        letter: names::matrix_letter(of.and_then(|of| of.control_type)),
        not_met: of.is_some_and(|of| of.rows.iter().any(|row| row.state() == State::NotMet)),
    }
}

/// One line a control with customer duties.
pub(super) fn checklist(context: &Context<'_>) -> Vec<ChecklistLine> {
    context
        .catalog
        .controls
        .iter()
        .filter_map(|control| {
            let rows: Vec<_> = context
                .matrix
                .rows()
                .filter(|(_, of, row)| *of.control == *control.id && row.activity.side == Side::Customer)
                .collect();
            let services: BTreeSet<&str> = rows.iter().map(|(unit, _, _)| unit.title.as_str()).collect();
            let parties: BTreeSet<usize> = rows.iter().map(|(_, _, row)| row.assignment.accountable()).collect();
            (!rows.is_empty()).then(|| ChecklistLine {
                title: control.title.clone(),
                duties: rows.len() as u64,
                services: services.len() as u64,
                not_met: rows.iter().filter(|(_, _, row)| row.state() == State::NotMet).count() as u64,
                parties: parties
                    .iter()
                    .map(|party| context.shorts[*party].clone())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
        })
        .collect()
}

/// Counts in whose hands each control lies, over all parts of the matrix.
pub(super) fn count_controls(report: &mut Report) {
    let mut counts: Vec<ControlCount> = Vec::new();
    for part in &report.matrix {
        for (row, at) in part.rows.iter().zip(0..) {
            // Each part has the same controls.
            if counts.len() <= at {
                counts.push(ControlCount {
                    control: row.control.clone(),
                    title: row.title.clone(),
                    ..ControlCount::default()
                });
            }
            if let Some(count) = counts.get_mut(at) {
                count.customer += row.customer;
                count.shared += row.shared;
                count.provider += row.provider;
                count.not_applicable += row.not_applicable;
                count.not_met += row.not_met;
            }
        }
    }
    report.summary.by_control = counts;
}

/// Counts the sources by freshness, once all are known.
pub(super) fn count_sources(report: &mut Report) {
    use super::model::Freshness::{Fresh, Stale, Unverified};
    let count = |wanted| report.sources.iter().filter(|source| source.freshness == wanted).count() as u64;
    let (fresh, stale, unverified) = (count(Fresh), count(Stale), count(Unverified));
    report.summary.sources_fresh = fresh;
    report.summary.sources_stale = stale;
    report.summary.sources_unverified = unverified;
}
