//! What the catalog asks of the resources of one class.
//!
//! In: attributes. Out: the answers, as bytes that are the same for resources that are alike to the catalog.

use super::plain;
use crate::catalog::predicate::{Attributes, Question, Truth};
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// From how many letters on a text is worth remembering: policies are read anew by each question, and repeat.
const LONG: usize = 64;

/// How many texts of one attribute are remembered, and of which length at most.
const MOST: (usize, usize) = (1024, 16 * 1024);

/// What the catalog asks of the resources of one class.
#[derive(Debug, Default)]
pub(super) struct Questions {
    by_attribute: Vec<Asked>,
    /// For each attribute whether its name is open.
    open: HashMap<String, bool>,
}

/// What is asked of an attribute.
#[derive(Debug)]
struct Asked {
    attribute: String,
    questions: Vec<Question>,
    /// The answers of long texts.
    answered: Mutex<HashMap<Box<str>, Box<[u8]>, RandomState>>,
}

impl Asked {
    fn of((attribute, questions): (String, Vec<Question>)) -> Self {
        Self {
            attribute,
            questions,
            answered: Mutex::default(),
        }
    }

    /// Writes what a value of the attribute answers; `config` has it.
    fn answer(&self, value: &Value, config: &Attributes, into: &mut Vec<u8>) {
        let text = value.as_str().filter(|text| text.len() >= LONG && text.len() <= MOST.1);
        let Some(text) = text else { return self.ask(config, into) };
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answered.get(text) {
            return into.extend_from_slice(known);
        }
        let begin = into.len();
        self.ask(config, into);
        if let Some(answers) = into.get(begin..).filter(|_| answered.len() < MOST.0) {
            answered.insert(text.into(), answers.into());
        }
    }

    fn ask(&self, config: &Attributes, into: &mut Vec<u8>) {
        into.extend(self.questions.iter().map(|question| match question.answer(config) {
            Truth::Yes => b'y',
            Truth::No => b'n',
            Truth::Unknown => b'?',
        }));
    }
}

impl Questions {
    /// The questions about attributes of a type, by their names.
    pub(super) fn of(kind: &str, by_attribute: BTreeMap<String, Vec<Question>>) -> Self {
        let is_open = |attribute: &String| (attribute.clone(), plain::is_open_name(kind, attribute));
        Self {
            open: by_attribute.keys().map(is_open).collect(),
            by_attribute: by_attribute.into_iter().map(Asked::of).collect(),
        }
    }

    /// Writes what a resource's attributes answer.
    pub(super) fn answer(&self, config: &Attributes, into: &mut Vec<u8>) {
        for asked in &self.by_attribute {
            match config.get(&asked.attribute) {
                Some(value) => asked.answer(value, config, into),
                // All of them are open.
                None => into.push(b'-'),
            }
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
        self.by_attribute.iter().map(|asked| asked.attribute.as_str())
    }
}
