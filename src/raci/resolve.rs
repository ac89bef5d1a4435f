//! From an inventory to its matrix.
//!
//! In: catalog, inventory and date. Out: the matrix. Work grows with the number of distinct contexts (combinations of what
//! the rules look at) and not with the number of resources, except for predicates, which look at each resource.

use super::Matrix;
use super::accounts::{Deployment, with_accounts};
use super::index::{ResourceIx, RuleIx, UnitIx};
use super::join::{Join, Joined};
use super::scans::Joining;
use super::taken::Known;
use super::units::{Group, group};
use crate::catalog::{Catalog, Split};
use crate::inventory::Inventory;
use crate::threads;
use jiff::civil::Date;

/// Joins a catalog and an inventory, as of a date: an exception that has expired by then excuses nothing.
#[must_use]
pub fn resolve(catalog: &Catalog, inventory: &Inventory, as_of: Date) -> Matrix {
    joined(catalog, inventory, as_of, None)
}

/// As [`resolve`], beside another inventory that was joined with the same catalog as of the same date: what is the same in both
/// is taken over.
#[must_use]
pub fn resolve_beside(catalog: &Catalog, inventory: &Inventory, as_of: Date, other: (&Inventory, &Matrix)) -> Matrix {
    joined(catalog, inventory, as_of, Some(other))
}

/// A group of resources before it is joined, and the unit of another matrix that it becomes, where there is one.
struct Unjoined {
    split: Split,
    group: Group,
    known: Option<UnitIx>,
}

fn joined(catalog: &Catalog, inventory: &Inventory, as_of: Date, beside: Option<(&Inventory, &Matrix)>) -> Matrix {
    let Deployment { resources, operated } = with_accounts(catalog, inventory);
    let known = beside.and_then(|other| Known::of(other, inventory, (&resources, &operated)));
    let (groups, unclassified) = group(catalog, &resources);
    let unjoined = groups.into_iter().filter_map(|(key, group)| {
        let taken = known.as_ref().and_then(|known| Some((known.unit(&key, &group)?, known)));
        Some(Unjoined {
            split: match taken {
                Some((index, known)) => known.split(index),
                None => catalog.split(&key.0, key.1.as_deref())?,
            },
            known: taken.map(|(index, _)| index),
            group,
        })
    });
    let mut unjoined: Vec<Unjoined> = unjoined.collect();
    unjoined.sort_by_cached_key(|Unjoined { split, .. }| (split.is_account, split.name.to_lowercase(), split.mode.clone()));
    let join = Join::new(catalog, inventory, as_of, &resources, &operated);
    let of = |(position, one): (usize, Unjoined)| {
        let unit = UnitIx::new(position);
        match known.as_ref().zip(one.known) {
            Some((known, index)) => known.take((index, one.split), one.group, unit),
            None => join.unit(unit, one.split, one.group),
        }
    };
    let unjoined = unjoined.into_iter().enumerate();
    let joined: Vec<Joined> = if resources.len() < threads::MANY {
        unjoined.map(of).collect()
    } else {
        threads::each(unjoined.collect(), of)
    };
    let mut units = Vec::with_capacity(joined.len());
    let mut duties = Vec::with_capacity(joined.iter().map(|one| one.duties.len()).sum());
    let mut commitments = Vec::with_capacity(joined.iter().map(|one| one.commitments.len()).sum());
    for joined in joined {
        units.push(joined.unit);
        duties.extend(joined.duties);
        commitments.extend(joined.commitments);
    }
    let joining = Joining {
        catalog,
        inventory,
        as_of,
        resources: &resources,
        units: &units,
    };
    let scans = super::scans::join(joining, &mut duties);
    super::evidence::attest(joining, &mut duties);
    let mut is_used = vec![false; inventory.rules.len()];
    let provenances = duties.iter().map(|duty| &*duty.provenance);
    for provenance in provenances.chain(commitments.iter().map(|commitment| &commitment.provenance)) {
        provenance.rules().for_each(|rule| is_used[rule.position()] = true);
    }
    Matrix {
        idle_rules: (0..is_used.len()).filter(|position| !is_used[*position]).map(RuleIx::new).collect(),
        listed: (0..inventory.resources.len().min(resources.len())).map(ResourceIx::new).collect(),
        units,
        duties,
        commitments,
        unclassified,
        resources: resources.into(),
        scans: scans.into(),
        is_cut: false,
        whole: None,
        operated: operated.into(),
    }
}
