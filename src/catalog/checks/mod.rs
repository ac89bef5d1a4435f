//! Which duty a check of a scanner is about: the knowledge that no scanner has.
//!
//! In: the built-in files `checks/<scanner>.yaml`, and those of a user's overlay. Out: for a check, what its verdicts say of
//! which activities, or why it is about none. A scanner's file is decoded when somebody first asks for one of its checks.

pub mod check;
mod file;

pub use file::{CheckFile, ChecksFile, DutyFile, EffectFile, Fold, Meaning, NoDuty, On};

use super::{Catalog, builtin};
use std::collections::BTreeMap;
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
    /// Where the resource must run, as services and modes; anywhere where it is empty.
    modes: Vec<Runs>,
    /// Where it must not run.
    not_modes: Vec<Runs>,
}

impl Effect {
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

/// The scanners whose checks the catalog knows.
#[derive(Debug, Default)]
pub(super) struct Scanners(BTreeMap<Arc<str>, Scanner>);

#[derive(Debug, Default)]
struct Scanner {
    /// The built-in file, as it lies in the program.
    builtin: Option<&'static str>,
    /// A user's file over it.
    overlay: Option<Arc<ChecksFile>>,
    decoded: OnceLock<Decoded>,
}

/// A scanner's checks.
#[derive(Debug, Default)]
struct Decoded {
    name: Option<Arc<str>>,
    checks: BTreeMap<Arc<str>, Entry>,
}

#[derive(Debug)]
enum Entry {
    Mapped(Mapped),
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
    /// The built-in ones, with the files of an overlay over them.
    pub(super) fn with(overlay: &[(Arc<str>, ChecksFile)]) -> Self {
        let own = builtin::folder(FOLDER).filter_map(|(path, text)| Some((path.strip_prefix(FOLDER)?, text)));
        // What lies deeper is no scanner's file.
        let mut scanners: BTreeMap<Arc<str>, Scanner> = own
            .filter(|(name, _)| !name.contains('/'))
            .map(|(name, text)| {
                let scanner = Scanner {
                    builtin: Some(text),
                    ..Scanner::default()
                };
                (name.into(), scanner)
            })
            .collect();
        for (_, file) in overlay {
            let scanner = scanners.entry(file.scanner.as_str().into()).or_default();
            scanner.overlay = Some(Arc::new(file.clone()));
        }
        Self(scanners)
    }

    fn decoded(&self, scanner: &str) -> Option<&Decoded> {
        let scanner = self.0.get(scanner)?;
        Some(scanner.decoded.get_or_init(|| {
            // A built-in file that does not decode does not ship: a test reads every one of them.
            let builtin: Option<ChecksFile> = scanner.builtin.and_then(|text| serde_json::from_str(text).ok());
            let mut decoded = Decoded::default();
            for file in builtin.iter().chain(scanner.overlay.as_deref()) {
                decoded.name = file.name.as_deref().map(Arc::from).or(decoded.name);
                let checks = file.checks.iter();
                decoded
                    .checks
                    .extend(checks.map(|(id, check)| (id.as_str().into(), Entry::of(check))));
            }
            decoded
        }))
    }
}

impl Entry {
    fn of(file: &CheckFile) -> Self {
        match (&file.same_as, file.no_duty) {
            (Some(other), _) => Self::SameAs(SameAs {
                other: other.clone(),
                passed: file.passed,
                failed: file.failed,
                less: OnceLock::new(),
            }),
            (None, Some(reason)) => Self::Mapped(Mapped::NoDuty(reason)),
            (None, None) => Self::Mapped(Mapped::Duties(Check {
                effects: file.duties.iter().map(effect).collect(),
                on_account: file.on == Some(On::Account) || file.fold.is_some(),
                fold: file.fold,
            })),
        }
    }
}

fn effect(file: &DutyFile) -> Effect {
    match file {
        DutyFile::Activity(activity) => Effect {
            activity: activity.as_str().into(),
            passed: Meaning::Proves,
            failed: Meaning::Disproves,
            modes: Vec::new(),
            not_modes: Vec::new(),
        },
        DutyFile::Effect(file) => Effect {
            activity: file.activity.as_str().into(),
            passed: file.passed.unwrap_or(Meaning::Proves),
            failed: file.failed.unwrap_or(Meaning::Disproves),
            modes: file.modes.iter().map(|text| Runs::of(text)).collect(),
            not_modes: file.not_modes.iter().map(|text| Runs::of(text)).collect(),
        },
    }
}

impl Catalog {
    /// What a check of a scanner is about; none where the catalog does not know it.
    #[must_use]
    pub fn check(&self, scanner: &str, id: &str) -> Option<&Mapped> {
        let found = |scanner: &str, id: &str| self.scanners.decoded(scanner)?.checks.get(id);
        match found(scanner, id)? {
            Entry::Mapped(mapped) => Some(mapped),
            Entry::SameAs(same) => {
                let (scanner, id) = same.other.split_once('/')?;
                match found(scanner, id)? {
                    Entry::Mapped(other) => Some(same.of(other)),
                    Entry::SameAs(_) => None,
                }
            }
        }
    }

    /// What people call a scanner; its id, where the catalog does not know it.
    #[must_use]
    pub fn scanner_name(&self, scanner: &str) -> Arc<str> {
        let decoded = self.scanners.decoded(scanner);
        decoded.and_then(|decoded| decoded.name.clone()).unwrap_or_else(|| scanner.into())
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
