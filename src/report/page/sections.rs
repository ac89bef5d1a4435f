//! One section a service, and what is told once for many of them.
//!
//! In: the services of a Report. Out: sections with the rows that they print, and the common parts.

use super::rows::{Entry, Promise, entries, promises};
use super::section::{Common, ControlPart, NotApplicable, NotMet, Section, SectionLink, StandsFor};
use super::shared::{EVERY, Reading, ToldOnce, owner};
use super::{Column, Operator};
use crate::report::model::{Control, Report, Service, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// A report of so many sections is set in two halves.
const ENOUGH_TO_HALVE: usize = 12;

/// A control of a section on its way, with how each of its entries reads.
struct Draft<'r> {
    control: &'r Control,
    entries: Vec<(Entry, Reading)>,
    promises: Vec<(Promise, Reading)>,
}

/// All sections, and the common parts.
pub(super) fn sections(report: &Report, columns: &[Column], operators: &[Operator]) -> (Vec<Common>, Vec<Section>) {
    let drafts: Vec<Vec<Draft<'_>>> = report
        .services
        .iter()
        .enumerate()
        .map(|(position, service)| {
            let controls = service.controls.iter();
            let cut_within = report.meta.party.as_ref().map(|_| service.facts.environments.as_slice());
            controls
                .map(|control| draft(control, position, (columns, operators), cut_within))
                .collect()
        })
        .collect();
    let entries = drafts.iter().flatten().flat_map(|draft| &draft.entries);
    let promises = drafts.iter().flatten().flat_map(|draft| &draft.promises);
    let readings = entries.map(|(entry, reading)| (&entry.id, reading));
    let readings = readings.chain(promises.map(|(promise, reading)| (&promise.id, reading)));
    let told = ToldOnce::of(report, readings);
    let mut arranged = Arranged {
        common: BTreeMap::new(),
        sections: report.services.iter().map(|service| section(report, service)).collect(),
    };
    let mut first = 0;
    for (position, drafts) in drafts.into_iter().enumerate() {
        if report.services[first].service != report.services[position].service {
            first = position;
        }
        for draft in drafts {
            arranged.add(report, &told, draft, position, first);
        }
        if first != position {
            arranged.sections[position].first = Some(SectionLink {
                title: report.services[first].title.clone(),
                anchor: report.services[first].facts.anchor.clone(),
            });
        }
    }
    arranged.finish(report)
}

fn draft<'r>(
    control: &'r Control,
    position: usize,
    (columns, operators): (&[Column], &[Operator]),
    cut_within: Option<&[String]>,
) -> Draft<'r> {
    let entries = entries(&control.activities, position, columns, cut_within).into_iter();
    let promises = promises(&control.activities, position, operators).into_iter();
    Draft {
        control,
        entries: entries
            .map(|entry| {
                let reading = Reading::of(&entry);
                (entry, reading)
            })
            .collect(),
        promises: promises
            .map(|promise| {
                let reading = Reading::of_promise(&promise);
                (promise, reading)
            })
            .collect(),
    }
}

/// Sections and common parts on their way.
struct Arranged {
    /// By level: the services that it holds for, and its controls by their ids.
    common: BTreeMap<String, (BTreeSet<usize>, Vec<ControlPart>)>,
    sections: Vec<Section>,
}

impl Arranged {
    /// Places what a section has of a control.
    fn add(&mut self, report: &Report, told: &ToldOnce, draft: Draft<'_>, position: usize, first: usize) {
        let mut own = ControlPart::of(draft.control);
        for (entry, reading) in draft.entries {
            let duties: u64 = entry.rows.iter().map(|row| row.duties).sum();
            if told.tells(&entry.id, &reading) {
                self.sections[position].told_once += duties;
                let key = level(report, &entry.id);
                self.common_part(key, draft.control, position).add(entry);
            } else if first != position && reading.may_be_left() && self.first_takes(&entry, &reading, draft.control, first) {
                self.sections[position].as_in_first += duties;
            } else {
                own.activities.push(entry);
            }
        }
        for (promise, reading) in draft.promises {
            if told.tells(&promise.id, &reading) {
                self.sections[position].promised_once += 1;
                let key = level(report, &promise.id);
                self.common_part(key, draft.control, position).promise(promise);
            } else if first != position && self.first_promises(&promise, draft.control, first) {
                self.sections[position].promised_in_first += 1;
            } else {
                own.commitments.push(promise);
            }
        }
        if own.printed() > 0 {
            own.settle();
            let section = &mut self.sections[position];
            section.has_duties |= own.has_duties;
            section.has_commitments |= own.has_commitments;
            section.controls.push(own);
        }
    }

    fn common_part(&mut self, key: &str, control: &Control, position: usize) -> &mut ControlPart {
        let (services, controls) = self.common.entry(key.to_owned()).or_default();
        services.insert(position);
        let at = controls.iter().position(|part| part.is_alike(control));
        let at = at.unwrap_or_else(|| {
            controls.push(ControlPart::of(control));
            controls.len() - 1
        });
        &mut controls[at]
    }

    /// Whether the service's first section prints an entry that reads the same; if so, that stands for both.
    fn first_takes(&mut self, entry: &Entry, reading: &Reading, control: &Control, first: usize) -> bool {
        let parts = self.sections[first].controls.iter_mut();
        let mut entries = parts.filter(|part| part.is_alike(control)).flat_map(|part| &mut part.activities);
        match entries.find(|own| own.id == entry.id && Reading::of(own) == *reading) {
            Some(own) => {
                own.stands_for(entry);
                true
            }
            None => false,
        }
    }

    fn first_promises(&mut self, promise: &Promise, control: &Control, first: usize) -> bool {
        let parts = self.sections[first].controls.iter_mut();
        let mut promises = parts.filter(|part| part.is_alike(control)).flat_map(|part| &mut part.commitments);
        match promises.find(|own| own.reads_as(promise)) {
            Some(own) => {
                own.stands_for(promise);
                true
            }
            None => false,
        }
    }

    fn finish(mut self, report: &Report) -> (Vec<Common>, Vec<Section>) {
        if self.sections.len() >= ENOUGH_TO_HALVE {
            let middle = self.sections.len() / 2;
            self.sections[middle].new_page = true;
        }
        for (position, section) in self.sections.iter_mut().enumerate() {
            section.count(report, position);
        }
        let order = |key: &str| {
            report
                .models
                .iter()
                .position(|model| model.model == key)
                .map_or(0, |position| position + 1)
        };
        let mut common: Vec<_> = self.common.into_iter().collect();
        common.sort_by_key(|(key, _)| order(key));
        let of_catalog = |part: &ControlPart| report.summary.by_control.iter().position(|known| known.control == part.control);
        let common = common.into_iter().map(|(key, (services, mut controls))| {
            controls.sort_by_key(|part| (of_catalog(part), part.control_type));
            controls.iter_mut().for_each(ControlPart::settle);
            for promise in controls.iter_mut().flat_map(|part| &mut part.commitments) {
                let on: BTreeSet<usize> = promise.on.iter().map(|(service, _)| *service).collect();
                promise.services = Some(on.len() as u64).filter(|_| on.len() < services.len());
            }
            for index in 1..controls.len() {
                if controls[index].control == controls[index - 1].control {
                    controls[index - 1].is_apart = true;
                    controls[index].is_apart = true;
                }
            }
            let model = report.models.iter().find(|model| model.model == key);
            Common {
                title: match model {
                    Some(model) => format!("Every {} service", model.name.to_lowercase()),
                    None => "Every service".to_owned(),
                },
                key,
                services: services.len() as u64,
                has_duties: controls.iter().any(|part| part.has_duties),
                has_commitments: controls.iter().any(|part| part.has_commitments),
                controls,
            }
        });
        let mut common: Vec<Common> = common.collect();
        common.iter_mut().for_each(|part| number(&mut part.controls));
        self.sections.iter_mut().for_each(|section| number(&mut section.controls));
        (common, self.sections)
    }
}

impl Section {
    /// Counts what its rows stand for, and says of each row for which other sections.
    fn count(&mut self, report: &Report, position: usize) {
        let mut others: BTreeMap<usize, u64> = BTreeMap::new();
        let rows = self.controls.iter_mut().flat_map(|part| &mut part.activities);
        for row in rows.flat_map(|entry| &mut entry.rows) {
            self.counted += row.duties;
            let further = || row.on.iter().filter(|(service, _)| *service != position);
            let words: Vec<String> = further()
                .map(|(service, duties)| format!("{duties} on {}", report.services[*service].label))
                .collect();
            for (service, duties) in further() {
                *others.entry(*service).or_default() += duties;
            }
            row.also = (!words.is_empty()).then(|| words.join(", "));
        }
        let others = others.into_iter().map(|(service, duties)| StandsFor {
            title: report.services[service].title.clone(),
            anchor: report.services[service].facts.anchor.clone(),
            duties,
        });
        self.stands_for = others.collect();
    }
}

/// Numbers the activities of a part of the document.
fn number(controls: &mut [ControlPart]) {
    let entries = controls.iter_mut().flat_map(|control| &mut control.activities);
    entries.zip(1..).for_each(|(entry, number)| entry.number = number);
}

impl ControlPart {
    /// Adds an entry to those of the common part.
    fn add(&mut self, entry: Entry) {
        match self.activities.iter_mut().find(|known| known.id == entry.id) {
            Some(known) => known.stands_for(&entry),
            None => self.activities.push(entry),
        }
    }

    fn promise(&mut self, promise: Promise) {
        match self.commitments.iter_mut().find(|known| known.reads_as(&promise)) {
            Some(known) => known.stands_for(&promise),
            None => self.commitments.push(promise),
        }
    }

    /// Says what it prints.
    fn settle(&mut self) {
        self.has_duties = !self.activities.is_empty();
        self.has_commitments = !self.commitments.is_empty();
        // Operator by operator, each with a list of its own.
        self.commitments.sort_by(|one, other| one.by.cmp(&other.by));
        for index in 0..self.commitments.len() {
            self.commitments[index].begins = index == 0 || self.commitments[index].by != self.commitments[index - 1].by;
        }
    }
}

impl Entry {
    /// Lets each row stand for that of an entry which reads the same.
    fn stands_for(&mut self, other: &Self) {
        for (row, further) in self.rows.iter_mut().zip(&other.rows) {
            row.stands_for(further);
        }
    }
}

impl Promise {
    /// Whether it is the same activity of the same operator.
    fn reads_as(&self, other: &Self) -> bool {
        self.id == other.id && self.party == other.party
    }

    fn stands_for(&mut self, other: &Self) {
        self.commitments += other.commitments;
        self.on.extend(&other.on);
    }
}

/// The common level that an activity stands at.
fn level<'r>(report: &'r Report, id: &str) -> &'r str {
    let owner = owner(id);
    let model = report.models.iter().find(|model| model.model == owner);
    model.map_or(EVERY, |model| model.model.as_str())
}

/// What ids in a service's section begin with: short, and the same whatever the section is called.
pub(super) fn key(service: &Service) -> String {
    match &service.mode {
        Some(mode) => format!("{}/{mode}", service.service),
        None => service.service.clone(),
    }
}

/// A section without what it prints.
fn section(report: &Report, service: &Service) -> Section {
    let not_applicable = service.controls.iter().filter(|_| report.meta.party.is_none());
    Section {
        key: key(service),
        title: service.title.clone(),
        mode_known: service.mode_known,
        settled_by: service.settled_by.clone(),
        facts: service.facts.clone(),
        not_met: not_met(report, service),
        new_page: false,
        told_once: 0,
        promised_once: 0,
        first: None,
        as_in_first: 0,
        promised_in_first: 0,
        counted: 0,
        stands_for: Vec::new(),
        has_duties: false,
        has_commitments: false,
        controls: Vec::new(),
        not_applicable: not_applicable
            .filter_map(|control| {
                Some(NotApplicable {
                    title: control.title.clone(),
                    reason: control.not_applicable.clone()?,
                })
            })
            .collect(),
    }
}

/// The duties of a service that are not met.
fn not_met(report: &Report, service: &Service) -> Vec<NotMet> {
    let mut list = Vec::new();
    for control in &service.controls {
        for activity in control.activities.iter().filter(|activity| activity.state == Standing::NotMet) {
            let Some(duty) = activity.duty.clone() else { continue };
            let short = |id: &str| {
                report
                    .parties
                    .iter()
                    .find(|party| party.id == id)
                    .map_or("", |party| party.short.as_str())
            };
            let holders: Vec<String> = ["A/R", "A", "R"]
                .iter()
                .flat_map(|letters| activity.assignments.iter().filter(move |held| held.letters == *letters))
                .map(|held| format!("{} {}", held.letters, short(&held.party)))
                .collect();
            list.push(NotMet {
                duty,
                control_title: control.title.clone(),
                does: activity.does.clone(),
                scope: activity.scope.clone(),
                not_met: activity.resources_not_met,
                of: activity.resources,
                holders: holders.join(", "),
            });
        }
    }
    list
}
