//! Resources that scanners saw, where nothing else tells what is deployed.
//!
//! In: results. Out: each resource that any of them is about and tells the type of, once, with nothing but what it is called and
//! where it is; and of an account of which only account-wide checks tell, the account itself.

use super::sink::Intake;
use super::{Context, Found, Imported, ImportedResource, json};
use crate::catalog::{Arn, account_provider};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::results::{Results, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What tells two resources apart: the ARN, or else a name or an address within an account, a Region and a type.
type Key<'t> = (Option<&'t str>, [Option<&'t Arc<str>>; 5]);

/// The resources that the results are about, a list for each file that names one first.
///
/// # Errors
/// What an import says.
pub(in crate::inventory) fn of_results(results: &Results, context: Context<'_>) -> Outcome<Vec<Imported>> {
    let mut seen: BTreeMap<Key<'_>, (usize, ImportedResource)> = BTreeMap::new();
    let mut accounts: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    for (file, of_file) in results.files.iter().enumerate() {
        // What is not current any more is mostly gone, too.
        let current = of_file.results.iter().filter(|result| !result.is_archived);
        for target in current.map(|result| &result.target) {
            if let Some(account) = &target.account {
                accounts.entry(account).or_insert(file);
            }
            if target.is_named() && !target.is_untyped() {
                let (_, known) = seen.entry(key(target)).or_insert_with(|| (file, ImportedResource::default()));
                add(target, known);
            }
        }
    }
    let named: BTreeSet<Arc<str>> = seen.values().filter_map(|(_, resource)| resource.account.clone()).collect();
    let mut by_file: Vec<Vec<ImportedResource>> = vec![Vec::new(); results.files.len()];
    for (file, resource) in seen.into_values() {
        by_file[file].push(resource);
    }
    // An account is in scope wherever anything is deployed in it.
    for (account, file) in accounts.into_iter().filter(|(account, _)| !named.contains(*account)) {
        let Some(own) = context.catalog.account_service(account_provider(account)) else {
            continue;
        };
        by_file[file].push(ImportedResource {
            kind: own.into(),
            service: Some(own.into()),
            account: Some(account.clone()),
            ..ImportedResource::default()
        });
    }
    let mut all = Vec::new();
    for (file, resources) in results.files.iter().zip(by_file) {
        let mut intake = Intake::new(&file.path, &context, false, None);
        let cut = |send: &mut dyn FnMut(_)| {
            (0..).zip(resources).for_each(send);
            Ok(())
        };
        intake.pieces(false, cut, |(order, resource), sink| sink.add(Found::alone(resource), order))?;
        let mut imported = intake.finish(true)?;
        imported.source = file.format;
        all.push(imported);
    }
    if all.iter().all(|imported| imported.resources.is_empty())
        && let (Some(first), Some(file)) = (all.first_mut(), results.files.first())
    {
        first.warnings.push(
            Diagnostic::new(Code::ImportEmpty, format!("`{}` names no resource and no account", file.path))
                .at(Place::file(file.path.clone()))
                .help("name what is deployed, too: an inventory, or a file to import"),
        );
    }
    Ok(all)
}

fn key(target: &Target) -> Key<'_> {
    match target.arn.as_deref() {
        Some(arn) => (Some(arn), [None; 5]),
        None => {
            let Target {
                name,
                address,
                kind,
                account,
                region,
                ..
            } = target;
            (None, [name, address, kind, account, region].map(Option::as_ref))
        }
    }
}

/// Adds what a result tells of a resource; of several that differ, the first in order.
fn add(target: &Target, resource: &mut ImportedResource) {
    let arn = target.arn.as_deref();
    let fields = arn.and_then(Arn::parse);
    let fill = |to: &mut Option<Arc<str>>, from: Option<Arc<str>>| *to = [to.take(), from].into_iter().flatten().min();
    let own = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Arc::from);
    fill(&mut resource.account, target.account.clone().or_else(|| own(fields?.account)));
    fill(&mut resource.region, target.region.clone().or_else(|| own(fields?.region)));
    let name = target.name.as_deref().map(str::to_owned).or_else(|| json::name_of_arn(arn?));
    resource.name = [resource.name.take(), name].into_iter().flatten().min();
    let kind = target.kind.clone().or_else(|| Some(json::kind_of_arn(arn?)?.into()));
    let known = Some(resource.kind.clone()).filter(|kind| !kind.is_empty());
    resource.kind = [known, kind].into_iter().flatten().min().unwrap_or_else(|| "unknown".into());
    resource.arn = arn.map(str::to_owned);
    if let Some(address) = target.address.as_deref() {
        address.clone_into(&mut resource.address);
    }
    if arn.is_none() && resource.address.is_empty() {
        resource.id.clone_from(&resource.name);
    }
}
