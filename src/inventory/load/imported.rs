//! Files to import, once all of them are known.
//!
//! In: files that were named or found, and those that inventories name. Out: what is imported of each, once; the inputs that it was
//! read from, and the results of scanners that lie beside resources.

use super::Loading;
use super::faults::skipped;
use crate::inventory::Input as Source;
use crate::inventory::assembly;
use crate::inventory::deployed::{self, Deployed};
use crate::inventory::import::{self, Imported};
use crate::inventory::imports::{BesideResources, Importing, One, ReadImport, Several, Taken, ToImport, Wants};
use crate::inventory::scanned::ToRead;
use crate::source::Seal;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

impl Loading<'_> {
    /// Notes a file that is to be imported.
    pub(super) fn import_later(&mut self, path: PathBuf, shown: Arc<str>, named: bool) {
        self.imports.push(ToImport {
            path,
            shown,
            from: self.reading.from.filter(|_| named),
            defaults: import::Defaults::default(),
            place: None,
            named,
            assembly: None,
        });
    }

    /// Imports what is to be imported.
    pub(super) fn imported(&mut self, wanted: &BTreeSet<String>) -> Vec<Imported> {
        let mut imported = Vec::new();
        let mut imports = std::mem::take(&mut self.imports);
        // A file that an inventory names for import and that was named itself, too, is imported once, as the inventory says.
        imports.sort_by_key(|import| (import.place.is_none(), import.shown.clone()));
        let mut seen = BTreeSet::new();
        let importing = Importing {
            catalog: self.catalog,
            tags: wanted,
            reading: self.reading,
        };
        let mut several = Vec::new();
        for mut import in imports {
            let identity = import.identity();
            if !seen.insert(identity.clone()) || (!import.named && self.assemblies.pass_over(&import.path)) {
                continue;
            }
            import.assembly = self.assemblies.of(&import.path);
            let assembly = import.assembly.clone();
            let is_loose = !import.named && assembly.as_ref().is_some_and(|assembly| !assembly.deploys(&import.path));
            let (shown, file) = (import.shown.clone(), import.path.clone());
            let is_asked = self.scans.iter().any(|scan| scan.identity() == identity);
            let wants = Wants {
                results: !is_asked && import.place.is_none() && (import.named || !self.reading.imports_only),
                beside: !is_asked && !self.reading.imports_only,
            };
            match importing.read(import, self.held.remove(&identity), wants) {
                Ok(Taken::One(one)) => match one.single() {
                    Ok(read) => imported.push(Deployed {
                        shown,
                        file,
                        identity,
                        assembly,
                        is_loose,
                        read,
                    }),
                    Err(one) => several.extend(self.documents(shown, file, *one)),
                },
                Ok(Taken::Several(archive)) => several.extend(self.several(shown, *archive)),
                Ok(Taken::Nothing) => {}
                Err(found) => self.faults.extend(found),
            }
        }
        let imported = deployed::once(imported, &mut self.faults);
        let mut imported: Vec<Imported> = imported.into_iter().map(|one| self.take(one)).chain(several).collect();
        import::settle(&mut imported, self.catalog);
        import::settle_keys(&mut imported);
        imported
    }

    /// Notes what was read for an import.
    fn take(&mut self, one: Deployed) -> Imported {
        let ReadImport {
            imported,
            seal,
            results,
            beside,
        } = one.read;
        self.beside(one.file, results);
        let mut input = |path: Arc<str>, seal: Option<Seal>, source: &'static str| {
            if self.inputs.iter().any(|known| known.path == path) {
                return;
            }
            self.inputs.push(Source {
                path,
                bytes: None,
                seal,
                source: Some(source),
                is_results: false,
                is_upstream: false,
            });
        };
        if let Some(assembly) = &one.assembly {
            input(assembly.manifest.display().to_string().into(), Some(assembly.seal), assembly::NAME);
        }
        input(one.shown, seal, imported.source);
        for (path, seal) in beside {
            input(path.display().to_string().into(), Some(seal), imported.source);
        }
        imported
    }

    /// Notes what a file of resources holds of results of scanners.
    fn beside(&mut self, file: PathBuf, results: BesideResources) {
        match results {
            _ if self.reading.imports_only => {}
            BesideResources::No => {}
            BesideResources::May => self.scans.push(ToRead::beside(file)),
            BesideResources::Read(read) => self.read.push((ToRead::beside(file), *read)),
        }
    }

    /// Takes in the documents of a file of several.
    fn documents(&mut self, shown: Arc<str>, file: PathBuf, one: One) -> Vec<Imported> {
        self.beside(file, one.results);
        self.inputs.push(of_import(shown, one.source, one.seal));
        one.imported
    }

    /// Takes in what an archive holds.
    fn several(&mut self, path: Arc<str>, several: Several) -> Vec<Imported> {
        let (words, seal) = several.archive;
        self.faults.extend(several.faults);
        // Where resources are asked for and some are there, those that scanners saw are not.
        if self.reading.imports_only && !several.imported.is_empty() {
            let skipped_ones = several.scans.iter().map(|(file, _)| skipped(&file.shown));
            self.faults.extend(skipped_ones);
        } else {
            self.read.extend(several.scans);
        }
        if !several.imported.is_empty() {
            self.inputs.push(of_import(path, words, seal));
        }
        for one in &several.imported {
            self.inputs.push(of_import(one.file.clone(), one.source, None));
        }
        several.imported
    }
}

/// A file that was imported, as it is told.
fn of_import(path: Arc<str>, source: &'static str, seal: Option<Seal>) -> Source {
    Source {
        path,
        bytes: None,
        seal,
        source: Some(source),
        is_results: false,
        is_upstream: false,
    }
}
