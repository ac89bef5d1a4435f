//! Changes of one kind as sections, groups and rows.
//!
//! In: changes. Out: what a page tells of them.

use super::{
    ChangeGroup, ChangeRow, ChangeSection, ChangeSum, MOST_ROWS, MOST_SHOWN, MOST_TOLD, NEAR, common, counted, is_taken_broken,
    may_be_summed, on, reasons, shown, shown_by, together, words,
};
use crate::changes::{Change, Changes, Kind, Stand};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a Report tells of parties and sections, for the rows of changes.
pub(super) struct Arranged<'r> {
    pub(super) names: BTreeMap<&'r str, &'r str>,
    pub(super) anchors: BTreeMap<(&'r str, Option<&'r str>), &'r str>,
    /// How bad what is not met is, by duty.
    pub(super) severities: BTreeMap<&'r str, &'static str>,
    /// The day of the newer side.
    pub(super) as_of: &'r str,
}

/// What changes stand under together.
#[derive(PartialEq)]
struct Under<'c> {
    heading: Option<String>,
    /// The reason that several have.
    because: Option<&'c [String]>,
}

impl Arranged<'_> {
    /// The section of a kind; none where nothing of it happened.
    pub(super) fn section(&self, changes: &Changes, kind: Kind) -> Option<ChangeSection> {
        let mut all: Vec<&Change> = changes.changes.iter().filter(|change| change.kind == kind).collect();
        if kind == Kind::Opened {
            // The worst first, as findings stand: what is overdue, then by the day, which is the nearer the worse it is.
            all.sort_by_key(|change| (change.due.is_none(), change.due.clone()));
        }
        let rows = self.rows(&all);
        let is_summed = rows.len() > MOST_TOLD && may_be_summed(kind);
        let told = if is_summed { all.len() } else { MOST_ROWS };
        // Where as many things show them as nobody reads, the services that they are of tell it better.
        let is_shown = matches!(kind, Kind::Attested | Kind::Lapsed | Kind::Closed);
        let mut reasons: BTreeMap<&[String], usize> = BTreeMap::new();
        for change in all.iter().filter(|_| is_shown && !is_summed) {
            *reasons.entry(&change.because).or_default() += 1;
        }
        let mut groups: Vec<(Under<'_>, Vec<&Change>)> = Vec::new();
        for change in all.iter().take(told) {
            let shared = reasons.get(&*change.because).is_some_and(|count| *count > 1);
            let under = Under {
                heading: self.heading(change, is_summed),
                because: shared.then_some(&*change.because),
            };
            match groups.iter_mut().find(|(known, _)| *known == under) {
                Some((_, of)) => of.push(change),
                None => groups.push((under, vec![change])),
            }
        }
        // Larger groups first, so that what happened is read before single cases.
        groups.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
        let left_out = if is_summed {
            all.len()
        } else {
            all.len().saturating_sub(MOST_ROWS)
        };
        let by_service = !is_shown || all.iter().map(|change| shown_by(change)).collect::<BTreeSet<_>>().len() > MOST_SHOWN;
        (!all.is_empty()).then(|| ChangeSection {
            kind,
            title: words::title(kind, changes.new.supposed.is_some()).to_owned(),
            lead: (is_summed && is_shown && by_service).then(|| shown(&all)),
            count: all.len() as u64,
            not_met: all.iter().filter(|change| is_taken_broken(change)).count() as u64,
            left_out: left_out as u64,
            groups: groups
                .into_iter()
                .map(|(under, of)| self.group(under.heading, &of, is_summed.then_some(by_service)))
                .collect(),
        })
    }

    /// What a change stands under: from whom to whom it moved; else its service, where duties came or left; else nothing.
    fn heading(&self, change: &Change, is_summed: bool) -> Option<String> {
        match change.kind {
            Kind::Moved => {
                let (before, after) = (change.before.as_ref(), change.after.as_ref());
                let side = |stand: Option<&Stand>| stand.map(|stand| self.held(stand, false)).unwrap_or_default();
                let (before, after) = (side(before), side(after));
                Some(if before == after {
                    "Who is asked or told".to_owned()
                } else {
                    format!("From {before} to {after}")
                })
            }
            Kind::Appeared | Kind::Vanished if !is_summed => Some(change.title.to_string()),
            _ => None,
        }
    }

    /// Changes that stand together; told in sums if so, by service or by what shows them.
    fn group(&self, heading: Option<String>, of: &[&Change], summed: Option<bool>) -> ChangeGroup {
        let (is_summed, by_service) = (summed.is_some(), summed == Some(true));
        let common = common(of);
        // What came in or was taken over broken asks for somebody to mend it, however much comes with it.
        let is_told = |change: &&&Change| !is_summed || is_taken_broken(change);
        let told: Vec<&Change> = of.iter().filter(is_told).copied().collect();
        let mut rows = self.rows(&told);
        if common.is_some() && !is_summed {
            rows.iter_mut().for_each(|row| row.because = None);
        }
        let mut sums = if is_summed { self.sums(of, by_service) } else { Vec::new() };
        // What all sums say is said once.
        let first = sums.first().and_then(|sum| sum.because.clone());
        let shared = first.filter(|_| sums.len() > 1 && sums.iter().all(|sum| sum.because == sums[0].because));
        if shared.is_some() {
            sums.iter_mut().for_each(|sum| sum.because = None);
        }
        ChangeGroup {
            because: if is_summed { shared } else { common },
            heading,
            rows,
            sums,
            by_service,
        }
    }

    /// A row for each change; those that differ in their scope alone have one.
    fn rows(&self, of: &[&Change]) -> Vec<ChangeRow> {
        let mut rows: Vec<ChangeRow> = Vec::new();
        for change in of {
            let row = self.row(change);
            let same = rows.iter_mut().rev().take(NEAR).find(|known| known.is_same(&row));
            match (same, &row.scope) {
                (Some(known), Some(scope)) => {
                    let is_told = known
                        .scope
                        .as_deref()
                        .is_some_and(|told| told.split("; ").any(|told| told == scope));
                    if let Some(told) = known.scope.as_mut().filter(|_| !is_told) {
                        told.push_str("; ");
                        told.push_str(scope);
                    }
                    known.count += 1;
                }
                _ => rows.push(row),
            }
        }
        rows
    }

    /// Many changes in few rows: by what shows them, or by service.
    fn sums(&self, of: &[&Change], by_service: bool) -> Vec<ChangeSum> {
        let mut by: Vec<(String, Vec<&Change>)> = Vec::new();
        for change in of {
            let what = match change.kind {
                _ if !by_service => shown_by(change),
                _ => change.title.to_string(),
            };
            match by.iter_mut().find(|(known, _)| *known == what) {
                Some((_, of)) => of.push(change),
                None => by.push((what, vec![change])),
            }
        }
        by.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
        let sum = |(what, of): (String, Vec<&Change>)| {
            let of = of.as_slice();
            let stand = |change: &Change| change.after.clone().or_else(|| change.before.clone());
            ChangeSum {
                count: of.len() as u64,
                on: counted(of.iter().map(|change| {
                    let control = change.control_title.as_deref().filter(|_| by_service);
                    control.unwrap_or(&change.name).to_owned()
                })),
                states: counted(of.iter().filter_map(|change| Some(stand(change)?.state?.replace('-', " ")))),
                holders: counted(of.iter().filter_map(|change| Some(self.held(&stand(change)?, false)))),
                because: together(of).filter(|because| *because != what),
                what,
            }
        };
        by.into_iter().map(sum).collect()
    }

    fn row(&self, change: &Change) -> ChangeRow {
        let requirement = change.requirement.as_ref().map(|requirement| match &requirement.title {
            Some(title) => format!("{}: {title}", requirement.id).into(),
            None => requirement.id.clone(),
        });
        let what = [&change.does, &change.control_title, &requirement].into_iter().flatten().next();
        let stand = change.after.as_ref().or(change.before.as_ref());
        ChangeRow {
            what: what.map_or_else(|| "The mode in which it runs".to_owned(), ToString::to_string),
            // Of what runs in another mode both are told.
            service: match (change.kind, &change.control) {
                (Kind::Reclassified, None) => change.name.to_string(),
                _ => change.title.to_string(),
            },
            anchor: self
                .anchors
                .get(&(&*change.service, change.mode.as_deref()))
                .filter(|_| change.kind != Kind::Vanished)
                .map(|anchor| (*anchor).to_owned()),
            duty: change.duty.clone().filter(|_| change.kind != Kind::Vanished),
            scope: change.scope.as_deref().map(str::to_owned),
            count: 1,
            resources: on(change),
            before: change.before.as_ref().map(|stand| self.words(change.kind, stand)),
            after: change.after.as_ref().map(|stand| self.words(change.kind, stand)),
            owner: stand.map(|stand| self.held(stand, false)).unwrap_or_default(),
            not_met: is_taken_broken(change),
            severity: change.duty.as_deref().and_then(|duty| self.severities.get(duty)).copied(),
            overdue: change.due.as_deref().is_some_and(|due| due < self.as_of),
            due: change.due.as_deref().map(str::to_owned),
            because: reasons(change),
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
