//! Conditions over resource attributes, decided in three values.
//!
//! In: a predicate as the catalog writes it and a resource's attributes. Out: holds, fails, or unknown, where an
//! attribute is missing; and the predicate in words, for the report.

use indexmap::IndexMap;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::borrow::Cow;

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

/// A test of one attribute's value.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Is(Value),
    OneOf(Vec<Value>),
    StartsWith(String),
    EndsWith(String),
    Contains(Value),
    AtLeast(f64),
    AtMost(f64),
    Present(bool),
    /// Values and the days from which on they are at their end.
    Ended(Vec<(Value, Date)>),
    Not(Box<Test>),
    Every(Box<Test>),
    Both(Vec<Test>),
}

impl Predicate {
    /// Whether it holds of these attributes, on whatever day.
    #[must_use]
    pub fn holds(&self, attributes: &Attributes) -> Truth {
        self.holds_on(attributes, None)
    }

    /// Whether it holds of these attributes on a day. Without one, what depends on the day is unknown.
    #[must_use]
    pub fn holds_on(&self, attributes: &Attributes, day: Option<Date>) -> Truth {
        Truth::all(self.0.iter().map(|part| part.holds(attributes, day)))
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

fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Equal as people mean it: letter case does not count, and `"7"` is 7. A list of one counts as that one.
fn same(value: &Value, wanted: &Value) -> bool {
    if let (Value::Array(items), false) = (value, wanted.is_array()) {
        return matches!(items.as_slice(), [one] if same(one, wanted));
    }
    match (number(value), number(wanted)) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => match (text(value), text(wanted)) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b),
            _ => value == wanted,
        },
    }
}

fn begins(value: &Value, wanted: &str, at_end: bool) -> bool {
    text(value).is_some_and(|text| {
        let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
        if at_end {
            text.ends_with(&wanted)
        } else {
            text.starts_with(&wanted)
        }
    })
}

impl Test {
    /// The values of which a day decides.
    fn dated(&self) -> Vec<&Value> {
        match self {
            Self::Ended(ends) => ends.iter().map(|(value, _)| value).collect(),
            Self::Not(inner) | Self::Every(inner) => inner.dated(),
            Self::Both(tests) => tests.iter().flat_map(Self::dated).collect(),
            _ => Vec::new(),
        }
    }

    fn holds(&self, value: &Value, day: Option<Date>) -> Truth {
        match self {
            Self::Is(wanted) => same(value, wanted).into(),
            Self::OneOf(wanted) => wanted.iter().any(|one| same(value, one)).into(),
            Self::StartsWith(wanted) => begins(value, wanted, false).into(),
            Self::EndsWith(wanted) => begins(value, wanted, true).into(),
            Self::Contains(wanted) => match value {
                Value::Array(items) => items.iter().any(|item| same(item, wanted)).into(),
                other => text(other)
                    .zip(text(wanted))
                    .is_some_and(|(text, wanted)| text.to_lowercase().contains(&wanted.to_lowercase()))
                    .into(),
            },
            Self::AtLeast(least) => number(value).is_some_and(|number| number >= *least).into(),
            Self::AtMost(most) => number(value).is_some_and(|number| number <= *most).into(),
            Self::Present(wanted) => (is_unset(value) != *wanted).into(),
            Self::Ended(ends) => match ends.iter().find(|(ended, _)| same(value, ended)) {
                Some((_, end)) => day.map_or(Truth::Unknown, |day| (day >= *end).into()),
                None => Truth::No,
            },
            Self::Not(inner) => inner.holds(value, day).not(),
            Self::Every(inner) => match value {
                Value::Array(items) => Truth::all(items.iter().map(|item| inner.holds(item, day))),
                other => inner.holds(other, day),
            },
            Self::Both(tests) => Truth::all(tests.iter().map(|test| test.holds(value, day))),
        }
    }

    fn words(&self) -> String {
        let show = |value: &Value| format!("`{}`", text(value).unwrap_or_else(|| Cow::Owned(value.to_string())));
        let list = |values: &[Value]| values.iter().map(show).collect::<Vec<_>>().join(", ");
        match self {
            Self::Is(wanted) => format!("is {}", show(wanted)),
            Self::OneOf(wanted) => format!("is one of {}", list(wanted)),
            Self::StartsWith(wanted) => format!("begins with `{wanted}`"),
            Self::EndsWith(wanted) => format!("ends in `{wanted}`"),
            Self::Contains(wanted) => format!("contains {}", show(wanted)),
            Self::AtLeast(least) => format!("is at least {least}"),
            Self::AtMost(most) => format!("is at most {most}"),
            Self::Present(true) => "is set".to_owned(),
            Self::Present(false) => "is not set".to_owned(),
            Self::Ended(ends) => {
                let each: Vec<_> = ends.iter().map(|(value, end)| format!("{} on {end}", show(value))).collect();
                format!("is past its end ({})", each.join(", "))
            }
            Self::Not(inner) => format!("not {}", inner.words()),
            Self::Every(inner) => format!("in every entry {}", inner.words()),
            Self::Both(tests) => tests.iter().map(Self::words).collect::<Vec<_>>().join(" and "),
        }
    }

    fn decode(value: Value) -> Result<Self, String> {
        let Value::Object(tests) = value else { return Ok(Self::Is(value)) };
        let mut decoded = tests
            .into_iter()
            .map(|(name, value)| {
                let wrong = |what: &str| format!("`{name}` takes {what}");
                let word = |value: &Value| text(value).map(Cow::into_owned).ok_or_else(|| wrong("a text"));
                Ok(match name.as_str() {
                    "one_of" => match value {
                        Value::Array(items) => Self::OneOf(items),
                        _ => return Err(wrong("a list")),
                    },
                    "starts_with" => Self::StartsWith(word(&value)?),
                    "ends_with" => Self::EndsWith(word(&value)?),
                    "contains" => Self::Contains(value),
                    "at_least" => Self::AtLeast(number(&value).ok_or_else(|| wrong("a number"))?),
                    "at_most" => Self::AtMost(number(&value).ok_or_else(|| wrong("a number"))?),
                    "present" => Self::Present(value.as_bool().ok_or_else(|| wrong("true or false"))?),
                    "ended" => match value {
                        Value::Object(ends) => Self::Ended(ends.into_iter().map(end).collect::<Result<_, _>>()?),
                        _ => return Err(wrong("a map of values to days")),
                    },
                    "not" => Self::Not(Box::new(Self::decode(value)?)),
                    "every" => Self::Every(Box::new(Self::decode(value)?)),
                    _ => {
                        return Err(format!(
                            "unknown test `{name}`; known are one_of, starts_with, ends_with, contains, at_least, \
                             at_most, present, ended, not, every"
                        ));
                    }
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        match (decoded.len(), decoded.pop()) {
            (1, Some(only)) => Ok(only),
            (_, Some(last)) => {
                decoded.push(last);
                Ok(Self::Both(decoded))
            }
            (_, None) => Err("a test is missing".to_owned()),
        }
    }
}

/// A value and the day from which on it is at its end.
fn end((value, day): (String, Value)) -> Result<(Value, Date), String> {
    let parsed = day.as_str().and_then(|day| day.parse().ok());
    let parsed = parsed.ok_or_else(|| format!("`{value}` ends on a day, written such as 2026-12-02"))?;
    Ok((Value::String(value), parsed))
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
