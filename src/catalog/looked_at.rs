//! The places of a source's resources that anybody looks at.
//!
//! In: a type as a source writes it. Out: the paths of its attributes in that source, as a query over millions of them needs them,
//! so that of each no more is kept than tells it from others. Names are compared by their letters alone, since a source may write
//! them in several ways: `HttpTokens`, `httpTokens`, `http_tokens`.

use super::Catalog;
use super::attributes::{Attributes, Names, Origin, Path, Read, ResourceType};
use super::predicate::{Asked, Looks};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands for all that there is.
const ALL: &str = "*";

/// What is looked at of the resources of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// The type.
    pub kind: String,
    /// Paths, each letter small and without underscores. One that ends in a dot leads on: of what lies there no more is looked at
    /// than whether it is there, and the paths that begin so. Any other is looked at whole.
    pub paths: Vec<String>,
    /// The same of what joins resources of the type with others; a star where that is all of it.
    pub related: Vec<String>,
    /// The types of these others.
    pub others: Vec<String>,
}

impl LookedAt {
    /// What tells these paths from those that another catalog looks at.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut hasher = Sha256::new();
        for path in self.paths.iter().chain(["|"].map(str::to_owned).iter()).chain(&self.related) {
            hasher.update(path);
            hasher.update(" ");
        }
        hasher.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether anything is looked at.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.paths.is_empty() || !self.related.is_empty()
    }
}

/// A tree of paths.
#[derive(Debug, Default)]
pub(super) struct Place {
    is_whole: bool,
    steps: BTreeMap<String, Place>,
}

impl Place {
    pub(super) fn add<S: AsRef<str>>(&mut self, steps: &[S], is_whole: bool) {
        let at = steps
            .iter()
            .fold(self, |at, step| at.steps.entry(letters(step.as_ref())).or_default());
        at.is_whole |= is_whole;
    }

    fn write(&self, before: &str, paths: &mut Vec<String>) {
        for (step, place) in &self.steps {
            if place.is_whole {
                paths.push(format!("{before}{step}"));
            } else {
                let on = format!("{before}{step}.");
                paths.push(on.clone());
                place.write(&on, paths);
            }
        }
    }

    pub(super) fn into_paths(self) -> Vec<String> {
        let mut paths = Vec::new();
        self.write("", &mut paths);
        paths
    }
}

/// A name by its letters.
pub(crate) fn letters(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect()
}

/// The steps of a dotted path.
pub(super) fn steps(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

impl Catalog {
    /// What is looked at of all types that an origin has and of which anything is, by type.
    #[must_use]
    pub fn looked_at(&self, origin: Origin) -> Vec<LookedAt> {
        let looked_at = self.types_of(origin).into_iter().map(|kind| self.looked_at_of(origin, &kind));
        looked_at.filter(LookedAt::asks).collect()
    }

    /// All types that are known by their whole name: those that are declared, and those that the origin's schema has.
    fn types_of(&self, origin: Origin) -> BTreeSet<String> {
        let like = if origin == Origin::Terraform { "_" } else { "::" };
        let declared = self.service_ids().flat_map(|service| self.resource_types(service));
        let declared = declared
            .flat_map(|one| one.types(origin))
            .filter(|kind| !kind.ends_with('*'))
            .cloned();
        let relations = self.relations(origin);
        let related = relations.iter().map(|relation| relation.kind.to_string());
        let schema = Names::types_like(like).map(str::to_owned);
        declared.chain(related).chain(schema).collect()
    }

    /// What is looked at of one type.
    #[must_use]
    pub fn looked_at_of(&self, origin: Origin, kind: &str) -> LookedAt {
        let asked = match self.classify_type(kind) {
            Some((service, true)) => self.asked(service),
            Some((service, false)) => {
                let rules = self.others_of(service);
                rules.iter().flat_map(|rule| rule.when.asked()).collect()
            }
            None => Vec::new(),
        };
        let declaration = self.declaration(origin, kind, None);
        let mut places = Place::default();
        for one in &asked {
            add_asked(&mut places, origin, declaration.types(), one);
        }
        let states = declaration.types().iter().flat_map(|one| one.states());
        states.for_each(|path| places.add(&steps(&path.dotted()), true));
        let (related, others) = self.joined_by(origin, kind);
        LookedAt {
            kind: kind.to_owned(),
            paths: places.into_paths(),
            related: related.into_paths(),
            others: others.into_iter().collect(),
        }
    }

    /// What joins resources of a type with others, and the types of these.
    fn joined_by(&self, origin: Origin, kind: &str) -> (Place, BTreeSet<String>) {
        let (mut places, mut others) = (Place::default(), BTreeSet::new());
        for relation in self.relations(origin) {
            if *relation.kind == *kind {
                relation.keys().into_iter().for_each(|key| places.add(&[key], true));
                if relation.copied.iter().any(|copied| copied.at().is_none()) {
                    places.add(&[ALL], true);
                }
                others.extend(relation.owner_types.iter().cloned());
            }
            if relation.owner_types.iter().any(|owner| owner == kind) {
                relation.equals.iter().for_each(|path| places.add(&steps(&path.dotted()), true));
                others.insert(relation.kind.to_string());
            }
        }
        (places, others)
    }
}

/// Adds where an origin keeps what is asked of the resources of some types.
fn add_asked(places: &mut Place, origin: Origin, types: &[Arc<ResourceType>], asked: &Asked) {
    let is_whole = asked.looks != Looks::Presence;
    places.add(&asked.path, is_whole);
    for one in types {
        let within = one.within(origin).map(|path| steps(&Path::new(&path).dotted()));
        for before in std::iter::once(Vec::new()).chain(within) {
            add_declared(places, origin, &before, &one.attributes, &asked.path, is_whole);
        }
    }
}

/// Adds where an origin keeps an attribute of a block that lies behind some steps.
fn add_declared(places: &mut Place, origin: Origin, before: &[String], of: &Attributes, asked: &[String], is_whole: bool) {
    let behind = |path: &[String]| [before, path].concat();
    places.add(&behind(asked), is_whole);
    for attribute in of.iter().filter(|attribute| !attribute.secret) {
        let name = steps(&attribute.name);
        if asked.starts_with(&name) || name.starts_with(asked) {
            let pending = attribute.pending(origin).iter();
            pending.for_each(|(path, _)| places.add(&behind(&steps(&path.dotted())), true));
        }
        let own = attribute.places(origin).iter().filter(|place| place.on.is_none());
        let paths = own.flat_map(|place| place.at.iter().map(move |path| (place, steps(&path.dotted()))));
        if let Some(rest) = asked.strip_prefix(name.as_slice()) {
            if !rest.is_empty() {
                add_declared(places, origin, &behind(&name), &attribute.block, rest, is_whole);
            }
            for (place, path) in paths {
                let at = behind(&path);
                let is_read = place.entry.is_some() || !matches!(place.read, Read::Value | Read::All);
                if is_read || rest.is_empty() {
                    places.add(&at, is_read || is_whole);
                } else {
                    add_declared(places, origin, &at, &attribute.block, rest, is_whole);
                }
            }
        } else if name.starts_with(asked) {
            // Of a block that is asked for as a whole all parts are looked at.
            paths.for_each(|(_, path)| places.add(&behind(&path), true));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_source_and_mark_what_is_asked() {
        let catalog = Catalog::builtin().unwrap();
        let instance = catalog.looked_at_of(Origin::Config, "AWS::EC2::Instance");
        let has = |path: &str| instance.paths.iter().any(|known| known == path);
        assert!(has("metadataoptions.") && has("metadataoptions.httptokens"), "{:?}", instance.paths);
        assert!(has("blockdevicemappings.ebs.encrypted"), "{:?}", instance.paths);
        let bucket = catalog.looked_at_of(Origin::Config, "AWS::S3::Bucket");
        assert!(bucket.others.contains(&"AWS::S3::BucketPolicy".to_owned()), "{:?}", bucket.others);
        assert_ne!(instance.mark(), bucket.mark());
        let all = catalog.looked_at(Origin::Config);
        assert!(all.contains(&instance) && all.contains(&bucket));
        let letters = |path: &String| {
            path.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-*".contains(&byte))
        };
        assert!(all.iter().flat_map(|one| one.paths.iter().chain(&one.related)).all(letters));
        let size: usize = all
            .iter()
            .map(|one| {
                one.paths
                    .iter()
                    .chain(&one.related)
                    .chain(&one.others)
                    .map(|path| path.len() + 1)
                    .sum::<usize>()
                    + one.kind.len()
                    + 20
            })
            .sum();
        eprintln!(
            "{} types, {} paths, {size} bytes",
            all.len(),
            all.iter().map(|one| one.paths.len()).sum::<usize>()
        );
    }
}
