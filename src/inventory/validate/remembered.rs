//! What was found out before: most of a hundred thousand resources have the same services, types and keys.
//!
//! In: names as an inventory writes them. Out: what the catalog says of them, asked once for each.

use super::Validator;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// How many different names are remembered; those that are ARNs do not repeat.
pub(super) const MOST: usize = 4096;

/// Answers by what was asked.
pub(super) type Answers<K, V> = HashMap<K, V, RandomState>;

/// What names of services and of modes mean.
#[derive(Debug, Default)]
pub(super) struct Words {
    services: Answers<String, Option<Arc<str>>>,
    /// By service.
    modes: Answers<Arc<str>, Answers<String, Option<Arc<str>>>>,
}

impl Validator<'_> {
    /// The service that is called so.
    pub(super) fn service_named(&mut self, name: &str) -> Option<Arc<str>> {
        if let Some(known) = self.words.services.get(name) {
            return known.clone();
        }
        let found = self.catalog.resolve(name).map(Arc::<str>::from);
        if self.words.services.len() < MOST {
            self.words.services.insert(name.to_owned(), found.clone());
        }
        found
    }

    /// The mode that a name tells along with its service, as `fargate` and `alb` do.
    pub(super) fn mode_of_name(&mut self, service: Option<&Arc<str>>, name: &str) -> Option<Arc<str>> {
        let service = service?;
        if let Some(known) = self.words.modes.get(service).and_then(|modes| modes.get(name)) {
            return known.clone();
        }
        let found = self.catalog.mode_named(service, name).map(Arc::<str>::from);
        let modes = self.words.modes.entry(service.clone()).or_default();
        if modes.len() < MOST {
            modes.insert(name.to_owned(), found.clone());
        }
        found
    }
}
