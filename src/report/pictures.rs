//! In whose hands controls and layers lie: the stack, and the matrix of services and controls.
//!
//! In: the joined matrix. Out: counts and cells, nothing that a template would still have to count.

use super::context::Context;
use super::model::{ControlCount, MatrixCell, MatrixColumn, MatrixPart, MatrixRow, StackLayer};
use super::names;
use crate::catalog::ControlType;
use crate::raci::{ControlIx, State, Unit, UnitIx};
use std::collections::BTreeSet;

/// Services that fit beside each other on a landscape page, their names written upwards.
const COLUMNS: usize = 36;

/// How many services lie in whose hands, layer by layer.
pub(super) fn stack(context: &Context<'_>) -> Vec<StackLayer> {
    context
        .catalog
        .layers
        .iter()
        .filter_map(|layer| {
            let on_layer = |unit: &Unit| {
                let of = unit.controls.iter().filter(|of| context.catalog[of.control].layer == layer.id);
                together(of.filter_map(|of| of.control_type))
            };
            let types: Vec<Option<ControlType>> = context.matrix.units.iter().map(on_layer).collect();
            let count = |wanted| types.iter().filter(|found| **found == Some(wanted)).count() as u64;
            let is_shown = !layer.own || types.iter().any(Option::is_some);
            is_shown.then(|| StackLayer {
                layer: layer.id.clone(),
                title: layer.title.clone(),
                customer: count(ControlType::CustomerSpecific) + count(ControlType::PartnerSpecific),
                shared: count(ControlType::Shared),
                provider: count(ControlType::Inherited),
                services: types.iter().flatten().count() as u64,
            })
        })
        .collect()
}

/// The type of several controls taken together: shared as soon as the provider and somebody else act in any of them.
fn together(types: impl Iterator<Item = ControlType>) -> Option<ControlType> {
    let is_without_provider = |found| matches!(found, ControlType::CustomerSpecific | ControlType::PartnerSpecific);
    types.reduce(|one, other| match (one, other) {
        _ if one == other => one,
        _ if is_without_provider(one) && is_without_provider(other) => ControlType::CustomerSpecific,
        _ => ControlType::Shared,
    })
}

/// The services x controls matrix, in parts that fit a page.
pub(super) fn matrix(context: &Context<'_>) -> Vec<MatrixPart> {
    let units: Vec<(UnitIx, &Unit)> = context.matrix.units().collect();
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
                .map(|(_, unit)| MatrixColumn {
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

fn rows(context: &Context<'_>, units: &[(UnitIx, &Unit)]) -> Vec<MatrixRow> {
    let (mut group, mut before) = (0, None::<&str>);
    let broken: BTreeSet<(UnitIx, ControlIx)> = context
        .matrix
        .duties
        .iter()
        .filter(|duty| duty.state == State::NotMet)
        .map(|duty| (duty.unit, duty.control))
        .collect();
    let controls = context.catalog.controls.iter().enumerate();
    let is_shown = |position: usize| {
        let mut units = context.matrix.units.iter();
        units.any(|unit| unit.control(ControlIx::new(position)).is_some())
    };
    controls
        // A control of an overlay takes no room where nothing is said of it.
        .filter(|(position, control)| !control.own || is_shown(*position))
        .map(|(position, control)| {
            let index = ControlIx::new(position);
            group += u64::from(before.is_some_and(|layer| layer != control.layer));
            before = Some(control.layer.as_str());
            let cells: Vec<MatrixCell> = units
                .iter()
                .map(|(unit, of)| MatrixCell {
                    letter: names::matrix_letter(of.control(index).and_then(|of| of.control_type)),
                    not_met: broken.contains(&(*unit, index)),
                })
                .collect();
            let count = |wanted| cells.iter().filter(|cell| cell.letter == names::matrix_letter(wanted)).count() as u64;
            MatrixRow {
                control: control.id.clone(),
                title: control.title.clone(),
                group,
                customer: count(Some(ControlType::CustomerSpecific)) + count(Some(ControlType::PartnerSpecific)),
                shared: count(Some(ControlType::Shared)),
                provider: count(Some(ControlType::Inherited)),
                not_applicable: count(None),
                not_met: cells.iter().filter(|cell| cell.not_met).count() as u64,
                cells,
            }
        })
        .collect()
}

/// Counts in whose hands each control lies, over all parts of the matrix.
pub(super) fn count_controls(context: &Context<'_>, parts: &[MatrixPart]) -> Vec<ControlCount> {
    let mut counts: Vec<ControlCount> = Vec::new();
    for part in parts {
        for (row, at) in part.rows.iter().zip(0..) {
            // Each part has the same controls.
            if counts.len() <= at {
                counts.push(ControlCount {
                    control: row.control.clone(),
                    title: row.title.clone(),
                    urgent: context.catalog.control(&row.control).is_some_and(|control| control.urgent),
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
    counts
}
