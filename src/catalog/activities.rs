//! Which activities there are, over all services.
//!
//! In: an id, or what ids are asked for. Out: whether there is one, and those that may have been meant.

use super::Catalog;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Catalog {
    /// Whether any activity of any service has an id that is wanted; `like` is the id, or begins as it does. The service
    /// that it begins with is looked at first, so that the others are not decoded where that is enough.
    #[must_use]
    pub fn has_activity(&self, like: &str, is_wanted: &dyn Fn(&str) -> bool) -> bool {
        let named = self.named_by(like);
        let others = self.service_ids().filter(|id| Some(*id) != named);
        named
            .into_iter()
            .chain(others)
            .any(|service| self.ids(service).any(|id| is_wanted(id)))
    }

    /// The ids of the service that an id begins with; of all services, where it begins with none.
    #[must_use]
    pub fn activities_of(&self, like: &str) -> BTreeSet<Arc<str>> {
        match self.named_by(like) {
            Some(service) => self.ids(service).cloned().collect(),
            None => self.service_ids().flat_map(|service| self.ids(service)).cloned().collect(),
        }
    }

    /// The service whose id stands before the first dot or slash.
    fn named_by(&self, like: &str) -> Option<&str> {
        let begin = like.split(['.', '/']).next()?;
        self.service_ids().find(|id| *id == begin)
    }

    /// The ids of a service's activities in all of its modes, put together once: rules and evidence ask for many.
    fn ids(&self, service: &str) -> impl Iterator<Item = &Arc<str>> {
        let entry = self.services.get(service);
        let ids = entry.map(|entry| entry.activities.get_or_init(|| self.ids_in_splits(service)));
        ids.into_iter().flatten()
    }

    fn ids_in_splits(&self, service: &str) -> BTreeSet<Arc<str>> {
        let modes = self.modes(service).into_iter().map(|mode| Some(mode.id)).chain([None]);
        let splits = modes.filter_map(|mode| self.split(service, mode.as_deref()));
        splits
            .flat_map(|split| split.controls)
            .flat_map(|control| control.activities)
            .map(|activity| activity.id.clone())
            .collect()
    }
}
