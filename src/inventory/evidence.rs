//! Evidence: artefacts, and who vouches with them for which duties.
//!
//! In: validated entries, and the report's date. Out: until when one counts, and whether it attests on that day.

use super::{Inventory, Seal, Selector};
use crate::catalog::Cadence;
use crate::diagnostics::Place;
use jiff::ToSpan as _;
use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::path::PathBuf;

/// An artefact.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// What it is evidence for.
    pub selector: Selector,
    /// What it is.
    pub artefact: String,
    /// Where it is kept.
    pub location: Option<String>,
    /// The artefact itself, where it lies with the inventory.
    pub file: Option<Enclosed>,
    /// Who vouches for the duties with it.
    pub by: Option<Voucher>,
    /// Whether it is meant to attest duties; what only documents them does not.
    pub attests: bool,
    /// When what it records was done: the day of the test, of the review or of the exercise.
    pub performed: Option<Date>,
    /// When it was last read.
    pub reviewed: Option<Date>,
    /// When it must be read again, as the inventory says it.
    pub review_by: Option<Date>,
    /// Where it stands.
    pub place: Place,
}

/// A file that an artefact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// As the inventory names it: relative to the inventory file, and never out of its folder.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The SHA-256 that the inventory says it has: 64 small hexadecimal digits.
    pub expected: Option<String>,
    /// What was read of it, or in words why it could not be read.
    pub seal: Result<Seal, String>,
}

impl Enclosed {
    /// The SHA-256 that it has, where it could be read.
    #[must_use]
    pub fn sha256(&self) -> Option<String> {
        self.seal.as_ref().ok().map(Seal::hex)
    }

    /// Whether it is another than the inventory says.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let found = self.sha256();
        self.expected.is_some() && found.is_some() && self.expected != found
    }
}

/// Who vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Party index.
    pub party: usize,
    /// Who of its people, where one is named.
    pub person: Option<String>,
}

/// Whether an artefact attests duties on a day, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// A named party vouches, and it is in date.
    InDate,
    /// It only documents.
    Documents,
    /// Nobody vouches.
    Unvouched,
    /// Nobody has read it yet.
    Draft,
    /// It was read after that day.
    Later,
    /// It had to be read again before that day.
    Overdue,
    /// Its file cannot be read.
    Missing,
    /// Its file is not the one that was reviewed.
    Changed,
}

impl Validity {
    /// The word for it in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InDate => "in-date",
            Self::Documents => "documents",
            Self::Unvouched => "unvouched",
            Self::Draft => "draft",
            Self::Later => "later",
            Self::Overdue => "overdue",
            Self::Missing => "missing",
            Self::Changed => "changed",
        }
    }
}

impl Validity {
    /// What it means, in the words of documents.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InDate => "in date",
            Self::Documents => "documents only",
            Self::Unvouched => "nobody vouches",
            Self::Draft => "not reviewed yet",
            Self::Later => "reviewed after this report's date",
            Self::Overdue => "overdue",
            Self::Missing => "file missing",
            Self::Changed => "file changed",
        }
    }
}

impl Evidence {
    /// The day that it speaks of: when what it records was done, else when it was read.
    #[must_use]
    pub fn of_day(&self) -> Option<Date> {
        self.performed.or(self.reviewed)
    }

    /// The last day on which it counts at all: `review_by`, else, where somebody vouches, a year after the day that it speaks of.
    #[must_use]
    pub fn until(&self) -> Option<Date> {
        let a_year_on = || {
            let day = self
                .of_day()
                .filter(|_| self.reviewed.is_some() && self.by.is_some() && self.attests)?;
            Some(day.checked_add(1.year()).unwrap_or(Date::MAX))
        };
        self.review_by.or_else(a_year_on)
    }

    /// The last day on which it attests a duty of some cadence: never longer than until that is due again.
    #[must_use]
    pub fn attests_until(&self, cadence: Option<Cadence>) -> Option<Date> {
        let again = self.of_day().and_then(|day| cadence?.after(day));
        let days = self.until().into_iter().chain(again);
        days.min()
    }

    /// Whether it attested a duty of some cadence once, and does so no more on a day.
    #[must_use]
    pub fn has_lapsed(&self, cadence: Option<Cadence>, day: Date) -> bool {
        let is_over = self.attests_until(cadence).is_some_and(|until| until < day);
        is_over && matches!(self.validity(day), Validity::InDate | Validity::Overdue)
    }

    /// Whether it attests on a day.
    #[must_use]
    pub fn validity(&self, day: Date) -> Validity {
        let Some(reviewed) = self.reviewed else {
            return if self.attests { Validity::Draft } else { Validity::Documents };
        };
        if !self.attests {
            Validity::Documents
        } else if self.by.is_none() {
            Validity::Unvouched
        } else if reviewed > day {
            Validity::Later
        } else if self.until().is_some_and(|until| until < day) {
            Validity::Overdue
        } else {
            match &self.file {
                Some(file) if file.seal.is_err() => Validity::Missing,
                Some(file) if file.is_changed() => Validity::Changed,
                Some(_) | None => Validity::InDate,
            }
        }
    }

    /// Whether it had to be read again before a day, whether it attests or not.
    #[must_use]
    pub fn is_overdue(&self, day: Date) -> bool {
        self.until().is_some_and(|until| until < day)
    }
}

impl Inventory {
    /// Who vouches, as printed.
    #[must_use]
    pub fn called(&self, by: &Voucher) -> String {
        let party = &self.parties[by.party].name;
        match &by.person {
            Some(person) => format!("{person} ({party})"),
            None => party.clone(),
        }
    }
}
