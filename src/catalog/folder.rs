//! What lies in a folder of catalog files.
//!
//! In: a folder: a user's overlay, or a whole catalog. Out: the paths of its files by what they are about, and everything in
//! it that says something which nobody would read: a file that is passed over in silence is a rule that does not hold.

use super::{given, own};
use crate::diagnostics::{Code, Diagnostic, Place, nearest};
use std::path::{Path, PathBuf};

/// Endings of files of a catalog.
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// The parts by which a whole catalog is told.
const WHOLE: [&str; 6] = ["catalog", "controls", "layers", "models", "objectives", "parties"];

/// The parts of a whole catalog that no overlay can add to.
const RELEASED: [&str; 8] = [
    "catalog",
    "layers",
    "partitions",
    "provider",
    "results",
    "secrets",
    "severity",
    "terraform",
];

/// The parts of a whole catalog that an overlay adds to, by files of the same names in the folder itself.
const ROOT: [(Kind, &str); 4] = [
    (Kind::Controls, own::CONTROLS),
    (Kind::Objectives, own::OBJECTIVES),
    (Kind::Parties, own::PARTIES),
    (Kind::Models, own::MODELS),
];

/// The folders of an overlay, and what a file in each is called after.
const PLACES: [(Kind, &str, &str); 4] = [
    (Kind::Services, "services", "a service file is called after its service"),
    (Kind::Checks, "checks", "a file of checks is called after its scanner"),
    (Kind::Frameworks, "frameworks", "a framework's file is called after its id"),
    (Kind::Layouts, "layouts", "a layout's file is called after its id"),
];

/// The folder of an overlay in which each further provider has one.
const PROVIDERS: &str = "providers";

/// What a file of a folder is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Services,
    Checks,
    Frameworks,
    Layouts,
    Controls,
    Objectives,
    Parties,
    Models,
}

/// The files of a folder, sorted.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Of services.
    pub(super) services: Vec<PathBuf>,
    /// Of scanners' checks.
    pub(super) checks: Vec<PathBuf>,
    /// Of frameworks.
    pub(super) frameworks: Vec<PathBuf>,
    /// Of layouts.
    pub(super) layouts: Vec<PathBuf>,
    /// Of controls and layers, of objectives, of parties, and of what holds for all services: one of each at most.
    pub(super) controls: Vec<PathBuf>,
    pub(super) objectives: Vec<PathBuf>,
    pub(super) parties: Vec<PathBuf>,
    pub(super) models: Vec<PathBuf>,
    /// Whether the folder is a whole catalog, and no overlay.
    pub(super) is_whole: bool,
    /// The name of the provider whose folder it is, where the program has none of it.
    pub(super) provider: Option<String>,
    /// The folders of other providers in it.
    pub(super) providers: Vec<PathBuf>,
    /// What means nothing there, or cannot be read.
    pub(super) faults: Vec<Diagnostic>,
}

impl Files {
    fn of(&mut self, kind: Kind) -> &mut Vec<PathBuf> {
        match kind {
            Kind::Services => &mut self.services,
            Kind::Checks => &mut self.checks,
            Kind::Frameworks => &mut self.frameworks,
            Kind::Layouts => &mut self.layouts,
            Kind::Controls => &mut self.controls,
            Kind::Objectives => &mut self.objectives,
            Kind::Parties => &mut self.parties,
            Kind::Models => &mut self.models,
        }
    }
}

/// The files of a folder: `services/<id>.yaml` in it, or `<id>.yaml`, `checks/<scanner>.yaml`, `frameworks/<id>.yaml`,
/// `layouts/<id>.yaml`, and what adds to the catalog's own lists ([`ROOT`]). A link is what it leads to. Hidden files, and what
/// tells people about the folder (README, LICENSE, Markdown), belong to people. What cannot be read, and every other file and folder, is a fault.
pub(super) fn files(folder: &Path) -> Files {
    let places = PLACES.map(|(kind, name, _)| (kind, folder.join(name)));
    let mut found = Files::default();
    // A whole catalog has more parts than these; they are checked where it is built.
    let is_whole = folder.join("services").is_dir() && WHOLE.iter().all(|part| folder.join(part).with_extension("yaml").is_file());
    found.is_whole = is_whole;
    found.provider = given::provider_of(folder).filter(|_| !is_whole);
    if is_whole {
        let there = places.iter().filter(|(_, place)| place.is_dir());
        there.for_each(|(_, place)| walk(place, &places, &mut found));
    } else {
        walk(folder, &places, &mut found);
    }
    let kinds = PLACES.iter().map(|(kind, _, _)| *kind).chain(ROOT.iter().map(|(kind, _)| *kind));
    if found.providers.is_empty() && found.faults.is_empty() && kinds.into_iter().all(|kind| found.of(kind).is_empty()) {
        found.faults.push(
            Diagnostic::new(Code::CannotRead, format!("no catalog files in `{}`", folder.display())).help(
                "a catalog folder holds `services/<id>.yaml`, `checks/<scanner>.yaml`, `frameworks/<id>.yaml`, `layouts/<id>.yaml`, \
                 `controls.yaml`, `objectives.yaml`, `parties.yaml` or `models.yaml`",
            ),
        );
    }
    for (kind, name) in ROOT {
        if let [first, second, ..] = found.of(kind).as_slice() {
            let fault = Diagnostic::new(Code::CatalogError, format!("the folder holds two files of {name}"))
                .at(Place::file(second.display().to_string()))
                .at_labelled(Place::file(first.display().to_string()), "the other one")
                .help("put into one file what both say");
            found.faults.push(fault);
        }
    }
    found
}

fn walk(root: &Path, places: &[(Kind, PathBuf)], found: &mut Files) {
    let mut entries = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.faults.push(Diagnostic::new(
                    Code::CannotRead,
                    format!("cannot read the catalog folder: {error}"),
                ));
                continue;
            }
        };
        let path = entry.path();
        if entry.depth() > 0 && is_for_people(path) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if found.provider.is_some() && path.parent() == Some(root) && (given::is_own(&name) || name == given::SCHEMA) {
            // Read by itself.
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        if found.provider.is_none() && entry.depth() == 1 && entry.file_type().is_dir() && name == PROVIDERS && path.parent() == Some(root)
        {
            continue;
        }
        if entry.depth() == 2 && path.parent() == Some(&root.join(PROVIDERS)) && found.provider.is_none() {
            match given::provider_of(path).filter(|_| entry.file_type().is_dir()) {
                Some(_) => found.providers.push(path.to_owned()),
                None => found.faults.push(unread(
                    path,
                    "file or folder",
                    "each folder of `providers/` is a provider's, with a `catalog.yaml` that gives it a name of its own",
                )),
            }
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let is_place = path == root || places.iter().any(|(_, place)| path == place);
        if entry.file_type().is_dir() && !is_place {
            let name = entry.file_name().to_string_lossy();
            let near = nearest(&name, PLACES.iter().map(|(_, place, _)| *place));
            let near = near.map_or_else(String::new, |near| format!("did you mean `{near}/`? "));
            let help = "service files lie in `services/` or in the folder itself, files of scanners' checks in `checks/`, \
                        frameworks in `frameworks/`, and layouts in `layouts/`; `controls.yaml`, `objectives.yaml`, `parties.yaml` \
                        and `models.yaml` in the folder itself";
            found.faults.push(unread(path, "folder", &format!("{near}{help}")));
            entries.skip_current_dir();
        } else if !entry.file_type().is_dir() {
            let place = places.iter().find(|(_, place)| path.starts_with(place));
            let is_named = |name: &str| path.file_stem().is_some_and(|stem| stem == name);
            let own = ROOT.iter().find(|(_, name)| path.parent() == Some(root) && is_named(name));
            let kind = place.map_or_else(|| own.map_or(Kind::Services, |(kind, _)| *kind), |(kind, _)| *kind);
            match why_not(path, kind) {
                Some(help) => found.faults.push(unread(path, "file", &help)),
                None => found.of(kind).push(path.to_owned()),
            }
        }
    }
}

fn is_for_people(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let upper = name.to_uppercase();
    let is_document = Path::new(&upper).extension().is_some_and(|ending| ending == "MD");
    name.starts_with('.') || is_document || upper.starts_with("README") || upper.starts_with("LICENSE")
}

/// Why a file is none of its folder, as a help line.
fn why_not(path: &Path, kind: Kind) -> Option<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_yaml = ENDINGS.contains(&&*ending);
    let is_own = ROOT.iter().any(|(_, name)| *name == stem);
    if is_yaml && kind == Kind::Services && (is_own || RELEASED.contains(&&*stem)) {
        return Some(match &*stem {
            "layers" => "layers of one's own stand in `controls.yaml` under `layers`".to_owned(),
            _ if is_own => format!("`{stem}.yaml` of an overlay lies in the folder itself"),
            _ => format!("`{stem}` is a part of the catalog that only a release changes"),
        });
    }
    (!is_yaml).then(|| {
        if let Some((_, name)) = ROOT.iter().find(|(own, _)| *own == kind) {
            return format!("it would be read as `{name}.yaml`; take away what is none");
        }
        let what = PLACES.iter().find(|(place, _, _)| *place == kind).map_or("", |(_, _, what)| *what);
        format!("{what}, `{}.yaml`; take away what is none", before_dot(&stem))
    })
}

/// What stands before the first dot of a name, as in `rds.yaml.bak`.
fn before_dot(stem: &str) -> &str {
    stem.split('.').next().unwrap_or(stem)
}

/// What may be meant by a file in the folder itself that is none of a service, though it lies where one would.
pub(super) fn meant(path: &Path) -> Option<Diagnostic> {
    let stem = path.file_stem()?.to_string_lossy();
    let near = nearest(&stem, ROOT.iter().map(|(_, name)| *name))?;
    let what = format!("`{}` is read as the file of a service", path.display());
    let fault = Diagnostic::new(Code::CatalogError, what).at(Place::file(path.display().to_string()));
    Some(fault.help(format!("did you mean `{near}.yaml`?")))
}

fn unread(path: &Path, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        Code::CatalogError,
        format!("the catalog folder holds a {what} that means nothing there: `{}`", path.display()),
    )
    .at(Place::file(path.display().to_string()))
    .help(help)
}
