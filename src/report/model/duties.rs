//! What each party must do, and what moves at the handover.

use super::services::ActivityState;
use crate::catalog::DefaultState;
use crate::inventory::PartyKind;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// All that one party must do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duties {
    /// Id.
    pub party: String,
    /// As printed.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// What shows its work, where that is the same for all.
    pub assurance: Option<String>,
    /// By control, in the order of the catalog: what it does or answers for.
    pub activities: Vec<Duty>,
    /// Those that it does itself, under their controls.
    pub controls: Vec<DutyControl>,
    /// Those that it answers for and others do, counted by control.
    pub answers_for: Vec<AnswersFor>,
}

/// Duties of one control that one party answers for and others do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnswersFor {
    /// The control, as printed.
    pub title: String,
    /// How many.
    pub duties: u64,
}

/// The duties of one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyControl {
    /// As printed.
    pub title: String,
    /// Its duties, those on the same services and deployments together.
    pub groups: Vec<DutyGroup>,
    /// The same in short: where the duties are and what evidence they ask for, by what the party holds of them.
    pub held: Vec<DutiesHeld>,
}

/// The duties of one control of which a party holds the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutiesHeld {
    /// `R` or `A/R`.
    pub letters: &'static str,
    /// Where they are.
    pub places: Vec<DutyPlace>,
}

/// The duties of one control on the same services.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyPlace {
    /// The services, joined.
    pub on: String,
    /// How many duties.
    pub duties: u64,
    /// Of those, shown undone.
    pub not_met: u64,
    /// What shows that they were done: each artefact once.
    pub evidence: Vec<Arc<str>>,
}

/// Duties of one control on the same services and deployments.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyGroup {
    /// The services, joined.
    pub on: String,
    /// The deployments, where they differ.
    pub scope: Option<String>,
    /// What the party holds of them: `R` or `A/R`.
    pub letters: &'static str,
    /// The duties.
    pub duties: Vec<GroupDuty>,
    /// What shows that they were done: each artefact once.
    pub evidence: Vec<Arc<str>>,
}

/// A duty of a group.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupDuty {
    /// What is done.
    pub does: Arc<str>,
    /// Whether the inventory shows it undone.
    pub not_met: bool,
}

/// One duty, on all services where it is the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duty {
    /// The activity's id.
    pub id: Arc<str>,
    /// The control's id.
    pub control: String,
    /// As printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// What shows that it was done.
    pub evidence: Arc<str>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// What the party holds: `R`, `A` or `A/R`.
    pub letters: &'static str,
    /// The services, by title.
    pub services: Vec<String>,
    /// `all` where it holds for every service, else the services joined.
    pub on: String,
    /// What the inventory attests.
    pub state: ActivityState,
    /// As printed.
    pub state_label: &'static str,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
}

/// Duties that move.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Handover {
    /// Whether the inventory names one.
    pub planned: bool,
    /// Who hands over.
    pub from: Option<String>,
    /// Who takes over.
    pub to: Option<String>,
    /// When.
    pub date: Option<String>,
    /// What moves.
    pub moves: Vec<Move>,
    /// What stays with who hands over.
    pub keeps: Vec<Move>,
    /// What moves, counted by control.
    pub by_control: Vec<MoveCount>,
}

/// What moves of one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MoveCount {
    /// The control, as printed.
    pub control_title: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// How many duties.
    pub duties: u64,
}

/// A duty that moves or stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Move {
    /// Whether the ones before it in the list are of other controls.
    pub first_of_control: bool,
    /// The control, as printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// The services, joined.
    pub on: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
    /// As printed.
    pub state_label: &'static str,
}
