//! How far a control is implemented: never further than what shows it.
//!
//! In: states of duties. Out: one of OSCAL's states, with what is left to attest in words.

use super::model::Status;
use crate::raci::State;

/// How many duties are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) shown: usize,
    pub(super) not_met: usize,
    pub(super) excepted: usize,
    pub(super) unknown: usize,
}

impl Tally {
    pub(super) fn of(states: impl Iterator<Item = State>) -> Self {
        let mut tally = Self::default();
        for state in states {
            match state {
                State::Met | State::Attested => tally.shown += 1,
                State::NotMet => tally.not_met += 1,
                State::Excepted => tally.excepted += 1,
                State::Unknown => tally.unknown += 1,
            }
        }
        tally
    }

    /// All duties.
    pub(super) fn all(self) -> usize {
        self.shown + self.not_met + self.excepted + self.unknown
    }

    /// The state of a single duty in words.
    pub(super) fn words(self) -> &'static str {
        if self.not_met > 0 {
            "not met"
        } else if self.excepted > 0 {
            "excepted"
        } else if self.unknown > 0 {
            "to attest"
        } else {
            "shown"
        }
    }

    /// Only what is met or attested throughout is implemented; what is shown in a part and broken or excepted in another is so
    /// in part. OSCAL can only call all else planned: it is yet to be attested, or to be mended.
    pub(super) fn status(self) -> Status {
        let of = |count: usize, verb: &str| (count > 0).then(|| format!("{count} of {} duties {verb}", self.all()));
        let parts = [
            of(self.not_met, "not met"),
            of(self.excepted, "excepted"),
            of(self.unknown, "to attest"),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        let state = if self.all() > 0 && self.shown == self.all() {
            "implemented"
        } else if self.shown > 0 && self.not_met + self.excepted > 0 {
            "partial"
        } else {
            "planned"
        };
        Status {
            state,
            remarks: match said.is_empty() {
                false => Some(said.join(", ")),
                true => (self.all() == 0).then(|| "to attest".to_owned()),
            },
        }
    }
}

/// What a provider says that it does and nothing here shows.
pub(super) fn of_provider() -> Status {
    Status {
        state: "planned",
        remarks: Some(
            "to attest: the provider's audit reports and authorisation package show it, and nothing in this document does".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_implemented_that_is_not_shown_throughout() {
        use State::{Attested, Excepted, Met, NotMet, Unknown};
        let cases: [(&[State], &str); 11] = [
            (&[], "planned"),
            (&[Met], "implemented"),
            (&[Met, Attested], "implemented"),
            (&[Met, NotMet], "partial"),
            (&[NotMet, Unknown], "planned"),
            (&[NotMet], "planned"),
            (&[Excepted], "planned"),
            (&[Met, NotMet, Unknown], "partial"),
            (&[Met, Unknown], "planned"),
            (&[Met, Excepted], "partial"),
            (&[Unknown], "planned"),
        ];
        for (states, expected) in cases {
            let status = Tally::of(states.iter().copied()).status();
            assert_eq!(status.state, expected, "{states:?}");
            let says = status.remarks.unwrap_or_default();
            let is_open = states.is_empty() || states.contains(&Unknown);
            assert_eq!(says.contains("to attest"), is_open, "{states:?}: {says}");
            assert_eq!(says.contains("not met"), states.contains(&NotMet), "{states:?}: {says}");
        }
    }
}
