//! What predicates are tried on.
//!
//! In: attributes as a source delivers them, with what they must say of a duty. Out: whether the predicates say so.

use super::attributes::Origin;
use super::judgement::Verdict;
use super::predicate::Attributes;
use crate::diagnostics::Route;
use jiff::civil::Date;
#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
#[cfg(test)]
use std::borrow::Cow;

/// One case: `{met: {storage_encrypted: true}}`, `{not-met: {...}}`, `{unknown: {}}` or `{not-applicable: {...}}`, with
/// the source that delivers such attributes (`from`) and the day that is asked for (`on`) where they matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the attributes must say.
    pub verdict: Verdict,
    /// The attributes.
    pub given: Attributes,
    /// The source that delivers them so, with what it means there that others are left out; none: these alone are known.
    pub from: Option<Origin>,
    /// The day that is asked for.
    pub on: Option<Date>,
}

/// The names of verdicts in cases.
const VERDICTS: [(&str, Verdict); 4] = [
    ("met", Verdict::Met),
    ("not-met", Verdict::NotMet),
    ("unknown", Verdict::Unknown),
    ("not-applicable", Verdict::NotApplicable),
];

/// A verdict as cases name it.
#[must_use]
pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    VERDICTS.iter().find(|(_, known)| *known == verdict).map_or("", |(name, _)| name)
}

impl Case {
    /// What is wrong with a value that should be a case, and where in it.
    pub(super) fn fault(value: &Value) -> Option<(Route, String)> {
        let what = decode(value.as_object()?.clone()).err()?;
        Some((Route::default(), what))
    }
}

impl<'de> Deserialize<'de> for Case {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn decode(fields: Map<String, Value>) -> Result<Case, String> {
    let mut case: Option<(Verdict, Attributes)> = None;
    let (mut from, mut on) = (None, None);
    for (field, value) in fields {
        let verdict = VERDICTS.iter().find(|(name, _)| *name == field).map(|(_, verdict)| *verdict);
        match (verdict, value) {
            (Some(verdict), Value::Object(given)) if case.is_none() => case = Some((verdict, given)),
            (Some(_), Value::Object(_)) => return Err("a case says one of met, not-met, unknown, not-applicable".to_owned()),
            (Some(_), _) => return Err(format!("`{field}` takes a map of attributes")),
            (None, Value::String(text)) if field == "from" => {
                let known = Origin::ALL.into_iter().find(|origin| origin.id() == text);
                from = Some(known.ok_or_else(|| format!("`{text}` is no source of cases: terraform, cloudformation or config"))?);
            }
            (None, Value::String(text)) if field == "on" => {
                on = Some(text.parse().map_err(|_| format!("`{text}` is not a date of the form YYYY-MM-DD"))?);
            }
            (None, _) => return Err(format!("a case has no field `{field}`")),
        }
    }
    let (verdict, given) = case.ok_or("a case says one of met, not-met, unknown, not-applicable")?;
    Ok(Case { verdict, given, from, on })
}

#[cfg(test)]
impl JsonSchema for Case {
    fn schema_name() -> Cow<'static, str> {
        "Case".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Attributes under what they must say of the duty: met, not-met, unknown or not-applicable.",
            "properties": {
                "met": {"type": "object"},
                "not-met": {"type": "object"},
                "unknown": {"type": "object"},
                "not-applicable": {"type": "object"},
                "from": {"enum": ["terraform", "cloudformation", "config"]},
                "on": {"type": "string", "format": "date"},
            },
            "additionalProperties": false,
        })
    }
}
