//! Files of a catalog from disk.
//!
//! In: texts of people, and a folder of them. Out: the files as they are written, or everything that is wrong in their shape.

use super::case::Case;
use super::checks::ChecksFile;
use super::file::ServiceFile;
use super::folder;
use super::frameworks::FrameworkFile;
use super::given::{self, GivenFolder};
use super::layouts::LayoutFile;
use super::own::{Given, Own};
use super::predicate::Predicate;
use super::schemas::{self, Described};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap};
use crate::text::Decodes;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The types of the catalog's files that have decoders of their own, by their names in the schemas.
const OWN: &[(&str, Decodes)] = &[("Predicate", Predicate::fault), ("Case", Case::fault)];

/// A file of the catalog from its text.
///
/// # Errors
/// Everything that is wrong in its shape.
pub(super) fn shaped<T: DeserializeOwned + Described>(text: &str, path: &Arc<str>) -> Outcome<T> {
    const HELP: &str = "`cloudraci schema` prints the formats of a catalog's files; docs/catalog.md explains them";
    let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.strip_prefix('\u{feff}').unwrap_or(text).lines().all(is_blank) {
        let fault = Diagnostic::new(Code::CatalogError, "the file says nothing").at(Place::file(path.clone()));
        return Err(vec![fault.help("take it away, or write what it is for")]);
    }
    let tree = crate::text::decode(text.strip_prefix('\u{feff}').unwrap_or(text), path)?;
    if !tree.faults.is_empty() {
        return Err(tree.faults);
    }
    let is_list = || schemas::of::<T>().get("type").is_some_and(|kind| kind == "array");
    let mut what = "a list stands where fields belong".to_owned();
    // Of a list a decoder would take the items for the fields, in the order in which the type has them.
    if tree.value.is_object() || is_list() {
        match serde_json::from_value(tree.value.clone()) {
            Ok(file) => return Ok(file),
            Err(error) => what = crate::text::without_serde(&error.to_string()),
        }
        // YAML takes a number without quotes for a text where one belongs.
        if let Ok(file) = serde_yaml::from_str(text) {
            return Ok(file);
        }
    }
    let mut found = crate::text::shape_faults(&tree.value, &schemas::of::<T>(), OWN, path);
    if found.is_empty() {
        found.push(Diagnostic::new(Code::CatalogError, what).at(Place::file(path.clone())).help(HELP));
    }
    Err(found)
}

/// The files of a catalog folder, with their paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    pub(super) services: Vec<(Arc<str>, ServiceFile)>,
    pub(super) checks: Vec<(Arc<str>, ChecksFile)>,
    pub(super) frameworks: Vec<(Arc<str>, FrameworkFile)>,
    pub(super) layouts: Vec<(Arc<str>, LayoutFile)>,
    pub(super) own: Own,
    /// Whether it is a whole catalog, and no overlay.
    pub(super) is_whole: bool,
    /// What it says as the folder of a provider that is not embedded.
    pub(super) provider: Option<GivenFolder>,
    /// The folders of such providers in it.
    pub(super) providers: Vec<Folder>,
}

impl Folder {
    /// What each provider's folder says, itself or in it.
    pub(super) fn given(&self) -> impl Iterator<Item = &GivenFolder> {
        let inner = self.providers.iter().filter_map(|folder| folder.provider.as_ref());
        self.provider.iter().chain(inner)
    }
}

/// Reads the files of a catalog folder: see [`mod@folder`].
///
/// # Errors
/// A folder or file that cannot be read; files that mean nothing there, or are about what another file is about already: all
/// of them.
pub(super) fn folder(path: &Path, sources: &mut SourceMap) -> Outcome<Folder> {
    let found = folder::files(path);
    let mut faults = found.faults;
    let services = each(
        &found.services,
        "service",
        |file: &ServiceFile| &file.id,
        "id",
        sources,
        &mut faults,
    );
    let unread = found.services.iter().filter(|path| {
        let path = path.display().to_string();
        services.iter().all(|(known, _)| **known != *path)
    });
    faults.extend(unread.filter_map(|path| folder::meant(path)));
    let checks = each(
        &found.checks,
        "scanner",
        |file: &ChecksFile| &file.scanner,
        "scanner",
        sources,
        &mut faults,
    );
    let frameworks = each(
        &found.frameworks,
        "framework",
        |file: &FrameworkFile| &file.id,
        "id",
        sources,
        &mut faults,
    );
    let layouts = each(&found.layouts, "layout", |file: &LayoutFile| &file.id, "id", sources, &mut faults);
    let mut provider = found.provider.map(|name| given::read(path, name, sources, &mut faults));
    if let Some(folder) = &mut provider {
        let ids = services.iter().map(|(_, file)| file.id.clone());
        Arc::make_mut(&mut folder.given).services.extend(ids);
    }
    let mut providers = Vec::new();
    for path in &found.providers {
        match self::folder(path, sources) {
            Ok(folder) => providers.push(folder),
            Err(found) => faults.extend(found),
        }
    }
    let own = Own {
        controls: only(&found.controls, sources, &mut faults),
        objectives: only(&found.objectives, sources, &mut faults),
        parties: only(&found.parties, sources, &mut faults),
        models: only(&found.models, sources, &mut faults),
    };
    if faults.is_empty() {
        Ok(Folder {
            services,
            checks,
            frameworks,
            layouts,
            own,
            is_whole: found.is_whole,
            provider,
            providers,
        })
    } else {
        Err(faults)
    }
}

/// The only file of its kind.
fn only<T: DeserializeOwned + Described>(paths: &[PathBuf], sources: &mut SourceMap, faults: &mut Vec<Diagnostic>) -> Given<T> {
    let (path, text) = text_of(paths.first()?, sources, faults)?;
    match shaped::<T>(&text, &path) {
        Ok(file) => Some((path, file)),
        Err(found) => {
            faults.extend(found);
            None
        }
    }
}

/// A file's path and text, which are added to `sources`.
pub(super) fn text_of(file: &Path, sources: &mut SourceMap, faults: &mut Vec<Diagnostic>) -> Option<(Arc<str>, Arc<str>)> {
    let path: Arc<str> = file.display().to_string().into();
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            sources.insert(path.clone(), text.clone());
            Some((path, text))
        }
        Err(error) => {
            faults.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{path}`: {error}")));
            None
        }
    }
}

/// Files of one kind, each about something else. `field` is where a file says about what.
fn each<T: DeserializeOwned + Described>(
    paths: &[PathBuf],
    what: &str,
    about: fn(&T) -> &String,
    field: &str,
    sources: &mut SourceMap,
    faults: &mut Vec<Diagnostic>,
) -> Vec<(Arc<str>, T)> {
    let mut files = Vec::new();
    let mut known: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for file in paths {
        let Some((path, text)) = text_of(file, sources, faults) else {
            continue;
        };
        match shaped::<T>(&text, &path) {
            Ok(decoded) => {
                let id = about(&decoded);
                if let Some(first) = known.insert(id.clone(), path.clone()) {
                    faults.push(twice((what, field), id, &first, &path));
                }
                files.push((path.clone(), decoded));
            }
            Err(found) => faults.extend(found),
        }
    }
    files
}

/// One of two files about the same would hold without a word.
fn twice((what, field): (&str, &str), id: &str, first: &Arc<str>, second: &Arc<str>) -> Diagnostic {
    let at = |path: &Arc<str>| Place::value(path, crate::diagnostics::route([field.into()]));
    Diagnostic::new(Code::CatalogError, format!("two files of the folder are about the {what} `{id}`"))
        .at(at(second))
        .at_labelled(at(first), "the other one")
        .help("put into one file what both say")
}
