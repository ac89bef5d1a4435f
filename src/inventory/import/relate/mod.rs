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

use super::location::is_global;
use super::plain;
use super::questions::Questions;
use crate::catalog::Catalog;
use crate::catalog::attributes::{self, Origin, Spelt};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the resources of one type say of those of others, by Terraform's names of both.
#[derive(Debug)]
pub(super) struct Relation {
    /// The type of those that say something.
    pub(super) kind: String,
    /// Their attributes that may hold the common name. None: there is one of either in an account's region.
    pub(super) names: Vec<String>,
    /// The types of those that it is said of, in the words of all whose types the file may have.
    pub(super) owners: Vec<String>,
    /// The owner's attributes that may hold the common name, where Terraform calls its type, and where others do.
    by: [Vec<String>; 2],
    /// Whose name it is; the other one refers to it.
    pub(super) named: Side,
    /// An attribute that makes the sibling one of a part of the owner only, such as a version.
    pub(super) unless: Option<String>,
    /// What is said.
    pub(super) copies: Vec<Copied>,
    /// Whether the common name may be another's in another Region.
    pub(super) repeats: bool,
    /// Whether only another source's declaration tells how to read what is said, so that it is open.
    pub(super) is_unread: bool,
    /// As the catalog declares it.
    pub(super) declared: Arc<attributes::Relation>,
}

impl Relation {
    /// The attributes of owners of a type that may hold the common name.
    pub(super) fn by(&self, owner: &str) -> &[String] {
        &self.by[is_of_others(owner)]
    }

    /// Whether those that it is of are no more than parts of their owners.
    pub(super) fn is_mute(&self) -> bool {
        self.copies.is_empty()
    }

    /// Whether an owner's type is called as another source than the sibling's does.
    pub(super) fn is_elsewhere(&self, owner: &str) -> bool {
        is_of_others(owner) != is_of_others(&self.kind)
    }
}

/// 0 for Terraform's types, 1 for those of others.
fn is_of_others(kind: &str) -> usize {
    usize::from(Origin::of_type(kind) != Origin::Terraform)
}

impl Relation {
    /// What the catalog declares. Owners of another source's type are called as what `all` have of the same attribute says.
    fn new(one: &Arc<attributes::Relation>, all: &[Arc<attributes::Relation>]) -> Self {
        let dotted = |paths: &[attributes::Path]| paths.iter().map(attributes::Path::dotted).collect::<Vec<String>>();
        let own = is_of_others(&one.kind);
        let has_one = |other: &attributes::Relation| {
            let mut copied = other.copied.iter();
            copied.any(|copy| one.copied.iter().any(|own| own.name() == copy.name()))
        };
        let is_counterpart = |other: &&Arc<attributes::Relation>| {
            is_of_others(&other.kind) != own
                && (&other.service, &other.owner, other.is_named) == (&one.service, &one.owner, one.is_named)
                && other.equals.is_empty() == one.equals.is_empty()
                && has_one(other)
        };
        let mut elsewhere: Vec<String> = Vec::new();
        for name in all.iter().filter(is_counterpart).flat_map(|other| dotted(&other.equals)) {
            if !elsewhere.contains(&name) {
                elsewhere.push(name);
            }
        }
        let mut by = [dotted(&one.equals), dotted(&one.equals)];
        if !elsewhere.is_empty() {
            by[1 - own] = elsewhere;
        }
        Self {
            kind: one.kind.to_string(),
            names: dotted(&one.by),
            owners: one.owner_types.clone(),
            by,
            named: if one.is_named { Side::Sibling } else { Side::Owner },
            unless: one.unless.as_ref().map(attributes::Path::dotted),
            copies: one.copied.iter().map(|copied| Copied::new(&one.kind, copied)).collect(),
            repeats: !(one.by.is_empty() || one.unique || is_global(&one.kind)),
            is_unread: false,
            declared: one.clone(),
        }
    }

    /// The same with names of the sibling as the catalog calls them, where that declares its type, too.
    fn called(mut self, catalog: &Catalog) -> Self {
        let (origin, by) = (self.declared.origin, &self.declared.by);
        for known in catalog.declaration(origin, &self.kind, None).types() {
            for name in known.called(origin, by).iter().map(attributes::Path::dotted) {
                if !self.names.contains(&name) {
                    self.names.push(name);
                }
            }
        }
        self
    }

    /// The same of owners of every source, which a file may have side by side.
    fn mixed(mut self, catalog: &Catalog) -> Self {
        let types = catalog.resource_types(&self.declared.service).iter();
        let own = types.filter(|known| known.id == self.declared.owner);
        self.owners = own
            .flat_map(|known| known.terraform.iter().chain(&known.cloudformation))
            .cloned()
            .collect();
        self
    }
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
    /// What the catalog declares: Terraform's relations, and those of CloudFormation's types as templates or as AWS Config
    /// spell them. What the same types say of others in the spelling of a third source, of attributes that these leave out, a file
    /// of this source has all the same, though it cannot be read for it. `origin`: who spells the types of the file; nobody, where
    /// they tell it themselves.
    /// `single`: whether it matters which single resources are parts of which.
    pub(super) fn of(catalog: &Catalog, origin: Option<Origin>, single: bool) -> Self {
        let by_vendor = origin.filter(|origin| *origin != Origin::Terraform);
        let origins = [Origin::Terraform, by_vendor.unwrap_or(Origin::Config)];
        let all: Vec<Arc<attributes::Relation>> = Origin::ALL.into_iter().flat_map(|origin| catalog.relations(origin)).collect();
        let is_read = |one: &&Arc<attributes::Relation>| origins.contains(&one.origin);
        let is_same = |one: &attributes::Relation, other: &attributes::Relation| {
            (&one.kind, &one.service, &one.owner) == (&other.kind, &other.service, &other.owner)
        };
        let is_left_out = |one: &attributes::Relation, copied: &attributes::Copied| {
            let mut known = all.iter().filter(is_read).filter(|known| is_same(known, one));
            !known.any(|known| known.copied.iter().any(|copy| copy.name() == copied.name()))
        };
        let new = |one: &Arc<attributes::Relation>| Relation::new(one, &all).called(catalog);
        let mut list: Vec<Relation> = all.iter().filter(is_read).map(new).collect();
        for one in all.iter().filter(|one| !is_read(one)) {
            let left_out: Vec<_> = one.copied.iter().filter(|copied| is_left_out(one, copied)).cloned().collect();
            if !left_out.is_empty() {
                let only = attributes::Relation {
                    copied: left_out,
                    ..(**one).clone()
                };
                list.push(Relation {
                    is_unread: true,
                    ..new(&only.into())
                });
            }
        }
        if single {
            // Behind all others, so that where names are looked up is told by what is said by them.
            let read = if by_vendor.is_some() { &origins[..] } else { &Origin::ALL[..2] };
            let parts = read.iter().flat_map(|origin| catalog.parts(*origin));
            list.extend(parts.map(|one| Relation::new(&one, &[])));
        }
        match by_vendor {
            Some(_) => Self::new(list),
            None => Self::new(list.into_iter().map(|one| one.mixed(catalog)).collect()),
        }
    }

    fn new(list: Vec<Relation>) -> Self {
        let keys = list
            .iter()
            .map(|one| one.declared.keys_within().into_iter().map(str::to_owned).collect())
            .collect();
        let mut spaces: Vec<usize> = Vec::with_capacity(list.len());
        for (index, one) in list.iter().enumerate() {
            let is_same = |earlier: &Relation| {
                one.named == Side::Owner && earlier.named == Side::Owner && earlier.owners == one.owners && earlier.by == one.by
            };
            let shared = list.iter().take(index).position(is_same);
            spaces.push(shared.unwrap_or(index));
        }
        Self { list, spaces, keys }
    }

    /// The parts that a type takes, which may be called as ARNs call it; `questions` tells what the catalog asks of types.
    pub(super) fn roles(&self, catalog: &Catalog, kind: &str, questions: impl Fn(&[String]) -> Questions) -> Roles {
        let mut roles = Roles::default();
        let is_in_arns = kind.contains(':') && !kind.contains("::");
        for (index, relation) in self.list.iter().enumerate() {
            if relation.kind == kind || is_in_arns && catalog.is_in_arns(&relation.declared, kind) {
                roles.says.push((index, questions(&relation.owners)));
            }
            if !relation.owners.iter().any(|owner| owner == kind) {
                continue;
            }
            let space = self.spaces.get(index).copied().unwrap_or(index);
            match relation.named {
                Side::Sibling => roles.refers.push(index),
                Side::Owner if roles.known.iter().all(|(known, _)| *known != space) => {
                    roles.known.push((space, relation.by(kind).to_vec()))
                }
                Side::Owner => {}
            }
        }
        roles
    }

    /// Adds the names that a type's part looks at, within blocks, too.
    pub(super) fn names_looked_at(&self, roles: &Roles, spelt: &mut Spelt) {
        let relation = |index: &usize| self.list.get(*index);
        for relation in roles.says.iter().filter_map(|(index, _)| relation(index)) {
            relation.declared.names_looked_at(spelt);
            relation.names.iter().for_each(|name| spelt.add(name));
        }
        let known = roles.known.iter().map(|(space, _)| space);
        for relation in roles.refers.iter().chain(known).filter_map(relation) {
            relation.by.iter().flatten().for_each(|name| spelt.add(name));
        }
    }

    /// The attributes that a type's part needs.
    pub(super) fn attributes(&self, roles: &Roles) -> BTreeSet<&str> {
        let mut attributes = BTreeSet::new();
        for (index, _) in &roles.says {
            let Some(relation) = self.list.get(*index) else { continue };
            attributes.extend(relation.names.iter().chain(&relation.unless).map(String::as_str));
            attributes.extend(self.keys.get(*index).into_iter().flatten().map(String::as_str));
        }
        let known = roles.known.iter().map(|(space, _)| space);
        for relation in roles.refers.iter().chain(known).filter_map(|index| self.list.get(*index)) {
            attributes.extend(relation.by.iter().flatten().map(String::as_str));
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
