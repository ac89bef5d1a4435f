//! What sources keep in resources of their own and people take for a setting of another: a bucket's versioning, a
//! secret's rotation, the task definition of a service.
//!
//! In: relations between types, as values. Out: which part a type takes in them. [`Related`] joins the resources of a
//! file by them. Where a file does not have the sibling, nothing is concluded: the setting may be made elsewhere.

mod links;
mod related;
mod settings;
mod table;
#[cfg(test)]
mod tests;

pub(super) use related::Related;
pub(super) use table::relations;

use super::sink::{Questions, plain};
use std::collections::{BTreeSet, HashMap};

/// What the resources of one type say of those of others, by Terraform's names of both.
#[derive(Debug)]
pub(super) struct Relation {
    /// The type of those that say something.
    pub(super) kind: String,
    /// Their attributes that may hold the common name. None: there is one of either in an account's region.
    pub(super) names: Vec<String>,
    /// The types of those that it is said of.
    pub(super) owners: Vec<String>,
    /// The owner's attributes that may hold the common name.
    pub(super) by: Vec<String>,
    /// Whose name it is; the other one refers to it.
    pub(super) named: Side,
    /// An attribute that makes the sibling one of a part of the owner only, such as a version.
    pub(super) unless: Option<String>,
    /// What is said.
    pub(super) copies: Vec<Copied>,
}

/// One of the two that a relation is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Who says something.
    Sibling,
    /// Of whom it is said.
    Owner,
}

/// An attribute of a sibling that is one of its owner, too; both are dotted paths.
#[derive(Debug)]
pub(super) struct Copied {
    /// The sibling's.
    pub(super) from: String,
    /// The owner's.
    pub(super) to: String,
    /// How a value gets there.
    pub(super) how: How,
    /// Whether the sibling's attribute is none that is secret by its name.
    is_open: bool,
}

impl Copied {
    /// An attribute of siblings of a type.
    pub(super) fn new(kind: &str, from: &str, to: &str, how: How) -> Self {
        let last = from.rsplit('.').next().unwrap_or(from);
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            how,
            is_open: plain::is_open_name(kind, last),
        }
    }
}

/// How a value is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As it is, where all siblings of an owner agree. It replaces what the owner says itself: Terraform read the owner
    /// before it made the sibling.
    Same,
    /// True for `Enabled`; otherwise as above.
    Switch,
    /// Added to a list, without repetitions.
    Listed,
}

/// All relations.
#[derive(Debug)]
pub(super) struct Relations {
    list: Vec<Relation>,
    /// By relation: where its names are looked up. Those that are between the same names of the same owners share one.
    spaces: Vec<usize>,
    /// Terraform's names of other sources' types.
    types: HashMap<String, String>,
}

/// The parts that a type takes in relations.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// The relations in which it says something, and what the catalog asks of the owners.
    says: Vec<(usize, Questions)>,
    /// The spaces in which owners of this type are known, and the attributes that hold their names.
    known: Vec<(usize, Vec<String>)>,
    /// The relations in which owners of this type name the sibling.
    refers: Vec<usize>,
}

impl Relations {
    /// Relations, and Terraform's names of other sources' types.
    pub(super) fn new(list: Vec<Relation>, types: HashMap<String, String>) -> Self {
        let mut spaces: Vec<usize> = Vec::with_capacity(list.len());
        for (index, one) in list.iter().enumerate() {
            let is_same = |earlier: &Relation| {
                one.named == Side::Owner && earlier.named == Side::Owner && earlier.owners == one.owners && earlier.by == one.by
            };
            let shared = list.iter().take(index).position(is_same);
            spaces.push(shared.unwrap_or(index));
        }
        Self { list, spaces, types }
    }

    /// The parts that a type takes; `questions` tells what the catalog asks of types.
    pub(super) fn roles(&self, kind: &str, questions: impl Fn(&[String]) -> Questions) -> Roles {
        let kind = self.types.get(kind).map_or(kind, String::as_str);
        let mut roles = Roles::default();
        for (index, relation) in self.list.iter().enumerate() {
            if relation.kind == kind {
                roles.says.push((index, questions(&relation.owners)));
            }
            if !relation.owners.iter().any(|owner| owner == kind) {
                continue;
            }
            let space = self.spaces.get(index).copied().unwrap_or(index);
            match relation.named {
                Side::Sibling => roles.refers.push(index),
                Side::Owner if roles.known.iter().all(|(known, _)| *known != space) => roles.known.push((space, relation.by.clone())),
                Side::Owner => {}
            }
        }
        roles
    }

    /// The attributes that a type's part needs.
    pub(super) fn attributes(&self, roles: &Roles) -> BTreeSet<&str> {
        let mut attributes = BTreeSet::new();
        for (index, _) in &roles.says {
            let Some(relation) = self.list.get(*index) else { continue };
            attributes.extend(relation.names.iter().chain(&relation.unless).map(String::as_str));
            attributes.extend(relation.copies.iter().map(|copied| first(&copied.from)));
        }
        for index in &roles.refers {
            attributes.extend(
                self.list
                    .get(*index)
                    .into_iter()
                    .flat_map(|relation| &relation.by)
                    .map(String::as_str),
            );
        }
        for (space, _) in &roles.known {
            attributes.extend(
                self.list
                    .get(*space)
                    .into_iter()
                    .flat_map(|relation| &relation.by)
                    .map(String::as_str),
            );
        }
        attributes
    }
}

impl Roles {
    /// Whether resources of the type say anything of others.
    pub(super) fn says(&self) -> bool {
        !self.says.is_empty()
    }

    /// Whether others may say something of resources of the type.
    pub(super) fn owns(&self) -> bool {
        !self.known.is_empty() || !self.refers.is_empty()
    }
}

fn first(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}
