//! What the catalog asks of the resources of one class.
//!
//! In: attributes. Out: the answers, as bytes that are the same for resources that are alike to the catalog.

use super::plain;
use crate::catalog::predicate::{Attributes, Question, Truth};
use std::collections::{BTreeMap, HashMap};

/// What the catalog asks of the resources of one class.
#[derive(Debug, Default)]
pub(super) struct Questions {
    by_attribute: Vec<(String, Vec<Question>)>,
    /// For each attribute whether its name is open.
    open: HashMap<String, bool>,
}

impl Questions {
    /// The questions about attributes of a type, by their names.
    pub(super) fn of(kind: &str, by_attribute: BTreeMap<String, Vec<Question>>) -> Self {
        let is_open = |attribute: &String| (attribute.clone(), plain::is_open_name(kind, attribute));
        Self {
            open: by_attribute.keys().map(is_open).collect(),
            by_attribute: by_attribute.into_iter().collect(),
        }
    }

    /// Writes what a resource's attributes answer.
    pub(super) fn answer(&self, config: &Attributes, into: &mut Vec<u8>) {
        for (attribute, questions) in &self.by_attribute {
            if !config.contains_key(attribute) {
                // All of them are open.
                into.push(b'-');
                continue;
            }
            into.extend(questions.iter().map(|question| match question.answer(config) {
                Truth::Yes => b'y',
                Truth::No => b'n',
                Truth::Unknown => b'?',
            }));
        }
    }

    /// Whether something is asked of an attribute.
    pub(super) fn ask(&self, attribute: &str) -> bool {
        self.open.contains_key(attribute)
    }

    /// Whether an attribute's name is open.
    pub(super) fn is_open(&self, attribute: &str) -> bool {
        self.open.get(attribute).copied().unwrap_or(false)
    }

    /// The names of all attributes that are asked about.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.by_attribute.iter().map(|(attribute, _)| attribute.as_str())
    }
}
