//! What `resources` declares, and what predicates ask of it.
//!
//! In: a service file. Out: faults of its declarations, types that nobody has, and predicates over attributes that are not
//! declared.

use super::Checker;
use crate::catalog::Namespace;
use crate::catalog::attributes::{Kind, Names, Origin, resource_types};
use crate::catalog::deployed::ROOTS;
use crate::catalog::file::{AttributeFile, ServiceFile};
use crate::catalog::predicate::{ITS_OWN, Predicate};
use crate::diagnostics::{Route, did_you_mean, nearest, route};

/// What the program itself says of every resource.
pub(super) const DERIVED: &[&str] = &["kind", "resource_type"];

impl Checker<'_> {
    /// The declarations of a file.
    pub(super) fn resources(&mut self, file: &ServiceFile) {
        let (_, faults) = resource_types(&file.id.as_str().into(), &file.resources);
        for fault in faults {
            self.fault(fault.at, fault.message);
        }
        for (id, declared) in &file.resources {
            let at = route(["resources".into(), id.as_str().into()]);
            for (origin, types) in [
                (Origin::Terraform, &declared.types.terraform),
                (Origin::CloudFormation, &declared.types.cloudformation),
            ] {
                let at = at.then("types").then(origin.id());
                for (index, kind) in types.iter().enumerate() {
                    let (kind, is_prefix) = (kind.trim_end_matches('*'), kind.ends_with('*'));
                    if self.known_type(origin, kind, is_prefix, at.then(index)) {
                        self.exists(kind, is_prefix, at.then(index));
                    }
                }
            }
            for (name, attribute) in &declared.attributes {
                let AttributeFile::Full(full) = attribute else { continue };
                let at = at.then("attributes").then(name.as_str());
                let places = [
                    (Origin::Terraform, Some(&full.terraform)),
                    (Origin::CloudFormation, Some(&full.cloudformation)),
                    (Origin::Config, full.config.as_ref()),
                ];
                for (origin, places) in places {
                    let Some(places) = places else { continue };
                    for (index, place) in places.0.iter().enumerate() {
                        let at = at.then(origin.id());
                        let at = if places.0.len() > 1 { at.then(index) } else { at };
                        if let Some(kind) = &place.of
                            && self.known_type(origin, kind, false, at.then("of"))
                        {
                            self.exists(kind, false, at.then("of"));
                        }
                    }
                }
            }
            for (index, part) in declared.parts.iter().enumerate() {
                // Nothing is read of them, so that the schema need not have them.
                let origin = match Origin::of_type(&part.of) {
                    Origin::Terraform => Origin::Terraform,
                    Origin::CloudFormation | Origin::Config => Origin::CloudFormation,
                };
                self.known_type(origin, &part.of, false, at.then("parts").then(index).then("of"));
            }
            self.schema(id, declared, &at);
        }
    }

    /// That some service has a type, as its origin writes types; whether it has.
    fn known_type(&mut self, origin: Origin, kind: &str, is_prefix: bool, at: Route) -> bool {
        let is_terraforms = !kind.contains("::");
        if is_terraforms != (origin == Origin::Terraform) {
            self.fault(at, format!("`{kind}` is no type as {} writes it", origin.id()));
            return false;
        }
        let namespace = if is_terraforms {
            Namespace::Terraform
        } else {
            Namespace::CloudFormation
        };
        if is_prefix || self.catalog.lookup.resolve_in(namespace, kind).is_some() {
            return true;
        }
        let declared = self.catalog.service_ids().flat_map(|id| self.catalog.resource_types(id));
        let mut types: Vec<&str> = declared.flat_map(|one| one.types(origin)).map(String::as_str).collect();
        types.extend(Names::types().map(|kind: &'static str| -> &str { kind }));
        // One that is only declared, and claimed by no alias, is not what is meant by itself.
        types.retain(|known| *known != kind);
        let near = nearest(kind, types);
        let help = near.map_or_else(
            || "a type is one of a service's `aliases`, exact or by a prefix that ends in `*`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        self.fault_help(at, format!("no service has the type `{kind}`"), help);
        false
    }

    /// That all that a predicate asks for is declared: for the service, or for the one whose deployed resources an account
    /// is asked for.
    pub(super) fn asked(&mut self, predicate: &Predicate, at: &Route) {
        let mut told: Vec<String> = Vec::new();
        for path in predicate.attributes() {
            if DERIVED.contains(&path.as_str()) {
                continue;
            }
            let is_account = self.catalog.is_account_service(&self.service);
            let (service, name) = match deployed(is_account, &path) {
                Some((service, "")) if self.catalog.service(service).is_some() => continue,
                Some((service, name)) => (service, name),
                None => (&*self.service, path.as_str()),
            };
            if told.contains(&path) {
                continue;
            }
            if ITS_OWN.contains(&name.split('.').next().unwrap_or(name)) {
                let message = format!("a predicate cannot ask for `{name}`, which is a resource's own");
                let help = "where a file is long, resources that are alike are counted together, without what tells them apart: \
                            ask for what many have, or match tags in a rule of the inventory";
                self.fault_help(at.clone(), message, help.to_owned());
                told.push(path.clone());
                continue;
            }
            let types = self.catalog.resource_types(service);
            if types.iter().any(|one| one.attributes.has(name)) {
                continue;
            }
            let names: Vec<String> = types.iter().flat_map(|one| one.attributes.names()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let help = match nearest(name, names.iter().copied()) {
                Some(_) => did_you_mean(name, &names),
                None => "declare it under `resources`: `cloudraci catalog attributes` prints what is".to_owned(),
            };
            let message = format!("`{name}` is no declared attribute of `{service}`");
            self.fault_help(at.clone(), message, help);
            told.push(path.clone());
        }
    }

    /// That what attests is not shown by a block alone: what is in it may be empty, or left to a deployment.
    pub(super) fn shown(&mut self, predicate: &Predicate, at: &Route) {
        let is_account = self.catalog.is_account_service(&self.service);
        for path in predicate.asked_to_be_set() {
            let (service, name) = deployed(is_account, &path).unwrap_or((&*self.service, path.as_str()));
            let types = self.catalog.resource_types(service);
            let mut declared = types.iter().filter_map(|one| one.attributes.get(name));
            if declared.any(|one| one.kind == Kind::Block) {
                let message = format!("`{name}` is a block: that it is there shows nothing of what is in it");
                let help = format!("ask for what must be in it, such as `{name}.NAME: {{present: true}}`");
                self.fault_help(at.clone(), message, help);
            }
        }
    }
}

/// The service and attribute that a path of an account's predicate leads to: `here.cloudtrail.enable_logging`.
fn deployed(is_account: bool, path: &str) -> Option<(&str, &str)> {
    let (root, rest) = path.split_once('.')?;
    (is_account && ROOTS.contains(&root)).then(|| rest.split_once('.').unwrap_or((rest, "")))
}
