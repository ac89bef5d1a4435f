//! The rows that a section prints of a control.
//!
//! In: a control with its activities. Out: its lines, and the letters that stand once for all of them.

use super::model::{Activity, Control, Line, LinePart, ScopedLetters, ShownState};
use super::told::CUSTOMER;
use crate::catalog::DefaultState;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where all printed activities of a side have the same letters on the same deployments, the letters stand once under
/// the control's heading, and each activity once.
pub(super) fn lift_letters(control: &mut Control) {
    let sides: BTreeSet<String> = control.activities.iter().map(|activity| activity.side.clone()).collect();
    for side in sides.into_iter().rev().filter(|side| side == CUSTOMER) {
        let mut by_id: BTreeMap<&str, Vec<(String, Vec<&'static str>)>> = BTreeMap::new();
        for activity in control.activities.iter().filter(|activity| activity.shown && activity.side == side) {
            let scope = activity.scope.clone().unwrap_or_default();
            by_id.entry(&activity.id).or_default().push((scope, activity.letters.clone()));
        }
        let mut sets = by_id.values();
        let Some(letters) = sets.next().filter(|set| set.len() > 1).cloned() else {
            continue;
        };
        if !sets.all(|set| *set == letters) {
            continue;
        }
        control
            .scoped_letters
            .extend(letters.into_iter().map(|(scope, letters)| ScopedLetters {
                side: side.clone(),
                scope,
                letters,
            }));
        let mut merged: BTreeMap<Arc<str>, ShownState> = BTreeMap::new();
        for activity in control.activities.iter().filter(|activity| activity.shown && activity.side == side) {
            let state = &activity.shown_state;
            let entry = merged.entry(activity.id.clone()).or_insert_with(|| ShownState {
                label: state.label,
                resources: 0,
                not_met: 0,
                excepted: 0,
            });
            entry.label = worse(entry.label, state.label);
            entry.resources += state.resources;
            entry.not_met += state.not_met;
            entry.excepted += state.excepted;
        }
        for activity in control
            .activities
            .iter_mut()
            .filter(|activity| activity.shown && activity.side == side)
        {
            activity.letters_above = true;
            match merged.remove(&activity.id) {
                Some(state) => activity.shown_state = state,
                None => activity.shown = false,
            }
        }
    }
}

/// The rows to print. Activities of a side with the same letters, state and deployments stand together; one that is not
/// met or excepted somewhere stands by itself, since its row counts resources.
///
/// What others than the customer do is theirs wherever it happens, and only who hears of it may differ between
/// deployments: such an activity stands once, with everybody who is informed somewhere.
pub(super) fn lines(control: &Control) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for activity in control.activities.iter().filter(|activity| activity.shown) {
        let own = activity.side == CUSTOMER;
        if !own && !told.insert(&activity.id) {
            continue;
        }
        let letters = if activity.letters_above {
            vec![""; activity.letters.len()]
        } else if own {
            activity.letters.clone()
        } else {
            letters_anywhere(control.activities.iter().filter(|other| other.id == activity.id))
        };
        let scope = activity.scope.clone().filter(|_| own && !activity.letters_above);
        let part = LinePart {
            does: activity.does.clone(),
            unlike_usual: unlike_usual(activity),
            source_number: activity.source_number,
            condition: activity.condition,
        };
        let counted = |state: &ShownState| state.not_met > 0 || state.excepted > 0;
        let alike = |line: &&mut Line| {
            !counted(&line.state)
                && !counted(&activity.shown_state)
                && line.state.label == activity.shown_state.label
                && line.side == activity.side
                && line.letters == letters
                && line.scope == scope
        };
        match lines.iter_mut().find(alike) {
            Some(line) => line.parts.push(part),
            None => lines.push(Line {
                parts: vec![part],
                side: activity.side.clone(),
                letters_above: activity.letters_above,
                letters,
                scope,
                state: activity.shown_state.clone(),
            }),
        }
    }
    lines
}

/// The strongest letter that each party holds on any deployment.
pub(super) fn letters_anywhere<'a>(rows: impl Iterator<Item = &'a Activity>) -> Vec<&'static str> {
    const STRENGTH: [&str; 6] = ["", "I", "C", "R", "A", "A/R"];
    let strength = |letters: &str| STRENGTH.iter().position(|known| *known == letters);
    let mut letters: Vec<&'static str> = Vec::new();
    for row in rows {
        letters.resize(row.letters.len(), "");
        for (strongest, held) in letters.iter_mut().zip(&row.letters) {
            if strength(held) > strength(strongest) {
                *strongest = held;
            }
        }
    }
    letters
}

/// An activity's default, unless it is what a reader expects of its side.
fn unlike_usual(activity: &Activity) -> Option<DefaultState> {
    let usual = if activity.side == CUSTOMER {
        DefaultState::Build
    } else {
        DefaultState::Automatic
    };
    (activity.default != usual).then_some(activity.default)
}

/// Of two states the one that needs more attention.
fn worse(one: &'static str, other: &'static str) -> &'static str {
    let rank = |state: &str| {
        ["not met", "unknown", "attest", "met", "inherited"]
            .iter()
            .position(|known| *known == state)
    };
    if rank(other) < rank(one) { other } else { one }
}
