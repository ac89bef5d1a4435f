//! `cloudraci catalog attributes`: what is declared of a service's resources.
//!
//! In: a service. Out: its resource types with their attributes, where each source keeps them, and what they decide.

use super::super::{Done, Exit, print, print_json};
use super::{known_service, loaded};
use crate::catalog::attributes::{Attribute, Location, Origin, ResourceType};
use crate::catalog::{Catalog, Decided};
use crate::cli::DataFormat;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

type Decisions = BTreeMap<String, Vec<Decided>>;

pub(super) fn run(name: &str, format: DataFormat, overlay: Option<&Path>) -> Done {
    let catalog = loaded(overlay)?;
    let service = known_service(&catalog, name)?;
    let decisions = catalog.decided_by(service);
    match format {
        DataFormat::Json => print_json(&as_json(&catalog, service, &decisions))?,
        DataFormat::Text => print(as_text(&catalog, service, &decisions).as_bytes())?,
    }
    Ok(Exit::Fine)
}

/// What an attribute decides: what asks for it, for what is within it, or for the block that it is within.
fn decided<'d>(decisions: &'d Decisions, name: &str) -> Vec<&'d Decided> {
    let within = |path: &str, block: &str| path.strip_prefix(block).is_some_and(|rest| rest.starts_with('.'));
    let asked = decisions
        .iter()
        .filter(|(path, _)| *path == name || within(path, name) || within(name, path));
    let mut found: Vec<&Decided> = asked.flat_map(|(_, decided)| decided).collect();
    found.sort();
    found.dedup();
    found
}

/// The places by source, where a source has any of its own.
fn places(attribute: &Attribute) -> impl Iterator<Item = (Origin, &[Location])> {
    let all = Origin::ALL.into_iter().map(|origin| (origin, attribute.places(origin)));
    all.filter(|(_, places)| !places.is_empty())
}

fn as_json(catalog: &Catalog, service: &str, decisions: &Decisions) -> Value {
    let resources = catalog.resource_types(service).iter().map(|one| {
        let known_by: Vec<String> = one.known_by.iter().map(ToString::to_string).collect();
        let mut attributes = Map::new();
        list(one, &mut |name, attribute| {
            let found = decided(decisions, name);
            let pick = |pick: fn(&Decided) -> Option<&str>| found.iter().filter_map(|one| pick(one)).collect::<Vec<&str>>();
            let places: Map<String, Value> = places(attribute)
                .map(|(origin, places)| (origin.id().to_owned(), places.iter().map(Location::words).collect()))
                .collect();
            let value = json!({
                "type": attribute.kind.id(),
                "secret": attribute.secret,
                "stated": attribute.stated,
                "places": places,
                "activities": pick(|one| if let Decided::Activity(id) = one { Some(id) } else { None }),
                "modes": pick(|one| if let Decided::Mode(id) = one { Some(id) } else { None }),
                "services": pick(|one| if let Decided::Service(id) = one { Some(id) } else { None }),
            });
            attributes.insert(name.to_owned(), value);
        });
        json!({
            "resource": one.id,
            "types": {"terraform": one.terraform, "cloudformation": one.cloudformation},
            "known_by": known_by,
            "attributes": attributes,
        })
    });
    json!({"service": service, "resources": resources.collect::<Vec<Value>>()})
}

/// All attributes of a resource type, those within blocks by their dotted names.
fn list(one: &ResourceType, tell: &mut dyn FnMut(&str, &Attribute)) {
    for name in one.attributes.names() {
        if let Some(attribute) = one.attributes.get(&name) {
            tell(&name, attribute);
        }
    }
}

fn as_text(catalog: &Catalog, service: &str, decisions: &Decisions) -> String {
    let mut out = String::new();
    let name = catalog.service(service).map_or(service, |entry| &entry.name);
    let _ = writeln!(out, "{name} ({service})");
    for one in catalog.resource_types(service) {
        let types: Vec<&str> = one.terraform.iter().chain(&one.cloudformation).map(String::as_str).collect();
        let _ = writeln!(out, "\n{}: {}", one.id, types.join(", "));
        if !one.known_by.is_empty() {
            let known_by: Vec<String> = one.known_by.iter().map(|path| format!("`{path}`")).collect();
            let _ = writeln!(out, "  others refer to it by {}", known_by.join(" or "));
        }
        list(one, &mut |name, attribute| {
            let mark = match (attribute.secret, attribute.stated) {
                (true, _) => ", secret: never kept",
                (_, true) => ", stated in an inventory only",
                _ => "",
            };
            let _ = writeln!(out, "  {name} ({}{mark})", attribute.kind.id());
            for (origin, places) in places(attribute) {
                let words: Vec<String> = places.iter().map(Location::words).collect();
                let _ = writeln!(out, "    {}: {}", origin.id(), words.join("; else "));
            }
            let each: Vec<String> = decided(decisions, name)
                .into_iter()
                .map(|one| match one {
                    Decided::Activity(id) => id.to_string(),
                    Decided::Mode(mode) => format!("mode {service}/{mode}"),
                    Decided::Service(other) => format!("service {other}"),
                })
                .collect();
            if !each.is_empty() {
                let _ = writeln!(out, "    decides: {}", each.join(", "));
            }
        });
    }
    out.push_str("\nWhere a source is not listed, it keeps the attribute under its name, in its own spelling.\n");
    out
}
