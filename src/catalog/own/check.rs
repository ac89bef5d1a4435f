//! The rules of what an overlay adds to the catalog's own lists.
//!
//! In: a catalog with the files over it, and the files with their paths. Out: diagnostics.

use super::{Own, OwnControlsFile, OwnObjectivesFile, OwnPartiesFile};
use crate::catalog::Catalog;
use crate::catalog::file::PartyKind;
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Words that mean something else where a side of a control is named.
const NO_PARTIES: [&str; 3] = ["provider", "customer", "not_applicable"];

/// Letters that the short name of a party may have: it heads a column.
const SHORT: usize = 24;

/// Checks the files of an overlay.
pub(in crate::catalog) fn files(catalog: &Catalog, own: &Own) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some((path, file)) = &own.controls {
        found.extend(Checker::of(catalog, path).controls(file));
    }
    if let Some((path, file)) = &own.objectives {
        found.extend(Checker::of(catalog, path).objectives(file));
    }
    if let Some((path, file)) = &own.parties {
        found.extend(Checker::of(catalog, path).parties(file));
    }
    found
}

struct Checker<'a> {
    catalog: &'a Catalog,
    path: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn of(catalog: &'a Catalog, path: &'a Arc<str>) -> Self {
        Self {
            catalog,
            path,
            found: Vec::new(),
        }
    }

    fn controls(mut self, file: &OwnControlsFile) -> Vec<Diagnostic> {
        let mut layers: Vec<&str> = self.catalog.layers.iter().filter(|one| !one.own).map(|one| &*one.id).collect();
        for (index, layer) in file.layers.iter().enumerate() {
            let at = route(["layers".into(), index.into()]);
            self.id("layer", &layer.id, &layers, &at);
            self.text("title", &layer.title, &at);
            self.after("layer", layer.after.as_deref(), &layers, &at);
            layers.push(&layer.id);
        }
        let builtin = self.catalog.controls.iter().filter(|one| !one.own);
        let mut titles: BTreeSet<String> = builtin.clone().map(|one| one.title.to_lowercase()).collect();
        let mut controls: Vec<&str> = builtin.map(|one| &*one.id).collect();
        for (index, control) in file.controls.iter().enumerate() {
            let at = route(["controls".into(), index.into()]);
            self.id("control", &control.id, &controls, &at);
            self.text("title", &control.title, &at);
            self.text("meaning", &control.meaning, &at);
            if !titles.insert(control.title.to_lowercase()) {
                let what = format!("another control is called `{}`, too", control.title);
                self.fault(at.then("title"), what, "readers tell controls by their titles");
            }
            if !layers.contains(&control.layer.as_str()) {
                let what = format!("there is no layer `{}`", control.layer);
                self.fault(at.then("layer"), what, did_you_mean(&control.layer, &layers));
            }
            self.after("control", control.after.as_deref(), &controls, &at);
            controls.push(&control.id);
        }
        self.found
    }

    fn objectives(mut self, file: &OwnObjectivesFile) -> Vec<Diagnostic> {
        let known: Vec<&str> = self.catalog.controls.iter().map(|control| &*control.id).collect();
        for (control, of) in &file.objectives {
            let at = route(["objectives".into(), (&**control).into()]);
            if !known.contains(&&**control) {
                let fault = Diagnostic::new(Code::UnknownControl, format!("unknown control `{control}`"))
                    .at(Place::key(self.path, at.clone()))
                    .help(did_you_mean(control, &known));
                self.found.push(fault);
            }
            for (name, meaning) in of {
                let at = at.then(&**name);
                self.word("objective", name, &at);
                if meaning.trim().is_empty() {
                    let what = format!("the objective `{control}.{name}` has no meaning");
                    self.fault(at.clone(), what, "say in a clause what is reached by it");
                }
                if Catalog::has_builtin_objective(control, name) {
                    let what = format!("the objective `{control}.{name}` is one of the built-in catalog");
                    self.fault(at, what, "give it another name: requirements are mapped to what that one means");
                }
            }
        }
        self.found
    }

    fn parties(mut self, file: &OwnPartiesFile) -> Vec<Diagnostic> {
        let builtin = self.catalog.parties.len().saturating_sub(file.parties.len());
        let (builtin, _) = self.catalog.parties.split_at(builtin);
        let mut ids: Vec<&str> = builtin.iter().map(|party| &*party.id).collect();
        let called = |party: &'a crate::catalog::PartyFile| party.short.as_deref().unwrap_or(&party.name).to_lowercase();
        let mut names: BTreeSet<String> = builtin.iter().map(called).collect();
        for (index, party) in file.parties.iter().enumerate() {
            let at = route(["parties".into(), index.into()]);
            self.id("party", &party.id, &ids, &at);
            self.text("name", &party.name, &at);
            self.text("assurance", &party.assurance, &at);
            if NO_PARTIES.contains(&party.id.as_str()) {
                let what = format!("`{}` cannot be the id of a party", party.id);
                self.fault(
                    at.then("id"),
                    what,
                    "it means something else where the side of an activity is named",
                );
            }
            if party.kind != PartyKind::Partner {
                let what = format!("the party `{}` is no partner", party.id);
                let help = "write `kind: partner`; who provides the cloud in which partition only a release changes, and your own teams are \
                            `parties` of the inventory";
                self.fault(at.then("kind"), what, help);
            }
            if party.short.as_ref().is_some_and(|short| short.chars().count() > SHORT) {
                let what = format!("the short name of `{}` is too long for a column", party.id);
                self.fault(at.then("short"), what, format!("write at most {SHORT} letters"));
            }
            let short = party.short.as_deref().unwrap_or(&party.name);
            if !names.insert(short.to_lowercase()) {
                let what = format!("another party is called `{short}`, too");
                self.fault(at.then("name"), what, "give each party a `short` of its own");
            }
            if let Some(source) = &party.source {
                if !source.url.starts_with("https://") {
                    let what = format!("`{}` is not an https address", source.url);
                    self.fault(at.then("source").then("url"), what, "name the page that says so");
                }
                if let Some(date) = source.reviewed.as_deref().filter(|date| date.parse::<jiff::civil::Date>().is_err()) {
                    let what = format!("`{date}` is not a date");
                    self.fault(at.then("source").then("reviewed"), what, "write YYYY-MM-DD");
                }
            }
            ids.push(&party.id);
        }
        self.found
    }

    /// An id is a word, and nothing else has it.
    fn id(&mut self, what: &str, id: &str, known: &[&str], at: &Route) {
        let at = at.then("id");
        self.word(what, id, &at);
        if known.contains(&id) {
            let help = "what the catalog has keeps its meaning: choose another id";
            self.fault(at, format!("there is a {what} `{id}` already"), help);
        }
    }

    /// Ids are parts of others, which are told apart by dots, slashes and the like.
    fn word(&mut self, what: &str, id: &str, at: &Route) {
        let is_inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        let is_word = id.starts_with(|letter: char| letter.is_ascii_lowercase()) && id.chars().all(is_inner) && !id.ends_with('-');
        if !is_word {
            let fault = format!("`{id}` cannot be the id of a {what}");
            self.fault(
                at.clone(),
                fault,
                "an id begins with a small letter and has small letters, digits and hyphens",
            );
        }
    }

    fn text(&mut self, field: &str, text: &str, at: &Route) {
        if text.trim().is_empty() {
            self.fault(at.then(field), format!("`{field}` is empty"), "it is printed in the report");
        }
    }

    fn after(&mut self, what: &str, after: Option<&str>, known: &[&str], at: &Route) {
        if let Some(after) = after.filter(|after| !known.contains(after)) {
            let fault = format!("no {what} `{after}` stands before it");
            self.fault(at.then("after"), fault, did_you_mean(after, known));
        }
    }

    fn fault(&mut self, at: Route, what: String, help: impl Into<String>) {
        let fault = Diagnostic::new(Code::CatalogError, what).at(Place::value(self.path, at)).help(help);
        self.found.push(fault);
    }
}
