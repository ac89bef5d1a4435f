//! Names that a source spells otherwise than the declarations do.
//!
//! In: the names that are looked at of resources of a type. Out: attributes in which each of them is called so, at any depth.
//! Where capitals stand together, AWS Config has one of them small here and all of them there (`dBClusterIdentifier`,
//! `dbclusterIdentifier`), so that where words begin cannot be told; the letters are the same.

use super::{Attributes, Location, Origin, Path, ResourceType};
use foldhash::fast::RandomState;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The names that are looked at.
#[derive(Debug, Clone, Default)]
pub struct Spelt {
    names: HashSet<Box<str>, RandomState>,
    /// By their letters; of two with the same ones the first.
    by_letters: HashMap<Box<str>, Box<str>, RandomState>,
}

/// The longest name whose letters are compared.
const LONGEST: usize = 96;

impl Spelt {
    /// Looks at the names on a dotted path, too.
    pub fn add(&mut self, path: &str) {
        for name in path
            .split('.')
            .filter(|name| name.len() <= LONGEST && !self.names.contains(*name))
            .collect::<Vec<_>>()
        {
            self.names.insert(name.into());
            self.by_letters.entry(name.replace('_', "").into()).or_insert_with(|| name.into());
        }
    }

    /// What a name is called that is none of these and has the letters of one.
    #[must_use]
    pub fn other(&self, name: &str) -> Option<&str> {
        if self.names.contains(name) || name.len() > LONGEST {
            return None;
        }
        let mut letters = [0_u8; LONGEST];
        let mut count = 0;
        for (place, byte) in letters.iter_mut().zip(name.bytes().filter(|byte| *byte != b'_')) {
            *place = byte;
            count += 1;
        }
        let letters = std::str::from_utf8(letters.get(..count)?).ok()?;
        self.by_letters.get(letters).map(|known| &**known)
    }

    /// Calls everything in attributes so. What is called so already stays beside what only has its letters.
    pub fn apply(&self, config: &mut Map<String, Value>) {
        if config
            .keys()
            .any(|key| self.other(key).is_some_and(|name| !config.contains_key(name)))
        {
            let all = std::mem::take(config);
            let has: HashSet<String> = all.keys().cloned().collect();
            for (key, value) in all {
                let name = self.other(&key).filter(|name| !has.contains(*name) && !config.contains_key(*name));
                config.insert(name.map_or_else(|| key.clone(), str::to_owned), value);
            }
        }
        config.values_mut().for_each(|value| self.within(value));
    }

    fn within(&self, value: &mut Value) {
        match value {
            Value::Object(block) => self.apply(block),
            Value::Array(items) => items.iter_mut().for_each(|item| self.within(item)),
            _ => {}
        }
    }
}

impl ResourceType {
    /// Adds the names that an origin's declaration looks at.
    pub(in crate::catalog) fn names_looked_at(&self, origin: Origin, spelt: &mut Spelt) {
        let paths = self.within.of(origin).iter().chain(self.states()).chain(&self.known_by);
        paths.for_each(|path| spelt.add(&path.dotted()));
        self.attributes.names_looked_at(origin, spelt);
    }
}

impl Attributes {
    /// The same of the attributes of a block.
    pub(super) fn names_looked_at(&self, origin: Origin, spelt: &mut Spelt) {
        for attribute in self.iter() {
            let pending = attribute.pending(origin).iter().map(|(path, _)| path);
            let own = attribute.places(origin).iter().flat_map(Location::names_of_owner);
            pending.chain(own).for_each(|path| spelt.add(&path.dotted()));
            attribute.block.names_looked_at(origin, spelt);
        }
        // Behind the places: where a source has one, it is called as that is.
        self.iter().for_each(|attribute| spelt.add(&attribute.name));
    }
}

impl Location {
    /// The paths in the resource itself.
    fn names_of_owner(&self) -> impl Iterator<Item = &Path> {
        let own = self.on.is_none().then_some(&self.at).into_iter().flatten();
        own.chain(self.on.iter().flat_map(|on| &on.equals))
    }
}
