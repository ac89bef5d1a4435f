//! From what a service file says of its resources to what is valid.
//!
//! In: the raw types, with where they stand. Out: resource types, and what is wrong in them, each with its place in the file.

use super::super::IndexMap;
use super::{Absent, Attribute, Attributes, ByOrigin, Kind, Location, Node, On, Origin, Path, Read, ResourceType};
use crate::catalog::file::resources::{PartFile, PendingFile};
use crate::catalog::file::{AttributeFile, FullAttributeFile, PlaceFile, PlacesFile, ResourceTypeFile};
use crate::diagnostics::{Route, route};
use serde_json::Value;
use std::sync::Arc;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the service file.
    pub at: Route,
    /// What.
    pub message: String,
}

/// The resource types of a service, and what is wrong in them.
pub(crate) fn resource_types(service: &Arc<str>, files: &IndexMap<String, ResourceTypeFile>) -> (Vec<ResourceType>, Vec<Fault>) {
    let mut faults = Vec::new();
    let types = files
        .iter()
        .map(|(id, file)| {
            let at = route(["resources".into(), id.as_str().into()]);
            let known_by: Vec<Path> = file.known_by.iter().map(|path| Path::new(path)).collect();
            let block = |block: &Option<String>| block.as_deref().map(Path::new);
            let template = block(&file.within.cloudformation);
            let config = block(&file.within.config).or_else(|| template.clone());
            let mut decoder = Decoder {
                known_by: &known_by,
                faults: &mut faults,
            };
            let attributes = decoder.attributes(&file.attributes, &at.then("attributes"), true);
            let gone = decoder.gone(&file.gone, &at.then("gone"));
            let parts = decoder.parts(&file.parts, &at.then("parts"));
            for made in file.types.makes.iter().filter(|made| !files.contains_key(*made)) {
                decoder.fault(
                    at.then("types").then("makes"),
                    format!("`{made}` is no resource type of the service"),
                );
            }
            ResourceType {
                service: service.clone(),
                id: id.as_str().into(),
                terraform: file.types.terraform.clone(),
                cloudformation: file.types.cloudformation.clone(),
                arn: file.types.arn.clone(),
                makes: file.types.makes.iter().map(|id| id.as_str().into()).collect(),
                within: ByOrigin([block(&file.within.terraform), template, config]),
                gone,
                unique: file.unique,
                attributes,
                parts,
                known_by,
            }
        })
        .collect();
    (types, faults)
}

struct Decoder<'a> {
    known_by: &'a [Path],
    faults: &'a mut Vec<Fault>,
}

impl Decoder<'_> {
    fn fault(&mut self, at: Route, message: String) {
        self.faults.push(Fault { at, message });
    }

    /// Any state that a source tells would do where no words are named, so that some must be.
    fn gone(&mut self, states: &IndexMap<String, Vec<String>>, at: &Route) -> Vec<(Path, Vec<Box<str>>)> {
        for (path, _) in states.iter().filter(|(_, words)| words.is_empty()) {
            self.fault(at.then(path.as_str()), "the words are missing that say that it is gone".to_owned());
        }
        let named = states.iter().filter(|(_, words)| !words.is_empty());
        named.map(|(path, words)| (Path::new(path), boxed(words))).collect()
    }

    fn attributes(&mut self, files: &IndexMap<String, AttributeFile>, at: &Route, is_root: bool) -> Attributes {
        let mut attributes = Attributes::default();
        for (name, file) in files {
            let at = at.then(name.as_str());
            if name.is_empty()
                || name
                    .split('.')
                    .any(|step| step.is_empty() || crate::catalog::spelling::snake_case(step) != step)
            {
                self.fault(
                    at.clone(),
                    format!("`{name}` is not a name in Terraform's spelling, such as `storage_encrypted`"),
                );
            }
            let attribute = match file {
                AttributeFile::Kind(kind) => Attribute {
                    name: name.as_str().into(),
                    kind: *kind,
                    secret: false,
                    stated: false,
                    places: ByOrigin::default(),
                    pending: Vec::new(),
                    failing: Vec::new(),
                    block: Attributes::default(),
                },
                AttributeFile::Full(file) => self.full(name, file, &at, is_root),
            };
            // The value of a block with attributes of its own is made of theirs.
            if !attribute.secret && attribute.block.by_name.is_empty() {
                attributes.tree.add(name);
            }
            attributes.by_name.insert(attribute.name.clone(), attribute);
        }
        attributes
    }

    fn full(&mut self, name: &str, file: &FullAttributeFile, at: &Route, is_root: bool) -> Attribute {
        let block = self.attributes(&file.block, &at.then("block"), false);
        if file.kind != Kind::Block && !file.block.is_empty() {
            self.fault(at.then("block"), "only what is of the type `block` has a `block`".to_owned());
        }
        let terraform = self.places(name, file, Origin::Terraform, &file.terraform, at, is_root);
        let template = self.places(name, file, Origin::CloudFormation, &file.cloudformation, at, is_root);
        let config = match &file.config {
            Some(places) => self.places(name, file, Origin::Config, places, at, is_root),
            // What a template leaves out is a default; what an answer leaves out is not known.
            None => template
                .iter()
                .filter(|place| !place.at.is_empty() || place.on.is_some())
                .map(|place| Location {
                    absent: Absent::Unknown,
                    ..place.clone()
                })
                .collect(),
        };
        let doubts = |file: &PendingFile| file.0.iter().map(|(path, words)| (Path::new(path), boxed(words))).collect();
        let is_somewhere = [&terraform, &template, &config].iter().any(|places| !places.is_empty());
        if file.stated && is_somewhere {
            self.fault(at.then("stated"), "what only an inventory states no source keeps".to_owned());
        }
        Attribute {
            name: name.into(),
            kind: file.kind,
            secret: file.secret,
            stated: file.stated,
            places: ByOrigin([terraform, template, config]),
            pending: doubts(&file.pending),
            failing: doubts(&file.failing),
            block,
        }
    }

    fn places(
        &mut self,
        name: &str,
        file: &FullAttributeFile,
        origin: Origin,
        places: &PlacesFile,
        at: &Route,
        is_root: bool,
    ) -> Vec<Location> {
        let at = at.then(origin.id());
        let several = places.0.len() > 1;
        let mut found = Vec::new();
        for (index, place) in places.0.iter().enumerate() {
            let at = if several { at.then(index) } else { at.clone() };
            if place.of.is_some() && !is_root {
                self.fault(
                    at.then("of"),
                    "an attribute within a block has no place on another resource".to_owned(),
                );
                continue;
            }
            found.push(self.place(name, file.kind, place, &at));
        }
        found
    }

    fn place(&mut self, name: &str, kind: Kind, place: &PlaceFile, at: &Route) -> Location {
        let paths = |words: &[String]| words.iter().map(|word| Path::new(word)).collect::<Vec<Path>>();
        let mut to = paths(&place.at.0);
        if to.iter().flat_map(|path| &path.steps).any(|step| step.is_empty()) {
            self.fault(at.then("at"), "a path is made of names and dots".to_owned());
        }
        let ways = [place.all, !place.true_for.is_empty(), !place.values.is_empty(), place.is.is_some()];
        if ways.iter().filter(|way| **way).count() > 1 {
            self.fault(at.clone(), "a place has one of `all`, `true_for`, `values` and `is`".to_owned());
        }
        if !place.true_for.is_empty() && kind != Kind::Bool {
            self.fault(
                at.then("true_for"),
                format!("`true_for` makes true or false, and `{name}` is of another type"),
            );
        }
        if place.entry.is_some() != place.key.is_some() {
            self.fault(at.clone(), "`entry` names a list and goes with `key`, the name in it".to_owned());
        }
        if place.of.is_none() && (!place.by.0.is_empty() || !place.equals.0.is_empty() || place.unless.is_some()) {
            self.fault(at.clone(), "`by`, `equals` and `unless` go with `of`".to_owned());
        }
        if place.by.0.is_empty() && (place.arn.is_some() || place.optional) {
            self.fault(at.clone(), "`arn` and `optional` go with `by`".to_owned());
        }
        if let Some(list) = &place.entry {
            to = vec![Path::new(list)];
        }
        let is_default_only = place.absent.is_some() && place.at.0.is_empty() && place.of.is_none();
        // On another resource a block without a path is all of it; anything else goes by the attribute's own name.
        if to.is_empty() && !is_default_only && !(place.of.is_some() && kind == Kind::Block) {
            to = vec![Path::new(name)];
        }
        let equals = if place.equals.0.is_empty() {
            self.known_by.to_vec()
        } else {
            paths(&place.equals.0)
        };
        if place.of.is_some() && equals.is_empty() && !place.by.0.is_empty() {
            self.fault(
                at.then("by"),
                "there is nothing to compare with: write `equals`, or `known_by` for the resource".to_owned(),
            );
        }
        Location {
            on: place.of.as_deref().map(|kind| On {
                kind: kind.into(),
                by: paths(&place.by.0),
                equals: if place.by.0.is_empty() { Vec::new() } else { equals },
                is_named: !place.equals.0.is_empty(),
                unless: place.unless.as_deref().map(Path::new),
                arn: place.arn.as_deref().map(Into::into),
                optional: place.optional,
            }),
            at: to,
            entry: place.key.as_deref().map(Into::into),
            read: if place.all {
                Read::All
            } else if !place.true_for.is_empty() {
                Read::TrueFor(boxed(&place.true_for))
            } else if !place.values.is_empty() {
                Read::Words(
                    place
                        .values
                        .iter()
                        .map(|(word, value)| (word.as_str().into(), value.clone()))
                        .collect(),
                )
            } else if let Some(value) = &place.is {
                Read::Is(value.clone())
            } else {
                Read::Value
            },
            open: place.open.clone(),
            absent: match &place.absent {
                None => Absent::Unknown,
                Some(Value::Null) => Absent::Unset,
                Some(value) => Absent::Default(value.clone()),
            },
        }
    }
}

impl Decoder<'_> {
    /// Others that are parts of a resource.
    fn parts(&mut self, files: &[PartFile], at: &Route) -> Vec<On> {
        let mut parts = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let equals = match file.equals.0.as_slice() {
                [] => self.known_by.to_vec(),
                own => own.iter().map(|path| Path::new(path)).collect(),
            };
            if file.by.0.is_empty() || equals.is_empty() {
                let message = "a part names the resource `by` something that `equals` what the resource has, or its `known_by`";
                self.fault(at.then(index), message.to_owned());
            }
            parts.push(On {
                kind: file.of.as_str().into(),
                by: file.by.0.iter().map(|path| Path::new(path)).collect(),
                equals,
                is_named: !file.equals.0.is_empty(),
                unless: None,
                arn: file.arn.as_deref().map(Into::into),
                optional: false,
            });
        }
        parts
    }
}

fn boxed(words: &[String]) -> Vec<Box<str>> {
    words.iter().map(|word| word.as_str().into()).collect()
}

impl Node {
    /// Adds a dotted name, whose value is kept as it is.
    fn add(&mut self, name: &str) {
        let mut node = self;
        for step in name.split('.') {
            node = node.children.entry(step.into()).or_default();
        }
        node.is_whole = true;
    }
}
