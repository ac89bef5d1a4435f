//! What configuration shows of a duty, in words, and why one is unknown of which something is shown.
//!
//! In: a duty and what shows it. Out: clauses such as "`publicly_accessible` is `false`", and "1 of 2 shown; no `engine` is given
//! of `copy`".

use super::index::ResourceIx;
use super::{Duty, Matrix, Shown, State, observed};
use crate::catalog::Catalog;
use crate::catalog::predicate::Proof;
use crate::results::Outcome;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Paths and values of one of them that are told.
const MOST: usize = 3;

/// Names of resources that are told of one reason.
const NAMES: usize = 2;

/// Of evidence that one's duties are done, where some of them are unknown.
const OTHERS: &str = "it counts once none of the other duties there is unknown";

/// Of a resource of which an artefact attested it until it lapsed.
const LAPSED: &str = "what attested it has lapsed on";

/// Of a resource of which only a part was looked at.
const PART: &str = "only a part is shown on";

impl Matrix {
    /// What the attributes of a duty's resources show of it: on those that break it where there are any, else on those that are
    /// excused, else on those where it is done. None where it shows nothing.
    #[must_use]
    pub fn seen_by_configuration(&self, catalog: &Catalog, duty: &Duty, shown: &Shown, as_of: Date) -> Option<String> {
        let activity = &duty.activity;
        let against: Vec<ResourceIx> = if shown.not_met.is_empty() {
            shown.excepted.iter().map(|(index, _)| *index).collect()
        } else {
            shown.not_met.clone()
        };
        let clauses = if against.is_empty() {
            self.proof(catalog, duty, &shown.met, as_of)
        } else {
            let predicates = [&activity.met_when, &activity.attested_when, &activity.disproved_when];
            observed::attributes(self, catalog, duty, (&predicates, &against), as_of)
        };
        if shown.resources().is_empty() {
            return None;
        }
        let more = clauses.len().saturating_sub(MOST);
        let told: Vec<String> = clauses.into_iter().take(MOST).collect();
        match (told.as_slice(), against.is_empty()) {
            ([], true) => activity.expected(),
            ([], false) => activity.expected().map(|expected| format!("not so: {expected}")),
            (told, _) if more > 0 => Some(format!("{} and {more} more", told.join(", "))),
            (told, _) => Some(told.join(", ")),
        }
    }

    /// What shows a duty done on some resources, a clause a path.
    fn proof(&self, catalog: &Catalog, duty: &Duty, resources: &[ResourceIx], as_of: Date) -> Vec<String> {
        let is_secret = |path: &str| observed::is_secret(self, catalog, duty, path);
        let mut proof = Proof::new();
        for predicate in [&duty.activity.met_when, &duty.activity.attested_when].into_iter().flatten() {
            for attributes in self.attributes(resources) {
                predicate.prove(attributes, Some(as_of), &is_secret, &mut proof);
            }
        }
        let clauses = proof.into_iter().map(|(path, mut says)| {
            // What a value is says that it is set.
            if says.len() > 1 {
                says.remove("is set");
            }
            let more = says.len().saturating_sub(MOST);
            let told: Vec<&str> = says.iter().take(MOST).map(String::as_str).collect();
            let more = if more > 0 {
                format!(" or {more} other values")
            } else {
                String::new()
            };
            format!("`{path}` {}{more}", told.join(" or "))
        });
        clauses.collect()
    }

    /// Why a duty is unknown of which something is shown, or was once: on how many of its resources, and what is missing on the
    /// others.
    /// None of a duty of another state, and where nothing is shown, or no more than a part everywhere.
    #[must_use]
    pub fn open_because(&self, duty: &Duty) -> Option<String> {
        let is_shown = duty.shown_by.iter().any(|shown| !shown.resources().is_empty()) || !duty.lapsed.is_empty();
        if duty.state != State::Unknown || !is_shown {
            return None;
        }
        let excepted = duty.excepted().into_iter().map(|(index, _)| index);
        let mut done: Vec<ResourceIx> = duty.met().into_iter().chain(duty.attested()).chain(excepted).collect();
        done.sort_unstable();
        done.dedup();
        let mut reasons: BTreeMap<String, Vec<ResourceIx>> = BTreeMap::new();
        for index in duty.resources.list.iter().filter(|index| done.binary_search(index).is_err()) {
            reasons.entry(self.missing(duty, *index)).or_default().push(*index);
        }
        // Of means that each show a part it is said with them.
        if done.is_empty() && reasons.keys().all(|reason| reason == PART) {
            return None;
        }
        let twins = self.twins(reasons.values().flatten().copied());
        let reasons = reasons.into_iter().map(|(reason, on)| {
            let mut names: Vec<String> = on.iter().map(|index| self.told_apart(*index, &twins)).collect();
            names.dedup();
            let more = names.len().saturating_sub(NAMES);
            names.truncate(NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            if reason == OTHERS {
                reason
            } else {
                format!("{reason} {}{more}", names.join(", "))
            }
        });
        let reasons: Vec<String> = reasons.collect();
        let reasons = reasons.join("; ");
        Some(match self.count(done) {
            0 => reasons,
            some => format!("{some} of {} shown; {reasons}", duty.resources.count),
        })
    }

    /// Names that resources of several types have.
    fn twins(&self, resources: impl Iterator<Item = ResourceIx>) -> BTreeSet<&str> {
        let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for index in resources {
            types.entry(self[index].label()).or_default().insert(self.type_of(index));
        }
        let several = types.into_iter().filter(|(_, types)| types.len() > 1);
        several.map(|(name, _)| name).collect()
    }

    /// What a resource is called, with its type where others of that name are of another.
    fn told_apart(&self, index: ResourceIx, twins: &BTreeSet<&str>) -> String {
        let name = self[index].label();
        if twins.contains(name) {
            format!("`{name}` ({})", self.type_of(index))
        } else {
            format!("`{name}`")
        }
    }

    /// Which of its service's resources it is, else its type as its source has it.
    fn type_of(&self, index: ResourceIx) -> &str {
        let resource = &self[index];
        let kind = resource.config.get("kind").and_then(|kind| kind.as_str());
        kind.unwrap_or(&resource.kind)
    }

    /// What is missing on a resource, in words that read on with its name.
    fn missing(&self, duty: &Duty, index: ResourceIx) -> String {
        let (activity, resource) = (&duty.activity, &self[index]);
        let untold = |predicates: [&Option<crate::catalog::predicate::Predicate>; 2]| {
            let mut names: Vec<String> = predicates
                .into_iter()
                .flatten()
                .flat_map(|predicate| predicate.untold(&resource.config))
                .collect();
            names.dedup();
            names.truncate(NAMES);
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| names.join(" or "))
        };
        let seen_in_part = duty.shown_by.iter().any(|shown| shown.part.binary_search(&index).is_ok());
        let has_failed = duty
            .shown_by
            .iter()
            .filter(|shown| shown.part.binary_search(&index).is_ok())
            .any(|shown| {
                let looks = shown.looks.iter().filter(|(on, _)| *on == index);
                looks.map(|(_, result)| &self[*result]).any(|scan| scan.outcome == Outcome::Failed)
            });
        let has_lapsed = duty.lapsed.iter().any(|(_, list)| list.contains(&index));
        if duty.asked.binary_search(&index).is_ok() {
            "somebody must say whether it is meant on".to_owned()
        } else if duty
            .shown_by
            .iter()
            .any(|shown| shown.is_attestation() && shown.part.binary_search(&index).is_ok())
        {
            // Only evidence of other duties is a part of what it shows.
            OTHERS.to_owned()
        } else if duty.open.binary_search(&index).is_ok() {
            match untold([&activity.when, &activity.unless]) {
                Some(names) => format!("no {names} is given of"),
                None => "it is not settled whether it holds on".to_owned(),
            }
        } else if has_failed {
            "a check failed that alone breaks no duty, on".to_owned()
        } else if has_lapsed {
            LAPSED.to_owned()
        } else if seen_in_part && self[duty.unit].mode_open.contains(&index) {
            "the mode is not settled of".to_owned()
        } else if seen_in_part && resource.count > 1 {
            format!("one result cannot stand for all {} called", resource.count)
        } else if seen_in_part {
            PART.to_owned()
        } else {
            match untold([&activity.met_when, &activity.attested_when]) {
                Some(names) => format!("no {names} is given of"),
                None => "nothing shows it on".to_owned(),
            }
        }
    }
}
