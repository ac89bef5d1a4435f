//! What inventory files and files to import say, before it is judged.
//!
//! In: paths. Out: which documents the inventories build on, so that the catalog knows them, and then one inventory.

use super::import::Imported;
use super::load::{self, Loaded};
use super::reading::Reading;
use super::validate::{Part, Validator};
use super::{Input as Source, enclosed, settle};
use crate::catalog::Catalog;
use crate::diagnostics::{Diagnostic, Outcome, Place, Severity, SourceMap, route};
use crate::results::Results;
use std::path::{Path, PathBuf};

/// What files say before it is judged: what an inventory names under `upstream` is to be in the catalog by then.
#[derive(Debug, Default)]
pub struct ReadFiles {
    pub(super) parts: Vec<Part>,
    pub(super) imported: Vec<Imported>,
    pub(super) inputs: Vec<Source>,
    pub(super) results: Results,
    pub(super) is_of_results: bool,
    /// Whether what was read is only written down, and nothing is shown by it.
    pub(super) is_written_down: bool,
    pub(super) faults: Vec<Diagnostic>,
}

impl ReadFiles {
    /// The documents that inventories name under `upstream`, each with where it is named.
    #[must_use]
    pub fn upstream(&self) -> Vec<(PathBuf, Place)> {
        let mut named = Vec::new();
        for part in &self.parts {
            let folder = Path::new(&*part.path).parent().unwrap_or(Path::new(""));
            for (index, file) in part.file.upstream.iter().enumerate() {
                let at = route(["upstream".into(), index.into()]);
                named.push((folder.join(&file.0), Place::value(&part.path, at)));
            }
        }
        named
    }

    /// Judges it and makes one inventory of it.
    ///
    /// # Errors
    /// Everything that is wrong in any of the files.
    pub fn merge(self, catalog: &Catalog) -> Outcome<Loaded> {
        let (mut faults, mut notes) = self
            .faults
            .into_iter()
            .partition::<Vec<_>, _>(|one| one.severity == Severity::Error);
        let mut validator = Validator::new(catalog);
        let mut inventory = validator.merge(self.parts, self.imported, self.inputs);
        enclosed::seal(&mut inventory.evidence);
        inventory.is_of_results = self.is_of_results;
        validator.found.extend(settle::services(&mut inventory, &self.results, catalog));
        if !self.is_written_down {
            settle::nothing_shown(&mut inventory, catalog);
        }
        inventory.results = self.results.into();
        let (errors, warnings) = validator
            .found
            .into_iter()
            .partition::<Vec<_>, _>(|one| one.severity == Severity::Error);
        faults.extend(errors);
        notes.extend(warnings);
        if faults.is_empty() {
            Ok(Loaded {
                inventory,
                warnings: notes,
            })
        } else {
            faults.extend(notes);
            Err(faults)
        }
    }

    /// Reads inventory files, folders of them, and files to import, in the sorted order of their paths. `sources` has their
    /// texts afterwards.
    #[must_use]
    pub fn from_files(paths: &[PathBuf], catalog: &Catalog, sources: &mut SourceMap, reading: &Reading<'_>) -> Self {
        load::read(paths, catalog, sources, reading)
    }
}
