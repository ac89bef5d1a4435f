//! Files to import.
//!
//! In: files that were named or found, and entries under `imports`. Out: what is imported of each, sealed where that is asked for;
//! of an archive, what is imported of each of its members.

use super::assembly::Assembly;
use super::file::ImportFile;
use super::find::{self, Named};
use super::import::{self, Imported, Importer, Says};
use super::reading::{Reading, cannot_read, identity};
use super::scanned::{self, ToRead};
use super::{archives, documents};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, did_you_mean};
use crate::memory;
use crate::results::{self, Gathered};
use crate::source::{self, Archive, Input, Kept, Opened, Seal};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
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
    /// The cloud assembly that it lies in.
    pub(super) assembly: Option<Rc<Assembly>>,
}

/// What was read of a file to import.
pub(super) struct ReadImport {
    pub(super) imported: Imported,
    pub(super) seal: Option<Seal>,
    /// What it holds of results of scanners.
    pub(super) results: BesideResources,
    /// Files beside it that were read for it.
    pub(super) beside: BTreeMap<PathBuf, Seal>,
}

/// What a file of resources holds of results of scanners.
pub(super) enum BesideResources {
    /// Files of its kind hold none.
    No,
    /// It may hold some.
    May,
    /// It holds these, which were taken in while it was read for its resources.
    Read(Box<scanned::Read>),
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
        assembly: None,
    };
    files.into_iter().map(to_import).collect()
}

/// What a file to import turned out to be.
pub(super) enum Taken {
    /// It was found in a folder and is of no kind.
    Nothing,
    /// One source.
    One(One),
    /// An archive of some.
    Several(Box<Several>),
}

/// One file that was read.
pub(super) struct One {
    /// What it holds; of several documents, what each does.
    pub(super) imported: Vec<Imported>,
    /// What kind of source it is.
    pub(super) source: &'static str,
    /// Its seal, where that is asked for.
    pub(super) seal: Option<Seal>,
    /// What it holds of results of scanners.
    pub(super) results: BesideResources,
    /// Files beside it that were read for it.
    pub(super) beside: BTreeMap<PathBuf, Seal>,
}

/// What an archive holds, sorted by the names of its members.
#[derive(Default)]
pub(super) struct Several {
    pub(super) imported: Vec<Imported>,
    pub(super) scans: Vec<(ToRead, scanned::Read)>,
    /// What the archive is called in words, and its seal.
    pub(super) archive: (&'static str, Option<Seal>),
    pub(super) faults: Vec<Diagnostic>,
}

/// What is wanted of an archive beside resources.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wants {
    /// Members that hold what scanners found.
    pub(super) results: bool,
    /// What stands beside resources of how rules judge them.
    pub(super) beside: bool,
}

/// What imports look at beside the files.
#[derive(Clone, Copy)]
pub(super) struct Importing<'a> {
    pub(super) catalog: &'a Catalog,
    /// The tags that rules look at.
    pub(super) tags: &'a BTreeSet<String>,
    pub(super) reading: &'a Reading<'a>,
}

impl Importing<'_> {
    /// Imports a file, and seals it where that is asked for. `held`: the file where it was opened already and cannot be opened
    /// twice. `wants`: what else is wanted of an archive.
    pub(super) fn read(&self, mut from: ToImport, held: Option<Opened>, wants: Wants) -> Outcome<Taken> {
        let under = from.place.is_some().then_some("imports");
        let place = from.place.clone().unwrap_or_else(|| Place::file(from.shown.clone()));
        let opened = held.map_or_else(|| self.reading.open(&from.path), Ok);
        match opened.map_err(|error| cannot_read(&from.shown, &place, under, &error))? {
            Opened::File(input) => {
                let beside = match from.assembly.clone() {
                    Some(assembly) => {
                        assembly.fill(&from.path, &mut from.defaults);
                        assembly.beside(&from.path)
                    }
                    None => import::Beside::of(&from.path),
                };
                self.one(&from, input, (&place, under), (beside, wants.beside))
            }
            Opened::Archive(archive) => {
                let several = self.several(&from, archive, &place, wants)?;
                Ok(Taken::Several(Box::new(several)))
            }
        }
    }

    fn one(
        &self,
        from: &ToImport,
        input: Input,
        (place, under): (&Place, Option<&str>),
        (beside, wants_results): (import::Beside, bool),
    ) -> Outcome<Taken> {
        let shown = &from.shown;
        if !from.named && from.from.is_none() && !shown.ends_with(".tfstate") && import::recognise(input.head()).is_none() {
            return Ok(Taken::Nothing);
        }
        if from.from.is_none()
            && let Some(format) = results::format::recognise(input.head())
        {
            return if from.named {
                Err(vec![is_of_scanner(shown, format.name(), place.clone())])
            } else {
                Ok(Taken::Nothing)
            };
        }
        let importer = import::importer_of(input.head(), shown, from.from, place)?;
        // What can be read only once is read for its resources.
        let format = results::format::beside_resources(input.head()).filter(|_| !source::is_stream(&from.path));
        // Where somebody names another form, its results are not those that go along.
        let goes_along = wants_results && format.is_some() && results::format::recognise(input.head()).is_none();
        let (mut imported, kept) = {
            // What can be read only once lies nowhere.
            let beside = (!source::is_stream(&from.path)).then_some(&beside);
            self.import(input, shown, place, (importer, &from.defaults, beside, goes_along))?
        };
        let seal = kept.seal().map_err(|error| cannot_read(shown, place, under, &error))?;
        Ok(Taken::One(One {
            source: imported.first().map_or(importer.name(), |one| one.source),
            results: match (format, along(&mut imported)) {
                (None, _) => BesideResources::No,
                (Some(format), Some(gathered)) => BesideResources::Read(Box::new(scanned::Read {
                    format: format.name(),
                    seal,
                    gathered,
                })),
                (Some(_), None) => BesideResources::May,
            },
            imported,
            seal,
            beside: beside.into_read(),
        }))
    }

    fn import(
        &self,
        input: Input,
        shown: &Arc<str>,
        place: &Place,
        (importer, defaults, beside, with_results): (&'static dyn Importer, &import::Defaults, Option<&import::Beside>, bool),
    ) -> Outcome<(Vec<Imported>, Kept)> {
        let input = documents::held_if_several(input, importer).map_err(|error| cannot_read(shown, place, None, &error))?;
        if !input.is_long() {
            memory::must_decode(input.head().len(), shown).map_err(|fault| vec![fault.at(place.clone())])?;
        }
        let is_held = input.is_held();
        let (stream, kept) = input.stream(shown, place, self.reading.progress, self.reading.seals);
        let context = import::Context {
            catalog: self.catalog,
            tags: self.tags,
            defaults,
            beside,
            with_results,
        };
        let imported = kept.judged(documents::import(stream, is_held, importer, context), shown, place)?;
        Ok((imported, kept))
    }

    fn several(&self, from: &ToImport, mut archive: Archive, place: &Place, wants: Wants) -> Outcome<Several> {
        if archive.is_plan() {
            return if from.named {
                Err(vec![is_plan(&from.shown, place)])
            } else {
                Ok(Several::default())
            };
        }
        let of = archives::Of {
            shown: &from.shown,
            place,
            named: from.named,
            wanted: "source of resources or results",
        };
        let mut several = Several::default();
        // Of what is long and holds both, results that were not taken in along the way are read in a second pass.
        let mut again = BTreeSet::new();
        let mut faults = Vec::new();
        archives::each(&mut archive, &of, &mut faults, &mut |shown, input, faults| {
            let place = if from.place.is_some() {
                place.clone()
            } else {
                Place::file(shown.clone())
            };
            let format = results::format::recognise(input.head());
            if from.from.is_none() && format.is_some() {
                if wants.results {
                    several.scan(ToRead::member(&from.path, shown), input, self.reading, faults);
                }
                return wants.results;
            }
            let importer = match from.from {
                Some(asked) => Some(asked).filter(|asked| asked.recognises(input.head())),
                None if shown.ends_with(".tfstate") => import::importer_of(input.head(), shown, None, &place).ok(),
                None => import::recognise(input.head()),
            };
            let Some(importer) = importer else {
                let is_inventory = import::says(input.head()) == Says::Version;
                faults.extend((is_inventory && from.named).then(|| is_inventory_in_archive(shown, place)));
                return is_inventory && from.named;
            };
            let member = || ToRead::member(&from.path, shown);
            let mut beside = results::format::beside_resources(input.head()).filter(|_| wants.beside);
            if beside.is_some()
                && let Some(copy) = input.copy()
            {
                several.scan(member(), copy, self.reading, faults);
                beside = None;
            }
            let goes_along = beside.is_some() && format.is_none();
            let mut imported = match self.import(input, shown, &place, (importer, &from.defaults, None, goes_along)) {
                Ok((imported, _)) => imported,
                Err(found) => {
                    faults.extend(found);
                    Vec::new()
                }
            };
            if let Some(beside) = beside {
                match along(&mut imported) {
                    Some(gathered) => {
                        let (format, seal) = (beside.name(), None);
                        several.scans.push((member(), scanned::Read { format, seal, gathered }));
                    }
                    None => drop(again.insert(shown.clone())),
                }
            }
            several.imported.extend(imported);
            true
        });
        several.archive.0 = archive.words();
        several.archive.1 = archive.finish().map_err(|error| cannot_read(&from.shown, place, None, &error))?;
        several.faults = faults;
        self.again(from, &again, &mut several);
        several.imported.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(several)
    }

    /// Reads the results of these members of an archive that is no stream.
    fn again(&self, from: &ToImport, members: &BTreeSet<Arc<str>>, several: &mut Several) {
        if members.is_empty() || source::is_stream(&from.path) {
            return;
        }
        // What is wrong with the archive was told already.
        let Ok(Opened::Archive(mut archive)) = self.reading.open(&from.path) else {
            return;
        };
        while let Ok(Some(member)) = archive.next() {
            let shown: Arc<str> = format!("{}:{}", from.shown, member.name).into();
            if let (true, Ok(Ok(input))) = (members.contains(&shown), member.content) {
                let mut faults = Vec::new();
                several.scan(ToRead::member(&from.path, &shown), input, self.reading, &mut faults);
                several.faults.extend(faults);
            }
        }
    }
}

/// The results of one source that were taken in along the way.
fn along(imported: &mut [Imported]) -> Option<Gathered> {
    match imported {
        [only] => only.results.take().map(|results| *results),
        _ => None,
    }
}

impl One {
    /// The same as what was read of one document, where it is one.
    ///
    /// # Errors
    /// The file of several.
    pub(super) fn single(mut self) -> Result<ReadImport, Box<Self>> {
        match (self.imported.len(), self.imported.pop()) {
            (1, Some(imported)) => Ok(ReadImport {
                imported,
                seal: self.seal,
                results: self.results,
                beside: self.beside,
            }),
            (_, last) => {
                self.imported.extend(last);
                Err(Box::new(self))
            }
        }
    }
}

impl Several {
    fn scan(&mut self, file: ToRead, input: Input, reading: &Reading<'_>, faults: &mut Vec<Diagnostic>) {
        match scanned::of_input(&file, input, reading) {
            Ok(Some(read)) => self.scans.push((file, read)),
            Ok(None) => {}
            Err(found) => faults.extend(found),
        }
    }
}

/// That an archive is a plan as Terraform saves it.
fn is_plan(file: &str, place: &Place) -> Diagnostic {
    Diagnostic::new(Code::ImportFailed, format!("`{file}` is a plan as `terraform plan -out` saves it"))
        .at(place.clone())
        .help("`terraform show -json FILE > plan.json` writes a saved plan as JSON")
}

/// That an inventory lies in an archive.
fn is_inventory_in_archive(file: &str, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ImportFailed,
        format!("`{file}` is an inventory, and those are not read from archives"),
    )
    .at(place)
    .help("unpack it; `imports` of an inventory may name archives")
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
