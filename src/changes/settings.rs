//! What of resources differs, in words: where they stand, what they are set to, and which came or left.
//!
//! In: both sides. Out: words, and reasons made of them.

use super::cause::{Cause, Reason};
use super::pairs::Both;
use super::snapshot::{HeldDuty, Known, Snapshot};
use crate::catalog::predicate::{Observed, Seen};
use crate::raci::{Duty, ResourceIx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where a resource stands in the estate, as far as rules and deployments look at it, where that differs.
pub(super) fn places(both: &Both<'_, '_>, (was, is): (usize, usize)) -> Vec<String> {
    let (old, new) = (&both.old.resources[was], &both.new.resources[is]);
    let mut fields = vec![
        (
            "environment",
            old.environment.as_deref().map(str::to_owned),
            new.environment.as_deref().map(str::to_owned),
        ),
        (
            "account",
            old.account.as_deref().map(str::to_owned),
            new.account.as_deref().map(str::to_owned),
        ),
        (
            "region",
            old.region.as_deref().map(str::to_owned),
            new.region.as_deref().map(str::to_owned),
        ),
    ];
    if let (Some(before), Some(after)) = (&both.old.joined, &both.new.joined) {
        let (before, after) = (&before.matrix[ResourceIx::new(was)], &after.matrix[ResourceIx::new(is)]);
        let tags = |of: &crate::inventory::Resource| {
            let mut told: Vec<String> = of.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            told.sort();
            told.join(", ")
        };
        let some = |words: String| (!words.is_empty()).then_some(words);
        let owner = |of: &crate::inventory::Resource| of.owner.as_deref().map(str::to_owned);
        fields.push(("owner", owner(before), owner(after)));
        fields.push(("data", some(before.data.join(", ")), some(after.data.join(", "))));
        fields.push(("tags", some(tags(before)), some(tags(after))));
    }
    let differ = fields.into_iter().filter(|(_, was, is)| was != is);
    let quoted = |value: Option<String>| value.map(|value| format!("`{value}`"));
    differ
        .filter_map(|(field, was, is)| turn(field, (quoted(was), quoted(is)), &new.label))
        .collect()
}

/// What changed on other resources of the same accounts: of some duties they tell the state, as trails do of an account.
pub(super) fn elsewhere(both: &Both<'_, '_>, of: &HeldDuty) -> Vec<Reason> {
    let accounts: BTreeSet<&Option<Arc<str>>> = of
        .resources
        .iter()
        .flatten()
        .map(|position| &both.new.resources[*position].account)
        .collect();
    let is_here = |known: &Known| accounts.contains(&known.account);
    let (mut came, mut placed, mut settings) = (Vec::new(), BTreeMap::<String, Vec<Arc<str>>>::new(), Vec::new());
    let is_set_otherwise = |(was, is): (usize, usize)| {
        let (Some(before), Some(after)) = (&both.old.joined, &both.new.joined) else {
            return false;
        };
        before.matrix[ResourceIx::new(was)].config != after.matrix[ResourceIx::new(is)].config
    };
    for (position, known) in both.new.resources.iter().enumerate().filter(|(_, known)| is_here(known)) {
        let Some(other) = both.matched.back[position] else {
            came.push(known.label.clone());
            continue;
        };
        let places = places(both, (other, position));
        if places.is_empty() && is_set_otherwise((other, position)) {
            settings.push(known.label.clone());
        }
        for place in places {
            // Without its resource, so that what is said of many is said once.
            let words = place.strip_suffix(&format!(" on {}", known.label)).unwrap_or(&place).to_owned();
            placed.entry(words).or_default().push(known.label.clone());
        }
    }
    let olds = both.old.resources.iter().enumerate();
    let gone = olds.filter(|(position, known)| both.matched.forth[*position].is_none() && is_here(known));
    let left: Vec<Arc<str>> = gone.map(|(_, known)| known.label.clone()).collect();
    let mut found: Vec<Reason> = listed("new", &came).into_iter().chain(listed("gone", &left)).collect();
    let on = |names: &[Arc<str>]| match names {
        [one] => one.to_string(),
        many => format!("{} resources", many.len()),
    };
    found.extend(
        placed
            .iter()
            .map(|(words, names)| Reason::new(Cause::Attribute, format!("{words} on {}", on(names)))),
    );
    if !settings.is_empty() {
        found.push(Reason::new(Cause::Attribute, format!("other settings of {}", on(&settings))));
    }
    found
}

/// The attributes that the predicates of a duty look at and that differ between a resource and what it was.
pub(super) fn differences(both: &Both<'_, '_>, (was, before): (&Duty, usize), (is, after): (&Duty, usize)) -> Vec<String> {
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
    differing(&old, &new, &both.new.resources[after].label)
}

/// The attributes that differ in what was observed of a resource.
pub(super) fn differing(old: &Observed, new: &Observed, label: &str) -> Vec<String> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    differ
        .filter_map(|key| turn(key, (told(old.get(key)), told(new.get(key))), label))
        .collect()
}

/// What was seen of an attribute, values in backticks: those alone, if there are any; none where it is not known.
fn told(values: Option<&BTreeSet<Seen>>) -> Option<String> {
    let values = values?;
    let has_value = values.iter().any(|seen| matches!(seen, Seen::Value(_)));
    let told = values.iter().filter(|seen| !has_value || matches!(seen, Seen::Value(_)));
    Some(told.map(Seen::words).collect::<Vec<_>>().join(" or "))
}

/// How something of a resource turned from one into another: both values, as far as they may be told and are known.
pub(super) fn turn(of: &str, (was, is): (Option<String>, Option<String>), label: &str) -> Option<String> {
    // That there is one, and which is not told.
    const SOME: &str = "set";
    let (was, is) = match (was, is) {
        (None, None) => return None,
        (None, Some(is)) => return Some(format!("`{of}` is {is} on {label} and was not known before")),
        (Some(was), None) => return Some(format!("`{of}` is not known any more on {label} and was {was} before")),
        (Some(was), Some(is)) => (was, is),
    };
    let is_value = |words: &str| words.starts_with('`');
    Some(if is == was {
        format!("`{of}` is another on {label}")
    } else if is == SOME && is_value(&was) {
        format!("`{of}` is no longer {was} on {label}")
    } else if was == SOME && is_value(&is) {
        format!("`{of}` is now {is} on {label}")
    } else if is_value(&is) || is_value(&was) {
        format!("`{of}` is {is} instead of {was} on {label}")
    } else {
        format!("`{of}` is {is} on {label} and was {was} before")
    })
}

pub(super) fn listed(word: &str, names: &[Arc<str>]) -> Option<Reason> {
    let more = names.len().saturating_sub(3);
    let told: Vec<&str> = names.iter().take(3).map(|name| &**name).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!told.is_empty()).then(|| Reason::new(Cause::Resource, format!("{word}: {}{more}", told.join(", "))))
}
