//! What sources keep in resources of their own and people take for a setting of another: a bucket's versioning, a
//! secret's rotation, the task definition of a service.
//!
//! In: relations between types, as values. Out: which part a type takes in them. [`Related`] joins the resources of a
//! file by them. Where a file does not have the sibling, nothing is concluded: the setting may be made elsewhere.

mod elsewhere;
mod links;
mod others;
mod related;
mod settings;
#[cfg(test)]
mod tests;

pub(in crate::inventory) use elsewhere::Others;
pub(super) use elsewhere::Owned;
pub(in crate::inventory) use others::settle;
pub(super) use related::Related;

use super::plain;
use super::questions::Questions;
use crate::catalog::Catalog;
use crate::catalog::attributes::{self, Origin};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// As the catalog declares it.
    pub(super) declared: Arc<attributes::Relation>,
}

/// One of the two that a relation is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Who says something.
    Sibling,
    /// Of whom it is said.
    Owner,
}

/// An attribute of a sibling that is one of its owner, too.
#[derive(Debug)]
pub(super) struct Copied {
    /// As the catalog declares it.
    pub(super) declared: attributes::Copied,
    /// The sibling's key that it is read from.
    pub(super) key: String,
    /// Whether that is none that is secret by its name.
    is_open: bool,
}

impl Copied {
    /// An attribute of siblings of a type.
    fn new(kind: &str, declared: &attributes::Copied) -> Self {
        let key = declared.key().unwrap_or_else(|| declared.name());
        Self {
            key: key.to_owned(),
            is_open: plain::is_open_name(kind, key),
            declared: declared.clone(),
        }
    }
}

/// All relations.
#[derive(Debug, Default)]
pub(super) struct Relations {
    list: Vec<Relation>,
    /// By relation: where its names are looked up. Those that are between the same names of the same owners share one.
    spaces: Vec<usize>,
    /// The keys of siblings that each relation looks at.
    keys: Vec<Vec<String>>,
    /// What the same types say of others in the spelling of another source, of attributes that this one's relations leave out: a
    /// file of this source cannot be read for it, and has it all the same.
    more: Vec<Arc<attributes::Relation>>,
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
    /// What it says of which only another source's declaration tells how, by number.
    more: Vec<usize>,
}

impl Relations {
    /// What the catalog declares: Terraform's relations, and those of CloudFormation's types as templates or as AWS Config
    /// spell them.
    pub(super) fn of(catalog: &Catalog, origin: Origin) -> Self {
        let origins = [Origin::Terraform, if origin == Origin::Terraform { Origin::Config } else { origin }];
        let declared = origins.into_iter().flat_map(|origin| catalog.relations(origin));
        let dotted = |paths: &[attributes::Path]| paths.iter().map(attributes::Path::dotted).collect::<Vec<String>>();
        let (mut list, mut keys) = (Vec::new(), Vec::new());
        for one in declared {
            keys.push(one.keys().into_iter().map(str::to_owned).collect());
            list.push(Relation {
                kind: one.kind.to_string(),
                names: dotted(&one.by),
                owners: one.owner_types.clone(),
                by: dotted(&one.equals),
                named: if one.is_named { Side::Sibling } else { Side::Owner },
                unless: one.unless.as_ref().map(attributes::Path::dotted),
                copies: one.copied.iter().map(|copied| Copied::new(&one.kind, copied)).collect(),
                declared: one.clone(),
            });
        }
        let all = || Origin::ALL.into_iter().flat_map(|origin| catalog.relations(origin));
        let is_same = |one: &attributes::Relation, other: &attributes::Relation| {
            (&one.kind, &one.service, &one.owner) == (&other.kind, &other.service, &other.owner)
        };
        let is_read = |one: &attributes::Relation, copied: &attributes::Copied| {
            let mut known = list.iter().filter(|known| is_same(&known.declared, one));
            known.any(|known| known.copies.iter().any(|copy| copy.declared.name() == copied.name()))
        };
        let more = all().filter(|one| one.copied.iter().any(|copied| !is_read(one, copied))).collect();
        Self {
            more,
            ..Self::new(list, keys)
        }
    }

    fn new(list: Vec<Relation>, keys: Vec<Vec<String>>) -> Self {
        let mut spaces: Vec<usize> = Vec::with_capacity(list.len());
        for (index, one) in list.iter().enumerate() {
            let is_same = |earlier: &Relation| {
                one.named == Side::Owner && earlier.named == Side::Owner && earlier.owners == one.owners && earlier.by == one.by
            };
            let shared = list.iter().take(index).position(is_same);
            spaces.push(shared.unwrap_or(index));
        }
        Self {
            list,
            spaces,
            keys,
            more: Vec::new(),
        }
    }

    /// The parts that a type takes; `questions` tells what the catalog asks of types.
    pub(super) fn roles(&self, kind: &str, questions: impl Fn(&[String]) -> Questions) -> Roles {
        let more = self.more.iter().enumerate().filter(|(_, one)| *one.kind == *kind);
        let mut roles = Roles {
            more: more.map(|(index, _)| index).collect(),
            ..Roles::default()
        };
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
            attributes.extend(self.keys.get(*index).into_iter().flatten().map(String::as_str));
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
        !self.says.is_empty() || !self.more.is_empty()
    }

    /// Whether others may say something of resources of the type.
    pub(super) fn owns(&self) -> bool {
        !self.known.is_empty() || !self.refers.is_empty()
    }
}
