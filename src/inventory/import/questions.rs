//! What the catalog asks of the resources of one class.
//!
//! In: attributes. Out: the answers, as bytes that are the same for resources that are alike to the catalog.

use super::plain;
use crate::catalog::key_id;
use crate::catalog::predicate::{Attributes, Question, Truth};
use crate::inventory::shared::{hash_of, is_same};
use crate::source::secrets;
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// From how many letters on a text is worth remembering: policies are read anew by each question, and repeat.
const LONG: usize = 64;

/// How many texts and values of one attribute are remembered, and of which length at most.
const MOST: (usize, usize) = (1024, 16 * 1024);

/// Stands for the answers to what is asked of an attribute that is not there: all of them are open.
const NOT_THERE: u8 = b'-';

/// What the catalog asks of the resources of one class.
#[derive(Debug, Default)]
pub(super) struct Questions {
    by_attribute: Vec<Asked>,
    /// For each attribute whether its name is open.
    open: HashMap<String, bool, RandomState>,
}

/// What is asked of an attribute.
#[derive(Debug)]
struct Asked {
    attribute: String,
    questions: Vec<Question>,
    /// Whether its name is open.
    is_open: bool,
    /// Whether somebody asks whose a key is that it names.
    of_keys: bool,
    /// The answers of long texts.
    answered: Mutex<HashMap<Box<str>, Box<[u8]>, RandomState>>,
    /// The answers of values.
    opened: Mutex<Opened>,
}

/// Values, each with what it answers once nothing secret is in it, by hashes of them.
#[derive(Debug, Default)]
struct Opened {
    hasher: RandomState,
    known: HashMap<u64, Vec<Answered>, RandomState>,
    count: usize,
}

/// A value, and what it answers.
type Answered = (Value, Box<[u8]>);

impl Asked {
    fn of(kind: &str, (attribute, questions): (String, Vec<Question>)) -> Self {
        Self {
            is_open: plain::is_open_name(kind, &attribute),
            of_keys: questions.iter().any(Question::asks_for_a_key),
            attribute,
            questions,
            answered: Mutex::default(),
            opened: Mutex::default(),
        }
    }

    /// Writes what a value of the attribute answers without what is secret in it; `config` has it. Looking for that takes longer
    /// than all else, and resources repeat their settings.
    fn answer_opened(&self, kind: &str, (value, config): (&Value, &Attributes), into: &mut Vec<u8>) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash_of(value, &opened.hasher);
        let mut alike = opened.known.get(&hash).into_iter().flatten();
        if let Some((_, answers)) = alike.find(|(known, _)| is_same(known, value)) {
            return into.extend_from_slice(answers);
        }
        let begin = into.len();
        let alone = || secrets::without(kind, Attributes::from_iter([(self.attribute.clone(), value.clone())]));
        match plain::is_plain(value) {
            true => self.ask(config, into),
            false => match alone() {
                alone if alone.contains_key(&self.attribute) => self.ask(&alone, into),
                _ => into.push(NOT_THERE),
            },
        }
        if let Some(answers) = into.get(begin..)
            && opened.count < MOST.0
            && size(value) <= MOST.1
        {
            opened.count += 1;
            opened.known.entry(hash).or_default().push((value.clone(), answers.into()));
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
        if let Some(value) = config.get(&self.attribute).filter(|_| self.of_keys) {
            add_keys(value, into);
        }
    }
}

/// Writes which keys a value names: what is read later may show whose they are.
fn add_keys(value: &Value, into: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            if let Some(id) = key_id(text) {
                into.push(b'k');
                into.extend_from_slice(id.as_bytes());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add_keys(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| add_keys(field, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Questions {
    /// The questions about attributes of a type, by their names.
    pub(super) fn of(kind: &str, by_attribute: BTreeMap<String, Vec<Question>>) -> Self {
        let by_attribute: Vec<Asked> = by_attribute.into_iter().map(|asked| Asked::of(kind, asked)).collect();
        Self {
            open: by_attribute.iter().map(|asked| (asked.attribute.clone(), asked.is_open)).collect(),
            by_attribute,
        }
    }

    /// Writes what the attributes of a resource of a type answer without what is secret in them. False where that cannot be told
    /// of each by itself, since the name of one tells something of others; what was written says nothing then.
    pub(super) fn answer_opened(&self, kind: &str, config: &Attributes, into: &mut Vec<u8>) -> bool {
        for asked in &self.by_attribute {
            match config.get(&asked.attribute) {
                Some(_) if !asked.is_open => return false,
                Some(value) => asked.answer_opened(kind, (value, config), into),
                None => into.push(NOT_THERE),
            }
        }
        true
    }

    /// Writes what a resource's attributes answer.
    pub(super) fn answer(&self, config: &Attributes, into: &mut Vec<u8>) {
        for asked in &self.by_attribute {
            match config.get(&asked.attribute) {
                Some(value) => asked.answer(value, config, into),
                None => into.push(NOT_THERE),
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

/// About how many bytes a value takes as JSON.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(size).sum::<usize>(),
        Value::Object(fields) => 2 + fields.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}
