//! `handover` as it is written: what passes from one party to another, and what that takes.

use super::{MatchFile, Text};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// Duties of `from` pass to `to` on `date`, except those that `keeps` matches.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HandoverFile {
    /// Who hands over.
    pub from: Text,
    /// Who takes over.
    pub to: Text,
    /// YYYY-MM-DD.
    pub date: Text,
    /// What stays with `from`.
    #[serde(default)]
    pub keeps: Vec<KeepFile>,
    /// Access to grant and to revoke.
    #[serde(default)]
    pub access: Vec<AccessFile>,
    /// What tells how the duties are done.
    #[serde(default)]
    pub runbooks: Vec<RunbookFile>,
    /// What else must be done for `from` to leave.
    #[serde(default)]
    pub exit: Vec<ExitFile>,
}

/// What stays with the party that hands over.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeepFile {
    /// What it applies to.
    #[serde(rename = "match")]
    pub matches: MatchFile,
    /// Why it stays.
    #[serde(default)]
    pub reason: Option<Text>,
    /// Until when, YYYY-MM-DD.
    #[serde(default)]
    pub until: Option<Text>,
    /// The party that it passes to after that day.
    #[serde(default)]
    pub then: Option<Text>,
}

/// Access that is granted or revoked for the handover.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccessFile {
    /// What is granted; either this or `revoke`.
    #[serde(default)]
    pub grant: Option<Text>,
    /// What is revoked.
    #[serde(default)]
    pub revoke: Option<Text>,
    /// Whose access: a party; where left out, `to` for what is granted and `from` for what is revoked.
    #[serde(default)]
    pub party: Option<Text>,
    /// Who does it: a party.
    #[serde(default)]
    pub by: Option<Text>,
    /// Until when, YYYY-MM-DD; where left out, the day of the handover.
    #[serde(default)]
    pub due: Option<Text>,
}

/// What tells how duties are done.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RunbookFile {
    /// The duties that it is for.
    #[serde(rename = "match")]
    pub matches: MatchFile,
    /// What it is called.
    pub title: Text,
    /// Where it is kept.
    #[serde(default)]
    pub location: Option<Text>,
}

/// What must be done for a party to leave.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExitFile {
    /// What.
    pub task: Text,
    /// Who does it: a party.
    #[serde(default)]
    pub owner: Option<Text>,
    /// Until when, YYYY-MM-DD; where left out, the day of the handover.
    #[serde(default)]
    pub due: Option<Text>,
}
