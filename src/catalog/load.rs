//! The catalog from its files.
//!
//! In: the embedded files, and optionally the folder of a user's overlay. Out: a [`Catalog`], or diagnostics.

use super::checks::{FOLDER, Scanners};
use super::embedded::{self, Embedded};
use super::file::{IndexEntry, ModeFile, ServiceFile};
use super::frameworks::{self, Frameworks};
use super::layouts::{self, Layouts};
use super::read::Folder;
use super::{Catalog, Entry, Lifecycle, Lookup, about, builtin, pattern, provided};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What one file of an overlay changed, for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayNotice {
    /// The service; of a file about a scanner's checks `checks/<id>`, of a framework's `frameworks/<id>`; of what adds to the
    /// catalog's own lists `controls`, `objectives`, `parties` or `models`.
    pub service: String,
    /// The reason that the overlay gives.
    pub reason: String,
    /// Whether the service, the scanner or the framework is new, or something is only added.
    pub adds: bool,
    /// The controls that it changes, or the checks, or the requirements, or the ids that it adds.
    pub controls: Vec<String>,
    /// The overlay's file.
    pub file: Arc<str>,
}

impl Catalog {
    /// The built-in catalog.
    ///
    /// # Errors
    /// Only if the embedded files are broken, which a test excludes.
    pub fn builtin() -> Outcome<Self> {
        Self::assemble(Folder::default())
    }

    /// The built-in catalog and an overlay folder over it. Its texts are added to `sources`.
    ///
    /// # Errors
    /// Files that cannot be read or decoded, and what [`super::check`] finds wrong in them.
    pub fn with_overlay(folder: &Path, sources: &mut SourceMap) -> Outcome<Self> {
        let files = super::read::folder(folder, sources)?;
        if files.is_whole {
            return Err(vec![whole(folder)]);
        }
        let catalog = Self::assemble(files.clone())?;
        let mut faults = without_reason(&files);
        faults.extend(super::check::overlay(&catalog, &files));
        for provider in files.given() {
            faults.extend(super::partitions::check_folder(&provider.folder, &catalog, sources)?);
        }
        faults.retain(|fault| fault.severity == crate::diagnostics::Severity::Error);
        if faults.is_empty() { Ok(catalog) } else { Err(faults) }
    }

    /// The built-in catalog with these files over it, whatever they hold.
    pub(super) fn assemble(mut overlay: Folder) -> Outcome<Self> {
        let provided = provided::take(&mut overlay);
        let about = about::about();
        let known = builtin::folder("index/")
            .zip(builtin::folder("resources/"))
            .zip(builtin::folder("services/"));
        let mut services: BTreeMap<Arc<str>, Entry> = known
            .map(|((index, resources), file)| {
                let entry = Entry {
                    index: Embedded::new(index),
                    resources: Some(resources),
                    declared: OnceLock::new(),
                    activities: OnceLock::new(),
                    file: Embedded::new(file),
                    given: None,
                    overlay: None,
                };
                (index.strip_prefix("index/").unwrap_or(index).into(), entry)
            })
            .collect();
        provided::add_services(&provided, &mut services)?;
        let changes_services = !overlay.services.is_empty() || !provided.is_empty();
        let (mut overlays, further) = (Vec::new(), notices(&overlay));
        for (path, file) in std::mem::take(&mut overlay.services) {
            overlays.push(OverlayNotice {
                service: file.id.clone(),
                reason: file.reason.clone().unwrap_or_default(),
                adds: !services.contains_key(file.id.as_str()),
                controls: file.controls.keys().cloned().collect(),
                file: path.clone(),
            });
            let file = Arc::new(file);
            match services.get_mut(file.id.as_str()) {
                Some(entry) => {
                    let mut index = entry.index.get().clone();
                    extend_aliases(&mut index, &file);
                    entry.index = Embedded::given(index);
                    entry.overlay = Some(file);
                }
                None => {
                    services.insert(file.id.as_str().into(), new_service(&path, &file)?);
                }
            }
        }
        overlays.extend(further);
        // What a provider says stands before what is said over it.
        for folder in provided.iter().rev() {
            overlay.checks.splice(..0, folder.checks.iter().cloned());
            overlay.frameworks.splice(..0, folder.frameworks.iter().cloned());
            overlay.layouts.splice(..0, folder.layouts.iter().cloned());
        }
        let mut lookup = if !changes_services {
            Lookup::builtin()
        } else {
            Lookup::new(services.values().map(|entry| entry.index.get())).0
        };
        for (id, entry) in &services {
            for file in entry.further() {
                lookup.relate(id, &file.resources);
            }
        }
        Ok(Self {
            version: about.versions.join(", "),
            account_services: about.account_services.clone(),
            provider_evidence: about.united.provider_evidence.clone(),
            own_evidence: about.united.own_evidence.clone(),
            controls: overlay.own.with_controls(embedded("controls")?),
            layers: overlay.own.with_layers(embedded("layers")?),
            parties: overlay.own.with_parties(provided::parties(&provided)?),
            frameworks: Frameworks::with(&overlay.frameworks),
            layouts: Layouts::with(&overlay.layouts),
            severity: embedded("severity")?,
            overlays,
            upstream: std::collections::BTreeSet::new(),
            models: provided::models(&provided)?,
            own: overlay.own,
            about: &about.united,
            services,
            lookup,
            scanners: Scanners::with(&overlay.checks),
        })
    }
}

/// What the files of an overlay changed that are about no service.
fn notices(overlay: &Folder) -> Vec<OverlayNotice> {
    let notice = |path: &Arc<str>, service: String, reason: &Option<String>, controls: Vec<String>| OverlayNotice {
        adds: !builtin::has(&service),
        service,
        reason: reason.clone().unwrap_or_default(),
        controls,
        file: path.clone(),
    };
    let checks = overlay.checks.iter().map(|(path, file)| {
        let ids = file.checks.keys().cloned().collect();
        notice(path, format!("{FOLDER}{}", file.scanner), &file.reason, ids)
    });
    let frameworks = overlay.frameworks.iter().map(|(path, file)| {
        let ids = file.requirements.iter().map(|one| one.id.to_string()).collect();
        notice(path, format!("{}{}", frameworks::FOLDER, file.id), &file.reason, ids)
    });
    let layouts = overlay.layouts.iter().map(|(path, file)| {
        let names = file.sheets.iter().map(|sheet| sheet.name.clone()).collect();
        notice(path, format!("{}{}", layouts::FOLDER, file.id), &file.reason, names)
    });
    checks.chain(frameworks).chain(layouts).chain(overlay.own.notices()).collect()
}

/// The files of an overlay that do not say why there is an overlay.
pub(super) fn without_reason(files: &Folder) -> Vec<Diagnostic> {
    // What a provider says departs from nothing.
    if files.provider.is_some() {
        return Vec::new();
    }
    let services = files.services.iter().map(|(path, file)| (path, &file.id, &file.reason));
    let checks = files.checks.iter().map(|(path, file)| (path, &file.scanner, &file.reason));
    let frameworks = files.frameworks.iter().map(|(path, file)| (path, &file.id, &file.reason));
    let layouts = files.layouts.iter().map(|(path, file)| (path, &file.id, &file.reason));
    let all = services.chain(checks).chain(frameworks).chain(layouts);
    let silent = all
        .filter(|(_, _, reason)| reason.is_none())
        .map(|(path, id, _)| no_reason(path, id));
    let own = files.own.files().into_iter().filter(|file| file.reason.is_none());
    silent.chain(own.map(|file| no_reason(file.path, file.name))).collect()
}

/// That a folder is no overlay: all that it repeats would be told as a departure.
fn whole(folder: &Path) -> Diagnostic {
    let folder = folder.display().to_string();
    Diagnostic::new(
        Code::CatalogError,
        format!("`{folder}` is a whole catalog, and `--catalog` takes an overlay over the built-in one"),
    )
    .at(Place::file(folder.clone()))
    .help(format!(
        "put the files that you changed into a folder of their own, each with a `reason` and with what differs alone; \
         `cloudraci catalog check {folder}` checks the whole one"
    ))
}

fn no_reason(path: &Arc<str>, id: &str) -> Diagnostic {
    Diagnostic::new(Code::CatalogError, format!("the overlay of `{id}` gives no `reason`"))
        .at(Place::file(path.clone()))
        .help("add `reason: ...`, one sentence that the report prints as an exception from the built-in catalog")
}

fn extend_aliases(index: &mut IndexEntry, file: &ServiceFile) {
    let (to, from) = (&mut index.aliases, &file.aliases);
    to.names.extend(from.names.iter().cloned());
    to.names.extend(names_of_modes(&index.id, &index.name, &to.names, &file.modes));
    to.terraform.extend(from.terraform.iter().cloned());
    to.cloudformation.extend(from.cloudformation.iter().cloned());
    to.config.extend(from.config.iter().cloned());
    to.arn.extend(from.arn.iter().cloned());
    to.supporting.extend(from.supporting.iter().cloned());
    to.iam.extend(from.iam.iter().cloned());
}

/// What people call the modes of an overlay.
fn names_of_modes(id: &str, name: &str, names: &[String], modes: &[ModeFile]) -> Vec<String> {
    let of_service = pattern::names_of_service(id, name, names, about::vendors());
    let names = modes.iter().map(|mode| pattern::names_of_mode(&of_service, &mode.id, &mode.names));
    names.flatten().collect()
}

/// A service that only the overlay has: all that the built-in files must say must be said.
pub(super) fn new_service(path: &Arc<str>, file: &Arc<ServiceFile>) -> Outcome<Entry> {
    let mut missing = Vec::new();
    let mut need = |field: &Option<String>, name: &str| {
        field.clone().unwrap_or_else(|| {
            missing.push(
                Diagnostic::new(Code::CatalogError, format!("the new service `{}` has no `{name}`", file.id))
                    .at(Place::file(path.clone()))
                    .help("a service that the built-in catalog does not know needs `name`, `category`, `model` and `about`"),
            );
            String::new()
        })
    };
    let mut index = IndexEntry {
        id: file.id.clone(),
        name: need(&file.name, "name"),
        category: need(&file.category, "category"),
        model: need(&file.model, "model"),
        about: need(&file.about, "about"),
        aliases: file.aliases.clone(),
        // What is wrong with it the check of the overlay tells.
        lifecycle: file.lifecycle.as_ref().and_then(|lifecycle| Lifecycle::of(lifecycle).ok()),
        reclassify: file.reclassify.clone(),
    };
    index
        .aliases
        .names
        .extend(names_of_modes(&index.id, &index.name, &file.aliases.names, &file.modes));
    if missing.is_empty() {
        Ok(Entry {
            index: Embedded::given(index),
            resources: None,
            declared: OnceLock::new(),
            activities: OnceLock::new(),
            file: Embedded::given(file.clone()),
            given: None,
            overlay: Some(file.clone()),
        })
    } else {
        Err(missing)
    }
}

fn embedded<T: DeserializeOwned>(name: &str) -> Outcome<T> {
    embedded::decode(name).map_err(|fault| vec![fault])
}
