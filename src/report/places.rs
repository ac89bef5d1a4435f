//! Where duties and commitments hold: on which of the resources that the Report lists.
//!
//! In: the resources of the matrix, and those that are listed. Out: a [`Place`] for each set of resources, which all that holds on
//! the same ones shares.

use super::model::Place;
use crate::inventory::Resource;
use crate::raci::{Matrix, ResourceIx};
use foldhash::fast::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Places so far.
pub(super) struct Places<'m> {
    matrix: &'m Matrix,
    /// By resource, its position in the Report's list; none where that leaves it out.
    listed: Vec<Option<usize>>,
    /// By the address of the list that the matrix shares between what holds on the same resources.
    known: HashMap<*const ResourceIx, Arc<Place>, RandomState>,
}

impl<'m> Places<'m> {
    pub(super) fn of(matrix: &'m Matrix, listed: &[ResourceIx]) -> Self {
        let mut positions = vec![None; matrix.resources.len()];
        for (position, index) in listed.iter().enumerate() {
            if let Some(own) = positions.get_mut(index.position()) {
                *own = Some(position);
            }
        }
        Self {
            matrix,
            listed: positions,
            known: HashMap::default(),
        }
    }

    /// The place of what holds on these resources.
    pub(super) fn place(&mut self, resources: &Arc<[ResourceIx]>) -> Arc<Place> {
        if let Some(known) = self.known.get(&resources.as_ptr()) {
            return known.clone();
        }
        let of = |index: &ResourceIx| self.listed.get(index.position()).copied().flatten();
        let mut positions: Vec<usize> = resources.iter().filter_map(of).collect();
        positions.sort_unstable();
        let place = Arc::new(Place {
            environments: self.distinct(resources, |resource| resource.environment.as_ref()),
            accounts: self.distinct(resources, |resource| resource.account.as_ref()),
            resources: positions,
        });
        self.known.insert(resources.as_ptr(), place.clone());
        place
    }

    /// What is true of some of them, each once and sorted.
    fn distinct(&self, resources: &[ResourceIx], pick: impl Fn(&'m Resource) -> Option<&'m Arc<str>>) -> Vec<Arc<str>> {
        let mut found: BTreeSet<&Arc<str>> = BTreeSet::new();
        // Of many in a row it is most often the same.
        let mut last: Option<&Arc<str>> = None;
        for name in resources.iter().filter_map(|index| pick(&self.matrix[*index])) {
            if last.is_none_or(|last| *last != *name) {
                found.insert(name);
                last = Some(name);
            }
        }
        found.into_iter().cloned().collect()
    }
}
