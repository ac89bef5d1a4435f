//! The files of the catalog as they are written: unvalidated, one type a file.

mod engines;
mod parties;
mod provider;
pub(in crate::catalog) mod resources;

pub use engines::{ColumnFile, ColumnWordsFile, EngineFile, EnginesFile, TableFile};
pub use parties::{PartyFile, PartyKind};
pub use provider::{
    AbsentFile, KeysFile, NamesFile, OperatorFile, OwnKeysFile, PartitionFile, PartitionsFile, ProviderFile, WhereaboutsFile,
};
pub use resources::{AttributeFile, FullAttributeFile, KindFile, PlaceFile, PlacesFile, ResourceTypeFile, Types, WithinFile, WordsFile};

use super::IndexMap;
use super::cadence::Cadence;
use super::case::Case;
use super::judgement::Tests;
use super::lifecycle::{Lifecycle, LifecycleFile};
use super::predicate::Predicate;
use super::side::{ControlType, Side};
use crate::diagnostics::{Route, route};
#[cfg(test)]
use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::sync::Arc;

/// `services/<id>.yaml`: what is particular to one service.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceFile {
    /// The service's id, the same as the file's name.
    pub id: String,
    /// In an overlay: why it departs from the built-in catalog; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// The product's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The provider's product category.
    #[serde(default)]
    pub category: Option<String>,
    /// The id of its service model.
    #[serde(default)]
    pub model: Option<String>,
    /// What it is, in one clause.
    #[serde(default)]
    pub about: Option<String>,
    /// Why the split is as it is; replaces the model's reason.
    #[serde(default)]
    pub why: Option<String>,
    /// What the service and its resources are called elsewhere.
    #[serde(default)]
    pub aliases: Aliases,
    /// The deployable things, with what can be known of them; types that only the aliases match are supporting resources.
    #[serde(default)]
    pub resources: IndexMap<String, ResourceTypeFile>,
    /// Resources that look like this service's and are another's.
    #[serde(default)]
    pub reclassify: Vec<Reclassify>,
    /// Set where the service is retired or closed to new customers.
    #[serde(default)]
    pub lifecycle: Option<LifecycleFile>,
    /// Pages that activities refer to by key.
    #[serde(default)]
    pub sources: IndexMap<String, SourceFile>,
    /// What differs from the service model, by control.
    #[serde(default)]
    pub controls: IndexMap<String, ControlFile>,
    /// Ways of running the service that move the line.
    #[serde(default)]
    pub modes: Vec<ModeFile>,
    /// The mode shown when the inventory does not settle it.
    #[serde(default)]
    pub default_mode: Option<String>,
}

/// What a service and its resources are called, as patterns: exact, or a prefix that ends in `*`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Aliases {
    /// Short names that people use.
    #[serde(default)]
    pub names: Vec<String>,
    /// Terraform resource types.
    #[serde(default)]
    pub terraform: Vec<String>,
    /// CloudFormation resource types.
    #[serde(default)]
    pub cloudformation: Vec<String>,
    /// AWS Config resource types that are not CloudFormation types.
    #[serde(default)]
    pub config: Vec<String>,
    /// ARN namespaces, optionally with a resource type: `rds:cluster`.
    #[serde(default)]
    pub arn: Vec<String>,
    /// What ARNs call what only supports the service's resources, `*` for any part: `subgrp`, `table/*/backup`.
    #[serde(default)]
    pub supporting: Vec<String>,
    /// IAM action prefixes.
    #[serde(default)]
    pub iam: Vec<String>,
}

/// A resource of this service that an attribute shows to be another service's.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reclassify {
    /// Over the resource's attributes.
    pub when: Predicate,
    /// The service that it is.
    pub to: String,
}

/// A page that supports facts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Its title.
    pub title: Arc<str>,
    /// Its address.
    pub url: Arc<str>,
    /// When somebody last read it and found the facts in it, YYYY-MM-DD; without it: unverified.
    #[serde(default)]
    pub reviewed: Option<Arc<str>>,
}

/// What a level says of one control: activities by side, or that the control does not apply.
#[derive(Debug, Clone, Default)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ControlFile {
    /// Why the control does not apply to the service.
    #[cfg_attr(test, serde(default))]
    pub not_applicable: Option<String>,
    /// `provider`, `customer`, or the id of another party of the catalog. An empty list removes that side.
    #[cfg_attr(test, serde(flatten), schemars(with = "IndexMap<String, Vec<ActivityFile>>"))]
    pub sides: IndexMap<Side, Vec<ActivityFile>>,
    /// In an overlay: further activities by side, beside whatever the side has.
    #[cfg_attr(test, serde(default), schemars(with = "IndexMap<String, Vec<ActivityFile>>"))]
    pub adds: IndexMap<Side, Vec<ActivityFile>>,
}

impl ControlFile {
    /// Every list of activities with its side and where the control has it.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&Side, &Vec<ActivityFile>, Route)> {
        let sides = self.sides.iter().map(|(side, list)| (side, list, route([side.id().into()])));
        let adds = self.adds.iter();
        sides.chain(adds.map(|(side, list)| (side, list, route([ADDS.into(), side.id().into()]))))
    }
}

/// What further activities stand under.
const ADDS: &str = "adds";

/// Field by field, since what serde makes of `flatten` holds every value twice, and most of the catalog lies in here.
impl<'de> Deserialize<'de> for ControlFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = ControlFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("activities by side, or `not_applicable`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ControlFile, A::Error> {
                let mut control = ControlFile::default();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "not_applicable" {
                        control.not_applicable = map.next_value()?;
                    } else if name == ADDS {
                        let adds: IndexMap<String, Vec<ActivityFile>> = map.next_value()?;
                        control.adds = adds.into_iter().map(|(side, list)| (Side::named(&side), list)).collect();
                    } else {
                        let activities = map.next_value()?;
                        control.sides.insert(Side::named(&name), activities);
                    }
                }
                Ok(control)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// One piece of a control.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivityFile {
    /// Unique within the control and side of the file.
    pub id: String,
    /// One sentence, verb first, at most 160 characters, no full stop.
    pub does: Arc<str>,
    /// Noun phrase for the short two-column split, at most 40 characters.
    #[serde(default)]
    pub brief: Option<Arc<str>>,
    /// Whether it happens by itself, must be switched on, or must be built.
    pub default: DefaultState,
    /// For the customer: what exactly to set or do.
    #[serde(default)]
    pub how: Option<Arc<str>>,
    /// For customers and partners: how often, or what calls for it.
    #[serde(default)]
    pub cadence: Option<Cadence>,
    /// For the customer: the artefact that shows that it was done.
    #[serde(default)]
    pub evidence: Option<Arc<str>>,
    /// What it is for: objectives of its control by their names, those of other controls as `control.objective`. Requirements
    /// of frameworks are mapped to these.
    #[serde(default)]
    pub objectives: Vec<Arc<str>>,
    /// The resource types of the service that it is about, by their names under `resources`; left out: all.
    #[serde(default)]
    pub of: Vec<Arc<str>>,
    /// The activity exists only where this holds.
    #[serde(default)]
    pub when: Option<Predicate>,
    /// The same in words, for people: a clause that reads on after "where".
    pub given: Option<Arc<str>>,
    /// What excuses from the activity, unlikely and mostly unsaid: shown, it takes the activity away; unsaid, it does not.
    #[serde(default)]
    pub unless: Option<Predicate>,
    /// The same in words, for people: a clause that reads on after "unless".
    #[serde(default)]
    pub excuse: Option<Arc<str>>,
    /// Attests that the duty is done: all that the sentence says, on every block.
    #[serde(default)]
    pub met_when: Option<Predicate>,
    /// Attests that the duty is done, where its absence shows nothing: what it asks for may lie outside of the inventory.
    #[serde(default)]
    pub attested_when: Option<Predicate>,
    /// Shows that the duty is not done, where the configuration can show only that.
    #[serde(default)]
    pub disproved_when: Option<Predicate>,
    /// Attributes as sources deliver them, with what they say of the duty: what the predicates are tried on.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Of the finding when it is not done.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The finding, as a sentence.
    #[serde(default)]
    pub unmet: Option<Arc<str>>,
    /// What attributes show that do not attest the duty may be meant: it is a question to decide, and no finding.
    #[serde(default)]
    pub question: bool,
    /// A key of the file's `sources`.
    pub source: String,
    /// The source does not carry this fact, or could not be read.
    #[serde(default)]
    pub unverified: bool,
}

impl ActivityFile {
    pub(super) fn tests(&self) -> Tests<'_> {
        Tests {
            when: self.when.as_ref(),
            unless: self.unless.as_ref(),
            met_when: self.met_when.as_ref(),
            attested_when: self.attested_when.as_ref(),
            disproved_when: self.disproved_when.as_ref(),
        }
    }
}

/// Whether an activity happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DefaultState {
    /// Happens by itself.
    Automatic,
    /// Exists, and must be switched on or chosen.
    OptIn,
    /// Must be made by its owner.
    Build,
}

/// How bad it is when a duty is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// An attacker or a data loss would use it.
    High,
    /// Weakens protection.
    Medium,
    /// Good practice.
    Low,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A way of running a service.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModeFile {
    /// Unique within the service.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Short names of the service in this mode: `alb`, beside `elastic-load-balancing-application`, which goes without saying.
    #[serde(default)]
    pub names: Vec<String>,
    /// Another service model than the service's.
    #[serde(default)]
    pub model: Option<String>,
    /// What it is in this mode, where the service's own clause is untrue of it.
    #[serde(default)]
    pub about: Option<String>,
    /// Settles the mode from a resource's attributes.
    pub when: Predicate,
    /// Why the split moves.
    pub why: String,
    /// A resource whose attributes do not mention it is taken not to run so; the report says so as an assumption.
    #[serde(default)]
    pub rare: bool,
    /// Activities that it does not inherit, by their ids: what the service or its model says and is untrue in this mode.
    #[serde(default)]
    pub without: Vec<String>,
    /// What differs from the service.
    #[serde(default)]
    pub controls: IndexMap<String, ControlFile>,
}

/// `models.yaml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelsFile {
    /// Pages that activities refer to by key.
    pub sources: IndexMap<String, SourceFile>,
    /// What holds for every service.
    #[serde(default)]
    pub every: IndexMap<String, ControlFile>,
    /// The service models.
    pub models: Vec<ModelFile>,
}

/// One service model.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why the split is as it is.
    pub why: String,
    /// For the glossary.
    pub meaning: String,
    /// What it changes.
    pub controls: IndexMap<String, ControlFile>,
}

/// One control.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its fixed id.
    pub id: String,
    /// As printed.
    pub title: String,
    /// The layer of the stack that it lies on.
    pub layer: String,
    /// The type that it usually has.
    pub typical: ControlType,
    /// What it covers.
    pub meaning: String,
    /// Whether it is what somebody is called for at any hour.
    #[serde(default)]
    pub urgent: bool,
    /// Whether an overlay added it: it applies where the overlay says so, and needs no reason elsewhere.
    #[serde(skip)]
    pub own: bool,
}

/// One layer of the stack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// As printed.
    pub title: String,
    /// Whether an overlay added it.
    #[serde(skip)]
    pub own: bool,
}

/// `catalog.yaml`: a provider's own version.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AboutFile {
    /// Whose services it describes.
    pub name: String,
    /// Year and month.
    pub version: String,
    /// The words that the names of its products begin with.
    pub vendors: Vec<String>,
    /// The id of the service that stands for the account itself.
    pub account_service: String,
    /// The id, within its control and side, of the customer's duty that stands for all that is inherited.
    pub provider_evidence: String,
    /// The id, within its control and side, of the customer's duty to keep evidence of its others on a service.
    pub own_evidence: String,
    /// The categories of its products: each service is in one of them.
    pub categories: Vec<String>,
    /// What the addresses of pages hold on which it publishes a service level.
    pub service_levels: Vec<String>,
    /// The controls in which a provider does nothing any more for a service that is retired.
    pub retired_without: Vec<String>,
    /// The scanners that look at code, and so at no time that they tell.
    pub code_scanners: Vec<String>,
    /// Pages that speak of no service by itself, with the controls of which they carry what holds for every service.
    pub general_pages: IndexMap<String, Vec<String>>,
    /// What stands for a component of somebody else's OSCAL document.
    pub upstream: UpstreamFile,
}

/// What a component of somebody else's document is taken to be.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpstreamFile {
    /// The id of a service model; nothing that it says holds for the component.
    pub model: String,
    /// A product category.
    pub category: String,
    /// The control of a responsibility that leads to none.
    pub control: String,
}

/// What is needed of every service before any is looked at.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct IndexEntry {
    /// The service's id.
    pub id: String,
    /// The product's name.
    pub name: String,
    /// The provider's product category.
    pub category: String,
    /// The id of its service model.
    pub model: String,
    /// What it is.
    pub about: String,
    /// What it is called elsewhere.
    #[serde(default)]
    pub aliases: Aliases,
    /// Retired or closed.
    #[serde(default)]
    pub lifecycle: Option<Lifecycle>,
    /// Resources that are another service's.
    #[serde(default)]
    pub reclassify: Vec<Reclassify>,
}
