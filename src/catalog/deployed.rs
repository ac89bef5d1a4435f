//! What the catalog asks of an account by the resources that are deployed in it.
//!
//! In: the predicates of the account's activities. Out: which attributes of which services they look at, and the
//! questions that tell such resources apart.

use super::predicate::{Asked, Predicate, Question};
use super::{Activity, Catalog};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where an account's predicates find its resources: in the account, in each of its Regions, in all accounts. Below
/// stands the service.
pub(super) const ROOTS: [&str; 2] = ["here", "regions"];

/// The attributes of deployed resources that accounts are asked for, by service.
#[derive(Debug, Default)]
pub struct Deployed(BTreeMap<String, BTreeSet<String>>);

impl Deployed {
    /// The names of the attributes that are asked for of a service's resources.
    #[must_use]
    pub fn of(&self, service: &str) -> Option<&BTreeSet<String>> {
        self.0.get(service)
    }
}

impl Catalog {
    /// What accounts are asked for of the resources in them.
    #[must_use]
    pub fn asked_of_accounts(&self) -> Deployed {
        let mut asked = Deployed::default();
        self.of_accounts(|_, predicate| {
            for path in predicate.attributes() {
                let mut steps = path.split('.');
                let root = steps.next().unwrap_or_default();
                if let (true, Some(service), Some(attribute)) = (ROOTS.contains(&root), steps.next(), steps.next()) {
                    asked.0.entry(service.to_owned()).or_default().insert(attribute.to_owned());
                }
            }
        });
        asked
    }

    /// The questions that accounts ask of the resources of a service.
    pub(super) fn questions_of_accounts(&self, service: &str) -> Vec<Question> {
        let mut questions = Vec::new();
        self.of_accounts(|_, predicate| questions.extend(predicate.questions_below(&ROOTS, service)));
        questions
    }

    /// The places of the resources of a service that accounts look at, however their predicates lead there.
    pub(super) fn asked_by_accounts(&self, service: &str) -> Vec<Asked> {
        self.decided_of_accounts(service).into_iter().map(|(asked, _)| asked).collect()
    }

    /// The same, each with the id of the account's activity that it decides.
    pub(super) fn decided_of_accounts(&self, service: &str) -> Vec<(Asked, Arc<str>)> {
        let mut found = Vec::new();
        self.of_accounts(|activity, predicate| {
            for Asked { path, looks } in predicate.asked() {
                if let [root, of, rest @ ..] = path.as_slice()
                    && ROOTS.contains(&root.as_str())
                    && of == service
                    && !rest.is_empty()
                {
                    let path = rest.to_vec();
                    found.push((Asked { path, looks }, activity.id.clone()));
                }
            }
        });
        found
    }

    fn of_accounts(&self, mut visit: impl FnMut(&Activity, &Predicate)) {
        let splits: Vec<_> = self.account_service_ids().filter_map(|id| self.split(id, None)).collect();
        let activities = splits
            .iter()
            .flat_map(|split| &split.controls)
            .flat_map(|control| &control.activities);
        for activity in activities {
            activity.predicates().for_each(|predicate| visit(activity, predicate));
        }
    }
}
