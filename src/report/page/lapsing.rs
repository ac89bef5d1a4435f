//! Evidence that lapses soon.
//!
//! In: the artefacts of a Report. Out: a line for each day on which some of them attest duties for the last time, and for each
//! party that renews them, if that is within ninety days.

use crate::report::model::{Lapse, Report};
use jiff::ToSpan as _;
use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// How far the list looks ahead.
const DAYS: i32 = 90;

/// An artefact and a day on which duties lapse that rest on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LapsingLine {
    /// The last day on which it attests them, YYYY-MM-DD.
    pub until: String,
    /// The artefact; several that the same party renews are joined.
    pub artefact: String,
    /// Whether that was before the day of issue, so that it is over for whoever reads it.
    pub over_at_issue: bool,
    /// How many duties.
    pub duties: u64,
    /// Who renews it, as printed: who vouches with it; for duties that have passed by then, who takes them over.
    pub by: Option<String>,
}

/// What lapses within ninety days after the report's date.
pub(super) fn lapsing(report: &Report) -> Vec<LapsingLine> {
    let Ok(as_of) = report.meta.as_of.parse::<Date>() else {
        return Vec::new();
    };
    let sources = &report.summary.sources;
    let issued = sources.last_read.as_deref().filter(|_| sources.later > 0);
    let last = as_of.checked_add(DAYS.days()).unwrap_or(Date::MAX);
    let is_soon = |until: &str| until.parse::<Date>().is_ok_and(|until| until <= last);
    let mut lines: Vec<LapsingLine> = report
        .artefacts
        .iter()
        .flat_map(|artefact| artefact.lapses.iter().map(move |lapse| (artefact, lapse)))
        .filter(|(_, lapse)| is_soon(&lapse.until))
        .map(|(artefact, lapse)| LapsingLine {
            until: lapse.until.clone(),
            over_at_issue: issued.is_some_and(|issued| lapse.until.as_str() < issued),
            artefact: artefact.artefact.clone(),
            duties: lapse.duties,
            by: renews(artefact.by.as_deref(), lapse, report.handover.to.as_deref()),
        })
        .collect();
    lines.sort();
    together(lines)
}

/// What the same party renews on the same day, on one line.
fn together(lines: Vec<LapsingLine>) -> Vec<LapsingLine> {
    let mut told: Vec<LapsingLine> = Vec::new();
    for line in lines {
        match told.iter_mut().find(|other| other.until == line.until && other.by == line.by) {
            Some(other) => {
                other.duties += line.duties;
                other.artefact = format!("{}; {}", other.artefact, line.artefact);
            }
            None => told.push(line),
        }
    }
    told
}

/// Who renews what lapses: whoever vouches with it, and for what has passed to another party by then, that party.
fn renews(by: Option<&str>, lapse: &Lapse, to: Option<&str>) -> Option<String> {
    match (by, to) {
        (_, Some(to)) if lapse.passed > 0 && lapse.passed == lapse.duties => Some(to.to_owned()),
        (Some(by), Some(to)) if lapse.passed > 0 => Some(format!("{by}; {to} for {} of them", lapse.passed)),
        _ => by.map(ToOwned::to_owned),
    }
}
