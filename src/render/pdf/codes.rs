//! The code spans that `page.typ` draws in a way of their own: letters and states.
//!
//! In: the text of a code span. Out: its label. `page.typ` takes hold of `A` as `<code:A>`, of `not met` as
//! `label("code:not met")` and of every other code span, an identifier or a file name, as `<code:any>`.

use super::content::label;
use typst::foundations::Label;

/// The label of all code spans that are not listed in [`KNOWN`].
const ANY: &str = "code:any";

/// Label of each known code: letters of the RACI tables, letters of the matrix (`!` marks a duty that is not met),
/// control types, states, defaults and severities.
const KNOWN: &[&str] = &[
    "code:A",
    "code:R",
    "code:A/R",
    "code:C",
    "code:I",
    "code:P",
    "code:S",
    "code:N",
    "code:P!",
    "code:C!",
    "code:S!",
    "code:inherited",
    "code:shared",
    "code:customer-specific",
    "code:met",
    "code:not met",
    "code:not-met",
    "code:unknown",
    "code:not applicable",
    "code:fresh",
    "code:stale",
    "code:unverified",
    "code:automatic",
    "code:opt-in",
    "code:build",
    "code:high",
    "code:medium",
    "code:low",
];

/// The label of a code span.
pub(super) fn code_label(text: &str) -> Option<Label> {
    let known = KNOWN.iter().find(|known| known.strip_prefix("code:") == Some(text));
    label(known.copied().unwrap_or(ANY))
}

/// Whether a code span is drawn in a way of its own, which needs more room than its text.
pub(super) fn is_drawn(text: &str) -> bool {
    KNOWN.iter().any(|known| known.strip_prefix("code:") == Some(text))
}
