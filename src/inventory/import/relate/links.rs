//! Who is meant by a name.
//!
//! In: what resources are called, and what others refer to, as hashes. Out: for each reference the resources that it means.
//! Some tens of bytes a resource, whatever its attributes are.

use super::super::Found;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Where a resource is and which configuration of a provider made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    account: Option<Arc<str>>,
    region: Option<Arc<str>>,
    provider: Arc<str>,
}

impl Scope {
    /// The scope of a resource.
    pub(super) fn of(found: &Found) -> Self {
        Self {
            account: found.resource.account.clone(),
            region: found.resource.region.clone(),
            provider: found.provider.clone(),
        }
    }

    /// Whether both may be in one place.
    fn may_be(&self, other: &Self) -> bool {
        let agree = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_none() || b.is_none() || a == b;
        agree(&self.account, &other.account) && agree(&self.region, &other.region)
    }
}

/// Scopes by number.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    numbers: HashMap<Scope, u32>,
    list: Vec<Scope>,
}

impl Scopes {
    /// The number of a scope.
    pub(super) fn number(&mut self, scope: Scope) -> u32 {
        if let Some(number) = self.numbers.get(&scope) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.numbers.insert(scope.clone(), number);
        self.list.push(scope);
        number
    }

    /// Takes in others; their numbers here.
    pub(super) fn unite(&mut self, others: Self) -> Vec<u32> {
        others.list.into_iter().map(|scope| self.number(scope)).collect()
    }
}

/// A name in a space, the same in every run.
pub(super) fn hash(space: usize, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (space, name).hash(&mut hasher);
    hasher.finish()
}

/// A name without the attribute of the resource that it names: `${Logs}` of `${Logs.Arn}`.
pub(super) fn bare(name: &str) -> Cow<'_, str> {
    match name.strip_prefix("${").and_then(|inner| inner.split_once('.')) {
        Some((handle, _)) => Cow::Owned(format!("${{{handle}}}")),
        None => Cow::Borrowed(name),
    }
}

/// Names and references between two lists.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What the named ones are called, and their numbers.
    names: Vec<(u64, u32)>,
    /// What others refer to.
    references: Vec<Reference>,
}

#[derive(Debug, Clone, Copy)]
struct Reference {
    name: u64,
    from: u32,
    /// Whether the name does not repeat between accounts and regions, as ARNs do not.
    is_unique: bool,
}

impl Links {
    /// One is called so.
    pub(super) fn call(&mut self, space: usize, name: &str, number: u32) {
        self.names.push((hash(space, name), number));
    }

    /// One refers to what is called so.
    pub(super) fn refer(&mut self, space: usize, name: &str, from: u32) {
        self.references.push(Reference {
            name: hash(space, &bare(name)),
            from,
            is_unique: name.starts_with("arn:") || name.starts_with("${"),
        });
    }

    /// Takes in others, whose numbers go up by as many as there were before.
    pub(super) fn unite(&mut self, others: Self, named_before: u32, from_before: u32) {
        self.names
            .extend(others.names.into_iter().map(|(name, number)| (name, number + named_before)));
        self.references.extend(others.references.into_iter().map(|one| Reference {
            from: one.from + from_before,
            ..one
        }));
    }

    /// The pairs of one that refers and one that is meant. Names repeat between accounts and regions: of several that may be
    /// meant only the one is that the same configuration of a provider made. What is called by a unique name is meant
    /// wherever it stands.
    pub(super) fn pairs(mut self, scopes: &Scopes, of_from: impl Fn(u32) -> u32, of_named: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        self.names.sort_unstable();
        self.names.dedup();
        let scope = |number: u32| scopes.list.get(number as usize);
        let mut pairs = Vec::new();
        let mut meant = Vec::new();
        for reference in &self.references {
            let begin = self.names.partition_point(|(name, _)| *name < reference.name);
            let named = self.names.iter().skip(begin).take_while(|(name, _)| *name == reference.name);
            let from = scope(of_from(reference.from));
            let may_be = |number: &u32| from.zip(scope(of_named(*number))).is_some_and(|(a, b)| a.may_be(b));
            meant.clear();
            meant.extend(named.map(|(_, number)| *number).filter(may_be));
            if meant.len() > 1 && !reference.is_unique {
                meant.retain(|number| from.zip(scope(of_named(*number))).is_some_and(|(a, b)| a.provider == b.provider));
                if meant.len() > 1 {
                    continue;
                }
            }
            pairs.extend(meant.iter().map(|number| (reference.from, *number)));
        }
        pairs
    }
}
