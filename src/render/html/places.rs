//! Where rows hold, so that they are found by environment, account and resource.
//!
//! In: the places of duties and commitments, as rows are written. Out: for each row the numbers of its places, and once for the
//! page what each number means: a service, its environments and accounts, and the names of its resources.

use crate::report::{Place, Report};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A place on a service, by its position in the Report.
pub(super) type On<'r> = (&'r Place, usize);

/// The places of a page so far. Nothing is told of resources on which no row of the page holds.
#[derive(Debug, Default)]
pub(super) struct Places<'r> {
    numbers: BTreeMap<On<'r>, usize>,
    order: Vec<On<'r>>,
    environments: BTreeSet<&'r str>,
    accounts: BTreeSet<&'r str>,
}

/// What the page tells of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PlacesTold {
    /// The environments that can be chosen.
    pub environments: Vec<String>,
    /// The accounts that can be chosen.
    pub accounts: Vec<AccountTold>,
    /// The names of resources.
    pub resources: Vec<String>,
    /// `SERVICE;ENVIRONMENTS;ACCOUNTS;RESOURCES`, each but the first a list of positions, in which `3-5` stands for three.
    pub places: Vec<String>,
}

/// An account that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountTold {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

impl<'r> Places<'r> {
    /// The numbers of some places, with how many duties or commitments are on each where that is not one: `0 3:2`.
    pub(super) fn numbers(&mut self, on: &[(On<'r>, u64)]) -> String {
        let mut text = String::new();
        for (place, count) in on {
            let next = self.order.len();
            let number = *self.numbers.entry(*place).or_insert(next);
            if number == next {
                self.order.push(*place);
            }
            let space = if text.is_empty() { "" } else { " " };
            // Writing to a String never fails.
            let _ = write!(text, "{space}{number}");
            if *count != 1 {
                let _ = write!(text, ":{count}");
            }
        }
        text
    }

    /// What a finding names can be chosen, too.
    pub(super) fn offer(&mut self, environment: Option<&'r str>, accounts: &[&'r str]) {
        self.environments.extend(environment);
        self.accounts.extend(accounts);
    }

    /// What the page tells of all of them.
    pub(super) fn told(&self, report: &Report) -> PlacesTold {
        let places = || self.order.iter().map(|(place, _)| *place);
        let named = |extra: &BTreeSet<&'r str>, own: fn(&'r Place) -> &'r [std::sync::Arc<str>]| {
            let own = places().flat_map(own).map(|name| &**name);
            own.chain(extra.iter().copied()).collect::<BTreeSet<&str>>()
        };
        let environments = named(&self.environments, |place| &place.environments);
        let accounts = named(&self.accounts, |place| &place.accounts);
        let resources: BTreeSet<usize> = places().flat_map(|place| place.resources.iter().copied()).collect();
        let at = |all: &BTreeSet<&str>, some: &[std::sync::Arc<str>]| {
            let some = some.iter().filter_map(|name| all.iter().position(|known| *known == &**name));
            ranges(some)
        };
        let ranks: BTreeMap<usize, usize> = resources.iter().enumerate().map(|(rank, position)| (*position, rank)).collect();
        let line = |(place, service): &On<'r>| {
            let resources = place.resources.iter().filter_map(|position| ranks.get(position).copied());
            format!(
                "{service};{};{};{}",
                at(&environments, &place.environments),
                at(&accounts, &place.accounts),
                ranges(resources)
            )
        };
        PlacesTold {
            places: self.order.iter().map(line).collect(),
            resources: resources.iter().map(|position| name(report, *position)).collect(),
            accounts: accounts
                .iter()
                .map(|id| AccountTold {
                    id: (*id).to_owned(),
                    name: report
                        .scope
                        .accounts
                        .iter()
                        .find(|known| known.id == *id)
                        .and_then(|known| known.name.clone()),
                })
                .collect(),
            environments: environments.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// What a resource of the Report is called.
fn name(report: &Report, position: usize) -> String {
    let Some(resource) = report.resources.get(position) else {
        return String::new();
    };
    let name = resource.name.as_ref().or(resource.arn.as_ref()).or(resource.account_name.as_ref());
    name.unwrap_or(&resource.kind).clone()
}

/// Numbers in order, `0 2-4`.
fn ranges(numbers: impl Iterator<Item = usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let runs = runs.into_iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    });
    runs.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_one_run() {
        assert_eq!(ranges([0, 2, 3, 4, 9].into_iter()), "0 2-4 9");
        assert_eq!(ranges([].into_iter()), "");
    }

    #[test]
    fn a_place_has_one_number_on_each_service() {
        let (one, other) = (
            Place::default(),
            Place {
                resources: vec![7],
                ..Place::default()
            },
        );
        let mut places = Places::default();
        assert_eq!(places.numbers(&[((&one, 0), 1), ((&other, 0), 3)]), "0 1:3");
        assert_eq!(places.numbers(&[((&one, 1), 1), ((&other, 0), 1)]), "2 1");
    }
}
