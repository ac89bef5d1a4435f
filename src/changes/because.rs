//! What a change is because of.
//!
//! In: both sides and a duty on them. Out: reasons in words, the most telling first: attributes of resources, resources that
//! came or left, rules, exceptions, what a scanner or a person showed, the date.

use super::Kind;
use super::pairs::Both;
use super::snapshot::{HeldDuty, Snapshot, UnitStand};
use crate::catalog::predicate::{Observed, Seen};
use crate::raci::{Duty, Origin, Provenance, ResourceIx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reasons and names that are told of one change, at most.
const REASONS: usize = 6;
const NAMES: usize = 20;

/// Why letters moved: the rules that set the letters that differ, or that set them no more.
pub(super) fn moved(both: &Both<'_, '_>, old: &HeldDuty, new: &HeldDuty) -> Vec<String> {
    let holders = |held: &HeldDuty, letter: char| -> BTreeSet<Arc<str>> {
        let with = held.letters.iter().filter(|(_, letters)| letters.contains(letter));
        with.map(|(party, _)| party.clone()).collect()
    };
    let rules = |side: &Snapshot<'_>, held: &HeldDuty, letter: char| -> BTreeSet<String> {
        let (Some(joined), Some(duty)) = (&side.joined, side.duty(held)) else {
            return BTreeSet::new();
        };
        let rules = origin(&duty.provenance, letter).rules.iter();
        rules.map(|rule| (joined.show)(&joined.inventory[*rule].place)).collect()
    };
    let (mut set, mut unset) = (BTreeSet::new(), BTreeSet::new());
    for letter in ['R', 'A', 'C', 'I'] {
        if holders(old, letter) == holders(new, letter) {
            continue;
        }
        let is = rules(both.new, new, letter);
        if is.is_empty() {
            unset.extend(rules(both.old, old, letter));
        }
        set.extend(is);
    }
    let mut found: Vec<String> = set.iter().map(|place| format!("rule at {place}")).collect();
    let gone = unset.difference(&set);
    found.extend(gone.map(|place| format!("the rule at {place} sets it no more")));
    found.truncate(REASONS);
    found
}

/// Where a letter comes from.
fn origin(of: &Provenance, letter: char) -> &Origin {
    match letter {
        'R' => &of.responsible,
        'A' => &of.accountable,
        'C' => &of.consulted,
        _ => &of.informed,
    }
}

/// Why a state turned, and the names of the resources on which it did.
pub(super) fn turned(both: &Both<'_, '_>, old: &HeldDuty, new: &HeldDuty) -> (Vec<String>, Vec<Arc<str>>) {
    let (Some(was), Some(is)) = (both.old.duty(old), both.new.duty(new)) else {
        return (shown(old, new), Vec::new());
    };
    let (before, after) = (verdicts(was), verdicts(is));
    let (mut attributes, mut came, mut left, mut excused) = (BTreeSet::new(), Vec::new(), Vec::new(), BTreeSet::new());
    let (mut joined, mut parted) = (Vec::new(), Vec::new());
    let here: BTreeSet<usize> = new.resources.iter().flatten().copied().collect();
    let there: BTreeSet<usize> = old.resources.iter().flatten().copied().collect();
    let mut names = BTreeSet::new();
    for position in new.resources.iter().flatten() {
        let label = &both.new.resources[*position].label;
        let verdict = after.get(position);
        let Some(other) = both.matched.back.get(*position).copied().flatten() else {
            if verdict.copied() != Some(Verdict::Met) || new.state.as_ref() == "met" {
                names.insert(label.clone());
            }
            came.push(label.clone());
            continue;
        };
        if !there.contains(&other) {
            joined.push(label.clone());
        }
        let known = before.get(&other);
        if known != verdict {
            names.insert(label.clone());
            excused.extend(excuse(both, (known, verdict)));
        }
        attributes.extend(differences(both, (was, other), (is, *position)));
    }
    for position in old.resources.iter().flatten() {
        let label = || both.old.resources[*position].label.clone();
        match both.matched.forth.get(*position).copied().flatten() {
            None => left.push(label()),
            Some(other) if !here.contains(&other) => parted.push(label()),
            Some(_) => {}
        }
    }
    let mut found: Vec<String> = attributes.into_iter().collect();
    found.extend(excused);
    found.extend(shown(old, new));
    found.extend(listed("new", &came));
    found.extend(listed("gone", &left));
    found.extend(listed("now also on", &joined));
    found.extend(listed("no longer on", &parted));
    if found.is_empty() {
        found.extend(dates(both));
    }
    found.truncate(REASONS);
    (found, names.into_iter().take(NAMES).collect())
}

/// Why a duty is on one side only, and the names of the resources that it is on.
pub(super) fn only(both: &Both<'_, '_>, held: &HeldDuty, kind: Kind) -> (Vec<String>, Vec<Arc<str>>) {
    let is_new = kind == Kind::Appeared;
    let (side, other, pairs) = if is_new {
        (both.new, both.old, &both.matched.back)
    } else {
        (both.old, both.new, &both.matched.forth)
    };
    let (mut alone, mut modes, mut attributes, mut names) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for position in held.resources.iter().flatten() {
        let known = &side.resources[*position];
        names.insert(known.label.clone());
        let Some(pair) = pairs.get(*position).copied().flatten() else {
            alone.push(known.label.clone());
            continue;
        };
        let partner = &other.resources[pair];
        if (&partner.service, &partner.mode) != (&known.service, &known.mode) {
            let (was, is) = if is_new { (partner, known) } else { (known, partner) };
            let word = |mode: &Option<Arc<str>>| mode.clone().unwrap_or_else(|| crate::catalog::STANDARD_MODE.into());
            modes.insert(format!(
                "{} runs as `{}`, before `{}`",
                known.label,
                word(&is.mode),
                word(&was.mode)
            ));
        } else if let Some(duty) = side.duty(held) {
            let (was, is) = if is_new { (pair, *position) } else { (*position, pair) };
            attributes.extend(differences(both, (duty, was), (duty, is)));
        }
    }
    let mut found: Vec<String> = modes.into_iter().collect();
    found.extend(listed(if is_new { "new" } else { "gone" }, &alone));
    found.extend(attributes);
    found.truncate(REASONS);
    (found, names.into_iter().take(NAMES).collect())
}

/// Why resources run in another mode: the attributes of theirs that differ.
pub(super) fn mode(both: &Both<'_, '_>, names: &BTreeSet<Arc<str>>) -> Vec<String> {
    let (Some(was), Some(is)) = (&both.old.joined, &both.new.joined) else {
        return Vec::new();
    };
    let mut found = BTreeSet::new();
    for (position, pair) in both.matched.forth.iter().enumerate() {
        let Some(pair) = pair else { continue };
        let label = &both.new.resources[*pair].label;
        if !names.contains(label) || both.old.resources[position].mode == both.new.resources[*pair].mode {
            continue;
        }
        let (old, new) = (&was.matrix[ResourceIx::new(position)], &is.matrix[ResourceIx::new(*pair)]);
        if old.mode != new.mode {
            let word = |mode: &Option<Arc<str>>| mode.as_deref().map_or_else(|| "nothing".to_owned(), |mode| format!("`{mode}`"));
            found.insert(format!("`mode` {} instead of {} on {label}", word(&new.mode), word(&old.mode)));
        }
        for key in old.config.keys().chain(new.config.keys()) {
            let told = |config: &crate::catalog::predicate::Attributes| match config.get(key) {
                Some(serde_json::Value::String(text)) if text.len() <= 40 => format!("`{text}`"),
                Some(value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_))) => format!("`{value}`"),
                Some(_) => "set".to_owned(),
                None => "not set".to_owned(),
            };
            if is.matrix.units.iter().any(|unit| unit.settled_by.contains(key)) || old.config.get(key) != new.config.get(key) {
                let (before, after) = (told(&old.config), told(&new.config));
                if before != after {
                    found.insert(format!("`{key}` {after} instead of {before} on {label}"));
                }
            }
        }
    }
    found.into_iter().take(REASONS).collect()
}

/// Why a control has another type.
pub(super) fn control(old: &UnitStand, new: &UnitStand) -> Vec<String> {
    let word = |mode: &Option<Arc<str>>| mode.clone().unwrap_or_else(|| crate::catalog::STANDARD_MODE.into());
    if old.mode == new.mode {
        return vec!["other activities hold on its resources".to_owned()];
    }
    vec![format!("it runs as `{}`, before `{}`", word(&new.mode), word(&old.mode))]
}

/// What is shown of a duty on one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    NotMet,
    Excepted(usize),
}

fn verdicts(duty: &Duty) -> BTreeMap<usize, Verdict> {
    let mut found = BTreeMap::new();
    found.extend(duty.met().into_iter().map(|index| (index.position(), Verdict::Met)));
    let excepted = duty.excepted().into_iter();
    found.extend(excepted.map(|(index, exception)| (index.position(), Verdict::Excepted(exception.position()))));
    found.extend(duty.not_met().into_iter().map(|index| (index.position(), Verdict::NotMet)));
    found
}

/// The exception that came or went between two verdicts.
fn excuse(both: &Both<'_, '_>, verdicts: (Option<&Verdict>, Option<&Verdict>)) -> Option<String> {
    let (side, position, words) = match verdicts {
        (_, Some(Verdict::Excepted(position))) => (both.new, position, "exception at"),
        (Some(Verdict::Excepted(position)), _) => (both.old, position, "no longer excused by the exception at"),
        _ => return None,
    };
    let joined = side.joined.as_ref()?;
    let exception = joined.inventory.exceptions.get(*position)?;
    Some(format!("{words} {}", (joined.show)(&exception.place)))
}

/// The attributes that the predicates of a duty look at and that differ between a resource and what it was.
fn differences(both: &Both<'_, '_>, (was, before): (&Duty, usize), (is, after): (&Duty, usize)) -> Vec<String> {
    let seen = |side: &Snapshot<'_>, duty: &Duty, position: usize| -> Observed {
        let mut found = Observed::new();
        if let Some(joined) = &side.joined
            && let Some(resource) = joined.matrix.resources.get(position)
        {
            for predicate in duty.activity.predicates() {
                predicate.observe(&resource.config, Some(joined.as_of), &mut found);
            }
        }
        found
    };
    let (old, new) = (seen(both.old, was, before), seen(both.new, is, after));
    let label = &both.new.resources[after].label;
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let told = |of: &Observed, key: &String| match of.get(key) {
        Some(values) => values.iter().map(Seen::words).collect::<Vec<_>>().join(" or "),
        None => "not known".to_owned(),
    };
    let differ = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    differ
        .map(|key| format!("`{key}` is {} instead of {} on {label}", told(&new, key), told(&old, key)))
        .collect()
}

/// What scanners and people showed then and now, where that differs.
fn shown(old: &HeldDuty, new: &HeldDuty) -> Vec<String> {
    let fresh = new.shown.iter().filter(|one| !old.shown.contains(one)).cloned();
    let gone = old
        .shown
        .iter()
        .filter(|one| !new.shown.contains(one))
        .map(|one| format!("no longer {one}"));
    fresh.chain(gone).collect()
}

fn listed(word: &str, names: &[Arc<str>]) -> Option<String> {
    let more = names.len().saturating_sub(3);
    let told: Vec<&str> = names.iter().take(3).map(|name| &**name).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!told.is_empty()).then(|| format!("{word}: {}{more}", told.join(", ")))
}

/// That only the date differs.
fn dates(both: &Both<'_, '_>) -> Option<String> {
    let (old, new) = (&both.old.of.as_of, &both.new.of.as_of);
    (old != new).then(|| format!("the date is {new}, before {old}"))
}
