//! The code spans that `page.typ` draws in a way of their own: letters and states.
//!
//! In: the text of a code span. Out: whether it is one of them. Those are content of a `box` with nothing but the
//! text, so that `page.typ` takes hold of `A` with `show box.where(body: text("A"))`. A label would do too, but each
//! labelled element has its own place in the document, and Typst could not reuse the layout of a cell for the many
//! others that hold the same letter: 10,000 rows would take twice as long.

use crate::render::holders::holders;

/// Letters of the RACI tables, sides of the cloud, control types, states, defaults and severities.
const KNOWN: &[&str] = &[
    "A",
    "R",
    "A/R",
    "C",
    "I",
    "of the cloud",
    "in the cloud",
    "inherited",
    "shared",
    "customer-specific",
    "partner-specific",
    "met",
    "attested",
    "not-met",
    "excepted",
    "unknown",
    "not applicable",
    "fresh",
    "later",
    "stale",
    "unverified",
    "automatic",
    "opt-in",
    "build",
    "high",
    "medium",
    "low",
    "[ ]",
    "[x]",
];

/// Whether a code span is drawn in a way of its own.
pub(super) fn is_known(text: &str) -> bool {
    KNOWN.contains(&text) || holders(text).is_some()
}
