//! The rules of the catalog: what `catalog check` and a test hold every service file to.
//!
//! In: a catalog and service files with their paths. Out: diagnostics.

mod attributes;
mod cases;
mod defaults;
mod own;
mod promises;
mod readings;
mod schema;
mod standing;

use super::file::{ActivityFile, ControlFile, DefaultState, ModeFile, ServiceFile, SourceFile};
use super::layouts::LayoutFile;
use super::read::Folder;
use super::{Catalog, IndexMap, Level, Lookup, Side, embedded};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, SourceMap, did_you_mean, route};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Checks every service file of a folder, and the catalog with them over it. Their texts are added to `sources`.
///
/// # Errors
/// Files that cannot be read or decoded, and new services that lack what a service needs.
pub fn folder(folder: &Path, sources: &mut SourceMap) -> Outcome<Checked> {
    let files = super::read::folder(folder, sources)?;
    let catalog = Catalog::assemble(files.clone())?;
    let mut found = overlay(&catalog, &files);
    // A whole catalog is no overlay over another.
    if !files.is_whole {
        found.extend(super::load::without_reason(&files));
    }
    found.extend(readings::of_folder(&files.services));
    found.extend(builtin(&catalog));
    let whole = files.is_whole.then(|| folder.to_owned());
    for folder in whole.into_iter().chain(files.given().map(|given| given.folder.clone())) {
        found.extend(super::partitions::check_folder(&folder, &catalog, sources)?);
    }
    Ok(Checked {
        faults: found,
        layouts: files.layouts,
    })
}

/// What is wrong in a folder, and what in it only others can check.
#[derive(Debug)]
pub struct Checked {
    /// What breaks the rules of the catalog.
    pub faults: Vec<Diagnostic>,
    /// The layouts with their paths: whoever fills them in compiles their templates.
    pub layouts: Vec<(Arc<str>, LayoutFile)>,
}

/// Checks the files of a folder by themselves. The catalog has them over the built-in ones.
pub(super) fn overlay(catalog: &Catalog, files: &Folder) -> Vec<Diagnostic> {
    let services = files.services.iter();
    let mut found: Vec<Diagnostic> = services.flat_map(|(path, file)| service(catalog, file, path)).collect();
    found.extend(files.providers.iter().flat_map(|folder| overlay(catalog, folder)));
    found.extend(super::own::check::files(catalog, &files.own));
    found.extend(own::unsaid(files));
    if let Some((path, file)) = &files.own.models {
        found.extend(own::models(catalog, file, path));
    }
    if let Some(folder) = &files.provider {
        found.extend(own::of_provider(catalog, &folder.models, &folder.models_path));
    }
    found.extend(super::checks::check::files(catalog, &files.checks));
    found.extend(super::frameworks::check::files(catalog, &files.frameworks));
    found.extend(super::layouts::check(catalog, &files.layouts));
    found
}

/// What can be said of the catalog as a whole: aliases that clash, controls that do not resolve.
#[must_use]
pub fn builtin(catalog: &Catalog) -> Vec<Diagnostic> {
    let fault = |message: String| Diagnostic::new(Code::CatalogError, message);
    let mut found = readings::of_builtin(catalog);
    found.extend(super::frameworks::check::embedded(catalog));
    let mut aimless: BTreeSet<Arc<str>> = BTreeSet::new();
    found.extend(super::partitions::check(catalog));
    found.extend(super::engines::check(catalog));
    found.extend(super::checks::check::embedded(catalog));
    let (_, clashes) = Lookup::new(catalog.services.values().map(|entry| entry.index.get()));
    for clash in clashes {
        found.push(
            fault(format!(
                "`{}` is claimed by `{}` and by `{}`",
                clash.pattern, clash.first, clash.second
            ))
            .help("one of the two needs a longer, more particular pattern"),
        );
    }
    for id in catalog.service_ids() {
        let modes = catalog.modes(id);
        for mode in std::iter::once(None).chain(modes.iter().map(|mode| Some(mode.id.as_str()))) {
            let at = mode.map_or_else(|| id.to_owned(), |mode| format!("{id}/{mode}"));
            let Some(split) = catalog.split(id, mode) else {
                // That its model is unknown a file of an overlay is told where it says so.
                if catalog
                    .services
                    .get(id)
                    .is_none_or(|entry| entry.overlay.is_none() && entry.given.is_none())
                {
                    let models: Vec<&str> = catalog.models().map(|model| model.id.as_str()).collect();
                    found.push(
                        fault(format!("`{at}` does not resolve: its service model is unknown"))
                            .help(format!("`model` is one of {}", models.join(", "))),
                    );
                }
                continue;
            };
            for control in &split.controls {
                if control.not_applicable.is_none() && control.activities.is_empty() {
                    found.push(
                        fault(format!("`{at}` has no activity for `{}`", control.control))
                            .help("write an activity, or `not_applicable` with the reason"),
                    );
                }
                // The top layer is the customer's alone: a provider never classifies, keeps or deletes a customer's data.
                let layer = catalog.control(&control.control).map_or("", |known| known.layer.as_str());
                if layer == "customer-data" && control.activities.iter().any(|activity| activity.side != Side::Customer) {
                    found.push(fault(format!(
                        "`{at}` gives somebody else than the customer an activity of `{}`",
                        control.control
                    )));
                }
                let mut texts: BTreeMap<String, &str> = BTreeMap::new();
                for activity in &control.activities {
                    if activity.objectives.is_empty() && activity.from != Level::Overlay && aimless.insert(activity.id.clone()) {
                        found.push(
                            fault(format!("`{}` names no objective", activity.id))
                                .help("`objectives` says what it is for, so that requirements of frameworks find it"),
                        );
                    }
                    if activity.side != Side::Customer && promises::unpublished(catalog, &activity.does, &activity.source.url) {
                        found.push(fault(format!(
                            "`{}` promises a service level on `{at}` where none is published",
                            activity.id
                        )));
                    }
                    if let Some(other) = texts.insert(activity.does.to_lowercase(), &activity.id) {
                        found.push(fault(format!("`{}` and `{other}` say the same thing on `{at}`", activity.id)));
                    }
                }
            }
            for (side, who) in [(Side::Provider, "provider"), (Side::Customer, "customer")] {
                let activities = split.controls.iter().flat_map(|control| &control.activities);
                if !activities
                    .into_iter()
                    .any(|activity| activity.side == side && activity.brief.is_some())
                {
                    found.push(fault(format!(
                        "`{at}` has no `brief` on the {who}'s side, so its short split is empty"
                    )));
                }
            }
        }
    }
    // Of the files that were asked for on the way here.
    found.extend(embedded::broken());
    found
}

struct Checker<'a> {
    catalog: &'a Catalog,
    /// The service that is checked.
    service: Arc<str>,
    path: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

/// Checks one service file.
#[must_use]
pub fn service(catalog: &Catalog, file: &ServiceFile, path: &Arc<str>) -> Vec<Diagnostic> {
    let mut checker = Checker {
        catalog,
        service: file.id.as_str().into(),
        path,
        found: Vec::new(),
    };
    let stem = Path::new(&**path)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    if stem != file.id {
        checker.fault(
            route(["id".into()]),
            format!("the id `{}` is not the file's name `{stem}`", file.id),
        );
    }
    checker.model(route(["model".into()]), file.model.as_deref());
    checker.standing(file);
    checker.promises(file);
    checker.sources(&file.sources);
    checker.resources(file);
    let at = route(["controls".into()]);
    checker.controls(&at, &file.controls, &file.sources);
    checker.further(&at, &file.id, &file.controls);
    for (index, rule) in file.reclassify.iter().enumerate() {
        checker.asked(&rule.when, &route(["reclassify".into(), index.into(), "when".into()]));
        if rule.when.depends_on_day() {
            let at = route(["reclassify".into(), index.into(), "when".into()]);
            checker.fault(at, "what service a resource belongs to does not depend on the day".to_owned());
        }
    }
    for (index, mode) in file.modes.iter().enumerate() {
        let at = route(["modes".into(), index.into()]);
        if file.modes.iter().take(index).any(|other| other.id == mode.id) {
            checker.fault(at.then("id"), format!("the mode `{}` is defined twice", mode.id));
        }
        checker.model(at.then("model"), mode.model.as_deref());
        checker.asked(&mode.when, &at.then("when"));
        if mode.when.depends_on_day() {
            checker.fault(
                at.then("when"),
                "what mode a resource runs in does not depend on the day".to_owned(),
            );
        }
        checker.without(&at.then("without"), &file.id, mode);
        checker.controls(&at.then("controls"), &mode.controls, &file.sources);
        checker.further(&at.then("controls"), &file.id, &mode.controls);
    }
    if let Some(mode) = file
        .default_mode
        .as_ref()
        .filter(|id| file.modes.iter().all(|mode| mode.id != **id))
    {
        checker.fault(route(["default_mode".into()]), format!("`{mode}` is not a mode of `{}`", file.id));
    }
    checker.found
}

impl Checker<'_> {
    fn fault(&mut self, at: Route, message: String) {
        self.found
            .push(Diagnostic::new(Code::CatalogError, message).at(Place::value(self.path, at)));
    }

    fn fault_help(&mut self, at: Route, message: String, help: String) {
        self.found.push(
            Diagnostic::new(Code::CatalogError, message)
                .at(Place::value(self.path, at))
                .help(help),
        );
    }

    fn wording(&mut self, at: Route, message: String) {
        self.found
            .push(Diagnostic::new(Code::CatalogWording, message).at(Place::value(self.path, at)));
    }

    fn model(&mut self, at: Route, model: Option<&str>) {
        if let Some(model) = model.filter(|model| self.catalog.model(model).is_none()) {
            let known: Vec<&str> = self.catalog.models().map(|model| model.id.as_str()).collect();
            self.fault_help(at, format!("unknown service model `{model}`"), did_you_mean(model, &known));
        }
    }

    fn sources(&mut self, sources: &IndexMap<String, SourceFile>) {
        for (key, source) in sources {
            let at = route(["sources".into(), key.as_str().into()]);
            if !source.url.starts_with("https://") {
                self.fault(at.then("url"), format!("`{}` is not an https address", source.url));
            }
            if let Some(date) = source.reviewed.as_deref().filter(|date| date.parse::<jiff::civil::Date>().is_err()) {
                self.fault(at.then("reviewed"), format!("`{date}` is not a date of the form YYYY-MM-DD"));
            }
        }
    }

    fn controls(&mut self, at: &Route, controls: &IndexMap<String, ControlFile>, sources: &IndexMap<String, SourceFile>) {
        let known: Vec<&str> = self.catalog.controls.iter().map(|control| control.id.as_str()).collect();
        for (control, file) in controls {
            let at = at.then(control.as_str());
            if !known.contains(&control.as_str()) {
                let help = did_you_mean(control, &known);
                self.found.push(
                    Diagnostic::new(Code::UnknownControl, format!("unknown control `{control}`"))
                        .at(Place::key(self.path, at.clone()))
                        .help(help),
                );
            }
            if file.not_applicable.is_some() && file.lists().next().is_some() {
                self.fault(at.clone(), format!("`{control}` has activities although it is not applicable"));
            }
            for (side, list, of_side) in file.lists() {
                let at = at.joined(&of_side);
                if matches!(side, Side::Party(id) if self.catalog.parties.iter().all(|party| party.id != **id)) {
                    self.found.push(
                        Diagnostic::new(
                            Code::UnknownParty,
                            format!("`{side}` is neither provider, customer nor a party of the catalog"),
                        )
                        .at(Place::key(self.path, at.clone()))
                        .help(self.sides_like(side.id())),
                    );
                }
                for (index, activity) in list.iter().enumerate() {
                    let at = at.then(index);
                    if list.iter().take(index).any(|other| other.id == activity.id) {
                        self.fault(at.then("id"), format!("the id `{}` stands twice in this list", activity.id));
                    }
                    self.objectives(&at, control, &activity.objectives);
                    self.activity(&at, side, activity, sources);
                }
            }
        }
    }

    /// What an activity is for, written as in its control.
    fn objectives(&mut self, at: &Route, control: &str, names: &[Arc<str>]) {
        for name in names {
            let (of, short) = name.split_once('.').unwrap_or((control, name));
            if !self.catalog.objectives_of(of).any(|known| known == short) {
                let known: Vec<&str> = self.catalog.objectives_of(of).collect();
                let help = did_you_mean(short, &known);
                self.fault_help(at.then("objectives"), format!("`{of}` has no objective `{short}`"), help);
            }
        }
    }

    fn activity(&mut self, at: &Route, side: &Side, activity: &ActivityFile, sources: &IndexMap<String, SourceFile>) {
        for (field, predicate) in [
            ("when", &activity.when),
            ("unless", &activity.unless),
            ("met_when", &activity.met_when),
            ("attested_when", &activity.attested_when),
            ("disproved_when", &activity.disproved_when),
        ] {
            // What is of no service may ask nothing at all.
            if let Some(predicate) = predicate.as_ref().filter(|_| !self.service.is_empty()) {
                self.asked(predicate, &at.then(field));
                if ["met_when", "attested_when"].contains(&field) {
                    self.shown(predicate, &at.then(field));
                }
            }
        }
        for (words, said, predicate, asks) in [
            ("excuse", activity.excuse.is_some(), "unless", activity.unless.is_some()),
            ("given", activity.given.is_some(), "when", activity.when.is_some()),
        ] {
            if said && !asks {
                self.fault(
                    at.then(words),
                    format!("`{words}` says in words what `{predicate}` asks, and there is none"),
                );
            }
        }
        for name in &activity.of {
            let known: Vec<&str> = self.catalog.resource_types(&self.service).iter().map(|one| &*one.id).collect();
            if !known.contains(&&**name) {
                let help = did_you_mean(name, &known);
                self.fault_help(at.then("of"), format!("`{name}` is not one of the service's resources"), help);
            }
        }
        let words = activity.does.trim();
        let first = words.split(' ').next().unwrap_or_default().trim_end_matches(',');
        if words.chars().count() > 160 {
            self.wording(
                at.then("does"),
                format!("`does` has {} characters; 160 are allowed", words.chars().count()),
            );
        }
        if words.ends_with('.') {
            self.wording(at.then("does"), "`does` ends in a full stop".to_owned());
        }
        if !first.ends_with('s') || !first.starts_with(char::is_uppercase) {
            self.wording(
                at.then("does"),
                format!("`does` begins with `{first}`, not with a verb in the third person"),
            );
        }
        if activity.brief.as_ref().is_some_and(|brief| brief.chars().count() > 40) {
            self.wording(at.then("brief"), "`brief` is longer than 40 characters".to_owned());
        }
        if activity.how.as_ref().is_some_and(|how| how.chars().count() > 300) {
            self.wording(at.then("how"), "`how` is longer than 300 characters".to_owned());
        }
        if !sources.contains_key(&activity.source) {
            let known: Vec<&str> = sources.keys().map(String::as_str).collect();
            let help = did_you_mean(&activity.source, &known);
            self.fault_help(
                at.then("source"),
                format!("`{}` is not one of the file's sources", activity.source),
                help,
            );
        }
        if *side == Side::Provider && activity.cadence.is_some() {
            self.fault(
                at.then("cadence"),
                "`cadence` is for duties, and the provider's activities are none".to_owned(),
            );
        }
        if *side == Side::Customer {
            self.duty(at, activity);
        } else if activity.question
            || activity.met_when.is_some()
            || activity.attested_when.is_some()
            || activity.disproved_when.is_some()
            || *side == Side::Provider && activity.default != DefaultState::Automatic && activity.how.is_some()
        {
            self.fault(
                at.clone(),
                "`met_when`, `attested_when`, `disproved_when` and, of a provider, `how` are for the customer's activities".to_owned(),
            );
        }
        self.cases(at, activity);
    }

    /// What a customer's activity says of itself, and what goes with it.
    fn duty(&mut self, at: &Route, activity: &ActivityFile) {
        for (field, present, help) in [
            (
                "how",
                activity.how.is_some(),
                "write `how: ...`: which setting to set to what, or what to do, and what today's default is",
            ),
            (
                "evidence",
                activity.evidence.is_some(),
                "write `evidence: ...`: the artefact to keep that shows that it was done",
            ),
        ] {
            if !present {
                let message = format!("the customer's activity `{}` has no `{field}`", activity.id);
                self.fault_help(at.clone(), message, help.to_owned());
            }
        }
        for (field, judges) in [
            ("met_when", activity.met_when.is_some()),
            ("disproved_when", activity.disproved_when.is_some()),
        ] {
            if judges && (activity.severity.is_none() || activity.unmet.is_none()) {
                let help = "write `severity`: high, medium or low, and `unmet: ...`: what is wrong where it is not done, as a sentence";
                let message = format!("`{field}` goes with `severity` and `unmet`");
                self.fault_help(at.then(field), message, help.to_owned());
            }
        }
        if activity.question {
            let disproves = activity.met_when.is_some() || activity.disproved_when.is_some();
            if activity.attested_when.is_none() || activity.unmet.is_none() || disproves {
                let fault = "`question` goes with `attested_when` and `unmet`, and with nothing that disproves the duty";
                self.fault(at.then("question"), fault.to_owned());
            }
        }
        self.default_state(at, activity);
    }

    /// What a mode does not inherit must be there to be inherited.
    fn without(&mut self, at: &Route, service: &str, mode: &ModeFile) {
        let inherited = self.catalog.inherited(service, &mode.id);
        for (index, id) in mode.without.iter().enumerate() {
            if !inherited.iter().any(|activity| *activity.id == **id) {
                let known: Vec<&str> = inherited.iter().map(|activity| &*activity.id).collect();
                let help = did_you_mean(id, &known);
                self.fault_help(at.then(index), format!("the mode `{}` inherits no activity `{id}`", mode.id), help);
            }
        }
    }
}
