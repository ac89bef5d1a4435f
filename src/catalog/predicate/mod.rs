//! Conditions over resource attributes, decided in three values.
//!
//! In: a predicate as the catalog writes it and a resource's attributes. Out: holds, fails, or unknown, where an
//! attribute is missing; and the predicate in words, for the report.

mod value;

use indexmap::IndexMap;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use value::Test;

/// A resource's attributes: Terraform's names, any nesting.
pub type Attributes = Map<String, Value>;

/// Whether a predicate holds. `Unknown` is what a missing attribute leaves open (Kleene's three-valued logic).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It fails.
    No,
    /// An attribute is missing.
    Unknown,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    fn all(mut truths: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        truths.try_for_each(|truth| match truth {
            Self::Yes => Some(()),
            Self::Unknown => {
                result = Self::Unknown;
                Some(())
            }
            Self::No => {
                result = Self::No;
                None
            }
        });
        result
    }

    fn any(truths: impl Iterator<Item = Self>) -> Self {
        Self::all(truths.map(Self::not)).not()
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// A condition: every part must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Attribute { path: Vec<String>, test: Test },
    Any(Vec<Predicate>),
    All(Vec<Predicate>),
    None(Vec<Predicate>),
}

impl Predicate {
    /// Whether it holds of these attributes, whatever the day: for what a resource is, which no day changes.
    #[must_use]
    pub fn holds(&self, attributes: &Attributes) -> Truth {
        self.holds_on(attributes, None)
    }

    /// Whether it holds of these attributes on a day. Without one, what depends on the day is unknown.
    #[must_use]
    pub fn holds_on(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        Truth::all(self.0.iter().map(|part| part.holds(attributes, day)))
    }

    /// Whether a day decides of it.
    pub(crate) fn depends_on_day(&self) -> bool {
        self.0.iter().any(|part| match part {
            Part::Attribute { test, .. } => !test.dated().is_empty(),
            Part::Any(all) | Part::All(all) | Part::None(all) => all.iter().any(Self::depends_on_day),
        })
    }

    /// The attributes that it looks at, as dotted paths, sorted and without repetitions.
    #[must_use]
    pub fn attributes(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect(&mut paths);
        paths.sort();
        paths.dedup();
        paths
    }

    /// The single tests that it is made of.
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.0
            .iter()
            .flat_map(|part| match part {
                Part::Attribute { path, test } => {
                    // What ends on different days is not alike, even if no day is asked about.
                    let values = test.dated().into_iter().map(|value| Part::Attribute {
                        path: path.clone(),
                        test: Test::Is(value.clone()),
                    });
                    [part.clone()].into_iter().chain(values).map(Question).collect::<Vec<_>>()
                }
                Part::Any(all) | Part::All(all) | Part::None(all) => all.iter().flat_map(Self::questions).collect(),
            })
            .collect()
    }

    fn collect(&self, paths: &mut Vec<String>) {
        for part in &self.0 {
            match part {
                Part::Attribute { path, .. } => paths.push(path.join(".")),
                Part::Any(all) | Part::All(all) | Part::None(all) => all.iter().for_each(|inner| inner.collect(paths)),
            }
        }
    }

    /// In words, attribute names and values in backticks.
    #[must_use]
    pub fn words(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(Part::words).collect();
        parts.join(" and ")
    }
}

/// One test of one attribute. Resources that answer all questions of a service alike are alike to the catalog.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question(Part);

impl Question {
    /// The attribute's name, or the first step of its path.
    pub(crate) fn attribute(&self) -> &str {
        match &self.0 {
            Part::Attribute { path, .. } => path.first().map_or("", String::as_str),
            _ => "",
        }
    }

    /// What the attribute's value answers.
    pub(crate) fn answer(&self, value: &Value) -> Truth {
        let Part::Attribute { path, test } = &self.0 else {
            return Truth::Unknown;
        };
        let rest = path.get(1..).unwrap_or_default();
        if rest.is_empty() {
            return test.holds(value, None);
        }
        let mut found = Vec::new();
        reach_in(value, rest, &mut found);
        if found.is_empty() {
            Truth::Unknown
        } else {
            Truth::any(found.iter().map(|value| test.holds(value, None)))
        }
    }
}

impl Part {
    fn holds(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        match self {
            Self::Attribute { path, test } => {
                let mut found = Vec::new();
                reach(attributes, path, &mut found);
                if found.is_empty() {
                    Truth::Unknown
                } else {
                    Truth::any(found.iter().map(|value| test.holds(value, day)))
                }
            }
            Self::Any(inner) => Truth::any(inner.iter().map(|predicate| predicate.holds_on(attributes, day))),
            Self::All(inner) => Truth::all(inner.iter().map(|predicate| predicate.holds_on(attributes, day))),
            Self::None(inner) => Truth::any(inner.iter().map(|predicate| predicate.holds_on(attributes, day))).not(),
        }
    }

    fn words(&self) -> String {
        let join = |inner: &[Predicate], with: &str| inner.iter().map(Predicate::words).collect::<Vec<_>>().join(with);
        match self {
            Self::Attribute { path, test } => format!("`{}` {}", path.join("."), test.words()),
            Self::Any(inner) => format!("({})", join(inner, " or ")),
            Self::All(inner) => join(inner, " and "),
            Self::None(inner) => format!("not ({})", join(inner, " or ")),
        }
    }
}

/// The values that a path leads to. A list on the way is searched through; an attribute that is null or an empty list
/// on the way counts as known to be unset.
fn reach<'a>(attributes: &'a Attributes, path: &[String], found: &mut Vec<&'a Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    if let Some(value) = attributes.get(first) {
        reach_in(value, rest, found);
    }
}

/// As [`reach`], from an attribute's value on.
fn reach_in<'a>(value: &'a Value, rest: &[String], found: &mut Vec<&'a Value>) {
    const UNSET: &Value = &Value::Null;
    if rest.is_empty() {
        found.push(value);
        return;
    }
    match value {
        Value::Object(inner) => {
            if !inner.is_empty() && !inner.contains_key(&rest[0]) {
                return;
            }
            reach(inner, rest, found);
        }
        Value::Array(items) if items.is_empty() => found.push(UNSET),
        Value::Array(items) => {
            for item in items {
                if let Value::Object(inner) = item {
                    reach(inner, rest, found);
                }
            }
        }
        Value::Null => found.push(UNSET),
        _ => {}
    }
}

impl<'de> Deserialize<'de> for Predicate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: IndexMap<String, Value> = IndexMap::deserialize(deserializer)?;
        decode_parts(raw.into_iter()).map_err(D::Error::custom)
    }
}

fn decode_parts(raw: impl Iterator<Item = (String, Value)>) -> Result<Predicate, String> {
    let parts = raw
        .map(|(key, value)| match key.as_str() {
            "any" => decode_list(value).map(Part::Any),
            "all" => decode_list(value).map(Part::All),
            "none" => decode_list(value).map(Part::None),
            _ => Ok(Part::Attribute {
                path: key.split('.').map(str::to_owned).collect(),
                test: Test::decode(value)?,
            }),
        })
        .collect::<Result<Vec<_>, String>>()?;
    if parts.is_empty() {
        Err("a predicate names at least one attribute".to_owned())
    } else {
        Ok(Predicate(parts))
    }
}

fn decode_list(value: Value) -> Result<Vec<Predicate>, String> {
    let Value::Array(items) = value else {
        return Err("`any`, `all` and `none` take a list of predicates".to_owned());
    };
    items
        .into_iter()
        .map(|item| match item {
            Value::Object(map) => decode_parts(map.into_iter()),
            _ => Err("a predicate is a map of attributes to tests".to_owned()),
        })
        .collect()
}

impl JsonSchema for Predicate {
    fn schema_name() -> Cow<'static, str> {
        "Predicate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "minProperties": 1,
            "description": "Attributes (dotted paths) to tests; all must hold. `any`, `all`, `none` combine predicates.",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(predicate: &str, attributes: &Value) -> Truth {
        let predicate: Predicate = serde_yaml::from_str(predicate).unwrap();
        predicate.holds(attributes.as_object().unwrap())
    }

    #[test]
    fn missing_is_unknown_and_null_is_unset() {
        assert_eq!(holds("{a: true}", &json!({})), Truth::Unknown);
        assert_eq!(holds("{a: true}", &json!({"a": null})), Truth::No);
        assert_eq!(holds("{a: {present: false}}", &json!({"a": null})), Truth::Yes);
        assert_eq!(holds("{a: {not: true}}", &json!({"a": null})), Truth::Yes);
        assert_eq!(holds("{any: [{a: 1}, {b: 1}]}", &json!({"b": 1})), Truth::Yes);
        assert_eq!(holds("{a: 1, b: 1}", &json!({"b": 2})), Truth::No);
    }

    #[test]
    fn values_compare_as_people_mean_them() {
        assert_eq!(holds("{a: 7}", &json!({"a": "7"})), Truth::Yes);
        assert_eq!(holds("{a: fargate}", &json!({"a": "FARGATE"})), Truth::Yes);
        assert_eq!(holds("{a: true}", &json!({"a": "true"})), Truth::Yes);
        assert_eq!(holds("{a: {at_least: 1}}", &json!({"a": 0})), Truth::No);
    }

    #[test]
    fn blocks_are_reached_through_lists() {
        let blocks = json!({"m": [{"t": "required"}], "d": [{"e": true}, {"e": false}], "n": []});
        assert_eq!(holds("{m.t: required}", &blocks), Truth::Yes);
        assert_eq!(holds("{n.t: required}", &blocks), Truth::No);
        assert_eq!(holds("{d.e: true}", &blocks), Truth::Yes);
    }

    #[test]
    fn an_end_is_reached_on_its_day() {
        let predicate: Predicate = serde_yaml::from_str("{v: {not: {ended: {'1.33': 2026-07-29, '1.34': 2026-12-02}}}}").unwrap();
        let holds = |version: &str, day: Option<&str>| {
            let attributes = json!({"v": version});
            predicate.holds_on(attributes.as_object().unwrap(), day.map(|day| day.parse().unwrap()))
        };
        assert_eq!(holds("1.34", Some("2026-12-01")), Truth::Yes);
        assert_eq!(holds("1.34", Some("2026-12-02")), Truth::No);
        assert_eq!(holds("1.33", Some("2026-12-01")), Truth::No);
        assert_eq!(holds("1.34", None), Truth::Unknown);
        assert_eq!(holds("1.35", None), Truth::Yes);
        assert_eq!(
            predicate.words(),
            "`v` not is past its end (`1.33` on 2026-07-29, `1.34` on 2026-12-02)"
        );
        // Resources whose versions end on different days are not alike.
        let answers = |version: &str| -> Vec<Truth> { predicate.questions().iter().map(|one| one.answer(&json!(version))).collect() };
        assert_ne!(answers("1.33"), answers("1.34"));
        assert_eq!(answers("1.35"), answers("1.36"));
        for wrong in ["{v: {ended: [a]}}", "{v: {ended: {a: soon}}}", "{v: {ended: {a: 2026}}}"] {
            assert!(serde_yaml::from_str::<Predicate>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_read_as_a_condition() {
        let predicate: Predicate = serde_yaml::from_str("{engine: {starts_with: custom-}, n: {at_least: 2}}").unwrap();
        assert_eq!(predicate.words(), "`engine` begins with `custom-` and `n` is at least 2");
    }
}
