//! An earlier inventory and what was imported now.
//!
//! In: the earlier inventory as it was decoded, and the imported resources. Out: resources in the earlier order, each with
//! what is deployed now and with what people wrote by hand, those that came behind them; and what came and what went.

use crate::catalog::Catalog;
use crate::inventory::{canonical, import};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What people write into an imported resource: it stays, whatever the source says.
const BY_HAND: &[&str] = &["owner", "environment", "data"];

/// A resource of the united inventory.
#[derive(Debug)]
pub(super) struct Merged {
    /// Its place in the earlier inventory.
    pub(super) earlier: Option<usize>,
    /// What it is now.
    pub(super) value: Value,
    /// Whether that is what it was.
    pub(super) unchanged: bool,
}

/// The united resources.
#[derive(Debug)]
pub(super) struct Union {
    /// In the order in which they are written.
    pub(super) resources: Vec<Merged>,
    /// What is different.
    pub(super) changes: Changes,
}

/// What came, went and stayed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    came: Vec<String>,
    went: Vec<String>,
    stayed: usize,
    changed: usize,
}

impl Changes {
    /// For people, with the first of what came and went by name.
    pub(super) fn words(&self, file: &str) -> String {
        const MOST: usize = 30;
        let mut text = String::new();
        for (word, list) in [("came", &self.came), ("went", &self.went)] {
            for one in list.iter().take(MOST) {
                let _ = writeln!(text, "{word}  {one}");
            }
            if list.len() > MOST {
                let _ = writeln!(text, "{word}  ... and {} more", list.len() - MOST);
            }
        }
        let _ = writeln!(
            text,
            "{file}: {} came, {} went, {} stayed, {} of them changed",
            self.came.len(),
            self.went.len(),
            self.stayed,
            self.changed
        );
        text
    }
}

impl Union {
    /// The whole inventory, with these resources in the place of the earlier ones.
    pub(super) fn value(&self, earlier: &Value) -> Value {
        let mut whole = earlier.as_object().cloned().unwrap_or_default();
        let resources: Vec<Value> = self.resources.iter().map(|one| one.value.clone()).collect();
        whole.insert("resources".to_owned(), resources.into());
        Value::Object(whole)
    }
}

/// Unites them. A resource that an earlier run found in one of `files` and that is no longer there has gone.
pub(super) fn merge(earlier: &Value, found: Vec<Value>, files: &[&str], catalog: &Catalog) -> Union {
    let old: Vec<Value> = earlier.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let pairs = pairs(&old, &found);
    let by_old: BTreeMap<usize, usize> = pairs.iter().map(|(new, old)| (*old, *new)).collect();
    let keys = keys_by_type(&found);
    let mut changes = Changes::default();
    let mut resources = Vec::new();
    for (index, was) in old.iter().enumerate() {
        let value = match by_old.get(&index) {
            Some(new) => united(was, &found[*new], &keys, catalog),
            None if is_of(was, files) => {
                changes.went.push(label(was));
                continue;
            }
            None => was.clone(),
        };
        // What an earlier version wrote of what is not known says nothing, and is no change.
        let unchanged = value == without_nulls(was);
        let value = if unchanged { was.clone() } else { value };
        changes.stayed += 1;
        changes.changed += usize::from(!unchanged);
        resources.push(Merged {
            earlier: Some(index),
            value,
            unchanged,
        });
    }
    for (index, value) in found.into_iter().enumerate() {
        if !pairs.contains_key(&index) {
            changes.came.push(label(&value));
            resources.push(Merged {
                earlier: None,
                value,
                unchanged: false,
            });
        }
    }
    Union { resources, changes }
}

/// A resource without the fields that say nothing.
fn without_nulls(of: &Value) -> Value {
    match of {
        Value::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(told.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}

fn field<'v>(of: &'v Value, name: &str) -> &'v str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A resource in words. What an earlier version wrote may be secret.
fn label(of: &Value) -> String {
    let told = |name: &str| {
        let text = field(of, name);
        if import::is_secret(text) { "(...)" } else { text }
    };
    let what = [told("type"), told("service")].into_iter().find(|text| !text.is_empty());
    let name = told("name");
    let name = if name.is_empty() { String::new() } else { format!(" {name}") };
    let count = of.get("count").and_then(Value::as_u64).filter(|count| *count != 1);
    let count = count.map_or_else(String::new, |count| format!(" ({count})"));
    let from = told("from");
    let from = if from.is_empty() { String::new() } else { format!("  {from}") };
    format!("{}{name}{count}{from}", what.unwrap_or("resource"))
}

/// Whether an earlier run found a resource in one of the files.
fn is_of(resource: &Value, files: &[&str]) -> bool {
    let from = field(resource, "from");
    !from.is_empty()
        && files
            .iter()
            .any(|file| from.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// What a resource is known by, most particular first. A row's line says little, since rows move.
const IDENTITIES: &[fn(&Value) -> Option<String>] = &[
    |of| known(of, &["type", "arn"]),
    |of| known(of, &["type", "from"]).filter(|_| !field(of, "from").contains(": line ")),
    |of| known(of, &["type", "name", "account", "region", "from"]),
    |of| known(of, &["type", "name"]).map(|key| format!("{key}\n{}\n{}", field(of, "account"), field(of, "region"))),
    |of| {
        let count = of.get("count").and_then(Value::as_u64).filter(|count| *count > 1);
        count.map(|_| {
            let config = of.get("config").map(canonical).unwrap_or_default();
            let fields = ["type", "account", "region", "provider"].map(|name| field(of, name));
            format!("{}\n{config}", fields.join("\n"))
        })
    },
];

fn known(of: &Value, fields: &[&str]) -> Option<String> {
    let texts: Vec<&str> = fields.iter().map(|name| field(of, name)).collect();
    (!texts.iter().any(|text| text.is_empty())).then(|| texts.join("\n"))
}

/// Which imported resource is which earlier one. What is not known by something of its own is nobody's.
fn pairs(old: &[Value], found: &[Value]) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for identity in IDENTITIES {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, one) in old.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
            // What people wrote themselves was not imported.
            if field(one, "from").is_empty() {
                continue;
            }
            if let Some(key) = identity(one) {
                by_key.entry(key).or_default().push(index);
            }
        }
        let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, one) in found.iter().enumerate().filter(|(index, _)| !pairs.contains_key(index)) {
            if let Some(key) = identity(one) {
                wanted.entry(key).or_default().push(index);
            }
        }
        for (key, new) in wanted {
            let Some(known) = by_key.get(&key) else { continue };
            // Several of the same name are the same several, in their order, if they are as many.
            if known.len() == new.len() {
                for (new, known) in new.into_iter().zip(known) {
                    pairs.insert(new, *known);
                    taken.insert(*known);
                }
            }
        }
    }
    pairs
}

/// The attributes that any imported resource of a type has.
fn keys_by_type(found: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in found {
        let config = one.get("config").and_then(Value::as_object);
        keys.entry(field(one, "type"))
            .or_default()
            .extend(config.into_iter().flatten().map(|(key, _)| key.as_str()));
    }
    keys
}

/// What is deployed now, with what people wrote by hand.
fn united(was: &Value, is: &Value, keys: &BTreeMap<&str, BTreeSet<&str>>, catalog: &Catalog) -> Value {
    let (Value::Object(was), Value::Object(new)) = (was, is) else {
        return is.clone();
    };
    let kind = field(is, "type");
    let mut united = Map::new();
    // The earlier order of fields stays.
    for (name, before) in was {
        let now = new.get(name);
        let value = match now {
            _ if BY_HAND.contains(&name.as_str()) && !before.is_null() => before,
            None if name == "count" || before.is_null() => continue,
            // What the source does not know somebody may have filled in.
            None if before.as_str().is_some_and(import::is_secret) => continue,
            None => before,
            Some(now) => now,
        };
        united.insert(name.clone(), value.clone());
    }
    for (name, now) in new {
        if !united.contains_key(name) {
            united.insert(name.clone(), now.clone());
        }
    }
    let config = new.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let config = with_attested(config, was, kind, keys, catalog);
    if !config.is_empty() || was.contains_key("config") {
        united.insert("config".to_owned(), Value::Object(config));
    }
    Value::Object(united)
}

/// Attributes with those that somebody attests and no source knows: the catalog asks for them, and no imported resource of
/// the type has them. Any other attribute that is there no longer was the source's, and has gone with it.
fn with_attested(
    mut config: Map<String, Value>,
    was: &Map<String, Value>,
    kind: &str,
    keys: &BTreeMap<&str, BTreeSet<&str>>,
    catalog: &Catalog,
) -> Map<String, Value> {
    let Some(before) = was.get("config").and_then(Value::as_object) else {
        return config;
    };
    let asked: Vec<String> = match was.get("service").and_then(Value::as_str) {
        Some(service) => catalog
            .questions(service)
            .iter()
            .map(|question| question.attribute().to_owned())
            .collect(),
        None => Vec::new(),
    };
    for (key, value) in &import::open_attributes(kind, before.clone()) {
        let of_source = keys.get(kind).is_some_and(|keys| keys.contains(key.as_str()));
        if !of_source && asked.contains(key) {
            config.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    config
}
