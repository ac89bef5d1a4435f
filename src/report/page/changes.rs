//! What changed, arranged for pages.
//!
//! In: changes and the Report that they end at. Out: a verdict, the figures, and a section a kind, what asks for attention
//! first; in each what has the same reason and the same holders stands together, and what is too much to be read one by one
//! is told in sums.

mod arranged;
mod balance;
mod words;

pub use words::heading;

use crate::changes::{Cause, Change, Changes, Kind};
use crate::report::model::Report;
use crate::report::names::grouped;
use crate::text::day as day_in_words;
use arranged::Arranged;
use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of one kind that a document prints; what is beyond is counted.
const MOST_ROWS: usize = 400;

/// Things that show duties done which a table tells; where there are more, the services that they are of tell it better.
const MOST_SHOWN: usize = 8;

/// Rows of one kind that are told one by one; where there are more, sums tell what happened better.
const MOST_TOLD: usize = 40;

/// How many rows back the same duty in another scope may stand.
const NEAR: usize = 12;

/// Names and reasons that a sum tells.
const NAMES: usize = 4;
const REASONS: usize = 2;

/// Artefacts that are named where there are many.
const ARTEFACTS: usize = 6;

/// What changed since an earlier result, or would change.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChangesPage {
    /// What it is called: since when, or if what.
    pub title: String,
    /// Whether something is supposed, so that nothing of it is so yet.
    pub supposed: bool,
    /// What was compared with.
    pub since: String,
    /// The day that it was true for.
    pub old_date: String,
    /// The day that this one is true for.
    pub new_date: String,
    /// What changed, in one or two sentences with the figures.
    pub verdict: String,
    /// How many duties, commitments and findings there were and are.
    pub figures: Vec<FigureRow>,
    /// How many duties each party did or answered for, and does; none where there is one party alone.
    pub parties: Vec<FigureRow>,
    /// How many duties are counted in other pieces than before, in a sentence.
    pub parted: Option<String>,
    /// One for each kind that there is.
    pub sections: Vec<ChangeSection>,
    /// What providers do that they did not, or do no more.
    pub commitments: Vec<CommitmentGroup>,
    /// Findings that opened or closed and are about no duty.
    pub findings: Vec<FindingRow>,
}

/// A figure, before and now.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FigureRow {
    /// What is counted.
    pub what: String,
    /// How many there were.
    pub before: u64,
    /// How many there are.
    pub now: u64,
    /// The difference, with its sign.
    pub difference: String,
}

/// Commitments that came or went in the same way.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CommitmentGroup {
    /// How they did.
    pub title: String,
    /// How many they are.
    pub count: u64,
    /// One a service, and control.
    pub rows: Vec<CommitmentRow>,
}

/// What a provider does for a service.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CommitmentRow {
    /// The service as printed.
    pub service: String,
    /// How many commitments.
    pub count: u64,
    /// The controls that they are pieces of, with how many each, in words.
    pub on: String,
    /// Who does it, else did.
    pub holders: String,
}

/// A finding in one row.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FindingRow {
    /// Whether it opened, closed or passed to others.
    pub kind: Kind,
    /// What is wrong.
    pub message: String,
    /// Who must see to it, or had to.
    pub holders: String,
}

/// Changes of one kind.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChangeSection {
    /// Which.
    pub kind: Kind,
    /// Its heading.
    pub title: String,
    /// How many.
    pub count: u64,
    /// How many of those that came or passed to others are not met, so that their holders begin with something broken.
    pub not_met: u64,
    /// How many of them are not printed one by one.
    pub left_out: u64,
    /// What shows so many of them, in a sentence; none where the rows tell it.
    pub lead: Option<String>,
    /// What stands together.
    pub groups: Vec<ChangeGroup>,
}

impl ChangeSection {
    /// Whether it is told in sums, since there is so much of it.
    #[must_use]
    pub fn is_summed(&self) -> bool {
        self.groups.iter().any(|group| !group.sums.is_empty())
    }
}

/// Changes that have the same holders, or are of the same service.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChangeGroup {
    /// What they have in common; none where the section is one table.
    pub heading: Option<String>,
    /// Why, where that is the same for all.
    pub because: Option<String>,
    /// One a change, or one for those that differ in their scope alone; none where they are told in sums.
    pub rows: Vec<ChangeRow>,
    /// What is told in sums, since there is so much of it.
    pub sums: Vec<ChangeSum>,
    /// Whether the sums are by service; else by what shows them.
    pub by_service: bool,
}

/// Many changes in one row.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChangeSum {
    /// What they have in common: a service, or what shows them.
    pub what: String,
    /// How many.
    pub count: u64,
    /// The services that they are of, or the controls that they are pieces of, with how many each, in words.
    pub on: String,
    /// How many are in which state now, in words.
    pub states: String,
    /// Who holds them now, else then, with how many each, in words.
    pub holders: String,
    /// Why, where that is the same for all.
    pub because: Option<String>,
}

/// A change in one row.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ChangeRow {
    /// The duty, or the control.
    pub what: String,
    /// How many changes it stands for: of the same duty in several scopes.
    pub count: u64,
    /// The service.
    pub service: String,
    /// The section of its service; none where it left.
    pub anchor: Option<String>,
    /// The duty's id.
    pub duty: Option<Arc<str>>,
    /// Where it holds; of several such places all.
    pub scope: Option<String>,
    /// The resources on which it opened, in words, where the reason does not name them.
    pub resources: Option<String>,
    /// How it was, in words.
    pub before: Option<String>,
    /// How it is, in words.
    pub after: Option<String>,
    /// Who holds A and R now, else then.
    pub owner: String,
    /// Whether it came or passed to others and is not met.
    pub not_met: bool,
    /// How bad it is, where a report stands beside it that says so.
    pub severity: Option<&'static str>,
    /// Until when it must be mended.
    pub due: Option<String>,
    /// Whether that day is over.
    pub overdue: bool,
    /// Why, where the group does not say it.
    pub because: Option<String>,
}

impl ChangeRow {
    /// Whether another says the same of another scope.
    fn is_same(&self, other: &Self) -> bool {
        (&self.what, &self.service, &self.before, &self.after) == (&other.what, &other.service, &other.before, &other.after)
            && (&self.owner, &self.due, &self.because) == (&other.owner, &other.due, &other.because)
            && self.not_met == other.not_met
            && self.resources == other.resources
            && self.scope.is_some()
    }
}

/// Arranges changes.
pub(super) fn page(changes: &Changes, report: &Report) -> ChangesPage {
    let anchors = report.services.iter();
    let anchors = anchors.map(|service| ((service.service.as_str(), service.mode.as_deref()), service.facts.anchor.as_str()));
    let severities = report.findings.iter();
    let severities = severities.filter_map(|finding| Some((finding.duty.as_deref()?, finding.severity.word())));
    ChangesPage::arranged(changes, anchors.collect(), severities.collect())
}

impl ChangesPage {
    /// Arranges changes for where no report stands beside them.
    #[must_use]
    pub fn of(changes: &Changes) -> Self {
        Self::arranged(changes, BTreeMap::new(), BTreeMap::new())
    }

    fn arranged(changes: &Changes, anchors: BTreeMap<(&str, Option<&str>), &str>, severities: BTreeMap<&str, &'static str>) -> Self {
        let arranged = Arranged {
            names: changes.parties.iter().map(|party| (&*party.id, &*party.name)).collect(),
            anchors,
            severities,
            as_of: &changes.new.as_of,
        };
        let sections = Kind::ALL.into_iter().filter_map(|kind| arranged.section(changes, kind));
        Self {
            title: words::heading(changes),
            supposed: changes.new.supposed.is_some(),
            since: changes.old.from.clone(),
            old_date: changes.old.as_of.clone(),
            new_date: changes.new.as_of.clone(),
            verdict: words::verdict(changes),
            figures: balance::figures(changes),
            parties: balance::parties(changes),
            parted: balance::parted(changes),
            sections: sections.collect(),
            commitments: balance::commitments(changes, &arranged.names),
            findings: balance::findings(changes, &arranged.names),
        }
    }
}

/// What happened must be read one by one where somebody has to do something about it.
fn may_be_summed(kind: Kind) -> bool {
    match kind {
        Kind::Opened | Kind::Reclassified | Kind::Catalog => false,
        Kind::Moved | Kind::Appeared | Kind::Vanished | Kind::Lapsed | Kind::Closed | Kind::Attested => true,
    }
}

/// Why, in words for people.
fn reasons(change: &Change) -> Option<String> {
    (!change.because.is_empty()).then(|| with_days(&change.because.join("; ")))
}

/// The reason of several changes, where it is the same.
fn common(of: &[&Change]) -> Option<String> {
    let first = of.first().filter(|_| of.len() > 1)?;
    of.iter()
        .all(|change| change.because == first.because)
        .then(|| reasons(first))
        .flatten()
}

/// The reasons of several changes in few words: the one that all have, the resources that all came or left with, else the
/// reasons that come first.
fn together(of: &[&Change]) -> Option<String> {
    if let Some(common) = common(of) {
        return Some(common);
    }
    if of.iter().all(|change| change.cause == Some(Cause::Resource)) {
        let names: BTreeSet<&str> = of.iter().flat_map(|change| &change.resources).map(|name| &**name).collect();
        let word = if of.iter().all(|change| change.kind == Kind::Vanished) {
            "gone"
        } else {
            "new"
        };
        let more = names.len().saturating_sub(NAMES);
        let told: Vec<&str> = names.into_iter().take(NAMES).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        return (!told.is_empty()).then(|| format!("{word}: {}{more}", told.join(", ")));
    }
    let mut firsts: Vec<&String> = of.iter().filter_map(|change| change.because.first()).collect();
    firsts.sort();
    firsts.dedup();
    let more = firsts.len().saturating_sub(REASONS);
    let mut told: Vec<String> = firsts.into_iter().take(REASONS).map(|reason| with_days(reason)).collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// The resources on which a duty opened, where no reason names them.
fn on(change: &Change) -> Option<String> {
    let is_named = |name: &Arc<str>| change.because.iter().any(|reason| reason.contains(&**name));
    if change.kind != Kind::Opened || change.resources.is_empty() || change.resources.iter().all(is_named) {
        return None;
    }
    let more = change.resources.len().saturating_sub(NAMES);
    let told: Vec<&str> = change.resources.iter().take(NAMES).map(|name| &**name).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("{}{more}", told.join(", ")))
}

/// Whether somebody begins with something broken: it came, or passed to other parties, and is not met.
fn is_taken_broken(change: &Change) -> bool {
    let begins = change.kind == Kind::Appeared || change.kind == Kind::Moved && words::is_passed(change);
    begins && change.after.as_ref().and_then(|stand| stand.state.as_deref()) == Some("not-met")
}

/// What shows a duty done, or shows it no more: an artefact by its name, else of which kind it is.
fn shown_by(change: &Change) -> String {
    let first = || change.because.first().map(|reason| with_days(reason)).unwrap_or_default();
    match change.cause {
        Some(Cause::Evidence) => first(),
        Some(Cause::Check) => "Results of scanners".to_owned(),
        Some(Cause::Attribute | Cause::Mode) => "Settings of resources".to_owned(),
        Some(Cause::Resource) => "Resources that came or left".to_owned(),
        Some(Cause::Exception) => "Exceptions".to_owned(),
        Some(Cause::Date) => "The day alone".to_owned(),
        Some(Cause::Rule) => "Rules".to_owned(),
        Some(Cause::Handover) => "The handover".to_owned(),
        Some(Cause::Catalog) => "The catalog".to_owned(),
        None => "Not told".to_owned(),
    }
}

/// What shows changes, in a sentence: how many artefacts, and which other kinds of things, with how many duties each.
fn shown(of: &[&Change]) -> String {
    let (vouched, others): (Vec<&Change>, Vec<&Change>) = of.iter().partition(|change| change.cause == Some(Cause::Evidence));
    let mut artefacts: BTreeMap<String, u64> = BTreeMap::new();
    for change in &vouched {
        *artefacts.entry(shown_by(change)).or_default() += 1;
    }
    let count = artefacts.len();
    let mut parts = Vec::new();
    if count > 0 {
        let plural = if count == 1 { "artefact" } else { "artefacts" };
        parts.push(format!("{} {plural} ({})", grouped(count as u64), grouped(vouched.len() as u64)));
    }
    let mut by: BTreeMap<String, u64> = BTreeMap::new();
    for change in others {
        *by.entry(shown_by(change)).or_default() += 1;
    }
    parts.extend(by.into_iter().map(|(what, count)| {
        let mut letters = what.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
        format!("{first}{} ({})", letters.as_str(), grouped(count))
    }));
    let mut artefacts: Vec<(String, u64)> = artefacts.into_iter().collect();
    artefacts.sort_by_key(|(_, duties)| std::cmp::Reverse(*duties));
    let named = artefacts.into_iter().take(ARTEFACTS);
    let mut named: Vec<String> = named.map(|(name, duties)| format!("{name} ({})", grouped(duties))).collect();
    if count > ARTEFACTS {
        named.push(format!("{} more", grouped((count - ARTEFACTS) as u64)));
    }
    let names = if named.is_empty() {
        String::new()
    } else {
        format!(" The artefacts: {}.", named.join("; "))
    };
    format!("Because of {}.{names}", parts.join(", "))
}

/// Days as people write them, wherever one stands as a word of its own, and so is no part of a file's name.
fn with_days(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let end = word.trim_end_matches([',', ';', ':']);
        let day: Option<Date> = end.parse().ok().filter(|_| end.len() == "2026-11-01".len());
        match day {
            Some(day) => format!("{}{}", day_in_words(day), &word[end.len()..]),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `A/R Platform (12); R Northwind (3)`: the most first, no more than a reader takes in.
fn counted(words: impl Iterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for word in words.filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = counts.len().saturating_sub(NAMES);
    let is_one = counts.len() == 1;
    let told = counts
        .into_iter()
        .take(NAMES)
        .map(|(word, count)| if is_one { word } else { format!("{word} ({count})") });
    let mut told: Vec<String> = told.collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    told.join("; ")
}
