//! The keys of `config`.
//!
//! In: a resource's attributes as somebody wrote them, in any source's spelling. Out: the same in the catalog's
//! vocabulary, and a warning for each key that neither the catalog nor the provider's schema knows: a misspelt key
//! silently settles nothing.

use super::Validator;
use super::remembered::{Answers, MOST};
use crate::catalog::attributes::{Names, Origin};
use crate::catalog::predicate::Attributes;
use crate::catalog::spelling::{normalised, snake_case};
use crate::catalog::{Catalog, Declaration, provider};
use crate::diagnostics::{Code, Diagnostic, Place, Route, nearest};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What any resource may say of itself.
const ALWAYS: &[&str] = &[
    "arn",
    "id",
    "name",
    "region",
    "kind",
    "resource_type",
    "tags",
    "tags_all",
    "timeouts",
    "type",
];

/// How many letters a slip of the pen changes.
const SLIP: usize = 2;

/// Unknown keys by what they are said of and the key, the first with its place, and how often.
pub(super) type Unknown = BTreeMap<(Arc<str>, String), (Diagnostic, usize)>;

/// What is known of the keys of resources, by their type and service and whether a person wrote them.
pub(super) type Keys = Answers<(Arc<str>, Option<Arc<str>>, bool), Option<Rc<Known>>>;

/// What shared attributes mean, by where they lie, of whom they are said and by whom; beside it what keeps them there.
pub(super) type Meant = Answers<(usize, (Arc<str>, Option<Arc<str>>, bool)), (Arc<Attributes>, Arc<Attributes>)>;

/// What is known of the keys of the resources of one type.
#[derive(Debug)]
pub(super) struct Known {
    called: Arc<str>,
    service: Option<Arc<str>>,
    declaration: Declaration,
    /// The names that the provider's schema knows.
    schema: Vec<Names>,
    /// Whether the schema knows all keys, so that one that it does not know is wrong.
    is_whole: bool,
    /// By dotted path.
    paths: RefCell<Answers<String, Rc<Key>>>,
}

/// What is known of a key.
#[derive(Debug)]
struct Key {
    is_known: bool,
    /// Whether anything is known of what is in it.
    goes_on: bool,
    inner: Vec<Names>,
}

/// The way to a value; a [`Route`] only where there is something to tell.
#[derive(Clone, Copy)]
enum At<'a> {
    Config(&'a Route),
    Key(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    fn route(self) -> Route {
        match self {
            Self::Config(resource) => resource.then("config"),
            Self::Key(parent, key) => parent.route().then(key),
            Self::Item(parent, index) => parent.route().then(index),
        }
    }
}

impl Known {
    /// Of resources of a type; none where the service declares nothing of them.
    fn of(catalog: &Catalog, called: &Arc<str>, service: Option<&Arc<str>>, is_own: bool) -> Option<Self> {
        let declaration = catalog.declaration(Origin::of_type(called), called, service.map(|service| &**service));
        let declares = |one: &str| declaration.types().iter().any(|declared| &*declared.service == one);
        if declaration.types().is_empty() || service.is_some_and(|service| !declares(service)) {
            return None;
        }
        let types = declaration.types().iter().flat_map(|declared| &declared.terraform);
        let schema: Vec<Names> = match Names::of(called) {
            Some(names) => vec![names],
            None => types.filter_map(|kind| Names::of(kind)).collect(),
        };
        Some(Self {
            called: called.clone(),
            service: service.cloned(),
            is_whole: is_own && !schema.is_empty() && !called.contains("::"),
            schema,
            declaration,
            paths: RefCell::default(),
        })
    }

    /// Whether a path is declared: for the type, or for another of the service, whose predicates ask all its resources.
    fn has(&self, catalog: &Catalog, path: &str) -> bool {
        let types = self.service.as_ref().map_or(&[][..], |service| catalog.resource_types(service));
        self.declaration.has(path) || types.iter().any(|one| one.attributes.has(path))
    }

    /// What is known of a name at a dotted path, where the schema has these names beside it.
    fn key(&self, catalog: &Catalog, path: &str, name: &str, schema: &[Names]) -> Rc<Key> {
        if let Some(known) = self.paths.borrow().get(path) {
            return known.clone();
        }
        let inner: Vec<Names> = schema.iter().filter_map(|names| names.within(name)).collect();
        let key = Rc::new(Key {
            is_known: !name.contains('.') && (self.has(catalog, path) || self.declaration.reads(path) || !inner.is_empty()),
            // Keys of maps are their owner's; of what is whole to the catalog and the schema nothing more is known.
            goes_on: inner.iter().any(|names| !names.is_empty()) || self.declaration.goes_on(path),
            inner,
        });
        let mut paths = self.paths.borrow_mut();
        if paths.len() < MOST {
            paths.insert(path.to_owned(), key.clone());
        }
        key
    }
}

impl Validator<'_> {
    /// The attributes in the catalog's vocabulary. `is_own`: written by a person, and not by an import.
    pub(super) fn config(
        &mut self,
        config: &Arc<Attributes>,
        (called, service): (&Arc<str>, Option<&Arc<str>>),
        is_own: bool,
        (path, at): (&Arc<str>, &Route),
    ) -> Arc<Attributes> {
        if config.is_empty() {
            return self.nothing.clone();
        }
        let key = (called.clone(), service.cloned(), is_own);
        let same = (Arc::as_ptr(config) as usize, key.clone());
        if let Some((_, known)) = self.meant.get(&same) {
            return known.clone();
        }
        let mut attributes = normalised(config);
        let told: usize = self.told_keys;
        let known = match self.keys.get(&key) {
            Some(known) => known.clone(),
            None => {
                let known = Known::of(self.catalog, called, service, is_own).map(Rc::new);
                if self.keys.len() < MOST {
                    self.keys.insert(key, known.clone());
                }
                known
            }
        };
        if let Some(known) = known {
            self.unknown_keys((&known, path), config, "", &known.schema, At::Config(at));
            known.declaration.understand(&mut attributes);
            if is_own {
                known.declaration.unsettle(&mut attributes);
            }
        }
        let attributes = Arc::new(attributes);
        // What is wrong in them is counted anew for each.
        if Arc::strong_count(config) > 1 && self.told_keys == told {
            self.meant.insert(same, (config.clone(), attributes.clone()));
        }
        attributes
    }

    fn unknown_keys(&mut self, of: (&Known, &Arc<str>), level: &Map<String, Value>, before: &str, schema: &[Names], at: At<'_>) {
        let (known, file) = of;
        for (key, value) in level {
            let name = snake_case(key);
            let path = format!("{before}{name}");
            let at = At::Key(&at, key);
            if before.is_empty() && (ALWAYS.contains(&name.as_str()) || provider::names_of_whereabouts().any(|known| known == name)) {
                continue;
            }
            let what = known.key(self.catalog, &path, &name, schema);
            if !what.is_known {
                self.unknown_key(known, &path, (&name, before), schema, (file, at));
                continue;
            }
            if !what.goes_on {
                continue;
            }
            let within = format!("{path}.");
            match value {
                Value::Object(block) => self.unknown_keys(of, block, &within, &what.inner, at),
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        if let Value::Object(block) = item {
                            self.unknown_keys(of, block, &within, &what.inner, At::Item(&at, index));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn unknown_key(&mut self, known: &Known, path: &str, (name, before): (&str, &str), schema: &[Names], (file, at): (&Arc<str>, At<'_>)) {
        let declared = known.declaration.names_below(before);
        let names = schema.iter().flat_map(|names| names.iter()).map(|(name, _)| name);
        // What duties are judged by comes first.
        let near = nearest(name, declared.iter().map(String::as_str)).or_else(|| nearest(name, names));
        // Where nobody knows all keys only one that is nearly a declared one is wrong.
        let is_slip = near.is_some_and(|near| declared.iter().any(|one| one == near) && strsim::osa_distance(name, near) <= SLIP);
        if !known.is_whole && !is_slip {
            return;
        }
        self.told_keys += 1;
        let key = (known.called.clone(), path.to_owned());
        if let Some((_, count)) = self.unknown.get_mut(&key) {
            *count += 1;
            return;
        }
        let service = known.service.as_ref().unwrap_or(&known.called);
        let help = match near {
            _ if name.contains('.') => format!("write blocks as maps: `{}`", nested(name)),
            Some(near) => format!("did you mean `{before}{near}`?"),
            None => format!("no source has it and nothing is judged by it; `cloudraci catalog attributes {service}` lists what is"),
        };
        let fault = Diagnostic::new(Code::UnknownAttribute, format!("`{path}` is no attribute of `{}`", known.called));
        let fault = fault.at(Place::key(file, at.route())).help(help);
        self.unknown.insert(key, (fault, 1));
    }

    /// Tells what keys are unknown, like ones once.
    pub(super) fn tell_unknown_keys(&mut self) {
        for (mut fault, count) in std::mem::take(&mut self.unknown).into_values() {
            if count > 1 {
                let others = if count == 2 { "resource" } else { "resources" };
                fault.message.push_str(&format!(" (written on {} other {others}, too)", count - 1));
            }
            self.found.push(fault);
        }
    }
}

/// `a: {b: ...}` of `a.b`.
fn nested(name: &str) -> String {
    let steps: Vec<&str> = name.split('.').collect();
    let depth = steps.len().saturating_sub(1);
    format!("{}: ...{}", steps.join(": {"), "}".repeat(depth))
}
