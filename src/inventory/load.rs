//! Inventory files from disk.
//!
//! In: the paths that the user named. Out: one merged [`Inventory`], the texts for diagnostics, and warnings.

use super::file::{ImportFile, InventoryFile, MatchFile, TagMatch};
use super::find::{self, Named};
use super::import::{self, Imported, Importer};
use super::input::{self, Input, Seal, Sealing};
use super::validate::{Part, Validator};
use super::{Input as Source, Inventory, blank, shape, tree};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity, SourceMap, Spot, Step, did_you_mean};
use serde::Deserialize;
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
    pub progress: Option<import::Watch<'a>>,
    /// Whether each file to import is sealed: the checksum of what was read of it is taken.
    pub seals: bool,
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
fn identity(path: &Path) -> PathBuf {
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
    let mut faults = Vec::new();
    let mut parts = Vec::new();
    let mut imports = Vec::new();
    let mut inputs = Vec::new();
    // What can be read only once is held until it is imported.
    let (mut held, mut streams) = (BTreeMap::new(), BTreeSet::new());
    for (path, named) in find::files(paths, &mut faults) {
        let file: Arc<str> = path.display().to_string().into();
        let is_stream = input::is_stream(&path);
        if is_stream && !streams.insert(identity(&path)) {
            continue;
        }
        let input = match Input::open(&path) {
            Ok(input) => input,
            Err(error) => {
                faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
                continue;
            }
        };
        let is_state = path.extension().is_some_and(|extension| extension == "tfstate");
        let asked = reading.from.filter(|_| named);
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
        let is_inventory = looks_like_inventory(input.head());
        if reading.imports_only && is_inventory {
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
        let cannot_be_one = !is_inventory && (is_table || import::is_report(input.head()) || is_of_no_kind(input.head()));
        if reading.imports_only || cannot_be_one {
            if named {
                let place = Place::file(file.clone());
                faults.extend(import::importer_of(input.head(), &file, None, &place).err().unwrap_or_default());
            } else if reading.imports_only {
                faults.push(skipped(&file));
            }
            continue;
        }
        let bytes = match input.whole(if is_inventory { u64::MAX } else { input::MOST }) {
            Ok(Some(bytes)) => bytes,
            Ok(None) if named => {
                faults.push(too_large(&file));
                continue;
            }
            Ok(None) => continue,
            Err(error) => {
                faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
                continue;
            }
        };
        match read_inventory(&bytes, &file, named, sources, &mut faults) {
            Ok(None) => {}
            Ok(Some(part)) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                for (index, import) in part.file.imports.iter().enumerate() {
                    let at = Place::value(&file, crate::diagnostics::route(["imports".into(), index.into(), "file".into()]));
                    imports.extend(named_imports(import, folder, &at, &mut faults));
                }
                inputs.push(Source {
                    path: file,
                    bytes: Some(bytes.into()),
                    seal: None,
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
        let path = import.shown.clone();
        match read_import(import, held.remove(&identity), catalog, &wanted, reading) {
            Ok(Some((one, seal))) => {
                inputs.push(Source { path, bytes: None, seal });
                imported.push(one);
            }
            Ok(None) => {}
            Err(found) => faults.extend(found),
        }
    }
    let (mut faults, mut notes) = faults.into_iter().partition::<Vec<_>, _>(|one| one.severity == Severity::Error);
    if parts.is_empty() && imported.is_empty() && faults.is_empty() {
        faults.push(
            Diagnostic::new(Code::NoInventory, "there is no inventory to report on")
                .help("name an inventory file or folder, or write one with `cloudraci init`"),
        );
    }
    let mut validator = Validator::new(catalog);
    let inventory = validator.merge(parts, imported, inputs);
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

/// The value of an inventory's text.
///
/// # Errors
/// What keeps it from being decoded, keys that stand twice included.
pub(crate) fn decoded(text: &str, file: &Arc<str>) -> Outcome<Value> {
    let tree = tree::decode(text, file)?;
    if tree.faults.is_empty() { Ok(tree.value) } else { Err(tree.faults) }
}

/// Whether a file says that it is an inventory.
fn looks_like_inventory(head: &[u8]) -> bool {
    let head = &head[..head.len().min(1024 * 1024)];
    let is_field = |line: &[u8]| {
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        let inner = line.trim_ascii_start();
        let inner = inner.strip_prefix(b"{").unwrap_or(inner).trim_ascii_start();
        line.starts_with(b"inventory:") || inner.starts_with(b"\"inventory\"")
    };
    head.split(|byte| *byte == b'\n').any(is_field)
}

/// Whether a file that holds something has nothing of an inventory, so that it is judged as what could be imported.
fn is_of_no_kind(head: &[u8]) -> bool {
    const FIELDS: &[&str] = &[
        "title",
        "organization",
        "system",
        "parties",
        "assignments",
        "accounts",
        "resources",
        "imports",
        "exceptions",
        "evidence",
        "handover",
        "revisions",
    ];
    let is_content = |line: &[u8]| !line.trim_ascii().is_empty() && !line.trim_ascii_start().starts_with(b"#");
    head.split(|byte| *byte == b'\n').any(is_content) && !import::has_key(head, FIELDS)
}

fn skipped(file: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportSkipped,
        format!("`{file}` is not of a kind that can be imported, and is passed over"),
    )
    .at(Place::file(file))
    .help("name it by itself to learn more")
}

fn too_large(file: &str) -> Diagnostic {
    Diagnostic::new(Code::FileTooLarge, format!("`{file}` is too large to be read whole"))
        .at(Place::file(file))
        .help("state, AWS Config, tagging, Resource Explorer and CSV are read piece by piece; other files may have 256 MiB")
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

/// One inventory file. In a folder, files that are no inventories (templates, overlays) are passed over. What is wrong in
/// its shape is added to `faults` and left out, so that the rest of it can be judged in the same run.
fn read_inventory(
    bytes: &[u8],
    file: &Arc<str>,
    named: bool,
    sources: &mut SourceMap,
    faults: &mut Vec<Diagnostic>,
) -> Outcome<Option<Part>> {
    let text: Arc<str> = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).into(),
        Err(error) => {
            return Err(vec![
                Diagnostic::new(Code::CannotRead, format!("`{file}` is not UTF-8 text: {error}")).help("save the file as UTF-8"),
            ]);
        }
    };
    sources.insert(file.clone(), text.clone());
    let mut tree = tree::decode(&text, file)?;
    if !named && tree.value.get("inventory").is_none() {
        return Ok(None);
    }
    faults.append(&mut tree.faults);
    faults.extend(blank::faults(&tree.value, file));
    let part = |decoded| {
        Some(Part {
            file: decoded,
            path: file.clone(),
        })
    };
    let error = match InventoryFile::deserialize(&tree.value) {
        Ok(decoded) => return Ok(part(decoded)),
        Err(error) => error,
    };
    let schema = schemars::schema_for!(InventoryFile);
    let found = shape::faults(&tree.value, schema.as_value(), file);
    if found.is_empty() {
        return Err(vec![
            Diagnostic::new(Code::WrongType, error.to_string()).at(Place::file(file.clone())),
        ]);
    }
    for (place, _) in found.iter().flat_map(|fault| &fault.places) {
        if let Spot::Key(route) | Spot::Value(route) = &place.spot {
            remove(&mut tree.value, &route.0);
        }
    }
    faults.extend(found);
    Ok(InventoryFile::deserialize(&tree.value).ok().and_then(part))
}

/// Takes a field out of a tree. Items of lists stay, since the places of those behind them would move.
fn remove(tree: &mut Value, route: &[Step]) {
    match (tree, route) {
        (Value::Object(fields), [Step::Key(last)]) => {
            fields.shift_remove(&**last);
        }
        (Value::Object(fields), [Step::Key(first), rest @ ..]) => {
            if let Some(inner) = fields.get_mut(&**first) {
                remove(inner, rest);
            }
        }
        (Value::Array(items), [Step::Index(first), rest @ ..]) if !rest.is_empty() => {
            if let Some(inner) = items.get_mut(*first) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

/// Imports a file, and seals it where that is asked for; nothing where it was found in a folder and is of no kind. `held`:
/// the file where it was opened already and cannot be opened twice.
fn read_import(
    from: ToImport,
    held: Option<Input>,
    catalog: &Catalog,
    tags: &BTreeSet<String>,
    reading: &Reading<'_>,
) -> Outcome<Option<(Imported, Option<Seal>)>> {
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
        None => Input::open(&from.path).map_err(cannot)?,
    };
    if !from.named && from.from.is_none() && !shown.ends_with(".tfstate") && import::recognise(input.head()).is_none() {
        return Ok(None);
    }
    let importer = import::importer_of(input.head(), &shown, from.from, &place)?;
    let bytes = match input {
        Input::Long { head, rest, size } if importer.streams(&head) => {
            let (sealing, rest) = if reading.seals {
                let sealing = Sealing::new(&head, rest);
                (Some(sealing.clone()), Box::new(sealing) as Box<dyn Read + Send>)
            } else {
                (None, rest)
            };
            let long = import::Long {
                head,
                rest,
                size,
                file: &shown,
                place: &place,
                defaults: &from.defaults,
                catalog,
                tags,
                progress: reading.progress,
            };
            let imported = import::import_long(importer, long)?;
            let seal = sealing.map(Sealing::finish).transpose().map_err(cannot)?;
            return Ok(Some((imported, seal)));
        }
        other => other.whole(input::MOST).map_err(cannot)?,
    };
    match bytes {
        Some(bytes) => {
            let seal = reading.seals.then(|| Seal::of(&bytes));
            let imported = import::import(&bytes, &shown, Some(importer), &from.defaults, &place, catalog)?;
            Ok(Some((imported, seal)))
        }
        None => Err(vec![too_large(&shown)]),
    }
}
