//! What attributes decide: whether an activity exists and is done, the mode, the service.
//!
//! In: a service. Out: for each of its predicates, and for the account's that look at its resources, the attributes that it
//! asks for, and what it decides.

use super::Catalog;
use super::predicate::Predicate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a predicate decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decided {
    /// Whether an activity exists or is done, by the activity's id.
    Activity(Arc<str>),
    /// Whether a resource runs in a mode, by the mode's id.
    Mode(Arc<str>),
    /// Whether a resource is another service's.
    Service(Arc<str>),
}

impl Catalog {
    /// What the attributes of a service decide, by the paths that its predicates ask for; each once, sorted.
    #[must_use]
    pub fn decided_by(&self, service: &str) -> BTreeMap<String, Vec<Decided>> {
        let mut found: BTreeMap<String, Vec<Decided>> = BTreeMap::new();
        let mut note = |predicate: &Predicate, decided: Decided| {
            for path in predicate.attributes() {
                found.entry(path).or_default().push(decided.clone());
            }
        };
        if let Some(index) = self.service(service) {
            index
                .reclassify
                .iter()
                .for_each(|rule| note(&rule.when, Decided::Service(rule.to.as_str().into())));
        }
        for file in self.file(service).into_iter().chain(self.overlay(service)) {
            file.modes
                .iter()
                .for_each(|mode| note(&mode.when, Decided::Mode(mode.id.as_str().into())));
        }
        let modes = self.modes(service);
        for mode in [None].into_iter().chain(modes.iter().map(|mode| Some(mode.id.as_str()))) {
            let controls = self.split(service, mode).map(|split| split.controls).unwrap_or_default();
            for activity in controls.iter().flat_map(|control| &control.activities) {
                activity
                    .predicates()
                    .for_each(|predicate| note(predicate, Decided::Activity(activity.id.clone())));
            }
        }
        for (asked, activity) in self.decided_of_accounts(service) {
            found.entry(asked.path.join(".")).or_default().push(Decided::Activity(activity));
        }
        for decided in found.values_mut() {
            decided.sort();
            decided.dedup();
        }
        found
    }
}
