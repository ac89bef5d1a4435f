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

/// Cards of high findings in the review edition, which is read in an hour: all of them, unless they would fill its pages.
const REVIEWED_HIGH: usize = 24;

/// Cards there, where those of a further severity all have room beside the worse ones.
const REVIEWED: usize = 7;

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
    let mut told = 0;
    let of = |severity: Severity| report.findings.iter().filter(move |finding| finding.severity == severity);
    let groups = Severity::ALL.into_iter().map(|severity| {
        let all: Vec<&Finding> = of(severity).collect();
        // A reviewer reads what is not bad as a list, and so what is not worst where cards would fill pages.
        let most = match severity {
            _ if !is_review => CARDS.saturating_sub(told),
            Severity::High => REVIEWED_HIGH,
            Severity::Medium if told + all.len() <= REVIEWED => all.len(),
            Severity::Medium | Severity::Low => 0,
        };
        let (cards, rows) = all.split_at(most.min(all.len()));
        told += cards.len();
        FindingGroup {
            severity,
            count: all.len() as u64,
            cards: cards.iter().copied().cloned().collect(),
            rows: rows.iter().copied().cloned().collect(),
        }
    });
    groups.filter(|group| group.count > 0).collect()
}
