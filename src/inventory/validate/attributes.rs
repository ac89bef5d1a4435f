//! The keys of `config`.
//!
//! In: a resource's attributes as somebody wrote them, in any source's spelling. Out: the same in the catalog's
//! vocabulary, and a warning for each key that neither the catalog nor the provider's schema knows: a misspelt key
//! silently settles nothing.

use super::Validator;
use crate::catalog::attributes::{Names, Origin};
use crate::catalog::predicate::Attributes;
use crate::catalog::spelling::{normalised, snake_case};
use crate::catalog::{Catalog, Declaration, provider};
use crate::diagnostics::{Code, Diagnostic, Place, Route, nearest};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
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

/// What is known of the keys of one resource.
struct Known<'a> {
    called: &'a Arc<str>,
    service: Option<&'a str>,
    declaration: Declaration,
    /// Whether the schema knows all keys, so that one that it does not know is wrong.
    is_whole: bool,
    path: &'a Arc<str>,
}

impl Known<'_> {
    /// Whether a path is declared: for the type, or for another of the service, whose predicates ask all its resources.
    fn has(&self, catalog: &Catalog, path: &str) -> bool {
        let types = self.service.map_or(&[][..], |service| catalog.resource_types(service));
        self.declaration.has(path) || types.iter().any(|one| one.attributes.has(path))
    }
}

impl Validator<'_> {
    /// The attributes in the catalog's vocabulary. `is_own`: written by a person, and not by an import.
    pub(super) fn config(
        &mut self,
        config: &Map<String, Value>,
        called: &Arc<str>,
        service: Option<&str>,
        is_own: bool,
        (path, at): (&Arc<str>, &Route),
    ) -> Attributes {
        let mut known = normalised(config);
        if config.is_empty() {
            return known;
        }
        let declaration = self.catalog.declaration(Origin::of_type(called), called, service);
        let declares = |one: &str| declaration.types().iter().any(|declared| &*declared.service == one);
        if declaration.types().is_empty() || service.is_some_and(|service| !declares(service)) {
            return known;
        }
        let types = declaration.types().iter().flat_map(|declared| &declared.terraform);
        let schema: Vec<Names> = match Names::of(called) {
            Some(names) => vec![names],
            None => types.filter_map(|kind| Names::of(kind)).collect(),
        };
        let keys = Known {
            called,
            service,
            is_whole: is_own && !schema.is_empty() && !called.contains("::"),
            declaration,
            path,
        };
        self.unknown_keys(&keys, config, "", &schema, &at.then("config"));
        keys.declaration.understand(&mut known);
        known
    }

    fn unknown_keys(&mut self, known: &Known<'_>, level: &Map<String, Value>, before: &str, schema: &[Names], at: &Route) {
        for (key, value) in level {
            let name = snake_case(key);
            let path = format!("{before}{name}");
            let at = at.then(key.as_str());
            if before.is_empty() && (ALWAYS.contains(&name.as_str()) || provider::names_of_whereabouts().any(|known| known == name)) {
                continue;
            }
            let inner: Vec<Names> = schema.iter().filter_map(|names| names.within(&name)).collect();
            let is_known = !name.contains('.') && (known.has(self.catalog, &path) || known.declaration.reads(&path) || !inner.is_empty());
            if !is_known {
                self.unknown_key(known, &path, &name, before, schema, at);
                continue;
            }
            // Keys of maps are their owner's; of what is whole to the catalog and the schema nothing more is known.
            let goes_on = inner.iter().any(|names| !names.is_empty()) || known.declaration.goes_on(&path);
            let blocks: Vec<(Route, &Map<String, Value>)> = match value {
                Value::Object(block) => vec![(at, block)],
                Value::Array(items) => {
                    let numbered = items.iter().enumerate();
                    numbered
                        .filter_map(|(index, item)| Some((at.then(index), item.as_object()?)))
                        .collect()
                }
                _ => Vec::new(),
            };
            for (at, block) in blocks.into_iter().filter(|_| goes_on) {
                self.unknown_keys(known, block, &format!("{path}."), &inner, &at);
            }
        }
    }

    fn unknown_key(&mut self, known: &Known<'_>, path: &str, name: &str, before: &str, schema: &[Names], at: Route) {
        let declared = known.declaration.names_below(before);
        let names = schema.iter().flat_map(|names| names.iter()).map(|(name, _)| name);
        // What duties are judged by comes first.
        let near = nearest(name, declared.iter().map(String::as_str)).or_else(|| nearest(name, names));
        // Where nobody knows all keys only one that is nearly a declared one is wrong.
        let is_slip = near.is_some_and(|near| declared.iter().any(|one| one == near) && strsim::osa_distance(name, near) <= SLIP);
        if !known.is_whole && !is_slip {
            return;
        }
        let key = (known.called.clone(), path.to_owned());
        if let Some((_, count)) = self.unknown.get_mut(&key) {
            *count += 1;
            return;
        }
        let service = known.service.unwrap_or(known.called);
        let help = match near {
            _ if name.contains('.') => format!("write blocks as maps: `{}`", nested(name)),
            Some(near) => format!("did you mean `{before}{near}`?"),
            None => format!("no source has it and nothing is judged by it; `cloudraci catalog attributes {service}` lists what is"),
        };
        let fault = Diagnostic::new(Code::UnknownAttribute, format!("`{path}` is no attribute of `{}`", known.called));
        let fault = fault.at(Place::key(known.path, at)).help(help);
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
