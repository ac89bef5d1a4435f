//! What a transform of templates makes of what resources say.
//!
//! In: the resources of a template. Out: those that it makes beside them, which stand nowhere.

use super::providers::{Known, Provider, Unite};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `implied.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ImpliedFile {
    implied: Vec<Implied>,
}

/// One resource that others imply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Implied {
    /// The types of those that do.
    of: Vec<String>,
    /// Their property that holds entries by name.
    at: String,
    /// The type of the entry that does.
    r#type: String,
    /// The entry's property that names a resource that is there.
    unless: String,
    /// The type of what is made.
    makes: String,
    /// Its logical id.
    id: String,
}

static FILE: Known<ImpliedFile> = Known::new("implied");

impl Unite for ImpliedFile {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        self.implied.extend(file.implied);
    }
}

/// What these resources of a template imply and that does not stand among them. Where all that imply it stand under conditions, so
/// does what they imply.
pub(crate) fn implied(resources: &[(String, Value)]) -> Vec<(String, Value)> {
    let rules = FILE.get().implied.iter();
    let missing = rules.filter(|rule| resources.iter().all(|(id, _)| *id != rule.id));
    let made = missing.filter_map(|rule| {
        let implying: Vec<&Value> = resources.iter().map(|(_, one)| one).filter(|one| rule.is_implied_by(one)).collect();
        let conditions: Option<Vec<&Value>> = implying.iter().map(|one| one.get("Condition")).collect();
        let mut resource = json!({"Type": rule.makes, "Properties": {}});
        implying.first()?;
        if let Some(condition) = conditions.and_then(|all| all.first().copied().cloned()) {
            resource["Condition"] = condition;
        }
        Some((rule.id.clone(), resource))
    });
    made.collect()
}

impl Implied {
    fn is_implied_by(&self, resource: &Value) -> bool {
        let kind = resource.get("Type").and_then(Value::as_str);
        if !kind.is_some_and(|kind| self.of.iter().any(|of| of == kind)) {
            return false;
        }
        let entries = resource
            .get("Properties")
            .and_then(|properties| properties.get(&self.at)?.as_object());
        let names_none = |entry: &Value| {
            let properties: Option<&Map<String, Value>> = entry.get("Properties").and_then(Value::as_object);
            properties.is_none_or(|properties| !properties.contains_key(&self.unless))
        };
        entries.is_some_and(|entries| {
            let is_of_type = |entry: &Value| entry.get("Type").and_then(Value::as_str) == Some(&*self.r#type);
            entries.values().any(|entry| is_of_type(entry) && names_none(entry))
        })
    }
}
