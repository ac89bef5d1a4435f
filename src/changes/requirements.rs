//! Requirements of frameworks that have another type than before.
//!
//! In: both sides, as far as both name the same framework. Out: changes, each with the services whose activities answer it on
//! one side only.

use super::cause::{Cause, Reason};
use super::pairs::Both;
use super::snapshot::Snapshot;
use super::{Change, Kind, RequirementName, Stand};
use crate::raci::requirements::Serving;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Services that a reason names.
const NAMES: usize = 4;

/// A framework that a side names.
#[derive(Debug, Clone)]
pub(super) struct FrameworkStand {
    pub(super) id: Arc<str>,
    /// As printed before a requirement's id.
    pub(super) short: Arc<str>,
    /// By id.
    pub(super) rows: BTreeMap<Arc<str>, RequirementStand>,
}

/// A requirement and what answers it.
#[derive(Debug, Clone)]
pub(super) struct RequirementStand {
    pub(super) title: Option<Arc<str>>,
    /// Its type's word.
    pub(super) kind: Arc<str>,
    /// The services on which customers or partners do something for it.
    pub(super) customer: BTreeSet<Arc<str>>,
    /// The services on which a provider does.
    pub(super) provider: BTreeSet<Arc<str>>,
    /// The parties that answer for those duties.
    pub(super) accountable: BTreeSet<Arc<str>>,
}

/// The frameworks of a side, row by row; of those alone that are wanted.
fn stands(of: &Snapshot<'_>, wanted: &BTreeSet<Arc<str>>) -> Vec<FrameworkStand> {
    let Some(joined) = &of.joined else {
        return of.frameworks.iter().filter(|one| wanted.contains(&one.id)).cloned().collect();
    };
    let (matrix, parties) = (joined.matrix, &joined.inventory.parties);
    let serving = Serving::of(matrix);
    let choices = joined.inventory.frameworks.iter().filter(|choice| wanted.contains(&choice.id));
    let known = choices.filter_map(|choice| Some((joined.catalog.frameworks.get(&choice.id)?, choice)));
    let stands = known.map(|(framework, choice)| {
        let rows = serving.answer(framework, choice.baseline.as_deref()).into_iter().map(|one| {
            let duties = || one.duties.iter().map(|duty| &matrix[*duty]);
            let accountable = duties().map(|duty| duty.assignment.accountable().position());
            let stand = RequirementStand {
                title: one.requirement.title.clone(),
                kind: one.kind.word().into(),
                customer: duties().map(|duty| matrix[duty.unit].title.as_str().into()).collect(),
                provider: one
                    .commitments
                    .iter()
                    .map(|position| matrix[matrix.commitments[*position].unit].title.as_str().into())
                    .collect(),
                accountable: accountable
                    .filter_map(|position| parties.get(position).map(|party| party.id.clone()))
                    .collect(),
            };
            (one.requirement.id.clone(), stand)
        });
        FrameworkStand {
            id: framework.id.clone(),
            short: framework.short.as_str().into(),
            rows: rows.collect(),
        }
    });
    stands.collect()
}

/// The ids of the frameworks that a side names.
fn named(of: &Snapshot<'_>) -> BTreeSet<Arc<str>> {
    match &of.joined {
        Some(joined) => joined.inventory.frameworks.iter().map(|choice| choice.id.clone()).collect(),
        None => of.frameworks.iter().map(|framework| framework.id.clone()).collect(),
    }
}

/// The requirements of frameworks that both sides name and that have another type.
pub(super) fn retyped(both: &Both<'_, '_>, changes: &mut Vec<Change>) {
    let wanted: BTreeSet<Arc<str>> = named(both.old).intersection(&named(both.new)).cloned().collect();
    if wanted.is_empty() {
        return;
    }
    let before = stands(both.old, &wanted);
    for framework in stands(both.new, &wanted) {
        let Some(was) = before.iter().find(|one| one.id == framework.id) else {
            continue;
        };
        for (id, new) in &framework.rows {
            let Some(old) = was.rows.get(id).filter(|old| old.kind != new.kind) else {
                continue;
            };
            changes.push(change(both, (&framework, id), old, new));
        }
    }
}

fn change(both: &Both<'_, '_>, (framework, id): (&FrameworkStand, &Arc<str>), old: &RequirementStand, new: &RequirementStand) -> Change {
    let stand = |of: &RequirementStand| {
        Some(Stand {
            control_type: Some(of.kind.clone()),
            ..Stand::default()
        })
    };
    // On the same services only the catalog can have mapped it otherwise.
    let by_catalog = both.is_of_other_catalog() && (&old.customer, &old.provider) == (&new.customer, &new.provider);
    let because = if by_catalog { vec![both.catalogs()] } else { reasons(old, new) };
    let change = Change {
        kind: if by_catalog { Kind::Catalog } else { Kind::Reclassified },
        title: framework.short.clone(),
        name: framework.short.clone(),
        requirement: Some(RequirementName {
            framework: framework.id.clone(),
            id: id.clone(),
            title: new.title.clone(),
        }),
        before: stand(old),
        after: stand(new),
        parties: old.accountable.union(&new.accountable).cloned().collect(),
        ..Change::blank(Kind::Reclassified)
    };
    change.because(because)
}

/// Which halves came or went, and on which services.
fn reasons(old: &RequirementStand, new: &RequirementStand) -> Vec<Reason> {
    let on = |services: &BTreeSet<Arc<str>>| {
        let told: Vec<&str> = services.iter().take(NAMES).map(|name| &**name).collect();
        let more = services.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", told.join(", "))
    };
    let mut found = Vec::new();
    for (was, is, who) in [
        (&old.customer, &new.customer, "customer or partner"),
        (&old.provider, &new.provider, "provider"),
    ] {
        match (was.is_empty(), is.is_empty()) {
            (true, false) => found.push(format!("a {who} does something for it now, on {}", on(is))),
            (false, true) => found.push(format!("no {who} does anything for it any more, before on {}", on(was))),
            _ => {}
        }
    }
    if found.is_empty() {
        found.push("what answers it is mapped in another way".to_owned());
    }
    found.into_iter().map(|words| Reason::new(Cause::Resource, words)).collect()
}
