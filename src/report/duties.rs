//! Duties by party, evidence to keep, and what moves at a handover.
//!
//! In: the services of the Report and the joined matrix. Out: lists in which the same duty on many services stands once.

use super::build::Context;
use super::model::{Duties, Duty, DutyControl, Evidence, Handover, Move, Service};
use super::names;
use crate::catalog::Side;
use crate::inventory::PartyKind;
use crate::raci::{Assignment, Letters};
use std::collections::{BTreeMap, BTreeSet};

/// What each party must do: activities of which it holds R or A.
pub(super) fn duties(context: &Context<'_>, services: &[Service]) -> Vec<Duties> {
    context
        .inventory
        .parties
        .iter()
        .enumerate()
        .map(|(index, party)| {
            let activities = of_party(context, services, index);
            let mut controls: Vec<DutyControl> = Vec::new();
            for duty in &activities {
                match controls.last_mut().filter(|last| last.title == duty.control_title) {
                    Some(last) => last.activities.push(duty.clone()),
                    None => controls.push(DutyControl { title: duty.control_title.clone(), activities: vec![duty.clone()] }),
                }
            }
            let known = context.catalog.parties.iter().find(|known| *known.id == *party.id);
            Duties {
                party: party.id.to_string(),
                name: party.name.clone(),
                kind: party.kind,
                assurance: known.filter(|_| party.kind != PartyKind::Customer).map(|known| known.assurance.clone()),
                activities,
                controls,
            }
        })
        .collect()
}

fn of_party(context: &Context<'_>, services: &[Service], party: usize) -> Vec<Duty> {
    // The same activity with the same letters, scope and state stands once, with all its services.
    type Key = (usize, String, String, Option<String>, String);
    let mut merged: BTreeMap<Key, (Duty, BTreeSet<String>)> = BTreeMap::new();
    let mut order: Vec<Key> = Vec::new();
    for service in services {
        for (position, control) in service.controls.iter().enumerate() {
            for activity in &control.activities {
                let Some(letters) = activity.letters.get(party).filter(|letters| letters.contains(['R', 'A'])) else { continue };
                let key = (position, activity.id.clone(), letters.clone(), activity.scope.clone(), activity.state_label.clone());
                let entry = merged.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    let duty = Duty {
                        id: activity.id.clone(),
                        control: control.control.clone(),
                        control_title: control.title.clone(),
                        does: activity.does.clone(),
                        how: activity.how.clone(),
                        evidence: activity.evidence.clone(),
                        default: activity.default,
                        letters: letters.clone(),
                        services: Vec::new(),
                        on: String::new(),
                        state: activity.state,
                        state_label: activity.state_label.clone(),
                        scope: activity.scope.clone(),
                    };
                    (duty, BTreeSet::new())
                });
                entry.1.insert(service.title.clone());
            }
        }
    }
    order.sort_by_key(|key| key.0);
    order
        .iter()
        .filter_map(|key| merged.remove(key))
        .map(|(mut duty, titles)| {
            duty.on = names::on(&titles, context.matrix.units.len());
            duty.services = titles.into_iter().collect();
            duty
        })
        .collect()
}

/// The evidence that customers keep, one line for each artefact of a control.
pub(super) fn evidence(context: &Context<'_>) -> Vec<Evidence> {
    let mut merged: BTreeMap<(usize, &str), (BTreeSet<String>, BTreeSet<usize>, BTreeSet<&str>)> = BTreeMap::new();
    for (unit, control, row) in context.matrix.rows().filter(|(_, _, row)| row.activity.side == Side::Customer) {
        let Some(artefact) = row.activity.evidence.as_deref() else { continue };
        let position = context.catalog.controls.iter().position(|known| *known.id == *control.control).unwrap_or_default();
        let entry = merged.entry((position, artefact)).or_default();
        entry.0.insert(names::title(unit));
        entry.1.insert(row.assignment.accountable());
        let layer = context.catalog.controls.get(position).map_or("", |control| control.layer.as_str());
        for given in &context.inventory.evidence {
            let takes = given.selector.takes_activity(&control.control, layer, &row.activity.side)
                && row.resources.iter().any(|index| context.takes(&given.selector, unit, *index));
            if takes {
                entry.2.insert(&given.artefact);
            }
        }
    }
    merged
        .into_iter()
        .map(|((position, artefact), (titles, parties, given))| Evidence {
            control_title: context.catalog.controls[position].title.clone(),
            artefact: artefact.to_owned(),
            on: names::on(&titles, context.matrix.units.len()),
            parties: parties.iter().map(|party| context.shorts[*party].clone()).collect::<Vec<_>>().join(", "),
            given: given.into_iter().collect::<Vec<_>>().join("; "),
        })
        .collect()
}

/// What moves at the handover and what stays.
pub(super) fn handover(context: &Context<'_>) -> Handover {
    let Some(handover) = &context.inventory.handover else { return Handover::default() };
    let name = |party: usize| context.inventory.parties[party].name.clone();
    let mut moves: BTreeMap<(usize, Move), BTreeSet<String>> = BTreeMap::new();
    let mut keeps = moves.clone();
    for (unit, control, row) in context.matrix.rows().filter(|(_, _, row)| row.activity.side == Side::Customer) {
        let holds = matches!(row.assignment.letters(handover.from), Some(Letters::A | Letters::R | Letters::AR));
        if !holds {
            continue;
        }
        let position = context.catalog.controls.iter().position(|known| *known.id == *control.control).unwrap_or_default();
        let others = || unit.resources.iter().copied().filter(|index| row.resources.binary_search(index).is_err()).collect::<Vec<_>>();
        let one = Move {
            control_title: context.catalog.controls.get(position).map(|control| control.title.clone()).unwrap_or_default(),
            does: row.activity.does.clone(),
            on: String::new(),
            before: holders(context, &row.assignment),
            after: holders(context, row.after.as_ref().unwrap_or(&row.assignment)),
            scope: row.scoped.then(|| names::scope(&context.matrix.resources, &row.resources, &others())),
            state_label: names::state_label(row).to_owned(),
        };
        let list = if row.after.is_some() { &mut moves } else { &mut keeps };
        list.entry((position, one)).or_default().insert(names::title(unit));
    }
    let list = |map: BTreeMap<(usize, Move), BTreeSet<String>>| {
        map.into_iter().map(|((_, one), titles)| Move { on: names::on(&titles, context.matrix.units.len()), ..one }).collect()
    };
    Handover {
        planned: true,
        from: Some(name(handover.from)),
        to: Some(name(handover.to)),
        date: Some(handover.date.to_string()),
        moves: list(moves),
        keeps: list(keeps),
    }
}

/// `A Platform, R Northwind`; one party with both: `A/R Platform`.
fn holders(context: &Context<'_>, assignment: &Assignment) -> String {
    let mut parts = Vec::new();
    for wanted in [Letters::AR, Letters::A, Letters::R] {
        for (party, short) in context.shorts.iter().enumerate() {
            if assignment.letters(party) == Some(wanted) {
                parts.push(format!("{wanted} {short}"));
            }
        }
    }
    parts.join(", ")
}
