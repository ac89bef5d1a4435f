//! Which activities there are, over all services.
//!
//! In: an id, or what ids are asked for. Out: whether there is one, and those that may have been meant.

use super::{Activity, Catalog};
use indexmap::IndexSet;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Ids of activities, in no order that means anything.
pub(super) type Ids = IndexSet<Box<str>, foldhash::fast::FixedState>;

impl Catalog {
    /// Whether any activity of any service has this id.
    #[must_use]
    pub fn is_activity(&self, id: &str) -> bool {
        // Of few ids it takes less to look each up than to put all ids of a service together.
        self.some_service(id, |service| self.is_in_splits(service, id))
    }

    /// Whether any activity of any service has an id that is wanted; `like` begins as it does.
    #[must_use]
    pub fn has_activity(&self, like: &str, is_wanted: &dyn Fn(&str) -> bool) -> bool {
        self.some_service(like, |service| self.ids(service).iter().any(|id| is_wanted(id)))
    }

    /// Whether something holds of a service. The one that an id begins with is looked at first, then those that are decoded, so
    /// that the others are not decoded where that is enough: what holds for every service is found in most.
    fn some_service(&self, like: &str, holds: impl Fn(&str) -> bool) -> bool {
        let named = self.named_by(like);
        if named.is_some_and(&holds) {
            return true;
        }
        let others = self.services.iter().filter(|(id, _)| Some(&***id) != named);
        let (decoded, others): (Vec<_>, Vec<_>) = others.partition(|(_, entry)| entry.file.is_decoded());
        decoded.into_iter().chain(others).any(|(id, _)| holds(id))
    }

    /// The ids of the service that an id begins with; of all services, where it begins with none.
    #[must_use]
    pub fn activities_of(&self, like: &str) -> BTreeSet<Arc<str>> {
        let services: Vec<&str> = match self.named_by(like) {
            Some(service) => vec![service],
            None => self.service_ids().collect(),
        };
        let ids = services.into_iter().flat_map(|service| self.ids(service));
        ids.map(|id| Arc::from(&**id)).collect()
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
        self.services.get_key_value(begin).map(|(id, _)| &**id)
    }

    /// The ids of a service's activities in all of its modes, put together once: rules and evidence ask for many.
    fn ids(&self, service: &str) -> &Ids {
        static NONE: LazyLock<Ids> = LazyLock::new(Ids::default);
        let entry = self.services.get(service);
        entry.map_or(&NONE, |entry| entry.activities.get_or_init(|| self.ids_in_splits(service)))
    }
}
