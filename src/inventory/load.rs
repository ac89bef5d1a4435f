//! Inventory files from disk.
//!
//! In: the paths that the user named. Out: one merged [`Inventory`], the texts for diagnostics, and warnings.

use super::file::InventoryFile;
use super::import::{self, Imported};
use super::validate::{Part, Validator};
use super::{Input, Inventory, shape, tree};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap, Spot, Step};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
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
    let mut faults = Vec::new();
    let files = find(paths, &mut faults);
    let mut parts = Vec::new();
    let mut imports: Vec<(PathBuf, Arc<str>, import::Defaults, Option<Place>)> = Vec::new();
    let mut inputs = Vec::new();
    for (path, named) in files {
        let file: Arc<str> = path.display().to_string().into();
        let bytes = match read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")));
                continue;
            }
        };
        if import::recognise(&bytes).is_some() || path.extension().is_some_and(|extension| extension == "tfstate") {
            imports.push((path, file, import::Defaults::default(), None));
            continue;
        }
        match read_inventory(&bytes, &file, named, sources, &mut faults) {
            Ok(None) => {}
            Ok(Some(part)) => {
                for (index, import) in part.file.imports.iter().enumerate() {
                    let at = Place::value(&file, crate::diagnostics::route(["imports".into(), index.into(), "file".into()]));
                    let folder = path.parent().unwrap_or(Path::new(""));
                    let target = folder.join(&import.file.0);
                    let shown: Arc<str> = target.display().to_string().into();
                    imports.push((target, shown, import::Defaults::of(import), Some(at)));
                }
                inputs.push(Input {
                    path: file,
                    bytes: Some(bytes.into()),
                });
                parts.push(part);
            }
            Err(found) => faults.extend(found),
        }
    }
    let mut imported = Vec::new();
    // A file that an inventory names for import and that was named itself, too, is imported once, as the inventory says.
    imports.sort_by_key(|(_, shown, _, place)| (place.is_none(), shown.clone()));
    let mut seen = BTreeSet::new();
    for (path, shown, defaults, place) in imports {
        if !seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            continue;
        }
        match read_import(&path, &shown, &defaults, place) {
            Ok(one) => {
                inputs.push(Input { path: shown, bytes: None });
                imported.push(one);
            }
            Err(found) => faults.extend(found),
        }
    }
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
        .partition::<Vec<_>, _>(|one| one.severity == crate::diagnostics::Severity::Error);
    faults.extend(errors);
    if faults.is_empty() {
        Ok(Loaded { inventory, warnings })
    } else {
        faults.extend(warnings);
        Err(faults)
    }
}

/// A file's bytes; `-` is standard input.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return std::fs::read(path);
    }
    // Read once, however often it is asked for.
    static INPUT: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    if let Some(bytes) = INPUT.get() {
        return Ok(bytes.clone());
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
    Ok(INPUT.get_or_init(|| bytes).clone())
}

/// The files that the paths mean, in sorted order, each with whether the user named it itself.
fn find(paths: &[PathBuf], faults: &mut Vec<Diagnostic>) -> Vec<(PathBuf, bool)> {
    let mut files = BTreeSet::new();
    for path in paths {
        if !path.is_dir() {
            files.insert((path.clone(), true));
            continue;
        }
        let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        for entry in walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| !hidden(entry))
        {
            match entry {
                Ok(entry) => {
                    let extension = entry.path().extension().map(|extension| extension.to_string_lossy().to_lowercase());
                    let fits = matches!(extension.as_deref(), Some("yaml" | "yml" | "json" | "tfstate" | "csv" | "template"));
                    if entry.file_type().is_file() && fits {
                        files.insert((entry.path().to_owned(), false));
                    }
                }
                Err(error) => {
                    faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read a folder: {error}")));
                }
            }
        }
    }
    files.into_iter().collect()
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

fn read_import(path: &Path, shown: &Arc<str>, defaults: &import::Defaults, place: Option<Place>) -> Outcome<Imported> {
    let place = place.unwrap_or_else(|| Place::file(shown.clone()));
    let bytes = read(path).map_err(|error| {
        vec![
            Diagnostic::new(Code::CannotRead, format!("cannot read `{shown}`: {error}"))
                .at(place.clone())
                .help("paths under `imports` are relative to the inventory file"),
        ]
    })?;
    import::import(&bytes, shown, defaults, &place)
}
