//! What the functions of a template come to, as far as the template itself settles it.
//!
//! In: values with functions in them. Out: the values that they stand for. A parameter stands for its default; a reference
//! to another resource stays as `${Name}`, since what it leads to is set, whatever it is called. What cannot be known is
//! marked: it is said, and does not count as left out.

use super::budget::{Budget, size};
use crate::catalog::attributes::open::{OPEN, is_open, open, told};
use crate::limits::TEMPLATE_DEPTH as DEPTH;
use crate::source::secrets;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A template's parameters, mappings, conditions, and the names of its resources.
#[derive(Debug, Default)]
pub(super) struct Template {
    parameters: BTreeMap<String, Value>,
    mappings: Map<String, Value>,
    conditions: Map<String, Value>,
    resources: BTreeSet<String>,
    /// What each condition that was asked for comes to. One that is being asked for is not known: it asks for itself.
    holding: RefCell<BTreeMap<String, Option<bool>>>,
    /// What all functions and loops may still come to.
    pub(super) budget: Budget,
}

/// What a value comes to.
enum Settled {
    Value(Value),
    /// Not known here.
    Unknown,
    /// `AWS::NoValue`: as if the property were not there.
    Nothing,
}

impl Template {
    /// Those of a template without its resources.
    pub(super) fn of(template: &Map<String, Value>) -> Self {
        let map = |name: &str| template.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        let parameters = map("Parameters").into_iter().filter_map(|(name, one)| {
            let default = default(&name, &one)?;
            Some((name, default))
        });
        Self {
            parameters: parameters.collect(),
            mappings: map("Mappings"),
            conditions: map("Conditions"),
            resources: BTreeSet::new(),
            holding: RefCell::default(),
            budget: Budget::default(),
        }
    }

    /// The resources that references may lead to. What a custom resource or a nested stack returns is not known, not even
    /// whether it is set.
    pub(super) fn add_resources(&mut self, resources: &[(String, Value)]) {
        let is_known = |resource: &Value| {
            let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
            !kind.starts_with("Custom::") && !kind.starts_with("AWS::CloudFormation::")
        };
        let known = resources.iter().filter(|(_, resource)| is_known(resource));
        self.resources.extend(known.map(|(id, _)| id.clone()));
    }

    /// The value that the template itself settles.
    pub(super) fn settled(&self, value: Value) -> Option<Value> {
        match self.settle(value, 0) {
            Settled::Value(value) => Some(value),
            Settled::Unknown | Settled::Nothing => None,
        }
    }

    fn known(&self, value: Value, depth: usize) -> Option<Value> {
        match self.settle(value, depth + 1) {
            Settled::Value(value) => Some(value),
            Settled::Unknown | Settled::Nothing => None,
        }
    }

    fn settle(&self, value: Value, depth: usize) -> Settled {
        if depth > DEPTH {
            self.budget.too_deep();
            return Settled::Unknown;
        }
        if !self.budget.spend(1) {
            return Settled::Unknown;
        }
        match value {
            Value::Object(map) => match function(&map) {
                Some(name) => {
                    let name = name.to_owned();
                    let argument = map.into_iter().next().map(|(_, argument)| argument).unwrap_or_default();
                    self.call(&name, argument, depth)
                }
                None => Settled::Value(Value::Object(
                    map.into_iter().filter_map(|(key, value)| self.field(key, value, depth)).collect(),
                )),
            },
            Value::Array(items) => self.list(items, depth),
            other => Settled::Value(other),
        }
    }

    /// A property, marked where it is not known. A macro among properties may add any other.
    fn field(&self, key: String, value: Value, depth: usize) -> Option<(String, Value)> {
        if key == "Fn::Transform" {
            return Some((OPEN.to_owned(), true.into()));
        }
        match self.settle(value, depth + 1) {
            Settled::Value(value) => Some((key, value)),
            Settled::Unknown => Some((key, open())),
            Settled::Nothing => None,
        }
    }

    /// A list whose items that are not known are marked. One that has no other is not known itself: it may be empty.
    fn list(&self, items: Vec<Value>, depth: usize) -> Settled {
        let settled = items.into_iter().filter_map(|item| match self.settle(item, depth + 1) {
            Settled::Value(value) => Some(value),
            Settled::Unknown => Some(open()),
            Settled::Nothing => None,
        });
        let items: Vec<Value> = settled.collect();
        if !items.is_empty() && items.iter().all(is_open) {
            return Settled::Unknown;
        }
        Settled::Value(Value::Array(items))
    }

    fn call(&self, name: &str, argument: Value, depth: usize) -> Settled {
        if name == "Fn::If" {
            return self.branch(argument, depth);
        }
        if name == "Ref" && argument == "AWS::NoValue" {
            return Settled::Nothing;
        }
        let value = match (name, argument) {
            ("Ref", Value::String(target)) => self.reference(&target),
            ("Fn::GetAtt", Value::String(target)) => self.attribute(&target),
            ("Fn::GetAtt", Value::Array(path)) => {
                let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
                self.attribute(&path.join("."))
            }
            ("Fn::Sub", Value::String(text)) => self.substituted(&text, &Map::new(), depth),
            ("Fn::Sub", Value::Array(parts)) => {
                let mut parts = parts.into_iter();
                match (parts.next(), parts.next()) {
                    (Some(Value::String(text)), Some(Value::Object(names))) => self.substituted(&text, &names, depth),
                    _ => None,
                }
            }
            ("Fn::Join", Value::Array(parts)) => self.joined(parts, depth),
            ("Fn::Split", Value::Array(parts)) => self.split(parts, depth),
            ("Fn::Select", Value::Array(parts)) => self.selected(parts, depth),
            ("Fn::FindInMap", Value::Array(keys)) => self.mapped(keys, depth),
            ("Fn::ToJsonString", value) => self
                .known(value, depth)
                .filter(|value| self.budget.spend(size(value)))
                .map(|value| Value::String(told(value, false).to_string())),
            _ => None,
        };
        value.map_or(Settled::Unknown, Settled::Value)
    }

    fn reference(&self, target: &str) -> Option<Value> {
        if let Some(default) = self.parameters.get(target) {
            return self.copied(default);
        }
        self.resources.contains(target).then(|| format!("${{{target}}}").into())
    }

    /// A copy, which is paid for.
    fn copied(&self, value: &Value) -> Option<Value> {
        self.budget.spend(size(value)).then(|| value.clone())
    }

    fn attribute(&self, target: &str) -> Option<Value> {
        let (resource, _) = target.split_once('.')?;
        self.resources.contains(resource).then(|| format!("${{{target}}}").into())
    }

    /// A text with `${Name}` in it; `${!Name}` stays as `${Name}`.
    fn substituted(&self, text: &str, names: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut made = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let (name, after) = behind.split_once('}')?;
            made.push_str(before);
            let name = name.trim();
            if let Some(literal) = name.strip_prefix('!') {
                made.push_str(&format!("${{{literal}}}"));
            } else {
                let value = match names.get(name) {
                    Some(value) => self.known(self.copied(value)?, depth)?,
                    None if name.contains('.') => self.attribute(name)?,
                    None => self.reference(name)?,
                };
                let text = as_text(&value)?;
                if !self.budget.spend(text.len()) {
                    return None;
                }
                made.push_str(&text);
            }
            rest = after;
        }
        made.push_str(rest);
        Some(made.into())
    }

    fn joined(&self, parts: Vec<Value>, depth: usize) -> Option<Value> {
        let mut parts = parts.into_iter();
        let (Some(Value::String(delimiter)), Some(list)) = (parts.next(), parts.next()) else {
            return None;
        };
        let items = match list {
            // An item that is not known leaves the whole text unknown.
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.known(item, depth))
                .collect::<Option<Vec<Value>>>()?,
            other => match self.known(other, depth)? {
                Value::Array(items) => items,
                _ => return None,
            },
        };
        let texts = items.iter().map(as_text).collect::<Option<Vec<String>>>()?;
        let length = texts.iter().map(|text| text.len() + delimiter.len()).fold(0, usize::saturating_add);
        self.budget.spend(length).then(|| texts.join(&delimiter).into())
    }

    fn split(&self, parts: Vec<Value>, depth: usize) -> Option<Value> {
        let mut parts = parts.into_iter();
        let (Some(Value::String(delimiter)), Some(text)) = (parts.next(), parts.next()) else {
            return None;
        };
        let text = self.known(text, depth)?;
        let text = text.as_str()?;
        let parts = text.split(&*delimiter);
        let spent = parts.clone().all(|part| self.budget.spend(part.len() + size(&Value::Null)));
        spent.then(|| parts.map(Value::from).collect())
    }

    fn selected(&self, parts: Vec<Value>, depth: usize) -> Option<Value> {
        let mut parts = parts.into_iter();
        let index = self.known(parts.next()?, depth)?;
        let index: usize = as_text(&index)?.parse().ok()?;
        match parts.next()? {
            // Items that are not known keep their places.
            Value::Array(mut items) if index < items.len() => self.known(items.swap_remove(index), depth),
            Value::Array(_) => None,
            other => match self.known(other, depth)? {
                Value::Array(mut items) if index < items.len() => Some(items.swap_remove(index)).filter(|item| !is_open(item)),
                _ => None,
            },
        }
    }

    fn mapped(&self, keys: Vec<Value>, depth: usize) -> Option<Value> {
        let mut keys = keys.into_iter().take(3);
        let mut key = || as_text(&self.known(keys.next()?, depth)?);
        let mut at = self.mappings.get(&key()?)?;
        while let Some(key) = key() {
            if secrets::names_a_secret(&key) {
                return None;
            }
            at = at.get(&key)?;
        }
        self.copied(at)
    }

    /// Of two values the one that the condition chooses; both, where they are the same.
    fn branch(&self, argument: Value, depth: usize) -> Settled {
        let Value::Array(parts) = argument else { return Settled::Unknown };
        let Ok([condition, yes, no]) = <[Value; 3]>::try_from(parts) else {
            return Settled::Unknown;
        };
        let holds = condition.as_str().and_then(|name| self.condition(name, depth + 1));
        match holds {
            Some(true) => self.settle(yes, depth + 1),
            Some(false) => self.settle(no, depth + 1),
            None => match (self.settle(yes, depth + 1), self.settle(no, depth + 1)) {
                (Settled::Value(yes), Settled::Value(no)) if yes == no => Settled::Value(yes),
                (Settled::Nothing, Settled::Nothing) => Settled::Nothing,
                _ => Settled::Unknown,
            },
        }
    }

    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(known) = self.holding.borrow().get(name) {
            return *known;
        }
        let condition = self.conditions.get(name)?;
        self.holding.borrow_mut().insert(name.to_owned(), None);
        let holds = self.holds(condition, depth);
        self.holding.borrow_mut().insert(name.to_owned(), holds);
        holds
    }

    fn holds(&self, condition: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            self.budget.too_deep();
            return None;
        }
        let map = condition.as_object()?;
        let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
        let all = || argument.as_array();
        match name.as_str() {
            "Condition" => self.condition(argument.as_str()?, depth + 1),
            "Fn::Not" => self.holds(all()?.first()?, depth + 1).map(|holds| !holds),
            "Fn::And" => {
                let truths: Vec<Option<bool>> = all()?.iter().map(|one| self.holds(one, depth + 1)).collect();
                if truths.contains(&Some(false)) {
                    Some(false)
                } else {
                    truths.iter().all(Option::is_some).then_some(true)
                }
            }
            "Fn::Or" => {
                let truths: Vec<Option<bool>> = all()?.iter().map(|one| self.holds(one, depth + 1)).collect();
                if truths.contains(&Some(true)) {
                    Some(true)
                } else {
                    truths.iter().all(Option::is_some).then_some(false)
                }
            }
            "Fn::Equals" => {
                let [a, b] = all()?.as_slice() else { return None };
                let (a, b) = (self.known(self.copied(a)?, depth)?, self.known(self.copied(b)?, depth)?);
                Some(as_text(&a)? == as_text(&b)?)
            }
            _ => None,
        }
    }
}

/// The name of the function that a map of one key is.
fn function(map: &Map<String, Value>) -> Option<&str> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    let is_function = name == "Ref" || name.starts_with("Fn::") || name == "Condition" && argument.is_string();
    is_function.then_some(name)
}

/// The default of a parameter, unless it is a secret or the name of a parameter elsewhere.
fn default(name: &str, parameter: &Value) -> Option<Value> {
    if parameter.get("NoEcho").is_some_and(is_hidden) || secrets::names_a_secret(name) {
        return None;
    }
    let kind = parameter.get("Type").and_then(Value::as_str).unwrap_or_default();
    if kind.starts_with("AWS::SSM::") {
        return None;
    }
    let default = parameter.get("Default")?;
    match default {
        // What is empty is meant to be given.
        Value::String(text) if text.is_empty() || secrets::hold_secret(text) => None,
        Value::String(text) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
            Some(text.split(',').map(|item| Value::from(item.trim())).collect())
        }
        other => Some(other.clone()),
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

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
