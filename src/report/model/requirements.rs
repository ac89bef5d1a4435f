//! Requirements of frameworks, in both halves.

use super::{Standing, StateCounts};
use crate::raci::Letters;
use crate::raci::requirements::RequirementType;
use clap::ValueEnum;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A framework that the inventory names, or one of its baselines, requirement by requirement.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FrameworkRows {
    /// The framework's id.
    pub framework: String,
    /// As printed.
    pub name: String,
    /// What stands before an id in a sentence.
    pub short: String,
    /// Its edition.
    pub version: String,
    /// The id of the baseline, where one is asked for.
    pub baseline: Option<String>,
    /// As printed.
    pub baseline_name: Option<String>,
    /// Whose inheritance it tells.
    pub perspective: Perspective,
    /// What the mapping rests on, in sentences.
    pub rests_on: Option<String>,
    /// Titles of the public mappings that rows rest on.
    pub mappings: Vec<String>,
    /// The rows by their type, which in a party's cut are those of the whole.
    pub counts: RequirementCounts,
    /// One a requirement, in the framework's order.
    pub rows: Vec<RequirementRow>,
}

/// Whose inheritance is told. The two are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ValueEnum)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Perspective {
    /// What the organisation inherits from its providers
    #[default]
    Customer,
    /// What the organisation's own customers inherit from it
    Provider,
}

/// Requirements by their type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RequirementCounts {
    /// All of them.
    pub total: u64,
    /// Borne by a provider alone.
    pub inherited: u64,
    /// Borne by a provider and by others.
    pub shared: u64,
    /// Borne by customers and partners alone.
    pub customer_specific: u64,
    /// Borne by no cloud service.
    pub organisational: u64,
    /// Nothing that is deployed has to do with them.
    pub not_applicable: u64,
    /// Not mapped.
    pub unclassified: u64,
}

/// A requirement.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RequirementRow {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its title, where the framework's text is free.
    pub title: Option<Arc<str>>,
    /// What it is about in the report's own words, where its title may not be told: what the objectives are called that
    /// answer it.
    pub subject: Option<String>,
    /// Its family or chapter.
    pub group: Option<Arc<str>>,
    /// As printed.
    pub group_name: Option<Arc<str>>,
    /// Its ids by part, where assessors ask by part.
    pub parts: Vec<Arc<str>>,
    /// Whose it is, from the activities of this inventory. In a report that is cut to a party, or to a side, from those of all:
    /// what is left out is still done.
    #[serde(rename = "type")]
    pub kind: RequirementType,
    /// Why no cloud service bears it.
    pub organisational: Option<Arc<str>>,
    /// The worst state of its duties, a word; of an inherited one, of those in `read_by`, and `inherited` without any.
    pub state: Option<String>,
    /// Its duties by state.
    pub duties: StateCounts,
    /// The same by who answers for them; they add up to it.
    pub by_party: Vec<PartyStates>,
    /// Through what it is answered, by name. A duty may be in several of them.
    pub answered_by: Vec<AnsweredBy>,
    /// What providers do for it.
    pub provider: Vec<Arc<ProviderPart>>,
    /// What customers and partners must do for it.
    pub customer: Vec<Arc<OwnPart>>,
    /// Of an inherited one: the duties to obtain and read what shows that the provider does its part. They answer no
    /// requirement, and are in none of its figures.
    pub read_by: Vec<Arc<OwnPart>>,
    /// What the customers of the service that the organisation sells must do for it, where the inventory says so.
    pub customers: Vec<Arc<str>>,
    /// Ids of the parties that answer for its duties; of an inherited one, for those in `read_by`.
    pub accountable: Vec<Arc<str>>,
    /// The services and modes that have a part in it.
    pub services: Vec<String>,
    /// What the mapping of it rests on: `judgement`, or keys of the framework's mappings.
    pub rests_on: Vec<Arc<str>>,
}

/// An objective, or an activity, through which a requirement is answered.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AnsweredBy {
    /// The id of the subject.
    pub subject: Arc<str>,
    /// Its name.
    pub name: String,
    /// Its duties by state.
    pub duties: StateCounts,
    /// How many commitments it has.
    pub commitments: u64,
}

/// An objective, or an activity, that requirements of the inventory's frameworks are mapped to, with all that is done for it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Subject {
    /// `control.objective`, or an activity's id.
    pub id: Arc<str>,
    /// In a few words, each once in a report.
    pub name: String,
    /// What it means.
    pub meaning: Option<String>,
    /// The control's id.
    pub control: String,
    /// The control, as printed.
    pub control_title: String,
    /// What providers do.
    pub provider: Vec<Arc<ProviderPart>>,
    /// What customers and partners must do.
    pub customer: Vec<Arc<OwnPart>>,
}

/// Duties that a party answers for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyStates {
    /// The party's id.
    pub party: Arc<str>,
    /// They by state.
    pub duties: StateCounts,
}

/// A commitment that answers a requirement.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ProviderPart {
    /// The service and mode: `rds/custom`.
    pub service: String,
    /// Its short name.
    #[serde(skip)]
    pub label: String,
    /// What is done.
    pub does: Arc<str>,
    /// The same as a noun phrase, where the catalog has one.
    #[serde(skip)]
    pub brief: Option<Arc<str>>,
    /// The id of the provider.
    pub by: Arc<str>,
    /// The page that says so.
    pub source: Arc<str>,
}

/// A duty that answers a requirement.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OwnPart {
    /// The duty's id.
    pub duty: Arc<str>,
    /// The service and mode: `rds/custom`.
    pub service: String,
    /// Its short name.
    #[serde(skip)]
    pub label: String,
    /// The control's id.
    pub control: String,
    /// The activity's id.
    pub activity: Arc<str>,
    /// Where it is deployed.
    pub environment: Option<Arc<str>>,
    /// What must be done.
    pub does: Arc<str>,
    /// The same as a noun phrase, where the catalog has one.
    #[serde(skip)]
    pub brief: Option<Arc<str>>,
    /// How.
    #[serde(skip)]
    pub how: Option<Arc<str>>,
    /// What shows that it was done.
    #[serde(skip)]
    pub evidence: Option<Arc<str>>,
    /// Its state.
    #[serde(skip)]
    pub standing: Standing,
    /// The same, a word.
    pub state: String,
    /// Ids of the parties that do it.
    pub responsible: Vec<Arc<str>>,
    /// The id of the party that answers for it.
    pub accountable: Arc<str>,
    /// The letters by short name: `A Example, R Northwind`.
    #[serde(skip)]
    pub holders: String,
    /// The letters by party, in the order of the matrix.
    #[serde(skip)]
    pub letters: Vec<(Arc<str>, Letters)>,
}
