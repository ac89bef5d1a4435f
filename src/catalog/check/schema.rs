//! Declarations against what the sources' own schemas say.
//!
//! In: the resource types of a service file. Out: warnings of types, and of paths in them, that a schema does not have, and
//! of attributes that no source has. They are no errors: the schemas are those of a release, and a source may have more by now.

use super::Checker;
use crate::catalog::attributes::{Names, Origin};
use crate::catalog::file::{AttributeFile, KindFile, PlaceFile, PlacesFile, ResourceTypeFile};
use crate::catalog::wildcard;
use crate::catalog::{Catalog, IndexMap};
use crate::diagnostics::{Code, Diagnostic, Place, Route, Severity, nearest};

/// The sources of which the program has a schema.
const WITH_SCHEMA: [Origin; 2] = [Origin::Terraform, Origin::CloudFormation];

/// Where a source may keep attributes: what its schema has there; none where the schema does not know.
#[derive(Default)]
struct Level {
    /// The types, as they are told.
    kinds: Vec<String>,
    /// The names of each, and of the block of `within`.
    names: Option<Vec<Names>>,
}

impl Level {
    fn of_types(patterns: &[String], within: Option<&str>) -> Self {
        let like = |pattern: &String| {
            let all = Names::types_like(pattern).filter(|kind| wildcard::matches(pattern, kind));
            all.filter_map(Names::spelt).collect::<Vec<Names>>()
        };
        let known: Vec<Names> = patterns.iter().flat_map(like).collect();
        let inner = known.iter().filter_map(|names| names.at(within?));
        let every = patterns.first().and_then(|kind| Names::of_every(kind));
        let names: Vec<Names> = inner.chain(known.iter().copied()).chain(every).collect();
        Self {
            kinds: patterns.to_vec(),
            // Where a type is not known it may have anything.
            names: (!known.is_empty()).then_some(names),
        }
    }

    /// Whether the schema has a path here; true where it does not know.
    fn has(&self, path: &str) -> bool {
        let Some(names) = &self.names else { return !self.kinds.is_empty() };
        names.iter().any(|names| names.at(path).is_some())
    }

    /// How the schema spells a path that it has in the same letters and not in the same words.
    fn spells(&self, path: &str) -> Option<String> {
        let alike = || self.names.iter().flatten().find_map(|names| names.alike(path));
        (!self.has(path)).then(alike)?
    }

    /// What is below a path.
    fn below(&self, path: &str) -> Vec<Names> {
        self.names.iter().flatten().filter_map(|names| names.at(path)).collect()
    }
}

impl Checker<'_> {
    /// What the schemas do not know of what a file says of a resource type, which others may say more of.
    pub(super) fn schema(&mut self, id: &str, declared: &ResourceTypeFile, at: &Route) {
        let types = self.catalog.resource_types(&self.service);
        let Some(whole) = types.iter().find(|one| *one.id == *id) else {
            return;
        };
        let levels = WITH_SCHEMA.map(|origin| Level::of_types(whole.types(origin), whole.within(origin).as_deref()));
        // What only tables and lists have nobody has a schema of.
        if levels.iter().any(|level| !level.kinds.is_empty()) {
            self.attributes_of(&declared.attributes, &levels, &at.then("attributes"));
        }
    }

    fn attributes_of(&mut self, files: &IndexMap<String, AttributeFile>, levels: &[Level; 2], at: &Route) {
        for (name, file) in files {
            let at = at.then(name.as_str());
            let nowhere = PlacesFile::default();
            let full = match file {
                AttributeFile::Kind(_) => None,
                AttributeFile::Full(full) => Some(full),
            };
            let kind = full.map_or(KindFile::Text, |full| full.kind);
            let mut is_kept = full.is_some_and(|full| full.stated || full.config.as_ref().is_some_and(|config| !config.0.is_empty()));
            let below = [0, 1].map(|index| {
                let origin = WITH_SCHEMA[index];
                let places = full.map_or(&nowhere, |full| match origin {
                    Origin::Terraform => &full.terraform,
                    Origin::CloudFormation | Origin::Config => &full.cloudformation,
                });
                self.places_of((name, kind), places, &levels[index], &at.then(origin.id()), &mut is_kept)
            });
            let [_, in_templates] = levels;
            let is_by_name = full.is_none_or(|full| !full.stated && full.cloudformation.0.is_empty());
            if let Some(spelt) = in_templates.spells(name).filter(|_| is_by_name) {
                self.unknown(
                    Place::key(self.path, at.clone()),
                    format!("templates have `{name}` as `{spelt}`, which is read as another name"),
                    format!("say where it is: `cloudformation: {spelt}`"),
                );
            }
            if !is_kept {
                let names = levels
                    .iter()
                    .flat_map(|level| level.names.iter().flatten())
                    .flat_map(|names| names.iter());
                let names: Vec<String> = names.map(|(name, _)| crate::catalog::spelling::snake_case(name)).collect();
                let help = nearest(name, names.iter().map(String::as_str)).map_or_else(
                    || "say where a source keeps it, or `stated: true` where only people state it".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.unknown(
                    Place::key(self.path, at.clone()),
                    format!("no source is known to have `{name}`"),
                    help,
                );
            }
            if let Some(full) = full.filter(|full| !full.block.is_empty()) {
                self.attributes_of(&full.block, &below, &at.then("block"));
            }
        }
    }

    /// The places of an attribute in one source, and what is below them; `is_kept` becomes true where it may have any.
    fn places_of(&mut self, (name, kind): (&str, KindFile), places: &PlacesFile, level: &Level, at: &Route, is_kept: &mut bool) -> Level {
        let mut below = Level::default();
        let mut is_open = false;
        let mut add = |level: &Level, path: &str| {
            match &level.names {
                Some(_) => below.names.get_or_insert_default().extend(level.below(path)),
                None => is_open = true,
            }
            below.kinds.extend(level.kinds.iter().cloned());
        };
        if places.0.is_empty() {
            *is_kept |= level.has(name);
            add(level, name);
        }
        let several = places.0.len() > 1;
        for (index, place) in places.0.iter().enumerate() {
            let at = if several { at.then(index) } else { at.clone() };
            let other = place.of.as_ref().map(|kind| Level::of_types(std::slice::from_ref(kind), None));
            let level = other.as_ref().unwrap_or(level);
            for (field, path) in said(place) {
                if level.has(path) {
                    *is_kept |= field == "at" || field == "entry";
                } else if !level.kinds.is_empty() {
                    self.no_path(level, path, at.then(field));
                }
                add(level, path);
            }
            if place.at.0.is_empty() && place.entry.is_none() {
                *is_kept |=
                    place.is.is_some() || place.absent.is_some() || place.of.is_some() && kind == KindFile::Block || level.has(name);
                add(level, name);
            }
        }
        if is_open || below.names.as_ref().is_some_and(Vec::is_empty) {
            below.names = None;
        }
        below
    }

    fn no_path(&mut self, level: &Level, path: &str, at: Route) {
        // The names beside the step that is not known.
        let known = (0..=path.matches('.').count()).rev().find_map(|dots| {
            let (begin, _) = path.match_indices('.').nth(dots.checked_sub(1)?).map(|(at, _)| path.split_at(at))?;
            let names = level.below(begin);
            (!names.is_empty()).then_some((begin, names))
        });
        let (begin, names) = match known {
            Some((begin, names)) => (format!("{begin}."), names),
            None => (String::new(), level.names.clone().unwrap_or_default()),
        };
        let names: Vec<String> = names
            .iter()
            .flat_map(|names| names.iter())
            .map(|(name, _)| format!("{begin}{name}"))
            .collect();
        let help = match nearest(path, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a path is made of the names that the source's schema has".to_owned(),
        };
        let what = level.kinds.first().map_or("the type", String::as_str);
        let told = format!("`{what}` has nothing at `{path}` that the built-in schema knows");
        self.unknown(Place::value(self.path, at), told, help);
    }

    /// That the schema of a type's source has the type, if it has any like it.
    pub(super) fn exists(&mut self, kind: &str, is_prefix: bool, at: Route) {
        let is_known = Names::types_like(kind).any(|known| known == kind || is_prefix && known.starts_with(kind));
        if is_known || !Names::cover(kind) {
            return;
        }
        // What the built-in catalog declares was looked up where its release was made.
        let is_declared = |catalog: Catalog| {
            let types = catalog.resource_types(&self.service).iter();
            let mut names = types.flat_map(|one| one.terraform.iter().chain(&one.cloudformation));
            names.any(|known| known.trim_end_matches('*') == kind)
        };
        if Catalog::builtin().is_ok_and(is_declared) {
            return;
        }
        let help = nearest(kind, Names::types_like(kind)).map_or_else(
            || "it is taken as it is".to_owned(),
            |near| format!("did you mean `{near}`? A type that is newer than the schema is taken as it is"),
        );
        let star = if is_prefix { "*" } else { "" };
        let told = format!("the built-in schema does not know the type `{kind}{star}`");
        self.unknown(Place::value(self.path, at), told, help);
    }

    /// A warning: the schema may be older than the source.
    fn unknown(&mut self, place: Place, message: String, help: String) {
        let mut told = Diagnostic::new(Code::CatalogError, message).at(place).help(help);
        told.severity = Severity::Warning;
        self.found.push(told);
    }
}

/// The paths that a place names, with the fields they stand in.
fn said(place: &PlaceFile) -> impl Iterator<Item = (&'static str, &String)> {
    let of = place.of.iter().flat_map(|_| {
        let by = place.by.0.iter().map(|path| ("by", path));
        by.chain(place.unless.iter().map(|path| ("unless", path)))
    });
    let at = place.at.0.iter().map(|path| ("at", path));
    at.chain(place.entry.iter().map(|path| ("entry", path))).chain(of)
}
