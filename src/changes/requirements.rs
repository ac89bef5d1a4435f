//! Requirements of frameworks that have another type than before.
//!
//! In: both sides, as far as both name the same framework. Out: changes, each with the services whose activities answer it on
//! one side only.

use super::cause::{Cause, Reason};
use super::pairs::Both;
use super::snapshot::{Joined, Snapshot};
use super::{Change, Kind, RequirementName, Stand};
use crate::catalog::frameworks::Requirement;
use crate::raci::requirements::{RequirementType, Serving};
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

/// A requirement of a side.
enum Row<'s> {
    /// As it was decoded.
    Told(&'s RequirementStand),
    /// With its type: few have another one, and what answers the others nobody asks.
    Joined(&'s Requirement, RequirementType),
}

impl Row<'_> {
    fn kind(&self) -> &str {
        match self {
            Self::Told(stand) => &stand.kind,
            Self::Joined(_, kind) => kind.word(),
        }
    }
}

/// The requirements of a framework that a side names.
struct Rows<'s> {
    id: &'s Arc<str>,
    short: &'s str,
    by_id: BTreeMap<&'s Arc<str>, Row<'s>>,
}

/// A side, and what its matrix has for each objective, where it has a matrix.
struct Side<'s, 'a> {
    of: &'s Snapshot<'a>,
    joined: Option<(&'s Joined<'a>, Serving)>,
}

impl<'s, 'a> Side<'s, 'a> {
    fn of(of: &'s Snapshot<'a>) -> Self {
        let joined = of.joined.as_ref().map(|joined| (joined, Serving::of(joined.matrix)));
        Self { of, joined }
    }

    /// The requirements of the frameworks that are wanted.
    fn frameworks(&self, wanted: &BTreeSet<Arc<str>>) -> Vec<Rows<'s>> {
        let Some((joined, serving)) = &self.joined else {
            let frameworks = self.of.frameworks.iter().filter(|one| wanted.contains(&one.id));
            let rows = frameworks.map(|one| Rows {
                id: &one.id,
                short: &one.short,
                by_id: one.rows.iter().map(|(id, stand)| (id, Row::Told(stand))).collect(),
            });
            return rows.collect();
        };
        let choices = joined.inventory.frameworks.iter().filter(|choice| wanted.contains(&choice.id));
        let known = choices.filter_map(|choice| Some((joined.catalog.frameworks.get(&choice.id)?, choice)));
        let rows = known.map(|(framework, choice)| {
            let requirements = framework.of_baseline(choice.baseline.as_deref());
            Rows {
                id: &framework.id,
                short: &framework.short,
                by_id: requirements.map(|one| (&one.id, Row::Joined(one, serving.kind(one)))).collect(),
            }
        });
        rows.collect()
    }

    /// A requirement with what answers it.
    fn stand(&self, row: &Row<'s>) -> Option<RequirementStand> {
        let (requirement, kind) = match row {
            Row::Told(stand) => return Some((*stand).clone()),
            Row::Joined(requirement, kind) => (*requirement, *kind),
        };
        let (joined, serving) = self.joined.as_ref()?;
        let (matrix, parties) = (joined.matrix, &joined.inventory.parties);
        let answered = serving.requirement(requirement);
        let duties = || answered.duties.iter().map(|duty| &matrix[*duty]);
        let accountable = duties().map(|duty| duty.assignment.accountable().position());
        Some(RequirementStand {
            title: requirement.title.clone(),
            kind: kind.word().into(),
            customer: duties().map(|duty| matrix[duty.unit].title.as_str().into()).collect(),
            provider: answered
                .commitments
                .iter()
                .map(|position| matrix[matrix.commitments[*position].unit].title.as_str().into())
                .collect(),
            accountable: accountable
                .filter_map(|position| parties.get(position).map(|party| party.id.clone()))
                .collect(),
        })
    }
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
    let (before, after) = (Side::of(both.old), Side::of(both.new));
    let known = before.frameworks(&wanted);
    for framework in after.frameworks(&wanted) {
        let Some(was) = known.iter().find(|one| one.id == framework.id) else {
            continue;
        };
        for (id, new) in &framework.by_id {
            let Some(old) = was.by_id.get(id).filter(|old| old.kind() != new.kind()) else {
                continue;
            };
            if let (Some(old), Some(new)) = (before.stand(old), after.stand(new)) {
                changes.push(change(both, (&framework, id), &old, &new));
            }
        }
    }
}

fn change(both: &Both<'_, '_>, (framework, id): (&Rows<'_>, &Arc<str>), old: &RequirementStand, new: &RequirementStand) -> Change {
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
        title: framework.short.into(),
        name: framework.short.into(),
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
