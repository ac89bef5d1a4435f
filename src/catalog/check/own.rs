//! What only an overlay says: of all services, of those of a model, and beside what a side has.
//!
//! In: a catalog with the overlay over it, and the overlay's files. Out: diagnostics.

use super::Checker;
use crate::catalog::file::{ControlFile, ModelsFile};
use crate::catalog::own::OwnModelsFile;
use crate::catalog::read::Folder;
use crate::catalog::side::Side;
use crate::catalog::{Catalog, IndexMap};
use crate::diagnostics::{Code, Diagnostic, Place, Route, Severity, did_you_mean, route};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who checks what is said of service models, and so of no service.
fn of_models<'a>(catalog: &'a Catalog, path: &'a Arc<str>) -> Checker<'a> {
    Checker {
        catalog,
        service: "".into(),
        path,
        found: Vec::new(),
    }
}

/// Checks what an overlay says of all services.
pub(super) fn models(catalog: &Catalog, file: &OwnModelsFile, path: &Arc<str>) -> Vec<Diagnostic> {
    let mut checker = of_models(catalog, path);
    checker.sources(&file.sources);
    let every = std::iter::once((route(["every".into()]), "every", &file.every));
    let each = file
        .models
        .iter()
        .map(|(id, controls)| (route(["models".into(), id.as_str().into()]), id.as_str(), controls));
    for (at, owner, controls) in every.chain(each) {
        checker.controls(&at, controls, &file.sources);
        checker.of_no_service(&at, controls);
        checker.further(&at, owner, controls);
    }
    let known: Vec<&str> = catalog.models().map(|model| model.id.as_str()).collect();
    for id in file.models.keys().filter(|id| !known.contains(&id.as_str())) {
        let fault = Diagnostic::new(Code::CatalogError, format!("unknown service model `{id}`"));
        let at = Place::key(path, route(["models".into(), id.as_str().into()]));
        checker.found.push(fault.at(at).help(did_you_mean(id, &known)));
    }
    checker.found
}

/// Checks what a provider's own file says of its service models.
pub(super) fn of_provider(catalog: &Catalog, file: &ModelsFile, path: &Arc<str>) -> Vec<Diagnostic> {
    let mut checker = of_models(catalog, path);
    checker.sources(&file.sources);
    let models = file.models.iter().enumerate();
    let models = models.map(|(index, model)| (route(["models".into(), index.into(), "controls".into()]), &model.controls));
    for (at, controls) in std::iter::once((route(["every".into()]), &file.every)).chain(models) {
        checker.controls(&at, controls, &file.sources);
        checker.of_no_service(&at, controls);
    }
    checker.found
}

/// The overlay's controls of which it says nothing: they would stand in no document.
pub(super) fn unsaid(files: &Folder) -> Vec<Diagnostic> {
    let of_services = files.services.iter().flat_map(|(_, file)| {
        let modes = file.modes.iter().map(|mode| &mode.controls);
        modes.chain([&file.controls])
    });
    let models = files.own.models.iter();
    let of_models = models.flat_map(|(_, file)| file.models.values().chain([&file.every]));
    let said: BTreeSet<&str> = of_services
        .chain(of_models)
        .flat_map(|all| all.keys().map(String::as_str))
        .collect();
    let controls = files.own.controls.iter().flat_map(|(path, file)| {
        let all = file.controls.iter().enumerate();
        all.map(move |(index, control)| (path, index, control))
    });
    let unsaid = controls.filter(|(_, _, control)| !said.contains(control.id.as_str()));
    let told = unsaid.map(|(path, index, control)| {
        let what = format!("nothing is said of the control `{}` on any service", control.id);
        let mut told = Diagnostic::new(Code::CatalogError, what)
            .at(Place::value(path, route(["controls".into(), index.into(), "id".into()])))
            .help("give it activities in `services/<id>.yaml` or `models.yaml`; until then it stands in no document");
        told.severity = Severity::Warning;
        told
    });
    told.collect()
}

impl Checker<'_> {
    /// What holds for many services asks nothing of the resources of any: no attribute is every service's.
    pub(super) fn of_no_service(&mut self, at: &Route, controls: &IndexMap<String, ControlFile>) {
        for (control, file) in controls {
            for (_, list, of_side) in file.lists() {
                for (index, activity) in list.iter().enumerate() {
                    let tests = [
                        ("when", activity.when.is_some()),
                        ("unless", activity.unless.is_some()),
                        ("met_when", activity.met_when.is_some()),
                        ("attested_when", activity.attested_when.is_some()),
                        ("disproved_when", activity.disproved_when.is_some()),
                    ];
                    for (field, _) in tests.into_iter().filter(|(_, is_said)| *is_said) {
                        let at = at.then(control.as_str()).joined(&of_side).then(index).then(field);
                        let message = format!("`{field}` asks for attributes, and no attribute is every service's");
                        self.fault_help(at, message, "say it of each service, in `services/<id>.yaml`".to_owned());
                    }
                }
            }
        }
    }

    /// A further activity has an id that nothing else of the same service, model or of all services has in its control and side.
    pub(super) fn further(&mut self, at: &Route, owner: &str, controls: &IndexMap<String, ControlFile>) {
        for (control, file) in controls {
            for (side, list) in &file.adds {
                let at = at.then(control.as_str()).then("adds").then(side.id());
                let beside = file.sides.get(side).into_iter().flatten();
                let mut taken: Vec<String> = beside.map(|activity| activity.id.clone()).collect();
                taken.extend(self.builtin_ids(owner, control, side));
                for (index, activity) in list.iter().enumerate() {
                    if taken.contains(&activity.id) {
                        let what = format!("`{owner}.{control}.{side}.{}` is there already", activity.id);
                        let help = "give it another id, or say the whole side anew, without `adds`";
                        self.fault_help(at.then(index).then("id"), what, help.to_owned());
                    }
                }
            }
        }
    }

    /// The ids that the built-in catalog has in a control and side of a service, of a model or of `every`.
    fn builtin_ids(&self, owner: &str, control: &str, side: &Side) -> Vec<String> {
        let file = self.catalog.file(owner).filter(|_| !self.service.is_empty());
        let of_models = self.catalog.models().filter(|model| model.id == owner).map(|model| &model.controls);
        let base = self.catalog.models_of(0).filter(|_| owner == "every");
        let of_models = of_models.chain(base.map(|models| &models.file.every));
        let all: Vec<&IndexMap<String, ControlFile>> = match &file {
            Some(file) => std::iter::once(&file.controls)
                .chain(file.modes.iter().map(|mode| &mode.controls))
                .collect(),
            None if self.service.is_empty() => of_models.collect(),
            None => Vec::new(),
        };
        let lists = all.into_iter().filter_map(|controls| controls.get(control)?.sides.get(side));
        lists.flatten().map(|activity| activity.id.clone()).collect()
    }

    /// What may be meant by the name of a side that there is none of.
    pub(super) fn sides_like(&self, name: &str) -> String {
        let parties = self.catalog.parties.iter().map(|party| party.id.as_str());
        let known: Vec<&str> = ["provider", "customer"].into_iter().chain(parties).collect();
        did_you_mean(name, &known)
    }
}
