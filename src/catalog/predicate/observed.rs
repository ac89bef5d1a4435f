//! What predicates looked at, as far as it may be told.
//!
//! In: a predicate and a resource's attributes. Out: attributes with their values: numbers, switches, and the words of
//! attributes that are compared with words. Any other text may be a name or worse, and is told as set.

use super::part::{Blocks, Part, Scope};
use super::reach::{blocks, reach};
use super::value::Test;
use super::{Attributes, Predicate, Truth};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a word that is told, at most.
const LONGEST: usize = 40;

/// Values by the path that they stand at.
pub type Observed = BTreeMap<String, BTreeSet<Seen>>;

/// A value that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// It may be told as it is.
    Value(String),
    /// Of it is told only whether there is something.
    State(&'static str),
}

impl Seen {
    /// As it is told, a value in backticks.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Value(value) => format!("`{value}`"),
            Self::State(state) => (*state).to_owned(),
        }
    }
}

impl Seen {
    /// The same of a secret: a switch is none, and of all else is told only that it is set.
    #[must_use]
    pub fn without_value(self) -> Self {
        match self {
            Self::Value(value) if value != "true" && value != "false" => Self::State("set"),
            other => other,
        }
    }
}

impl Predicate {
    /// Adds what it looked at on a day, of blocks those that decide.
    pub fn observe(&self, attributes: &Attributes, day: Option<Date>, found: &mut Observed) {
        let looking = Looking {
            words: &BTreeSet::new(),
            day,
        };
        self.observe_below("", attributes, looking, found);
    }

    /// The same of attributes some of which are known to hold words of a vocabulary.
    pub fn observe_with(&self, words: &BTreeSet<String>, attributes: &Attributes, found: &mut Observed) {
        self.observe_below("", attributes, Looking { words, day: None }, found);
    }

    /// Adds the paths of the attributes that are compared with words, those of blocks aside.
    pub fn vocabulary(&self, found: &mut BTreeSet<String>) {
        for part in &self.0 {
            match part {
                Part::Attribute { path, test, .. } if test.compares_words() && !is_of_somebody(path) => {
                    found.insert(path.join("."));
                }
                Part::Any(all) | Part::All(all) | Part::None(all) => all.iter().for_each(|predicate| predicate.vocabulary(found)),
                Part::Attribute { .. } | Part::Covers { .. } | Part::Blocks { .. } => {}
            }
        }
    }

    fn observe_below(&self, prefix: &str, attributes: &Attributes, looking: Looking<'_>, found: &mut Observed) {
        for part in &self.0 {
            observe(part, prefix, attributes, looking, found);
        }
    }
}

/// How it is looked.
#[derive(Clone, Copy)]
struct Looking<'a> {
    /// Paths of attributes that hold words of a vocabulary, whatever is asked of them.
    words: &'a BTreeSet<String>,
    day: Option<Date>,
}

/// Whether the attribute at a path holds a name.
fn is_of_somebody(path: &[String]) -> bool {
    path.last().is_some_and(|name| names_somebody(name))
}

fn observe(part: &Part, prefix: &str, attributes: &Attributes, looking: Looking<'_>, found: &mut Observed) {
    let mut add = |path: &[String], value: &Value, with_words: bool| {
        if let Some(words) = told(value, with_words) {
            found.entry(format!("{prefix}{}", path.join("."))).or_default().insert(words);
        }
    };
    match part {
        Part::Attribute { path, test, .. } => {
            let values = reach(attributes, path);
            let is_known = looking.words.contains(&format!("{prefix}{}", path.join(".")));
            let with_words = (test.compares_words() || is_known) && !is_of_somebody(path);
            for value in values.into_iter().flatten() {
                match value.as_str().and_then(|text| test.beginning(text)) {
                    // Of what begins as the catalog asks, that is told, and nothing of the rest.
                    Some(beginning) if !with_words => add(path, &format!("{beginning}*").into(), true),
                    _ => add(path, value, with_words),
                }
            }
        }
        Part::Covers { from, to, .. } => {
            for name in [from, to] {
                if let Some(value) = attributes.get(name) {
                    add(std::slice::from_ref(name), value, false);
                }
            }
        }
        Part::Blocks { path, which, predicate } => {
            let reached = reach(attributes, path);
            let decides = |block: &&Attributes| match which {
                Blocks::No => predicate.decide(block, Scope::condition(looking.day)) == Truth::Yes,
                Blocks::Each => predicate.decide(block, Scope::attestation(looking.day)) == Truth::No,
                Blocks::Some => true,
            };
            let prefix = format!("{prefix}{}.", path.join("."));
            for block in blocks(&reached).unwrap_or_default().into_iter().filter(decides) {
                predicate.observe_below(&prefix, block, looking, found);
            }
        }
        Part::Any(all) | Part::All(all) | Part::None(all) => {
            all.iter()
                .for_each(|predicate| predicate.observe_below(prefix, attributes, looking, found));
        }
    }
}

/// A value as far as it may be told; none where it is a list of things.
pub(super) fn told(value: &Value, with_words: bool) -> Option<Seen> {
    match value {
        Value::Null => Some(Seen::State("not set")),
        Value::Bool(value) => Some(Seen::Value(value.to_string())),
        Value::Number(value) => Some(Seen::Value(value.to_string())),
        Value::String(text) if text.is_empty() => Some(Seen::State("not set")),
        Value::String(text) if is_everything(text) => Some(Seen::Value(text.clone())),
        Value::String(text) if with_words && is_word(text) => Some(Seen::Value(text.clone())),
        Value::String(_) => Some(Seen::State("set")),
        Value::Array(items) if items.is_empty() => Some(Seen::State("empty")),
        Value::Array(items) => match items.as_slice() {
            items if items.iter().any(|item| item.as_str().is_some_and(is_everything)) => items
                .iter()
                .find(|item| item.as_str().is_some_and(is_everything))
                .and_then(|item| told(item, false)),
            [one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_))] => told(one, with_words),
            _ => None,
        },
        Value::Object(_) => None,
    }
}

/// Whether a text is one word of a vocabulary, as `optional`, `nodejs18.x` and `TLSv1_2016` are.
fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.len() <= LONGEST
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-*".contains(letter))
}

/// Whether it is the range of all addresses, which is nobody's.
fn is_everything(text: &str) -> bool {
    text.strip_suffix("/0")
        .is_some_and(|address| !address.is_empty() && address.chars().all(|letter| "0.:".contains(letter)))
}

/// Whether an attribute of this name holds a name.
pub(super) fn names_somebody(attribute: &str) -> bool {
    let last = attribute.rsplit('_').next().unwrap_or(attribute);
    matches!(
        last,
        "name" | "username" | "user" | "users" | "owner" | "id" | "ids" | "arn" | "arns" | "address" | "principal"
    )
}

impl Test {
    /// What a text begins with, where that is asked for.
    fn beginning(&self, text: &str) -> Option<&str> {
        match self {
            Self::StartsWith(wanted) => text.starts_with(wanted.as_str()).then_some(wanted),
            Self::Not(inner) | Self::Every(inner) => inner.beginning(text),
            Self::Both(tests) => tests.iter().find_map(|test| test.beginning(text)),
            _ => None,
        }
    }

    /// Whether it compares with words, so that what it looks at is one of a vocabulary.
    pub(super) fn compares_words(&self) -> bool {
        match self {
            Self::Is(wanted) => wanted.is_string(),
            Self::OneOf(wanted) => wanted.iter().any(Value::is_string),
            Self::Ended(_) => true,
            Self::Not(inner) | Self::Every(inner) => inner.compares_words(),
            Self::Both(tests) => tests.iter().any(Self::compares_words),
            Self::StartsWith(_)
            | Self::EndsWith(_)
            | Self::Contains(_)
            | Self::AtLeast(_)
            | Self::AtMost(_)
            | Self::Present(_)
            | Self::Prefix(_)
            | Self::Policy(_)
            | Self::Key(_) => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn seen(predicate: &str, attributes: &str) -> String {
        let predicate: Predicate = serde_yaml::from_str(predicate).unwrap();
        let mut found = Observed::new();
        predicate.observe(&serde_yaml::from_str(attributes).unwrap(), None, &mut found);
        let words = found.iter().map(|(path, values)| {
            format!(
                "{path}={}",
                values
                    .iter()
                    .map(|seen| seen.words().replace('`', ""))
                    .collect::<Vec<_>>()
                    .join("|")
            )
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_a_vocabulary_are_told_and_no_other_text() {
        for (predicate, attributes, expected) in [
            (
                "{metadata_options.http_tokens: required}",
                "{metadata_options: [{http_tokens: optional}]}",
                "metadata_options.http_tokens=optional",
            ),
            ("{retention: {at_least: 1}}", "{retention: 0}", "retention=0"),
            ("{logging: {present: true}}", "{logging: null}", "logging=not set"),
            ("{password: {present: false}}", "{password: hunter2}", "password=set"),
            (
                "{key: alias-of-aws}",
                "{key: 'arn:aws:kms:eu-west-1:111122223333:key/a'}",
                "key=set",
            ),
            ("{key: {starts_with: alias}}", "{key: somebody}", "key=set"),
            ("{a: true}", "{}", ""),
            (
                "{cidr: {not: {ends_with: /0}}}",
                "{cidr: [10.1.2.0/24, 0.0.0.0/0]}",
                "cidr=0.0.0.0/0",
            ),
            ("{cidr: {not: {ends_with: /0}}}", "{cidr: [10.1.2.0/24]}", "cidr=set"),
            (
                "{ingress: {no: {to_port: 22, protocol: tcp}}}",
                "{ingress: [{to_port: 22, protocol: tcp}, {to_port: 443, protocol: tcp}]}",
                "ingress.protocol=tcp ingress.to_port=22",
            ),
        ] {
            assert_eq!(seen(predicate, attributes), expected, "{predicate} {attributes}");
        }
    }
}
