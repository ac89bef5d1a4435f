//! In which way files are read.
//!
//! In: what a caller wants of loading. Out: open files, and what is the same for all spellings of a path.

use super::import::Importer;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::source::{self, Fault, Input, Opened};
use std::path::{Path, PathBuf};

/// How to load.
#[derive(Clone, Copy, Default)]
pub struct Reading<'a> {
    /// The source that files are of, whatever they look like.
    pub from: Option<&'static dyn Importer>,
    /// Whether only files to import are meant, and those of a folder that are of no kind are worth a word.
    pub imports_only: bool,
    /// Who is told how far a long file is read: its name, bytes read, bytes in all if known.
    pub progress: Option<source::Watch<'a>>,
    /// Whether each file to import is sealed: the checksum of what was read of it is taken.
    pub seals: bool,
    /// From how many bytes on a file is too long for each of its resources to be kept, so that those that are alike are
    /// counted together; 32 MiB where nothing is said.
    pub long_from: Option<u64>,
    /// Whether only the rules of inventories are looked at: what they name need not be there.
    pub rules_only: bool,
    /// Files, folders and patterns of scanners' results beside the inventory's own.
    pub results: &'a [PathBuf],
}

impl Reading<'_> {
    pub(super) fn open(&self, path: &Path) -> std::io::Result<Opened> {
        Input::open(path, self.long_from.unwrap_or(source::WHOLE), self.seals)
    }
}

/// That a file cannot be read, or unpacked, which is named at a place: by itself, or under a field of an inventory.
pub(super) fn cannot_read(shown: &str, place: &Place, under: Option<&str>, error: &std::io::Error) -> Vec<Diagnostic> {
    if let Some(fault) = Fault::carried(error) {
        return vec![fault.told(shown, place)];
    }
    let fault = Diagnostic::new(Code::CannotRead, format!("cannot read `{shown}`: {error}")).at(place.clone());
    vec![match under {
        Some(field) => fault.help(format!("paths under `{field}` are relative to the inventory file")),
        None => fault,
    }]
}

/// What is the same for all spellings of a path.
pub(super) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
