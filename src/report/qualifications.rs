//! What qualifies the report: unclassified resources, exceptions, overlays, assumptions.
//!
//! In: the join. Out: these parts of the [`Report`](super::model::Report).

use super::context::Context;
use super::model::{Exception, Overlay, Unclassified};
use super::names;
use super::paths::Paths;
use super::resources::{data_classes, distinct};
use crate::catalog::{Catalog, Commonness};
use crate::diagnostics::Place;
use crate::raci::{Duty, ExceptionIx, Matrix, ResourceIx, State, UnitIx};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn unclassified(context: &Context<'_>, paths: &Paths) -> Vec<Unclassified> {
    let mut found: BTreeMap<(String, String), Vec<ResourceIx>> = BTreeMap::new();
    for index in &context.matrix.unclassified {
        let resource = &context.matrix[*index];
        found
            .entry((resource.kind.to_string(), resource.place.file.to_string()))
            .or_default()
            .push(*index);
    }
    found
        .into_iter()
        .map(|((kind, from), indices)| {
            let resources = || indices.iter().map(|index| &context.matrix[*index]);
            let names: BTreeSet<&str> = resources().map(|resource| resource.label()).collect();
            let count = resources().map(|resource| resource.count).sum();
            let shown: Vec<&str> = names.iter().take(6).copied().collect();
            let rest = names.len().saturating_sub(6);
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            Unclassified {
                kind,
                name: format!("{}{rest}", shown.join(", ")),
                count,
                environments: distinct(resources(), |resource| resource.environment.as_deref()).join(", "),
                data: data_classes(resources()).join(", "),
                owners: distinct(resources(), |resource| resource.owner.as_deref())
                    .iter()
                    .map(|owner| context.owner(owner))
                    .collect::<Vec<_>>()
                    .join(", "),
                from: paths.show(&from),
            }
        })
        .collect()
}

/// Exceptions, what ends first before the others.
pub(super) fn exceptions(context: &Context<'_>, as_of: Date, show: &dyn Fn(&Place) -> String) -> Vec<Exception> {
    let excused = |wanted: ExceptionIx| -> BTreeSet<ResourceIx> {
        let excepted = context.matrix.duties.iter().flat_map(Duty::excepted);
        excepted
            .filter(|(_, exception)| *exception == wanted)
            .map(|(index, _)| index)
            .collect()
    };
    // Of what excuses nothing any more: what it was for, as far as that is broken still.
    let was_for = |one: &crate::inventory::Exception| -> BTreeSet<ResourceIx> {
        let meant = context.matrix.meant_by(&one.selector, context.catalog);
        let broken = meant.iter().flat_map(|(duty, resources)| {
            let not_met = context.matrix[*duty].not_met();
            resources.iter().copied().filter(move |index| not_met.binary_search(index).is_ok())
        });
        broken.collect()
    };
    let in_short = |resources: &BTreeSet<ResourceIx>| {
        let resources = resources.iter().map(|index| &context.matrix[*index]);
        names::few(resources.map(|resource| (resource.label(), resource.count)))
    };
    // A duty that is broken elsewhere, too, is not excepted.
    let excused_duties = |wanted: ExceptionIx| {
        let excepted = context.matrix.duties.iter().filter(|duty| duty.state == State::Excepted);
        excepted
            .filter(|duty| duty.excepted().iter().any(|(_, exception)| *exception == wanted))
            .count() as u64
    };
    let in_scope = |one: &crate::inventory::Exception| !context.matrix.is_cut || context.matrix.is_meant_by(&one.selector, context.catalog);
    let all = context.inventory.exceptions.iter().enumerate();
    let mut exceptions: Vec<Exception> = all
        .filter(|(_, one)| in_scope(one))
        .map(|(index, one)| {
            let excuses = excused(ExceptionIx::new(index));
            let expired = one.expires.is_some_and(|date| date < as_of);
            (index, one, excuses, expired)
        })
        .map(|(index, one, excuses, expired)| Exception {
            applies_to: names::selector_words(&one.selector, context.catalog),
            reason: one.reason.clone(),
            approved_by: one.approved_by.clone(),
            approved: one.approved.map(|date| date.to_string()),
            instead: one.instead.clone(),
            expires: one.expires.map(|date| date.to_string()),
            expired,
            resources: context.matrix.count(excuses.iter().copied()),
            resources_in_short: in_short(&if expired { was_for(one) } else { excuses }),
            duties: excused_duties(ExceptionIx::new(index)),
            place: show(&one.place),
        })
        .collect();
    exceptions.sort_by_key(|one| (one.expires.is_none(), one.expires.clone()));
    exceptions
}

pub(super) fn overlays(context: &Context<'_>, paths: &Paths) -> Vec<Overlay> {
    let all = context.catalog.overlays.iter();
    all.map(|one| Overlay {
        service: one.service.clone(),
        what: overlaid(context.catalog, &one.service),
        adds: one.adds,
        controls: one.controls.iter().map(|id| named(context.catalog, &one.service, id)).collect(),
        reason: one.reason.clone(),
        file: paths.show(&one.file),
    })
    .collect()
}

/// What a file of an overlay is about, as printed.
fn overlaid(catalog: &Catalog, id: &str) -> String {
    match id.split_once('/') {
        Some(("frameworks", id)) => {
            let name = catalog.frameworks.get(id).map_or(id, |framework| &framework.name);
            format!("Framework {name}")
        }
        Some(("layouts", id)) => format!("Columns \"{id}\" for requirements"),
        Some((_, scanner)) => format!("Checks of {scanner}"),
        None => match id {
            "controls" => "Controls".to_owned(),
            "objectives" => "Objectives".to_owned(),
            "parties" => "Parties".to_owned(),
            "models" => "Activities on every service or service model".to_owned(),
            service => catalog
                .service(service)
                .map_or_else(|| service.to_owned(), |known| known.name.clone()),
        },
    }
}

/// What such a file changes or adds, as printed.
fn named(catalog: &Catalog, of: &str, id: &str) -> String {
    let party = || catalog.party(id).filter(|_| of == "parties").map(|party| party.name.clone());
    let control = || catalog.control(id).map(|control| control.title.clone());
    let layer = || {
        let known = catalog.layers.iter().find(|layer| layer.id == id && of == "controls")?;
        Some(known.title.clone())
    };
    party().or_else(control).or_else(layer).unwrap_or_else(|| id.to_owned())
}

/// Whether the catalog says anything that is particular to the service.
fn has_own(matrix: &Matrix, unit: UnitIx) -> bool {
    let duties = matrix.duties_of(unit).iter().map(|duty| &duty.activity);
    let mut all = duties.chain(matrix.commitments_of(unit).iter().map(|commitment| &commitment.activity));
    all.any(|activity| activity.common == Commonness::Own)
}

/// What stands on defaults because the inventory does not say it.
pub(super) fn assumptions(context: &Context<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for unit in context.matrix.units.iter().filter(|unit| !unit.mode_open.is_empty()) {
        let attributes: Vec<String> = unit.settled_by.iter().map(|name| format!("`{name}`")).collect();
        let (open, of) = (
            context.matrix.count(unit.mode_open.iter().copied()),
            context.matrix.count(unit.resources.iter().copied()),
        );
        found.push(format!(
            "{}: shown for {open} of {of} {} by default, since nothing states {}",
            unit.title,
            if of == 1 { "resource" } else { "resources" },
            match attributes.split_last() {
                Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
                _ => attributes.concat(),
            },
        ));
    }
    if !rare_forms(context).is_empty() {
        found.push("A resource runs in the usual form of its service unless its attributes say otherwise".to_owned());
    }
    let general: Vec<&str> = context
        .matrix
        .units()
        .filter(|(index, _)| !has_own(context.matrix, *index))
        .map(|(_, unit)| unit.split.name.as_str())
        .collect();
    if !general.is_empty() && !context.matrix.is_cut {
        found.push(format!(
            "{}: the catalog says of {} what holds for every service of the model, and nothing of its own yet; read the service's documentation before relying on the split",
            general.join(", "),
            if general.len() == 1 { "it" } else { "each" },
        ));
    }
    if context.inventory.is_of_results {
        found.push("The resources are those that scanners saw; what no check looked at is not listed".to_owned());
    }
    let listed = context.matrix.listed.iter();
    let without_account = listed.copied().filter(|index| context.matrix[*index].account.is_none());
    let without_account = context.matrix.count(without_account);
    if without_account > 0 {
        let is_known =
            !context.inventory.accounts.is_empty() || context.matrix.listed.iter().any(|index| context.matrix[*index].account.is_some());
        found.push(match (without_account, is_known) {
            (1, true) => "1 resource names no account and is taken to be in one of those in scope".to_owned(),
            (1, false) => "1 resource names no account: which one it is in is not known".to_owned(),
            (some, true) => format!("{some} resources name no account and are taken to be in one of those in scope"),
            (some, false) => format!("{some} resources name no account: in which one each of them is, nothing says"),
        });
    }
    found
}

/// The forms of each deployed service that count only where a resource's attributes name them: `Amazon S3 as Table bucket`.
pub(super) fn rare_forms(context: &Context<'_>) -> Vec<String> {
    let deployed: BTreeSet<&str> = context.matrix.units.iter().map(|unit| unit.split.service.as_str()).collect();
    deployed
        .into_iter()
        .filter_map(|service| {
            let rare: Vec<String> = context.catalog.rare_modes(service).into_iter().map(|mode| mode.name).collect();
            let name = context.catalog.service(service).map_or(service, |service| service.name.as_str());
            (!rare.is_empty()).then(|| format!("{name} as {}", rare.join(" or ")))
        })
        .collect()
}
