//! How duties stood in an earlier result.
//!
//! In: the changes from that to what is. Out: words for a duty: what changed of it, or that it stood as it does.

use crate::changes::{Change, Changes};
use crate::commands::diff;
use crate::raci::DutyId;

/// An earlier result, by what changed since.
pub(super) struct Earlier(Changes);

impl Earlier {
    pub(super) fn of_changes(changes: Changes) -> Self {
        Self(changes)
    }

    /// What changed of a duty.
    pub(super) fn of(&self, duty: &DutyId) -> Vec<String> {
        let day = &self.0.old.as_of;
        let is_own = |change: &&Change| change.duty.as_deref() == Some(&**duty.text());
        let found: Vec<String> = self
            .0
            .changes
            .iter()
            .filter(is_own)
            .map(|change| format!("{} since {day}: {}", change.kind.word(), diff::in_brief(change)))
            .collect();
        if found.is_empty() {
            return vec![format!("on {day} it stood as it does now")];
        }
        found
    }
}
