//! Kinds of places: where every activity is assigned alike.
//!
//! In: the places of a unit, which selectors tell apart. Out: those on which the same rules and exceptions of the handover apply,
//! together. Of hundreds of accounts' places there are a few kinds.

use super::context::Context;
use super::{Join, UnitJoin};
use crate::inventory::Subject;
use crate::raci::index::{ResourceIx, RuleIx};
use std::collections::BTreeMap;

/// Resources that no rule can tell apart, all of one environment.
pub(super) struct Place<'r> {
    pub(super) context: Context<'r>,
    pub(super) taking: Vec<RuleIx>,
    /// What the handover leaves where it is, by position.
    pub(super) keeping: Vec<usize>,
    pub(super) resources: Vec<ResourceIx>,
}

/// The positions of places on which every activity is assigned alike.
pub(super) type Kind = Vec<usize>;

/// The kinds of places.
pub(super) fn kinds(places: &[Place<'_>]) -> Vec<Kind> {
    let mut kinds: BTreeMap<_, Kind> = BTreeMap::new();
    for (position, place) in places.iter().enumerate() {
        let of = (place.context.environment, place.context.operator, &place.taking, &place.keeping);
        kinds.entry(of).or_default().push(position);
    }
    kinds.into_values().collect()
}

impl Join<'_> {
    /// What of the handover's exceptions takes a subject, by position.
    pub(super) fn keeping(&self, subject: &Subject<'_>) -> Vec<usize> {
        let keeps = self.inventory.handover.iter().flat_map(|handover| &handover.keeps);
        keeps
            .enumerate()
            .filter(|(_, keep)| keep.selector.takes_subject(subject))
            .map(|(position, _)| position)
            .collect()
    }
}

impl UnitJoin<'_> {
    /// The kinds of places, each with one of them.
    pub(super) fn one_of_each_kind(&self) -> impl Iterator<Item = (&Kind, &Place<'_>)> {
        let kinds = self.kinds.iter();
        kinds.filter_map(|kind| Some((kind, self.places.get(*kind.first()?)?)))
    }
}
