//! Names of several services in one cell, and the controls of all of them.
//!
//! In: services by their positions. Out: their names, joined; controls in the order of the catalog.

use crate::report::model::{Control, Report, Service};
use std::collections::BTreeSet;

/// Names that are told before the rest is counted.
pub(super) const MOST: usize = 8;

/// The controls that any service has, in the order of the catalog. A report that is cut to a party leaves each service the
/// controls on which that party holds something, so that services have neither the same ones nor as many.
pub(super) fn controls(report: &Report) -> Vec<&Control> {
    let known = report.summary.by_control.iter().enumerate();
    let any = |at: usize, id: &str| report.services.iter().find_map(|service| of_service(service, at, id));
    known.filter_map(|(at, known)| any(at, &known.control)).collect()
}

/// A service's control by its id; `at` is where it likely stands.
pub(super) fn of_service<'r>(service: &'r Service, at: usize, id: &str) -> Option<&'r Control> {
    let likely = service.controls.get(at).filter(|control| control.control == id);
    likely.or_else(|| service.controls.iter().find(|control| control.control == id))
}

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
    let more = names.len().saturating_sub(most);
    names.truncate(most);
    let mut joined = names.join(", ");
    if more > 0 {
        joined.push_str(&format!(" and {more} more"));
    }
    joined
}
