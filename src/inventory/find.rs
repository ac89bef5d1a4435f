//! The files that paths, folders and patterns mean.
//!
//! In: what the user named. Out: files in sorted order, each with whether it was named itself.

use super::glob::Glob;
use crate::diagnostics::{Code, Diagnostic, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Endings of files that are looked at in folders.
const ENDINGS: &[&str] = &[
    "yaml", "yml", "json", "tfstate", "csv", "tsv", "template", "jsonl", "ndjson", "xlsx", "parquet",
];

/// Endings of files that are packed; what is in them is told by its content.
const PACKED: &[&str] = &["gz", "zst", "zip", "tar", "tgz", "tzst"];

/// Further endings of files in which scanners write results.
const RESULTS: &[&str] = &["js", "sarif", "asff", "ocsf"];

/// A file, and whether the user named it itself.
pub(super) type Named = (PathBuf, bool);

/// The files that the paths mean; of a folder, those in which an inventory, resources or results may be.
pub(super) fn files(paths: &[PathBuf], faults: &mut Vec<Diagnostic>) -> Vec<Named> {
    let is_data = |path: &Path| [ENDINGS, PACKED, RESULTS].iter().any(|endings| ends_in(path, endings));

    let mut files = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &is_data, false, &mut files, faults);
        } else if is_pattern(path) && std::fs::symlink_metadata(path).is_err() {
            let before = files.len();
            let pattern = Glob::new(path);
            let fits = |path: &Path| pattern.takes(path);
            walk(&fixed(path), &fits, true, &mut files, faults);
            if files.len() == before {
                faults.push(
                    Diagnostic::new(Code::CannotRead, format!("no file matches `{}`", path.display()))
                        .help("`*` stands for letters of one name, `**` for any folders"),
                );
            }
        } else {
            files.insert((path.clone(), true));
        }
    }
    // A file that was named and lies in a folder that was named, too, is one file.
    let mut once = BTreeMap::new();
    for (path, named) in files {
        *once.entry(plain(path)).or_insert(false) |= named;
    }
    once.into_iter().collect()
}

/// The same path without `./` before it, so that a report names a file alike however that was reached.
fn plain(path: PathBuf) -> PathBuf {
    match path.strip_prefix(".") {
        // `-` is standard input.
        Ok(inner) if !inner.as_os_str().is_empty() && inner.as_os_str() != "-" => inner.to_owned(),
        _ => path,
    }
}

/// Whether a path has signs of a pattern in it.
pub(super) fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// Whether a file of a folder, by its name, may hold results alone.
pub(super) fn may_be_results_only(path: &Path) -> bool {
    ends_in(path, RESULTS)
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn walk(folder: &Path, fits: &dyn Fn(&Path) -> bool, named: bool, files: &mut BTreeSet<Named>, faults: &mut Vec<Diagnostic>) {
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let walk = walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|entry| !hidden(entry)) {
        match entry {
            Ok(entry) => {
                let path = if folder.as_os_str().is_empty() {
                    entry.path().strip_prefix(".").unwrap_or(entry.path())
                } else {
                    entry.path()
                };
                if entry.file_type().is_file() && fits(path) {
                    files.insert((path.to_owned(), named));
                }
            }
            Err(error) => faults.extend(fault(&error, fits)),
        }
    }
}

/// What is wrong in a folder. A link that leads nowhere is nobody's business unless it would have been read.
fn fault(error: &walkdir::Error, fits: &dyn Fn(&Path) -> bool) -> Option<Diagnostic> {
    let path = error.path().unwrap_or(Path::new(""));
    if let Some(ancestor) = error.loop_ancestor() {
        let what = format!("`{}` leads back to `{}` and is passed over", path.display(), ancestor.display());
        return Some(
            Diagnostic::new(Code::FolderLoop, what)
                .at(Place::file(path.display().to_string()))
                .help("remove the link, or name the files that are meant"),
        );
    }
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|data| data.file_type().is_symlink());
    if is_link && !fits(path) {
        return None;
    }
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    // A link to itself is the shortest loop of all.
    let code = if is_link && reason.contains("symbolic link") {
        Code::FolderLoop
    } else {
        Code::CannotRead
    };
    Some(
        Diagnostic::new(code, format!("cannot read `{}`: {reason}", path.display()))
            .at(Place::file(path.display().to_string()))
            .help("remove it, or mend what it leads to"),
    )
}

/// The folder before the first part with a sign of a pattern.
fn fixed(path: &Path) -> PathBuf {
    path.components()
        .take_while(|part| !is_pattern(Path::new(part.as_os_str())))
        .collect()
}
