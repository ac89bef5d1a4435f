//! Names as they are printed: parties, services, scopes, selectors.
//!
//! In: ids and values. Out: short texts for people.

use super::anchor::slug;
use crate::catalog::{Catalog, ControlType};
use crate::inventory::{Party, Selector, Wildcard};
use crate::raci::{Assignment, Letters, Matrix, PartyIx, Scope, Unit};
use std::sync::Arc;

/// A party's name for a column heading: the one that it gives itself for that, else the whole.
pub(super) fn short(party: &Party) -> String {
    party.short.as_ref().unwrap_or(&party.name).clone()
}

/// A number with its thousands apart: `1,067`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What links to a unit's section lead to.
pub(super) fn anchor(unit: &Unit) -> String {
    slug(&unit.title)
}

/// A unit's name for a narrow column: without the vendor, acronyms before long names, and its mode.
pub(super) fn label(unit: &Unit) -> String {
    match &unit.split.mode {
        Some(mode) => {
            let (label, mode) = (plain_label(unit), mode_name(&mode.name));
            // A mode that has the service's name in its own needs it once.
            if mode.starts_with(&format!("{label} ")) {
                mode.to_owned()
            } else {
                format!("{label} ({mode})")
            }
        }
        None => plain_label(unit),
    }
}

/// The names of a matrix's units in a column, in their order: with the mode where several of a service are in scope. Made
/// once, since each duty and commitment of each requirement tells one.
pub(super) fn labels(matrix: &Matrix) -> Vec<String> {
    let label = |unit: &Unit| {
        let of_service = |other: &&Unit| other.split.service == unit.split.service;
        if matrix.units.iter().filter(of_service).nth(1).is_some() {
            label(unit)
        } else {
            plain_label(unit)
        }
    };
    matrix.units.iter().map(label).collect()
}

pub(super) use crate::catalog::without_vendor_in_name as without_vendor;

/// A mode's name for a narrow place: what stands in parentheses explains it, and is no part of it.
fn mode_name(name: &str) -> &str {
    without_vendor(name.split('(').next().unwrap_or(name).trim())
}

/// A title within a sentence: small but for what is written in capitals, as `guest OS patching`, `OS patching`.
pub(super) fn within(title: &str) -> String {
    let mut letters = title.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match first {
        Some(first) if !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}

pub(super) fn plain_label(unit: &Unit) -> String {
    let name = unit.split.name.as_str();
    let name = without_vendor(name);
    let acronym = name
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(inner, _)| inner);
    acronym.map(str::to_owned).unwrap_or_else(|| {
        let id = unit.split.service.as_str();
        if name.len() > 14 && id.len() <= 5 {
            id.to_uppercase()
        } else {
            name.to_owned()
        }
    })
}

/// The letter of a control type in the matrix.
pub(super) fn matrix_letter(control_type: Option<ControlType>) -> &'static str {
    match control_type {
        Some(ControlType::Inherited) => "P",
        Some(ControlType::CustomerSpecific) => "C",
        Some(ControlType::PartnerSpecific) => "T",
        Some(ControlType::Shared) => "S",
        None => "–",
    }
}

/// Where in its unit a duty holds: `prod`, `prod, cardholder data`.
pub(super) fn scope(scope: &Scope) -> Option<Arc<str>> {
    match (&scope.environment, &scope.words) {
        (Some(environment), Some(apart)) => Some(format!("{environment}, {apart}").into()),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// `A Platform, R Northwind`; one party with both: `A/R Platform`.
pub(super) fn holders(shorts: &[String], assignment: &Assignment) -> String {
    let mut parts = Vec::new();
    for wanted in [Letters::AR, Letters::A, Letters::R] {
        for (party, short) in shorts.iter().enumerate() {
            if assignment.letters(PartyIx::new(party)) == Some(wanted) {
                parts.push(format!("{wanted} {short}"));
            }
        }
    }
    parts.join(", ")
}

/// Resources in short, by name with how many each stands for: three names, and how many resources more.
pub(super) fn few<'n>(resources: impl Iterator<Item = (&'n str, u64)>) -> String {
    const NAMED: usize = 3;
    let (mut told, mut more): (Vec<(&str, u64)>, u64) = (Vec::new(), 0);
    for (name, count) in resources {
        let known = told.iter().position(|(known, _)| *known == name);
        match known {
            Some(at) => told[at].1 += count,
            None if told.len() < NAMED => told.push((name, count)),
            None => more += count,
        }
    }
    let named = told.into_iter().map(|(name, count)| match count {
        1 => name.to_owned(),
        count => format!("{name} ({count})"),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match more {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What a selector means, in words: `Logging on Amazon S3, for resources tagged access-log=data-events`.
pub(super) fn selector_words(selector: &Selector, catalog: &Catalog) -> String {
    let words = what_and_where(selector, catalog);
    let on = on_which(selector);
    match (words.is_empty(), on.is_empty()) {
        (true, true) => "everything".to_owned(),
        (true, false) => on.join(", "),
        (false, true) => words,
        (false, false) => format!("{words}, {}", on.join(", ")),
    }
}

/// Ids in words: by their names where they have one.
fn called(ids: &Option<Vec<Arc<str>>>, name: impl Fn(&str) -> Option<String>) -> Option<String> {
    let names = ids.iter().flatten().map(|id| name(id).unwrap_or_else(|| id.to_string()));
    either(names.collect())
}

/// `prod, dev or shared`; none of none.
fn either(names: Vec<String>) -> Option<String> {
    match names.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [all @ .., last] => Some(format!("{} or {last}", all.join(", "))),
    }
}

/// What a selector means of the catalog: controls, activities and whose they are, and the services on which.
fn what_and_where(selector: &Selector, catalog: &Catalog) -> String {
    let controls = called(&selector.control, |id| Some(catalog.control(id)?.title.clone()));
    let layers = called(&selector.layer, |id| {
        Some(catalog.layers.iter().find(|layer| layer.id == id)?.title.clone())
    });
    let sides = either(selector.side.iter().flatten().map(ToString::to_string).collect());
    let what = [
        controls,
        layers.map(|layers| format!("the layer {layers}")),
        wild(&selector.activity).map(|activities| format!("the activity {activities}")),
        sides.map(|sides| format!("what is the part of the {sides}")),
    ];
    let services = called(&selector.service, |id| Some(catalog.service(id)?.name.clone()));
    let of: Vec<_> = selector.service.iter().flatten().flat_map(|id| catalog.modes(id)).collect();
    let modes = called(&selector.mode, |id| {
        let known = of.iter().find(|mode| mode.id == id);
        Some(known.map_or_else(|| id.replace('-', " "), |mode| mode_name(&mode.name).to_owned()))
    });
    let services = match (services, modes) {
        (Some(services), Some(modes)) => Some(format!("{services} ({modes})")),
        (services, modes) => services.or(modes.map(|modes| format!("what runs in the mode {modes}"))),
    };
    let models = called(&selector.model, |id| Some(catalog.model(id)?.name.clone()));
    let models = models.map(|models| format!("services of the model {models}"));
    let what = what.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let on = services.into_iter().chain(models).collect::<Vec<_>>().join(", ");
    match (what.is_empty(), on.is_empty()) {
        (false, false) => format!("{what} on {on}"),
        _ => what + &on,
    }
}

/// Which resources a selector means.
fn on_which(selector: &Selector) -> Vec<String> {
    let plain = |values| called(values, |_| None);
    let tags = selector.tag.iter().flatten();
    let tags = tags.map(|(key, value)| value.as_ref().map_or_else(|| key.to_string(), |value| format!("{key}={value}")));
    let told = |words: &str, values: Option<String>| values.map(|values| format!("{words} {values}"));
    let on = [
        told("in", plain(&selector.environment)),
        told("in account", plain(&selector.account)),
        told("in", plain(&selector.region)),
        told("owned by", plain(&selector.owner)),
        plain(&selector.data).map(|data| format!("with {data} data")),
        told("resources tagged", either(tags.collect())),
        told("resources named", wild(&selector.name)),
        told("the resource", wild(&selector.arn)),
        told("resources of type", wild(&selector.kind)),
    ];
    on.into_iter().flatten().collect()
}

fn wild(values: &Option<Vec<Wildcard>>) -> Option<String> {
    either(values.iter().flatten().map(|one| one.shown.to_string()).collect())
}
