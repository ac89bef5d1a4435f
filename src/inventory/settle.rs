//! Resources whose service their attributes leave open.
//!
//! In: an inventory's resources, and results of checks. Out: the same, where checks that are about duties of one service alone
//! tell which one it is; and a word of those of which nothing does. Of these no attribute shows anything.

use super::{Inventory, Resource};
use crate::catalog::Catalog;
use crate::catalog::attributes::open::{UNREAD, add_unread};
use crate::catalog::checks::Mapped;
use crate::diagnostics::{Code, Diagnostic};
use crate::results::{CheckResult, Outcome, Results};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many resources are named.
const NAMED: usize = 3;

/// What nothing settles: the service, those that it may be instead, and what would tell.
type Open = (Arc<str>, BTreeSet<String>, BTreeSet<String>);

/// Settles what checks settle, and tells what stays open.
pub(super) fn services(inventory: &mut Inventory, results: &Results, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut looked_for = None;
    let mut untold: BTreeMap<Open, Vec<Arc<Resource>>> = BTreeMap::new();
    let mut is_settled = false;
    for resource in &mut inventory.resources {
        let Some((service, open, by)) = open_of(resource, inventory.is_of_results, catalog) else {
            continue;
        };
        let looked_for = looked_for.get_or_insert_with(|| by_checks(results, catalog));
        let of = resource.arn.as_deref().and_then(|arn| looked_for.get(arn));
        let mut told = open.iter().filter(|one| of.is_some_and(|of| of.contains(**one)));
        if let (Some(one), None) = (told.next(), told.next()) {
            become_of(Arc::make_mut(resource), one, catalog);
            is_settled = true;
            continue;
        }
        let open: BTreeSet<String> = open
            .into_iter()
            .filter(|one| may_be(resource, one, catalog))
            .map(str::to_owned)
            .collect();
        if !open.is_empty() && !resource.supporting {
            untold.entry((service, open, by)).or_default().push(resource.clone());
        }
    }
    if is_settled {
        inventory.resources.sort_by(|one, other| one.by_content(other));
    }
    untold.iter().map(|(open, of)| untold_of(open, of, catalog)).collect()
}

/// Takes from what stays open all that would show a duty done or undone: it is shown as of the service that such a type mostly is
/// of, whose duties may be fewer than those of the one that it is of.
pub(super) fn nothing_shown(inventory: &mut Inventory, catalog: &Catalog) {
    let mut is_changed = false;
    for resource in inventory.resources.iter_mut().filter(|resource| !resource.supporting) {
        let open = open_of(resource, inventory.is_of_results, catalog);
        let open = open.filter(|(_, open, _)| open.iter().any(|one| may_be(resource, one, catalog)));
        if let Some((_, _, by)) = open {
            // What tells of it what it is stays.
            let stays = |name: &str| name == UNREAD || name == "kind" || by.contains(name);
            Arc::make_mut(&mut Arc::make_mut(resource).config).retain(|name, _| stays(name));
            is_changed = true;
        }
    }
    if is_changed {
        inventory.resources.sort_by(|one, other| one.by_content(other));
    }
}

/// The service of a resource, those that it may be of instead, and what would tell; none where it is settled.
fn open_of<'c>(resource: &Resource, is_of_results: bool, catalog: &'c Catalog) -> Option<(Arc<str>, BTreeSet<&'c str>, BTreeSet<String>)> {
    // A name of Terraform's is one service's alone, and who names the service has settled it. A scanner names types.
    let is_type = resource.kind.contains(':') || is_of_results && !resource.kind.contains('_');
    let service = resource.service.clone().filter(|_| is_type)?;
    let (open, by) = catalog.open_to(&service, &resource.config);
    (!open.is_empty()).then_some((service, open, by))
}

/// Whether a resource may be of a service, by its type or its ARN.
fn may_be(resource: &Resource, service: &str, catalog: &Catalog) -> bool {
    let (kind, arn) = (&resource.kind, resource.arn.as_deref());
    catalog.kind_by_type(service, kind).is_some() || !kind.contains("::") && catalog.kind_in_arns(service, kind, arn).is_some()
}

/// By ARN, the services that checks looked at it for: those of which all of a check's duties are.
fn by_checks<'r>(results: &'r Results, catalog: &Catalog) -> BTreeMap<&'r str, BTreeSet<String>> {
    let mut services: BTreeMap<(&str, &str), Option<String>> = BTreeMap::new();
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    // A check that says it was not for the resource tells nothing of it.
    let judged = |result: &&CheckResult| result.outcome != Outcome::NotJudged && !result.is_archived;
    for result in results.files.iter().flat_map(|file| &file.results).filter(judged) {
        let Some(arn) = result.target.arn.as_deref() else { continue };
        let of_check = || {
            let Some(Mapped::Duties(check)) = catalog
                .check(&result.scanner, &result.check)
                .filter(|mapped| !is_on_account(mapped))
            else {
                return None;
            };
            let of = |activity: &str| activity.split(['.', '/']).next().unwrap_or_default().to_owned();
            let mut all: BTreeSet<String> = check.effects.iter().map(|effect| of(&effect.activity)).collect();
            let only = all.pop_first()?;
            all.is_empty().then_some(only)
        };
        let service = services.entry((&result.scanner, &result.check)).or_insert_with(of_check);
        if let Some(service) = service {
            found.entry(arn).or_default().insert(service.clone());
        }
    }
    found
}

fn is_on_account(mapped: &Mapped) -> bool {
    matches!(mapped, Mapped::Duties(check) if check.on_account)
}

fn become_of(resource: &mut Resource, service: &str, catalog: &Catalog) {
    resource.service = Some(service.into());
    let config = Arc::make_mut(&mut resource.config);
    config.shift_remove("kind");
    match catalog.kind_of(service, &resource.kind, resource.arn.as_deref(), config) {
        Some(named) => drop(config.insert("kind".to_owned(), named.into())),
        None => add_unread(config, ["kind"]),
    }
}

fn untold_of((service, open, by): &Open, of: &[Arc<Resource>], catalog: &Catalog) -> Diagnostic {
    let name = |id: &str| catalog.service(id).map_or_else(|| id.to_owned(), |service| service.name.clone());
    let count: u64 = of.iter().map(|resource| resource.count).sum();
    let names: Vec<&str> = of.iter().take(NAMED).map(|resource| resource.label()).collect();
    let more = if of.len() > names.len() { ", ..." } else { "" };
    let (service, others) = (name(service), open.iter().map(|id| name(id)).collect::<Vec<_>>().join(" or "));
    let (noun, verb) = if count == 1 { ("resource", "is") } else { ("resources", "are") };
    let what = format!(
        "{count} {noun} shown as {service} may be of {others}: nothing tells of what {}{more} {verb}",
        names.join(", ")
    );
    let by: Vec<String> = by.iter().map(|name| format!("`{name}`")).collect();
    let told = Diagnostic::new(Code::ServiceOpen, what).help(format!("give {}, or name the `service` in an inventory", by.join(", ")));
    match of.first() {
        Some(first) => told.at(first.place.clone()),
        None => told,
    }
}
