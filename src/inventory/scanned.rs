//! Files of scanners' results: those that an inventory or the command line names, and those that lie in a folder.
//!
//! In: entries of `results` and paths. Out: [`Results`], sorted by the paths of their files, each file once.

use super::Input as Source;
use super::file::{ResultsEntry, ResultsFile};
use super::reading::{Reading, cannot_read, identity};
use super::{archives, find};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, did_you_mean};
use crate::results::format::{FORMATS, Format};
use crate::results::{self, Gathered, MAX_AGE, ResultFile, Results};
use crate::source::{Input, Opened, Seal};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest number of days that `max_age` may say: a hundred years.
const MOST_DAYS: u32 = 36_525;

/// A file of results that is to be read.
#[derive(Clone)]
pub(super) struct ToRead {
    pub(super) path: PathBuf,
    pub(super) shown: Arc<str>,
    from: Option<&'static dyn Format>,
    max_age: u32,
    /// When the scanner looked, where the results do not tell.
    at: Option<Timestamp>,
    /// Where an inventory names it.
    place: Option<Place>,
    /// Whether it was named itself, and not its folder.
    named: bool,
}

impl ToRead {
    /// A file that was found, or named on the command line.
    pub(super) fn found(path: PathBuf, named: bool) -> Self {
        Self {
            shown: path.display().to_string().into(),
            path,
            from: None,
            max_age: MAX_AGE,
            at: None,
            place: None,
            named,
        }
    }

    /// A member of an archive.
    pub(super) fn member(path: &Path, shown: &Arc<str>) -> Self {
        Self {
            shown: shown.clone(),
            ..Self::found(path.to_owned(), true)
        }
    }

    /// A file that holds results beside the resources that are imported of it.
    pub(super) fn beside(path: PathBuf) -> Self {
        Self::found(path, true)
    }

    /// What is the same for all spellings of its path.
    pub(super) fn identity(&self) -> PathBuf {
        identity(&self.path)
    }

    fn place(&self) -> Place {
        self.place.clone().unwrap_or_else(|| Place::file(self.shown.clone()))
    }

    fn is_of_inventory(&self) -> bool {
        self.place.is_some()
    }
}

/// The files that paths of the command line mean.
pub(super) fn asked(paths: &[PathBuf], faults: &mut Vec<Diagnostic>) -> Vec<ToRead> {
    let files = find::files(paths, faults).into_iter();
    files.map(|(path, named)| ToRead::found(path, named)).collect()
}

/// The files that an entry of `results` means.
pub(super) fn entry(entry: &ResultsEntry, folder: &Path, file: &Arc<str>, at: &Route, faults: &mut Vec<Diagnostic>) -> Vec<ToRead> {
    let bare;
    let (entry, is_bare) = match entry {
        ResultsEntry::Path(path) => {
            bare = ResultsFile {
                file: path.clone(),
                from: None,
                max_age: None,
                at: None,
            };
            (&bare, true)
        }
        ResultsEntry::Entry(entry) => (entry, false),
    };
    let place = |field: &str| Place::value(file, at.then(field));
    let mut invalid = |field: &str, message: String, help: String| {
        faults.push(Diagnostic::new(Code::InvalidValue, message).at(place(field)).help(help));
    };
    let from = entry.from.as_ref().and_then(|id| {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.id()).collect();
        let format = results::format::named(&id.0);
        if format.is_none() {
            invalid(
                "from",
                format!("there is no form of results `{}`", id.0),
                did_you_mean(&id.0, &known),
            );
        }
        format
    });
    let max_age = entry.max_age.filter(|days| {
        let fits = *days <= MOST_DAYS;
        if !fits {
            invalid(
                "max_age",
                format!("`{days}` days are more than a hundred years"),
                "write a number of days: 30".to_owned(),
            );
        }
        fits
    });
    let date = entry.at.as_ref().and_then(|text| {
        let date = (text.0.len() == 10).then(|| text.0.parse::<Date>().ok()).flatten();
        if date.is_none() {
            let help = "write dates as YYYY-MM-DD: 2026-11-01".to_owned();
            invalid("at", format!("`{}` is not a date", text.0), help);
        }
        date
    });
    let place = if is_bare { Place::value(file, at.clone()) } else { place("file") };
    let mut found = Vec::new();
    let files = find::files(&[folder.join(&entry.file.0)], &mut found);
    faults.extend(found.into_iter().map(|fault| fault.at(place.clone())));
    let to_read = files.into_iter().map(|(path, named)| ToRead {
        from,
        max_age: max_age.unwrap_or(MAX_AGE),
        at: date.and_then(|date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())),
        place: Some(place.clone()),
        ..ToRead::found(path, named)
    });
    to_read.collect()
}

/// Reads files of results; what is wrong and what is worth telling goes to `faults`. What an inventory says of a file holds
/// also where it was named by itself. Of a folder, what is of no form is passed over. `read`: what was read already.
pub(super) fn read(
    mut files: Vec<ToRead>,
    mut read: Vec<(ToRead, Read)>,
    held: &mut BTreeMap<PathBuf, Opened>,
    reading: &Reading<'_>,
    faults: &mut Vec<Diagnostic>,
) -> (Results, Vec<Source>) {
    files.sort_by_key(|file| (!file.is_of_inventory(), !file.named, file.shown.clone()));
    let (mut inputs, mut seen) = (Vec::new(), BTreeSet::new());
    for file in files {
        let identity = identity(&file.path);
        if !seen.insert(identity.clone()) {
            continue;
        }
        match one(&file, held.remove(&identity), reading, faults) {
            Ok((found, archive)) => {
                read.extend(found);
                inputs.extend(archive);
            }
            Err(found) => faults.extend(found),
        }
    }
    read.sort_by(|(one, _), (other, _)| one.shown.cmp(&other.shown));
    // What one file says of rules holds for the results of all.
    let mut all = Gathered::default();
    read.iter().for_each(|(_, one)| all.learn(&one.gathered));
    let mut results = Results::default();
    for (file, mut one) in read {
        one.gathered.learn(&all);
        faults.append(&mut one.gathered.warnings);
        inputs.push(Source {
            path: file.shown.clone(),
            bytes: None,
            seal: one.seal,
            source: Some(one.format),
            is_results: true,
            is_upstream: false,
        });
        let mut list: Vec<results::CheckResult> = one.gathered.iter().cloned().collect();
        list.iter_mut().for_each(|result| result.at = result.at.or(file.at));
        results.files.push(ResultFile {
            path: file.shown,
            format: one.format,
            seal: one.seal,
            max_age: file.max_age,
            read: one.gathered.read,
            results: list,
        });
    }
    results.files.sort_by(|one, other| one.path.cmp(&other.path));
    (results, inputs)
}

/// A file that was read.
pub(super) struct Read {
    /// What its form is called.
    pub(super) format: &'static str,
    pub(super) seal: Option<Seal>,
    pub(super) gathered: Gathered,
}

/// Files of results, each with what was read of it.
type ReadFiles = Vec<(ToRead, Read)>;

/// The results of a file, or of each member of an archive that has some, and then the archive itself.
fn one(file: &ToRead, held: Option<Opened>, reading: &Reading<'_>, faults: &mut Vec<Diagnostic>) -> Outcome<(ReadFiles, Option<Source>)> {
    let place = file.place();
    let under = file.is_of_inventory().then_some("results");
    let cannot = |error| cannot_read(&file.shown, &place, under, &error);
    let opened = held.map_or_else(|| reading.open(&file.path).map_err(cannot), Ok)?;
    let mut archive = match opened {
        Opened::File(input) => {
            let read = of_input(file, input, reading)?;
            return Ok((read.map(|read| (file.clone(), read)).into_iter().collect(), None));
        }
        Opened::Archive(archive) => archive,
    };
    let of = archives::Of {
        shown: &file.shown,
        place: &place,
        named: file.named,
        wanted: "results of a scanner",
    };
    let mut found = Vec::new();
    archives::each(&mut archive, &of, faults, &mut |shown, input, faults| {
        let looks_like = results::format::recognise(input.head()).or_else(|| results::format::beside_resources(input.head()));
        let is_asked = match file.from {
            Some(asked) => asked.recognises(input.head()),
            None => looks_like.is_some(),
        };
        if !is_asked {
            return false;
        }
        let member = ToRead {
            shown: shown.clone(),
            ..file.clone()
        };
        match of_input(&member, input, reading) {
            Ok(read) => found.extend(read.map(|read| (member, read))),
            Err(wrong) => faults.extend(wrong),
        }
        true
    });
    let words = archive.words();
    let source = Source {
        path: file.shown.clone(),
        bytes: None,
        seal: archive.finish().map_err(cannot)?,
        source: Some(words),
        is_results: true,
        is_upstream: false,
    };
    Ok((found, Some(source)))
}

/// The results of an opened file; none where it was found in a folder and has none.
pub(super) fn of_input(file: &ToRead, input: Input, reading: &Reading<'_>) -> Outcome<Option<Read>> {
    let shown = &file.shown;
    let place = file.place();
    let format = file.from.or_else(|| results::format::recognise(input.head()));
    let format = format.or_else(|| results::format::beside_resources(input.head()));
    if format.is_none() && !file.named {
        return Ok(None);
    }
    let (stream, kept) = input.stream(shown, &place, reading.progress, reading.seals);
    let mut gathered = Gathered::default();
    kept.judged(results::read(stream, file.from, &mut gathered), shown, &place)?;
    let seal = kept.seal().map_err(|error| cannot_read(shown, &place, None, &error))?;
    Ok(Some(Read {
        format: format.map_or("results of a scanner", Format::name),
        seal,
        gathered,
    }))
}
