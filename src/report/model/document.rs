//! What the document is, whom and what it speaks of, and its history.

use super::summary::StateCounts;
use crate::inventory::PartyKind;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the document is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(default)]
pub struct Meta {
    /// Title.
    pub title: String,
    /// A line below it.
    pub subtitle: String,
    /// The customer.
    pub organization: Option<String>,
    /// The system.
    pub system: Option<String>,
    /// Version of the document.
    pub version: Option<String>,
    /// The date that it is true for, YYYY-MM-DD.
    pub as_of: String,
    /// Such as `Confidential`.
    pub classification: Option<String>,
    /// `audit`, `review` or `handover`.
    pub edition: String,
    /// As printed.
    pub edition_title: String,
    /// Whether it is a draft; `edition_title` says so, too.
    pub draft: bool,
    /// Whether pseudonyms stand for accounts, resources and people; `edition_title` says so, too.
    pub redacted: bool,
    /// The party that the report is cut to.
    pub party: Option<String>,
    /// What else it is cut to, in words.
    pub only: Option<String>,
    /// Whether it was made from imported files alone: the Report's `partial` says from which.
    pub partial: bool,
    /// The catalog's name and version.
    pub catalog_version: String,
    /// The program's version.
    pub tool_version: String,
    /// As printed.
    pub prepared_by: Option<String>,
    /// As printed.
    pub prepared_for: Option<String>,
    /// Language of the texts.
    pub language: String,
    /// The provider's name.
    pub provider: String,
    /// The provider's short name.
    pub provider_short: String,
    /// False where the output is one stream, so that no pictures can lie beside it.
    pub pictures: bool,
    /// What the names of pictures begin with.
    pub picture_prefix: String,
}

/// What a report lacks that was made from imported files alone.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Partial {
    /// Whether the files are a scanner's results, so that what it did not look at is not listed.
    pub of_results: bool,
    /// The files.
    pub made_from: Vec<MadeFrom>,
    /// What none of them names.
    pub not_named: Vec<String>,
    /// What to name next, most useful first.
    pub next: Vec<String>,
}

/// An imported file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MadeFrom {
    /// Its path.
    pub file: String,
    /// What kind of source it is.
    pub source: String,
}

/// Resources of a template that count as deployed though a condition may keep them from being it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ConditionalGroup {
    /// The condition's name.
    pub condition: String,
    /// How many.
    pub count: u64,
    /// Their addresses, at most forty; types under `--redact`.
    pub resources: Vec<String>,
    /// The template.
    pub from: String,
}

/// Branding.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Theme {
    /// Name of the logo's file among the templates' files.
    pub logo: Option<String>,
    /// `#rrggbb`.
    pub accent: String,
    /// Text at the foot of each page.
    pub footer: Option<String>,
    /// The family of the font, where it is another than the built-in one.
    pub font: Option<String>,
}

/// A labelled value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// What is in scope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Scope {
    /// Accounts, by number.
    pub accounts: Vec<Account>,
    /// Regions.
    pub regions: Vec<String>,
    /// Environments.
    pub environments: Vec<String>,
    /// Data classes.
    pub data: Vec<String>,
    /// The files that the inventory was made from.
    pub inputs: Vec<String>,
}

/// An account.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// As printed.
    pub name: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Resources in it.
    pub resources: u64,
}

/// A party.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Party {
    /// Unique.
    pub id: String,
    /// As printed.
    pub name: String,
    /// For column headings.
    pub short: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// How to reach it.
    pub contact: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// Role names.
    pub people: Vec<String>,
    /// Its duties.
    pub duties: PartyFigures,
    /// Duties that it is asked before.
    pub consulted: u64,
    /// Duties that it is told of.
    pub informed: u64,
    /// Commitments that are its own.
    pub commitments: u64,
}

/// The duties of one party. One that it both does and answers for stands in both.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyFigures {
    /// Those that it does: R, alone or with A.
    pub responsible: StateCounts,
    /// Those that it answers for: A, alone or with R.
    pub accountable: StateCounts,
}

/// A service model, for the glossary.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Model {
    /// Its id.
    pub model: String,
    /// Its name.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// Services of it in scope.
    pub services: u64,
}

/// One line of the checklist.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChecklistLine {
    /// The control, as printed.
    pub title: String,
    /// The control's id.
    pub control: String,
    /// Duties.
    pub duties: u64,
    /// Services concerned.
    pub services: u64,
    /// Duties not met.
    pub not_met: u64,
    /// Its duties by state.
    pub states: StateCounts,
    /// The same in words, worst first.
    pub in_words: String,
    /// The parties that answer for them, joined.
    pub parties: String,
}

/// One entry of the document's history.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Revision {
    /// Of the document.
    pub version: String,
    /// When.
    pub date: String,
    /// As printed.
    pub author: Option<String>,
    /// What changed.
    pub change: String,
}
