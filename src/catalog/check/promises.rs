//! What nobody promises: service levels where none is published, and care for what is over.
//!
//! In: a service file. Out: a provider's activities that promise more than a page of theirs says, or that cannot be since
//! the service is retired; facts that rest on a page which speaks of no service and carries nothing of the kind.

use super::Checker;
use crate::catalog::file::{ActivityFile, ControlFile, ServiceFile};
use crate::catalog::lifecycle::LifecycleState;
use crate::catalog::{Catalog, IndexMap, Lifecycle, Side};
use crate::diagnostics::{Route, route};

/// The words by which a sentence promises a service level.
const PROMISES: [&str; 2] = ["service level", "service-level"];

impl Checker<'_> {
    pub(super) fn promises(&mut self, file: &ServiceFile) {
        let known = self.catalog.service(&file.id).and_then(|entry| entry.lifecycle.as_ref());
        let is_over = match &file.lifecycle {
            Some(said) => said.state == LifecycleState::Retired,
            None => known.is_some_and(Lifecycle::is_retired),
        };
        let modes = file.modes.iter().enumerate().map(|(index, mode)| {
            let at = route(["modes".into(), index.into(), "controls".into()]);
            (at, &mode.controls)
        });
        let all = std::iter::once((route(["controls".into()]), &file.controls)).chain(modes);
        let activities: Vec<(&str, &Side, Route, &ActivityFile)> = all.flat_map(|(at, controls)| each(&at, controls)).collect();
        for (control, side, at, activity) in activities {
            if *side != Side::Customer {
                self.service_level(file, &at, activity);
                if is_over && self.catalog.about.retired_without.iter().any(|gone| gone == control) {
                    self.fault_help(
                        at.clone(),
                        format!("`{}` is retired, and nobody sees to its `{control}` any more", file.id),
                        "write `not_applicable` with the reason, or what is left for the customer".to_owned(),
                    );
                }
            }
            self.general_page(file, control, &at, activity);
        }
    }

    /// That the promise of a service level rests on the page that publishes it.
    fn service_level(&mut self, file: &ServiceFile, at: &Route, activity: &ActivityFile) {
        let url = file.sources.get(&activity.source).map_or("", |source| &source.url);
        if unpublished(self.catalog, &activity.does, url) {
            let pages = self.catalog.about.service_levels.join("` or `");
            self.fault_help(
                at.then("source"),
                format!("`{}` promises a service level, and its source publishes none", activity.id),
                format!("rest it on the page of the service level (`{pages}` in its address), or promise none"),
            );
        }
    }

    /// That a fact which rests on a page that speaks of no service is one that the page carries.
    fn general_page(&mut self, file: &ServiceFile, control: &str, at: &Route, activity: &ActivityFile) {
        let Some(source) = file.sources.get(&activity.source) else { return };
        let address = source.url.split('#').next().unwrap_or_default();
        let Some(carried) = self.catalog.about.general_pages.get(address) else {
            return;
        };
        if !activity.unverified && source.reviewed.is_some() && carried.iter().all(|known| known != control) {
            self.fault_help(
                at.then("source"),
                format!("`{address}` says nothing of `{control}` on any service"),
                "rest it on a page that carries the sentence, or write `unverified: true`".to_owned(),
            );
        }
    }
}

/// Whether a sentence promises a service level that its page does not publish.
pub(super) fn unpublished(catalog: &Catalog, does: &str, url: &str) -> bool {
    let said = does.to_lowercase();
    let published = catalog.about.service_levels.iter().any(|page| url.contains(page));
    !published && PROMISES.iter().any(|words| said.contains(words))
}

/// The activities of a level, with control, side and place.
fn each<'f>(at: &Route, controls: &'f IndexMap<String, ControlFile>) -> Vec<(&'f str, &'f Side, Route, &'f ActivityFile)> {
    let mut found = Vec::new();
    for (control, file) in controls {
        for (side, list, of_side) in file.lists() {
            let at = at.then(control.as_str()).joined(&of_side);
            for (index, activity) in list.iter().enumerate() {
                found.push((control.as_str(), side, at.then(index), activity));
            }
        }
    }
    found
}
