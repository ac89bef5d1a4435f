//! Scanners' results without what identifies.
//!
//! In: results, and which pseudonym stands for what. Out: the same results, which are about the same resources: what they are
//! called is kept for the join alone, and what is printed in its place stands beside it.

use super::{Pseudonyms, Resource, known_by};
use crate::results::{CheckResult, ResultFile, Results, Target};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What results are about, by what is known of it: the resource's own name where it is listed.
pub(super) struct Originals {
    /// By the label of the target.
    of: BTreeMap<String, String>,
    /// Whatever else the same thing is called, with its original.
    others: BTreeSet<(String, String)>,
    accounts: BTreeSet<String>,
}

impl Originals {
    pub(super) fn of(results: &Results, resources: &[Arc<Resource>]) -> Self {
        let mut listed: HashMap<&str, &str> = HashMap::new();
        for resource in resources {
            let Some(name) = known_by(resource) else { continue };
            for other in [&resource.arn, &resource.address, &resource.name].into_iter().flatten() {
                listed.entry(other).or_insert(name);
            }
        }
        let (mut of, mut others, mut accounts) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        for target in results.all().map(|result| &result.target) {
            accounts.extend(target.account.as_ref().map(ToString::to_string));
            let Some(label) = target.label() else { continue };
            let names = [target.arn.as_deref(), target.address.as_deref(), target.name.as_deref()];
            let original = names.iter().flatten().find_map(|name| listed.get(name)).copied().unwrap_or(label);
            of.entry(label.to_owned()).or_insert_with(|| original.to_owned());
            let names = names.into_iter().flatten().filter(|name| !listed.contains_key(name));
            others.extend(names.map(|name| (name.to_owned(), original.to_owned())));
        }
        Self { of, others, accounts }
    }

    /// What gets a pseudonym.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.of.values().cloned()
    }

    /// The accounts that results tell.
    pub(super) fn accounts(&self) -> impl Iterator<Item = String> {
        self.accounts.iter().cloned()
    }

    /// What stands for a thing in text, with its original.
    pub(super) fn others(&self) -> impl Iterator<Item = (&String, &String)> {
        self.others.iter().map(|(name, original)| (name, original))
    }

    /// Labels and what is printed in their place.
    pub(super) fn shown(&self, show: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        self.of.iter().map(|(label, original)| (label.clone(), show(original))).collect()
    }
}

impl Pseudonyms {
    pub(super) fn replace_results(&self, results: &Results) -> Results {
        // A scanner says few things, of many resources.
        let mut scrubbed: HashMap<Arc<str>, Arc<str>> = HashMap::new();
        let mut scrub = |text: &Option<Arc<str>>| {
            let text = text.as_ref()?;
            let shown = scrubbed.entry(text.clone()).or_insert_with(|| self.scrubber.scrub(text).into());
            Some(shown.clone())
        };
        let mut one = |result: &CheckResult| CheckResult {
            title: scrub(&result.title),
            observed: scrub(&result.observed),
            target: Arc::new(Target {
                account: result.target.account.as_ref().map(|account| self.accounts.show(account).into()),
                ..(*result.target).clone()
            }),
            ..result.clone()
        };
        let files = results.files.iter().map(|file| ResultFile {
            path: self.files.show(&file.path).into(),
            seal: None,
            results: file.results.iter().map(&mut one).collect(),
            ..file.clone()
        });
        Results {
            files: files.collect(),
            pseudonyms: Some(self.scanned.clone()),
        }
    }
}
