//! One side of a comparison.
//!
//! In: what the user named. Out: a joined workspace, or the JSON of a report that was made before.

use super::revision::{self, Checkout};
use crate::changes::Snapshot;
use crate::cli::Inputs;
use crate::commands::Stop;
use crate::commands::pack::{MANIFEST, inspect};
use crate::commands::workspace::Workspace;
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap};
use crate::inventory::is_report_json;
use jiff::civil::Date;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Where a pack has the report as data.
const REPORT: &str = "data/report.json";

/// No report's JSON is larger than this, in bytes.
const LIMIT: u64 = 1 << 30;

/// One side.
pub(super) enum Side {
    /// Joined just now, and the checkout of the revision that it was read from, which lives as long as that may be looked at.
    Joined(Box<Workspace>, Option<Checkout>),
    /// A report's JSON.
    Report(Vec<u8>),
}

/// How a side is joined.
#[derive(Clone, Copy)]
pub(super) struct Wants<'a> {
    pub(super) catalog: Option<&'a Path>,
    pub(super) as_of: Option<Date>,
    pub(super) only: Option<&'a str>,
    pub(super) results: &'a [PathBuf],
}

impl Wants<'_> {
    /// Refuses what a report that was made before cannot be asked any more.
    fn of_report(&self, path: &Path) -> Result<(), Stop> {
        let asked = [
            ("--only", self.only.is_some()),
            ("--as-of", self.as_of.is_some()),
            ("--results", !self.results.is_empty()),
        ];
        let Some((flag, _)) = asked.into_iter().find(|(_, is_asked)| *is_asked) else {
            return Ok(());
        };
        let what = format!(
            "`{}` is a report that was made before, of which `{flag}` asks nothing",
            path.display()
        );
        let fault = Diagnostic::new(Code::InvalidValue, what);
        Err(stop(fault.help("name the inventory that it was made from, or leave the flag away")))
    }
}

impl Side {
    /// Opens what the user named: `git:REVISION:PATH`, a pack, a report's JSON, or anything that an inventory is made of.
    pub(super) fn open(named: &Path, wants: &Wants<'_>) -> Result<Self, Stop> {
        let text = named.to_string_lossy();
        if let Some(rest) = text.strip_prefix("git:") {
            let checkout = revision::checked_out(rest).map_err(stop)?;
            return Self::at(&checkout.path.clone(), wants, Some(checkout));
        }
        Self::at(named, wants, None)
    }

    fn at(path: &Path, wants: &Wants<'_>, checkout: Option<Checkout>) -> Result<Self, Stop> {
        if is_pack(path) {
            wants.of_report(path)?;
            return Ok(Self::Report(packed(path)?));
        }
        if is_report(path) {
            wants.of_report(path)?;
            return Ok(Self::Report(std::fs::read(path).map_err(|error| unread(path, &error))?));
        }
        let workspace = Workspace::open(&Inputs {
            paths: vec![path.to_owned()],
            catalog: wants.catalog.map(Path::to_owned),
            as_of: wants.as_of,
            only: wants.only.map(str::to_owned),
            results: wants.results.to_vec(),
            upstream: Vec::new(),
        });
        let workspace = match (workspace, &checkout) {
            (Err(stop), Some(checkout)) => return Err(checkout.as_named(stop)),
            (workspace, _) => workspace?,
        };
        Ok(Self::Joined(Box::new(workspace), checkout))
    }

    /// What is compared of it.
    pub(super) fn snapshot<'s>(&'s self, from: &str, show: &'s dyn Fn(&Place) -> String) -> Result<Snapshot<'s>, Stop> {
        match self {
            Self::Joined(of, _) => Ok(joined(of, from, show)),
            Self::Report(bytes) => Snapshot::decode(from, bytes).map_err(|why| {
                let fault = Diagnostic::new(Code::CannotRead, format!("cannot compare `{from}`: {why}"));
                stop(fault.help("name the inventory that it was made from, or make the report anew"))
            }),
        }
    }

    /// What of the whole it tells alone, in words; none where it is not cut.
    pub(super) fn cut(&self) -> Option<String> {
        match self {
            Self::Joined(of, _) => of.only.as_ref().map(|only| format!("`{only}`")),
            Self::Report(bytes) => cut(bytes),
        }
    }

    /// The ids of its parties.
    pub(super) fn parties(&self) -> Vec<String> {
        match self {
            Self::Joined(of, _) => of.inventory.parties.iter().map(|party| party.id.to_string()).collect(),
            Self::Report(bytes) => Snapshot::decode("", bytes)
                .map(|of| of.parties().map(str::to_owned).collect())
                .unwrap_or_default(),
        }
    }
}

/// What is compared of a workspace.
pub(super) fn joined<'w>(of: &'w Workspace, from: &str, show: &'w dyn Fn(&Place) -> String) -> Snapshot<'w> {
    Snapshot::of(from, (&of.catalog, &of.inventory, &of.matrix), of.as_of, show).with_findings(&of.findings)
}

/// What of the whole the JSON of a report tells alone.
fn cut(json: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Cut {
        meta: Meta,
    }
    #[derive(serde::Deserialize)]
    struct Meta {
        only: Option<String>,
        party: Option<String>,
    }
    let meta = serde_json::from_slice::<Cut>(json).ok()?.meta;
    let party = meta.party.map(|party| format!("what concerns `{party}`"));
    let only = meta.only.map(|only| format!("`{only}`"));
    let parts: Vec<String> = [only, party].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

fn stop(fault: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![fault], SourceMap::default())
}

fn unread(path: &Path, error: &std::io::Error) -> Stop {
    stop(Diagnostic::new(
        Code::CannotRead,
        format!("cannot read `{}`: {error}", path.display()),
    ))
}

fn is_pack(path: &Path) -> bool {
    path.join(MANIFEST).is_file() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

/// Whether a file is the JSON of a report, by what it begins with.
fn is_report(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| {
        let is_file = file.metadata()?.is_file();
        if is_file {
            file.take(4 << 20).read_to_end(&mut head)
        } else {
            Ok(0)
        }
    });
    read.is_ok() && is_report_json(&head)
}

/// The report of a pack that is as it was delivered.
fn packed(path: &Path) -> Result<Vec<u8>, Stop> {
    let inspected = inspect(path).map_err(|other| Stop::Diagnostics(other.faults(path), SourceMap::default()))?;
    if !inspected.faults.is_empty() {
        return Err(Stop::Diagnostics(inspected.faults, SourceMap::default()));
    }
    let lacks = || {
        let fault = Diagnostic::new(Code::CannotRead, format!("the pack `{}` holds no `{REPORT}`", path.display()));
        stop(fault.help("a pack with the format json has it; name the inventory instead"))
    };
    if path.is_dir() {
        let file: PathBuf = path.join(REPORT);
        return if file.is_file() {
            std::fs::read(&file).map_err(|error| unread(&file, &error))
        } else {
            Err(lacks())
        };
    }
    let file = std::fs::File::open(path).map_err(|error| unread(path, &error))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| unread(path, &std::io::Error::other(error)))?;
    let member = archive.by_name(REPORT).map_err(|_| lacks())?;
    let mut bytes = Vec::new();
    member.take(LIMIT).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
    Ok(bytes)
}
