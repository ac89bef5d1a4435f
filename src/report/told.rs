//! What is told once instead of in every section.
//!
//! In: the services with all their activities. Out: which activities each section prints, and the common part.

use super::context::Context;
use super::lines::{letters_anywhere, lift_letters, lines};
use super::model::{Activity, ActivityState, Common, Control, SectionLink, Service};
use crate::catalog::{ControlType, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The side whose activities may be assigned differently on different deployments.
pub(super) const CUSTOMER: &str = "customer";

/// How an activity reads on a service: what makes two of them the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rendering {
    /// Scope, letters and state of each of its rows.
    text: String,
    /// Whether the inventory attests it, so that it differs by service in what is not told here.
    attested: bool,
}

/// How the activities of a service read, control by control, by their ids.
pub(super) type Readings = Vec<BTreeMap<Arc<str>, Rendering>>;

/// How the activities of a service read.
pub(super) fn readings(service: &Service) -> Readings {
    service.controls.iter().map(|control| renderings(&control.activities)).collect()
}

fn renderings(activities: &[Activity]) -> BTreeMap<Arc<str>, Rendering> {
    let mut map: BTreeMap<Arc<str>, Rendering> = BTreeMap::new();
    for activity in activities {
        let own = activity.side == CUSTOMER;
        let known = map.contains_key(&activity.id);
        let entry = map.entry(activity.id.clone()).or_default();
        entry.attested |= matches!(activity.state, ActivityState::Met | ActivityState::NotMet);
        let anywhere;
        let letters = if own {
            &activity.letters
        } else if known {
            // Of others' activities one row is printed.
            continue;
        } else {
            anywhere = letters_anywhere(activities.iter().filter(|other| other.id == activity.id));
            &anywhere
        };
        let scope = activity.scope.as_deref().filter(|_| own).unwrap_or_default();
        for part in std::iter::once(scope).chain(letters.iter().copied()).chain([activity.state_label]) {
            entry.text.push_str(part);
            entry.text.push('\u{1f}');
        }
    }
    map
}

/// Which activities are told once, and how they read there.
pub(super) struct ToldOnce {
    renderings: BTreeMap<Arc<str>, Rendering>,
}

impl ToldOnce {
    /// An activity of the catalog's common levels is told once if it reads the same on most services, three at least.
    pub(super) fn of(context: &Context<'_>, readings: &[Readings]) -> Self {
        let mut seen: BTreeMap<&Arc<str>, BTreeMap<&Rendering, usize>> = BTreeMap::new();
        for (id, rendering) in readings.iter().flatten().flatten() {
            if context.is_common(id) {
                *seen.entry(id).or_default().entry(rendering).or_default() += 1;
            }
        }
        let renderings = seen
            .into_iter()
            .filter_map(|(id, counts)| {
                let (rendering, count) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
                (count >= 3 && !rendering.attested).then(|| (id.clone(), rendering.clone()))
            })
            .collect();
        Self { renderings }
    }

    fn tells(&self, id: &str, reading: &BTreeMap<Arc<str>, Rendering>) -> bool {
        self.renderings.get(id).is_some_and(|told| reading.get(id) == Some(told))
    }

    /// Decides what each section prints: neither what the common part tells nor what reads as in the service's first
    /// section.
    pub(super) fn settle(&self, services: &mut [Service], readings: &[Readings]) {
        let mut first = 0;
        for index in 0..services.len() {
            if services[first].service != services[index].service {
                first = index;
            }
            let link = (first != index).then(|| SectionLink {
                title: services[first].title.clone(),
                anchor: services[first].anchor.clone(),
            });
            let before = (first != index).then(|| &readings[first]);
            self.settle_one(&mut services[index], &readings[index], before);
            services[index].first = link;
        }
    }

    fn settle_one(&self, service: &mut Service, readings: &Readings, before: Option<&Readings>) {
        for (position, control) in service.controls.iter_mut().enumerate() {
            let reading = &readings[position];
            let before = before.map(|before| &before[position]);
            for activity in &mut control.activities {
                let id = &*activity.id;
                let told_once = self.tells(id, reading);
                let as_in_first = before.is_some_and(|before| before.contains_key(id) && before.get(id) == reading.get(id));
                activity.told_once = told_once;
                activity.shown = !told_once && !as_in_first;
                service.told_once += u64::from(told_once);
                service.as_in_first += u64::from(!told_once && as_in_first);
            }
            lift_letters(control);
            control.lines = lines(control);
            control.shown = control.activities.iter().any(|activity| activity.shown);
        }
    }

    /// The common part: for every service, and by service model.
    pub(super) fn common(&self, context: &Context<'_>, services: &[Service], readings: &[Readings]) -> Vec<Common> {
        let mut parts: BTreeMap<&str, (BTreeSet<&str>, BTreeMap<usize, Control>)> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (service, readings) in services.iter().zip(readings) {
            for (position, (control, reading)) in service.controls.iter().zip(readings).enumerate() {
                for activity in &control.activities {
                    if !self.tells(&activity.id, reading) {
                        continue;
                    }
                    let owner = activity.id.split('.').next().unwrap_or_default();
                    let key = context.catalog.model(owner).map_or("every", |model| model.id.as_str());
                    let part = parts.entry(key).or_default();
                    part.0.insert(&service.title);
                    if taken.insert((activity.id.clone(), activity.scope.clone())) {
                        let entry = part.1.entry(position).or_insert_with(|| Control {
                            activities: Vec::new(),
                            ..control.clone()
                        });
                        entry.activities.push(Activity {
                            told_once: true,
                            shown: true,
                            ..activity.clone()
                        });
                    }
                }
            }
        }
        let order = |key: &str| {
            context
                .catalog
                .models()
                .iter()
                .position(|model| model.id == key)
                .map_or(0, |position| position + 1)
        };
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_by_key(|(key, _)| order(key));
        parts
            .into_iter()
            .map(|(key, (titles, controls))| Common {
                model: key.to_owned(),
                title: match context.catalog.model(key) {
                    Some(model) => format!("Every {} service", model.name.to_lowercase()),
                    None => "Every service".to_owned(),
                },
                services: titles.len() as u64,
                controls: controls.into_values().map(printed).collect(),
            })
            .collect()
    }
}

/// A control of the common part with the rows that it prints.
fn printed(mut control: Control) -> Control {
    lift_letters(&mut control);
    control.lines = lines(&control);
    control.shown = true;
    let sides: Vec<Side> = control.activities.iter().map(|activity| Side::named(&activity.side)).collect();
    control.control_type = ControlType::of(&sides);
    control
}
