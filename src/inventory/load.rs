//! Inventory files from disk.
//!
//! In: the paths that the user named. Out: one merged [`Inventory`], the texts for diagnostics, and warnings.

mod faults;
mod imported;
mod tags;

pub use tags::tags_of_files;

use super::assembly::Assemblies;
use super::find;
use super::import::{self, Imported, Says};
use super::imports::{ToImport, named_imports};
use super::read::ReadFiles;
use super::reading::{Reading, identity};
use super::scanned::{self, ToRead};
use super::validate::Part;
use super::written::read_inventory;
use super::{Input as Source, Inventory};
use crate::catalog::Catalog;
use crate::diagnostics::{Bytes, Code, Diagnostic, Outcome, Place, Severity, SourceMap, route};
use crate::results;
use crate::source::{self, Fault, Input, Opened};
use crate::{limits, memory};
use faults::{is_packed, no_inventory, skipped};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tags::tags_of_rules;

/// What loading gives.
#[derive(Debug)]
pub struct Loaded {
    /// The merged inventory.
    pub inventory: Inventory,
    /// What is worth telling although loading succeeded.
    pub warnings: Vec<Diagnostic>,
}

/// Loads and merges inventory files, folders of them, and files to import, in the sorted order of their paths.
///
/// # Errors
/// Everything that is wrong in any of the files. `sources` has their texts in any case.
pub fn load(paths: &[PathBuf], catalog: &Catalog, sources: &mut SourceMap) -> Outcome<Loaded> {
    load_with(paths, catalog, sources, &Reading::default())
}

/// As [`load`], in a way of the caller's.
///
/// # Errors
/// As [`load`].
pub fn load_with(paths: &[PathBuf], catalog: &Catalog, sources: &mut SourceMap, reading: &Reading<'_>) -> Outcome<Loaded> {
    ReadFiles::from_files(paths, catalog, sources, reading).merge(catalog)
}

/// Reads files; [`ReadFiles`] tells which.
pub(super) fn read(paths: &[PathBuf], catalog: &Catalog, sources: &mut SourceMap, reading: &Reading<'_>) -> ReadFiles {
    let mut loading = Loading::new(catalog, sources, reading);
    for (path, named) in find::files(paths, &mut loading.faults) {
        match loading.assemblies.folder_of(&path).filter(|_| named) {
            Some(folder) => {
                let files = find::files(&[folder], &mut loading.faults);
                files.into_iter().for_each(|(path, _)| loading.file(path, false));
            }
            None => loading.file(path, named),
        }
    }
    loading.finish(paths)
}

/// What was found so far.
struct Loading<'l> {
    catalog: &'l Catalog,
    sources: &'l mut SourceMap,
    reading: &'l Reading<'l>,
    faults: Vec<Diagnostic>,
    /// Inventory files.
    parts: Vec<Part>,
    imports: Vec<ToImport>,
    inputs: Vec<Source>,
    /// Files of scanners' results.
    scans: Vec<ToRead>,
    /// Results that were read along with an archive's resources.
    read: Vec<(ToRead, scanned::Read)>,
    /// The folders of files that programs write together.
    assemblies: Assemblies,
    /// What can be read only once, until it is imported.
    held: BTreeMap<PathBuf, Opened>,
    streams: BTreeSet<PathBuf>,
}

impl<'l> Loading<'l> {
    fn new(catalog: &'l Catalog, sources: &'l mut SourceMap, reading: &'l Reading<'l>) -> Self {
        let mut faults = Vec::new();
        let scans = scanned::asked(reading.results, &mut faults);
        Self {
            catalog,
            sources,
            reading,
            faults,
            parts: Vec::new(),
            imports: Vec::new(),
            inputs: Vec::new(),
            scans,
            read: Vec::new(),
            assemblies: Assemblies::default(),
            held: BTreeMap::new(),
            streams: BTreeSet::new(),
        }
    }
}

impl Loading<'_> {
    /// Takes a file in as what its content tells that it is.
    fn file(&mut self, path: PathBuf, named: bool) {
        if !named && self.assemblies.pass_over(&path) {
            return;
        }
        let file: Arc<str> = path.display().to_string().into();
        let is_stream = source::is_stream(&path);
        if is_stream && !self.streams.insert(identity(&path)) {
            return;
        }
        let input = match self.reading.open(&path) {
            Ok(Opened::File(input)) => input,
            Ok(archive) => {
                if is_stream {
                    self.held.insert(identity(&path), archive);
                }
                return self.import_later(path, file, named);
            }
            Err(error) => return self.cannot_read(&file, &error, named),
        };
        let is_state = path.extension().is_some_and(|extension| extension == "tfstate");
        let asked = self.reading.from.filter(|_| named);
        if asked.is_none() && !is_state && results::format::recognise(input.head()).is_some() {
            if self.reading.imports_only && !named {
                self.faults.push(skipped(&file));
                return;
            }
            if is_stream {
                self.held.insert(identity(&path), Opened::File(input));
            }
            self.scans.push(ToRead::found(path, named));
            return;
        }
        // Files of such names hold nothing else that is of use here.
        if asked.is_none() && !named && find::may_be_results_only(&path) {
            return;
        }
        if asked.is_some() || is_state || import::recognise(input.head()).is_some() {
            if is_stream {
                self.held.insert(identity(&path), Opened::File(input));
            }
            return self.import_later(path, file, named);
        }
        self.may_be_inventory(&path, file, input, named);
    }

    fn cannot_read(&mut self, file: &Arc<str>, error: &io::Error, named: bool) {
        self.faults.push(match Fault::carried(error) {
            // What a packed file of a folder holds need not be anybody's business.
            Some(fault) => Diagnostic {
                severity: if named { Severity::Error } else { Severity::Warning },
                ..fault.told(file, &Place::file(file.clone()))
            },
            None => Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")),
        });
    }

    /// Takes a file in that is neither of results nor to be imported.
    fn may_be_inventory(&mut self, path: &Path, file: Arc<str>, input: Input, named: bool) {
        let says = import::says(input.head());
        let is_inventory = says != Says::Nothing;
        if self.reading.imports_only && says == Says::Version {
            if named {
                self.faults.push(
                    Diagnostic::new(Code::ImportFailed, format!("`{file}` is an inventory already"))
                        .at(Place::file(file))
                        .help("name what it is to be made of; `-o` renews an inventory"),
                );
            }
            return;
        }
        let is_table = path.extension().is_some_and(|ending| ending == "csv" || ending == "tsv");
        // Of what is too long to be read whole its beginning tells what it is, as it does to `import`.
        let is_too_long = input.is_longer_than(limits::FILE as u64);
        let cannot_be_one = !is_inventory && (is_table || is_too_long || import::is_report(input.head()));
        if input.is_packed() && is_inventory && named {
            self.faults.push(is_packed(file));
            return;
        }
        let cannot_be_one = cannot_be_one || input.is_packed();
        if self.reading.imports_only || cannot_be_one {
            if named {
                let place = Place::file(file.clone());
                let fault = import::importer_of(input.head(), &file, None, &place).err();
                self.faults.extend(fault.unwrap_or_default());
            } else if self.reading.imports_only {
                self.faults.push(skipped(&file));
            }
            return;
        }
        let bytes = match input.whole(if is_inventory { limits::INVENTORY } else { limits::FILE } as u64) {
            Ok(Some(bytes)) => bytes,
            Ok(None) if named => return self.faults.push(source::too_large(&file)),
            Ok(None) => return,
            Err(error) => return self.cannot_read(&file, &error, named),
        };
        if let Err(fault) = memory::must_decode(bytes.len(), &file) {
            self.faults.push(fault.at(Place::file(file)));
            return;
        }
        match read_inventory(
            bytes,
            &file,
            named,
            says,
            (&mut *self.sources, self.reading.progress),
            &mut self.faults,
        ) {
            Ok(None) => {}
            Ok(Some((part, bytes))) => self.inventory(path, file, bytes, part),
            // A file of a folder that cannot be read and does not say that it is an inventory is somebody else's.
            Err(_) if !named && !is_inventory => {}
            Err(found) => self.faults.extend(found),
        }
    }

    /// Takes an inventory file in, with the files that it names.
    fn inventory(&mut self, path: &Path, file: Arc<str>, bytes: Bytes, part: Part) {
        if self.reading.rules_only {
            return self.parts.push(part);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        for (index, import) in part.file.imports.iter().enumerate() {
            let at = Place::value(&file, route(["imports".into(), index.into(), "file".into()]));
            self.imports.extend(named_imports(import, folder, &at, &mut self.faults));
        }
        for (index, entry) in part.file.results.iter().enumerate() {
            let at = route(["results".into(), index.into()]);
            self.scans.extend(scanned::entry(entry, folder, &file, &at, &mut self.faults));
        }
        self.inputs.push(Source {
            path: file,
            bytes: Some(bytes),
            seal: None,
            source: None,
            is_results: false,
            is_upstream: false,
        });
        self.parts.push(part);
    }

    /// Reads what was found.
    fn finish(mut self, paths: &[PathBuf]) -> ReadFiles {
        let wanted = tags_of_rules(&self.parts);
        let mut imported = self.imported(&wanted);
        // What holds resources, too, is named already.
        let known: BTreeSet<Arc<str>> = self.inputs.iter().map(|input| input.path.clone()).collect();
        let (results, read) = scanned::read(self.scans, self.read, &mut self.held, self.reading, &mut self.faults);
        self.inputs.extend(read.into_iter().filter(|read| !known.contains(&read.path)));
        let tells = |part: &Part| !part.file.resources.is_empty() || !part.file.imports.is_empty();
        let nothing_tells = imported.is_empty() && !self.parts.iter().any(tells);
        let is_of_results = !results.is_empty() && (nothing_tells || self.reading.imports_only);
        if is_of_results {
            match seen_by_scanners(&results, self.catalog, &wanted) {
                Ok(seen) => imported.extend(seen),
                Err(found) => self.faults.extend(found),
            }
        }
        if self.parts.is_empty() && imported.is_empty() && self.faults.iter().all(|one| one.severity != Severity::Error) {
            self.faults.push(no_inventory(paths));
        }
        ReadFiles {
            parts: self.parts,
            imported,
            inputs: self.inputs,
            results,
            is_of_results,
            is_written_down: self.reading.imports_only,
            faults: self.faults,
        }
    }
}

/// The resources that scanners saw.
fn seen_by_scanners(results: &results::Results, catalog: &Catalog, tags: &BTreeSet<String>) -> Outcome<Vec<Imported>> {
    let context = import::Context {
        catalog,
        tags,
        defaults: &import::Defaults::default(),
        beside: None,
        with_results: false,
    };
    import::scanned::of_results(results, context)
}
