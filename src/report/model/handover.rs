//! What moves at the handover, what stays, and what else a takeover needs.

use super::standing::Standing;
use crate::catalog::Cadence;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A handover.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Handover {
    /// Whether the inventory names one.
    pub planned: bool,
    /// Who hands over.
    pub from: Option<String>,
    /// Who takes over.
    pub to: Option<String>,
    /// The id of who hands over.
    pub from_party: Option<Arc<str>>,
    /// The id of who takes over.
    pub to_party: Option<Arc<str>>,
    /// When.
    pub date: Option<String>,
    /// What moves, a duty each.
    pub moves: Vec<Move>,
    /// What stays with who hands over, a duty each.
    pub stays: Vec<Move>,
    /// Access to grant, then access to revoke.
    pub access: Vec<AccessChange>,
    /// What tells how the duties that move are done.
    pub runbooks: Vec<Runbook>,
    /// What else must be done, by its day.
    pub exit: Vec<ExitTask>,
    /// The ids of the findings that are about what moves or stays, worst first.
    pub open: Vec<String>,
    /// What stands in the way, in sentences.
    pub blockers: Vec<Blocker>,
}

/// Access that is granted or revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AccessChange {
    /// `grant` or `revoke`.
    pub kind: &'static str,
    /// What.
    pub what: String,
    /// The id of the party whose access it is.
    pub party: Arc<str>,
    /// Its name.
    pub party_name: String,
    /// The id of the party that does it.
    pub by: Option<Arc<str>>,
    /// Its name.
    pub by_name: Option<String>,
    /// Until when.
    pub due: String,
    /// Whether that was before the report's date.
    pub overdue: bool,
}

/// What tells how duties are done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Runbook {
    /// What it is called.
    pub title: String,
    /// Where it is kept.
    pub location: Option<String>,
    /// How many of the duties that move it is for.
    pub duties: u64,
}

/// What must be done for a party to leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ExitTask {
    /// What.
    pub task: String,
    /// The id of the party that does it.
    pub owner: Option<Arc<str>>,
    /// Its name.
    pub owner_name: Option<String>,
    /// Until when.
    pub due: String,
    /// Whether that was before the report's date.
    pub overdue: bool,
}

/// Something that stands in the way of a handover.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Blocker {
    /// `date`, `not-met`, `not-met-staying`, `unknown`, `lapsed`, `lapsing`, `runbook`, `keep`, `successor`,
    /// `access-ends`, `decision`, `access`, `exit`, `overdue` or `contact`.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// One sentence.
    pub text: String,
    /// Who has to see to it, as printed: the holders of the duties, or parties by name, each with how many where they are several.
    pub who: Option<String>,
    /// Until when, YYYY-MM-DD: the first day on which any of it is due or lapses, and never later than the handover for duties
    /// that move; none where that day is over.
    pub due: Option<String>,
    /// Whether that was before the report's date.
    pub overdue: bool,
    /// Whether that is after the handover, so that it is signed with an owner and a day rather than mended before.
    pub after: bool,
}

/// A duty that moves or stays.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Move {
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
    /// The control, as printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, or what calls for it.
    pub cadence: Option<Cadence>,
    /// What shows that it was done.
    pub evidence: Option<Arc<str>>,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// Where in the service it holds, in words.
    pub scope: Option<Arc<str>>,
    /// The resources that it is about, by name, at most twenty.
    pub resources: Vec<String>,
    /// How many those are, counts included.
    pub count: u64,
    /// The same in short: three names, and how many more.
    pub resources_in_short: String,
    /// Its state.
    pub state: Standing,
    /// The last day on which what somebody vouches for it with counts, where its state rests on that.
    pub attested_until: Option<String>,
    /// The artefact that lapses on that day.
    pub attested_by: Option<String>,
    /// The runbooks for it, by their titles.
    pub runbooks: Vec<String>,
    /// Why it stays.
    pub reason: Option<String>,
    /// Until when it stays.
    pub until: Option<String>,
    /// Whom it passes to after that day, by name.
    pub then: Option<String>,
}
