//! The services of the Report: one for each way of running a service.
//!
//! In: the joined matrix. Out: services with their controls, and what is done on them.

use super::activities::{Told, Writer};
use super::context::Context;
use super::model::{Control, PartnerDoes, PartyCount, Service, ServiceFacts};
use super::names;
use super::resources::{data_classes, distinct, first_named};
use super::summary::count_states;
use crate::catalog::{Activity, Commonness};
use crate::inventory::PartyKind;
use crate::raci::{Commitment, Duty, PartyIx, ResourceIx, Unit, UnitControl, UnitIx};
use std::collections::{BTreeMap, BTreeSet};

/// Names of resources that a service tells.
const NAMES: usize = 12;

/// Texts in one half of the short split.
const BRIEFS: usize = 8;

/// All services. `listed`: the resources that the Report lists.
pub(super) fn services(context: &mut Context<'_>, listed: &[ResourceIx]) -> Vec<Service> {
    let matrix = context.matrix;
    let mut told = Told::of_all(context).into_iter();
    let mut writer = Writer::new(context, listed);
    let services = matrix.units().map(|(index, unit)| {
        let duties = matrix.duties_of(index);
        // Duties stand in the order of the units.
        let told: Vec<_> = duties.iter().zip(told.by_ref()).collect();
        service(&mut writer, index, unit, &told)
    });
    services.collect()
}

fn service(writer: &mut Writer<'_, '_>, at: UnitIx, unit: &Unit, told: &[(&Duty, Told)]) -> Service {
    let matrix = writer.context.matrix;
    let (duties, commitments) = (matrix.duties_of(at), matrix.commitments_of(at));
    let controls = unit.controls.iter().map(|of| control(writer, told, commitments, of)).collect();
    let context = &*writer.context;
    let resources = || unit.resources.iter().map(|index| &matrix[*index]);
    let (names, names_left_out) = first_named(context, &unit.resources, NAMES);
    let index = context.catalog.service(&unit.split.service);
    let model = context.catalog.model(&unit.split.model);
    let providers = commitments.iter().map(|commitment| &commitment.activity);
    let facts = ServiceFacts {
        anchor: names::anchor(unit),
        about: unit.split.about.clone(),
        model: unit.split.model.clone(),
        model_name: model.map(|model| model.name.clone()).unwrap_or_default(),
        why: unit.split.why.clone(),
        lifecycle: index
            .and_then(|index| index.lifecycle.as_ref())
            .map(crate::catalog::Lifecycle::words),
        is_account: unit.is_account(),
        resources: resources().map(|resource| resource.count).sum(),
        supporting: unit.supporting,
        names,
        names_left_out: names_left_out as u64,
        accounts: distinct(resources(), |resource| {
            let id = resource.account.as_deref()?;
            let name = context.inventory.accounts.get(id).and_then(|account| account.name.as_deref());
            Some(name.unwrap_or(id))
        }),
        regions: distinct(resources(), |resource| resource.region.as_deref()),
        environments: distinct(resources(), |resource| resource.environment.as_deref()),
        data: data_classes(resources()),
        provider_does: briefs(providers.map(|activity| &**activity)),
        partners_do: partners(context, unit, duties),
        customer_does: briefs(of_customers(context, duties)),
        duties: count_states(duties),
        commitments: commitments.len() as u64,
        accountable: accountable(context, duties),
    };
    Service {
        service: unit.split.service.clone(),
        mode: unit.split.mode.as_ref().map(|mode| mode.id.clone()),
        mode_known: unit.mode_open.is_empty(),
        settled_by: unit.settled_by.clone(),
        name: unit.split.name.clone(),
        mode_name: unit.split.mode.as_ref().map(|mode| mode.name.clone()),
        title: unit.title.clone(),
        short: names::plain_label(unit),
        label: context.label(at),
        facts: facts.into(),
        controls,
    }
}

/// Whether a party is of another organisation than the customer's.
fn is_partner(context: &Context<'_>, party: PartyIx) -> bool {
    context.inventory[party].kind == PartyKind::Partner
}

/// What the customer's own parties do.
fn of_customers<'d>(context: &Context<'_>, duties: &'d [Duty]) -> impl Iterator<Item = &'d Activity> {
    let own = duties.iter().filter(|duty| {
        let mut doers = duty.assignment.responsible().iter();
        doers.any(|party| !is_partner(context, *party))
    });
    own.map(|duty| &*duty.activity)
}

/// What partners do, each its own, as their letters say: control by control, and where.
fn partners(context: &Context<'_>, unit: &Unit, duties: &[Duty]) -> Vec<PartnerDoes> {
    let mut by_party: BTreeMap<PartyIx, Vec<&Duty>> = BTreeMap::new();
    for duty in duties {
        for party in duty.assignment.responsible().iter().filter(|party| is_partner(context, **party)) {
            by_party.entry(*party).or_default().push(duty);
        }
    }
    let everywhere = environments(duties.iter());
    let all = by_party.into_iter().map(|(party, own)| {
        let environments = environments(own.iter().copied());
        PartnerDoes {
            party: context.party_id(party),
            name: context.short(party).to_owned(),
            does: unit.controls.iter().flat_map(|of| on_control(context, of, &own)).collect(),
            environments: if environments == everywhere { Vec::new() } else { environments },
        }
    });
    all.collect()
}

/// The environments of duties, sorted.
fn environments<'d>(duties: impl Iterator<Item = &'d Duty>) -> Vec<String> {
    let names: BTreeSet<&str> = duties.filter_map(|duty| duty.scope.environment.as_deref()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// What somebody does of a control in a few words: the control itself, where they do not tell it.
fn on_control(context: &Context<'_>, of: &UnitControl, duties: &[&Duty]) -> Vec<String> {
    let own: Vec<&Activity> = duties
        .iter()
        .filter(|duty| duty.control == of.control)
        .map(|duty| &*duty.activity)
        .collect();
    let told = briefs(own.iter().copied());
    match (own.is_empty(), told.is_empty()) {
        (false, true) => vec![names::within(&context.catalog[of.control].title)],
        _ => told,
    }
}

/// Who answers for duties.
fn accountable(context: &Context<'_>, duties: &[Duty]) -> Vec<PartyCount> {
    let mut counts: BTreeMap<PartyIx, u64> = BTreeMap::new();
    for duty in duties {
        *counts.entry(duty.assignment.accountable()).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(party, duties)| PartyCount {
            party: context.party_id(party),
            name: context.short(party).to_owned(),
            duties,
        })
        .collect()
}

/// One half of the short split: what is particular to the service first, a few, in the order of the catalog.
fn briefs<'a>(activities: impl Iterator<Item = &'a Activity>) -> Vec<String> {
    let mut found: Vec<(Commonness, usize, &str)> = Vec::new();
    for activity in activities {
        if let Some(brief) = activity
            .brief
            .as_deref()
            .filter(|brief| found.iter().all(|(_, _, known)| known != brief))
        {
            let rank = match activity.common {
                Commonness::Own => Commonness::Every,
                Commonness::Every => Commonness::Own,
                Commonness::Model => Commonness::Model,
            };
            found.push((rank, found.len(), brief));
        }
    }
    found.sort_unstable();
    found.truncate(BRIEFS);
    found.sort_by_key(|(_, position, _)| *position);
    found.into_iter().map(|(_, _, brief)| brief.to_owned()).collect()
}

fn control(writer: &mut Writer<'_, '_>, duties: &[(&Duty, Told)], commitments: &[Commitment], of: &UnitControl) -> Control {
    let duties = duties.iter().filter(|(duty, _)| duty.control == of.control);
    let commitments = commitments.iter().filter(|commitment| commitment.control == of.control);
    let mut activities: Vec<_> = commitments.map(|commitment| writer.commitment(commitment)).collect();
    activities.extend(duties.map(|(duty, told)| writer.duty(duty, told)));
    let catalog = writer.context.catalog;
    let known = &catalog[of.control];
    let layer = catalog.layers.iter().find(|one| one.id == known.layer);
    Control {
        control: known.id.clone(),
        title: known.title.clone(),
        layer: known.layer.clone(),
        layer_title: layer.map(|one| one.title.clone()).unwrap_or_default(),
        control_type: of.control_type,
        not_applicable: of.not_applicable.clone(),
        activities,
    }
}
