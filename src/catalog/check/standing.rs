//! Where a service stands: its category, and whether it is retired or closed.
//!
//! In: a service file. Out: categories that are not the catalog's, and lifecycles that say what cannot be.

use super::Checker;
use crate::catalog::file::{Lifecycle, ServiceFile};
use crate::diagnostics::{did_you_mean, route};
use jiff::civil::Date;

impl Checker<'_> {
    pub(super) fn standing(&mut self, file: &ServiceFile) {
        if let Some(category) = &file.category {
            let known: Vec<&str> = self.catalog.about.categories.iter().map(String::as_str).collect();
            if !known.contains(&category.as_str()) {
                let help = did_you_mean(category, &known);
                self.fault_help(route(["category".into()]), format!("unknown category `{category}`"), help);
            }
        }
        if let Some(lifecycle) = &file.lifecycle {
            self.lifecycle(lifecycle);
        }
    }

    fn lifecycle(&mut self, lifecycle: &Lifecycle) {
        let at = route(["lifecycle".into()]);
        let states = [Lifecycle::RETIRED, Lifecycle::CLOSED];
        if !states.contains(&lifecycle.state.as_str()) {
            let message = format!("unknown state `{}` of a lifecycle", lifecycle.state);
            self.fault_help(at.then("state"), message, did_you_mean(&lifecycle.state, &states));
        }
        let mut days: Vec<Option<Date>> = Vec::new();
        for (field, day) in [("date", &lifecycle.date), ("ends", &lifecycle.ends)] {
            let parsed = day.as_ref().map(|day| day.parse::<Date>());
            if let (Some(day), Some(Err(_))) = (day, &parsed) {
                self.fault(at.then(field), format!("`{day}` is not a date of the form YYYY-MM-DD"));
            }
            days.push(parsed.and_then(Result::ok));
        }
        if lifecycle.is_retired() && lifecycle.ends.is_some() {
            self.fault(at.then("ends"), "what is retired has ended: its day is `date`".to_owned());
        }
        if let [Some(date), Some(ends)] = days[..]
            && ends < date
        {
            self.fault(at.then("ends"), "the service ends before it is closed".to_owned());
        }
        if lifecycle.source.as_ref().is_none_or(|source| source.trim().is_empty()) {
            self.fault_help(
                at,
                "the lifecycle has no `source`".to_owned(),
                "say where the provider says so: the page, or the notice with its day".to_owned(),
            );
        }
    }
}
