//! What somebody must decide on what moves or stays.
//!
//! In: a handover and the join's findings. Out: the decisions by the day on which they are due, by name.

use super::Of;
use crate::diagnostics::Code;
use crate::raci::{Duty, Finding, Findings, PartyIx};
use crate::report::model::{Blocker, Handover};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Decisions that are named before the rest is counted.
const NAMES: usize = 3;

/// What has to be decided until one day.
#[derive(Default)]
struct OfDay<'a> {
    what: Vec<String>,
    /// One decision may be for several to take, so that none is counted.
    who: BTreeSet<&'a str>,
}

/// What is open to decide, a day each.
pub(super) fn decisions(of: &Of<'_>, handover: &Handover, findings: &Findings) -> Vec<Blocker> {
    let is_decided = |code: Code| matches!(code, Code::ExceptionExpired | Code::EvidenceOverdue | Code::ModeUnknown);
    let is_open = |finding: &&Finding| (is_decided(finding.code) || finding.expired.is_some()) && handover.open.contains(&finding.id);
    let matrix = of.context.matrix;
    let name = |party: PartyIx| of.context.inventory[party].name.as_str();
    let mut by_day: BTreeMap<Date, OfDay<'_>> = BTreeMap::new();
    for finding in findings.list.iter().filter(is_open) {
        let day = by_day.entry(finding.due.unwrap_or(of.planned.date)).or_default();
        day.what.push(told(of, finding));
        day.who.extend(finding.responsible.iter().copied().map(name));
    }
    let is_asked = |duty: &&Duty| duty.assignment.is_held_by(of.from) && !duty.asked.is_empty();
    for duty in matrix.duties.iter().filter(is_asked) {
        let day = by_day.entry(of.planned.date).or_default();
        let what = duty.activity.unmet.as_ref().unwrap_or(&duty.activity.does);
        day.what.push(format!("{}: {what}", matrix[duty.unit].title));
        day.who.insert(name(duty.assignment.accountable()));
    }
    let blockers = by_day.into_iter().map(|(due, day)| Blocker {
        kind: "decision",
        count: day.what.len() as u64,
        text: text(&day.what),
        who: (!day.who.is_empty()).then(|| day.who.into_iter().collect::<Vec<_>>().join(", ")),
        due: Some(due.to_string()),
        ..Blocker::default()
    });
    blockers.collect()
}

/// What a finding asks somebody to decide.
fn told(of: &Of<'_>, finding: &Finding) -> String {
    let on = finding.duty.map(|duty| &of.context.matrix[of.context.matrix[duty].unit].title);
    let on = on.map(|title| format!("{title}: ")).unwrap_or_default();
    let expired = if finding.expired.is_some() {
        " (its exception has expired)"
    } else {
        ""
    };
    format!("{on}{}{expired}", finding.what)
}

fn text(what: &[String]) -> String {
    let named = what.iter().take(NAMES).cloned().collect::<Vec<_>>().join("; ");
    let more = what.len().saturating_sub(NAMES);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    if what.len() == 1 {
        format!("1 decision on what moves or stays is open: {named}")
    } else {
        format!("{} decisions on what moves or stays are open: {named}{more}", what.len())
    }
}
