//! What service files declare and ask for, as it is written in them.
//!
//! In: `catalog/aws/services/*.yaml`. Out: each attribute with the places where sources are said to keep it, and each path
//! that a predicate looks at, with the test.

use crate::support::root;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Service files by id.
pub(crate) fn services() -> &'static BTreeMap<String, Value> {
    static FILES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
        let entries = std::fs::read_dir(root().join("catalog/aws/services")).unwrap();
        let files = entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
        let files = files.map(|text| serde_yaml::from_str::<Value>(&text).unwrap());
        files.map(|file| (file["id"].as_str().unwrap().to_owned(), file)).collect()
    });
    &FILES
}

/// An attribute that a service file declares.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) service: String,
    pub(crate) resource: String,
    /// Dotted where it is one of a block.
    pub(crate) name: String,
    pub(crate) kind: String,
    /// Whether no source has it: people state it.
    pub(crate) stated: bool,
    pub(crate) terraform: Places,
    pub(crate) cloudformation: Places,
    /// Whether it is said where AWS Config keeps it.
    pub(crate) in_config: bool,
}

/// Where a source is said to keep an attribute.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) all: Vec<Place>,
    /// Whether the file says where, and does not leave it to the attribute's name.
    pub(crate) said: bool,
    /// Whether the file says that the source does not have it.
    pub(crate) nowhere: bool,
}

/// One path.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The type of another resource that has it.
    pub(crate) of: Option<String>,
    /// Where it may stand: patterns of types, and the path in them. Empty: all of the other resource.
    pub(crate) levels: Vec<(Vec<String>, String)>,
    /// The place as it is written; null for a path alone.
    pub(crate) written: Value,
}

impl Place {
    /// Whether what is found there is the value as it is.
    pub(crate) fn is_plain(&self) -> bool {
        ["true_for", "values", "is", "key"]
            .iter()
            .all(|way| self.written.get(way).is_none())
    }
}

/// All that the service files declare.
pub(crate) fn declared() -> &'static [Declared] {
    static ALL: LazyLock<Vec<Declared>> = LazyLock::new(|| {
        let mut all = Vec::new();
        for (service, file) in services() {
            for (resource, declared) in entries(&file["resources"]) {
                let above = ["terraform", "cloudformation"].map(|source| above(declared, source));
                let mut reader = Reader {
                    service,
                    resource,
                    all: &mut all,
                };
                reader.read("", &declared["attributes"], &above);
            }
        }
        all
    });
    &ALL
}

/// Patterns of types, and the path at which something stands in them.
type Level = (Vec<String>, String);

struct Reader<'a> {
    service: &'a str,
    resource: &'a str,
    all: &'a mut Vec<Declared>,
}

impl Reader<'_> {
    /// Attributes that stand at some levels of Terraform's and of CloudFormation's types.
    fn read(&mut self, prefix: &str, attributes: &Value, [terraform, template]: &[Vec<Level>; 2]) {
        for (name, attribute) in entries(attributes) {
            let declared = Declared {
                service: self.service.to_owned(),
                resource: self.resource.to_owned(),
                name: format!("{prefix}{name}"),
                kind: attribute.as_str().or(attribute["type"].as_str()).unwrap().to_owned(),
                stated: attribute["stated"] == true,
                terraform: places(name, attribute, &attribute["terraform"], terraform),
                cloudformation: places(name, attribute, &attribute["cloudformation"], template),
                in_config: !words(&attribute["config"]).is_empty() || attribute["config"].is_object(),
            };
            let below = |places: &Places| places.all.iter().flat_map(|place| place.levels.clone()).collect();
            let below = [below(&declared.terraform), below(&declared.cloudformation)];
            let prefix = format!("{}.", declared.name);
            self.all.push(declared);
            self.read(&prefix, &attribute["block"], &below);
        }
    }
}

/// The levels at which a resource's own attributes may stand: that of the type, and the block of `within`.
fn above(resource: &Value, source: &str) -> Vec<Level> {
    let types = words(&resource["types"][source]);
    let within = words(&resource["within"][source]).into_iter().map(|block| (types.clone(), block));
    std::iter::once((types.clone(), String::new())).chain(within).collect()
}

fn places(name: &str, attribute: &Value, written: &Value, above: &[Level]) -> Places {
    let list: Vec<&Value> = match written {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    let said = !list.is_empty();
    let nowhere = written.as_array().is_some_and(Vec::is_empty);
    let own_name = Value::String(name.to_owned());
    let list = if said || nowhere { list } else { vec![&own_name] };
    let mut all = Vec::new();
    for place in list {
        let of = place["of"].as_str().map(str::to_owned);
        let mut paths = match place {
            Value::String(path) => vec![path.clone()],
            place => place["entry"]
                .as_str()
                .map_or_else(|| words(&place["at"]), |list| vec![list.to_owned()]),
        };
        // As the catalog reads it: the whole other resource is a block, and anything else lies under the attribute's name.
        let is_whole = of.is_some() && attribute["type"] == "block";
        if paths.is_empty() {
            paths = vec![if is_whole { String::new() } else { name.to_owned() }];
        }
        for path in paths {
            let levels = match &of {
                Some(kind) => vec![(vec![kind.clone()], path)],
                None => above.iter().map(|(types, before)| (types.clone(), join(before, &path))).collect(),
            };
            all.push(Place {
                of: of.clone(),
                levels,
                written: place.clone(),
            });
        }
    }
    Places { all, said, nowhere }
}

fn join(before: &str, path: &str) -> String {
    [before, path]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(".")
}

/// The texts of a text or a list.
pub(crate) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let map = value.as_object();
    map.into_iter().flat_map(|map| map.iter().map(|(key, value)| (key.as_str(), value)))
}

/// A path that a predicate looks at.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The service whose file says so.
    pub(crate) service: String,
    /// The id of the activity or of the mode.
    pub(crate) id: String,
    /// The field that the predicate stands in.
    pub(crate) field: String,
    /// The service whose resources are asked.
    pub(crate) of: String,
    pub(crate) path: String,
    pub(crate) test: Value,
    /// The resource types, by id, that the predicate or the `when` beside it is about; none: all.
    pub(crate) kinds: Vec<String>,
}

pub(crate) const FIELDS: [&str; 5] = ["when", "unless", "met_when", "attested_when", "disproved_when"];
const TESTS: [&str; 12] = [
    "one_of",
    "starts_with",
    "ends_with",
    "contains",
    "at_least",
    "at_most",
    "present",
    "ended",
    "policy",
    "key",
    "not",
    "every",
];

/// All that predicates look at.
pub(crate) fn asked() -> &'static [Asked] {
    static ALL: LazyLock<Vec<Asked>> = LazyLock::new(|| {
        let mut all = Vec::new();
        for (service, file) in services() {
            visit(service, file, &mut all);
        }
        all
    });
    &ALL
}

fn visit(service: &str, value: &Value, all: &mut Vec<Asked>) {
    match value {
        Value::Object(map) => {
            for field in FIELDS {
                if let Some(Value::Object(predicate)) = map.get(field) {
                    asked_by(service, map, field, predicate, all);
                }
            }
            let inner = map
                .iter()
                .filter(|(key, _)| !["cases", "resources"].contains(&key.as_str()) && !FIELDS.contains(&key.as_str()));
            inner.for_each(|(_, value)| visit(service, value, all));
        }
        Value::Array(items) => items.iter().for_each(|item| visit(service, item, all)),
        _ => {}
    }
}

fn asked_by(service: &str, of: &Map<String, Value>, field: &str, predicate: &Map<String, Value>, all: &mut Vec<Asked>) {
    let mut found = Vec::new();
    let when = of.get("when").and_then(Value::as_object).map_or_else(Vec::new, kinds);
    tests(predicate, "", &when, &mut found);
    for (path, test, kinds) in found {
        let mut steps = path.splitn(3, '.');
        let is_of_account = service == "aws-account" && matches!(steps.next(), Some("here" | "regions"));
        let (of_service, path) = match (is_of_account, steps.next(), steps.next()) {
            (true, Some(other), Some(path)) => (other.to_owned(), path.to_owned()),
            (true, ..) => continue,
            _ => (service.to_owned(), path.clone()),
        };
        if ["kind", "resource_type"].contains(&path.as_str()) {
            continue;
        }
        all.push(Asked {
            service: service.to_owned(),
            id: of.get("id").and_then(Value::as_str).unwrap_or("reclassify").to_owned(),
            field: field.to_owned(),
            of: of_service,
            path,
            test,
            kinds,
        });
    }
}

/// The resource types that a predicate names.
fn kinds(predicate: &Map<String, Value>) -> Vec<String> {
    predicate.get("kind").map_or_else(Vec::new, |kind| match kind {
        Value::Object(test) => words(test.get("one_of").unwrap_or(&Value::Null)),
        kind => words(kind),
    })
}

/// Each path with the test and the resource types that are named beside it; what is asked of a block stands below the block.
fn tests(predicate: &Map<String, Value>, prefix: &str, about: &[String], found: &mut Vec<(String, Value, Vec<String>)>) {
    let named = kinds(predicate);
    let about = if named.is_empty() { about } else { named.as_slice() };
    for (key, test) in predicate {
        let path = format!("{prefix}{key}");
        match (key.as_str(), test) {
            ("any" | "none" | "all", Value::Array(parts)) => {
                // What one of `all` says holds of the others, too.
                let named = parts
                    .iter()
                    .filter(|_| key == "all")
                    .filter_map(Value::as_object)
                    .find_map(|part| Some(kinds(part)).filter(|named| !named.is_empty()));
                let about = named.as_deref().unwrap_or(about);
                parts
                    .iter()
                    .filter_map(Value::as_object)
                    .for_each(|part| tests(part, prefix, about, found));
            }
            ("covers", test) => {
                let ends = ["from", "to"].map(|end| {
                    (
                        format!("{prefix}{}", test[end].as_str().unwrap()),
                        Value::Bool(true),
                        about.to_vec(),
                    )
                });
                found.extend(ends);
            }
            (_, Value::Object(map)) if map.len() == 1 && ["some", "each", "no"].iter().any(|word| map.contains_key(*word)) => {
                let inner = map.values().next().unwrap();
                match inner
                    .as_object()
                    .filter(|inner| !inner.keys().all(|key| TESTS.contains(&key.as_str())))
                {
                    Some(inner) => tests(inner, &format!("{path}."), about, found),
                    None => found.push((path, inner.clone(), about.to_vec())),
                }
            }
            _ => found.push((path, test.clone(), about.to_vec())),
        }
    }
}

/// Whether a test asks whether something is set.
pub(crate) fn asks_presence(test: &Value) -> bool {
    match test {
        Value::Null => true,
        Value::Object(tests) => tests.iter().any(|(name, test)| match name.as_str() {
            "present" => true,
            "not" | "every" => asks_presence(test),
            "one_of" => test.as_array().is_some_and(|values| values.iter().any(Value::is_null)),
            _ => false,
        }),
        _ => false,
    }
}
