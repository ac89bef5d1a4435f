//! What the functions of a template come to, as far as the template itself settles it.
//!
//! In: values with functions in them. Out: the values that they stand for. A parameter stands for what is given for it, and
//! for its default only where something is counted; what is the same under all values that are allowed is known. A reference
//! to another resource stays as `${Name}`, since what it leads to is set, whatever it is called. What cannot be known is
//! marked: it is said, and does not count as left out.

use super::budget::size;
use super::loops;
use super::template::{Template, is_remade};
use crate::catalog::attributes::open::{OPEN, is_open, open, told};
use crate::catalog::provider;
use crate::limits::TEMPLATE_DEPTH as DEPTH;
use crate::source::secrets;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many choices of values for parameters are tried.
const CHOICES: usize = 64;

/// What a dynamic reference begins with, wherever in a text it stands.
const DYNAMIC: &str = "{{resolve:";

/// What a value comes to.
pub(super) enum Settled {
    Value(Value),
    /// Not known here.
    Unknown,
    /// `AWS::NoValue`: as if the property were not there.
    Nothing,
}

impl Template<'_> {
    /// The value that the template itself settles.
    pub(super) fn settled(&self, value: Value) -> Option<Value> {
        match self.settle(value, 0) {
            Settled::Value(value) => Some(value),
            Settled::Unknown | Settled::Nothing => None,
        }
    }

    pub(super) fn known(&self, value: Value, depth: usize) -> Option<Value> {
        match self.settle(value, depth + 1) {
            Settled::Value(value) => Some(value),
            Settled::Unknown | Settled::Nothing => None,
        }
    }

    pub(super) fn settle(&self, value: Value, depth: usize) -> Settled {
        if depth > DEPTH {
            self.stacks.budget.too_deep();
            return Settled::Unknown;
        }
        if !self.stacks.budget.spend(1) {
            return Settled::Unknown;
        }
        match value {
            // A macro of somebody's own may replace all that stands beside it.
            Value::Object(map) if is_remade(&map) => Settled::Unknown,
            Value::Object(map) => match function(&map) {
                Some(name) => {
                    let name = name.to_owned();
                    let argument = map.into_iter().next().map(|(_, argument)| argument).unwrap_or_default();
                    self.call(&name, argument, depth)
                }
                None => {
                    let map = if loops::is_in(&map) { loops::in_map(map, self) } else { map };
                    let fields = map.into_iter().filter_map(|(key, value)| self.field(key, value, depth));
                    Settled::Value(Value::Object(fields.collect()))
                }
            },
            Value::Array(items) => self.list(items, depth),
            // What CloudFormation looks up when it deploys is set, and not told.
            Value::String(text) if text.contains(DYNAMIC) => Settled::Value(told(open(), false)),
            other => Settled::Value(other),
        }
    }

    /// A property, marked where it is not known. A transform of the provider's among properties may add any other, as may a loop over what is not
    /// known.
    fn field(&self, key: String, value: Value, depth: usize) -> Option<(String, Value)> {
        if key == "Fn::Transform" || loops::is_loop(&key) {
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

    /// What a function comes to. Where that hangs on parameters of a few values, these are tried.
    fn call(&self, name: &str, argument: Value, depth: usize) -> Settled {
        if self.parameters.allowed.is_empty() || self.is_counting.get() || !self.assumed.borrow().is_empty() {
            return self.called(name, argument, depth);
        }
        let Some(copy) = self.copied(&argument) else {
            return Settled::Unknown;
        };
        let before = self.asked.take();
        let found = self.called(name, copy, depth);
        let asked = self.asked.take();
        let found = match found {
            Settled::Unknown if !asked.is_empty() => self.tried(name, &argument, asked.clone(), depth),
            found => found,
        };
        self.asked.replace(before);
        self.asked.borrow_mut().extend(asked);
        found
    }

    /// What a function comes to under all values that the parameters it asks for may have, if that is one.
    fn tried(&self, name: &str, argument: &Value, mut asked: BTreeSet<String>, depth: usize) -> Settled {
        let held = self.holding.take();
        let found = loop {
            let Some(choices) = self.choices(&asked) else {
                break Settled::Unknown;
            };
            let (mut all, mut more) = (None, BTreeSet::new());
            for choice in choices {
                self.assumed.replace(choice);
                self.holding.borrow_mut().clear();
                let one = self
                    .copied(argument)
                    .map_or(Settled::Unknown, |argument| self.called(name, argument, depth));
                more.extend(self.asked.take());
                all = match (all, one) {
                    (None, one) => Some(one),
                    (Some(Settled::Value(all)), Settled::Value(one)) if all == one => Some(Settled::Value(all)),
                    (Some(Settled::Nothing), Settled::Nothing) => Some(Settled::Nothing),
                    _ => Some(Settled::Unknown),
                };
                if matches!(all, Some(Settled::Unknown)) && more.is_empty() {
                    break;
                }
            }
            match all {
                Some(Settled::Unknown) if !more.is_subset(&asked) => asked.extend(more),
                all => break all.unwrap_or(Settled::Unknown),
            }
        };
        self.assumed.take();
        self.holding.replace(held);
        found
    }

    /// All choices of values for parameters, unless they are too many.
    fn choices(&self, asked: &BTreeSet<String>) -> Option<Vec<BTreeMap<String, Value>>> {
        let mut choices = vec![BTreeMap::new()];
        for name in asked {
            let allowed = self.parameters.allowed.get(name)?;
            if choices.len() * allowed.len() > CHOICES {
                return None;
            }
            let with = |choice: &BTreeMap<String, Value>, value: &Value| {
                let mut choice = choice.clone();
                choice.insert(name.clone(), value.clone());
                choice
            };
            choices = choices
                .iter()
                .flat_map(|choice| allowed.iter().map(|value| with(choice, value)).collect::<Vec<_>>())
                .collect();
        }
        Some(choices)
    }

    fn called(&self, name: &str, argument: Value, depth: usize) -> Settled {
        if name == "Fn::If" {
            return self.branch(argument, depth);
        }
        if name == "Ref" && argument == "AWS::NoValue" {
            return Settled::Nothing;
        }
        if name == "Fn::FindInMap" {
            return self.mapped(argument, depth);
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
            ("Fn::Length", list) => self.known(list, depth).and_then(|list| Some(list.as_array()?.len().into())),
            ("Fn::ToJsonString", value) => self
                .known(value, depth)
                .filter(|value| self.stacks.budget.spend(size(value)))
                .map(|value| Value::String(told(value, false).to_string())),
            _ => None,
        };
        value.map_or(Settled::Unknown, Settled::Value)
    }

    fn reference(&self, target: &str) -> Option<Value> {
        if let Some(settled) = self.parameters.settled.get(target) {
            return self.copied(settled);
        }
        if let Some(assumed) = self.assumed.borrow().get(target) {
            return self.copied(assumed);
        }
        if self.is_counting.get() {
            let item = self.items.borrow().get(target).cloned();
            if let Some(counted) = item.as_ref().or_else(|| self.parameters.defaults.get(target)) {
                return self.copied(counted);
            }
        }
        if self.parameters.allowed.contains_key(target) {
            self.asked.borrow_mut().insert(target.to_owned());
            return None;
        }
        if self.parameters.names.iter().any(|name| name == target) {
            return None;
        }
        if let Some(known) = self.stacks.pseudo(target) {
            return Some(known.into());
        }
        self.resources.contains_key(target).then(|| self.handle(target))
    }

    /// What stands for a resource, or an attribute of one, of this template.
    fn handle(&self, target: &str) -> Value {
        format!("${{{}{target}}}", self.within).into()
    }

    /// A copy, which is paid for.
    pub(super) fn copied(&self, value: &Value) -> Option<Value> {
        self.stacks.budget.spend(size(value)).then(|| value.clone())
    }

    fn attribute(&self, target: &str) -> Option<Value> {
        let (resource, attribute) = target.split_once('.')?;
        if let Some(output) = attribute.strip_prefix("Outputs.") {
            return self.returned(resource, output);
        }
        let kind = self.resources.get(resource)?;
        // What somebody wrote there is set, and may be anything.
        Some(if provider::is_written(kind, attribute) {
            told(open(), false)
        } else {
            self.handle(target)
        })
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
                if !self.stacks.budget.spend(text.len()) {
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
        self.stacks.budget.spend(length).then(|| texts.join(&delimiter).into())
    }

    fn split(&self, parts: Vec<Value>, depth: usize) -> Option<Value> {
        let mut parts = parts.into_iter();
        let (Some(Value::String(delimiter)), Some(text)) = (parts.next(), parts.next()) else {
            return None;
        };
        let text = self.known(text, depth)?;
        let text = text.as_str()?;
        let parts = text.split(&*delimiter);
        let spent = parts.clone().all(|part| self.stacks.budget.spend(part.len() + size(&Value::Null)));
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

    /// What a mapping says under its keys, else the default that is given. Of what keys that are not known may lead to, the
    /// value is known where it is the same under all.
    fn mapped(&self, argument: Value, depth: usize) -> Settled {
        let Value::Array(mut keys) = argument else {
            return Settled::Unknown;
        };
        let default = match keys.get_mut(3).map(std::mem::take) {
            Some(Value::Object(mut options)) => options.shift_remove("DefaultValue"),
            _ => None,
        };
        keys.truncate(3);
        let mut keys = keys.into_iter().map(|key| self.known(key, depth).and_then(|key| as_text(&key)));
        let Some(map) = keys.next().flatten().and_then(|name| self.mappings.get(&name)) else {
            return Settled::Unknown;
        };
        let (mut found, mut may_lack) = (vec![map], false);
        let are_remade = |found: &[&Value]| found.iter().any(|one| one.as_object().is_some_and(is_remade));
        for key in keys {
            if are_remade(&found) {
                return Settled::Unknown;
            }
            if key.as_deref().is_some_and(secrets::names_a_secret) {
                return Settled::Unknown;
            }
            let (before, is_known) = (found.len(), key.is_some());
            found = found.into_iter().flat_map(|map| under(map, key.as_deref())).collect();
            may_lack |= !is_known || found.len() < before;
        }
        if are_remade(&found) {
            return Settled::Unknown;
        }
        let all_are = |value: &Value| found.iter().all(|one| *one == value);
        match (found.first(), default) {
            (Some(_), Some(default)) if may_lack => match self.settle(default, depth + 1) {
                Settled::Value(default) if all_are(&default) => Settled::Value(default),
                _ => Settled::Unknown,
            },
            (Some(first), _) if all_are(first) => self.copied(first).map_or(Settled::Unknown, Settled::Value),
            (None, Some(default)) => self.settle(default, depth + 1),
            _ => Settled::Unknown,
        }
    }
}

/// What stands in a map under a key, or under any that is not called as secrets are.
fn under<'v>(map: &'v Value, key: Option<&str>) -> Vec<&'v Value> {
    match key {
        Some(key) => map.get(key).into_iter().collect(),
        None => {
            let fields = map.as_object().into_iter().flatten();
            fields
                .filter(|(key, _)| !secrets::names_a_secret(key))
                .map(|(_, value)| value)
                .collect()
        }
    }
}

/// The name of the function that a map of one key is.
fn function(map: &Map<String, Value>) -> Option<&str> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    let is_function = name == "Ref" || name.starts_with("Fn::") && !loops::is_loop(name) || name == "Condition" && argument.is_string();
    is_function.then_some(name)
}

/// A value as a text, if it is none of several.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
