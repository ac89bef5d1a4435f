//! What can be known of a resource, and where each source keeps it: the declarations of the service files, valid.
//!
//! In: `resources` of a service file. Out: resource types with their attributes. An importer *projects* a resource through
//! its declaration into new attributes ([`ResourceType::project`]); what other resources say of it are [`Relation`]s, plain
//! values; predicates, the check of misspelt keys and `catalog attributes` look names up here.

mod decode;
pub(crate) mod open;
mod present;
mod project;
mod reach;
mod relation;
mod schema;
mod spelt;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod words;

pub use decode::Fault;
pub use relation::{Copied, Relation};
pub use schema::Names;
pub use spelt::Spelt;

use super::IndexMap;
use present::Leading;
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, OnceLock};

pub(crate) use decode::resource_types;
pub(crate) use project::forget;

/// A source by how it names types and spells attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Terraform and OpenTofu: state and plans. The vocabulary's own spelling.
    Terraform,
    /// CloudFormation: templates.
    CloudFormation,
    /// AWS Config, and what names types as it does.
    Config,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Terraform, Self::CloudFormation, Self::Config];

    /// As the catalog's files write it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::CloudFormation => "cloudformation",
            Self::Config => "config",
        }
    }

    /// The origin of resources whose type is written so, where the file itself does not tell: a table, a list.
    #[must_use]
    pub fn of_type(kind: &str) -> Self {
        if kind.contains("::") { Self::Config } else { Self::Terraform }
    }
}

/// One value for each origin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByOrigin<T>([T; 3]);

impl<T> ByOrigin<T> {
    /// The value of an origin.
    #[must_use]
    pub fn of(&self, origin: Origin) -> &T {
        &self.0[origin as usize]
    }
}

/// A dotted path in one spelling: `VersioningConfiguration.Status` is `versioning_configuration.status`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    steps: Vec<Box<str>>,
    /// As it was written.
    written: Box<str>,
}

impl Path {
    /// A path as somebody writes it.
    #[must_use]
    pub fn new(written: &str) -> Self {
        Self {
            steps: written.split('.').map(|step| super::spelling::snake_case(step).into()).collect(),
            written: written.into(),
        }
    }

    /// In one spelling.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.steps.join(".")
    }

    /// Its last step.
    #[must_use]
    pub fn last(&self) -> &str {
        self.steps.last().map_or("", |step| step)
    }

    /// Its first step.
    #[must_use]
    pub fn first(&self) -> &str {
        self.steps.first().map_or("", |step| step)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// One kind of deployable thing of a service.
#[derive(Debug, Clone)]
pub struct ResourceType {
    /// The service's id.
    pub service: Arc<str>,
    /// Its id, unique in the service.
    pub id: Arc<str>,
    /// Patterns of Terraform's types.
    pub terraform: Vec<String>,
    /// Patterns of CloudFormation's and AWS Config's types.
    pub cloudformation: Vec<String>,
    /// What ARNs call it, where that is not how CloudFormation's type ends.
    pub arn: Vec<String>,
    /// The ids of the types that a source makes with it.
    pub makes: Vec<Arc<str>>,
    /// The attributes by which others refer to it.
    pub known_by: Vec<Path>,
    /// Whether these are given once, whatever the Region.
    pub unique: bool,
    /// The block in which the source keeps its settings.
    within: ByOrigin<Option<Path>>,
    /// Where sources have its state, and the words of those in which it is gone or is being taken away for good.
    gone: Vec<(Path, Vec<Box<str>>)>,
    /// Its attributes.
    pub attributes: Attributes,
    /// Others that are parts of it and of which no attribute tells anything.
    parts: Vec<On>,
}

impl ResourceType {
    /// The patterns of its types as an origin writes them.
    #[must_use]
    pub fn types(&self, origin: Origin) -> &[String] {
        match origin {
            Origin::Terraform => &self.terraform,
            Origin::CloudFormation | Origin::Config => &self.cloudformation,
        }
    }

    /// The block in which an origin keeps its settings, as it is written.
    #[must_use]
    pub fn within(&self, origin: Origin) -> Option<String> {
        self.within.of(origin).as_ref().map(ToString::to_string)
    }

    /// Where sources have its state, as far as that may say that it is gone.
    pub(in crate::catalog) fn states(&self) -> impl Iterator<Item = &Path> {
        self.gone.iter().map(|(path, _)| path)
    }

    /// Whether a type is this one.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        let mut types = self.types(Origin::of_type(kind)).iter();
        types.any(|pattern| super::wildcard::matches(pattern, kind))
    }
}

/// Attributes by name, and the tree of those that each source keeps under their names.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    by_name: IndexMap<Arc<str>, Attribute>,
    tree: Node,
    /// By origin, the keys that lead to them, once somebody reads a resource.
    leading: ByOrigin<OnceLock<Arc<Leading>>>,
}

impl Attributes {
    /// All attributes, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Attribute> {
        self.by_name.values()
    }

    /// The attribute of a name; of a dotted name also one within a block.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        if let Some(found) = self.by_name.get(name) {
            return Some(found);
        }
        name.match_indices('.').find_map(|(at, _)| {
            let block = self.by_name.get(&name[..at])?;
            block.block.get(&name[at + 1..])
        })
    }

    /// Whether a dotted path is that of an attribute, leads to one, or leads on within one whose values have keys of their
    /// own.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.get(path).is_some() || self.goes_on(path) || {
            let mut ends = path.match_indices('.').map(|(at, _)| &path[..at]);
            ends.any(|before| {
                self.get(before).is_some_and(|attribute| {
                    attribute.kind == Kind::Map
                        || attribute.kind == Kind::Block && attribute.block.by_name.is_empty() && self.is_leaf(before)
                })
            })
        }
    }

    /// Whether something is declared below a dotted path: [`Self::names`] of which one begins with it, without making these.
    #[must_use]
    pub fn goes_on(&self, path: &str) -> bool {
        self.iter().any(|attribute| {
            let below = |name: &str, of: &str| name.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
            below(&attribute.name, path)
                || (*attribute.name == *path && attribute.block.iter().next().is_some())
                || path
                    .strip_prefix(&*attribute.name)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .is_some_and(|rest| attribute.block.goes_on(rest))
        })
    }

    /// Whether nothing is declared below a name.
    fn is_leaf(&self, name: &str) -> bool {
        !self
            .by_name
            .keys()
            .any(|other| other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }

    /// All names, those within blocks dotted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for attribute in self.iter() {
            names.push(attribute.name.to_string());
            names.extend(attribute.block.names().iter().map(|inner| format!("{}.{inner}", attribute.name)));
        }
        names
    }
}

/// The names that sources keep in their own spelling, as a tree along their dots.
#[derive(Debug, Clone, Default)]
struct Node {
    /// Whether the value is kept as it is.
    is_whole: bool,
    children: IndexMap<Box<str>, Node>,
}

/// One thing that can be known of a resource.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// By Terraform's name; dotted where it is one of a block.
    pub name: Arc<str>,
    /// The type of its values.
    pub kind: Kind,
    /// Whether its values are passwords, keys or tokens.
    pub secret: bool,
    /// Whether only an inventory states it.
    pub stated: bool,
    /// Where the sources keep it. Where a source has no place for it, it is kept under its name.
    places: ByOrigin<Vec<Location>>,
    /// Where AWS Config or a state says that a change of it is under way, and the words that say so; without any, whatever is there.
    pending: Vec<(Path, Vec<Box<str>>)>,
    /// Where AWS Config says that it does not work although it is on, in the same way.
    failing: Vec<(Path, Vec<Box<str>>)>,
    /// The attributes of a block.
    pub block: Attributes,
}

impl Attribute {
    /// Where an origin keeps it; empty: under its name.
    #[must_use]
    pub fn places(&self, origin: Origin) -> &[Location] {
        self.places.of(origin)
    }

    /// Where an origin says that a change of it is under way.
    pub(in crate::catalog) fn pending(&self, origin: Origin) -> &[(Path, Vec<Box<str>>)] {
        match origin {
            Origin::Config | Origin::Terraform => &self.pending,
            Origin::CloudFormation => &[],
        }
    }

    /// Where an origin says that it does not work although it is on.
    pub(in crate::catalog) fn failing(&self, origin: Origin) -> &[(Path, Vec<Box<str>>)] {
        match origin {
            Origin::Config => &self.failing,
            Origin::Terraform | Origin::CloudFormation => &[],
        }
    }

    /// The places at which an origin says that what stands at its own is not certain.
    pub(in crate::catalog) fn doubts(&self, origin: Origin) -> impl Iterator<Item = &Path> {
        self.pending(origin).iter().chain(self.failing(origin)).map(|(path, _)| path)
    }
}

/// The type of an attribute's values.
pub use super::file::KindFile as Kind;

impl Kind {
    /// As the catalog's files write it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::List => "list",
            Self::Map => "map",
            Self::Block => "block",
            Self::Document => "document",
        }
    }

    /// Whether a value can be one of this type.
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Bool => value.is_boolean() || value.as_str().is_some_and(|text| matches!(text, "true" | "false")),
            Self::Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
            Self::Text => value.is_string() || value.is_number() || value.is_boolean(),
            Self::List => value.is_array() || value.is_string(),
            Self::Map => value.is_object(),
            Self::Block => value.is_object() || value.is_array(),
            Self::Document => value.is_string() || value.is_object(),
        }
    }
}

/// A place where an origin keeps an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Another resource that has it; none: the resource itself.
    pub on: Option<On>,
    /// Paths to it, the first that leads to something counts. Without any, it is all of the other resource.
    pub at: Vec<Path>,
    /// The name of an entry, where the path leads to a list of names and values.
    pub entry: Option<Box<str>>,
    /// How what is found there becomes the value.
    pub read: Read,
    /// The value where what is found there cannot be read, such as a reference; none: it is not known.
    pub open: Option<Value>,
    /// What it means that nothing is found there.
    pub absent: Absent,
}

/// Another resource that says something of this one.
#[derive(Debug, Clone, PartialEq)]
pub struct On {
    /// Its type.
    pub kind: Box<str>,
    /// Its attributes that name this one; none: there is one of either in an account's Region.
    pub by: Vec<Path>,
    /// This one's attributes that equal them.
    pub equals: Vec<Path>,
    /// Whether this one refers to it by its name, and not the other way round.
    pub is_named: bool,
    /// An attribute that makes it one of a part of this one only.
    pub unless: Option<Path>,
    /// How its ARN names it, and this one in it.
    pub arn: Option<Box<str>>,
    /// Whether it may belong to nobody.
    pub optional: bool,
}

/// How a found value becomes an attribute's.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// As it is.
    Value,
    /// All that are found, as one list without repetitions.
    All,
    /// True for one of the words, false for another; true and false as they are.
    TrueFor(Vec<Box<str>>),
    /// By the word that stands for it; others as they are.
    Words(Vec<(Box<str>, Value)>),
    /// This one, whatever is found.
    Is(Value),
}

/// What it means that nothing is found.
#[derive(Debug, Clone, PartialEq)]
pub enum Absent {
    /// It is not known.
    Unknown,
    /// It is known to be unset.
    Unset,
    /// It has this value.
    Default(Value),
}
