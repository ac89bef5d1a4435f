//! Ids of checks by what they were called before, or are called by default.
//!
//! In: an id as it is written in a file. Out: the check's id today.

/// The id of Security Hub's control today, by what a standard called it.
pub(super) fn control(_generator: &str, id: &str) -> String {
    id.to_owned()
}
