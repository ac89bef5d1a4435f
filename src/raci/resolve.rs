//! From an inventory to its matrix.
//!
//! In: catalog, inventory and date. Out: the matrix. Work grows with the number of distinct contexts (combinations of what
//! the rules look at) and not with the number of resources, except for predicates, which look at each resource.

use super::Matrix;
use super::accounts::{Deployment, with_accounts};
use super::index::{ResourceIx, RuleIx, UnitIx};
use super::join::{Join, Joined};
use super::scans::Joining;
use super::units::{Group, group};
use crate::catalog::{Catalog, Split};
use crate::inventory::Inventory;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Joins a catalog and an inventory, as of a date: an exception that has expired by then excuses nothing.
#[must_use]
pub fn resolve(catalog: &Catalog, inventory: &Inventory, as_of: Date) -> Matrix {
    let Deployment { resources, operated } = with_accounts(catalog, inventory);
    let (groups, unclassified) = group(catalog, &resources);
    let mut groups: Vec<(Split, Group)> = groups
        .into_iter()
        .filter_map(|((service, mode), group)| Some((catalog.split(&service, mode.as_deref())?, group)))
        .collect();
    groups.sort_by_cached_key(|(split, _)| (split.is_account, split.name.to_lowercase(), split.mode.clone()));
    let join = Join::new(catalog, inventory, as_of, &resources, &operated);
    let joined: Vec<Joined> = groups
        .into_iter()
        .enumerate()
        .map(|(position, (split, group))| join.unit(UnitIx::new(position), split, group))
        .collect();
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
    let used: BTreeSet<RuleIx> = duties
        .iter()
        .flat_map(|duty| duty.provenance.rules())
        .chain(commitments.iter().flat_map(|commitment| commitment.provenance.rules()))
        .collect();
    Matrix {
        idle_rules: (0..inventory.rules.len())
            .map(RuleIx::new)
            .filter(|rule| !used.contains(rule))
            .collect(),
        listed: (0..inventory.resources.len().min(resources.len())).map(ResourceIx::new).collect(),
        units,
        duties,
        commitments,
        unclassified,
        resources: resources.into(),
        scans: scans.into(),
        is_cut: false,
    }
}
