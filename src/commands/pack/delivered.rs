//! A pack as it lies on disk, read without trust.
//!
//! In: the files of a folder or a ZIP file of anybody's. Out: the checksum of each, and what is not as a pack has it. Of a
//! file that pretends to be small no more is read than the limit.

use super::MANIFEST;
use super::SIGNATURE;
use super::archive::Member;
use super::manifest::hex;
use super::signature;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path};

/// No file of a pack is larger than this, in bytes.
const FILE_LIMIT: u64 = 1 << 30;
/// Nor all of them together.
pub(super) const LIMIT: u64 = 4 << 30;
/// Nor are there more of them.
pub(super) const MOST_FILES: usize = 10_000;
/// A manifest is smaller than this, in bytes.
const MANIFEST_LIMIT: u64 = 64 << 20;

/// What a pack holds.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// By path, the manifest and its signature left out.
    pub(super) found: BTreeMap<String, Found>,
    /// The manifest's bytes, where there is one.
    pub(super) manifest: Option<Vec<u8>>,
    /// The bytes of the manifest's signature, where there is one.
    pub(super) signature: Option<Vec<u8>>,
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
    pub(super) fn insert(&mut self, name: String, found: Found) -> Result<(), String> {
        if self.found.len() >= MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        self.found.insert(name, found);
        Ok(())
    }

    /// Takes a file: its checksum, or the bytes of the manifest and its signature.
    pub(super) fn take(&mut self, name: &str, file: &mut dyn Read) -> Result<(), String> {
        let cannot = |error: std::io::Error| format!("`{name}`: {error}");
        let too_large = || Err(format!("`{name}` is larger than any file of a pack"));
        let kept = match name {
            MANIFEST => Some((&mut self.manifest, MANIFEST_LIMIT)),
            SIGNATURE => Some((&mut self.signature, signature::LIMIT)),
            _ => None,
        };
        if let Some((kept, limit)) = kept {
            let mut bytes = Vec::new();
            file.take(limit).read_to_end(&mut bytes).map_err(cannot)?;
            if bytes.len() as u64 == limit {
                return too_large();
            }
            *kept = Some(bytes);
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
