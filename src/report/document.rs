//! What the document says of itself: its head, its scope, its cover, the models of its glossary.
//!
//! In: the join and what was asked for. Out: these parts of the [`Report`].

use super::context::Context;
use super::model::{Account, Fact, Meta, Model, Partial, Report, Scope};
use super::paths::Paths;
use super::request::{Edition, Request};
use super::resources::{data_classes, distinct};
use crate::catalog::providers;
use crate::text::day_of;
use std::collections::{BTreeMap, BTreeSet};

/// Files that the cover names.
const FILES: usize = 3;

/// The providers whose services are in scope, each with its name as the inventory has it and with the short one; the base where
/// nothing is.
fn providers(context: &Context<'_>) -> Vec<(String, String)> {
    let used: BTreeSet<usize> = context
        .matrix
        .units
        .iter()
        .map(|unit| providers::of_service(&unit.split.service))
        .collect();
    let used = if used.is_empty() { BTreeSet::from([0]) } else { used };
    let parties = used.into_iter().filter_map(|provider| context.catalog.provider_of(provider));
    let named = parties.map(|party| {
        let own = context.inventory.parties.iter().find(|one| *one.id == *party.id);
        (
            own.map_or_else(|| party.name.clone(), |own| own.name.clone()),
            party.short.clone().unwrap_or_else(|| party.name.clone()),
        )
    });
    named.collect()
}

/// `A`, `A and B`, `A, B and C`.
fn sentence<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

pub(super) fn meta(context: &Context<'_>, request: &Request) -> Meta {
    let inventory = context.inventory;
    let providers = providers(context);
    let provider_name = sentence(providers.iter().map(|(name, _)| name.as_str()));
    let party_name = request
        .party
        .as_ref()
        .and_then(|id| inventory.parties.iter().find(|party| *party.id == **id))
        .map(|party| party.name.clone());
    Meta {
        title: inventory
            .title
            .clone()
            .or_else(|| inventory.system.clone())
            .or_else(|| Some(format!("Cloud responsibilities of {}", inventory.organization.as_ref()?)))
            .unwrap_or_else(|| "Cloud responsibilities".to_owned()),
        subtitle: match party_name {
            Some(name) if context.matrix.duties.is_empty() && !context.matrix.commitments.is_empty() => {
                format!("What {name} does, service by service")
            }
            Some(name) => format!("What {name} must do, service by service, on {provider_name}"),
            None => format!("Who does what, service by service, on {provider_name}"),
        },
        organization: inventory.organization.clone(),
        system: inventory.system.clone(),
        version: inventory.version.clone(),
        as_of: request.as_of.to_string(),
        classification: inventory.classification.clone(),
        edition: request.edition.id().to_owned(),
        edition_title: edition_title(request),
        draft: request.draft,
        redacted: request.redacted,
        party: request.party.clone(),
        only: request.only.clone(),
        partial: inventory.is_partial,
        catalog_version: context.catalog.version.clone(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        prepared_by: inventory.prepared_by.clone(),
        prepared_for: inventory.prepared_for.clone(),
        language: "en".to_owned(),
        provider_short: sentence(providers.iter().map(|(_, short)| short.as_str())),
        provider: provider_name,
        pictures: request.pictures.is_some(),
        picture_prefix: request.pictures.clone().unwrap_or_default(),
    }
}

/// The edition as printed: what every format shows on its first page.
pub(super) fn edition_title(request: &Request) -> String {
    let title = match (request.edition, request.redacted) {
        (Edition::Audit, false) => "Audit edition",
        (Edition::Review, false) => "Review edition",
        (Edition::Handover, false) => "Handover edition",
        (Edition::Audit, true) => "Redacted audit edition",
        (Edition::Review, true) => "Redacted review edition",
        (Edition::Handover, true) => "Redacted handover edition",
    };
    if request.draft {
        format!("{title} (draft)")
    } else {
        title.to_owned()
    }
}

pub(super) fn scope(context: &Context<'_>, paths: &Paths) -> Scope {
    let matrix = context.matrix;
    // What scanners found tells what is deployed only where nothing else does.
    let is_told = |input: &&crate::inventory::Input| !input.is_results || context.inventory.is_of_results;
    let inputs = context.inventory.inputs.iter().filter(is_told);
    let resources = || matrix.listed.iter().map(|index| &matrix[*index]);
    let known = context.inventory.accounts.keys().filter(|_| !matrix.is_cut);
    let mut counts: BTreeMap<String, u64> = known.map(|id| (id.clone(), 0)).collect();
    for resource in resources() {
        if let Some(account) = &resource.account {
            match counts.get_mut(&**account) {
                Some(count) => *count += resource.count,
                None => _ = counts.insert(account.to_string(), resource.count),
            }
        }
    }
    Scope {
        accounts: counts
            .into_iter()
            .map(|(id, resources)| {
                let known = context.inventory.accounts.get(&id);
                Account {
                    name: known.and_then(|known| known.name.clone()),
                    environment: known.and_then(|known| known.environment.as_deref()).map(str::to_owned),
                    owner: known.and_then(|known| known.owner.as_deref()).map(str::to_owned),
                    resources,
                    id,
                }
            })
            .collect(),
        regions: distinct(resources(), |resource| resource.region.as_deref()),
        environments: distinct(resources(), |resource| resource.environment.as_deref()),
        data: data_classes(resources()),
        inputs: inputs.map(|input| paths.show(&input.path)).collect(),
    }
}

pub(super) fn models(context: &Context<'_>) -> Vec<Model> {
    context
        .catalog
        .models()
        .map(|model| Model {
            model: model.id.clone(),
            name: model.name.clone(),
            meaning: model.meaning.clone(),
            services: context.matrix.units.iter().filter(|unit| unit.split.model == model.id).count() as u64,
        })
        .collect()
}

/// The files that a report was made from alone.
fn made_from(partial: &Partial) -> String {
    let files = partial.made_from.iter().take(FILES);
    let files: Vec<String> = files.map(|one| format!("{} ({})", one.file, one.source)).collect();
    let more = partial.made_from.len().saturating_sub(FILES);
    let more = if more > 0 {
        format!(" and {more} more files")
    } else {
        String::new()
    };
    format!("{}{more}, and nothing else", files.join(", "))
}

/// When it was issued, as far as it can be told from what it rests on: when the last page was read, as the account of the sources
/// says. Nothing where that was before the day that it is true for.
fn issued(report: &Report) -> Option<String> {
    let last = report
        .summary
        .sources
        .last_read
        .as_deref()
        .filter(|_| report.summary.sources.later > 0)?;
    Some(day_of(last))
}

pub(super) fn cover_facts(report: &Report) -> Vec<Fact> {
    let count = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let day = day_of(&report.meta.as_of);
    let as_of = match &report.meta.version {
        Some(version) => format!("{day} · version {version}"),
        None => day,
    };
    // What the inventory names and lists nothing in is in no figure.
    let accounts = report.scope.accounts.iter().filter(|account| account.resources > 0).count() as u64;
    let mut scope = vec![
        count(report.summary.products, "service", "services"),
        count(report.summary.resources, "resource", "resources"),
    ];
    if accounts > 0 {
        scope.insert(0, count(accounts, "account", "accounts"));
    }
    let facts = [
        ("Organisation", report.meta.organization.clone()),
        ("System", report.meta.system.clone()),
        ("Prepared by", report.meta.prepared_by.clone()),
        ("Prepared for", report.meta.prepared_for.clone()),
        ("As of", Some(as_of)),
        ("Issued", issued(report)),
        ("Scope", Some(scope.join(" · "))),
        ("Cut to", report.meta.only.clone()),
        ("Made from", report.partial.as_ref().map(made_from)),
        (
            "Catalog",
            Some(format!(
                "{} · {}{}",
                report.meta.catalog_version,
                count(report.sources.len() as u64, "source", "sources"),
                if issued(report).is_some() {
                    ", the last read on the day of issue"
                } else {
                    ""
                }
            )),
        ),
    ];
    facts
        .into_iter()
        .filter_map(|(label, value)| {
            Some(Fact {
                label: label.to_owned(),
                value: value?,
            })
        })
        .collect()
}
