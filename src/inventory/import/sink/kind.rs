//! What is looked at of resources: by rules, and by the catalog type by type.
//!
//! In: a type's name. Out: the service, the catalog's questions, the part that the type takes in relations, and the
//! attributes that all this needs.

use super::super::needed::always;
use super::super::questions::Questions;
use super::super::relate::{Relations, Roles};
use crate::catalog::attributes::{Origin, Spelt};
use crate::catalog::predicate::Question;
use crate::catalog::{Catalog, Declaration, OwnKeysFile, own_keys};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const TAGS: &[&str] = &["tags", "tags_all", "tag"];

/// A service, and whether a resource is one of its deployable things.
pub(in crate::inventory) type Class = (Arc<str>, bool);

/// What is looked at of all resources of a file.
pub(in crate::inventory::import) struct Wanted<'a> {
    /// The catalog, whose questions tell resources apart.
    pub(in crate::inventory::import) catalog: &'a Catalog,
    /// The tags that rules look at.
    pub(in crate::inventory::import) tags: &'a BTreeSet<String>,
    /// What resources say of each other.
    pub(in crate::inventory::import) relations: Relations,
    /// Who spells types and attributes so.
    origin: Option<Origin>,
    /// Whether resources that are alike are counted together.
    pub(in crate::inventory::import) grouped: bool,
}

/// What is looked at of the resources of one type.
pub(in crate::inventory::import) struct Kind {
    /// The type.
    pub(in crate::inventory::import) name: Arc<str>,
    /// What is declared of it.
    pub(super) declaration: Declaration,
    /// The part that it takes in relations.
    pub(super) roles: Roles,
    /// The class, where the type alone tells it.
    pub(super) class: Option<Class>,
    /// What is asked of that class, where resources are counted.
    pub(super) questions: Option<Arc<Questions>>,
    /// What may tell of its resources that a key is the provider's own.
    pub(super) keys: Vec<&'static OwnKeysFile>,
    /// The places at which something is asked of that class.
    pub(super) asked: Vec<String>,
    /// The names that are looked at, where the source may spell them otherwise.
    pub(in crate::inventory::import) spelt: Spelt,
    /// The attributes to read, by their length.
    attributes: Vec<Vec<String>>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(catalog: &'a Catalog, tags: &'a BTreeSet<String>, grouped: bool, origin: Option<Origin>) -> Self {
        Self {
            catalog,
            tags,
            relations: Relations::of(catalog, origin, !grouped),
            origin,
            grouped,
        }
    }

    /// What the catalog asks of resources of a type that are of some classes.
    pub(super) fn questions(&self, kind: &str, classes: &[&Class]) -> Questions {
        let mut by_attribute: BTreeMap<String, Vec<Question>> = BTreeMap::new();
        let asked = |(service, is_primary): &&Class| match is_primary {
            true => self.catalog.questions(service),
            false => self.catalog.questions_of_supporting(service),
        };
        for question in classes.iter().flat_map(asked) {
            let questions = by_attribute.entry(question.attribute().to_owned()).or_default();
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        Questions::of(kind, by_attribute)
    }

    fn class(&self, kind: &str) -> Option<Class> {
        let (service, is_primary) = self.catalog.classify_type(kind)?;
        Some((service.into(), is_primary))
    }

    fn places_asked(&self, service: &str) -> Vec<String> {
        let asked = self.catalog.asked(service).into_iter();
        let mut places: Vec<String> = asked.map(|asked| asked.path.join(".")).collect();
        places.sort();
        places.dedup();
        places
    }

    fn declaration(&self, kind: &str) -> Declaration {
        let origin = self.origin.unwrap_or_else(|| Origin::of_type(kind));
        self.catalog.declaration(origin, kind, None)
    }

    /// What is looked at of a type.
    pub(super) fn kind(&self, name: &str) -> Kind {
        let of_owners = |owners: &[String]| {
            if !self.grouped {
                return Questions::default();
            }
            let classes: Vec<Class> = owners.iter().filter_map(|owner| self.class(owner)).collect();
            self.questions(name, &classes.iter().collect::<Vec<_>>())
        };
        let roles = self.relations.roles(self.catalog, name, of_owners);
        let class = self.class(name);
        let questions = class.as_ref().filter(|_| self.grouped).map(|class| self.questions(name, &[class]));
        let mut attributes: BTreeSet<&str> = always().collect();
        let declaration = self.declaration(name);
        attributes.extend(declaration.keys());
        attributes.extend(self.relations.attributes(&roles));
        let keys: Vec<&'static OwnKeysFile> = own_keys(name).collect();
        let of_keys = keys.iter().flat_map(|own| own.says.iter().chain(&own.names));
        attributes.extend(of_keys.map(String::as_str));
        if !self.tags.is_empty() {
            attributes.extend(TAGS);
        }
        attributes.extend(questions.iter().flat_map(Questions::attributes));
        let mut by_length: Vec<Vec<String>> = Vec::new();
        for attribute in attributes {
            if by_length.len() <= attribute.len() {
                by_length.resize_with(attribute.len() + 1, Vec::new);
            }
            by_length[attribute.len()].push(attribute.to_owned());
        }
        let mut spelt = Spelt::default();
        if self.origin.unwrap_or_else(|| Origin::of_type(name)) != Origin::Terraform {
            declaration.names_looked_at(&mut spelt);
            self.relations.names_looked_at(&roles, &mut spelt);
        }
        let primary = class.as_ref().filter(|(_, is_primary)| *is_primary);
        Kind {
            asked: primary.map(|(service, _)| self.places_asked(service)).unwrap_or_default(),
            declaration: declaration.clone(),
            name: name.into(),
            roles,
            class,
            keys,
            attributes: by_length,
            questions: questions.map(Arc::new),
            spelt,
        }
    }
}

impl Kind {
    /// How many attributes a resource may be expected to have.
    pub(in crate::inventory::import) fn usual(&self) -> usize {
        self.attributes.iter().map(Vec::len).sum::<usize>().min(24)
    }

    /// Whether only the ARN tells the service.
    pub(in crate::inventory::import) fn needs_arn(&self) -> bool {
        self.class.is_none()
    }

    /// Whether an attribute is looked at where resources are counted; of those of an unknown service any may be.
    pub(in crate::inventory::import) fn wants(&self, attribute: &str) -> bool {
        self.class.is_none()
            || self.attributes.get(attribute.len()).is_some_and(|names| {
                let first = attribute.as_bytes().first();
                names.iter().any(|name| name.as_bytes().first() == first && name == attribute)
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::attributes::Path;
    use crate::catalog::spelling::snake_case;

    /// A name as the sources of one provider write it: as in a template, with a small letter, with all capitals small that
    /// stand together at its beginning, and as Terraform does.
    fn forms(written: &str) -> [String; 4] {
        let run = written.chars().take_while(char::is_ascii_uppercase).count();
        let small = |count: usize| format!("{}{}", written[..count].to_ascii_lowercase(), &written[count..]);
        [written.to_owned(), small(run.min(1)), small(run), snake_case(written)]
    }

    #[test]
    fn whoever_joins_is_found_in_every_spelling() {
        let catalog = Catalog::builtin().unwrap();
        let tags = BTreeSet::new();
        let wanted = Wanted::new(&catalog, &tags, false, Some(Origin::Config));
        let mut count = 0;
        let mut missed = Vec::new();
        let mut try_all = |kind: &str, paths: &[Path]| {
            let kind = wanted.kind(kind);
            for written in paths.iter().map(ToString::to_string) {
                for (step, form) in written.split('.').flat_map(|step| forms(step).map(|form| (step.to_owned(), form))) {
                    let spelt = snake_case(&form);
                    let known = kind.spelt.other(&spelt).unwrap_or(&spelt);
                    count += 1;
                    if known.replace('_', "") != step.to_ascii_lowercase().replace('_', "") || kind.spelt.other(known).is_some() {
                        missed.push(format!("{} {written}: {form}", kind.name));
                    }
                    if known != snake_case(&step) {
                        missed.push(format!("{} {written}: {form} is {known}", kind.name));
                    }
                }
            }
        };
        for relation in catalog.relations(Origin::Config).iter().chain(&catalog.parts(Origin::Config)) {
            try_all(&relation.kind, &relation.by);
            relation.owner_types.iter().for_each(|owner| try_all(owner, &relation.equals));
        }
        assert_eq!(missed, [""; 0]);
        assert!(count > 500, "{count}");
    }
}
