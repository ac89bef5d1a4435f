//! Evidence and sources.

use super::services::Freshness;
use crate::inventory::Validity;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The evidence to keep for one control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Evidence {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub control_title: String,
    /// How many artefacts are to be kept.
    pub artefacts: u64,
    /// What to keep, in the customer's own services.
    pub items: Vec<EvidenceItem>,
    /// The parties that answer for it, joined.
    pub parties: String,
    /// Titles of the artefacts that the inventory names for it, joined.
    pub given: String,
}

/// One kind of evidence.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct EvidenceItem {
    /// What to keep.
    pub artefact: String,
    /// The services, joined.
    pub on: String,
}

/// An artefact that the inventory names.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Artefact {
    /// What it is.
    pub artefact: String,
    /// What it applies to, in words.
    pub applies_to: String,
    /// Where it is kept.
    pub location: Option<String>,
    /// Who vouches for the duties with it, as printed.
    pub by: Option<String>,
    /// The id of the party that vouches.
    pub party: Option<String>,
    /// When what it records was done: the day of the test, the review or the exercise, where the inventory says it.
    pub performed: Option<String>,
    /// When it was last read.
    pub reviewed: Option<String>,
    /// When it must be read again: the last day on which it counts at all. Where somebody vouches and the inventory does not
    /// say it, a year after what it records was done, else after it was read.
    pub review_by: Option<String>,
    /// Whether that is over.
    pub overdue: bool,
    /// Whether it attests anything on the report's date, and if not, why.
    pub validity: Validity,
    /// The same in words.
    pub validity_words: &'static str,
    /// The artefact itself, as the inventory names it.
    pub file: Option<String>,
    /// The SHA-256 that the file has, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The same in groups of eight digits, as it is printed.
    pub sha256_printed: Option<String>,
    /// How many duties rest on it: without it, they would be unknown unless another artefact attests them.
    pub duties: u64,
    /// The days until which it attests these, none longer than until it is due again by its cadence; by day.
    pub lapses: Vec<Lapse>,
    /// The first day on which it attested a duty for the last time that waits for evidence since.
    pub lapsed: Option<String>,
}

/// A day on which an artefact attests duties for the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Lapse {
    /// YYYY-MM-DD.
    pub until: String,
    /// How many duties.
    pub duties: u64,
    /// Of these, how many have passed to who takes over by then, so that it is theirs to renew it.
    pub passed: u64,
}

/// A page that supports facts.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Source {
    /// From 1.
    pub number: u64,
    /// Its title.
    pub title: Arc<str>,
    /// The guide that it is a page of, where its title names one.
    pub guide: String,
    /// Its title within the guide.
    pub page: String,
    /// Whether the sources before it belong to other guides.
    pub first_of_guide: bool,
    /// Its address.
    pub url: Arc<str>,
    /// When it was last read.
    pub reviewed: Option<Arc<str>>,
    /// Whether that is recent.
    pub freshness: Freshness,
    /// Duties and commitments that rest on it.
    pub activities: u64,
}

/// The pages of one guide.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SourceGuide {
    /// Its title.
    pub guide: String,
    /// Pages that are used.
    pub pages: u64,
    /// Of those, read longer than a year before the report's date.
    pub stale: u64,
    /// Of those, read after it.
    pub later: u64,
    /// Of those, not verified.
    pub unverified: u64,
    /// The day on which the page was read whose reading is longest ago.
    pub oldest: Option<Arc<str>>,
}
