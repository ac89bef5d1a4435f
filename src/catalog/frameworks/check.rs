//! The rules of frameworks' files: what `catalog check` and a test hold every one to.
//!
//! In: a catalog and framework files with their paths. Out: diagnostics.

use super::{FOLDER, FrameworkFile, JUDGEMENT, RequirementFile, Titles};
use crate::catalog::{Catalog, builtin, embedded};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Checks the files of a folder. The catalog has them over the built-in ones.
pub(in crate::catalog) fn files(catalog: &Catalog, files: &[(Arc<str>, FrameworkFile)]) -> Vec<Diagnostic> {
    files
        .iter()
        .flat_map(|(path, file)| framework(catalog, file, path, false))
        .collect()
}

/// Checks the built-in files.
pub(in crate::catalog) fn embedded(catalog: &Catalog) -> Vec<Diagnostic> {
    let all = builtin::folder(FOLDER).flat_map(|path| match embedded::decode::<FrameworkFile>(path) {
        Ok(file) => framework(catalog, &file, &format!("{path}.yaml").into(), true),
        Err(fault) => vec![fault],
    });
    all.collect()
}

struct Checker<'a> {
    catalog: &'a Catalog,
    file: &'a FrameworkFile,
    path: &'a Arc<str>,
    found: Vec<Diagnostic>,
}

fn framework(catalog: &Catalog, file: &FrameworkFile, path: &Arc<str>, is_builtin: bool) -> Vec<Diagnostic> {
    let mut checker = Checker {
        catalog,
        file,
        path,
        found: Vec::new(),
    };
    checker.head(is_builtin);
    let mut ids = BTreeSet::new();
    for (at, requirement) in file.requirements.iter().enumerate() {
        if !ids.insert(&requirement.id) {
            checker.fault(
                at,
                "id",
                format!("`{}` stands twice", requirement.id),
                "a requirement is mapped once",
            );
        }
        checker.requirement(at, requirement);
        if is_builtin && is_unsaid(requirement) {
            let help = "say what answers it, or why it is `organisational`";
            checker.fault(at, "id", format!("`{}` is unclassified", requirement.id), help);
        }
    }
    checker.found
}

/// Whether nothing is said of what answers it.
fn is_unsaid(one: &RequirementFile) -> bool {
    one.links.is_empty() && one.through.is_empty() && one.organisational.is_none() && one.same_as.is_none()
}

impl Checker<'_> {
    fn head(&mut self, is_builtin: bool) {
        let stem = std::path::Path::new(&**self.path)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        if stem.as_deref() != Some(self.file.id.as_str()) {
            let what = format!("the id `{}` is not the file's name", self.file.id);
            self.push(route(["id".into()]), what, "a framework's file is called after its id");
        }
        let is_new = is_builtin || !builtin::has(&format!("{FOLDER}{}", self.file.id));
        let needed = [("name", &self.file.name), ("version", &self.file.version)];
        for (field, value) in needed {
            if is_new && value.as_ref().is_none_or(|text| text.trim().is_empty()) {
                let what = format!("the framework `{}` has no `{field}`", self.file.id);
                self.push(route(["id".into()]), what, "it is printed above the requirements");
            }
        }
        if is_builtin && self.file.rests_on.is_none() {
            let what = format!("the framework `{}` does not say what it rests on", self.file.id);
            self.push(route(["id".into()]), what, "add `rests_on`");
        }
    }

    fn requirement(&mut self, at: usize, one: &RequirementFile) {
        let said = [
            !one.links.is_empty() || !one.through.is_empty(),
            one.organisational.is_some(),
            one.same_as.is_some(),
        ];
        if said.iter().filter(|said| **said).count() > 1 {
            let help = "a requirement has links, or is organisational, or is the same as another";
            self.fault(at, "id", format!("`{}` is answered in two ways", one.id), help);
        }
        if self.file.titles == Titles::Ids && one.title.is_some() && self.file.reason.is_none() {
            self.fault(
                at,
                "title",
                format!("`{}` has a title", one.id),
                "say `titles: free` where the text may be passed on",
            );
        }
        for (field, names, known) in [
            ("in", one.baselines.iter().collect::<Vec<_>>(), &self.file.baselines),
            ("group", one.group.iter().collect(), &self.file.groups),
        ] {
            for name in names {
                if known.iter().all(|known| known.id != *name) && !self.knows_named(field, name) {
                    let ids: Vec<&str> = known.iter().map(|known| &*known.id).collect();
                    self.fault(at, field, format!("`{name}` is not declared in the file"), did_you_mean(name, &ids));
                }
            }
        }
        for key in one.links.keys().chain(one.through.keys()) {
            if **key != *JUDGEMENT && !self.file.mappings.contains_key(&**key) && !self.knows_mapping(key) {
                let known: Vec<&str> = self.file.mappings.keys().map(String::as_str).chain([JUDGEMENT]).collect();
                self.fault(
                    at,
                    "links",
                    format!("`{key}` is none of the file's `mappings`"),
                    did_you_mean(key, &known),
                );
            }
        }
        for to in one.links.values().flatten() {
            self.target(at, to);
        }
        for other in one.through.values().flatten().chain(&one.same_as) {
            if self.catalog.frameworks.find(other).is_none() {
                let help = "write it as `framework/id`; `cloudraci requirements list` names the frameworks";
                self.fault(at, "id", format!("there is no requirement `{other}`"), help);
            }
        }
    }

    /// Whether the built-in file of the same framework declares a baseline or a group.
    fn knows_named(&self, field: &str, name: &str) -> bool {
        let known = self.catalog.frameworks.get(&self.file.id);
        known.is_some_and(|known| {
            if field == "in" {
                known.baseline(name).is_some()
            } else {
                known.group(name).is_some()
            }
        })
    }

    fn knows_mapping(&self, key: &str) -> bool {
        let known = self.catalog.frameworks.get(&self.file.id);
        known.is_some_and(|known| known.mappings.contains_key(key))
    }

    fn target(&mut self, at: usize, to: &Arc<str>) {
        if to.matches('.').count() == 1 {
            if !self.catalog.is_objective(to) {
                let known: Vec<String> = self.catalog.objectives().map(|(name, _)| name.to_string()).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.fault(at, "links", format!("`{to}` is no objective"), did_you_mean(to, &known));
            }
        } else if !self.catalog.is_activity(to) {
            let help = "`cloudraci catalog show SERVICE --format json` prints ids; an objective is `control.objective`";
            self.fault(at, "links", format!("`{to}` is neither an objective nor an activity"), help);
        }
    }

    fn fault(&mut self, at: usize, field: &str, what: String, help: impl Into<String>) {
        self.push(route(["requirements".into(), at.into(), field.into()]), what, help);
    }

    fn push(&mut self, at: Route, what: String, help: impl Into<String>) {
        let fault = Diagnostic::new(Code::CatalogError, what).at(Place::value(self.path, at)).help(help);
        self.found.push(fault);
    }
}
