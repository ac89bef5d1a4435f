//! Checks of scanners, each with the duties that it is about.
//!
//! In: the catalog, and an inventory if there is one. Out: a table: of the catalog all checks that it knows; of an inventory
//! those whose duties it has and those of which it has results, known or not.

use super::table::Table;
use crate::catalog::Catalog;
use crate::catalog::checks::{Effect, Known, Mapped};
use crate::commands::workspace::Workspace;
use crate::raci::scans::{Check, Scan};
use crate::results::Outcome;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the results of a check say of it.
#[derive(Default)]
struct Seen<'w> {
    title: Option<&'w str>,
    results: usize,
    failed: usize,
}

/// Results by scanner and check.
type SeenBy<'w> = BTreeMap<(&'w str, &'w str), Seen<'w>>;

/// The table.
pub(super) fn table(catalog: &Catalog, of: Option<&Workspace>) -> Table {
    let seen = of.map(seen).unwrap_or_default();
    let held = of.map(Held::of);
    let mut rows: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
    for known in catalog.known_checks() {
        let key = (known.scanner, known.id);
        let effects: Vec<&Effect> = match known.mapped {
            Mapped::Duties(check) => {
                let holds = |effect: &&Effect| held.as_ref().is_none_or(|held| held.has(effect));
                check.effects.iter().filter(holds).collect()
            }
            Mapped::NoDuty(_) => Vec::new(),
        };
        if of.is_none() || !effects.is_empty() || seen.contains_key(&key) {
            rows.insert(key, row(&known, &effects, seen.get(&key)));
        }
    }
    // Those of which there are results and that the catalog does not know.
    for (key, seen) in &seen {
        rows.entry(*key).or_insert_with(|| unknown(*key, seen));
    }
    Table {
        columns: vec![
            "scanner",
            "check",
            "title",
            "same_as",
            "results",
            "failed",
            "no_duty",
            "why",
            "activities",
        ],
        rows: rows.into_values().collect(),
    }
}

fn row(known: &Known<'_>, effects: &[&Effect], seen: Option<&Seen<'_>>) -> Vec<Value> {
    let (no_duty, why) = match known.mapped {
        Mapped::NoDuty(reason) => (Some(reason.word()), known.why.unwrap_or_else(|| reason.clause())),
        // Where none of its duties is here, that is why it says nothing.
        Mapped::Duties(_) if effects.is_empty() => (None, "none of its duties is in this inventory"),
        Mapped::Duties(_) => (None, ""),
    };
    let activities: BTreeSet<&str> = effects.iter().map(|effect| &*effect.activity).collect();
    let activities: Vec<&str> = activities.into_iter().collect();
    vec![
        known.scanner.into(),
        known.id.into(),
        seen.and_then(|seen| seen.title).into(),
        known.same_as.map(|other| other.replacen('/', ":", 1)).into(),
        seen.map(|seen| seen.results).into(),
        seen.map(|seen| seen.failed).into(),
        no_duty.into(),
        (!why.is_empty()).then_some(why).into(),
        activities.join(" ").into(),
    ]
}

/// The row of a check that the catalog does not know.
fn unknown((scanner, check): (&str, &str), seen: &Seen<'_>) -> Vec<Value> {
    vec![
        scanner.into(),
        check.into(),
        seen.title.into(),
        Value::Null,
        seen.results.into(),
        seen.failed.into(),
        Value::Null,
        "the catalog does not know it".into(),
        "".into(),
    ]
}

fn seen(of: &Workspace) -> SeenBy<'_> {
    let scans = &of.matrix.scans;
    let mut found = SeenBy::new();
    let is_shown: BTreeSet<usize> = shown(of);
    for (position, scan) in scans.results.iter().enumerate() {
        if of.only.is_some() && !is_shown.contains(&position) {
            continue;
        }
        let check = &scans[scan.check];
        add(found.entry((&*check.scanner, &*check.id)).or_default(), check, scan);
    }
    found
}

fn add<'w>(seen: &mut Seen<'w>, check: &'w Check, scan: &Scan) {
    seen.title = check.title.as_deref();
    seen.results += 1;
    seen.failed += usize::from(scan.outcome == Outcome::Failed);
}

/// The positions of the results that speak of a duty.
fn shown(of: &Workspace) -> BTreeSet<usize> {
    let shown = of.matrix.duties.iter().flat_map(|duty| &duty.shown_by);
    shown.flat_map(|shown| &shown.looks).map(|(_, result)| result.position()).collect()
}

/// The activities of duties, each with where it holds.
struct Held<'w>(BTreeMap<&'w str, BTreeSet<(&'w str, Option<&'w str>)>>);

impl<'w> Held<'w> {
    fn of(of: &'w Workspace) -> Self {
        let mut found: BTreeMap<&str, BTreeSet<(&str, Option<&str>)>> = BTreeMap::new();
        for duty in &of.matrix.duties {
            let split = &of.matrix[duty.unit].split;
            let runs = (split.service.as_str(), split.mode.as_ref().map(|mode| mode.id.as_str()));
            found.entry(&duty.activity.id).or_default().insert(runs);
        }
        Self(found)
    }

    /// Whether what an effect is about holds anywhere.
    fn has(&self, effect: &Effect) -> bool {
        let runs = self.0.get(&*effect.activity);
        runs.is_some_and(|runs| runs.iter().any(|(service, mode)| effect.holds_in(service, *mode)))
    }
}
