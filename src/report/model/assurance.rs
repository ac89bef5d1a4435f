//! What was looked at: by which scanner, and of whose duties.

use super::summary::StateCounts;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What was looked at.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Assurance {
    /// By scanner, sorted by their ids; empty where there are no results.
    pub scanners: Vec<ScannerSeen>,
    /// What results are about and the inventory does not list, by its type, name and place; at most a hundred.
    pub unlisted: Vec<UnlistedResource>,
    /// How many such things there are in all.
    pub unlisted_total: u64,
    /// Results about them.
    pub unlisted_results: u64,
    /// All duties, and those that each party does: by what they were looked at.
    pub parties: Vec<PartySeen>,
}

/// What one scanner looked at. A result is one check on one thing; of several of the same the last counts. `passed`, `failed`,
/// `silenced` and `not_judged` are all of them; so are `joined`, `elsewhere`, `unlisted`, `unmapped`, `no_duty`, `later` and
/// those that were silenced or judged nothing and are not later.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ScannerSeen {
    /// Its id.
    pub scanner: Arc<str>,
    /// As printed.
    pub name: Arc<str>,
    /// The files that its results come from.
    pub files: Vec<String>,
    /// When it looked first, YYYY-MM-DD; none where it does not tell.
    pub from: Option<String>,
    /// When it looked last.
    pub until: Option<String>,
    /// Results.
    pub results: u64,
    /// Of those, passed ones.
    pub passed: u64,
    /// Failed ones.
    pub failed: u64,
    /// Those that somebody silenced.
    pub silenced: u64,
    /// Those that judged nothing.
    pub not_judged: u64,
    /// Results that say something of a duty.
    pub joined: u64,
    /// Results about a resource on which the duties of their checks do not hold.
    pub elsewhere: u64,
    /// Results about what the inventory does not list.
    pub unlisted: u64,
    /// Results of checks that the catalog does not know.
    pub unmapped: u64,
    /// Results of checks that are about no duty.
    pub no_duty: u64,
    /// Results that are later than the report's date.
    pub later: u64,
    /// Of those that are joined, the ones that are too old to attest anything.
    pub stale: u64,
    /// The checks that the catalog does not know, at most twenty.
    pub unknown_checks: Vec<Arc<str>>,
}

/// Something that results are about and the inventory does not list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct UnlistedResource {
    /// What the scanner calls it.
    pub name: Arc<str>,
    /// Its type, as the scanner spells it.
    #[serde(rename = "type")]
    pub kind: Option<Arc<str>>,
    /// The account that it is in.
    pub account: Option<Arc<str>>,
    /// The Region that it is in.
    pub region: Option<Arc<str>>,
    /// Results about it.
    pub results: u64,
    /// Of those, failed ones.
    pub failed: u64,
}

/// By what duties were looked at. A duty may have been looked at by several means.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartySeen {
    /// Whose they are; none for all of them.
    pub party: Option<Arc<str>>,
    /// As printed.
    pub name: String,
    /// The duties, by state.
    pub duties: StateCounts,
    /// Those that configuration says something of.
    pub by_configuration: u64,
    /// Those that a check of a scanner says something of.
    pub by_checks: u64,
    /// Those that evidence says something of.
    pub by_evidence: u64,
    /// The same by state: what evidence speaks of is not always attested by it.
    pub by_evidence_states: StateCounts,
    /// Those that nothing says anything of; with `in_part` all that are unknown.
    pub by_nothing: u64,
    /// Those that something says something of, and that are unknown all the same: only a part was looked at.
    pub in_part: u64,
}
