//! The duties on a thing: who answers for it, in a few lines, and each with its state and what shows it.
//!
//! In: a joined workspace and a thing. Out: text.

use super::earlier::Earlier;
use super::shown;
use super::thing::Thing;
use crate::catalog::Activity;
use crate::catalog::checks::Known;
use crate::commands::workspace::Workspace;
use crate::raci::{Commitment, Duty, Letters, PartyIx, ResourceIx, State};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How lines of duties are told.
#[derive(Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    /// The resources that are asked about; none: all.
    pub(super) resources: Option<&'a [ResourceIx]>,
    /// The scanner's check that is asked about.
    pub(super) check: Option<&'a Known<'a>>,
    /// How duties stood before.
    pub(super) earlier: Option<&'a Earlier>,
}

/// Duties on a thing, of one control or of all.
pub(super) fn of(workspace: &Workspace, thing: &Thing<'_>, control: Option<&str>, earlier: Option<&Earlier>) -> String {
    if let Thing::Check(check) = thing {
        return super::check::of(workspace, check, control, earlier);
    }
    let asked = Asked {
        resources: match thing {
            Thing::Resources(list) => Some(list),
            _ => None,
        },
        check: None,
        earlier,
    };
    let mut out = String::new();
    heading(workspace, thing, &mut out);
    let is_meant = |known: &str, activity: &Activity, duty_unit: crate::raci::UnitIx, resources: &[ResourceIx]| {
        control.is_none_or(|control| control == known)
            && match thing {
                Thing::Units(units) => units.contains(&duty_unit),
                Thing::Resources(list) => list.iter().any(|index| resources.contains(index)),
                Thing::Control(control) => control == known,
                Thing::Requirement(asked) => asked.takes(activity),
                Thing::Check(_) => false,
            }
    };
    let matrix = &workspace.matrix;
    let id = |control| workspace.catalog[control].id.as_str();
    let duties: Vec<&Duty> = matrix
        .duties
        .iter()
        .filter(|duty| is_meant(id(duty.control), &duty.activity, duty.unit, &duty.resources.list))
        .collect();
    let commitments: Vec<&Commitment> = matrix
        .commitments
        .iter()
        .filter(|commitment| {
            let (control, activity) = (id(commitment.control), &commitment.activity);
            is_meant(control, activity, commitment.unit, &commitment.resources.list)
        })
        .collect();
    holders(workspace, &duties, commitments.len(), &mut out);
    let mut under = None;
    for duty in duties {
        let place = (duty.unit, duty.control);
        if under != Some(place) {
            under = Some(place);
            let unit = &matrix[duty.unit];
            let _ = writeln!(out, "\n{}: {}", unit.key(), workspace.catalog[duty.control].title);
        }
        line(workspace, duty, &asked, &mut out);
    }
    if control.is_none() {
        let _ = writeln!(
            out,
            "\n`cloudraci why SERVICE CONTROL` names the rule and the source behind each letter"
        );
    }
    out
}

/// What the thing is.
fn heading(workspace: &Workspace, thing: &Thing<'_>, out: &mut String) {
    let matrix = &workspace.matrix;
    match thing {
        Thing::Units(units) => {
            for unit in units {
                let unit = &matrix[*unit];
                let _ = writeln!(
                    out,
                    "{}: {}, {} resources",
                    unit.key(),
                    unit.split.name,
                    matrix.count(unit.resources.iter().copied())
                );
            }
        }
        Thing::Resources(list) => {
            for index in list {
                let resource = &matrix[*index];
                let unit = matrix.units.iter().find(|unit| unit.resources.contains(index));
                let key = unit.map_or_else(|| "part of another resource, or unclassified".to_owned(), crate::raci::Unit::key);
                let parts = [
                    resource.account.as_deref().map(|account| format!("account {account}")),
                    resource.region.as_deref().map(str::to_owned),
                    resource.environment.as_deref().map(str::to_owned),
                    (resource.count > 1).then(|| format!("{} alike", resource.count)),
                ];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                let place = if parts.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", parts.join(", "))
                };
                let _ = writeln!(out, "{}: {key}, {}{place}", resource.label(), resource.kind);
                let place = workspace.sources.positions([&resource.place]).show(&resource.place);
                let _ = writeln!(out, "  listed   {place}");
            }
        }
        Thing::Control(id) => {
            let title = workspace.catalog.control(id).map_or(id.as_str(), |control| control.title.as_str());
            let _ = writeln!(out, "{title} ({id})");
        }
        Thing::Requirement(asked) => {
            let title = asked.title.iter().map(|title| format!(": {title}"));
            let _ = writeln!(out, "{}{}", asked.printed, title.collect::<String>());
            match &asked.organisational {
                Some(why) => {
                    let _ = writeln!(out, "  organisational: {why}");
                }
                None => {
                    let names: Vec<&str> = asked.answered_by.iter().map(|name| &**name).collect();
                    let _ = writeln!(out, "  answered by {}", names.join(", "));
                }
            }
        }
        // It tells of itself.
        Thing::Check(_) => {}
    }
}

/// Who answers and who does it, with how many duties each, and how they stand.
fn holders(workspace: &Workspace, duties: &[&Duty], commitments: usize, out: &mut String) {
    let mut held: BTreeMap<PartyIx, (usize, usize)> = BTreeMap::new();
    for duty in duties {
        held.entry(duty.assignment.accountable()).or_default().0 += 1;
        for party in duty.assignment.responsible() {
            held.entry(*party).or_default().1 += 1;
        }
    }
    for (party, (answers, does)) in held {
        let _ = writeln!(out, "  {:<8} answers for {answers}, does {does}", workspace.inventory[party].id);
    }
    let states = State::ALL.into_iter().filter_map(|state| {
        let count = duties.iter().filter(|duty| duty.state == state).count();
        (count > 0).then(|| format!("{count} {}", state.word()))
    });
    let states: Vec<String> = states.collect();
    let plural = if duties.len() == 1 { "duty" } else { "duties" };
    let states = if states.is_empty() {
        String::new()
    } else {
        format!(": {}", states.join(", "))
    };
    let _ = writeln!(
        out,
        "  {} {plural}{states}; the provider's commitments: {commitments}",
        duties.len()
    );
}

/// A duty in a few lines: its state, what is done, who holds it, what shows it, since when.
pub(super) fn line(workspace: &Workspace, duty: &Duty, asked: &Asked<'_>, out: &mut String) {
    let inventory = &workspace.inventory;
    let holders = inventory.parties.iter().enumerate().filter_map(|(position, party)| {
        let letters = duty.assignment.letters(PartyIx::new(position))?;
        matches!(letters, Letters::A | Letters::R | Letters::AR).then(|| format!("{letters} {}", party.id))
    });
    let holders: Vec<String> = holders.collect();
    let scope = [&duty.scope.environment, &duty.scope.apart];
    let scope: Vec<&str> = scope.into_iter().flatten().map(|part| &**part).collect();
    let scope = if scope.is_empty() {
        String::new()
    } else {
        format!(" ({})", scope.join(", "))
    };
    let state = state(duty, asked.resources);
    let _ = writeln!(out, "  {:<9} {}{scope}", state.word(), duty.activity.does);
    let _ = writeln!(out, "            {}", holders.join(", "));
    for (label, words) in shown::lines(workspace, duty, asked) {
        let _ = writeln!(out, "            {label:<8} {words}");
    }
}

/// The state of a duty, or of its part on the resources that are asked about.
pub(super) fn state(duty: &Duty, asked: Option<&[ResourceIx]>) -> State {
    let Some(list) = asked else {
        return duty.state;
    };
    let on = |all: Vec<ResourceIx>| all.iter().any(|index| list.contains(index));
    let here = [
        (on(duty.not_met()), State::NotMet),
        (on(duty.excepted().into_iter().map(|(index, _)| index).collect()), State::Excepted),
        (on(duty.attested()), State::Attested),
        (on(duty.met()), State::Met),
    ];
    let found = here.into_iter().find(|(is_so, _)| *is_so);
    found.map_or(State::Unknown, |(_, state)| state)
}
