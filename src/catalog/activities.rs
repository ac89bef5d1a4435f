//! Which activities there are, over all services.
//!
//! In: an id, or what ids are asked for. Out: whether there is one, and those that may have been meant.

use super::{Activity, Catalog};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Ids of activities by service, as far as somebody asked for them.
#[derive(Debug, Default)]
pub struct ActivityIds(HashMap<String, BTreeSet<Arc<str>>>);

impl Catalog {
    /// Whether any activity of any service has an id that is wanted; `like` is the id, or begins as it does. The service
    /// that it begins with is looked at first, so that the others are not decoded where that is enough; `known` keeps what
    /// was decoded for the next question.
    #[must_use]
    pub fn has_activity(&self, like: &str, is_wanted: &dyn Fn(&str) -> bool, known: &mut ActivityIds) -> bool {
        let named = self.named_by(like);
        let others = self.service_ids().filter(|id| Some(*id) != named);
        named.into_iter().chain(others).any(|service| {
            let ids = match known.0.get(service) {
                Some(ids) => ids,
                None => known.0.entry(service.to_owned()).or_insert_with(|| self.ids(service)),
            };
            ids.iter().any(|id| is_wanted(id))
        })
    }

    /// The ids of the service that an id begins with; of all services, where it begins with none.
    #[must_use]
    pub fn activities_of(&self, like: &str) -> BTreeSet<Arc<str>> {
        match self.named_by(like) {
            Some(service) => self.ids(service),
            None => self.service_ids().flat_map(|service| self.ids(service)).collect(),
        }
    }

    /// An activity by its id, of the first service and mode that has it, the service's own form before its modes.
    #[must_use]
    pub fn activity(&self, id: &str) -> Option<Arc<Activity>> {
        let service = self.named_by(id)?;
        let modes = self.modes(service).into_iter().map(|mode| Some(mode.id));
        let splits = std::iter::once(None)
            .chain(modes)
            .filter_map(|mode| self.split(service, mode.as_deref()));
        let mut activities = splits.flat_map(|split| split.controls).flat_map(|control| control.activities);
        activities.find(|activity| &*activity.id == id)
    }

    /// The service whose id stands before the first dot or slash.
    fn named_by(&self, like: &str) -> Option<&str> {
        let begin = like.split(['.', '/']).next()?;
        self.service_ids().find(|id| *id == begin)
    }

    fn ids(&self, service: &str) -> BTreeSet<Arc<str>> {
        let modes = self.modes(service).into_iter().map(|mode| Some(mode.id)).chain([None]);
        let splits = modes.filter_map(|mode| self.split(service, mode.as_deref()));
        splits
            .flat_map(|split| split.controls)
            .flat_map(|control| control.activities)
            .map(|activity| activity.id.clone())
            .collect()
    }
}
