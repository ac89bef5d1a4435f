//! What is a part of what.
//!
//! In: how files join what supports others to those that it supports. Out: of a resource the marks by which its parts know it, and
//! those of the resources that it is a part of, whatever becomes of the list that both stand in.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// How a resource is joined to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Belonging {
    /// The marks that it is known by to its parts; several where several files have it.
    own: Vec<u64>,
    /// The marks of those that it is a part of.
    of: Vec<u64>,
}

impl Belonging {
    /// The marks that it is known by to its parts.
    #[must_use]
    pub fn own(&self) -> &[u64] {
        &self.own
    }

    /// The marks of those that it is a part of.
    #[must_use]
    pub fn of(&self) -> &[u64] {
        &self.of
    }

    /// How one is joined that has parts, or is a part of others; none where it is neither.
    pub(super) fn new(own: Option<u64>, of: &[u64]) -> Option<Arc<Self>> {
        let made = Self {
            own: own.into_iter().collect(),
            of: of.to_vec(),
        };
        (made != Self::default()).then(|| made.into())
    }

    /// The same with marks that are no other file's.
    pub(super) fn of_file(&self, file: &str) -> Self {
        let marks = |all: &[u64]| all.iter().map(|mark| hash((file, *mark))).collect();
        Self {
            own: marks(&self.own),
            of: marks(&self.of),
        }
    }

    /// What two that are the same are joined to.
    pub(super) fn unite(one: &mut Option<Arc<Self>>, other: Option<Arc<Self>>) {
        let Some(other) = other else { return };
        match one {
            None => *one = Some(other),
            Some(one) => {
                let one = Arc::make_mut(one);
                for (to, from) in [(&mut one.own, &other.own), (&mut one.of, &other.of)] {
                    to.extend(from);
                    to.sort_unstable();
                    to.dedup();
                }
            }
        }
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
