//! Which attributes a resource can say anything of, by the keys that it has.
//!
//! In: declared attributes, and the keys of a resource or a block. Out: for each attribute whether any of the keys leads to it. A
//! resource has some of what is declared of its type, and looking for each of the rest at each of its places took most of
//! reading it.

use super::reach::Level;
use super::{Attributes, Origin};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// How many keys are told apart; where there are more, every attribute may be said.
const MOST: usize = 256;

/// A set of keys by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Keys([u64; MOST / 64]);

impl Keys {
    fn add(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }
}

/// The keys that lead to attributes, as an origin keeps them.
#[derive(Debug, Clone, Default)]
pub(super) struct Leading {
    numbers: HashMap<Box<str>, usize, RandomState>,
    /// For each name that is kept as it is, its key.
    kept: Vec<Keys>,
    /// For each attribute: the keys that lead to it, and whether its name begins as another's does.
    attributes: Vec<(Keys, bool)>,
}

impl Leading {
    /// Those of attributes.
    pub(super) fn to(attributes: &Attributes, origin: Origin) -> Self {
        let mut leading = Self::default();
        for key in attributes.tree.children.keys() {
            let mut keys = Keys::default();
            keys.add(leading.number(key));
            leading.kept.push(keys);
        }
        let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let mut names: HashMap<String, usize, RandomState> = HashMap::default();
        for attribute in attributes.iter() {
            *names.entry(first(&attribute.name)).or_default() += 1;
        }
        for attribute in attributes.iter() {
            let mut keys = Keys::default();
            let own = attribute.places(origin).iter().filter(|place| place.on.is_none());
            for path in own.flat_map(|place| &place.at) {
                keys.add(leading.number(path.first()));
            }
            let name = first(&attribute.name);
            keys.add(leading.number(&name));
            let is_shared = names.get(&name).is_some_and(|count| *count > 1);
            leading.attributes.push((keys, is_shared));
        }
        leading
    }

    fn number(&mut self, key: &str) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(key.into()).or_insert(next)
    }

    /// The keys that a level has.
    pub(super) fn at(&self, level: &Level<'_>) -> Present<'_> {
        let mut keys = Keys::default();
        let inner = level.inner.into_iter().flat_map(|inner| inner.keys());
        for key in level.outer.keys().chain(inner) {
            if let Some(number) = self.numbers.get(key.as_str()) {
                keys.add(*number);
            }
        }
        Present {
            leading: self,
            keys,
            may_be_any: level.is_open() || self.numbers.len() > MOST,
        }
    }
}

/// What a level has.
pub(super) struct Present<'l> {
    leading: &'l Leading,
    keys: Keys,
    /// Whether it may have more than it tells.
    may_be_any: bool,
}

impl Present<'_> {
    /// Whether it may have what is kept as it is under a name, by its number.
    pub(super) fn has_kept(&self, number: usize) -> bool {
        self.may_be_any || self.leading.kept.get(number).is_none_or(|keys| keys.meets(&self.keys))
    }

    /// Whether it may say an attribute, by its number, or another that is put beside it.
    pub(super) fn may_say(&self, number: usize) -> bool {
        let attribute = self.leading.attributes.get(number);
        self.may_be_any || attribute.is_none_or(|(keys, is_shared)| *is_shared || keys.meets(&self.keys))
    }
}
