//! Where a service stands: its category, and whether it is retired or closed.
//!
//! In: a service file. Out: categories that are not the catalog's, and lifecycles that say what cannot be.

use super::Checker;
use crate::catalog::Lifecycle;
use crate::catalog::file::ServiceFile;
use crate::diagnostics::{did_you_mean, route};

impl Checker<'_> {
    pub(super) fn standing(&mut self, file: &ServiceFile) {
        if let Some(category) = &file.category {
            let known: Vec<&str> = self.catalog.about.categories.iter().map(String::as_str).collect();
            if !known.contains(&category.as_str()) {
                let help = did_you_mean(category, &known);
                self.fault_help(route(["category".into()]), format!("unknown category `{category}`"), help);
            }
        }
        if let Some(Err(faults)) = file.lifecycle.as_ref().map(Lifecycle::of) {
            for fault in faults {
                self.fault(route(["lifecycle".into()]).then(fault.field), fault.message);
            }
        }
    }
}
