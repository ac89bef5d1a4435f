//! Inventory files from disk.
//!
//! In: the paths that the user named. Out: one merged [`Inventory`], the texts for diagnostics, and warnings.

use super::file::{MatchFile, TagMatch};
use super::find;
use super::import::{self, Imported, Says};
use super::imports::{ToImport, named_imports, read_import};
use super::read::ReadFiles;
use super::reading::{Reading, identity};
use super::scanned::{self, ToRead};
use super::validate::Part;
use super::written::read_inventory;
use super::{Input as Source, Inventory};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity, SourceMap, route};
use crate::results;
use crate::source::{self, Input};
use crate::{limits, memory};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    let mut faults = Vec::new();
    let scans = scanned::asked(reading.results, &mut faults);
    let mut loading = Loading {
        catalog,
        sources,
        reading,
        faults,
        parts: Vec::new(),
        imports: Vec::new(),
        inputs: Vec::new(),
        scans,
        held: BTreeMap::new(),
        streams: BTreeSet::new(),
    };
    for (path, named) in find::files(paths, &mut loading.faults) {
        loading.file(path, named);
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
    /// What can be read only once, until it is imported.
    held: BTreeMap<PathBuf, Input>,
    streams: BTreeSet<PathBuf>,
}

impl Loading<'_> {
    /// Takes a file in as what its content tells that it is.
    fn file(&mut self, path: PathBuf, named: bool) {
        let file: Arc<str> = path.display().to_string().into();
        let is_stream = source::is_stream(&path);
        if is_stream && !self.streams.insert(identity(&path)) {
            return;
        }
        let input = match self.reading.open(&path) {
            Ok(input) => input,
            Err(error) => return self.cannot_read(&file, &error),
        };
        let is_state = path.extension().is_some_and(|extension| extension == "tfstate");
        let asked = self.reading.from.filter(|_| named);
        if asked.is_none() && !is_state && results::format::recognise(input.head()).is_some() {
            if self.reading.imports_only && !named {
                self.faults.push(skipped(&file));
                return;
            }
            if is_stream {
                self.held.insert(identity(&path), input);
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
                self.held.insert(identity(&path), input);
            }
            self.imports.push(ToImport {
                path,
                shown: file,
                from: asked,
                defaults: import::Defaults::default(),
                place: None,
                named,
            });
            return;
        }
        self.may_be_inventory(&path, file, input, named);
    }

    fn cannot_read(&mut self, file: &str, error: &io::Error) {
        self.faults
            .push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
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
        let is_too_long = matches!(&input, Input::Long { size: Some(size), .. } if *size > limits::FILE as u64);
        let cannot_be_one = !is_inventory && (is_table || is_too_long || import::is_report(input.head()));
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
            Err(error) => return self.cannot_read(&file, &error),
        };
        if let Err(fault) = memory::must_decode(bytes.len(), &file) {
            self.faults.push(fault.at(Place::file(file)));
            return;
        }
        match read_inventory(&bytes, &file, named, says, self.sources, &mut self.faults) {
            Ok(None) => {}
            Ok(Some(part)) => self.inventory(path, file, bytes, part),
            // A file of a folder that cannot be read and does not say that it is an inventory is somebody else's.
            Err(_) if !named && !is_inventory => {}
            Err(found) => self.faults.extend(found),
        }
    }

    /// Takes an inventory file in, with the files that it names.
    fn inventory(&mut self, path: &Path, file: Arc<str>, bytes: Vec<u8>, part: Part) {
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
            bytes: Some(bytes.into()),
            seal: None,
            source: None,
            is_results: false,
            is_upstream: false,
        });
        self.parts.push(part);
    }

    /// Imports what is to be imported.
    fn imported(&mut self, wanted: &BTreeSet<String>) -> Vec<Imported> {
        let mut imported = Vec::new();
        let mut imports = std::mem::take(&mut self.imports);
        // A file that an inventory names for import and that was named itself, too, is imported once, as the inventory says.
        imports.sort_by_key(|import| (import.place.is_none(), import.shown.clone()));
        let mut seen = BTreeSet::new();
        for import in imports {
            let identity = import.identity();
            if !seen.insert(identity.clone()) {
                continue;
            }
            let (path, file) = (import.shown.clone(), import.path.clone());
            match read_import(import, self.held.remove(&identity), self.catalog, wanted, self.reading) {
                Ok(Some((one, seal, has_results))) => {
                    if has_results && !self.reading.imports_only {
                        self.scans.push(ToRead::beside(file));
                    }
                    let source = Some(one.source);
                    self.inputs.push(Source {
                        path,
                        bytes: None,
                        seal,
                        source,
                        is_results: false,
                        is_upstream: false,
                    });
                    imported.push(one);
                }
                Ok(None) => {}
                Err(found) => self.faults.extend(found),
            }
        }
        imported
    }

    /// Reads what was found.
    fn finish(mut self, paths: &[PathBuf]) -> ReadFiles {
        let wanted = tags_of_rules(&self.parts);
        let mut imported = self.imported(&wanted);
        // What holds resources, too, is named already.
        let known: BTreeSet<Arc<str>> = self.inputs.iter().map(|input| input.path.clone()).collect();
        let (results, read) = scanned::read(self.scans, &mut self.held, self.reading, &mut self.faults);
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
            faults: self.faults,
        }
    }
}

/// That nothing of what was named holds anything, or that nothing was named.
fn no_inventory(paths: &[PathBuf]) -> Diagnostic {
    match paths {
        [] => Diagnostic::new(Code::NoInventory, "there is no inventory to report on")
            .help("name an inventory file or folder, or write one with `cloudraci init`"),
        paths => {
            let names: Vec<String> = paths.iter().take(5).map(|path| format!("`{}`", path.display())).collect();
            let more = if paths.len() > 5 { ", ..." } else { "" };
            Diagnostic::new(
                Code::NoInventory,
                format!("there is neither an inventory nor anything to import in {}{more}", names.join(", ")),
            )
            .help("an inventory begins with `inventory: 1`; name a file by itself to learn what is missing")
        }
    }
}

fn skipped(file: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportSkipped,
        format!("`{file}` is not of a kind that can be imported, and is passed over"),
    )
    .at(Place::file(file))
    .help("name it by itself to learn more")
}

/// The resources that scanners saw.
fn seen_by_scanners(results: &results::Results, catalog: &Catalog, tags: &BTreeSet<String>) -> Outcome<Vec<Imported>> {
    let context = import::Context {
        catalog,
        tags,
        defaults: &import::Defaults::default(),
    };
    import::scanned::of_results(results, context)
}

/// The tags that any selector looks at.
fn tags_of_rules(parts: &[Part]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |matches: &MatchFile| match &matches.tag {
        Some(TagMatch::Words(words)) => keys.extend(words.texts().iter().map(|word| {
            let (key, _) = word.0.split_once('=').unwrap_or((&word.0, ""));
            key.to_owned()
        })),
        Some(TagMatch::Map(map)) => keys.extend(map.keys().cloned()),
        None => {}
    };
    for part in parts {
        part.file
            .assignments
            .iter()
            .filter_map(|rule| rule.matches.as_ref())
            .for_each(&mut add);
        part.file.exceptions.iter().map(|one| &one.matches).for_each(&mut add);
        part.file.evidence.iter().map(|one| &one.matches).for_each(&mut add);
        let keeps = part.file.handover.iter().flat_map(|handover| &handover.keeps);
        keeps.map(|keep| &keep.matches).for_each(&mut add);
    }
    keys
}
