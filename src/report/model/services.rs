//! Services, their controls, and what is done on them.

use super::standing::Standing;
use super::summary::{PartyCount, StateCounts};
use crate::catalog::{Cadence, ControlType, DefaultState, Level};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A service in one mode.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
    /// Short enough for a column, without the mode.
    pub short: String,
    /// The same with the mode, where the report has several modes of the service.
    pub label: String,
    /// What its section in a document tells, too.
    #[serde(flatten)]
    pub facts: Arc<ServiceFacts>,
    /// All controls, in the order of the catalog.
    pub controls: Vec<Control>,
}

/// What can be told of a service in one mode beside its activities.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ServiceFacts {
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
    /// Whether it is the account itself, whose resources are the accounts.
    pub is_account: bool,
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
    /// The short split: what partners do, each its own.
    pub partners_do: Vec<PartnerDoes>,
    /// The short split: what the customer's own parties do.
    pub customer_does: Vec<String>,
    /// Duties on it, by state.
    pub duties: StateCounts,
    /// The provider's commitments on it.
    pub commitments: u64,
    /// The parties that answer for the duties, with how many each.
    pub accountable: Vec<PartyCount>,
}

/// What a partner does on a service by itself.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartnerDoes {
    /// Its id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// What it does, in a few words each.
    pub does: Vec<String>,
    /// The environments in which it does, where the service is in others, too.
    pub environments: Vec<String>,
}

/// A control on a service.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
    /// What is done for it: commitments of the provider, and duties, each on one deployment.
    pub activities: Vec<Activity>,
}

/// A duty or a commitment.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Activity {
    /// The duty's id, the same in the next report; none for a commitment.
    pub duty: Option<Arc<str>>,
    /// The commitment's id; none for a duty.
    pub commitment: Option<Arc<str>>,
    /// The activity's id, unique in the catalog. A duty on each deployment has the same.
    pub id: Arc<str>,
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, or what calls for it.
    pub cadence: Option<Cadence>,
    /// How many days lie between two times; none where no calendar calls for it.
    pub cadence_days: Option<u32>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// The duty's state; `inherited` for a commitment.
    pub state: Standing,
    /// What shows it; empty where nothing does yet.
    pub shown_by: Vec<ShownBy>,
    /// Of one that is unknown although something of it is shown: on how many resources, and what is missing on the others; none
    /// where each means shows a part and no more.
    pub open_because: Option<String>,
    /// Whether configuration can show it at all. Where it cannot, evidence has to.
    pub judged_by_configuration: bool,
    /// Requirements of the inventory's frameworks that it answers, each as `PCI DSS 8.3.6`.
    pub requirements: Arc<[String]>,
    /// Resources that it holds for, counts included.
    pub resources: u64,
    /// Of those, shown done.
    pub resources_met: u64,
    /// Of those, shown undone.
    pub resources_not_met: u64,
    /// Of those, undone and excused.
    pub resources_excepted: u64,
    /// Of those, where nothing shows it and somebody vouches for it.
    pub resources_attested: u64,
    /// Of those, where it is not settled whether the activity exists.
    pub resources_open: u64,
    /// Letters by party; parties without a letter are left out.
    pub assignments: Vec<PartyLetters>,
    /// The same after the handover; empty where nothing moves.
    pub after: Vec<PartyLetters>,
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
    /// The environment that it holds for; none for a commitment, and where the inventory names none.
    pub environment: Option<Arc<str>>,
    /// Where in the service it holds, in words: the environment, and what else tells it apart.
    pub scope: Option<Arc<str>>,
    /// The accounts of its resources, by number.
    pub accounts: Vec<Arc<str>>,
    /// The same and more for whoever searches by it.
    #[serde(skip)]
    pub place: Arc<Place>,
    /// Its number in the list of conditions.
    pub condition: Option<u64>,
}

/// Where something holds; shared by all that holds on the same resources.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The environments of its resources, sorted.
    pub environments: Vec<Arc<str>>,
    /// Their accounts, by number and sorted.
    pub accounts: Vec<Arc<str>>,
    /// Their positions in the Report's `resources`, sorted; without those that are left out there.
    pub resources: Vec<usize>,
}

/// What shows the state of a duty.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ShownBy {
    /// `configuration`, `check`, `evidence`, or `exception`, which excuses what one of the others shows broken.
    pub kind: &'static str,
    /// What was looked at, in words; of a check its id, of evidence the artefact, of an exception its reason.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What was seen of that, where configuration shows it: such as that `publicly_accessible` is `false`. Of a secret no value.
    pub seen: Option<String>,
    /// Who looked: the scanner, or who vouches for it; of an exception who approved it.
    pub by: Option<Arc<str>>,
    /// Of evidence: when what it records was done, YYYY-MM-DD; none where the inventory does not say it.
    pub performed: Option<String>,
    /// When that was, YYYY-MM-DD; of evidence, when somebody read it.
    pub at: Option<String>,
    /// Until when it holds, YYYY-MM-DD; of evidence no longer than until the duty is due again by its cadence.
    pub until: Option<String>,
    /// What it shows: `not-met` where it shows the duty broken on any resource, else `excepted` or `met`, and `attested` of
    /// evidence; `part` where it changes no state, `lapsed` of evidence that attested the duty until then and does so no more.
    pub state: &'static str,
    /// How many of the duty's resources it speaks of.
    pub resources: u64,
    /// On how many of them it shows the `state`.
    pub shows: u64,
}

/// Whether a source was read recently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Within a year before the report's date.
    Fresh,
    /// Longer ago.
    Stale,
    /// After the report's date.
    Later,
    /// Never.
    Unverified,
}

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyLetters {
    /// Id.
    pub party: Arc<str>,
    /// `R`, `A`, `A/R`, `C` or `I`.
    pub letters: &'static str,
}

impl Service {
    /// One of its controls; of a report that is cut to a party a service has only those that are the party's.
    pub(crate) fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.control == id)
    }
}
