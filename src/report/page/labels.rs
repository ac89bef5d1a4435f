//! Names of several services in one cell.
//!
//! In: services by their positions. Out: their names, joined.

use crate::report::model::Report;
use std::collections::BTreeSet;

/// Names that are told before the rest is counted.
pub(super) const MOST: usize = 8;

/// Services joined for a table cell: all services; a service whose modes are all meant without them; cut after the most.
pub(super) fn joined(report: &Report, services: &BTreeSet<usize>, most: usize) -> String {
    if services.len() == report.services.len() && services.len() > 3 {
        return "all services".to_owned();
    }
    let mut names: Vec<&str> = Vec::new();
    for position in services {
        let Some(service) = report.services.get(*position) else {
            continue;
        };
        let sections = || {
            let all = report.services.iter().enumerate();
            all.filter(|(_, other)| other.service == service.service)
        };
        let name = if sections().all(|(other, _)| services.contains(&other)) {
            service.short.as_str()
        } else {
            service.label.as_str()
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    cut(names, most)
}

/// The same with each mode by its own name, so that as many are named as there are.
pub(super) fn each(report: &Report, services: &BTreeSet<usize>, most: usize) -> String {
    let names = services.iter().filter_map(|position| report.services.get(*position));
    cut(names.map(|service| service.label.as_str()).collect(), most)
}

fn cut(mut names: Vec<&str>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    names.truncate(most);
    let mut joined = names.join(", ");
    if more > 0 {
        joined.push_str(&format!(" and {more} more"));
    }
    joined
}
