//! Services, their controls and activities.

use super::summary::PartyCount;
use crate::catalog::{ControlType, DefaultState, Level};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What is told once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Common {
    /// `every`, or a service model's id.
    pub model: String,
    /// Heading.
    pub title: String,
    /// How many services it holds for.
    pub services: u64,
    /// In the order of the catalog.
    pub controls: Vec<Control>,
}

/// A service in one mode.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Service {
    /// The service's id.
    pub service: String,
    /// The mode's id.
    pub mode: Option<String>,
    /// False where the inventory does not settle the mode of some of its resources.
    pub mode_known: bool,
    /// The attributes that would settle it.
    pub settled_by: Vec<String>,
    /// The product's name.
    pub name: String,
    /// The mode's name.
    pub mode_name: Option<String>,
    /// Heading: product and mode.
    pub title: String,
    /// What links to the section lead to.
    pub anchor: String,
    /// What it is.
    pub about: String,
    /// The service model's id.
    pub model: String,
    /// The service model's name.
    pub model_name: String,
    /// Why the split is as it is.
    pub why: String,
    /// `retired` or `closed-to-new`, with the date.
    pub lifecycle: Option<String>,
    /// How many are deployed.
    pub resources: u64,
    /// How many resources only support others.
    pub supporting: u64,
    /// Names of the resources, at most twelve.
    pub names: Vec<String>,
    /// How many names are left out.
    pub names_left_out: u64,
    /// Accounts, by name where there is one.
    pub accounts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Environments.
    pub environments: Vec<String>,
    /// Data classes.
    pub data: Vec<String>,
    /// The short split: what the provider does.
    pub provider_does: Vec<String>,
    /// The short split: what the customer does.
    pub customer_does: Vec<String>,
    /// The provider's activities.
    pub provider_activities: u64,
    /// The customer's activities.
    pub customer_activities: u64,
    /// Duties not met.
    pub not_met: u64,
    /// Activities of this service that the common part tells.
    pub told_once: u64,
    /// Whether its section begins a page. Pages that begin anew are set side by side on the processor's cores.
    pub new_page: bool,
    /// The service's first section, where it has several modes and this is a later one.
    pub first: Option<SectionLink>,
    /// Activities that are as in that first section.
    pub as_in_first: u64,
    /// The parties that answer for the customer's activities, with how many each.
    pub accountable: Vec<PartyCount>,
    /// Customer duties that are not met.
    pub gaps: Vec<Gap>,
    /// All controls, in the order of the catalog.
    pub controls: Vec<Control>,
    /// Controls that do not apply, with reasons.
    pub not_applicable: Vec<NotApplicable>,
}

/// A link to a section.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SectionLink {
    /// Its heading.
    pub title: String,
    /// What links to it lead to.
    pub anchor: String,
}

/// A customer duty that is not met.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Gap {
    /// The control, as printed.
    pub control_title: String,
    /// What is to be done.
    pub does: Arc<str>,
    /// The parties' short names: A and R.
    pub holders: String,
    /// Resources shown undone.
    pub not_met: u64,
    /// Resources that it holds for.
    pub of: u64,
}

/// A control that does not apply to a service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotApplicable {
    /// As printed.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// A control on a service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Control {
    /// Its id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// The layer's id.
    pub layer: String,
    /// The layer, as printed.
    pub layer_title: String,
    /// Its type; none where it does not apply.
    #[serde(rename = "type")]
    pub control_type: Option<ControlType>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// A few requirement ids, for the band.
    pub requirements: Vec<String>,
    /// Whether the service's section has anything to print of it.
    pub shown: bool,
    /// Where all activities of a side are assigned alike, but differently for different deployments: the letters, once.
    pub scoped_letters: Vec<ScopedLetters>,
    /// Its activities.
    pub activities: Vec<Activity>,
    /// The rows that the service's section prints: its shown activities, those of the provider that are alike together.
    pub lines: Vec<Line>,
}

/// A printed row of the table of who does what.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line {
    /// What is done: one activity, or several that share everything else.
    pub parts: Vec<LinePart>,
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// Whether the letters stand under the control's heading.
    pub letters_above: bool,
    /// One a party, in their order; all empty where the letters stand under the control's heading.
    pub letters: Vec<&'static str>,
    /// The deployments that it holds for, where they differ and the letters do not stand above.
    pub scope: Option<String>,
    /// What the inventory attests.
    pub state: ShownState,
}

/// One activity of a printed row.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LinePart {
    /// What is done.
    pub does: Arc<str>,
    /// Whether it happens by itself, where that is not what is usual on its side: a provider's activity is automatic, a
    /// customer's must be built.
    pub unlike_usual: Option<DefaultState>,
    /// The number of its source.
    pub source_number: u64,
    /// The number of its condition.
    pub condition: Option<u64>,
}

/// The letters of all activities of one side of a control, on some deployments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScopedLetters {
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// The deployments.
    pub scope: String,
    /// One a party, in their order; empty where a party holds none.
    pub letters: Vec<&'static str>,
}

/// An activity on the resources that share one assignment of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Activity {
    /// Unique in the catalog.
    pub id: Arc<str>,
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// What the inventory attests.
    pub state: ActivityState,
    /// As printed: the state, `inherited` for others' activities, `attest` where only evidence can show it.
    pub state_label: &'static str,
    /// Resources that it holds for, counts included.
    pub resources: u64,
    /// Of those, shown done.
    pub resources_met: u64,
    /// Of those, shown undone.
    pub resources_not_met: u64,
    /// Of those, undone and excused.
    pub resources_excepted: u64,
    /// Letters by party; parties without a letter are left out.
    pub assignments: Vec<PartyLetters>,
    /// One a party, in their order; empty where a party holds none.
    pub letters: Vec<&'static str>,
    /// What shows that it was done.
    pub evidence: Arc<str>,
    /// The address of the page that supports it.
    pub source: Arc<str>,
    /// Its number in the list of sources.
    pub source_number: u64,
    /// When that page was last read.
    pub reviewed: Option<Arc<str>>,
    /// Whether that is recent.
    pub freshness: Freshness,
    /// The level of the catalog that it comes from.
    pub from: Level,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
    /// Its number in the list of conditions.
    pub condition: Option<u64>,
    /// Whether the common part tells it.
    pub told_once: bool,
    /// Whether the service's section prints it: not where the common part or the service's first section tells it, and
    /// of an activity whose letters stand once for the whole control only the first row.
    pub shown: bool,
    /// Whether its letters stand under the control's heading.
    pub letters_above: bool,
    /// The state of the printed row: of all deployments where its letters stand above.
    pub shown_state: ShownState,
}

/// A state as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ShownState {
    /// Such as `met`.
    pub label: &'static str,
    /// Resources that it holds for.
    pub resources: u64,
    /// Of those, shown undone.
    pub not_met: u64,
    /// Of those, undone and excused.
    pub excepted: u64,
}

/// What the inventory attests of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityState {
    /// Done on every resource.
    Met,
    /// Undone on at least one.
    NotMet,
    /// The inventory does not tell.
    Unknown,
    /// Not the customer's.
    NotApplicable,
}

/// Whether a source was read recently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Within a year before the report's date.
    Fresh,
    /// Longer ago.
    Stale,
    /// Never.
    Unverified,
}

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PartyLetters {
    /// Id.
    pub party: String,
    /// `R`, `A`, `A/R`, `C` or `I`.
    pub letters: &'static str,
}
