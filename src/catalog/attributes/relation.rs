//! What other resources say of a resource: a bucket's versioning, a secret's rotation, the task definition of a service.
//!
//! In: declarations with places on other types. Out: relations as plain values: which type says what of whom, by which
//! names the two are matched, and how what is said is put at the owner.

use super::project::put;
use super::{Attribute, Location, On, Origin, Path, Read, ResourceType};
use serde_json::{Map, Value};
use std::sync::Arc;

/// One kind of resource that says something of another.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The service of the owner.
    pub service: Arc<str>,
    /// The resource type of the owner, by its id in the service.
    pub owner: Arc<str>,
    /// The owner's types.
    pub owner_types: Vec<String>,
    /// The origin whose spelling its paths are in.
    pub origin: Origin,
    /// The type of the other resource.
    pub kind: Box<str>,
    /// Its attributes that may name the owner. None: there is one of either in an account's Region.
    pub by: Vec<Path>,
    /// The owner's attributes that may equal that name.
    pub equals: Vec<Path>,
    /// Whether the owner refers to the other resource by its name, and not the other way round.
    pub is_named: bool,
    /// An attribute that makes the other one of a part of the owner only, such as a version.
    pub unless: Option<Path>,
    /// What it says.
    pub copied: Vec<Copied>,
}

/// One thing that another resource says of its owner.
#[derive(Debug, Clone)]
pub struct Copied {
    /// The owner's attribute.
    attribute: Attribute,
    location: Location,
    origin: Origin,
}

impl ResourceType {
    /// What others say of resources of this type, in an origin's spelling.
    #[must_use]
    pub fn relations(&self, origin: Origin) -> Vec<Relation> {
        let mut relations: Vec<(&On, Relation)> = Vec::new();
        for attribute in self.attributes.iter().filter(|attribute| !attribute.secret) {
            for location in attribute.places(origin) {
                let Some(on) = &location.on else { continue };
                let copied = Copied {
                    attribute: attribute.clone(),
                    location: location.clone(),
                    origin,
                };
                if let Some((_, known)) = relations.iter_mut().find(|(known, _)| *known == on) {
                    known.copied.push(copied);
                    continue;
                }
                let relation = Relation {
                    service: self.service.clone(),
                    owner: self.id.clone(),
                    owner_types: self.types(origin).to_vec(),
                    origin,
                    kind: on.kind.clone(),
                    by: on.by.clone(),
                    equals: on.equals.clone(),
                    is_named: on.is_named,
                    unless: on.unless.clone(),
                    copied: vec![copied],
                };
                relations.push((on, relation));
            }
        }
        relations.into_iter().map(|(_, relation)| relation).collect()
    }
}

impl Relation {
    /// The names by which the other resource means its owners.
    #[must_use]
    pub fn names<'a>(&self, other: &'a Map<String, Value>) -> Vec<&'a str> {
        texts(other, &self.by)
    }

    /// The names that an owner answers to: by its declared attributes, and by those that its source has.
    #[must_use]
    pub fn owner_names<'a>(&self, declared: &'a Map<String, Value>, raw: &'a Map<String, Value>) -> Vec<&'a str> {
        let mut names = texts(declared, &self.equals);
        names.extend(texts(raw, &self.equals));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether the other resource is one of a part of the owner only.
    #[must_use]
    pub fn is_of_a_part(&self, other: &Map<String, Value>) -> bool {
        self.unless
            .as_ref()
            .is_some_and(|path| !texts(other, std::slice::from_ref(path)).is_empty())
    }

    /// The keys of the other resource's attributes that the relation looks at.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let said = self.copied.iter().flat_map(|copied| &copied.location.at);
        self.by.iter().chain(&self.unless).chain(said).map(Path::first).collect()
    }

    /// The keys of the owner's attributes that it is known by.
    #[must_use]
    pub fn owner_keys(&self) -> Vec<&str> {
        self.equals.iter().map(Path::first).collect()
    }
}

impl Copied {
    /// Where the other resource has it; none where it is all of it.
    #[must_use]
    pub fn at(&self) -> Option<&Path> {
        self.location.at.first()
    }

    /// The other resource's key that it is read from; none where it is all of it.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.location.at.first().map(Path::last)
    }

    /// The owner's attribute that it is put at.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.attribute.name
    }

    /// What another resource says, as its source has it.
    #[must_use]
    pub fn values(&self, other: &Map<String, Value>) -> Vec<Value> {
        let found = self.location.others(other, self.attribute.kind);
        let found = found.into_iter().filter(|value| !value.is_null() && *value != "");
        found.map(|value| self.attribute.shaped(self.origin, value)).collect()
    }

    /// Whether what several say is joined to a list.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.location.read == Read::All || self.location.at.is_empty()
    }

    /// Puts what all others say at the owner: it replaces what the owner says itself, since a source reads the owner before
    /// it makes the others. Where they do not agree on one value, nothing is put; lists are joined.
    pub fn put(&self, config: &mut Map<String, Value>, values: Vec<Value>) {
        if self.is_listed() {
            let mut list = match config.get(&*self.attribute.name) {
                Some(Value::Array(items)) => items.clone(),
                _ => Vec::new(),
            };
            for value in values {
                if !list.contains(&value) {
                    list.push(value);
                }
            }
            if !list.is_empty() {
                put(config, &self.attribute.name, list.into());
            }
        } else if let [only] = values.as_slice() {
            put(config, &self.attribute.name, only.clone());
        }
    }
}

/// The texts that paths lead to.
fn texts<'a>(map: &'a Map<String, Value>, paths: &[Path]) -> Vec<&'a str> {
    fn follow<'a>(value: &'a Value, rest: &[Box<str>], found: &mut Vec<&'a str>) {
        match (value, rest) {
            (Value::String(text), []) if !text.is_empty() => found.push(text),
            (Value::Array(items), _) => items.iter().for_each(|item| follow(item, rest, found)),
            (Value::Object(map), [first, rest @ ..]) => {
                if let Some(inner) = map.get(&**first) {
                    follow(inner, rest, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for path in paths {
        if let Some((first, rest)) = path.steps.split_first()
            && let Some(value) = map.get(&**first)
        {
            follow(value, rest, &mut found);
        }
    }
    found
}
