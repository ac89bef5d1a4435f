//! What a path leads to in attributes.
//!
//! In: attributes as their source has them, and a path or a dotted name. Out: the values there, through all blocks on the way,
//! and whether there is something that is unset or open.

use super::Path;
use super::open::{OPEN, is_open};
use serde_json::{Map, Value};

/// The attributes of a resource or of a block, and those of the block within which a source keeps the settings.
pub(super) struct Level<'a> {
    pub(super) outer: &'a Map<String, Value>,
    pub(super) inner: Option<&'a Map<String, Value>>,
    is_open: bool,
    /// Whether it is but some of what there is to tell, so that what it lacks is not left out.
    pub(super) is_part: bool,
}

impl<'a> Level<'a> {
    /// These attributes, with those of the block.
    pub(super) fn new(outer: &'a Map<String, Value>, inner: Option<&'a Map<String, Value>>) -> Self {
        let is_open = outer.contains_key(OPEN) || inner.is_some_and(|inner| inner.contains_key(OPEN));
        Self {
            outer,
            inner,
            is_open,
            is_part: false,
        }
    }

    /// The same, as but some of what there is to tell.
    pub(super) fn in_part(self) -> Self {
        Self { is_part: true, ..self }
    }

    /// What stands under a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.outer.get(key).or_else(|| self.inner?.get(key))
    }

    /// Whether there may be more than it tells.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// What a path leads to, through all blocks on the way.
    pub(super) fn reach(&self, path: &Path) -> Reached<'a> {
        self.follow(path.steps.iter().map(|step| &**step))
    }

    /// What the name of an attribute leads to, which is a path in the one spelling.
    pub(super) fn reach_name(&self, name: &str) -> Reached<'a> {
        self.follow(name.split('.'))
    }

    fn follow<'s>(&self, mut steps: impl Iterator<Item = &'s str> + Clone) -> Reached<'a> {
        let mut reached = Reached::default();
        if let Some(value) = steps.next().and_then(|first| self.get(first)) {
            reached.follow(value, steps);
        }
        reached
    }
}

/// What a path leads to.
#[derive(Default)]
pub(super) struct Reached<'a> {
    pub(super) values: Vec<&'a Value>,
    /// Whether it leads to something that is known to be unset.
    pub(super) is_unset: bool,
    /// Whether it leads to something of which is not known what it comes to, or through it.
    pub(super) is_open: bool,
    /// Whether of the items of a list on the way some lead to something and others to nothing.
    pub(super) is_uneven: bool,
}

impl<'a> Reached<'a> {
    fn follow<'s>(&mut self, value: &'a Value, rest: impl Iterator<Item = &'s str> + Clone) {
        let mut behind = rest.clone();
        let next = behind.next();
        match (value, next) {
            (Value::Null, _) => self.is_unset = true,
            (Value::String(text), None) if text.is_empty() => self.is_unset = true,
            (mark, _) if is_open(mark) => self.is_open = true,
            (_, None) => self.values.push(value),
            (Value::Object(map), Some(first)) => match map.get(first) {
                Some(inner) => self.follow(inner, behind),
                None => self.is_open |= map.contains_key(OPEN),
            },
            (Value::Array(items), Some(_)) => {
                let before = self.values.len();
                let mut leads_nowhere = false;
                for item in items {
                    let others = self.values.len();
                    self.follow(item, rest.clone());
                    leads_nowhere |= self.values.len() == others;
                }
                self.is_uneven |= leads_nowhere && self.values.len() > before;
            }
            _ => {}
        }
    }
}
