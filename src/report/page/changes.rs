//! What changed, arranged for pages.
//!
//! In: changes and the Report that they end at. Out: a verdict, the figures, and a section a kind, what asks for attention
//! first; in each what has the same reason and the same holders stands together.

use crate::changes::{Change, Changes, Kind, Stand};
use crate::report::model::{Finding, Report};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of one kind that a document prints; what is beyond is counted.
const MOST_ROWS: usize = 400;

/// What changed since an earlier result.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangesPage {
    /// What was compared with.
    pub since: String,
    /// The day that it was true for.
    pub old_date: String,
    /// The day that this one is true for.
    pub new_date: String,
    /// One sentence with the figures.
    pub verdict: String,
    /// One for each kind that there is.
    pub sections: Vec<ChangeSection>,
}

/// Changes of one kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeSection {
    /// Which.
    pub kind: Kind,
    /// Its heading.
    pub title: String,
    /// How many.
    pub count: u64,
    /// How many of them are not printed.
    pub left_out: u64,
    /// What stands together.
    pub groups: Vec<ChangeGroup>,
}

/// Changes that have the same holders, or are of the same service, and the same reason.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeGroup {
    /// What they have in common.
    pub heading: String,
    /// Why, where that is the same for all.
    pub because: Option<String>,
    /// One a change.
    pub rows: Vec<ChangeRow>,
}

/// A change in one row.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeRow {
    /// The duty, or the control.
    pub what: String,
    /// The service.
    pub service: String,
    /// The section of its service; none where it left.
    pub anchor: Option<String>,
    /// The duty's id.
    pub duty: Option<Arc<str>>,
    /// Where it holds.
    pub scope: Option<Arc<str>>,
    /// How it was, in words.
    pub before: Option<String>,
    /// How it is, in words.
    pub after: Option<String>,
    /// Who holds A and R now, else then.
    pub owner: String,
    /// Until when it must be mended.
    pub due: Option<String>,
    /// Why, where the group does not say it.
    pub because: Option<String>,
}

/// Arranges changes.
pub(super) fn page(changes: &Changes, report: &Report) -> ChangesPage {
    let arranged = Arranged {
        names: changes.parties.iter().map(|party| (&*party.id, &*party.name)).collect(),
        anchors: report
            .services
            .iter()
            .map(|service| ((service.service.as_str(), service.mode.as_deref()), service.facts.anchor.as_str()))
            .collect(),
        findings: report
            .findings
            .iter()
            .filter_map(|finding| Some((finding.duty.as_deref()?, finding)))
            .collect(),
    };
    let sections = Kind::ALL.into_iter().filter_map(|kind| arranged.section(changes, kind));
    ChangesPage {
        since: changes.old.from.clone(),
        old_date: changes.old.as_of.clone(),
        new_date: changes.new.as_of.clone(),
        verdict: verdict(changes),
        sections: sections.collect(),
    }
}

/// The figures in a sentence.
fn verdict(changes: &Changes) -> String {
    let of = &changes.summary;
    let part = |count: u64, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let parts: Vec<String> = [
        part(of.opened, "duty is newly not met", "duties are newly not met"),
        part(of.closed, "is no longer open", "are no longer open"),
        part(
            of.moved,
            "passed to another party or is told to others",
            "passed to another party or are told to others",
        ),
        part(of.appeared, "came into scope", "came into scope"),
        part(of.vanished, "left it", "left it"),
        part(of.attested, "is newly shown done", "are newly shown done"),
        part(of.lapsed, "is no longer shown done", "are no longer shown done"),
        part(of.reclassified, "mode or control type changed", "modes and control types changed"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let since = format!("Since {}", date(&changes.old.as_of));
    match parts.as_slice() {
        [] if of.catalog > 0 => format!(
            "{since} nothing changed on the estate; {} lines of the catalog are said otherwise.",
            of.catalog
        ),
        [] => format!("{since} nothing changed: {} duties stand as they did.", changes.new.duties),
        [one] => format!("{since} {one}."),
        [all @ .., last] => format!("{since} {} and {last}.", all.join(", ")),
    }
}

/// A day as people write it.
fn date(text: &str) -> String {
    let day: Option<Date> = text.parse().ok();
    day.map_or_else(|| text.to_owned(), |day| day.strftime("%-d %B %Y").to_string())
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Opened => "Newly not met",
        Kind::Moved => "What moved to whom",
        Kind::Appeared => "New in scope",
        Kind::Vanished => "What left",
        Kind::Reclassified => "Other modes and control types",
        Kind::Lapsed => "No longer shown done",
        Kind::Closed => "No longer open",
        Kind::Attested => "Newly shown done",
        Kind::Catalog => "Said otherwise by the catalog",
    }
}

struct Arranged<'r> {
    names: BTreeMap<&'r str, &'r str>,
    anchors: BTreeMap<(&'r str, Option<&'r str>), &'r str>,
    findings: BTreeMap<&'r str, &'r Finding>,
}

impl Arranged<'_> {
    fn section(&self, changes: &Changes, kind: Kind) -> Option<ChangeSection> {
        let all: Vec<&Change> = changes.changes.iter().filter(|change| change.kind == kind).collect();
        let mut groups: Vec<(String, Vec<&Change>)> = Vec::new();
        for change in all.iter().take(MOST_ROWS) {
            let heading = self.heading(change);
            match groups.iter_mut().find(|(known, _)| *known == heading) {
                Some((_, of)) => of.push(change),
                None => groups.push((heading, vec![change])),
            }
        }
        // Larger groups first, so that what happened is read before single cases.
        groups.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
        (!all.is_empty()).then(|| ChangeSection {
            kind,
            title: title(kind).to_owned(),
            count: all.len() as u64,
            left_out: all.len().saturating_sub(MOST_ROWS) as u64,
            groups: groups.into_iter().map(|(heading, of)| self.group(heading, &of)).collect(),
        })
    }

    /// What a change stands under: from whom to whom it moved, else its service.
    fn heading(&self, change: &Change) -> String {
        if change.kind == Kind::Moved {
            let (before, after) = (change.before.as_ref(), change.after.as_ref());
            let whole = before.map(|stand| self.held(stand, false)) == after.map(|stand| self.held(stand, false));
            if whole {
                return "Who is asked or told".to_owned();
            }
            let side = |stand: Option<&Stand>| stand.map(|stand| self.held(stand, false)).unwrap_or_default();
            return format!("From {} to {}", side(before), side(after));
        }
        change.title.to_string()
    }

    fn group(&self, heading: String, of: &[&Change]) -> ChangeGroup {
        let reasons = |change: &Change| (!change.because.is_empty()).then(|| change.because.join("; "));
        let first = of.first().and_then(|change| reasons(change));
        let common = first.filter(|first| of.len() > 1 && of.iter().all(|change| reasons(change).as_ref() == Some(first)));
        let rows = of.iter().map(|change| {
            let row = self.row(change);
            ChangeRow {
                because: reasons(change).filter(|_| common.is_none()),
                ..row
            }
        });
        ChangeGroup {
            rows: rows.collect(),
            because: common,
            heading,
        }
    }

    fn row(&self, change: &Change) -> ChangeRow {
        let what = [&change.does, &change.control_title].into_iter().flatten().next();
        let stand = change.after.as_ref().or(change.before.as_ref());
        let due = change
            .duty
            .as_deref()
            .and_then(|duty| self.findings.get(duty))
            .and_then(|finding| finding.due.clone());
        ChangeRow {
            what: what.map_or_else(|| "The way of running".to_owned(), ToString::to_string),
            service: change.title.to_string(),
            anchor: self
                .anchors
                .get(&(&*change.service, change.mode.as_deref()))
                .filter(|_| change.kind != Kind::Vanished)
                .map(|anchor| (*anchor).to_owned()),
            duty: change.duty.clone().filter(|_| change.kind != Kind::Vanished),
            scope: change.scope.clone(),
            before: change.before.as_ref().map(|stand| self.words(change.kind, stand)),
            after: change.after.as_ref().map(|stand| self.words(change.kind, stand)),
            owner: stand.map(|stand| self.held(stand, false)).unwrap_or_default(),
            due: due.filter(|_| change.kind == Kind::Opened),
            because: None,
        }
    }

    /// One side of a change in words: what its kind is about.
    fn words(&self, kind: Kind, stand: &Stand) -> String {
        let text = |value: &Option<Arc<str>>| value.as_deref().map(str::to_owned);
        match kind {
            Kind::Moved => self.held(stand, true),
            Kind::Reclassified => text(&stand.control_type).or_else(|| text(&stand.mode)).unwrap_or_default(),
            Kind::Catalog => text(&stand.does)
                .or_else(|| text(&stand.control_type))
                .or_else(|| text(&stand.state))
                .unwrap_or_default(),
            _ => text(&stand.state).unwrap_or_default(),
        }
    }

    /// `A Platform, R Northwind`; as a whole also who is asked and told.
    fn held(&self, stand: &Stand, whole: bool) -> String {
        let held = stand.assignments.iter().filter(|held| whole || held.letters.contains(['A', 'R']));
        let held = held.map(|held| {
            let name = self.names.get(&*held.party).copied().unwrap_or(&held.party);
            (!held.letters.contains('A'), format!("{} {name}", held.letters))
        });
        let mut held: Vec<(bool, String)> = held.collect();
        held.sort();
        held.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }
}
