//! What lies in a folder of service files.
//!
//! In: a folder: a user's overlay, or a whole catalog. Out: the paths of its service files and of its files about scanners'
//! checks, and everything in it that says something which nobody would read: a file that is passed over in silence is a rule
//! that does not hold.

use crate::diagnostics::{Code, Diagnostic, Place};
use std::path::{Path, PathBuf};

/// Endings of service files.
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// The parts of a whole catalog that no overlay can change.
const WHOLE: [&str; 5] = ["catalog", "controls", "layers", "models", "parties"];

/// The files of a folder, sorted.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Of services.
    pub(super) services: Vec<PathBuf>,
    /// Of scanners' checks.
    pub(super) checks: Vec<PathBuf>,
    /// What means nothing there, or cannot be read.
    pub(super) faults: Vec<Diagnostic>,
}

/// The files of a folder: `services/<id>.yaml` in it, or `<id>.yaml`, and `checks/<scanner>.yaml`. A link is what it leads
/// to. Hidden files, and what tells people about the folder (README, LICENSE, Markdown), belong to people. What cannot be
/// read, and every other file and folder, is a fault.
pub(super) fn files(folder: &Path) -> Files {
    let places = [folder.join("services"), folder.join("checks")];
    let mut found = Files::default();
    // A whole catalog has more parts than these; they are checked where it is built.
    let is_whole = places[0].is_dir() && WHOLE.iter().all(|part| folder.join(part).with_extension("yaml").is_file());
    if is_whole {
        places
            .iter()
            .filter(|place| place.is_dir())
            .for_each(|place| walk(place, &places, &mut found));
    } else {
        walk(folder, &places, &mut found);
    }
    if found.faults.is_empty() && found.services.is_empty() && found.checks.is_empty() {
        found.faults.push(
            Diagnostic::new(Code::CannotRead, format!("no service files in `{}`", folder.display()))
                .help("a catalog folder holds `services/<id>.yaml` and `checks/<scanner>.yaml` files"),
        );
    }
    found
}

fn walk(root: &Path, places: &[PathBuf; 2], found: &mut Files) {
    let [_, checks] = places;
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
        let is_place = path == root || places.iter().any(|place| path == place);
        if entry.file_type().is_dir() && !is_place {
            let help = "service files lie in `services/` or in the folder itself, and files of scanners' checks in `checks/`";
            found.faults.push(unread(path, "folder", help));
            entries.skip_current_dir();
        } else if !entry.file_type().is_dir() {
            let is_checks = path.starts_with(checks);
            match why_not(path, is_checks) {
                Some(help) => found.faults.push(unread(path, "file", &help)),
                None if is_checks => found.checks.push(path.to_owned()),
                None => found.services.push(path.to_owned()),
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

/// Why a file is none of a service or of a scanner's checks, as a help line.
fn why_not(path: &Path, is_checks: bool) -> Option<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_yaml = ENDINGS.contains(&&*ending);
    if is_yaml && !is_checks && WHOLE.contains(&&*stem) {
        return Some(format!(
            "an overlay changes services; `{stem}` is a part of the catalog that only a release changes"
        ));
    }
    (!is_yaml).then(|| {
        let what = if is_checks {
            "a file of checks is called after its scanner"
        } else {
            "a service file is called after its service"
        };
        format!("{what}, `{}.yaml`; take away what is none", before_dot(&stem))
    })
}

/// What stands before the first dot of a name, as in `rds.yaml.bak`.
fn before_dot(stem: &str) -> &str {
    stem.split('.').next().unwrap_or(stem)
}

fn unread(path: &Path, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(
        Code::CatalogError,
        format!("the catalog folder holds a {what} that means nothing there: `{}`", path.display()),
    )
    .at(Place::file(path.display().to_string()))
    .help(help)
}
