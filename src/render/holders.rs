//! Letters in a cell of the picture of services and controls.
//!
//! In: the text of a code span. Out: who holds the control, and what is open of it.

/// Who may hold a control: the provider, the customer, a partner (a third party), and how they share it.
const HOLDERS: [&str; 7] = ["P", "C", "T", "CT", "S", "ST", "SCT"];

/// What of a control is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// A duty is not met.
    NotMet,
    /// None is not met, and one is unknown.
    Waits,
    /// Nothing.
    Nothing,
}

/// Takes such letters apart: who does it and, in small letters, who answers for what another does; and what is open.
#[must_use]
pub(super) fn holders(text: &str) -> Option<(&str, Open)> {
    let (letters, open) = match text.as_bytes().last()? {
        b'!' => (text.strip_suffix('!')?, Open::NotMet),
        b'?' => (text.strip_suffix('?')?, Open::Waits),
        _ => (text, Open::Nothing),
    };
    // A small letter says who answers for what another party does.
    let does = letters.trim_end_matches(['c', 't']);
    (HOLDERS.contains(&does) && letters.len() <= does.len() + 2).then_some((letters, open))
}
