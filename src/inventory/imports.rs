//! Files to import.
//!
//! In: files that were named or found, and entries under `imports`. Out: what is imported of each, sealed where that is asked for.

use super::file::ImportFile;
use super::find::{self, Named};
use super::import::{self, Imported, Importer};
use super::reading::{Reading, cannot_read, identity};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, did_you_mean};
use crate::memory;
use crate::results;
use crate::source::{self, Input, Seal, Sealing};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file to import.
pub(super) struct ToImport {
    pub(super) path: PathBuf,
    pub(super) shown: Arc<str>,
    pub(super) from: Option<&'static dyn Importer>,
    pub(super) defaults: import::Defaults,
    /// Where an inventory names it.
    pub(super) place: Option<Place>,
    /// Whether it was named itself, and not its folder.
    pub(super) named: bool,
}

impl ToImport {
    /// What is the same for all spellings of its path.
    pub(super) fn identity(&self) -> PathBuf {
        identity(&self.path)
    }
}

/// The files that an entry under `imports` means.
pub(super) fn named_imports(import: &ImportFile, folder: &Path, at: &Place, faults: &mut Vec<Diagnostic>) -> Vec<ToImport> {
    let from = match &import.from {
        Some(id) => match import::named(&id.0) {
            Some(importer) => Some(importer),
            None => {
                let known: Vec<&str> = import::IMPORTERS.iter().map(|importer| importer.id()).collect();
                faults.push(
                    Diagnostic::new(Code::InvalidValue, format!("there is no source `{}`", id.0))
                        .at(at.clone())
                        .help(did_you_mean(&id.0, &known)),
                );
                return Vec::new();
            }
        },
        None => None,
    };
    let target = folder.join(&import.file.0);
    let mut found = Vec::new();
    let files: Vec<Named> = find::files(&[target], &mut found);
    faults.extend(found.into_iter().map(|fault| fault.at(at.clone())));
    let to_import = |(path, named): Named| ToImport {
        shown: path.display().to_string().into(),
        path,
        from,
        defaults: import::Defaults::of(import),
        place: Some(at.clone()),
        named,
    };
    files.into_iter().map(to_import).collect()
}

/// Imports a file, and seals it where that is asked for, and says whether it holds results of scanners, too; nothing where it
/// was found in a folder and is of no kind. `held`: the file where it was opened already and cannot be opened twice.
pub(super) fn read_import(
    from: ToImport,
    held: Option<Input>,
    catalog: &Catalog,
    tags: &BTreeSet<String>,
    reading: &Reading<'_>,
) -> Outcome<Option<(Imported, Option<Seal>, bool)>> {
    let shown = from.shown;
    let under = from.place.is_some().then_some("imports");
    let place = from.place.unwrap_or_else(|| Place::file(shown.clone()));
    let cannot = |error| cannot_read(&shown, &place, under, &error);
    let input = held.map_or_else(|| reading.open(&from.path).map_err(cannot), Ok)?;
    if !from.named && from.from.is_none() && !shown.ends_with(".tfstate") && import::recognise(input.head()).is_none() {
        return Ok(None);
    }
    if from.from.is_none()
        && let Some(format) = results::format::recognise(input.head())
    {
        return if from.named {
            Err(vec![is_of_scanner(&shown, format.name(), place)])
        } else {
            Ok(None)
        };
    }
    let importer = import::importer_of(input.head(), &shown, from.from, &place)?;
    // What can be read only once is read for its resources.
    let has_results = results::format::beside_resources(input.head()).is_some() && !source::is_stream(&from.path);
    let (head, rest, size) = match input {
        Input::Whole(bytes) => (bytes, None, None),
        Input::Long { head, rest, size } => (head, Some(rest), size),
    };
    let is_long = rest.is_some();
    if !is_long {
        memory::must_decode(head.len(), &shown).map_err(|fault| vec![fault.at(place.clone())])?;
    }
    let (sealing, rest) = if reading.seals {
        let sealing = Sealing::new(&head, rest.unwrap_or_else(|| Box::new(std::io::empty())));
        (Some(sealing.clone()), Some(Box::new(sealing) as Box<dyn Read + Send>))
    } else {
        (None, rest)
    };
    let stream = source::Stream {
        head,
        rest,
        is_long,
        size,
        file: shown.clone(),
        place: place.clone(),
        progress: reading.progress,
    };
    let context = import::Context {
        catalog,
        tags,
        defaults: &from.defaults,
    };
    let imported = import::import(stream, Some(importer), context)?;
    let seal = sealing.map(Sealing::finish).transpose().map_err(cannot)?;
    Ok(Some((imported, seal, has_results)))
}

/// That a file is to be imported, and holds what a scanner found.
fn is_of_scanner(file: &str, format: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ImportFailed,
        format!("`{file}` holds what a scanner found ({format}), and is no list of what is deployed"),
    )
    .at(place)
    .help("name it under `results` of an inventory, or behind `--results`; `cloudraci report` takes it alone, too")
}
