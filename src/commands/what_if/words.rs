//! What is supposed, in words.
//!
//! In: the arguments. Out: the same as they were typed, and as people say it.

use crate::catalog::{Catalog, STANDARD_MODE};
use crate::cli::WhatIf as Args;
use crate::commands::workspace::Workspace;
use crate::text::day;
use std::collections::BTreeSet;

/// What is supposed, as it was typed.
pub(super) fn as_typed(args: &Args) -> String {
    let named = |flag: &str, values: &[String]| values.iter().map(|value| format!("{flag} {value}")).collect::<Vec<_>>();
    let all = [
        named("--set", &args.set),
        named("--mode", &args.mode),
        named("--add", &args.add),
        named("--remove", &args.remove),
        named("--region", &args.region.iter().cloned().collect::<Vec<_>>()),
    ];
    let mut all = all.concat();
    all.extend(args.handover.then(|| "--handover".to_owned()));
    all.join(" ")
}

/// What is supposed, in words that follow "if".
pub(super) fn of(args: &Args, today: &Workspace) -> String {
    let catalog = &today.catalog;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(args.set.iter().map(|text| {
        let (target, attribute, value) = super::parts(text, today).unwrap_or((text, "it", ""));
        let value = if value.is_empty() { "not set" } else { value };
        format!("{attribute} of {target} were {value}")
    }));
    parts.extend(args.mode.iter().map(|text| {
        let (target, mode) = text.split_once('=').unwrap_or((text, ""));
        let name = match catalog.resolve(target) {
            Some(service) => called(service, None, catalog),
            None => target.to_owned(),
        };
        let service = catalog.resolve(target.split('/').next().unwrap_or(target));
        let mode = service
            .and_then(|service| mode_name(service, mode, catalog))
            .unwrap_or_else(|| mode.to_owned());
        format!("{name} ran as {mode}")
    }));
    parts.extend(args.add.iter().map(|text| {
        let what = text.split(',').next().unwrap_or(text).trim();
        let (service, mode) = what.split_once('/').map_or((what, None), |(service, mode)| (service, Some(mode)));
        let name = catalog
            .resolve(service)
            .map_or_else(|| what.to_owned(), |service| called(service, mode, catalog));
        format!("{name} were deployed, too")
    }));
    parts.extend(args.remove.iter().map(|id| {
        let party = today.inventory.parties.iter().find(|party| *party.id == **id);
        let name = party.map_or(id.as_str(), |party| &party.name);
        format!("{name} were gone")
    }));
    parts.extend(args.region.iter().map(|region| format!("everything ran in {region}")));
    parts.extend(today.inventory.handover.iter().filter(|_| args.handover).map(|handover| {
        let name = |party: usize| today.inventory.parties.get(party).map_or("", |party| &*party.name);
        format!(
            "{} had handed over to {}, as is planned for {}",
            name(handover.from),
            name(handover.to),
            day(handover.date)
        )
    }));
    // What is said twice is supposed once.
    let mut said = BTreeSet::new();
    parts.retain(|part| said.insert(part.clone()));
    match parts.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// A service as printed, with its mode.
fn called(service: &str, mode: Option<&str>, catalog: &Catalog) -> String {
    let name = catalog.service(service).map_or(service, |entry| &*entry.name);
    match mode.and_then(|mode| mode_name(service, mode, catalog)) {
        Some(mode) => format!("{name} ({mode})"),
        None => name.to_owned(),
    }
}

/// A mode as printed.
fn mode_name(service: &str, mode: &str, catalog: &Catalog) -> Option<String> {
    if mode == STANDARD_MODE {
        return Some("the standard service".to_owned());
    }
    let known = catalog.modes(service).into_iter().find(|known| known.id == mode)?;
    Some(known.name.clone())
}
