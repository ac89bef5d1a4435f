//! The declarations of the catalog's services: which resource types there are, what can be known of them, and what other
//! resources say of them.
//!
//! In: a service, or a type of a source. Out: its declarations. A service's are decoded when the first resource of it is
//! met; nothing is decoded at start-up.

use super::IndexMap;
use super::attributes::{Attribute, Fault, Origin, Relation, ResourceType, Spelt, resource_types};
use super::builtin::RELATED;
use super::file::ResourceTypeFile;
use super::in_arns::InArns;
use super::pattern::squashed;
use super::predicate::Attributes;
use super::{Arn, Catalog, Entry, Namespace, embedded};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a service's files say of its resources.
#[derive(Debug, Default)]
pub(super) struct Declared {
    types: Vec<Arc<ResourceType>>,
    /// What others say of its resources, each in the spelling of its origin.
    relations: Vec<Arc<Relation>>,
    /// Others that are parts of its resources and say nothing of them, in the same way.
    parts: Vec<Arc<Relation>>,
    /// What is wrong in them.
    #[cfg_attr(not(test), allow(dead_code))]
    faults: Vec<Fault>,
}

/// The declarations that hold of the resources of one type.
#[derive(Debug, Clone, Default)]
pub struct Declaration {
    origin: Option<Origin>,
    types: Vec<Arc<ResourceType>>,
}

impl Declaration {
    /// The resource types, the service's own first, then those of services that a resource may turn out to be of.
    #[must_use]
    pub fn types(&self) -> &[Arc<ResourceType>] {
        &self.types
    }

    /// The attributes that are declared, as far as the resource itself says them.
    #[must_use]
    pub fn project(&self, raw: &Attributes) -> Attributes {
        self.projected(|one, origin| one.project(origin, raw))
    }

    /// The same where `raw` is but some of what there is to tell, as a row of somebody's table.
    #[must_use]
    pub fn project_part(&self, raw: &Attributes) -> Attributes {
        self.projected(|one, origin| one.project_part(origin, raw))
    }

    fn projected(&self, project: impl Fn(&ResourceType, Origin) -> Attributes) -> Attributes {
        let Some(origin) = self.origin else { return Attributes::new() };
        let mut made = Attributes::new();
        for resource_type in &self.types {
            let projected = project(resource_type, origin);
            if made.is_empty() {
                made = projected;
                continue;
            }
            for (name, value) in projected {
                made.entry(name).or_insert(value);
            }
        }
        made
    }

    /// The dotted names of attributes that any of the declarations says to be under change.
    #[must_use]
    pub fn pending(&self, raw: &Attributes) -> Vec<&str> {
        let Some(origin) = self.origin else { return Vec::new() };
        self.types.iter().flat_map(|one| one.pending(origin, raw)).collect()
    }

    /// Whether a resource's own state says that it is gone, by any of the declarations.
    #[must_use]
    pub fn is_gone(&self, raw: &Attributes) -> bool {
        self.origin
            .is_some_and(|origin| self.types.iter().any(|one| one.is_gone(origin, raw)))
    }

    /// Those of some dotted names under which the source sets something that cannot be read.
    #[must_use]
    pub fn unread<'n>(&self, raw: &Attributes, names: &'n [String]) -> Vec<&'n str> {
        let Some(origin) = self.origin else { return Vec::new() };
        self.types.iter().flat_map(|one| one.unread(origin, raw, names)).collect()
    }

    /// The keys of a resource's attributes that [`Self::project`] looks at.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let Some(origin) = self.origin else { return Vec::new() };
        self.types.iter().flat_map(|resource_type| resource_type.keys(origin)).collect()
    }

    /// Adds the names that [`Self::project`] looks at, within blocks, too, as far as the origin is one that spells them otherwise.
    pub fn names_looked_at(&self, spelt: &mut Spelt) {
        let Some(origin) = self.origin.filter(|origin| *origin != Origin::Terraform) else {
            return;
        };
        self.types.iter().for_each(|one| one.names_looked_at(origin, spelt));
    }

    /// Whether some source keeps an attribute at a dotted path or below it.
    #[must_use]
    pub fn reads(&self, path: &str) -> bool {
        self.types.iter().any(|resource_type| resource_type.reads(path))
    }

    /// Whether something is declared within what a dotted path leads to.
    #[must_use]
    pub fn goes_on(&self, path: &str) -> bool {
        self.types.iter().any(|resource_type| resource_type.attributes.goes_on(path))
    }

    /// The next steps of what is declared below a path that ends in a dot; of an empty one all first steps.
    #[must_use]
    pub fn names_below(&self, before: &str) -> Vec<String> {
        let names = self.types.iter().flat_map(|resource_type| resource_type.attributes.names());
        let below = names.filter_map(|name| Some(name.strip_prefix(before)?.split('.').next()?.to_owned()));
        let mut below: Vec<String> = below.collect();
        below.sort();
        below.dedup();
        below
    }

    /// Adds to attributes that a person wrote what their sources' forms of it mean: `scheme: internal` is `internal: true`.
    pub fn understand(&self, config: &mut Attributes) {
        for resource_type in &self.types {
            resource_type.understand(config);
        }
    }

    /// Forgets what a person wrote of attributes that are under change, as the provider's answers say beside them.
    pub fn unsettle(&self, config: &mut Attributes) {
        for resource_type in &self.types {
            resource_type.unsettle(config);
        }
    }

    /// Whether a dotted path is that of a declared attribute.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.types.iter().any(|resource_type| resource_type.attributes.has(path))
    }
}

impl Catalog {
    /// The resource types of a service.
    #[must_use]
    pub fn resource_types(&self, service: &str) -> &[Arc<ResourceType>] {
        self.services
            .get(service)
            .map_or(&[], |entry| entry.declared(service).types.as_slice())
    }

    /// The attributes, and the blocks of attributes, of a service's resources of which other resources may say something.
    #[must_use]
    pub fn told_by_parts(&self, service: &str) -> BTreeSet<&str> {
        let attributes = self.resource_types(service).iter().flat_map(|kind| kind.attributes.iter());
        let is_told = |attribute: &&Attribute| {
            let places = Origin::ALL.into_iter().flat_map(|origin| attribute.places(origin));
            places.into_iter().any(|place| place.on.is_some())
        };
        let names = attributes.filter(is_told).filter_map(|attribute| attribute.name.split('.').next());
        names.collect()
    }

    /// The id of the resource type that a type of any source is of this service, or that its ARN names. Where these tell nothing, as
    /// in an inventory that names the service alone: the first one of the service, unless that lacks some of what the resource is
    /// said to have; then the one that has all of it. None where several have, where none has, where an ARN's words are
    /// nobody's or several types', or the service declares none.
    #[must_use]
    pub fn kind_of(&self, service: &str, kind: &str, arn: Option<&str>, config: &Attributes) -> Option<&str> {
        let types = self.resource_types(service);
        if let Some(named) = self.kind_by_type(service, kind) {
            return Some(named);
        }
        match self.named_in_arns(service, kind, arn) {
            Some(InArns::Kind(found)) => return Some(&found.id),
            Some(InArns::Wordless) | None => {}
            Some(_) => return None,
        }
        let told = told(types, config);
        let first = types.first()?;
        let mut fitting = types.iter().filter(|one| told.iter().all(|name| has(one, name)));
        let fits = match (fitting.next(), fitting.next()) {
            (Some(fits), _) if fits.id == first.id => fits,
            (Some(fits), None) => fits,
            (Some(_), Some(_)) | (None, _) => return None,
        };
        Some(&fits.id)
    }

    /// The id of the resource type that an ARN names, or a type as ARNs name it (`ec2:subnet`).
    #[must_use]
    pub fn kind_in_arns(&self, service: &str, kind: &str, arn: Option<&str>) -> Option<&str> {
        match self.named_in_arns(service, kind, arn)? {
            InArns::Kind(found) => Some(&found.id),
            _ => None,
        }
    }

    /// What a resource is said to have that no single resource type of its service has: of each of two such, one name. Nothing
    /// where its type, or its ARN, tells what it is.
    #[must_use]
    pub fn at_odds(&self, service: &str, kind: &str, arn: Option<&str>, config: &Attributes) -> Option<[String; 2]> {
        let types = self.resource_types(service);
        if self.kind_of(service, kind, arn, config).is_some() {
            return None;
        }
        let told = told(types, config);
        let best = types.iter().max_by_key(|one| told.iter().filter(|name| has(one, name)).count())?;
        let other = told.iter().find(|name| !has(best, name))?;
        let one = told
            .iter()
            .find(|name| has(best, name) && !types.iter().any(|both| has(both, name) && has(both, other)))?;
        Some([(*one).clone(), (*other).clone()])
    }

    /// What a resource's attributes say that it is known by in the cloud, such as a bucket's name beside what people call it. A
    /// resource with such names has no other.
    pub(crate) fn known_names<'r>(&'r self, service: &str, kind: &str, config: &'r Attributes) -> impl Iterator<Item = &'r str> {
        let types = self.resource_types(service);
        let own = types.iter().find(|one| one.is(kind)).or_else(|| types.first());
        let keys = own.into_iter().flat_map(|own| &own.known_by);
        let texts = keys.filter_map(|key| config.get(key.dotted().as_str())?.as_str());
        texts.filter(|text| !text.is_empty() && !text.contains(['(', '$']) && !Arn::begins(text))
    }

    /// The id of the resource type that a type of any source is of this service; none where the type tells none.
    #[must_use]
    pub fn kind_by_type(&self, service: &str, kind: &str) -> Option<&str> {
        let named = self.resource_types(service).iter().find(|resource_type| resource_type.is(kind));
        named.map(|resource_type| &*resource_type.id)
    }

    /// What is wrong in a service's declarations; a test holds the built-in ones to none.
    #[cfg(test)]
    pub(super) fn declaration_faults(&self, service: &str) -> &[Fault] {
        self.services
            .get(service)
            .map_or(&[], |entry| entry.declared(service).faults.as_slice())
    }

    /// The declarations that hold of resources of a type, as an origin writes it. Where the type itself is not declared, as
    /// ARNs and tables name types, those of `service` hold.
    #[must_use]
    pub fn declaration(&self, origin: Origin, kind: &str, service: Option<&str>) -> Declaration {
        let namespace = match origin {
            Origin::Terraform => Namespace::Terraform,
            Origin::CloudFormation | Origin::Config => Namespace::CloudFormation,
        };
        let by_type = self.lookup.resolve_in(namespace, kind);
        let Some(own) = by_type.or(service) else {
            return Declaration::default();
        };
        let mut types: Vec<Arc<ResourceType>> = Vec::new();
        let named = |service: &str| {
            self.resource_types(service)
                .iter()
                .filter(|one| one.is(kind))
                .cloned()
                .collect::<Vec<_>>()
        };
        types.extend(named(own));
        if types.is_empty() && by_type.is_none() {
            types.extend(self.resource_types(own).iter().cloned());
        }
        if !types.is_empty() {
            for rule in self.others_of(own) {
                let others = named(&rule.to);
                let all = || self.resource_types(&rule.to).to_vec();
                types.extend(if others.is_empty() { all() } else { others });
            }
        }
        Declaration {
            origin: Some(origin),
            types,
        }
    }

    /// Whether a type as ARNs and lists of ARNs write it (`ec2:subnet`, `elasticloadbalancing:listener/app`) is that of the
    /// resources that say something in a relation: by the word that the relation declares, else by what the type is called in
    /// ARNs, which mostly is how CloudFormation's type ends.
    pub(crate) fn is_in_arns(&self, relation: &Relation, kind: &str) -> bool {
        let Some((namespace, what)) = kind.split_once(':') else {
            return false;
        };
        let what = what.split('/').next().unwrap_or(what);
        let own = || Some(self.classify_type(&relation.kind)?.0);
        let by_arn = || {
            let particular = self.lookup.resolve_in(Namespace::Arn, &format!("{namespace}:{what}"));
            particular.or_else(|| self.lookup.resolve_in(Namespace::Arn, namespace))
        };
        let word = squashed(what);
        let last = || relation.kind.rsplit("::").next().map(squashed);
        let singular = word.strip_suffix('s').unwrap_or(&word);
        let declared = |service: &str| match self.type_in_arns(service, namespace, what) {
            InArns::Kind(found) => found.is(&relation.kind),
            InArns::Several(_) => self.resource_types(service).iter().any(|one| one.is(&relation.kind)),
            InArns::Wordless | InArns::Supporting(_) | InArns::Unknown => false,
        };
        let is_called_so = || match relation.word_in_arns() {
            Some(known) => squashed(known) == word,
            None => own().is_some_and(declared) || last().is_some_and(|last| last == word || last == singular),
        };
        !word.is_empty() && is_called_so() && own().is_some() && own() == by_arn()
    }

    /// What resources say of others: all relations of an origin, in the order of the services.
    #[must_use]
    pub fn relations(&self, origin: Origin) -> Vec<Arc<Relation>> {
        self.related(origin, |declared| &declared.relations)
    }

    /// Which resources are parts of others and say nothing of them, as relations of an origin.
    #[must_use]
    pub fn parts(&self, origin: Origin) -> Vec<Arc<Relation>> {
        self.related(origin, |declared| &declared.parts)
    }

    fn related(&self, origin: Origin, which: fn(&Declared) -> &[Arc<Relation>]) -> Vec<Arc<Relation>> {
        let of = |service: &str| {
            let relations = self.services.get(service).map_or(&[][..], |entry| which(entry.declared(service)));
            relations.iter().filter(|one| one.origin == origin).cloned().collect::<Vec<_>>()
        };
        self.lookup.related().into_iter().flat_map(of).collect()
    }
}

/// Of what a resource is said to have, what any of some resource types has.
fn told<'c>(types: &[Arc<ResourceType>], config: &'c Attributes) -> Vec<&'c String> {
    // What is said to be unset is said of all that might have it.
    let set = config.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name);
    set.filter(|name| types.iter().any(|one| has(one, name))).collect()
}

fn has(one: &ResourceType, name: &str) -> bool {
    one.attributes.has(name) || one.attributes.goes_on(name)
}

impl Entry {
    fn declared(&self, id: &str) -> &Declared {
        self.declared.get_or_init(|| {
            let service: Arc<str> = id.into();
            let mut declared = Declared::default();
            let mut files: IndexMap<String, ResourceTypeFile> = self.resources.map(embedded::decoded).unwrap_or_default();
            for overlay in self.further() {
                extend(&mut files, &overlay.resources);
            }
            let (types, faults) = resource_types(&service, &files);
            for one in types {
                for origin in Origin::ALL {
                    declared.relations.extend(one.relations(origin).into_iter().map(Arc::new));
                    declared.parts.extend(one.parts(origin).into_iter().map(Arc::new));
                }
                declared.types.push(Arc::new(one));
            }
            declared.faults = faults;
            declared
        })
    }
}

/// An overlay adds types to resource types and says attributes anew.
fn extend(files: &mut IndexMap<String, ResourceTypeFile>, overlay: &IndexMap<String, ResourceTypeFile>) {
    for (id, more) in overlay {
        let Some(file) = files.get_mut(id) else {
            files.insert(id.clone(), more.clone());
            continue;
        };
        let lists = [
            (&mut file.types.terraform, &more.types.terraform),
            (&mut file.types.cloudformation, &more.types.cloudformation),
            (&mut file.types.arn, &more.types.arn),
            (&mut file.known_by, &more.known_by),
        ];
        for (list, added) in lists {
            // Whoever copies a whole file says again what is known.
            for one in added {
                if !list.contains(one) {
                    list.push(one.clone());
                }
            }
        }
        file.gone.extend(more.gone.clone());
        let new = more.parts.iter().filter(|part| !file.parts.contains(part));
        let new: Vec<_> = new.cloned().collect();
        file.parts.extend(new);
        for (name, attribute) in &more.attributes {
            file.attributes.insert(name.clone(), attribute.clone());
        }
    }
}

/// The services whose declarations name other types, in the program's own table.
pub(super) fn related() -> impl Iterator<Item = &'static str> {
    RELATED.lines()
}
