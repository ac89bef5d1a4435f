//! Inventory files from disk.
//!
//! In: the paths that the user named. Out: one merged [`Inventory`], the texts for diagnostics, and warnings.

use super::file::{ImportFile, MatchFile, TagMatch};
use super::find::{self, Named};
use super::import::{self, Imported, Importer, Says};
use super::read::ReadFiles;
use super::scanned::{self, ToRead};
use super::validate::Part;
use super::written::read_inventory;
use super::{Input as Source, Inventory};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity, SourceMap, did_you_mean};
use crate::results;
use crate::source::{self, Input, Seal, Sealing};
use crate::text;
use crate::{limits, memory};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
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
    /// Files, folders and patterns of scanners' results beside the inventory's own.
    pub results: &'a [PathBuf],
}

impl Reading<'_> {
    pub(super) fn open(&self, path: &Path) -> std::io::Result<Input> {
        Input::open(path, self.long_from.unwrap_or(source::WHOLE))
    }
}

/// A file to import.
struct ToImport {
    path: PathBuf,
    shown: Arc<str>,
    from: Option<&'static dyn Importer>,
    defaults: import::Defaults,
    /// Where an inventory names it.
    place: Option<Place>,
    /// Whether it was named itself, and not its folder.
    named: bool,
}

impl ToImport {
    /// What is the same for all spellings of its path.
    fn identity(&self) -> PathBuf {
        identity(&self.path)
    }
}

/// What is the same for all spellings of a path.
pub(super) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
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
    let mut parts = Vec::new();
    let mut imports = Vec::new();
    let mut inputs = Vec::new();
    // What can be read only once is held until it is imported.
    let (mut held, mut streams) = (BTreeMap::new(), BTreeSet::new());
    let mut scans = scanned::asked(reading.results, &mut faults);
    for (path, named) in find::files(paths, &mut faults) {
        let file: Arc<str> = path.display().to_string().into();
        let is_stream = source::is_stream(&path);
        if is_stream && !streams.insert(identity(&path)) {
            continue;
        }
        let input = match reading.open(&path) {
            Ok(input) => input,
            Err(error) => {
                faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
                continue;
            }
        };
        let is_state = path.extension().is_some_and(|extension| extension == "tfstate");
        let asked = reading.from.filter(|_| named);
        if asked.is_none() && !is_state && results::format::recognise(input.head()).is_some() {
            if reading.imports_only && !named {
                faults.push(skipped(&file));
                continue;
            }
            if is_stream {
                held.insert(identity(&path), input);
            }
            scans.push(ToRead::found(path, named));
            continue;
        }
        // Files of such names hold nothing else that is of use here.
        if asked.is_none() && !named && find::may_be_results_only(&path) {
            continue;
        }
        if asked.is_some() || is_state || import::recognise(input.head()).is_some() {
            if is_stream {
                held.insert(identity(&path), input);
            }
            imports.push(ToImport {
                path,
                shown: file,
                from: asked,
                defaults: import::Defaults::default(),
                place: None,
                named,
            });
            continue;
        }
        let says = import::says(input.head());
        let is_inventory = says != Says::Nothing;
        if reading.imports_only && says == Says::Version {
            if named {
                faults.push(
                    Diagnostic::new(Code::ImportFailed, format!("`{file}` is an inventory already"))
                        .at(Place::file(file))
                        .help("name what it is to be made of; `-o` renews an inventory"),
                );
            }
            continue;
        }
        let is_table = path.extension().is_some_and(|ending| ending == "csv" || ending == "tsv");
        // Of what is too long to be read whole its beginning tells what it is, as it does to `import`.
        let is_too_long = matches!(&input, Input::Long { size: Some(size), .. } if *size > limits::FILE as u64);
        let cannot_be_one = !is_inventory && (is_table || is_too_long || import::is_report(input.head()));
        if reading.imports_only || cannot_be_one {
            if named {
                let place = Place::file(file.clone());
                faults.extend(import::importer_of(input.head(), &file, None, &place).err().unwrap_or_default());
            } else if reading.imports_only {
                faults.push(skipped(&file));
            }
            continue;
        }
        let bytes = match input.whole(if is_inventory { limits::INVENTORY } else { limits::FILE } as u64) {
            Ok(Some(bytes)) => bytes,
            Ok(None) if named => {
                faults.push(source::too_large(&file));
                continue;
            }
            Ok(None) => continue,
            Err(error) => {
                faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
                continue;
            }
        };
        if let Err(fault) = memory::must_decode(bytes.len(), &file) {
            faults.push(fault.at(Place::file(file.clone())));
            continue;
        }
        match read_inventory(&bytes, &file, named, says, sources, &mut faults) {
            Ok(None) => {}
            Ok(Some(part)) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                for (index, import) in part.file.imports.iter().enumerate() {
                    let at = Place::value(&file, crate::diagnostics::route(["imports".into(), index.into(), "file".into()]));
                    imports.extend(named_imports(import, folder, &at, &mut faults));
                }
                for (index, entry) in part.file.results.iter().enumerate() {
                    let at = crate::diagnostics::route(["results".into(), index.into()]);
                    scans.extend(scanned::entry(entry, folder, &file, &at, &mut faults));
                }
                inputs.push(Source {
                    path: file,
                    bytes: Some(bytes.into()),
                    seal: None,
                    source: None,
                    is_results: false,
                    is_upstream: false,
                });
                parts.push(part);
            }
            // A file of a folder that cannot be read and does not say that it is an inventory is somebody else's.
            Err(_) if !named && !is_inventory => {}
            Err(found) => faults.extend(found),
        }
    }
    let wanted = tags_of_rules(&parts);
    let mut imported = Vec::new();
    // A file that an inventory names for import and that was named itself, too, is imported once, as the inventory says.
    imports.sort_by_key(|import| (import.place.is_none(), import.shown.clone()));
    let mut seen = BTreeSet::new();
    for import in imports {
        let identity = import.identity();
        if !seen.insert(identity.clone()) {
            continue;
        }
        let (path, file) = (import.shown.clone(), import.path.clone());
        match read_import(import, held.remove(&identity), catalog, &wanted, reading) {
            Ok(Some((one, seal, has_results))) => {
                if has_results && !reading.imports_only {
                    scans.push(ToRead::beside(file));
                }
                let source = Some(one.source);
                inputs.push(Source {
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
            Err(found) => faults.extend(found),
        }
    }
    // What holds resources, too, is named already.
    let known: BTreeSet<Arc<str>> = inputs.iter().map(|input| input.path.clone()).collect();
    let (results, read) = scanned::read(scans, &mut held, reading, &mut faults);
    inputs.extend(read.into_iter().filter(|read| !known.contains(&read.path)));
    let tells = |part: &Part| !part.file.resources.is_empty() || !part.file.imports.is_empty();
    let nothing_tells = imported.is_empty() && !parts.iter().any(tells);
    let is_of_results = !results.is_empty() && (nothing_tells || reading.imports_only);
    if is_of_results {
        match seen_by_scanners(&results, catalog, &wanted) {
            Ok(seen) => imported.extend(seen),
            Err(found) => faults.extend(found),
        }
    }
    if parts.is_empty() && imported.is_empty() && faults.iter().all(|one| one.severity != Severity::Error) {
        faults.push(no_inventory(paths));
    }
    ReadFiles {
        parts,
        imported,
        inputs,
        results,
        is_of_results,
        faults,
    }
}

/// The value of an inventory's text.
///
/// # Errors
/// What keeps it from being decoded, keys that stand twice included.
pub(crate) fn decoded(text: &str, file: &Arc<str>) -> Outcome<Value> {
    let tree = text::decode(text, file)?;
    if tree.faults.is_empty() { Ok(tree.value) } else { Err(tree.faults) }
}

/// Adds the text of a file to those that diagnostics point into. Whatever does not say that it was written for this program
/// may hold anything, and is not quoted.
pub(crate) fn add_source(file: &Arc<str>, text: &Arc<str>, sources: &mut SourceMap) {
    if import::says(text.as_bytes()) == Says::Version {
        sources.insert(file.clone(), text.clone());
    } else {
        sources.insert_unquoted(file.clone(), text.clone());
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

/// That a file is to be imported, and holds what a scanner found.
fn is_of_scanner(file: &str, format: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ImportFailed,
        format!("`{file}` holds what a scanner found ({format}), and is no list of what is deployed"),
    )
    .at(place)
    .help("name it under `results` of an inventory, or behind `--results`; `cloudraci report` takes it alone, too")
}

fn skipped(file: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportSkipped,
        format!("`{file}` is not of a kind that can be imported, and is passed over"),
    )
    .at(Place::file(file))
    .help("name it by itself to learn more")
}

/// The files that an entry under `imports` means.
fn named_imports(import: &ImportFile, folder: &Path, at: &Place, faults: &mut Vec<Diagnostic>) -> Vec<ToImport> {
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

/// Imports a file, and seals it where that is asked for, and says whether it holds results of scanners, too; nothing where it
/// was found in a folder and is of no kind. `held`: the file where it was opened already and cannot be opened twice.
fn read_import(
    from: ToImport,
    held: Option<Input>,
    catalog: &Catalog,
    tags: &BTreeSet<String>,
    reading: &Reading<'_>,
) -> Outcome<Option<(Imported, Option<Seal>, bool)>> {
    let shown = from.shown;
    let is_import = from.place.is_some();
    let place = from.place.unwrap_or_else(|| Place::file(shown.clone()));
    let cannot = |error: std::io::Error| {
        let fault = Diagnostic::new(Code::CannotRead, format!("cannot read `{shown}`: {error}")).at(place.clone());
        vec![if is_import {
            fault.help("paths under `imports` are relative to the inventory file")
        } else {
            fault
        }]
    };
    let input = match held {
        Some(input) => input,
        None => reading.open(&from.path).map_err(cannot)?,
    };
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
