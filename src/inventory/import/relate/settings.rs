//! What resources say of others, each thing once.
//!
//! In: the values that siblings say. Out: numbers of settings. Where resources are grouped, values that answer the catalog's
//! questions alike are kept once; whether siblings agree is judged by the values themselves, as hashes.

use super::super::questions::Questions;
use super::super::{plain, secrets};
use super::{Copied, Relation, Side};
use crate::catalog::attributes::open::is_open as is_mark;
use crate::catalog::predicate::Attributes;
use crate::inventory::canonical::{canonical, sort_and_dedup};
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// One thing that is said: which of the copies, the value's hash, and the number of one that stands for it.
type Part = (usize, u64, u32);

/// What one sibling says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Setting {
    /// The relation.
    pub(super) relation: usize,
    pub(super) parts: Vec<Part>,
    /// Whether it was said before, by one that is gone or says otherwise now.
    pub(super) is_gone: bool,
}

/// All that is said.
#[derive(Debug, Default)]
pub(super) struct Settings {
    numbers: HashMap<Setting, u32, RandomState>,
    list: Vec<Setting>,
    value_numbers: HashMap<Vec<u8>, u32, RandomState>,
    /// Where a value first stood, and the value.
    values: Vec<(u64, Value)>,
}

impl Settings {
    /// The number of what a resource says of the owners of a relation. `is_open`: it may not be there, or not mean them, so that
    /// whatever it says is open.
    pub(super) fn number(
        &mut self,
        index: usize,
        relation: &Relation,
        (config, order, is_open): (&Attributes, u64, bool),
        grouped: Option<&Questions>,
    ) -> u32 {
        let mut parts = Vec::new();
        for (copy, copied) in relation.copies.iter().enumerate() {
            let mut values = copied.declared.values(config);
            if is_open && !values.is_empty() {
                values = vec![copied.declared.perhaps()];
            }
            for value in values {
                let value = opened(relation, copied, value);
                let hash = hash(&value);
                let mut key = key(index, copy, u8::from(is_mark(&value)));
                match grouped {
                    Some(questions) => {
                        let mut alone = Attributes::new();
                        copied.declared.put(&mut alone, vec![value.clone()]);
                        questions.answer(&alone, &mut key);
                    }
                    None => key.extend(hash.to_le_bytes()),
                }
                let part = (copy, hash, self.value(key, order, value));
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        self.setting(Setting {
            relation: index,
            parts,
            is_gone: false,
        })
    }

    /// The number of what a resource said before that is gone now, or is no more as it was: which copies, and whether another
    /// says the same; no more is kept of it.
    pub(super) fn gone(&mut self, index: usize, relation: &Relation, config: &Attributes) -> u32 {
        let mut parts = Vec::new();
        for (copy, copied) in relation.copies.iter().enumerate() {
            for value in copied.declared.values(config) {
                let value = opened(relation, copied, value);
                // What is not told is the same as nothing.
                let is_told = value != copied.declared.perhaps() && !is_mark(&value);
                let hash = if is_told { hash(&value) } else { !hash(&value) };
                let part = (copy, hash, self.mark(index, copy, copied));
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        self.setting(Setting {
            relation: index,
            parts,
            is_gone: true,
        })
    }

    /// The number of what one says that is not known: of all copies.
    pub(super) fn open(&mut self, index: usize, relation: &Relation) -> u32 {
        self.marks(index, relation, (0..relation.copies.len()).collect())
    }

    /// The number of the same as a setting says, where it is open whether it is said.
    pub(super) fn loosened(&mut self, number: u32, relations: &[Relation]) -> Option<u32> {
        let setting = self.list.get(number as usize)?;
        if setting.is_gone {
            return Some(number);
        }
        let copies = setting.parts.iter().map(|(copy, _, _)| *copy).collect();
        let index = setting.relation;
        Some(self.marks(index, relations.get(index)?, copies))
    }

    fn marks(&mut self, index: usize, relation: &Relation, copies: BTreeSet<usize>) -> u32 {
        let mut parts = Vec::new();
        for copy in copies {
            let Some(copied) = relation.copies.get(copy) else { continue };
            parts.push((copy, hash(&copied.declared.perhaps()), self.mark(index, copy, copied)));
        }
        self.setting(Setting {
            relation: index,
            parts,
            is_gone: false,
        })
    }

    /// The number of what stands for something that is not known.
    fn mark(&mut self, index: usize, copy: usize, copied: &Copied) -> u32 {
        self.value(key(index, copy, 2), u64::MAX, copied.declared.perhaps())
    }

    /// The relation that a setting is of.
    pub(super) fn relation(&self, number: u32) -> Option<usize> {
        self.list.get(number as usize).map(|setting| setting.relation)
    }

    /// A setting by its number.
    pub(super) fn get(&self, number: u32) -> Option<&Setting> {
        self.list.get(number as usize)
    }

    /// A value by its number; none where it is open.
    pub(super) fn told(&self, number: u32) -> Option<Value> {
        let (_, value) = self.values.get(number as usize)?;
        (!is_mark(value)).then(|| value.clone())
    }

    /// Whether a setting says nothing.
    pub(super) fn is_empty(&self, number: u32) -> bool {
        self.list.get(number as usize).is_none_or(|setting| setting.parts.is_empty())
    }

    fn value(&mut self, key: Vec<u8>, order: u64, value: Value) -> u32 {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let number = *self.value_numbers.entry(key).or_insert(next);
        match self.values.get_mut(number as usize) {
            // Whichever thread met it first, the same one stands for all.
            Some(known) if order < known.0 => *known = (order, value),
            Some(_) => {}
            None => self.values.push((order, value)),
        }
        number
    }

    fn setting(&mut self, setting: Setting) -> u32 {
        if let Some(number) = self.numbers.get(&setting) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.numbers.insert(setting.clone(), number);
        self.list.push(setting);
        number
    }

    /// Takes in others; their numbers here.
    pub(super) fn unite(&mut self, others: Self) -> Vec<u32> {
        let mut keys: Vec<(Vec<u8>, u32)> = others.value_numbers.into_iter().collect();
        keys.sort_unstable_by_key(|(_, number)| *number);
        let numbers: Vec<u32> = keys
            .into_iter()
            .zip(others.values)
            .map(|((key, _), (order, value))| self.value(key, order, value))
            .collect();
        let renumbered = |setting: Setting| Setting {
            parts: setting
                .parts
                .into_iter()
                .map(|(copy, hash, value)| (copy, hash, numbers.get(value as usize).copied().unwrap_or(value)))
                .collect(),
            ..setting
        };
        others.list.into_iter().map(|setting| self.setting(renumbered(setting))).collect()
    }

    /// Puts settings into the attributes of their owner, whose type is `kind`.
    pub(super) fn apply(&self, (kind, config): (&str, &mut Attributes), numbers: &[u32], relations: &[Relation]) {
        let mut said: BTreeMap<(usize, usize), Vec<(u64, u32)>> = BTreeMap::new();
        let all = || numbers.iter().filter_map(|number| self.list.get(*number as usize));
        for setting in all().filter(|setting| !setting.is_gone) {
            for (copy, hash, value) in &setting.parts {
                let all = said.entry((setting.relation, *copy)).or_default();
                if all.iter().all(|(known, _)| known != hash) {
                    all.push((*hash, *value));
                }
            }
        }
        let mut emptied: BTreeSet<&str> = BTreeSet::new();
        for setting in all().filter(|setting| setting.is_gone) {
            for (copy, hash, _) in &setting.parts {
                let copied = relations.get(setting.relation).and_then(|relation| relation.copies.get(*copy));
                let Some(copied) = copied.map(|copied| &copied.declared) else {
                    continue;
                };
                // An item that another says, too, is there all the same; a single value is put again.
                let same = said.get(&(setting.relation, *copy)).into_iter().flatten();
                let is_there = copied.is_listed() && same.into_iter().any(|(known, _)| known == hash);
                if !is_there && copied.take_own(config) {
                    emptied.insert(copied.name());
                }
            }
        }
        for ((relation, copy), parts) in said {
            let Some(relation) = relations.get(relation) else { continue };
            let (named, is_elsewhere) = (relation.named, relation.is_elsewhere(kind));
            let Some(copied) = relation.copies.get(copy) else { continue };
            let all = parts.iter().filter_map(|(_, value)| self.values.get(*value as usize));
            let mut values: Vec<Value> = all.map(|(_, value)| value.clone()).collect();
            let is_certain = copied.declared.is_constant() && values.iter().any(|value| !is_mark(value));
            if is_certain {
                values.retain(|value| !is_mark(value));
            }
            // Of siblings that disagree one holds, and not what the owner says itself; also where one value stands for all that
            // they say.
            if !is_certain && (parts.len() > 1 || values.iter().any(is_mark)) && !copied.declared.is_listed() {
                match is_elsewhere {
                    true => copied.declared.leave_open_elsewhere(config, named == Side::Owner),
                    false => copied.declared.leave_open(config, named == Side::Owner),
                }
                continue;
            }
            if copied.declared.is_listed() && emptied.contains(copied.declared.name()) {
                values.push(copied.declared.perhaps());
            }
            // The order of threads must not show.
            sort_and_dedup(&mut values);
            copied.declared.put(config, values);
        }
    }
}

/// What tells values of one copy from those of others.
fn key(index: usize, copy: usize, what: u8) -> Vec<u8> {
    let mut key = u32::try_from(index).unwrap_or(u32::MAX).to_le_bytes().to_vec();
    key.extend([u8::try_from(copy).unwrap_or(u8::MAX), what]);
    key
}

/// A value without anything secret.
fn opened(relation: &Relation, copied: &Copied, value: Value) -> Value {
    if is_mark(&value) || copied.is_open && plain::is_plain(&value) {
        return value;
    }
    let alone = Attributes::from_iter([(copied.key.clone(), value)]);
    secrets::without(&relation.kind, alone)
        .shift_remove(&copied.key)
        .unwrap_or_else(|| secrets::NOT_TOLD.into())
}

/// Tells apart what settings say of one copy: one value by its hash.
pub(super) fn all_of(setting: &Setting, copy: usize) -> u64 {
    let parts = setting.parts.iter().filter(|(of, _, _)| *of == copy);
    let mut hashes: Vec<u64> = parts.map(|(_, hash, _)| *hash).collect();
    hashes.sort_unstable();
    if let [only] = hashes.as_slice() {
        return *only;
    }
    let mut hasher = DefaultHasher::new();
    hashes.hash(&mut hasher);
    hasher.finish()
}

/// Tells values apart, the same in every run.
pub(super) fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    canonical(value).hash(&mut hasher);
    hasher.finish()
}
