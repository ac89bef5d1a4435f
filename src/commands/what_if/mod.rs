//! `cloudraci what-if`: what would change if something of the inventory were otherwise.
//!
//! In: an inventory and suppositions. Out: the changes from today, as `cloudraci diff` tells them. Nothing is written.

mod words;

use super::diff;
use super::workspace::Workspace;
use super::{Done, Stop};
use crate::catalog::STANDARD_MODE;
use crate::changes::{Snapshot, compare};
use crate::cli::WhatIf as Args;
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::inventory::{Supposition, selection, suppose};
use crate::raci::{Findings, ResourceIx, UnitIx};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::ManuallyDrop;

/// Nothing is made after what this tells, and the process ends sooner than freeing what was joined takes, value by value; so
/// that is left as it is.
pub(super) fn run(args: &Args) -> Done {
    let today = Workspace::open(&args.inputs)?;
    let suppositions = match suppositions(args, &today) {
        Ok(suppositions) => suppositions,
        Err(faults) => return Err(Stop::Diagnostics(faults, today.sources)),
    };
    let supposed = suppose(&today.inventory, &today.catalog, &suppositions);
    let supposed = supposed.and_then(|inventory| Ok((today.beside(&inventory)?, inventory)));
    let (matrix, inventory) = match supposed {
        Ok(supposed) => supposed,
        Err(faults) => return Err(Stop::Diagnostics(faults, today.sources)),
    };
    let parties = [&today.inventory, &inventory].into_iter().flat_map(|of| &of.parties);
    let parties: BTreeSet<String> = parties.map(|party| party.id.to_string()).collect();
    let findings = Findings::of(&matrix, &today.catalog, &inventory, today.as_of);
    super::tell(&today.warnings, &today.sources);
    let changes = {
        let show = diff::shown_here(&today);
        let is = Snapshot::of("today", (&today.catalog, &today.inventory, &today.matrix), today.as_of, &show);
        let is = is.with_findings(&today.findings);
        let supposed = Snapshot::of(&words::as_typed(args), (&today.catalog, &inventory, &matrix), today.as_of, &show);
        let supposed = supposed.with_findings(&findings).supposing(&words::of(args, &today));
        let supposed = if args.handover { supposed.handed_over() } else { supposed };
        let changes = compare(&is, &supposed);
        std::mem::forget((is, supposed));
        changes
    };
    let changes = diff::cut(changes, &parties.into_iter().collect::<Vec<_>>(), &args.show)?;
    let absent: Vec<String> = today.absent().into_iter().map(|one| one.message).collect();
    let supposed = Workspace {
        matrix,
        inventory,
        findings,
        warnings: Vec::new(),
        ..today
    };
    std::mem::forget((today.matrix, today.inventory, today.findings));
    // Where a service would be that does not exist there, no change tells it.
    let absent = supposed.absent().into_iter().filter(|one| !absent.contains(&one.message));
    super::tell(&absent.collect::<Vec<_>>(), &supposed.sources);
    let read = diff::read(&supposed).and(args.inputs.results.iter().cloned());
    diff::refuse(&read, &args.show)?;
    let supposed = ManuallyDrop::new(supposed);
    diff::end(&changes, &args.show, &args.looks, || {
        Ok(diff::Is::of(ManuallyDrop::into_inner(supposed)))
    })
}

type Outcome<T> = Result<T, Vec<Diagnostic>>;

fn suppositions(args: &Args, today: &Workspace) -> Outcome<Vec<Supposition>> {
    let mut faults = Vec::new();
    let mut found = Vec::new();
    let mut take = |one: Outcome<Supposition>| match one {
        Ok(one) => found.push(one),
        Err(more) => faults.extend(more),
    };
    args.set.iter().for_each(|text| take(set(text, today)));
    args.mode.iter().for_each(|text| take(mode(text, today)));
    args.add.iter().for_each(|text| take(add(text)));
    args.remove.iter().for_each(|text| take(remove(text, today)));
    if let Some(region) = &args.region {
        take(Ok(Supposition::Set {
            resources: (0..today.inventory.resources.len())
                .filter(|position| today.inventory.resources[*position].region.is_some())
                .collect(),
            attribute: "region".to_owned(),
            value: region.as_str().into(),
        }));
    }
    if args.handover && today.inventory.handover.is_none() {
        let fault = Diagnostic::new(Code::InvalidValue, "the inventory plans no handover");
        faults.push(fault.help("say under `handover` who hands over to whom, and when"));
    }
    faults.extend(contradiction(&found, today));
    if faults.is_empty() && found.is_empty() && !args.handover {
        let fault = Diagnostic::new(Code::InvalidValue, "nothing is supposed");
        faults.push(fault.help("say what would be otherwise: `--set rds/ledger.multi_az=false`, `--mode ecs=fargate`, `--add eks`, `--remove PARTY`, `--region REGION`, `--handover`"));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// Two suppositions that say something else of one attribute: neither is what would be.
fn contradiction(found: &[Supposition], today: &Workspace) -> Option<Diagnostic> {
    let mut said: BTreeMap<(usize, &str), &Value> = BTreeMap::new();
    for one in found {
        let Supposition::Set {
            resources,
            attribute,
            value,
        } = one
        else {
            continue;
        };
        for position in resources {
            let before = said.insert((*position, attribute), value);
            if before.is_some_and(|before| before != value) {
                let resource = &today.matrix[ResourceIx::new(*position)];
                let name = resource.name.as_deref().unwrap_or("a resource");
                let fault = Diagnostic::new(
                    Code::InvalidValue,
                    format!("`{attribute}` of `{name}` is supposed to be two things at once"),
                );
                return Some(fault.help("suppose one value of each attribute, and ask once for each value"));
            }
        }
    }
    None
}

/// The parts of `TARGET.ATTRIBUTE=VALUE`. A target may have dots, and so may an attribute: the longest target that there is
/// counts.
fn parts<'t>(text: &'t str, today: &Workspace) -> Option<(&'t str, &'t str, &'t str)> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
    let dots: Vec<usize> = text.match_indices('.').map(|(at, _)| at).collect();
    dots.into_iter().rev().find_map(|at| {
        let (target, rest) = (&text[..at], &text[at + 1..]);
        let (attribute, value) = rest.split_once('=')?;
        (is_name(attribute) && !resources(target, today).is_empty()).then_some((target, attribute, value))
    })
}

fn set(text: &str, today: &Workspace) -> Outcome<Supposition> {
    let Some((path, _)) = text
        .split_once('=')
        .filter(|(path, _)| path.contains('.') || text.matches('=').count() > 1)
    else {
        let fault = Diagnostic::new(Code::InvalidValue, format!("`--set {text}` says no attribute and value"));
        return Err(vec![
            fault.help("write TARGET.ATTRIBUTE=VALUE, such as `--set rds/ledger.multi_az=false`"),
        ]);
    };
    if let Some((target, attribute, value)) = parts(text, today) {
        return Ok(Supposition::Set {
            resources: resources(target, today),
            attribute: attribute.to_owned(),
            value: value_of(value),
        });
    }
    // Words of `match` that mean nothing say so themselves.
    if let Some((target, _)) = text.rsplit_once('.').filter(|(target, _)| target.contains('='))
        && let Err(mut faults) = selection(target, &today.inventory, &today.catalog)
    {
        faults
            .iter_mut()
            .for_each(|fault| fault.message = fault.message.replace("`--only`", "`--set`"));
        return Err(faults);
    }
    if let Some(at) = path.rfind('.').filter(|at| !resources(&path[..*at], today).is_empty()) {
        let fault = Diagnostic::new(Code::InvalidValue, format!("`{}` is no attribute's name", &path[at + 1..]));
        return Err(vec![
            fault.help("write TARGET.ATTRIBUTE=VALUE, such as `--set rds/ledger.multi_az=false`"),
        ]);
    }
    let names = named(today);
    let target = text.split(['.', '=']).next().unwrap_or(text);
    let target = target.rsplit('/').next().unwrap_or(target);
    let fault = Diagnostic::new(Code::InvalidValue, format!("`--set {text}` means no resource of the inventory"));
    let help = match crate::diagnostics::nearest(target, names) {
        Some(near) => format!(
            "did you mean `{near}`? Write TARGET.ATTRIBUTE=VALUE, where TARGET is a resource's name, a service, service/name or service/mode"
        ),
        None => {
            "write TARGET.ATTRIBUTE=VALUE, where TARGET is a resource's name, a service, service/name, service/mode, or words of `match`"
                .to_owned()
        }
    };
    Err(vec![fault.help(help)])
}

/// `SERVICE=MODE`.
fn mode(text: &str, today: &Workspace) -> Outcome<Supposition> {
    let Some((target, mode)) = text.split_once('=') else {
        let fault = Diagnostic::new(Code::InvalidValue, format!("`--mode {text}` names no mode"));
        return Err(vec![fault.help("write `--mode ecs=fargate`")]);
    };
    if target.is_empty() || mode.is_empty() {
        let what = if mode.is_empty() { "mode" } else { "service" };
        let fault = Diagnostic::new(Code::InvalidValue, format!("`--mode {text}` names no {what}"));
        return Err(vec![fault.help("write `--mode ecs=fargate`")]);
    }
    let resources = resources(target, today);
    if resources.is_empty() {
        let fault = Diagnostic::new(Code::UnknownService, format!("`{target}` is not in this inventory"));
        return Err(vec![fault.help(match crate::diagnostics::nearest(target, named(today)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a service of the inventory, or one of its resources".to_owned(),
        })]);
    }
    Ok(Supposition::Set {
        resources,
        attribute: "mode".to_owned(),
        value: mode.into(),
    })
}

/// What resources of the inventory are called, and their services.
fn named(today: &Workspace) -> BTreeSet<&str> {
    let resources = today.inventory.resources.iter();
    let names = resources.filter_map(|resource| resource.name.as_deref());
    let services = today.matrix.units.iter().map(|unit| unit.split.service.as_str());
    names.chain(services).collect()
}

/// `SERVICE[/MODE]`, and after commas what else a resource says.
fn add(text: &str) -> Outcome<Supposition> {
    const FIELDS: [&str; 7] = ["name", "account", "region", "environment", "owner", "count", "data"];
    let mut parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    if parts.clone().next().is_none() {
        let fault = Diagnostic::new(Code::InvalidValue, format!("`--add {text}` names no service"));
        return Err(vec![fault.help(
            "write `--add eks/auto-mode`, or with more: `--add 'eks/auto-mode,environment=prod'`",
        )]);
    }
    let mut fields = Map::new();
    fields.insert("service".to_owned(), parts.next().unwrap_or_default().into());
    let mut config = Map::new();
    for part in parts {
        let Some((key, value)) = part.split_once('=') else {
            let fault = Diagnostic::new(Code::InvalidValue, format!("`--add` cannot read `{part}`"));
            return Err(vec![fault.help("write `--add 'SERVICE/MODE,environment=prod,region=REGION'`")]);
        };
        if FIELDS.contains(&key) {
            let value = if key == "count" { value_of(value) } else { value.into() };
            fields.insert(key.to_owned(), value);
        } else {
            config.insert(key.to_owned(), value_of(value));
        }
    }
    fields.insert("config".to_owned(), Value::Object(config));
    Ok(Supposition::Add(fields))
}

/// The id of a party.
fn remove(text: &str, today: &Workspace) -> Outcome<Supposition> {
    let parties = &today.inventory.parties;
    if let Some(position) = parties.iter().position(|party| *party.id == *text) {
        return Ok(Supposition::Remove(position));
    }
    let known: Vec<&str> = parties.iter().map(|party| &*party.id).collect();
    let fault = Diagnostic::new(Code::UnknownParty, format!("no party `{text}` is defined"));
    Err(vec![fault.help(did_you_mean(text, &known))])
}

/// A value as YAML writes it: `false`, `35`, `[a, b]`, else text.
fn value_of(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|_| text.into())
}

/// The positions of the resources that a target means: by name, ARN or address, by `service`, `service/name` or
/// `service/mode`, or by words of `match`.
fn resources(target: &str, today: &Workspace) -> Vec<usize> {
    let listed: BTreeSet<usize> = today.matrix.listed.iter().map(|index| index.position()).collect();
    let is_called = |position: &usize, name: &str| {
        let resource = &today.matrix[ResourceIx::new(*position)];
        [&resource.name, &resource.arn, &resource.address]
            .into_iter()
            .any(|known| known.as_deref() == Some(name))
    };
    let by_name: Vec<usize> = listed.iter().copied().filter(|position| is_called(position, target)).collect();
    if !by_name.is_empty() {
        return by_name;
    }
    let of_unit = |takes: &dyn Fn(UnitIx) -> bool| -> Vec<usize> {
        let units = today.matrix.units().filter(|(index, _)| takes(*index));
        let all = units.flat_map(|(_, unit)| unit.resources.iter().map(|index| index.position()));
        all.filter(|position| listed.contains(position)).collect()
    };
    if target.contains('=') {
        let Ok(selector) = selection(target, &today.inventory, &today.catalog) else {
            return Vec::new();
        };
        let units = today.matrix.units();
        let taken = units.flat_map(|(_, unit)| {
            let takes = |index: &&ResourceIx| selector.takes_subject(&unit.subject(&today.matrix[**index]));
            unit.resources
                .iter()
                .filter(takes)
                .map(|index| index.position())
                .collect::<Vec<_>>()
        });
        return taken.filter(|position| listed.contains(position)).collect();
    }
    let (service, rest) = target
        .split_once('/')
        .map_or((target, None), |(service, rest)| (service, Some(rest)));
    let Some(service) = today.catalog.resolve(service) else {
        return Vec::new();
    };
    let is_of = |index: UnitIx| today.matrix[index].split.service == service;
    match rest {
        None => of_unit(&is_of),
        Some(rest) => {
            let named: Vec<usize> = of_unit(&is_of).into_iter().filter(|position| is_called(position, rest)).collect();
            if !named.is_empty() {
                return named;
            }
            let in_mode = |index: UnitIx| {
                let mode = today.matrix[index]
                    .split
                    .mode
                    .as_ref()
                    .map_or(STANDARD_MODE, |mode| mode.id.as_str());
                is_of(index) && mode == rest
            };
            of_unit(&in_mode)
        }
    }
}
