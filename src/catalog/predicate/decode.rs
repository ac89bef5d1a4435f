//! Predicates as the catalog writes them.
//!
//! In: a map of attributes to tests. Out: a [`Predicate`], or what is wrong with it in words.

use super::super::IndexMap;
use super::Predicate;
use super::part::{Blocks, Over, Part};
use super::value::{NAMES, Test, number};
use crate::diagnostics::{Route, Step};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What is wrong, and where in a predicate.
#[derive(Debug)]
pub(super) struct Wrong {
    what: String,
    /// The way to it, the last step first.
    way: Vec<Step>,
}

impl Wrong {
    /// That it lies in what stands there.
    pub(super) fn within(mut self, step: impl Into<Step>) -> Self {
        self.way.push(step.into());
        self
    }
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self { what, way: Vec::new() }
    }
}

impl Predicate {
    /// What is wrong with a value that should be a predicate, and where in it.
    pub(in crate::catalog) fn fault(value: &Value) -> Option<(Route, String)> {
        let Value::Object(map) = value else { return None };
        let wrong = predicate(map.clone().into_iter()).err()?;
        Some((Route(wrong.way.into_iter().rev().collect()), wrong.what))
    }
}

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: IndexMap<String, Value> = IndexMap::deserialize(deserializer)?;
        predicate(raw.into_iter()).map_err(|wrong| D::Error::custom(wrong.what))
    }
}

fn predicate(raw: impl Iterator<Item = (String, Value)>) -> Result<Predicate, Wrong> {
    let part = |key: &str, value: Value| match key {
        "any" => list(value).map(Part::Any),
        "all" => list(value).map(Part::All),
        "none" => list(value).map(Part::None),
        "covers" => Ok(covers(value)?),
        _ => attribute(key, value),
    };
    let parts = raw
        .map(|(key, value)| part(&key, value).map_err(|wrong| wrong.within(key.as_str())))
        .collect::<Result<Vec<_>, Wrong>>()?;
    if parts.is_empty() {
        Err("a predicate names at least one attribute".to_owned().into())
    } else {
        Ok(Predicate(parts))
    }
}

fn list(value: Value) -> Result<Vec<Predicate>, Wrong> {
    let Value::Array(items) = value else {
        return Err("`any`, `all` and `none` take a list of predicates".to_owned().into());
    };
    let one = |item: Value| match item {
        Value::Object(map) => predicate(map.into_iter()),
        _ => Err("a predicate is a map of attributes to tests".to_owned().into()),
    };
    let each = items.into_iter().enumerate();
    each.map(|(index, item)| one(item).map_err(|wrong| wrong.within(index))).collect()
}

fn attribute(key: &str, value: Value) -> Result<Part, Wrong> {
    let path: Vec<String> = key.split('.').map(str::to_owned).collect();
    let quantified = match &value {
        Value::Object(tests) if tests.len() == 1 => tests.keys().next().and_then(|name| match name.as_str() {
            "some" => Some((Blocks::Some, Some(Over::Any))),
            "each" => Some((Blocks::Each, Some(Over::Every))),
            "no" => Some((Blocks::No, None)),
            _ => None,
        }),
        _ => None,
    };
    let Some((which, over)) = quantified else {
        return Ok(Part::Attribute {
            path,
            over: None,
            test: Test::decode(value)?,
        });
    };
    let (name, inner) = match value {
        Value::Object(tests) => tests.into_iter().next().unwrap_or_default(),
        other => (String::new(), other),
    };
    blocks(key, inner, which, over).map_err(|wrong| wrong.within(name.as_str()))
}

/// What is asked of several blocks, or of several values.
fn blocks(key: &str, inner: Value, which: Blocks, over: Option<Over>) -> Result<Part, Wrong> {
    let path: Vec<String> = key.split('.').map(str::to_owned).collect();
    match inner {
        Value::Object(map) if !is_test(&map) => {
            let predicate = predicate(map.into_iter())?;
            if predicate.depends_on_day() {
                return Err(format!("`ended` asks the attribute itself and not the blocks of `{key}`").into());
            }
            Ok(Part::Blocks { path, which, predicate })
        }
        test => match over {
            Some(_) => Ok(Part::Attribute {
                path,
                over,
                test: Test::decode(test)?,
            }),
            None => Err("`no` takes a predicate over the blocks of an attribute; of values say `not`"
                .to_owned()
                .into()),
        },
    }
}

/// Whether a map is a test and not a predicate over a block.
fn is_test(map: &Map<String, Value>) -> bool {
    !map.is_empty() && map.keys().all(|key| NAMES.contains(&key.as_str()))
}

fn covers(value: Value) -> Result<Part, String> {
    let wrong = || "`covers` takes `from` and `to`, names of attributes, and `any_of`, a list of numbers".to_owned();
    let Value::Object(fields) = value else { return Err(wrong()) };
    let name = |field: &str| fields.get(field).and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong);
    let numbers = fields.get("any_of").and_then(Value::as_array).ok_or_else(wrong)?;
    let numbers: Option<Vec<f64>> = numbers.iter().map(number).collect();
    match numbers {
        Some(numbers) if fields.len() == 3 && !numbers.is_empty() => Ok(Part::Covers {
            from: name("from")?,
            to: name("to")?,
            numbers,
        }),
        _ => Err(wrong()),
    }
}
