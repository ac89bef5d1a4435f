//! Duties by state.
//!
//! In: how many duties are in which state. Out: the states that there are, worst first.

use crate::report::model::{Standing, StateCounts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// Duties in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct OfState {
    /// Their state.
    pub state: Standing,
    /// How many they are.
    pub duties: u64,
}

/// The states of duties, worst first.
const WORST_FIRST: [Standing; 5] = [
    Standing::NotMet,
    Standing::Unknown,
    Standing::Excepted,
    Standing::Attested,
    Standing::Met,
];

/// Duties by state, worst first; nothing of a state that none is in.
pub(super) fn by_state(counts: StateCounts) -> Vec<OfState> {
    let all = WORST_FIRST.into_iter().map(|state| OfState {
        state,
        duties: match state {
            Standing::NotMet => counts.not_met,
            Standing::Excepted => counts.excepted,
            Standing::Attested => counts.attested,
            Standing::Met => counts.met,
            Standing::Unknown | Standing::Inherited => counts.unknown,
        },
    });
    all.filter(|of| of.duties > 0).collect()
}

/// The same of those that are neither met nor attested.
pub(super) fn open(counts: StateCounts) -> Vec<OfState> {
    let mut all = by_state(counts);
    all.retain(|of| !matches!(of.state, Standing::Met | Standing::Attested));
    all
}
