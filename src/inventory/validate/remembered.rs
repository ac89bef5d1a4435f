//! What was found out before: most of a hundred thousand resources have the same services, types and keys.
//!
//! In: names as an inventory writes them. Out: what the catalog says of them, asked once for each.

use super::Validator;
use crate::catalog::Arn;
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
    /// By namespace of ARNs the service of all of them, or that they are of several.
    namespaces: Answers<String, Owner>,
}

/// Whose the ARNs of a namespace are.
#[derive(Debug, Clone)]
enum Owner {
    /// All are of one service, or of none that is known.
    One(Option<Arc<str>>),
    /// What each names tells it.
    Several,
}

impl Validator<'_> {
    /// The service of an ARN, which is taken apart beside it.
    pub(super) fn service_of_arn(&mut self, text: &str, arn: &Arn<'_>) -> Option<Arc<str>> {
        let catalog = self.catalog;
        let of = || catalog.service_of_arn(text).map(Arc::<str>::from);
        match self.words.namespaces.get(arn.namespace) {
            Some(Owner::One(service)) => return service.clone(),
            Some(Owner::Several) => return of(),
            None => {}
        }
        let found = of();
        if self.words.namespaces.len() < MOST {
            let is_one = catalog.is_of_one_service(arn.namespace);
            let owner = if is_one { Owner::One(found.clone()) } else { Owner::Several };
            self.words.namespaces.insert(arn.namespace.to_owned(), owner);
        }
        found
    }

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
