//! Whom to call, and for what.
//!
//! In: the parties of a Report, and what they do. Out: who acts on what cannot wait, by environment; how each party is reached,
//! and what nobody says of that.

use crate::inventory::PartyKind;
use crate::report::model::{Activity, Party, PartyLetters, Report};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Whom to call.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Call {
    /// What somebody is called for at any hour, and who acts on it.
    pub matters: Vec<CallFor>,
    /// From the day of a planned handover on, what is not as before.
    pub matters_after: Vec<CallFor>,
    /// The parties, as they can be reached; of a report that is cut to a party that one, and in a handover edition for one of both
    /// sides also the other side and who answers for what moves or stays.
    pub parties: Vec<CallLine>,
    /// In sentences, of whom the inventory does not say how or when they are reached.
    pub gaps: Vec<String>,
}

/// What somebody is called for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CallFor {
    /// The control, as printed.
    pub title: String,
    /// Where: environments, joined.
    pub place: String,
    /// Who acts: short names, each with the number of its duties where they are several.
    pub acts: String,
    /// Who answers for it.
    pub answers: String,
}

/// How a party is reached.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CallLine {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// Where to write.
    pub contact: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// Role names.
    pub people: Vec<String>,
}

/// Whom to call for what is in a Report.
pub(super) fn call(report: &Report) -> Call {
    let is_said = |party: &&&Party| party.contact.is_some() || party.phone.is_some() || !party.people.is_empty();
    // Of a cut, whom it is for, and whoever else the report says how to reach.
    let is_told = |party: &&Party| {
        report
            .meta
            .party
            .as_deref()
            .is_none_or(|only| *only == *party.id || is_said(&party))
    };
    let told: Vec<&Party> = report.parties.iter().filter(is_told).collect();
    let is_anything = told.iter().any(|party| is_said(&party));
    if !is_anything {
        return Call::default();
    }
    let before = matters(report, &|activity| &activity.assignments);
    let mut after = matters(report, &|activity| match activity.after.as_slice() {
        [] => &activity.assignments,
        after => after,
    });
    after.retain(|one| !before.contains(one));
    Call {
        matters_after: after,
        matters: before,
        gaps: gaps(&told),
        parties: told
            .iter()
            .map(|party| CallLine {
                name: party.name.clone(),
                kind: party.kind,
                contact: party.contact.clone(),
                phone: party.phone.clone(),
                hours: party.hours.clone(),
                people: party.people.clone(),
            })
            .collect(),
    }
}

/// What nobody says of those that would be called: who holds duties, and no provider, which is reached as its contracts say.
fn gaps(told: &[&Party]) -> Vec<String> {
    let holds = |party: &&&Party| {
        let duties = &party.duties;
        party.kind != PartyKind::Provider && duties.responsible.total + duties.accountable.total > 0
    };
    let without = |is_without: &dyn Fn(&Party) -> bool| {
        let names: Vec<&str> = told
            .iter()
            .filter(holds)
            .filter(|party| is_without(party))
            .map(|party| party.name.as_str())
            .collect();
        joined(&names)
    };
    let no_phone = without(&|party| party.phone.is_none());
    // Others may give none, too, and are called for nothing.
    let is_beside = told.iter().any(|party| party.phone.is_none() && !holds(&party));
    let begin = if is_beside { "Of the parties with duties, no" } else { "No" };
    let no_hours = without(&|party| party.phone.is_some() && party.hours.is_none());
    let phone = no_phone.map(|names| format!("{begin} phone is given for {names}: this report does not say how to call them."));
    let hours = no_hours.map(|names| format!("No hours are given for {names}: whether anybody answers at night is not known."));
    phone.into_iter().chain(hours).collect()
}

/// Who acts on what cannot wait, and who answers for that; environments of which all is the same are told together. `held`:
/// by whom a duty is held.
fn matters(report: &Report, held_by: &dyn Fn(&Activity) -> &[PartyLetters]) -> Vec<CallFor> {
    let mut found: Vec<CallFor> = Vec::new();
    for control in report.summary.by_control.iter().filter(|control| control.urgent) {
        let mut places: BTreeMap<&str, [BTreeMap<&str, u64>; 2]> = BTreeMap::new();
        let all = report.services.iter().filter_map(|service| service.control(&control.control));
        for activity in all
            .flat_map(|control| &control.activities)
            .filter(|activity| activity.duty.is_some())
        {
            let held = places.entry(activity.environment.as_deref().unwrap_or_default()).or_default();
            for one in held_by(activity) {
                for (letter, counts) in ['R', 'A'].into_iter().zip(held.iter_mut()) {
                    if one.letters.contains(letter) {
                        *counts.entry(&*one.party).or_default() += 1;
                    }
                }
            }
        }
        let from = found.len();
        for (place, [acts, answers]) in places {
            let (acts, answers) = (named(report, &acts), named(report, &answers));
            let place = if place.is_empty() { "no environment named" } else { place };
            match found[from..]
                .iter_mut()
                .find(|other| (&other.acts, &other.answers) == (&acts, &answers))
            {
                Some(other) => other.place = format!("{}, {place}", other.place),
                None => found.push(CallFor {
                    title: control.title.clone(),
                    place: place.to_owned(),
                    acts,
                    answers,
                }),
            }
        }
    }
    found
}

/// Parties by short name, those with most duties first, with how many where they are several.
fn named(report: &Report, counts: &BTreeMap<&str, u64>) -> String {
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(party, count)| (*party, *count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let short = |id: &str| {
        let known = report.parties.iter().find(|party| *party.id == *id);
        known.map_or_else(String::new, |party| party.short.clone())
    };
    match counts.as_slice() {
        [(party, _)] => short(party),
        several => {
            let words = several.iter().map(|(party, count)| format!("{} {count}", short(party)));
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

/// `a, b and c`.
fn joined(names: &[&str]) -> Option<String> {
    let (last, rest) = names.split_last()?;
    Some(if rest.is_empty() {
        (*last).to_owned()
    } else {
        format!("{} and {last}", rest.join(", "))
    })
}
