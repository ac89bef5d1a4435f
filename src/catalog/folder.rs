//! What lies in a folder of service files.
//!
//! In: a folder: a user's overlay, or a whole catalog. Out: the paths of its service files, and everything in it that says
//! something which nobody would read: a file that is passed over in silence is a rule that does not hold.

use crate::diagnostics::{Code, Diagnostic, Place};
use std::path::{Path, PathBuf};

/// Endings of service files.
const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// The parts of a whole catalog that no overlay can change.
const WHOLE: [&str; 5] = ["catalog", "controls", "layers", "models", "parties"];

/// The service files of a folder, sorted: `services/<id>.yaml` in it, or `<id>.yaml`. A link is what it leads to. Hidden
/// files, and what tells people about the folder (README, LICENSE, Markdown), belong to people. What cannot be read, and
/// every other file and folder, is a fault.
pub(super) fn service_files(folder: &Path) -> (Vec<PathBuf>, Vec<Diagnostic>) {
    let services = folder.join("services");
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    // A whole catalog has more parts than services; they are checked where it is built.
    let is_whole = services.is_dir() && WHOLE.iter().all(|part| folder.join(part).with_extension("yaml").is_file());
    let root = if is_whole { services.as_path() } else { folder };
    let mut entries = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                faults.push(Diagnostic::new(
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
        let is_place = path == root || path == services;
        if entry.file_type().is_dir() && !is_place {
            faults.push(unread(path, "folder", "service files lie in `services/`, or in the folder itself"));
            entries.skip_current_dir();
        } else if !entry.file_type().is_dir() {
            match why_not(path) {
                Some(help) => faults.push(unread(path, "file", &help)),
                None => files.push(path.to_owned()),
            }
        }
    }
    if faults.is_empty() && files.is_empty() {
        faults.push(
            Diagnostic::new(Code::CannotRead, format!("no service files in `{}`", folder.display()))
                .help("a catalog folder holds `services/<id>.yaml` files"),
        );
    }
    (files, faults)
}

fn is_for_people(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let upper = name.to_uppercase();
    let is_document = Path::new(&upper).extension().is_some_and(|ending| ending == "MD");
    name.starts_with('.') || is_document || upper.starts_with("README") || upper.starts_with("LICENSE")
}

/// Why a file is no service file, as a help line.
fn why_not(path: &Path) -> Option<String> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_yaml = ENDINGS.contains(&&*ending);
    if is_yaml && WHOLE.contains(&&*stem) {
        return Some(format!(
            "an overlay changes services; `{stem}` is a part of the catalog that only a release changes"
        ));
    }
    (!is_yaml).then(|| {
        format!(
            "a service file is called after its service, `{}.yaml`; take away what is none",
            before_dot(&stem)
        )
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
