//! Evidence that is still to come: from whom, for what, and by when.
//!
//! In: a Report. Out: every duty that is unknown, counted once, those together that the same parties hold and that are due on
//! the same day. A day is never made up: it is that of the finding that something has lapsed, else that on which the duty passes
//! to another party; the inventory names no other.

use crate::report::model::{Activity, Finding, Report, ShownBy, Standing};
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Controls that a line names before it counts the rest.
const CONTROLS: usize = 3;

/// Duties that wait for the same evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ToCome {
    /// Why they wait: `lapsed`, since what showed them counts no more; `handover`, since they pass to another party;
    /// `question`, since it is to be decided whether what is there is meant; else `open`.
    pub kind: &'static str,
    /// By when, YYYY-MM-DD; none where the inventory names no day.
    pub due: Option<String>,
    /// The last day on which what has lapsed counted, YYYY-MM-DD.
    pub since: Option<String>,
    /// Whether that is over.
    pub overdue: bool,
    /// Who does them, by short name.
    pub responsible: String,
    /// Who answers for them, by short name.
    pub accountable: String,
    /// How many they are.
    pub duties: u64,
    /// Of those, the ones that configuration cannot show.
    pub by_artefact: u64,
    /// The artefacts that have lapsed.
    pub lapsed: Vec<String>,
    /// What they are about: controls with how many of the duties each has, most first.
    pub controls: Vec<ToComeControl>,
    /// Of how many further controls they are.
    pub more_controls: u64,
}

/// Duties of one control among those that wait for the same evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ToComeControl {
    /// The control, as printed.
    pub title: String,
    /// How many.
    pub duties: u64,
}

/// What duties on one line agree in.
#[derive(PartialEq, Eq, Hash)]
struct Key<'r> {
    kind: &'static str,
    due: Option<&'r str>,
    since: Option<&'r str>,
    responsible: String,
    accountable: String,
}

/// A line on its way.
#[derive(Default)]
struct Line<'r> {
    duties: u64,
    by_artefact: u64,
    lapsed: BTreeSet<&'r str>,
    controls: IndexMap<&'r str, u64>,
}

/// All that is to come: what was due first, then what has a day, then the most.
pub(super) fn to_come(report: &Report) -> Vec<ToCome> {
    let asked: BTreeSet<&str> = report
        .summary
        .decisions
        .iter()
        .filter_map(|decision| decision.duty.as_deref())
        .collect();
    let mut lines: IndexMap<Key<'_>, Line<'_>> = IndexMap::new();
    for control in report.services.iter().flat_map(|service| &service.controls) {
        for activity in control.activities.iter().filter(|activity| activity.state == Standing::Unknown) {
            let Some(duty) = &activity.duty else { continue };
            let (kind, due, since) = waits(report, activity, asked.contains(&**duty));
            let key = Key {
                kind,
                due,
                since,
                responsible: holders(report, activity, 'R'),
                accountable: holders(report, activity, 'A'),
            };
            let line = lines.entry(key).or_default();
            line.duties += 1;
            line.by_artefact += u64::from(!activity.judged_by_configuration);
            line.lapsed.extend(
                last_lapsed(activity)
                    .filter(|_| kind == "lapsed")
                    .map(|shown| shown.reference.as_str()),
            );
            *line.controls.entry(&control.title).or_default() += 1;
        }
    }
    let mut all: Vec<ToCome> = lines.into_iter().map(|(key, line)| finish(report, key, line)).collect();
    all.sort_by_cached_key(|of| (of.due.is_none() && of.since.is_none(), of.due.clone(), std::cmp::Reverse(of.duties)));
    all
}

/// Why a duty waits, by when it is due, and since when.
fn waits<'r>(report: &'r Report, activity: &'r Activity, is_asked: bool) -> (&'static str, Option<&'r str>, Option<&'r str>) {
    if is_asked {
        return ("question", None, None);
    }
    if let Some(lapsed) = last_lapsed(activity) {
        let name = format!("\"{}\"", lapsed.reference);
        let is_of_it = |finding: &&Finding| finding.code.starts_with("evidence") && finding.what.contains(&name);
        let found = report.findings.iter().find(is_of_it);
        return ("lapsed", found.and_then(|finding| finding.due.as_deref()), lapsed.until.as_deref());
    }
    match report.handover.date.as_deref() {
        Some(day) if !activity.after.is_empty() => ("handover", Some(day), None),
        _ => ("open", None, None),
    }
}

/// What showed a duty last, where it counts no more.
fn last_lapsed(activity: &Activity) -> Option<&ShownBy> {
    let lapsed = activity.shown_by.iter().filter(|shown| shown.state == "lapsed");
    lapsed.max_by(|one, other| one.until.cmp(&other.until))
}

/// Who holds a letter of a duty, by short name.
fn holders(report: &Report, activity: &Activity, letter: char) -> String {
    let held = activity.assignments.iter().filter(|held| held.letters.contains(letter));
    let names = held.map(|held| {
        let party = report.parties.iter().find(|party| *party.id == *held.party);
        party.map_or(&*held.party, |party| party.short.as_str())
    });
    names.collect::<Vec<_>>().join(", ")
}

fn finish(report: &Report, key: Key<'_>, mut line: Line<'_>) -> ToCome {
    line.controls.sort_by(|_, one, _, other| other.cmp(one));
    // One more is named rather than counted.
    let told = if line.controls.len() == CONTROLS + 1 {
        CONTROLS + 1
    } else {
        CONTROLS
    };
    let more_controls = line.controls.len().saturating_sub(told) as u64;
    let controls = line.controls.into_iter().take(told).map(|(title, duties)| ToComeControl {
        title: title.to_owned(),
        duties,
    });
    ToCome {
        kind: key.kind,
        overdue: key.due.is_some_and(|due| due < report.meta.as_of.as_str()),
        due: key.due.map(str::to_owned),
        since: key.since.map(str::to_owned),
        responsible: key.responsible,
        accountable: key.accountable,
        duties: line.duties,
        by_artefact: line.by_artefact,
        lapsed: line.lapsed.into_iter().map(str::to_owned).collect(),
        controls: controls.collect(),
        more_controls,
    }
}
