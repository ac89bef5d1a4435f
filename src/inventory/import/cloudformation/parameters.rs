//! The values of a template's parameters.
//!
//! In: parameters, what the stack around gives, and the rules that values obey. Out: each parameter whose value is settled;
//! the few values that others are limited to; and defaults. A default is what a parameter comes to where whoever deploys the
//! template gives no other, which a template read alone does not say: only what is counted is counted by it.

use super::functions::as_text;
use super::nested::Given;
use super::template::Template;
use crate::source::secrets;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is known of a template's parameters.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// Those whose value is settled: it is given, or no other is allowed.
    pub(super) settled: BTreeMap<String, Value>,
    /// What others come to where nobody gives them.
    pub(super) defaults: BTreeMap<String, Value>,
    /// The values that others are limited to.
    pub(super) allowed: BTreeMap<String, Vec<Value>>,
    /// The names of all.
    pub(super) names: Vec<String>,
}

impl Parameters {
    /// Those that a template declares.
    pub(super) fn of(declared: &Map<String, Value>, given: &Given) -> Self {
        let mut found = Self {
            names: declared.keys().cloned().collect(),
            ..Self::default()
        };
        for (name, parameter) in declared.iter().filter(|(name, parameter)| !is_secret(name, parameter)) {
            let is_elsewhere = kind(parameter).starts_with("AWS::SSM::");
            match given.parameters.get(name) {
                // The name of a parameter elsewhere.
                _ if is_elsewhere => {}
                Some(Some(value)) if !holds_secret(value) => {
                    found.settled.insert(name.clone(), list_of(parameter, value.clone()));
                }
                // What is given and not known is not the default.
                Some(_) => {
                    let counted = given.counted.get(name).filter(|value| !holds_secret(value));
                    found
                        .defaults
                        .extend(counted.map(|value| (name.clone(), list_of(parameter, value.clone()))));
                    found.limit(name, parameter);
                }
                None => {
                    match default(parameter) {
                        // Whoever deploys the stack around gives no other.
                        Some(default) if given.is_all => drop(found.settled.insert(name.clone(), default)),
                        Some(default) => drop(found.defaults.insert(name.clone(), default)),
                        None => {}
                    }
                    found.limit(name, parameter);
                }
            }
        }
        found
    }

    /// Takes in the values that a parameter is limited to by itself.
    fn limit(&mut self, name: &str, parameter: &Value) {
        // Of a list each item is one of them.
        let is_list = kind(parameter) == "CommaDelimitedList" || kind(parameter).starts_with("List<");
        if let Some(allowed) = parameter.get("AllowedValues").and_then(Value::as_array).filter(|_| !is_list) {
            self.allow(name, allowed.clone());
        }
    }

    /// Limits a parameter to values, further than it is; one that is left is its value.
    fn allow(&mut self, name: &str, mut values: Vec<Value>) {
        if self.settled.contains_key(name)
            || values
                .iter()
                .any(|value| holds_secret(value) || value.is_object() || value.is_array())
        {
            return;
        }
        if let Some(allowed) = self.allowed.get(name) {
            values.retain(|value| allowed.iter().any(|other| are_same(value, other)));
        }
        match values.as_slice() {
            [] => {}
            [only] => {
                self.settled.insert(name.to_owned(), only.clone());
                self.allowed.remove(name);
            }
            _ => drop(self.allowed.insert(name.to_owned(), values)),
        }
    }
}

/// Whether two values are the same to a parameter, whose values are texts.
fn are_same(a: &Value, b: &Value) -> bool {
    as_text(a).is_some_and(|text| as_text(b) == Some(text))
}

/// Leaves out the defaults that a rule refuses, since a stack is not deployed with them, and limits parameters to the values
/// that a rule leaves.
pub(super) fn obey(template: &mut Template<'_>, rules: &Map<String, Value>, declared: &Map<String, Value>) {
    for rule in rules.values() {
        let condition = rule.get("RuleCondition");
        let applies = condition.map_or(Some(true), |condition| template.holds(condition, 0));
        let is_counted = condition.map_or(Some(true), |condition| template.counting(|| template.holds(condition, 0)));
        let assertions = rule.get("Assertions").and_then(Value::as_array);
        for assertion in assertions.into_iter().flatten().filter_map(|one| one.get("Assert")) {
            if is_counted == Some(true) && template.counting(|| template.holds(assertion, 0)) == Some(false) {
                let mut named = Vec::new();
                references(assertion, &mut named);
                named.into_iter().for_each(|name| drop(template.parameters.defaults.remove(name)));
            }
            if applies != Some(true) {
                continue;
            }
            if let Some((name, values)) = only_values(assertion)
                && let Some(parameter) = declared.get(name)
                && !is_secret(name, parameter)
                && !kind(parameter).starts_with("AWS::SSM::")
                && !template.parameters.settled.contains_key(name)
            {
                let values = values.into_iter().map(|value| list_of(parameter, value.clone()));
                match values.collect::<Vec<Value>>() {
                    only if only.len() == 1 && only.iter().all(Value::is_array) => {
                        template
                            .parameters
                            .settled
                            .extend(only.into_iter().map(|only| (name.to_owned(), only)));
                    }
                    values => template.parameters.allow(name, values),
                }
            }
        }
    }
    template.holding.borrow_mut().clear();
}

/// The parameters that a function names.
fn references<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("Ref").and_then(Value::as_str));
            map.values().for_each(|value| references(value, into));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}

/// The parameter that an assertion limits to values, and these.
fn only_values(assertion: &Value) -> Option<(&str, Vec<&Value>)> {
    let map = assertion.as_object().filter(|map| map.len() == 1)?;
    let (function, argument) = map.iter().next()?;
    let [a, b] = argument.as_array()?.as_slice() else { return None };
    let (of, values) = match function.as_str() {
        "Fn::Equals" if b.get("Ref").is_some() => (b, vec![a]),
        "Fn::Equals" => (a, vec![b]),
        "Fn::Contains" => (b, a.as_array()?.iter().collect()),
        _ => return None,
    };
    let of = of.as_object().filter(|map| map.len() == 1)?.get("Ref")?.as_str()?;
    let are_plain = values.iter().all(|value| !value.is_object() && !value.is_array());
    are_plain.then_some((of, values))
}

/// Whether a parameter hides its value, or is called as secrets are.
fn is_secret(name: &str, parameter: &Value) -> bool {
    parameter.get("NoEcho").is_some_and(is_hidden) || secrets::names_a_secret(name)
}

fn holds_secret(value: &Value) -> bool {
    value.as_str().is_some_and(secrets::hold_secret)
}

fn kind(parameter: &Value) -> &str {
    parameter.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// The default of a parameter, unless it holds a secret.
fn default(parameter: &Value) -> Option<Value> {
    match parameter.get("Default")? {
        // What is empty is meant to be given.
        Value::String(text) if text.is_empty() || secrets::hold_secret(text) => None,
        other => Some(list_of(parameter, other.clone())),
    }
}

/// A value as its parameter takes it: a list of what commas part.
fn list_of(parameter: &Value, value: Value) -> Value {
    let kind = kind(parameter);
    match value {
        Value::String(text) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
            text.split(',').map(|item| Value::from(item.trim())).collect()
        }
        other => other,
    }
}

/// Whether `NoEcho` hides a parameter: anything does that is not a word for no, since YAML has many for yes.
fn is_hidden(flag: &Value) -> bool {
    const NO: &[&str] = &["", "false", "no", "off", "n", "f", "0"];
    match flag {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !NO.iter().any(|no| text.trim().eq_ignore_ascii_case(no)),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}
