//! The list of resources that people wrote.
//!
//! In: the resources of a file. Out: the same, judged, in their order, with what is wrong with them. Many are judged by as many
//! threads as there are, some at a time, and nothing tells how many there were.

use super::Validator;
use super::attributes::Unknown;
use crate::catalog::Catalog;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Diagnostic, Step, route};
use crate::inventory::file::ResourceFile;
use crate::inventory::known::{Age, Known};
use crate::inventory::shared::Tag;
use crate::inventory::{Account, Resource};
use crate::threads;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// How many resources are judged at a time, where there are many.
const SOME: usize = 2_000;

/// The id that a resource's attributes tell.
pub(super) fn id(resource: &Resource) -> Option<String> {
    resource.config.get("id").and_then(Value::as_str).map(str::to_owned)
}

/// Some resources, judged.
struct Judged {
    known: Vec<Known>,
    found: Vec<Diagnostic>,
    unknown: Unknown,
}

impl Validator<'_> {
    /// Adds the resources of a file.
    pub(super) fn add_listed(&mut self, list: Vec<Arc<ResourceFile>>, path: &Arc<str>, known: &mut Vec<Known>) {
        if list.len() < threads::MANY {
            return self.add_some(0, list, path, known);
        }
        let (catalog, accounts): (&Catalog, &IndexMap<String, Account>) = (self.catalog, &self.accounts);
        let apart = || Validator {
            accounts: accounts.clone(),
            ..Validator::new(catalog)
        };
        let judge = |validator: &mut Validator<'_>, (first, some): (usize, Vec<Arc<ResourceFile>>)| {
            let mut known = Vec::with_capacity(some.len());
            // Counting who holds a path is slow where several threads do it.
            validator.add_some(first, some, &Arc::from(&**path), &mut known);
            Judged {
                known,
                found: std::mem::take(&mut validator.found),
                unknown: std::mem::take(&mut validator.unknown),
            }
        };
        let mut same = Same::default();
        for mut judged in threads::each_with(batches(list), apart, judge) {
            judged.known.iter_mut().for_each(|known| same.share(self, known));
            known.append(&mut judged.known);
            self.found.append(&mut judged.found);
            for (key, (fault, count)) in judged.unknown {
                self.unknown.entry(key).or_insert((fault, 0)).1 += count;
            }
        }
    }

    /// Adds resources before which so many stand in their file.
    fn add_some(&mut self, first: usize, list: Vec<Arc<ResourceFile>>, path: &Arc<str>, known: &mut Vec<Known>) {
        let key = Step::from("resources");
        for (index, resource) in (first..).zip(list) {
            // Another provider's is counted elsewhere.
            if resource.service.is_none() && resource.provider.is_some() && resource.kind.is_some() {
                continue;
            }
            let at = route([key.clone(), index.into()]);
            if let Some(resource) = self.resource(&resource, path, &at) {
                let id = id(&resource).filter(|_| resource.count == 1);
                known.push(Known {
                    resource: resource.into(),
                    id,
                    by_attribute: true,
                    called: None,
                    written: true,
                    by_name: false,
                    age: Age::written(),
                });
            }
        }
    }
}

/// Some resources at a time, each with how many stand before them.
fn batches(list: Vec<Arc<ResourceFile>>) -> Vec<(usize, Vec<Arc<ResourceFile>>)> {
    let count = list.len();
    let mut list = list.into_iter();
    (0..count)
        .step_by(SOME)
        .map(|first| (first, list.by_ref().take(SOME).collect()))
        .collect()
}

/// What several threads hold each for itself and is the same, by where it lies.
#[derive(Default)]
struct Same {
    configs: HashMap<usize, Arc<Attributes>, RandomState>,
    tags: HashMap<usize, Arc<[Tag]>, RandomState>,
}

impl Same {
    fn share(&mut self, validator: &mut Validator<'_>, known: &mut Known) {
        let Some(resource) = Arc::get_mut(&mut known.resource) else {
            return;
        };
        let config = self.configs.entry(Arc::as_ptr(&resource.config) as usize);
        let config = config.or_insert_with(|| validator.shared.share(resource.config.clone()));
        resource.config = config.clone();
        let tags = self.tags.entry(resource.tags.as_ptr() as usize);
        let tags = tags.or_insert_with(|| validator.shared.same_tags(&resource.tags));
        resource.tags = tags.clone();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is said, in which order and with which places, tells nothing of how many judged.
    #[test]
    fn many_are_judged_as_few_are() {
        let catalog = Catalog::builtin().unwrap();
        let kinds = [
            json!({"service": "rds", "config": {"multi_azz": true}}),
            json!({"service": "s3", "account": "12", "tags": {"a": "b"}}),
            json!({"name": "x"}),
            json!({"type": "aws_lambda_function", "config": {"id": "f"}}),
            json!({"service": "no", "count": 0}),
            json!({"type": "azurerm_x", "provider": "azure"}),
        ];
        let judged = |is_many: bool| {
            let list = (0..3 * SOME + 7).map(|number| &kinds[number * number / 3 % kinds.len()]);
            let list: Vec<Arc<ResourceFile>> = list
                .map(|kind| serde_json::from_value(kind.clone()).unwrap())
                .map(Arc::new)
                .collect();
            let (mut validator, mut known) = (Validator::new(&catalog), Vec::new());
            if is_many {
                validator.add_listed(list, &"i.json".into(), &mut known);
            } else {
                validator.add_some(0, list, &"i.json".into(), &mut known);
            }
            validator.tell_unknown_keys();
            let known: Vec<_> = known.into_iter().map(|known| (known.resource, known.id)).collect();
            (validator.found, known)
        };
        let (found, known) = judged(true);
        assert!(found.len() > SOME && known.len() > SOME);
        assert_eq!((&found, &known), (&judged(false).0, &judged(false).1));
        let of_rds = known.iter().filter(|(resource, _)| resource.service.as_deref() == Some("rds"));
        let configs: std::collections::BTreeSet<_> = of_rds.map(|(resource, _)| Arc::as_ptr(&resource.config) as usize).collect();
        assert_eq!(configs.len(), 1);
    }
}
