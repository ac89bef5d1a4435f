//! The services of the Report: one section for each way of running a service.
//!
//! In: the joined matrix. Out: the sections, and what is told once for many of them.

use super::context::Context;
use super::model::{Activity, ActivityState, Common, Control, Gap, NotApplicable, PartyCount, PartyLetters, Service, ShownState};
use super::told::{self, ToldOnce};
use super::{names, references};
use crate::catalog::{Commonness, READ_PROVIDER_EVIDENCE, Side};
use crate::raci::{Letters, Row, State, Unit, UnitControl};
use std::collections::{BTreeMap, BTreeSet};

/// A report of so many sections is set in two halves.
const ENOUGH_TO_HALVE: usize = 12;

/// Collects all services, then moves what is the same to the common part and to the service's first section.
pub(super) fn services(context: &mut Context<'_>) -> (Vec<Service>, Vec<Common>) {
    let mut services: Vec<Service> = Vec::new();
    for index in 0..context.matrix.units.len() {
        let unit = &context.matrix.units[index];
        services.push(service(context, unit));
    }
    let readings: Vec<_> = services.iter().map(told::readings).collect();
    let told = ToldOnce::of(context, &readings);
    let common = told.common(context, &services, &readings);
    told.settle(&mut services, &readings);
    if services.len() >= ENOUGH_TO_HALVE {
        let middle = services.len() / 2;
        services[middle].new_page = true;
    }
    (services, common)
}

/// How many activities the sections print.
pub(super) fn printed(services: &[Service]) -> u64 {
    let lines = services
        .iter()
        .flat_map(|service| &service.controls)
        .flat_map(|control| &control.lines);
    lines.map(|line| line.parts.len() as u64).sum()
}

fn service(context: &mut Context<'_>, unit: &Unit) -> Service {
    let matrix = context.matrix;
    let resources = || unit.resources.iter().map(|index| &matrix.resources[*index]);
    let distinct = |pick: &dyn Fn(&crate::inventory::Resource) -> Option<String>| -> Vec<String> {
        resources().filter_map(pick).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let mut names: Vec<String> = distinct(&|resource| Some(resource.label().to_owned()));
    let names_left_out = names.len().saturating_sub(12) as u64;
    names.truncate(12);
    let controls: Vec<Control> = unit.controls.iter().map(|of| control(context, unit, of)).collect();
    let rows = || unit.controls.iter().flat_map(|control| &control.rows);
    let index = context.catalog.service(&unit.split.service);
    let model_name = context
        .catalog
        .model(&unit.split.model)
        .map(|model| model.name.clone())
        .unwrap_or_default();
    Service {
        service: unit.split.service.clone(),
        mode: unit.split.mode.as_ref().map(|mode| mode.id.clone()),
        mode_known: unit.mode_open.is_empty(),
        settled_by: unit.settled_by.clone(),
        name: unit.split.name.clone(),
        mode_name: unit.split.mode.as_ref().map(|mode| mode.name.clone()),
        title: unit.title.clone(),
        anchor: names::anchor(unit),
        about: unit.split.about.clone(),
        model: unit.split.model.clone(),
        model_name,
        why: unit.split.why.clone(),
        lifecycle: index
            .and_then(|index| index.lifecycle.as_ref())
            .map(crate::catalog::Lifecycle::words),
        resources: resources().map(|resource| resource.count).sum(),
        supporting: unit.supporting,
        names,
        names_left_out,
        accounts: distinct(&|resource| {
            let id = resource.account.as_deref()?;
            let name = context.inventory.accounts.get(id).and_then(|account| account.name.clone());
            Some(name.unwrap_or_else(|| id.to_owned()))
        }),
        regions: distinct(&|resource| resource.region.as_deref().map(str::to_owned)),
        environments: distinct(&|resource| resource.environment.as_deref().map(str::to_owned)),
        data: resources()
            .flat_map(|resource| &resource.data)
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        provider_does: briefs(unit, |side| *side != Side::Customer),
        customer_does: briefs(unit, |side| *side == Side::Customer),
        provider_activities: rows().filter(|row| row.activity.side != Side::Customer).count() as u64,
        customer_activities: rows().filter(|row| row.activity.side == Side::Customer).count() as u64,
        not_met: rows().filter(|row| row.state() == State::NotMet).count() as u64,
        told_once: 0,
        new_page: false,
        first: None,
        as_in_first: 0,
        accountable: accountable(context, unit),
        gaps: gaps(context, unit),
        not_applicable: controls
            .iter()
            .filter_map(|control| {
                Some(NotApplicable {
                    title: control.title.clone(),
                    reason: control.not_applicable.clone()?,
                })
            })
            .collect(),
        controls,
    }
}

/// Who answers for the customer's activities of a unit.
fn accountable(context: &Context<'_>, unit: &Unit) -> Vec<PartyCount> {
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for row in unit
        .controls
        .iter()
        .flat_map(|control| &control.rows)
        .filter(|row| row.activity.side == Side::Customer)
    {
        *counts.entry(row.assignment.accountable()).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(index, activities)| {
            let party = &context.inventory.parties[index];
            PartyCount {
                party: party.id.to_string(),
                name: context.shorts[index].clone(),
                activities,
            }
        })
        .collect()
}

/// The customer duties of a unit that are not met.
fn gaps(context: &Context<'_>, unit: &Unit) -> Vec<Gap> {
    let count = |indices: &[usize]| indices.iter().map(|index| context.matrix.resources[*index].count).sum::<u64>();
    let mut gaps = Vec::new();
    for control in &unit.controls {
        for row in control.rows.iter().filter(|row| row.state() == State::NotMet) {
            gaps.push(Gap {
                control_title: context
                    .catalog
                    .control(&control.control)
                    .map(|known| known.title.clone())
                    .unwrap_or_default(),
                does: row.activity.does.clone(),
                holders: names::holders(&context.shorts, &row.assignment),
                not_met: count(&row.not_met),
                of: count(&row.resources),
            });
        }
    }
    gaps
}

/// The short split of one side: what is particular to the service first, eight at most, in the order of the catalog.
fn briefs(unit: &Unit, takes: fn(&Side) -> bool) -> Vec<String> {
    const MOST: usize = 8;
    let mut found: Vec<(Commonness, usize, &str)> = Vec::new();
    for row in unit
        .controls
        .iter()
        .flat_map(|control| &control.rows)
        .filter(|row| takes(&row.activity.side))
    {
        if let Some(brief) = row
            .activity
            .brief
            .as_deref()
            .filter(|brief| found.iter().all(|(_, _, known)| known != brief))
        {
            let rank = match row.activity.common {
                Commonness::Own => Commonness::Every,
                Commonness::Every => Commonness::Own,
                Commonness::Model => Commonness::Model,
            };
            found.push((rank, found.len(), brief));
        }
    }
    found.sort_unstable();
    found.truncate(MOST);
    found.sort_by_key(|(_, position, _)| *position);
    found.into_iter().map(|(_, _, brief)| brief.to_owned()).collect()
}

fn control(context: &mut Context<'_>, unit: &Unit, of: &UnitControl) -> Control {
    let known = context.catalog.control(&of.control);
    let layer = known.map(|known| known.layer.clone()).unwrap_or_default();
    let layer_title = context
        .catalog
        .layers
        .iter()
        .find(|one| one.id == layer)
        .map(|one| one.title.clone());
    Control {
        control: of.control.to_string(),
        title: known.map(|known| known.title.clone()).unwrap_or_default(),
        layer,
        layer_title: layer_title.unwrap_or_default(),
        control_type: of.control_type,
        not_applicable: of.not_applicable.clone(),
        requirements: references::requirements(context.catalog, &of.control),
        shown: true,
        scoped_letters: Vec::new(),
        lines: Vec::new(),
        activities: of.rows.iter().map(|row| activity(context, unit, row)).collect(),
    }
}

fn activity(context: &mut Context<'_>, unit: &Unit, row: &Row) -> Activity {
    let matrix = context.matrix;
    let count = |indices: &[usize]| indices.iter().map(|index| matrix.resources[*index].count).sum::<u64>();
    let parties = &context.inventory.parties;
    let letters: Vec<&'static str> = (0..parties.len())
        .map(|party| row.assignment.letters(party).map_or("", Letters::text))
        .collect();
    let scope = row.scoped.then(|| {
        let others: Vec<usize> = unit
            .resources
            .iter()
            .copied()
            .filter(|index| row.resources.binary_search(index).is_err())
            .collect();
        names::scope(&matrix.resources, &row.resources, &others)
    });
    let mut does = row.activity.does.clone();
    let how = row.activity.how.clone();
    if row.activity.id.ends_with(&format!(".{READ_PROVIDER_EVIDENCE}")) {
        let inherited = context.inherited_controls();
        if !inherited.is_empty() {
            does = format!("{does}, for the inherited controls: {}", inherited.join(", ")).into();
        }
    }
    let assurance = || match &row.activity.side {
        Side::Party(id) => context.catalog.parties.iter().find(|party| party.id == **id),
        _ => context.catalog.provider(),
    };
    Activity {
        id: row.activity.id.clone(),
        side: row.activity.side.to_string(),
        does,
        how,
        default: row.activity.default,
        state: match row.state() {
            State::Met => ActivityState::Met,
            State::NotMet => ActivityState::NotMet,
            State::Unknown => ActivityState::Unknown,
            State::NotApplicable => ActivityState::NotApplicable,
        },
        state_label: names::state_label(row),
        resources: count(&row.resources),
        resources_met: count(&row.met),
        resources_not_met: count(&row.not_met),
        resources_excepted: row.excepted.iter().map(|(index, _)| matrix.resources[*index].count).sum(),
        assignments: letters
            .iter()
            .zip(parties)
            .filter(|(letters, _)| !letters.is_empty())
            .map(|(&letters, party)| PartyLetters {
                party: party.id.to_string(),
                letters,
            })
            .collect(),
        letters,
        evidence: row
            .activity
            .evidence
            .clone()
            .or_else(|| assurance().map(|party| party.assurance.clone()))
            .unwrap_or_else(|| "".into()),
        source: row.activity.source.url.clone(),
        source_number: context.references.source(row),
        reviewed: row.activity.source.reviewed.clone(),
        freshness: context.references.freshness(row.activity.source.reviewed.as_deref()),
        from: row.activity.from,
        scope,
        condition: context.references.condition(row),
        told_once: false,
        shown: true,
        letters_above: false,
        shown_state: ShownState {
            label: names::state_label(row),
            resources: count(&row.resources),
            not_met: count(&row.not_met),
            excepted: row.excepted.iter().map(|(index, _)| matrix.resources[*index].count).sum(),
        },
    }
}
