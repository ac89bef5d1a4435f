//! A pack as it lies on disk, read without trust.
//!
//! In: a folder or a ZIP file of anybody's. Out: the checksum of each file in it. Nothing is unpacked to disk, no link is
//! followed, and of a file that pretends to be small no more is read than the limit.

use super::MANIFEST;
use super::manifest::hex;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

/// No file of a pack is larger than this, in bytes.
const FILE_LIMIT: u64 = 1 << 30;
/// Nor all of them together.
const LIMIT: u64 = 4 << 30;
/// Nor are there more of them.
const MOST_FILES: usize = 10_000;
/// A manifest is smaller than this, in bytes.
const MANIFEST_LIMIT: u64 = 64 << 20;

/// What a pack holds.
#[derive(Debug, Default)]
pub(in crate::commands) struct Delivered {
    /// By path, the manifest left out.
    pub(in crate::commands) found: BTreeMap<String, Found>,
    /// The manifest's bytes, where there is one.
    pub(in crate::commands) manifest: Option<Vec<u8>>,
}

/// One entry of a pack.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::commands) enum Found {
    /// A file with this checksum.
    File(String),
    /// No file of a pack: what it is instead.
    Other(&'static str),
}

impl Delivered {
    /// Reads a pack.
    ///
    /// # Errors
    /// In words: it does not exist, cannot be read, is no ZIP file, or is larger than any pack.
    pub(in crate::commands) fn read(path: &Path) -> Result<Self, String> {
        if path.is_dir() { Self::folder(path) } else { Self::zip(path) }
    }

    fn folder(folder: &Path) -> Result<Self, String> {
        let mut delivered = Self::default();
        let mut left = LIMIT;
        for entry in walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name() {
            let entry = entry.map_err(|error| error.to_string())?;
            if entry.file_type().is_dir() {
                continue;
            }
            let name = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let name = name.to_string_lossy().replace('\\', "/");
            if !entry.file_type().is_file() {
                let what = if entry.file_type().is_symlink() { "a link" } else { "no file" };
                delivered.insert(name, Found::Other(what))?;
                continue;
            }
            let mut file = File::open(entry.path()).map_err(|error| format!("`{name}`: {error}"))?;
            delivered.take(name, &mut file, &mut left)?;
        }
        Ok(delivered)
    }

    fn zip(path: &Path) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let mut archive = zip::ZipArchive::new(file).map_err(|error| format!("it is neither a folder nor a ZIP file: {error}"))?;
        let mut delivered = Self::default();
        let mut left = LIMIT;
        if archive.has_duplicate_names() {
            return Err("two files in it have one name".to_owned());
        }
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).map_err(|error| error.to_string())?;
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            if file.is_dir() {
                continue;
            }
            if !is_safe(&name) {
                delivered.insert(name, Found::Other("a path that leads out of the pack"))?;
            } else if file.is_symlink() {
                delivered.insert(name, Found::Other("a link"))?;
            } else {
                delivered.take(name, &mut file, &mut left)?;
            }
        }
        Ok(delivered)
    }

    fn insert(&mut self, name: String, found: Found) -> Result<(), String> {
        if self.found.len() >= MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        self.found.insert(name, found);
        Ok(())
    }

    fn take(&mut self, name: String, file: &mut dyn Read, left: &mut u64) -> Result<(), String> {
        let cannot = |error: std::io::Error| format!("`{name}`: {error}");
        if name == MANIFEST {
            let mut bytes = Vec::new();
            file.take(MANIFEST_LIMIT).read_to_end(&mut bytes).map_err(cannot)?;
            self.manifest = Some(bytes);
            return Ok(());
        }
        let limit = FILE_LIMIT.min(*left);
        let mut digest = Sha256::new();
        let read = std::io::copy(&mut file.take(limit), &mut digest).map_err(cannot)?;
        *left -= read;
        if read == limit {
            return Err(format!("`{name}` is larger than any file of a pack"));
        }
        self.insert(name, Found::File(hex(&digest.finalize())))
    }
}

/// Whether a path stays within the pack.
pub(super) fn is_safe(name: &str) -> bool {
    let plain = |component| matches!(component, Component::Normal(_));
    !name.is_empty() && !name.contains(['\\', ':', '\0']) && Path::new(name).components().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_out_are_told() {
        for name in ["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "C:x", "", "./x/.."] {
            assert!(!is_safe(name), "{name}");
        }
        for name in ["audit/report.pdf", "manifest.json", "a b/c"] {
            assert!(is_safe(name), "{name}");
        }
    }
}
