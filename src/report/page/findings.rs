//! Findings by their severity.
//!
//! In: the Report's findings, worst first. Out: groups of cards, and of rows where there are more than anybody reads as cards.

use crate::catalog::Severity;
use crate::report::Edition;
use crate::report::model::{Finding, Report};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// Cards in a document; what is beyond is told in rows.
const CARDS: usize = 150;

/// Cards in the review edition, which is read in an hour: the worst ones, and those of a further severity where all of them
/// have room.
const REVIEWED: usize = 3;

/// Findings of one severity.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FindingGroup {
    /// How bad they are.
    pub severity: Severity,
    /// How many.
    pub count: u64,
    /// Those that are told as cards.
    pub cards: Vec<Finding>,
    /// Those that are told as rows.
    pub rows: Vec<Finding>,
}

pub(super) fn groups(report: &Report) -> Vec<FindingGroup> {
    let is_review = report.meta.edition == Edition::Review.id();
    let all_cards = if is_review { REVIEWED } else { CARDS };
    let mut left = all_cards;
    let of = |severity: Severity| report.findings.iter().filter(move |finding| finding.severity == severity);
    let groups = Severity::ALL.into_iter().map(|severity| {
        let all: Vec<&Finding> = of(severity).collect();
        // A reviewer reads what is not bad as a list, and so what is not worst where cards would fill pages.
        let is_listed = is_review && (severity == Severity::Low || (left < all_cards && all.len() > left));
        let (cards, rows) = all.split_at(if is_listed { 0 } else { left.min(all.len()) });
        left -= cards.len();
        FindingGroup {
            severity,
            count: all.len() as u64,
            cards: cards.iter().copied().cloned().collect(),
            rows: rows.iter().copied().cloned().collect(),
        }
    });
    groups.filter(|group| group.count > 0).collect()
}
