//! Which duty a check of a scanner is about: the knowledge that no scanner has.
//!
//! In: the built-in files `checks/<scanner>.yaml`, and those of a user's overlay. Out: for a check, what its verdicts say of
//! which activities, or why it is about none. A check is decoded when somebody first asks for it.

pub mod check;
mod file;

pub use file::{CheckFile, ChecksFile, DutyFile, EffectFile, Fold, Meaning, NoDuty, On};

use super::{Catalog, builtin};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The folder of the catalog in which they lie.
pub(super) const FOLDER: &str = "checks/";

/// What a check is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// Duties.
    Duties(Check),
    /// None.
    NoDuty(NoDuty),
}

/// A check that is about duties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What its verdicts say, a duty each.
    pub effects: Vec<Effect>,
    /// Whether they are about the account, and not about the resource that the scanner names.
    pub on_account: bool,
    /// How the verdicts of an account are taken together.
    pub fold: Option<Fold>,
}

/// What verdicts say of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Its id.
    pub activity: Arc<str>,
    /// What a pass says.
    pub passed: Meaning,
    /// What a failure says.
    pub failed: Meaning,
    /// Why a verdict says something else than is usual, in a clause.
    pub why: Option<Arc<str>>,
    /// Where the resource must run, as services and modes; anywhere where it is empty.
    modes: Vec<Runs>,
    /// Where it must not run.
    not_modes: Vec<Runs>,
}

impl Effect {
    /// Where it holds, as a condition: `rds/custom`, `not ecs/fargate`; nothing where it holds anywhere.
    #[must_use]
    pub fn condition(&self) -> Option<String> {
        let words = |list: &[Runs], before: &str| {
            let names: Vec<String> = list.iter().map(|runs| format!("`{runs}`")).collect();
            (!names.is_empty()).then(|| format!("{before}{}", names.join(" or ")))
        };
        let parts: Vec<String> = [words(&self.modes, ""), words(&self.not_modes, "not ")]
            .into_iter()
            .flatten()
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whether it holds for what runs in a mode of a service; `None` is the service's own form.
    #[must_use]
    pub fn holds_in(&self, service: &str, mode: Option<&str>) -> bool {
        let is_one = |runs: &Runs| runs.service == service && runs.mode.as_deref() == mode;
        (self.modes.is_empty() || self.modes.iter().any(is_one)) && !self.not_modes.iter().any(is_one)
    }

    /// Whether it depends on how the resource runs.
    #[must_use]
    pub fn depends_on_mode(&self) -> bool {
        !self.modes.is_empty() || !self.not_modes.is_empty()
    }
}

/// A mode of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Runs {
    service: String,
    /// `None`: the service's own form.
    mode: Option<String>,
}

impl Runs {
    /// `rds/custom`; `rds` and `rds/standard` are the service's own form.
    fn of(text: &str) -> Self {
        let (service, mode) = text.split_once('/').unwrap_or((text, super::STANDARD_MODE));
        Self {
            service: service.to_owned(),
            mode: (mode != super::STANDARD_MODE).then(|| mode.to_owned()),
        }
    }
}

impl fmt::Display for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.service, self.mode.as_deref().unwrap_or(super::STANDARD_MODE))
    }
}

/// A check that the catalog knows.
#[derive(Debug, Clone, Copy)]
pub struct Known<'c> {
    /// The scanner's id.
    pub scanner: &'c str,
    /// The check's id, as the scanner writes it.
    pub id: &'c str,
    /// The check of another scanner that tests the same, as `scanner/check`.
    pub same_as: Option<&'c str>,
    /// What it is about.
    pub mapped: &'c Mapped,
    /// Why it is about no duty, in a clause, where that is not plain.
    pub why: Option<&'c str>,
}

/// The scanners whose checks the catalog knows.
#[derive(Debug, Default)]
pub(super) struct Scanners(BTreeMap<Arc<str>, Scanner>);

#[derive(Debug, Default)]
struct Scanner {
    /// The name of the built-in file.
    builtin: Option<&'static str>,
    /// A user's file over it.
    overlay: Option<Arc<ChecksFile>>,
    name: OnceLock<Option<Arc<str>>>,
    checks: OnceLock<Vec<Written>>,
}

/// A check as it lies in the program, decoded when somebody first asks for it: scanners have thousands, and find few.
#[derive(Debug)]
struct Written {
    id: Cow<'static, str>,
    text: &'static str,
    entry: OnceLock<Option<Box<Entry>>>,
}

#[derive(Debug)]
enum Entry {
    Mapped {
        mapped: Mapped,
        /// Why it is about no duty, in a clause.
        why: Option<Arc<str>>,
    },
    SameAs(SameAs),
}

/// What another scanner's check says, at most so much of it.
#[derive(Debug)]
struct SameAs {
    /// As `scanner/check`.
    other: String,
    passed: Option<Meaning>,
    failed: Option<Meaning>,
    /// What that comes to, once somebody asked; empty where it is all that the other says.
    less: OnceLock<Mapped>,
}

impl SameAs {
    fn of<'m>(&'m self, other: &'m Mapped) -> &'m Mapped {
        match other {
            Mapped::Duties(check) if self.passed.is_some() || self.failed.is_some() => self.less.get_or_init(|| {
                let mut check = check.clone();
                for effect in &mut check.effects {
                    effect.passed = effect.passed.at_most(self.passed);
                    effect.failed = effect.failed.at_most(self.failed);
                }
                Mapped::Duties(check)
            }),
            _ => other,
        }
    }
}

impl Scanners {
    /// The built-in ones, with the files of an overlay over them, and of several about one scanner the later over the earlier.
    pub(super) fn with(overlay: &[(Arc<str>, ChecksFile)]) -> Self {
        let own = builtin::folder(FOLDER).filter_map(|path| path.strip_prefix(FOLDER));
        // What lies deeper is no scanner's file.
        let mut scanners: BTreeMap<Arc<str>, Scanner> = own
            .filter(|name| !name.contains('/'))
            .map(|name| {
                let scanner = Scanner {
                    builtin: Some(name),
                    ..Scanner::default()
                };
                (name.into(), scanner)
            })
            .collect();
        for (_, file) in overlay {
            let scanner = scanners.entry(file.scanner.as_str().into()).or_default();
            match &mut scanner.overlay {
                Some(before) => Arc::make_mut(before).checks.extend(file.checks.clone()),
                None => scanner.overlay = Some(Arc::new(file.clone())),
            }
        }
        Self(scanners)
    }

    /// The check of a scanner as `scanner/check` names it.
    fn named(&self, name: &str) -> Option<&Entry> {
        let (scanner, id) = name.split_once('/')?;
        self.0.get(scanner)?.check(id)?.entry()
    }
}

impl Scanner {
    /// What people call it.
    fn name(&self) -> Option<&Arc<str>> {
        let name = self.name.get_or_init(|| {
            // A built-in file that does not decode does not ship: a test reads every one of them.
            let builtin: Option<ChecksFile> = self.builtin.and_then(|name| about(name).ok());
            let files = self.overlay.as_deref().into_iter().chain(&builtin);
            files.filter_map(|file| file.name.as_deref()).map(Arc::from).next()
        });
        name.as_ref()
    }

    /// Its checks, sorted by their ids.
    fn checks(&self) -> &[Written] {
        self.checks.get_or_init(|| {
            let written = builtin::lines(self.builtin.map_or("", builtin::checks)).map(|(id, text)| Written {
                id: Cow::Borrowed(id),
                text,
                entry: OnceLock::new(),
            });
            let mut written: Vec<Written> = written.collect();
            for (id, file) in self.overlay.iter().flat_map(|file| &file.checks) {
                let own = Written {
                    id: Cow::Owned(id.clone()),
                    text: "",
                    entry: OnceLock::from(Some(Box::new(Entry::of(file)))),
                };
                match written.binary_search_by(|known| known.id.as_ref().cmp(id)) {
                    Ok(at) => written[at] = own,
                    Err(at) => written.insert(at, own),
                }
            }
            written
        })
    }

    fn check(&self, id: &str) -> Option<&Written> {
        let checks = self.checks();
        let at = checks.binary_search_by(|known| known.id.as_ref().cmp(id)).ok()?;
        checks.get(at)
    }
}

impl Written {
    fn entry(&self) -> Option<&Entry> {
        // As with the files themselves: a test reads every check.
        let decoded = || Some(Box::new(Entry::of(&serde_json::from_str(self.text).ok()?)));
        self.entry.get_or_init(decoded).as_deref()
    }
}

/// A built-in file without its checks.
fn about(scanner: &str) -> serde_json::Result<ChecksFile> {
    serde_json::from_str(&builtin::whole(&format!("{FOLDER}{scanner}")))
}

/// A built-in file as it was written.
pub(super) fn builtin_file(scanner: &str) -> serde_json::Result<ChecksFile> {
    let checks = builtin::lines(builtin::checks(scanner)).map(|(id, text)| Ok((id.to_owned(), serde_json::from_str(text)?)));
    Ok(ChecksFile {
        checks: checks.collect::<serde_json::Result<_>>()?,
        ..about(scanner)?
    })
}

impl Entry {
    fn of(file: &CheckFile) -> Self {
        let mapped = match (&file.same_as, file.no_duty) {
            (Some(other), _) => {
                return Self::SameAs(SameAs {
                    other: other.clone(),
                    passed: file.passed,
                    failed: file.failed,
                    less: OnceLock::new(),
                });
            }
            (None, Some(reason)) => Mapped::NoDuty(reason),
            (None, None) => Mapped::Duties(Check {
                effects: file.duties.iter().map(effect).collect(),
                on_account: file.on == Some(On::Account) || file.fold.is_some(),
                fold: file.fold,
            }),
        };
        Self::Mapped {
            mapped,
            why: file.why.as_deref().map(Arc::from),
        }
    }
}

fn effect(file: &DutyFile) -> Effect {
    match file {
        DutyFile::Activity(activity) => Effect {
            activity: activity.as_str().into(),
            passed: Meaning::Proves,
            failed: Meaning::Disproves,
            why: None,
            modes: Vec::new(),
            not_modes: Vec::new(),
        },
        DutyFile::Effect(file) => Effect {
            activity: file.activity.as_str().into(),
            passed: file.passed.unwrap_or(Meaning::Proves),
            failed: file.failed.unwrap_or(Meaning::Disproves),
            why: file.why.as_deref().map(Arc::from),
            modes: file.modes.iter().map(|text| Runs::of(text)).collect(),
            not_modes: file.not_modes.iter().map(|text| Runs::of(text)).collect(),
        },
    }
}

impl Catalog {
    /// What a check of a scanner is about; none where the catalog does not know it.
    #[must_use]
    pub fn check(&self, scanner: &str, id: &str) -> Option<&Mapped> {
        self.known_check(scanner, id).map(|known| known.mapped)
    }

    /// A check of a scanner with all that the catalog says of it; none where it does not know it.
    #[must_use]
    pub fn known_check(&self, scanner: &str, id: &str) -> Option<Known<'_>> {
        let (scanner, of) = self.scanners.0.get_key_value(scanner)?;
        self.known(scanner, of.check(id)?)
    }

    /// All checks that the catalog knows, by scanner and id.
    pub fn known_checks(&self) -> impl Iterator<Item = Known<'_>> {
        let scanners = self.scanners.0.iter();
        scanners.flat_map(|(scanner, of)| of.checks().iter().filter_map(|check| self.known(scanner, check)))
    }

    fn known<'c>(&'c self, scanner: &'c str, check: &'c Written) -> Option<Known<'c>> {
        let id = &*check.id;
        let (other, same) = match check.entry()? {
            Entry::SameAs(same) => (self.scanners.named(&same.other)?, Some(same)),
            entry @ Entry::Mapped { .. } => (entry, None),
        };
        match other {
            Entry::Mapped { mapped, why } => Some(Known {
                scanner,
                id,
                same_as: same.map(|same| same.other.as_str()),
                mapped: same.map_or(mapped, |same| same.of(mapped)),
                why: why.as_deref(),
            }),
            Entry::SameAs(_) => None,
        }
    }

    /// What people call a scanner; its id, where the catalog does not know it.
    #[must_use]
    pub fn scanner_name(&self, scanner: &str) -> Arc<str> {
        let name = self.scanners.0.get(scanner).and_then(Scanner::name);
        name.cloned().unwrap_or_else(|| scanner.into())
    }

    /// The scanners whose checks the catalog knows, sorted.
    pub fn scanners(&self) -> impl Iterator<Item = &str> {
        self.scanners.0.keys().map(|id| &**id)
    }

    /// Whether a scanner looks at code, and so at what is deployed on whatever day that is; such results bear no time.
    #[must_use]
    pub fn scans_code(&self, scanner: &str) -> bool {
        self.about.code_scanners.iter().any(|known| known == scanner)
    }
}
