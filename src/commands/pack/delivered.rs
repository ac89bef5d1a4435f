//! A pack as it lies on disk, read without trust.
//!
//! In: a folder or a ZIP file of anybody's. Out: the checksum of each file in it, and what is not as a pack has it.
//! Nothing is unpacked to disk, no link is followed, and of a file that pretends to be small no more is read than the
//! limit.

use super::MANIFEST;
use super::archive::{self, Flaw, Member};
use super::manifest::hex;
use crate::commands::output::is_standard;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::{Component, Path};

/// No file of a pack is larger than this, in bytes.
const FILE_LIMIT: u64 = 1 << 30;
/// Nor all of them together.
const LIMIT: u64 = 4 << 30;
/// Nor are there more of them.
pub(super) const MOST_FILES: usize = 10_000;
/// A manifest is smaller than this, in bytes.
const MANIFEST_LIMIT: u64 = 64 << 20;

/// What a pack holds.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// By path, the manifest left out.
    pub(super) found: BTreeMap<String, Found>,
    /// The manifest's bytes, where there is one.
    pub(super) manifest: Option<Vec<u8>>,
    /// Folders, where it is none itself.
    pub(super) folders: BTreeSet<String>,
    /// What no pack has, in words.
    pub(super) flaws: Vec<String>,
    /// Where it is a ZIP file without flaws.
    pub(super) archive: Option<(File, Vec<Member>)>,
    /// Bytes of all files.
    read: u64,
}

/// One entry of a pack.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file of so many bytes with this checksum.
    File(u64, String),
    /// No file of a pack: what it is instead.
    Other(&'static str),
}

impl Delivered {
    /// Reads a pack; `-` is a ZIP file on standard input.
    ///
    /// # Errors
    /// In words: it does not exist, cannot be read, is no ZIP file, or is larger than any pack.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        if is_standard(path) {
            return Self::zip(unfolded(std::io::stdin()).map_err(words)?);
        }
        if path.is_dir() {
            return Self::folder(path);
        }
        let file = File::open(path).map_err(words)?;
        let is_file = file.metadata().map_err(words)?.is_file();
        // What comes through a pipe is looked at more than once.
        Self::zip(if is_file { file } else { unfolded(file).map_err(words)? })
    }

    fn folder(folder: &Path) -> Result<Self, String> {
        let mut delivered = Self::default();
        for entry in walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name() {
            let entry = entry.map_err(|error| error.to_string())?;
            let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let names: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let name = names.join("/");
            let is_dir = entry.file_type().is_dir();
            if !is_safe(&name) || inner.to_str().is_none() {
                delivered.insert(name, Found::Other("no name of a file in a pack"))?;
            } else if is_dir {
                delivered.folders.insert(name);
            } else if !entry.file_type().is_file() {
                let what = if entry.file_type().is_symlink() { "a link" } else { "no file" };
                delivered.insert(name, Found::Other(what))?;
            } else {
                let mut file = File::open(entry.path()).map_err(|error| format!("`{name}`: {error}"))?;
                delivered.take(&name, &mut file)?;
            }
        }
        Ok(delivered)
    }

    fn zip(mut file: File) -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        let mut delivered = Self::default();
        let flaw = match archive::read(&mut BufReader::new(&mut file), &mut delivered) {
            Ok(members) => {
                delivered.archive = Some((file, members));
                return Ok(delivered);
            }
            Err(Flaw::Unread(error)) => return Err(words(error)),
            Err(Flaw::Other(flaw)) => flaw,
        };
        let mut first = [0; 2];
        file.seek(SeekFrom::Start(0)).map_err(words)?;
        let begins = file.read_exact(&mut first).is_ok() && &first == b"PK";
        match archive::explain(file) {
            Ok((mut lenient, said)) => {
                lenient.flaws = std::iter::once(flaw).chain(said).collect();
                Ok(lenient)
            }
            Err(error) if begins => Ok(Self {
                flaws: vec![flaw, format!("the ZIP file is damaged: {error}")],
                ..Self::default()
            }),
            Err(error) => Err(format!("it is neither a folder nor a ZIP file: {error}")),
        }
    }

    pub(super) fn insert(&mut self, name: String, found: Found) -> Result<(), String> {
        if self.found.len() >= MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        self.found.insert(name, found);
        Ok(())
    }

    /// Takes a file: its checksum, or the bytes of the manifest.
    pub(super) fn take(&mut self, name: &str, file: &mut dyn Read) -> Result<(), String> {
        let cannot = |error: std::io::Error| format!("`{name}`: {error}");
        let too_large = || Err(format!("`{name}` is larger than any file of a pack"));
        if name == MANIFEST {
            let mut bytes = Vec::new();
            file.take(MANIFEST_LIMIT).read_to_end(&mut bytes).map_err(cannot)?;
            if bytes.len() as u64 == MANIFEST_LIMIT {
                return too_large();
            }
            self.manifest = Some(bytes);
            return Ok(());
        }
        let limit = FILE_LIMIT.min(LIMIT - self.read);
        let mut digest = Sha256::new();
        let read = std::io::copy(&mut file.take(limit), &mut digest).map_err(cannot)?;
        self.read += read;
        if read == limit {
            return too_large();
        }
        self.insert(name.to_owned(), Found::File(read, hex(&digest.finalize())))
    }
}

/// What comes through a pipe, as a file of its own that nobody else sees.
fn unfolded(from: impl Read) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    std::io::copy(&mut from.take(LIMIT), &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Whether a path stays within the pack and is written and read alike on every system.
pub(super) fn is_safe(name: &str) -> bool {
    let plain = |component| matches!(component, Component::Normal(_));
    Path::new(name).components().all(plain) && name.split('/').all(is_plain)
}

/// Whether a name of a file or folder means the same everywhere: letters, digits, and few signs between them; no name of a
/// device.
pub(super) fn is_plain(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
    let first_and_last = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    name.chars().all(allowed)
        && name.starts_with(first_and_last)
        && name.ends_with(first_and_last)
        && !DEVICES.contains(&stem.as_str())
        && !numbered("com")
        && !numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_out_or_mean_other_things_elsewhere_are_told() {
        for name in [
            "../x",
            "/etc/passwd",
            "a/../../x",
            "a\\..\\x",
            "C:x",
            "",
            "./x/..",
            "a//b",
            "a/",
            "a/.",
            "evil\\",
            "nul",
            "duties/con.md",
            "COM1.txt",
            "a.",
            "a ",
            ".hidden",
            "ä",
            "a\nb",
            "a:b",
        ] {
            assert!(!is_safe(name), "{name}");
        }
        for name in [
            "audit/report.pdf",
            "manifest.json",
            "a b/c",
            "duties/console.md",
            "com.md",
            "com10.md",
        ] {
            assert!(is_safe(name), "{name}");
        }
    }
}
