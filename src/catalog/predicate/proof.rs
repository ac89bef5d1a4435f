//! What makes a predicate hold, as far as it may be told.
//!
//! In: a predicate that holds of a resource's attributes. Out: for each path that shows it, what that is, as it reads on after
//! the path: "is `false`", "is set", "has no entry in which ...". Values are told as in [`super::Observed`], and of what
//! is secret only that it is set.

use super::observed::{Seen, names_somebody, told};
use super::part::{Blocks, Part, Scope};
use super::reach::{blocks, reach};
use super::value::Test;
use super::{Attributes, Predicate, Truth};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of the catalog's own words that are told of one path, at most.
const LONGEST: usize = 90;

/// What shows it, by path: words that read on after it.
pub type Proof = BTreeMap<String, BTreeSet<String>>;

/// What something is proved of, and whether something of a path is secret.
struct Proving<'a> {
    scope: Scope,
    is_secret: &'a dyn Fn(&str) -> bool,
}

impl Predicate {
    /// Adds what makes it hold everywhere on a day; nothing where it does not. `is_secret` says of a path whether what stands
    /// there is secret.
    pub fn prove(&self, attributes: &Attributes, day: Option<Date>, is_secret: &dyn Fn(&str) -> bool, proof: &mut Proof) {
        let scope = Scope::attestation(day);
        if self.decide(attributes, scope) == Truth::Yes {
            let proving = Proving { scope, is_secret };
            self.prove_below("", attributes, &proving, proof);
        }
    }

    fn prove_below(&self, prefix: &str, attributes: &Attributes, proving: &Proving<'_>, proof: &mut Proof) {
        for part in &self.0 {
            proving.part(part, prefix, attributes, proof);
        }
    }
}

impl Proving<'_> {
    fn part(&self, part: &Part, prefix: &str, attributes: &Attributes, proof: &mut Proof) {
        match part {
            Part::Attribute { path, test, .. } => {
                let at = format!("{prefix}{}", path.join("."));
                for value in reach(attributes, path).into_iter().flatten() {
                    if test.holds(value, self.scope.day()) == Truth::Yes {
                        let says = self.says(&at, path.last().map_or("", String::as_str), test, value);
                        proof.entry(at.clone()).or_default().insert(says);
                    }
                }
            }
            Part::Blocks { path, which, predicate } => {
                let at = format!("{prefix}{}", path.join("."));
                let reached = reach(attributes, path);
                let all = blocks(&reached).unwrap_or_default();
                if *which == Blocks::No {
                    let says = if all.is_empty() {
                        "is empty".to_owned()
                    } else {
                        within(&format!("has no entry in which {}", predicate.words())).unwrap_or_else(|| "has no such entry".to_owned())
                    };
                    proof.entry(at).or_default().insert(says);
                    return;
                }
                let below = format!("{at}.");
                for block in all.into_iter().filter(|block| predicate.decide(block, self.scope) == Truth::Yes) {
                    predicate.prove_below(&below, block, self, proof);
                }
            }
            Part::Covers { from, to, .. } => {
                for name in [from, to] {
                    if let Some(value) = attributes.get(name).and_then(|value| told(value, false)) {
                        let says = format!("is {}", value.words());
                        proof.entry(format!("{prefix}{name}")).or_default().insert(says);
                    }
                }
            }
            // One of them is enough.
            Part::Any(all) => {
                if let Some(one) = all.iter().find(|one| one.decide(attributes, self.scope) == Truth::Yes) {
                    one.prove_below(prefix, attributes, self, proof);
                }
            }
            Part::All(all) => all.iter().for_each(|one| one.prove_below(prefix, attributes, self, proof)),
            Part::None(all) => {
                for path in all.iter().flat_map(Predicate::attributes) {
                    let at = format!("{prefix}{path}");
                    let path: Vec<String> = path.split('.').map(str::to_owned).collect();
                    let last = path.last().map_or("", String::as_str);
                    for value in reach(attributes, &path).into_iter().flatten() {
                        if let Some(value) = self.value(&at, last, value, true) {
                            proof.entry(at.clone()).or_default().insert(format!("is {}", value.words()));
                        }
                    }
                }
                if proof.is_empty()
                    && let Some(words) = within(&format!("is none of what is forbidden: {}", part.words()))
                {
                    let first = all.iter().flat_map(Predicate::attributes).next().unwrap_or_default();
                    proof.entry(format!("{prefix}{first}")).or_default().insert(words);
                }
            }
        }
    }

    fn value(&self, at: &str, last: &str, value: &Value, with_words: bool) -> Option<Seen> {
        let is_secret = (self.is_secret)(at);
        let seen = told(value, with_words && !is_secret && !names_somebody(last))?;
        Some(if is_secret { seen.without_value() } else { seen })
    }

    /// What a value that passes a test is.
    fn says(&self, at: &str, last: &str, test: &Test, value: &Value) -> String {
        if (self.is_secret)(at) {
            return self
                .value(at, last, value, false)
                .map_or_else(|| "is set".to_owned(), |seen| format!("is {}", seen.words()));
        }
        let seen = self.value(at, last, value, test.compares_words());
        match (seen, test.shows()) {
            (Some(Seen::Value(value)), _) => format!("is `{value}`"),
            (Some(Seen::State(state)), None) => format!("is {state}"),
            // Of a text, or of a list of things, the catalog's own words say more than that it is set.
            (Some(Seen::State(state)), Some(_)) if state != "set" => format!("is {state}"),
            (_, Some(words)) => within(&words).unwrap_or_else(|| "is as asked".to_owned()),
            (None, None) => "is set".to_owned(),
        }
    }
}

/// Words that are not too long to be told.
fn within(words: &str) -> Option<String> {
    (words.chars().count() <= LONGEST).then(|| words.to_owned())
}

impl Test {
    /// What a value is that passes it, in the catalog's words, where they say more than that it is set.
    fn shows(&self) -> Option<String> {
        let words = self.words();
        match self {
            Self::Present(_) => None,
            Self::Not(inner) => match &**inner {
                Self::Present(_) => None,
                Self::Is(_) | Self::OneOf(_) | Self::Ended(_) => Some(words.replacen("not is", "is not", 1)),
                Self::Contains(_) => Some(words.replacen("not contains", "does not contain", 1)),
                Self::StartsWith(_) => Some(words.replacen("not begins", "does not begin", 1)),
                Self::EndsWith(_) => Some(words.replacen("not ends", "does not end", 1)),
                _ => None,
            },
            Self::Every(inner) => inner.shows().map(|words| format!("{words} in every entry")),
            Self::Both(tests) => {
                let all: Vec<String> = tests.iter().filter_map(Self::shows).collect();
                (!all.is_empty()).then(|| all.join(" and "))
            }
            _ => Some(words),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn proof(predicate: &str, attributes: &str) -> String {
        let predicate: Predicate = serde_yaml::from_str(predicate).unwrap();
        let mut found = Proof::new();
        let is_secret = |path: &str| path.ends_with("password");
        predicate.prove(&serde_yaml::from_str(attributes).unwrap(), None, &is_secret, &mut found);
        let words = found.iter().map(|(path, says)| {
            let says: Vec<&str> = says.iter().map(String::as_str).collect();
            format!("{path} {}", says.join(" | ").replace('`', ""))
        });
        words.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_holds_is_told_and_nothing_else() {
        for (predicate, attributes, expected) in [
            ("{public: false}", "{public: false, other: 1}", "public is false"),
            ("{public: false}", "{public: true}", ""),
            ("{public: false}", "{}", ""),
            ("{any: [{a: true}, {b: true}]}", "{a: false, b: true}", "b is true"),
            (
                "{all: [{a: true}, {days: {at_least: 7}}]}",
                "{a: true, days: 35}",
                "a is true; days is 35",
            ),
            (
                "{key: {present: true}}",
                "{key: 'arn:aws:kms:eu-west-1:111122223333:key/a'}",
                "key is set",
            ),
            (
                "{key: {not: aws/rds}}",
                "{key: 'arn:aws:kms:eu-west-1:111122223333:key/a'}",
                "key is not aws/rds",
            ),
            ("{none: [{admin: true}]}", "{admin: false}", "admin is false"),
            ("{types: {contains: error}}", "{types: [audit, error]}", "types contains error"),
            (
                "{db.password: {present: true}}",
                "{db: [{password: hunter2}]}",
                "db.password is set",
            ),
            ("{db.password: hunter2}", "{db: [{password: hunter2}]}", "db.password is set"),
            (
                "{ingress: {no: {to_port: 22}}}",
                "{ingress: [{to_port: 443}]}",
                "ingress has no entry in which to_port is 22",
            ),
            ("{ingress: {no: {to_port: 22}}}", "{ingress: []}", "ingress is empty"),
            (
                "{rule: {each: {enabled: true}}}",
                "{rule: [{enabled: true}, {enabled: true}]}",
                "rule.enabled is true",
            ),
            (
                "{rule: {some: {days: {at_least: 30}}}}",
                "{rule: [{days: 1}, {days: 90}]}",
                "rule.days is 90",
            ),
        ] {
            assert_eq!(proof(predicate, attributes), expected, "{predicate} {attributes}");
        }
    }
}
