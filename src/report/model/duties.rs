//! What each party does or answers for.

use super::standing::Standing;
use crate::inventory::PartyKind;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The duties of which one party holds R or A.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Duties {
    /// Id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// What shows its work, where that is the same for all.
    pub assurance: Option<String>,
    /// In the order of the services, each duty once.
    pub activities: Vec<DutyHeld>,
}

/// A duty that a party holds; the services' `activities` have the rest under the same `duty`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DutyHeld {
    /// The duty's id.
    pub duty: Arc<str>,
    /// The activity's id.
    pub id: Arc<str>,
    /// The service's id.
    pub service: Arc<str>,
    /// The mode's id.
    pub mode: Option<Arc<str>>,
    /// The control's id.
    pub control: Arc<str>,
    /// What the party holds: `R`, `A` or `A/R`.
    pub letters: &'static str,
    /// Its state.
    pub state: Standing,
    /// Where in the service it holds, in words.
    pub scope: Option<Arc<str>>,
    /// In a report that is cut to the party, its resources in short; else none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources_in_short: Option<Arc<str>>,
}

/// A commitment; the services' `activities` have the rest under the same `commitment`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CommitmentMade {
    /// The commitment's id.
    pub commitment: Arc<str>,
    /// The activity's id.
    pub id: Arc<str>,
    /// The service's id.
    pub service: Arc<str>,
    /// The mode's id.
    pub mode: Option<Arc<str>>,
    /// The control's id.
    pub control: Arc<str>,
    /// Who is accountable and responsible.
    pub party: Arc<str>,
}
