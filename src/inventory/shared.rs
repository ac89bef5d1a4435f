//! What many resources have alike, held once.
//!
//! In: attributes, tags and words. Out: the same, shared with all that say the same in the same order. Of a hundred thousand
//! resources most repeat what some thousand say, and their attributes and tags would take more memory than all else.

use super::file::Text;
use crate::catalog::predicate::Attributes;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::sync::Arc;

/// A tag: its key and its value.
pub(super) type Tag = (Arc<str>, String);

/// What was shared so far.
#[derive(Debug, Default)]
pub(super) struct Shared {
    hasher: RandomState,
    configs: HashMap<u64, Vec<Arc<Attributes>>, RandomState>,
    written_tags: HashMap<u64, Vec<Arc<IndexMap<String, Text>>>, RandomState>,
    tags: HashSet<Arc<[Tag]>, RandomState>,
    words: HashSet<Arc<str>, RandomState>,
}

impl Shared {
    /// The attributes, or those that say the same.
    pub(super) fn share(&mut self, one: Arc<Attributes>) -> Arc<Attributes> {
        let mut state = self.hasher.build_hasher();
        hash_fields(&one, &mut state);
        known_or(self.configs.entry(state.finish()).or_default(), one, are_same)
    }

    /// The tags as they are written, or those that say the same.
    pub(super) fn share_written_tags(&mut self, one: Arc<IndexMap<String, Text>>) -> Arc<IndexMap<String, Text>> {
        let mut state = self.hasher.build_hasher();
        one.iter().for_each(|tag| tag.hash(&mut state));
        let is_same = |known: &IndexMap<String, Text>, one: &IndexMap<String, Text>| known.iter().eq(one);
        known_or(self.written_tags.entry(state.finish()).or_default(), one, is_same)
    }

    /// The tags, or those that say the same.
    pub(super) fn share_tags(&mut self, one: Vec<Tag>) -> Arc<[Tag]> {
        if let Some(known) = self.tags.get(one.as_slice()) {
            return known.clone();
        }
        let one: Arc<[Tag]> = one.into();
        self.tags.insert(one.clone());
        one
    }

    /// The same tags, or those that say the same.
    pub(super) fn same_tags(&mut self, one: &Arc<[Tag]>) -> Arc<[Tag]> {
        if let Some(known) = self.tags.get(one) {
            return known.clone();
        }
        self.tags.insert(one.clone());
        one.clone()
    }

    /// A word, held once.
    pub(super) fn word(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let word: Arc<str> = word.into();
        self.words.insert(word.clone());
        word
    }
}

/// The one among those of one hash that says the same; else the new one, which is known from then on.
fn known_or<T>(alike: &mut Vec<Arc<T>>, one: Arc<T>, is_same: impl Fn(&T, &T) -> bool) -> Arc<T> {
    if let Some(known) = alike.iter().find(|known| is_same(known, &one)) {
        return known.clone();
    }
    alike.push(one.clone());
    one
}

/// The same of what is the same by [`are_same`].
fn hash_fields(fields: &Attributes, state: &mut impl Hasher) {
    state.write_usize(fields.len());
    for (name, value) in fields {
        name.hash(state);
        hash_value(value, state);
    }
}

/// A hash of a value, the same of what is the same by [`is_same`].
pub(super) fn hash_of(value: &Value, hasher: &RandomState) -> u64 {
    let mut state = hasher.build_hasher();
    hash_value(value, &mut state);
    state.finish()
}

fn hash_value(value: &Value, state: &mut impl Hasher) {
    std::mem::discriminant(value).hash(state);
    match value {
        Value::Null => {}
        Value::Bool(flag) => flag.hash(state),
        // Numbers that are the same are so as this one, too.
        Value::Number(number) => number.as_f64().map(f64::to_bits).hash(state),
        Value::String(text) => text.hash(state),
        Value::Array(items) => {
            state.write_usize(items.len());
            items.iter().for_each(|item| hash_value(item, state));
        }
        Value::Object(fields) => hash_fields(fields, state),
    }
}

/// Whether attributes are the same, and in the same order.
fn are_same(one: &Attributes, other: &Attributes) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|((a, one), (b, other))| a == b && is_same(one, other))
}

/// Whether values are the same, and their fields in the same order.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => are_same(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_same_in_the_same_order_is_shared() {
        let mut shared = Shared::default();
        let mut share = |text: &str| shared.share(Arc::new(serde_json::from_str(text).unwrap()));
        let first = share(r#"{"a": {"b": 1, "c": [true]}}"#);
        assert!(Arc::ptr_eq(&first, &share(r#"{"a": {"b": 1, "c": [true]}}"#)));
        for other in [
            r#"{"a": {"c": [true], "b": 1}}"#,
            r#"{"a": {"b": 1, "c": [null]}}"#,
            r#"{"a": {"b": 1.0, "c": [true]}}"#,
            "{}",
        ] {
            assert!(!Arc::ptr_eq(&first, &share(other)), "{other}");
        }
    }

    #[test]
    fn tags_and_words_are_shared() {
        let mut shared = Shared::default();
        let tags = |value: &str| vec![("k".into(), value.to_owned())];
        let first = shared.share_tags(tags("v"));
        assert!(Arc::ptr_eq(&first, &shared.share_tags(tags("v"))));
        assert!(!Arc::ptr_eq(&first, &shared.share_tags(tags("w"))));
        let mut written = |text: &str| shared.share_written_tags(Arc::new(serde_json::from_str(text).unwrap()));
        let first = written(r#"{"a": "b", "c": 1}"#);
        assert!(Arc::ptr_eq(&first, &written(r#"{"a": "b", "c": "1"}"#)));
        assert!(!Arc::ptr_eq(&first, &written(r#"{"c": 1, "a": "b"}"#)));
        assert!(Arc::ptr_eq(&shared.word("a"), &shared.word("a")));
    }
}
