//! What other resources say of a resource: a bucket's versioning, a secret's rotation, the task definition of a service.
//!
//! In: declarations with places on other types. Out: relations as plain values: which type says what of whom, by which
//! names the two are matched, and how what is said is put at the owner.

use super::open::{is_open, open, untold};
use super::project::put;
use super::{Attribute, Kind, Location, On, Origin, Path, Read, ResourceType, Spelt};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What parts of an ARN's resource are parted by.
const PARTS: [char; 2] = [':', '/'];

/// One kind of resource that says something of another.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The owner's service.
    pub service: Arc<str>,
    /// The owner's resource type, unique in the service.
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
    /// How the other one's ARN names it behind the account, with `{owner}` where it tells the owner.
    pub arn: Option<Box<str>>,
    /// Whether the other one may belong to nobody, so that one whose settings are told and name none does.
    pub optional: bool,
    /// Whether the owner's names are given once, whatever the Region.
    pub unique: bool,
    /// What it says; nothing of what is but a part.
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
                relations.push((on, self.relation(on, origin, vec![copied])));
            }
        }
        relations.into_iter().map(|(_, relation)| relation).collect()
    }

    /// Paths of an origin's, and behind them the names of the attributes that are kept there: what is read from one of them is called
    /// so, and stands there no more where both are in one block.
    pub(crate) fn called(&self, origin: Origin, paths: &[Path]) -> Vec<Path> {
        let is_there = |attribute: &Attribute, path: &&Path| {
            let mut own = attribute.places(origin).iter().filter(|place| place.on.is_none());
            own.any(|place| place.at.contains(path))
        };
        let within_blocks = || paths.iter().filter(|path| path.steps.len() > 1);
        let names = self.attributes.iter();
        let names = names.filter(|attribute| within_blocks().any(|path| is_there(attribute, &path)));
        let mut all = paths.to_vec();
        for name in names.map(|attribute| Path::new(&attribute.name)) {
            if !all.iter().any(|path| path.dotted() == name.dotted()) {
                all.push(name);
            }
        }
        all
    }

    /// Others that are parts of resources of this type and say nothing of them, in an origin's spelling.
    #[must_use]
    pub fn parts(&self, origin: Origin) -> Vec<Relation> {
        let is_of_origin = |on: &&On| (Origin::of_type(&on.kind) == Origin::Terraform) == (origin == Origin::Terraform);
        let parts = self.parts.iter().filter(is_of_origin);
        parts.map(|on| self.relation(on, origin, Vec::new())).collect()
    }

    fn relation(&self, on: &On, origin: Origin, copied: Vec<Copied>) -> Relation {
        Relation {
            service: self.service.clone(),
            owner: self.id.clone(),
            owner_types: self.types(origin).to_vec(),
            origin,
            kind: on.kind.clone(),
            by: on.by.clone(),
            equals: self.called(origin, &on.equals),
            is_named: on.is_named,
            unless: on.unless.clone(),
            arn: on.arn.clone(),
            optional: on.optional,
            unique: self.unique,
            copied,
        }
    }
}

/// What stands in the place of the owner's name in how ARNs of others are made.
const OWNER: &str = "{owner}";

impl Relation {
    /// The last part of the owner's ARN, as the resource of the other one's ARN tells it.
    #[must_use]
    pub fn owner_in<'a>(&self, resource: &'a str) -> Option<&'a str> {
        let mut parts = resource.split(PARTS);
        let mut steps = self.arn.as_deref()?.split(PARTS).peekable();
        let mut owner = None;
        while let Some(step) = steps.next() {
            let part = parts.next()?;
            match step {
                OWNER => owner = Some(part),
                "*" if steps.peek().is_none() => return owner,
                "*" => {}
                word if word.eq_ignore_ascii_case(part) => {}
                _ => return None,
            }
        }
        owner.filter(|_| parts.next().is_none())
    }

    /// What ARNs call the other one's type, where the declaration says so.
    pub(in crate::catalog) fn word_in_arns(&self) -> Option<&str> {
        self.arn.as_deref()?.split(PARTS).next()
    }

    /// The keys of the other resource's attributes that the relation looks at.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let said = self.copied.iter().flat_map(|copied| &copied.location.at);
        self.by.iter().chain(&self.unless).chain(said).map(Path::first).collect()
    }

    /// Adds the names that the relation looks at of the other resource, within blocks, too.
    pub fn names_looked_at(&self, spelt: &mut Spelt) {
        let paths = self.by.iter().chain(&self.unless);
        paths.for_each(|path| spelt.add(&path.dotted()));
        self.copied.iter().for_each(|copied| copied.names_looked_at(spelt));
    }

    /// The same with those that are looked at where all of the other resource is said.
    #[must_use]
    pub fn keys_within(&self) -> Vec<&str> {
        let whole = self.copied.iter().filter(|copied| copied.location.at.is_empty());
        let within = whole.flat_map(|copied| copied.attribute.block.keys(copied.origin));
        self.keys().into_iter().chain(within).collect()
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

    /// Adds the names that are looked at of the other resource.
    fn names_looked_at(&self, spelt: &mut Spelt) {
        self.location.at.iter().for_each(|path| spelt.add(&path.dotted()));
        self.attribute.block.names_looked_at(self.origin, spelt);
    }

    /// The owner's attribute that it is put at.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.attribute.name
    }

    /// The same, to keep.
    #[must_use]
    pub fn name_of(&self) -> Arc<str> {
        self.attribute.name.clone()
    }

    /// What another resource says, as its source has it; a mark where that is open.
    #[must_use]
    pub fn values(&self, other: &Map<String, Value>) -> Vec<Value> {
        let found = self.location.others(other, self.attribute.kind);
        let found = found.into_iter().filter(|value| !value.is_null() && *value != "");
        found
            .map(|value| {
                if is_open(&value) {
                    value
                } else {
                    self.attribute.shaped(self.origin, value)
                }
            })
            .collect()
    }

    /// What stands for another resource of which it is open whether it is there, or whether the owner is meant: a list may have
    /// more than it tells; of one value nothing is known.
    #[must_use]
    pub fn perhaps(&self) -> Value {
        if self.is_listed() {
            untold(self.location.at.is_empty() || self.attribute.kind == Kind::Block)
        } else {
            open()
        }
    }

    /// Whether all that say it say the same, so that one who certainly does suffices.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.location.read, Read::Is(_))
    }

    /// Whether what several say is joined to a list.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.location.read == Read::All || self.location.at.is_empty()
    }

    /// Puts what all others say at the owner: it replaces what the owner says itself, since a source reads the owner before
    /// it makes the others. Where they do not agree on one value, nothing is put; lists are joined, and have an item
    /// that is not told for what may be there.
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

    /// Leaves a single value open at the owner, since it is not known what others say: what was concluded from its being left
    /// out goes, and what the owner says itself, too, where others would replace it.
    pub fn leave_open(&self, config: &mut Map<String, Value>, would_replace: bool) {
        self.leave_open_of(&[self.origin], config, would_replace);
    }

    /// The same at an owner of another source, whichever that is.
    pub fn leave_open_elsewhere(&self, config: &mut Map<String, Value>, would_replace: bool) {
        self.leave_open_of(&Origin::ALL, config, would_replace);
    }

    /// Takes out what the owner says itself, since one that said it says so no more and a source may have read the owner before
    /// that: what is concluded from nobody's saying anything stays. Whether anything went.
    pub fn take_own(&self, config: &mut Map<String, Value>) -> bool {
        let concluded = self.attribute.left_out(self.origin);
        let path: Vec<&str> = self.attribute.name.split('.').collect();
        take(config, &path, &|value| !value.is_null() && Some(value) != concluded.as_ref())
    }

    fn leave_open_of(&self, origins: &[Origin], config: &mut Map<String, Value>, would_replace: bool) {
        let concluded: Vec<Value> = origins.iter().filter_map(|origin| self.attribute.left_out(*origin)).collect();
        let path: Vec<&str> = self.attribute.name.split('.').collect();
        take(config, &path, &|value| {
            would_replace || value.is_null() || concluded.contains(value)
        });
    }
}

/// Takes out what stands at a path, if it is to go; whether anything went.
fn take(config: &mut Map<String, Value>, path: &[&str], goes: &dyn Fn(&Value) -> bool) -> bool {
    match path {
        [] => false,
        [last] => config.get(*last).is_some_and(goes) && config.shift_remove(*last).is_some(),
        [first, rest @ ..] => match config.get_mut(*first) {
            Some(Value::Object(block)) => take(block, rest, goes),
            Some(Value::Array(blocks)) => {
                let mut went = false;
                for block in blocks.iter_mut().filter_map(Value::as_object_mut) {
                    went |= take(block, rest, goes);
                }
                went
            }
            _ => false,
        },
    }
}
