//! What the inventory says of findings: how bad they are, until when they must be mended, whose requirements they touch.
//!
//! In: decoded files. Out: these parts of the inventory. Maps are united; one name may be said once, or twice alike.

use super::{Part, Validator, places};
use crate::catalog::{Severity, SeverityRule, letters};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use crate::inventory::file::{FrameworksFile, NamedFramework, OneOrMany};
use crate::inventory::{FrameworkChoice, Inventory, OurCustomers};
use indexmap::IndexMap;
use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

/// The longest time in which a finding may be mended, in days: what is later is no date for anybody.
const MOST_DAYS: u32 = 3650;

impl Validator<'_> {
    pub(super) fn merge_findings(&mut self, parts: &[Part], inventory: &mut Inventory) {
        let mut own = SeverityRule::default();
        let mut due: IndexMap<Severity, u32> = IndexMap::new();
        let mut files = Files::default();
        for part in parts {
            let at = route(["severity".into()]);
            let rule = &part.file.severity;
            self.unite(&mut own.duty, &rule.duty, &mut files, (part, at.then("duty")));
            self.unite(&mut own.data, &rule.data, &mut files, (part, at.then("data")));
            self.unite(&mut own.environment, &rule.environment, &mut files, (part, at.then("environment")));
            self.unite(&mut own.finding, &rule.finding, &mut files, (part, at.then("finding")));
            for name in rule.duty.keys() {
                self.rated_duty(name, Place::key(&part.path, at.then("duty").then(name.as_str())));
            }
            for name in rule.finding.keys() {
                self.rated_finding(name, Place::key(&part.path, at.then("finding").then(name.as_str())));
            }
            let at = route(["due".into()]);
            self.unite(&mut due, &part.file.due, &mut files, (part, at.clone()));
            for (severity, days) in part.file.due.iter().filter(|(_, days)| **days > MOST_DAYS) {
                self.found.push(
                    Diagnostic::new(Code::InvalidValue, format!("{days} days are no time in which a finding is mended"))
                        .at(Place::value(&part.path, at.then(severity.word())))
                        .help(format!("write at most {MOST_DAYS} days")),
                );
            }
            self.frameworks(part, inventory);
            self.our_customers(part, inventory);
        }
        self.outside_baselines(parts, inventory);
        inventory.severity = self.catalog.severity.under(&own);
        inventory.due = due.into_iter().filter(|(_, days)| *days <= MOST_DAYS).collect();
    }

    /// Adds the entries of one file; what two files say differently is a clash.
    fn unite<K, V>(&mut self, all: &mut IndexMap<K, V>, own: &IndexMap<K, V>, files: &mut Files, (part, at): (&Part, Route))
    where
        K: Hash + Eq + Clone + Display,
        V: PartialEq + Copy,
    {
        for (name, value) in own {
            let at = at.then(name.to_string().as_str());
            match all.get(name) {
                Some(known) if known != value => {
                    let first = files.0.get(&format!("{at:?}")).cloned().unwrap_or_default();
                    self.clash(&name.to_string(), at, &first, &part.path);
                }
                Some(_) => {}
                None => {
                    files.0.insert(format!("{at:?}"), part.path.clone());
                    all.insert(name.clone(), *value);
                }
            }
        }
    }

    /// A control, or an activity of a service.
    fn rated_duty(&mut self, name: &str, place: Place) {
        let parts: Vec<&str> = name.split('.').collect();
        let (control, is_known) = match parts.as_slice() {
            [control] => (*control, true),
            [owner, control, _, _] => {
                let service = owner.split('/').next().unwrap_or(owner);
                let known = self.catalog.service(service).is_some() || *owner == "every" || self.catalog.model(owner).is_some();
                (*control, known)
            }
            _ => (name, false),
        };
        if is_known && self.catalog.control(control).is_some() {
            return;
        }
        let known: Vec<&str> = self.catalog.controls.iter().map(|control| control.id.as_str()).collect();
        self.found.push(
            Diagnostic::new(Code::UnknownControl, format!("`{name}` is neither a control nor an activity"))
                .at(place)
                .help(did_you_mean(control, &known)),
        );
    }

    fn rated_finding(&mut self, code: &str, place: Place) {
        if self.catalog.severity.finding.contains_key(code) {
            return;
        }
        let known: Vec<&str> = self.catalog.severity.finding.keys().map(String::as_str).collect();
        self.found.push(
            Diagnostic::new(Code::InvalidValue, format!("`{code}` is no kind of finding that has one severity"))
                .at(place)
                .help(did_you_mean(code, &known)),
        );
    }

    fn frameworks(&mut self, part: &Part, inventory: &mut Inventory) {
        let Some(named) = &part.file.frameworks else { return };
        let at = route(["frameworks".into()]);
        let entries: Vec<(&NamedFramework, Route)> = match named {
            FrameworksFile::One(one) => vec![(one, at)],
            FrameworksFile::Many(many) => many.iter().enumerate().map(|(index, one)| (one, at.then(index))).collect(),
        };
        for (entry, at) in entries {
            if let Some(choice) = self.framework(entry, &part.path, &at) {
                let same = inventory.frameworks.contains(&choice);
                if !same {
                    inventory.frameworks.push(choice);
                }
            }
        }
    }

    fn our_customers(&mut self, part: &Part, inventory: &mut Inventory) {
        for (index, entry) in part.file.our_customers.iter().enumerate() {
            let at = route(["our_customers".into(), index.into()]);
            let named = |list: &Option<OneOrMany>, field: &str| {
                let at = at.then(field);
                let list = list.iter().flat_map(|list| places(list, &part.path, &at));
                list.map(|(name, place)| (Arc::<str>::from(name), place)).collect::<Vec<_>>()
            };
            let (objectives, requirements) = (named(&entry.objectives, "objectives"), named(&entry.requirements, "requirements"));
            if objectives.is_empty() && requirements.is_empty() {
                let fault = Diagnostic::new(Code::InvalidValue, "what our customers must do answers nothing");
                let help = "add `objectives` (`control.objective`) or `requirements` (`framework/id`)";
                self.found.push(fault.at(Place::value(&part.path, at.then("does"))).help(help));
            }
            for (name, place) in &objectives {
                if !self.catalog.is_objective(name) {
                    let known: Vec<String> = self.catalog.objectives().map(|(name, _)| name.to_string()).collect();
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    let fault = Diagnostic::new(Code::InvalidValue, format!("`{name}` is no objective"));
                    self.found.push(fault.at(place.clone()).help(did_you_mean(name, &known)));
                }
            }
            for (name, place) in &requirements {
                if !self.catalog.frameworks.has(name) {
                    let fault = Diagnostic::new(Code::InvalidValue, format!("there is no requirement `{name}`"));
                    let help = "write it as `framework/id`; `cloudraci requirements list` names the frameworks";
                    self.found.push(fault.at(place.clone()).help(help));
                }
            }
            inventory.our_customers.push(OurCustomers {
                does: entry.does.0.trim().into(),
                objectives: objectives.into_iter().map(|(name, _)| name).collect(),
                requirements: requirements.into_iter().map(|(name, _)| name).collect(),
            });
        }
    }

    /// What our customers must do for a requirement that none of the baselines asked for has would stand nowhere.
    fn outside_baselines(&mut self, parts: &[Part], inventory: &Inventory) {
        for part in parts {
            for (index, entry) in part.file.our_customers.iter().enumerate() {
                let at = route(["our_customers".into(), index.into(), "requirements".into()]);
                let list = entry.requirements.iter().flat_map(|list| places(list, &part.path, &at));
                for (name, place) in list.collect::<Vec<_>>() {
                    let Some((framework, id)) = name.split_once('/') else { continue };
                    let Some(known) = self.catalog.frameworks.get(framework).filter(|_| self.catalog.frameworks.has(name)) else {
                        continue;
                    };
                    let is_in = |baseline: Option<&str>| known.of_baseline(baseline).any(|one| *one.id == *id);
                    let chosen = inventory.frameworks.iter().filter(|choice| *choice.id == *framework);
                    let chosen: Vec<Option<&str>> = chosen.map(|choice| choice.baseline.as_deref()).collect();
                    let is_lost = !chosen.is_empty() && !chosen.iter().any(|baseline| is_in(*baseline));
                    let baselines: Vec<&str> = chosen.into_iter().flatten().collect();
                    if is_lost {
                        let what = format!("`{name}` is not in the baseline `{}`", baselines.join("`, `"));
                        let help = format!(
                            "`cloudraci requirements {framework} --baseline {}` prints what is",
                            baselines.first().unwrap_or(&"")
                        );
                        self.found
                            .push(Diagnostic::new(Code::RequirementOutside, what).at(place).help(help));
                    }
                }
            }
        }
    }

    fn framework(&mut self, entry: &NamedFramework, path: &Arc<str>, at: &Route) -> Option<FrameworkChoice> {
        let (name, of_name) = match entry {
            NamedFramework::Name(text) => (&text.0, at.clone()),
            NamedFramework::Full(full) => (&full.id.0, at.then("id")),
        };
        let Some(framework) = self.catalog.frameworks.named(name) else {
            let known: Vec<&str> = self.catalog.frameworks.ids().map(|id| &**id).collect();
            let fault = Diagnostic::new(Code::InvalidValue, format!("the catalog knows no framework `{name}`"));
            self.found
                .push(fault.at(Place::value(path, of_name)).help(did_you_mean(name, &known)));
            return None;
        };
        let NamedFramework::Full(full) = entry else {
            return Some(FrameworkChoice {
                id: framework.id.clone(),
                baseline: None,
            });
        };
        if let Some(version) = full.version.as_ref().filter(|text| letters(&text.0) != letters(&framework.version)) {
            let what = format!("the catalog has `{}` {}, not {}", framework.id, framework.version, version.0);
            let fault = Diagnostic::new(Code::InvalidValue, what).at(Place::value(path, at.then("version")));
            self.found
                .push(fault.help(format!("write `version: {:?}`, or leave it out", framework.version)));
        }
        let baseline = full.baseline.as_ref().and_then(|text| {
            let wanted = letters(&text.0);
            let mut known = framework.baselines.iter();
            let found = known.find(|(id, name)| letters(id) == wanted || letters(name) == wanted);
            if found.is_none() {
                let known: Vec<&str> = framework.baselines.iter().map(|(id, _)| &**id).collect();
                let what = format!("`{}` has no baseline `{}`", framework.id, text.0);
                let fault = Diagnostic::new(Code::InvalidValue, what).at(Place::value(path, at.then("baseline")));
                self.found.push(fault.help(did_you_mean(&text.0, &known)));
            }
            found.map(|(id, _)| id.clone())
        });
        Some(FrameworkChoice {
            id: framework.id.clone(),
            baseline,
        })
    }
}

/// Which file first said an entry.
#[derive(Default)]
struct Files(IndexMap<String, Arc<str>>);
