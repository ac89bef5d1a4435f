//! Predicates as the catalog writes them.
//!
//! In: a map of attributes to tests. Out: a [`Predicate`], or what is wrong with it in words.

use super::Predicate;
use super::part::{Blocks, Over, Part};
use super::value::{NAMES, Test, number};
use indexmap::IndexMap;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: IndexMap<String, Value> = IndexMap::deserialize(deserializer)?;
        predicate(raw.into_iter()).map_err(D::Error::custom)
    }
}

fn predicate(raw: impl Iterator<Item = (String, Value)>) -> Result<Predicate, String> {
    let parts = raw
        .map(|(key, value)| match key.as_str() {
            "any" => list(value).map(Part::Any),
            "all" => list(value).map(Part::All),
            "none" => list(value).map(Part::None),
            "covers" => covers(value),
            _ => attribute(&key, value),
        })
        .collect::<Result<Vec<_>, String>>()?;
    if parts.is_empty() {
        Err("a predicate names at least one attribute".to_owned())
    } else {
        Ok(Predicate(parts))
    }
}

fn list(value: Value) -> Result<Vec<Predicate>, String> {
    let Value::Array(items) = value else {
        return Err("`any`, `all` and `none` take a list of predicates".to_owned());
    };
    items
        .into_iter()
        .map(|item| match item {
            Value::Object(map) => predicate(map.into_iter()),
            _ => Err("a predicate is a map of attributes to tests".to_owned()),
        })
        .collect()
}

fn attribute(key: &str, value: Value) -> Result<Part, String> {
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
    let inner = match value {
        Value::Object(tests) => tests.into_iter().next().map(|(_, inner)| inner).unwrap_or_default(),
        other => other,
    };
    match inner {
        Value::Object(map) if !is_test(&map) => {
            let predicate = predicate(map.into_iter())?;
            if predicate.depends_on_day() {
                return Err(format!("`ended` asks the attribute itself and not the blocks of `{key}`"));
            }
            Ok(Part::Blocks { path, which, predicate })
        }
        test => match over {
            Some(_) => Ok(Part::Attribute {
                path,
                over,
                test: Test::decode(test)?,
            }),
            None => Err("`no` takes a predicate over the blocks of an attribute; of values say `not`".to_owned()),
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
