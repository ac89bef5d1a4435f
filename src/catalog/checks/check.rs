//! The rules of the files that say what checks are about.
//!
//! In: a catalog and such files with their paths. Out: diagnostics.

use super::{CheckFile, ChecksFile, DutyFile, EffectFile, Entry, FOLDER, Meaning, NoDuty, Written, builtin_file};
use crate::catalog::{Catalog, STANDARD_MODE, builtin};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The side whose activities are no duties.
const PROVIDER: &str = "provider";

/// Most characters of a reason.
const WHY: usize = 200;

struct Checker<'a> {
    catalog: &'a Catalog,
    activities: &'a BTreeSet<Arc<str>>,
    path: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

/// Checks files of a folder.
#[must_use]
pub fn files(catalog: &Catalog, files: &[(Arc<str>, ChecksFile)]) -> Vec<Diagnostic> {
    if files.is_empty() {
        return Vec::new();
    }
    let activities = activities(catalog);
    let checked = files.iter().map(|(path, file)| one(catalog, &activities, file, path));
    checked.flatten().collect()
}

/// Checks the built-in files.
#[must_use]
pub fn embedded(catalog: &Catalog) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut decoded = Vec::new();
    for name in builtin::folder(FOLDER) {
        let path: Arc<str> = format!("{name}.yaml").into();
        match builtin_file(name.strip_prefix(FOLDER).unwrap_or(name)) {
            Ok(file) => decoded.push((path, file)),
            Err(error) => found.push(Diagnostic::new(
                Code::CatalogError,
                format!("the built-in `{name}` is broken: {error}"),
            )),
        }
    }
    found.extend(files(catalog, &decoded));
    found
}

/// The ids of all activities of all services.
fn activities(catalog: &Catalog) -> BTreeSet<Arc<str>> {
    let services = catalog.service_ids();
    services.flat_map(|service| catalog.activities_of(service)).collect()
}

fn one(catalog: &Catalog, activities: &BTreeSet<Arc<str>>, file: &ChecksFile, path: &Arc<str>) -> Vec<Diagnostic> {
    let mut checker = Checker {
        catalog,
        activities,
        path,
        found: Vec::new(),
    };
    let stem = Path::new(&**path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    if stem.as_deref() != Some(file.scanner.as_str()) {
        let message = format!(
            "the scanner `{}` is not the file's name `{}`",
            file.scanner,
            stem.unwrap_or_default()
        );
        checker.fault(route(["scanner".into()]), message);
    }
    if catalog.scanners.0.get(&*file.scanner).is_some_and(|known| known.name().is_none()) {
        let message = format!("the scanner `{}` has no `name`", file.scanner);
        checker.help(
            route(["scanner".into()]),
            message,
            "add `name: ...`, what people call it".to_owned(),
        );
    }
    for (id, check) in &file.checks {
        checker.check(id, check, &route(["checks".into(), id.as_str().into()]));
    }
    checker.found
}

impl Checker<'_> {
    fn fault(&mut self, at: Route, message: String) {
        self.found
            .push(Diagnostic::new(Code::CatalogError, message).at(Place::value(self.path, at)));
    }

    fn help(&mut self, at: Route, message: String, help: String) {
        self.found.push(
            Diagnostic::new(Code::CatalogError, message)
                .at(Place::value(self.path, at))
                .help(help),
        );
    }

    fn check(&mut self, id: &str, check: &CheckFile, at: &Route) {
        let says = [check.same_as.is_some(), check.no_duty.is_some(), !check.duties.is_empty()];
        if says.iter().filter(|says| **says).count() != 1 {
            let message = format!("`{id}` says not exactly one of `duties`, `same_as` and `no_duty`");
            self.fault(at.clone(), message);
        }
        if check.duties.is_empty() && (check.on.is_some() || check.fold.is_some() || !check.parameters.is_empty()) {
            let message = format!("`{id}` says `on`, `fold` or `parameters`, which go with `duties` only");
            self.fault(at.clone(), message);
        }
        if let Some(other) = &check.same_as {
            self.same_as(id, other, &at.then("same_as"));
        }
        let at_most = [("passed", check.passed), ("failed", check.failed)];
        for (field, _) in at_most.iter().filter(|(_, most)| most.is_some_and(|most| most > Meaning::Part)) {
            let help = "write `part` or `nothing`, or leave it out where the checks test the same".to_owned();
            self.help(
                at.then(*field),
                format!("`{id}` says with `same_as` what a verdict says at most"),
                help,
            );
        }
        let says_less = at_most.iter().any(|(_, most)| most.is_some());
        if says_less && check.same_as.is_none() {
            let message = format!("`{id}` says `passed` or `failed` beside no `same_as`");
            self.help(at.clone(), message, "with `duties` each duty says it".to_owned());
        }
        // What the provider does and what tells a mode is not plain from a title.
        let needs_why = says_less || matches!(check.no_duty, Some(NoDuty::Provider | NoDuty::Mode | NoDuty::Retired));
        self.why(check.why.as_deref(), needs_why, &format!("`{id}`"), at);
        let mut seen = BTreeSet::new();
        for (index, duty) in check.duties.iter().enumerate() {
            let at = at.then("duties").then(index);
            let (activity, modes) = match duty {
                DutyFile::Activity(activity) => (activity, &[][..]),
                DutyFile::Effect(effect) => {
                    self.effect(effect, &at);
                    (&effect.activity, effect.modes.as_slice())
                }
            };
            if !seen.insert((activity, modes)) {
                self.fault(at.clone(), format!("`{id}` names the activity `{activity}` twice"));
            }
            let at = if matches!(duty, DutyFile::Effect(_)) {
                at.then("activity")
            } else {
                at
            };
            self.activity(activity, &at);
        }
    }

    fn same_as(&mut self, id: &str, other: &str, at: &Route) {
        let Some((scanner, check)) = other.split_once('/') else {
            let help = "write `same_as: scanner/check`".to_owned();
            return self.help(at.clone(), format!("`{other}` names no check of a scanner"), help);
        };
        let Some(of) = self.catalog.scanners.0.get(scanner) else {
            let known: Vec<&str> = self.catalog.scanners().collect();
            let help = did_you_mean(scanner, &known);
            return self.help(
                at.clone(),
                format!("`{id}` refers to `{scanner}`, and there is no such scanner"),
                help,
            );
        };
        match of.check(check).and_then(Written::entry) {
            Some(Entry::Mapped { .. }) => {}
            Some(Entry::SameAs(further)) => {
                let help = format!("refer to `{}` itself", further.other);
                self.help(at.clone(), format!("`{other}` refers to another check in its turn"), help);
            }
            None => {
                let known: Vec<&str> = of.checks().iter().map(|known| &*known.id).collect();
                let help = did_you_mean(check, &known);
                self.help(at.clone(), format!("`{scanner}` has no check `{check}` in the catalog"), help);
            }
        }
    }

    fn effect(&mut self, effect: &EffectFile, at: &Route) {
        let passed = effect.passed.unwrap_or(Meaning::Proves);
        let failed = effect.failed.unwrap_or(Meaning::Disproves);
        let says_nothing = passed == Meaning::Nothing && failed == Meaning::Nothing;
        if says_nothing {
            let message = format!("no verdict says anything of `{}`", effect.activity);
            self.help(at.clone(), message, "leave the duty out".to_owned());
        }
        let is_usual = (passed, failed) == (Meaning::Proves, Meaning::Disproves);
        self.why(effect.why.as_deref(), !is_usual, &format!("`{}`", effect.activity), at);
        for (field, modes) in [("modes", &effect.modes), ("not_modes", &effect.not_modes)] {
            for (index, mode) in modes.iter().enumerate() {
                self.mode(mode, &at.then(field).then(index));
            }
        }
    }

    fn why(&mut self, why: Option<&str>, is_needed: bool, what: &str, at: &Route) {
        match why {
            Some(why) if why.ends_with('.') => self.fault(at.then("why"), "`why` ends in a full stop".to_owned()),
            Some(why) if why.chars().count() > WHY => {
                let message = format!("`why` has {} characters; {WHY} are allowed", why.chars().count());
                self.fault(at.then("why"), message);
            }
            Some(why) if why.trim().is_empty() => self.fault(at.then("why"), "`why` is empty".to_owned()),
            Some(_) => {}
            None if is_needed => {
                let help = "add `why: ...`, a clause for whoever reads it".to_owned();
                self.help(
                    at.clone(),
                    format!("{what} says something that is not plain, and gives no `why`"),
                    help,
                );
            }
            None => {}
        }
    }

    fn mode(&mut self, text: &str, at: &Route) {
        let (service, mode) = text.split_once('/').unwrap_or((text, STANDARD_MODE));
        if self.catalog.service(service).is_none() {
            let known: Vec<&str> = self.catalog.service_ids().collect();
            let help = did_you_mean(service, &known);
            return self.help(at.clone(), format!("the catalog knows no service `{service}`"), help);
        }
        let modes = self.catalog.modes(service);
        if mode != STANDARD_MODE && modes.iter().all(|known| known.id != mode) {
            let known: Vec<&str> = modes.iter().map(|known| known.id.as_str()).chain([STANDARD_MODE]).collect();
            let help = did_you_mean(mode, &known);
            self.help(at.clone(), format!("`{service}` has no mode `{mode}`"), help);
        }
    }

    fn activity(&mut self, id: &str, at: &Route) {
        if !self.activities.contains(id) {
            // Those that begin alike are more likely to be meant than those that are as long.
            let begin = id.split('.').next().unwrap_or(id);
            let near: Vec<&str> = self
                .activities
                .iter()
                .map(|known| &**known)
                .filter(|known| known.starts_with(begin))
                .collect();
            let known: Vec<&str> = self.activities.iter().map(|known| &**known).collect();
            let help = did_you_mean(id, if near.is_empty() { &known } else { &near });
            let fault = Diagnostic::new(Code::UnknownActivity, format!("the catalog has no activity `{id}`"));
            self.found.push(fault.at(Place::value(self.path, at.clone())).help(help));
        } else if id.rsplit('.').nth(1) == Some(PROVIDER) {
            let message = format!("`{id}` is the provider's, and no duty");
            let help = "name a customer's or a partner's activity, or write `no_duty: provider`".to_owned();
            self.help(at.clone(), message, help);
        }
    }
}
