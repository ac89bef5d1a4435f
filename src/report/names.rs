//! Names as they are printed: parties, services, scopes, selectors.
//!
//! In: ids and values. Out: short texts for people.

use crate::catalog::{Catalog, ControlType};
use crate::inventory::{Party, PartyKind, Resource, Selector};
use crate::raci::{Assignment, Letters, Row, State, Unit};
use crate::render::parse::slug;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// A party's name for a column heading: its id with capitals; a provider's wholly in capitals.
pub(super) fn short(party: &Party) -> String {
    if party.kind == PartyKind::Provider {
        return party.id.to_uppercase();
    }
    let words = party.id.split(['-', '_']).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What links to a unit's section lead to.
pub(super) fn anchor(unit: &Unit) -> String {
    slug(&unit.title)
}

/// A unit's name for a narrow column: without the vendor, acronyms before long names, and its mode.
pub(super) fn label(unit: &Unit) -> String {
    match &unit.split.mode {
        Some(mode) => format!("{} {}", plain_label(unit), mode.id.replace('-', " ")),
        None => plain_label(unit),
    }
}

fn plain_label(unit: &Unit) -> String {
    let name = unit.split.name.as_str();
    // What is left must still be a name: the AWS account stays one.
    let stripped = name
        .strip_prefix("Amazon ")
        .or_else(|| name.strip_prefix("AWS "))
        .filter(|rest| rest.starts_with(char::is_uppercase));
    let name = stripped.unwrap_or(name);
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

/// A state as printed. Where nothing but evidence can show a duty done, the state is to attest.
pub(super) fn state_label(row: &Row) -> &'static str {
    match row.state() {
        State::Met => "met",
        State::NotMet => "not met",
        State::NotApplicable => "inherited",
        State::Unknown if row.activity.is_judged() => "unknown",
        State::Unknown => "attest",
    }
}

/// The letter of a control type in the matrix.
pub(super) fn matrix_letter(control_type: Option<ControlType>) -> &'static str {
    match control_type {
        Some(ControlType::Inherited) => "P",
        Some(ControlType::CustomerSpecific) => "C",
        Some(ControlType::Shared) => "S",
        None => "–",
    }
}

/// What sets these resources apart from the other ones of their unit: environments, accounts, Regions, owners or data
/// classes that only they have, else their names.
pub(super) fn scope(all: &[Resource], own: &[usize], others: &[usize]) -> String {
    type Pick = fn(&Resource) -> &[Arc<str>];
    fn one(value: &Option<Arc<str>>) -> &[Arc<str>] {
        static NOT_STATED: LazyLock<Arc<str>> = LazyLock::new(|| "not stated".into());
        std::slice::from_ref(value.as_ref().unwrap_or(&NOT_STATED))
    }
    let dimensions: [(&str, Pick); 5] = [
        ("environment", |resource| one(&resource.environment)),
        ("data", |resource| resource.data.as_slice()),
        ("owner", |resource| one(&resource.owner)),
        ("account", |resource| one(&resource.account)),
        ("region", |resource| one(&resource.region)),
    ];
    for (name, pick) in dimensions {
        let mine: BTreeSet<&Arc<str>> = own.iter().flat_map(|index| pick(&all[*index])).collect();
        // Of the others, the first value that is shared settles it; most often that is the first of all.
        let mut theirs = others.iter().flat_map(|index| pick(&all[*index]));
        if mine.is_empty() {
            if name == "data" && theirs.next().is_some() {
                return "without classified data".to_owned();
            }
        } else if !theirs.any(|value| mine.contains(value)) {
            return format!("{name} {}", mine.into_iter().map(|value| &**value).collect::<Vec<_>>().join(", "));
        }
    }
    let mut names: Vec<&str> = own.iter().map(|index| all[*index].label()).collect();
    names.sort_unstable();
    names.dedup();
    let rest = names.len().saturating_sub(4);
    names.truncate(4);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", names.join(", "))
}

/// `A Platform, R Northwind`; one party with both: `A/R Platform`.
pub(super) fn holders(shorts: &[String], assignment: &Assignment) -> String {
    let mut parts = Vec::new();
    for wanted in [Letters::AR, Letters::A, Letters::R] {
        for (party, short) in shorts.iter().enumerate() {
            if assignment.letters(party) == Some(wanted) {
                parts.push(format!("{wanted} {short}"));
            }
        }
    }
    parts.join(", ")
}

/// What a selector means, in words.
pub(super) fn selector_words(selector: &Selector, catalog: &Catalog) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut list = |name: &str, values: Option<Vec<String>>| {
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            parts.push(format!("{name} {}", values.join(" or ")));
        }
    };
    let plain =
        |values: &Option<Vec<std::sync::Arc<str>>>| values.as_ref().map(|values| values.iter().map(|value| value.to_string()).collect());
    let named = |values: &Option<Vec<std::sync::Arc<str>>>, name: &dyn Fn(&str) -> Option<String>| {
        values
            .as_ref()
            .map(|values| values.iter().map(|id| name(id).unwrap_or_else(|| id.to_string())).collect())
    };
    list("service", named(&selector.service, &|id| Some(catalog.service(id)?.name.clone())));
    list("mode", plain(&selector.mode));
    list("control", named(&selector.control, &|id| Some(catalog.control(id)?.title.clone())));
    list(
        "layer",
        named(&selector.layer, &|id| {
            Some(catalog.layers.iter().find(|layer| layer.id == id)?.title.clone())
        }),
    );
    list("service model", named(&selector.model, &|id| Some(catalog.model(id)?.name.clone())));
    list("account", plain(&selector.account));
    list("environment", plain(&selector.environment));
    list("region", plain(&selector.region));
    list("owner", plain(&selector.owner));
    list("data", plain(&selector.data));
    list(
        "tag",
        selector.tag.as_ref().map(|tags| {
            tags.iter()
                .map(|(key, value)| value.as_ref().map_or_else(|| key.to_string(), |value| format!("{key}={value}")))
                .collect()
        }),
    );
    list(
        "side",
        selector.side.as_ref().map(|sides| sides.iter().map(ToString::to_string).collect()),
    );
    if parts.is_empty() {
        "everything".to_owned()
    } else {
        parts.join("; ")
    }
}

/// The names that services have in a narrow column, by the title of their section.
pub(super) struct Labels(BTreeMap<String, Label>);

struct Label {
    /// Which service it is, among all of them.
    service: usize,
    plain: String,
    with_mode: String,
    /// How many sections the service has.
    sections: usize,
}

impl Labels {
    pub(super) fn of(units: &[Unit]) -> Self {
        let mut sections: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in units {
            *sections.entry(&unit.split.service).or_default() += 1;
        }
        let numbers: BTreeMap<&str, usize> = sections.keys().enumerate().map(|(number, service)| (*service, number)).collect();
        let label_of = |unit: &Unit| Label {
            service: numbers[unit.split.service.as_str()],
            plain: plain_label(unit),
            with_mode: label(unit),
            sections: sections[unit.split.service.as_str()],
        };
        Self(units.iter().map(|unit| (unit.title.clone(), label_of(unit))).collect())
    }

    /// The name of one section.
    pub(super) fn one(&self, title: &str) -> String {
        self.0.get(title).map_or_else(
            || title.to_owned(),
            |label| {
                if label.sections > 1 {
                    label.with_mode.clone()
                } else {
                    label.plain.clone()
                }
            },
        )
    }

    /// Sections joined for a table cell: all services; a service whose sections are all meant without its modes; cut
    /// after a few.
    pub(super) fn joined(&self, titles: &BTreeSet<&str>) -> String {
        const MOST: usize = 8;
        if titles.len() == self.0.len() && titles.len() > 3 {
            return "all services".to_owned();
        }
        let labels: Vec<&Label> = titles.iter().filter_map(|title| self.0.get(*title)).collect();
        let mut names: Vec<&str> = Vec::new();
        for label in &labels {
            let meant = || labels.iter().filter(|other| other.service == label.service).count();
            let name = if label.sections == 1 || meant() == label.sections {
                label.plain.as_str()
            } else {
                label.with_mode.as_str()
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(MOST);
        names.truncate(MOST);
        let mut joined = names.join(", ");
        if more > 0 {
            joined.push_str(&format!(" and {more} more"));
        }
        joined
    }
}
