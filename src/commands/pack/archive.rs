//! A pack to disk: whole, or not at all.
//!
//! In: files by path. Out: a folder that appears in one step, or a ZIP file whose bytes depend on its contents alone.

use super::{Delivered, MANIFEST, Manifest};
use crate::commands::{Stop, output};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Whether a pack of this name is one file.
pub(super) fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

pub(super) fn write(target: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Stop> {
    if is_zip(target) && !target.is_dir() {
        let bytes = zipped(files).map_err(|error| cannot(target, &error))?;
        return output::write_all(&[(target.to_owned(), bytes)]);
    }
    let replaces = standing(target).map_err(|error| cannot(target, &error))?;
    folder(target, files, replaces).map_err(|error| cannot(target, &error))
}

fn zipped(files: &BTreeMap<String, Vec<u8>>) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        // No clock: the same contents are the same bytes.
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive.start_file(path.as_str(), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Whether a pack stands there that may be replaced. A folder that holds anything else is somebody's.
fn standing(target: &Path) -> Result<bool, String> {
    let Ok(metadata) = std::fs::symlink_metadata(target) else {
        return Ok(false);
    };
    if !metadata.is_dir() {
        return Err("it is no folder; a ZIP file's name ends in .zip".to_owned());
    }
    let mut entries = std::fs::read_dir(target).map_err(|error| error.to_string())?;
    if entries.next().is_none() {
        return Ok(true);
    }
    let other = "the folder exists and holds something else than a pack";
    let standing = Delivered::read(target).map_err(|error| format!("{other}: {error}"))?;
    let manifest = standing.manifest.as_deref().ok_or_else(|| other.to_owned())?;
    let manifest: Manifest = serde_json::from_slice(manifest).map_err(|_| other.to_owned())?;
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).chain([MANIFEST]).collect();
    match standing.found.keys().find(|path| !known.contains(path.as_str())) {
        Some(path) => Err(format!("`{path}` in it is no part of the pack that stands there")),
        None => Ok(true),
    }
}

/// Writes beside the target and renames at the end.
fn folder(target: &Path, files: &BTreeMap<String, Vec<u8>>, replaces: bool) -> std::io::Result<()> {
    let parent = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let stage = tempfile::Builder::new().prefix(".cloudraci-").tempdir_in(parent)?;
    let new = stage.path().join("new");
    for (path, bytes) in files {
        let path: PathBuf = new.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::create_new(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    let old = stage.path().join("old");
    if replaces {
        std::fs::rename(target, &old)?;
    }
    std::fs::rename(&new, target).inspect_err(|_| {
        if replaces {
            // The old pack comes back; if even that fails, the first error tells.
            let _ = std::fs::rename(&old, target);
        }
    })
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Stop {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the pack `{}`: {error}", path.display()))
        .help("name a new folder, an empty one, or an earlier pack; nothing was written");
    Stop::Diagnostics(vec![fault], SourceMap::default())
}
