//! Controls side by side, over all services.
//!
//! In: a Report. Out: its controls in the catalog's order, and one of them on a service. A Report that is cut to a party leaves out
//! of each service the controls of which nothing is the party's, so that a position among them says nothing.

use crate::report::model::{Control, Report, Service};
use std::collections::BTreeMap;

/// The controls that any service has, each once, as the first service has it.
pub(super) fn all(report: &Report) -> Vec<&Control> {
    let mut found: BTreeMap<&str, &Control> = BTreeMap::new();
    for control in report.services.iter().flat_map(|service| &service.controls) {
        found.entry(control.control.as_str()).or_insert(control);
    }
    let rows = report.matrix.iter().flat_map(|part| &part.rows);
    rows.filter_map(|row| found.remove(row.control.as_str())).collect()
}

/// A control on a service; none where the report tells nothing of it there.
pub(super) fn on<'s>(service: &'s Service, control: &str) -> Option<&'s Control> {
    service.controls.iter().find(|known| known.control == control)
}
