//! A Report as templates see it.
//!
//! In: a Report, and whether templates are a user's own. Out: its value, without what the built-in ones never print.

use super::Templates;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::{Activity, Control, DutiesHeld, Duty, DutyControl, DutyGroup, Edition, EvidenceItem, Report, Resource, Source};
use std::mem::take;
use tera::Value;

/// A Report as templates see it: converted once, and shared by all that is rendered from it.
#[derive(Debug)]
pub struct View(pub(super) Value);

impl View {
    /// Converts a Report. The built-in templates print a control's `lines` and a party's `controls`, never the activities
    /// that these are made from, which are the bulk of a Report; only a template of the user's may ask for them.
    ///
    /// # Errors
    /// None that can be caused from outside; the type only says so.
    pub fn of(report: &mut Report, templates: &Templates) -> Outcome<Self> {
        let aside = (!templates.overridden).then(|| Aside::take(report));
        let value = Value::try_from_serializable(report);
        if let Some(aside) = aside {
            aside.put_back(report);
        }
        let value = value.map_err(|error| {
            vec![Diagnostic::new(
                Code::TemplateError,
                format!("cannot show the report to templates: {error}"),
            )]
        })?;
        Ok(Self(value))
    }
}

/// What the built-in templates of an edition do not print, taken out of a Report while it is converted.
struct Aside {
    services: Vec<Vec<Control>>,
    common: Vec<Vec<Activity>>,
    duties: Vec<PartyAside>,
    evidence: Vec<Vec<EvidenceItem>>,
    sources: Option<Vec<Source>>,
    resources: Vec<Resource>,
}

/// Of the duties of a party.
#[derive(Default)]
struct PartyAside {
    activities: Vec<Duty>,
    controls: Option<Vec<DutyControl>>,
    groups: Vec<Vec<DutyGroup>>,
    held: Vec<Vec<DutiesHeld>>,
}

impl Aside {
    fn take(report: &mut Report) -> Self {
        let edition = report.meta.edition.clone();
        let full = !report.meta.in_short;
        let (audit, review) = (edition == Edition::Audit.id() && full, edition == Edition::Review.id());
        let handover = edition == Edition::Handover.id() && full;
        let activities = |controls: &mut [Control]| controls.iter_mut().map(|control| take(&mut control.activities)).collect::<Vec<_>>();
        let services = report.services.iter_mut();
        let duties = report.duties.iter_mut();
        Self {
            services: services
                .map(|service| {
                    let controls = take(&mut service.controls);
                    service.controls = controls.iter().filter(|control| audit && control.shown).map(printed).collect();
                    controls
                })
                .collect(),
            common: report.common.iter_mut().flat_map(|part| activities(&mut part.controls)).collect(),
            duties: duties
                .map(|party| PartyAside {
                    activities: take(&mut party.activities),
                    groups: party
                        .controls
                        .iter_mut()
                        .filter(|_| !handover)
                        .map(|one| take(&mut one.groups))
                        .collect(),
                    held: party
                        .controls
                        .iter_mut()
                        .filter(|_| handover)
                        .map(|one| take(&mut one.held))
                        .collect(),
                    controls: review.then(|| take(&mut party.controls)),
                })
                .collect(),
            evidence: report.evidence.iter_mut().map(|one| take(&mut one.items)).collect(),
            sources: (edition != Edition::Audit.id()).then(|| take(&mut report.sources)),
            resources: take(&mut report.resources),
        }
    }

    fn put_back(self, report: &mut Report) {
        report.resources = self.resources;
        put(report.services.iter_mut().map(|service| &mut service.controls), self.services);
        let common = report.common.iter_mut().flat_map(|part| &mut part.controls);
        put(common.map(|control| &mut control.activities), self.common);
        for (party, aside) in report.duties.iter_mut().zip(self.duties) {
            party.activities = aside.activities;
            if let Some(controls) = aside.controls {
                party.controls = controls;
            }
            put(party.controls.iter_mut().map(|one| &mut one.groups), aside.groups);
            put(party.controls.iter_mut().map(|one| &mut one.held), aside.held);
        }
        put(report.evidence.iter_mut().map(|one| &mut one.items), self.evidence);
        if let Some(sources) = self.sources {
            report.sources = sources;
        }
    }
}

/// Of a control, what is printed.
fn printed(control: &Control) -> Control {
    Control {
        activities: Vec::new(),
        lines: control.lines.clone(),
        scoped_letters: control.scoped_letters.clone(),
        requirements: control.requirements.clone(),
        control: control.control.clone(),
        title: control.title.clone(),
        layer: control.layer.clone(),
        layer_title: control.layer_title.clone(),
        not_applicable: None,
        ..*control
    }
}

fn put<'a, T: 'a>(places: impl Iterator<Item = &'a mut Vec<T>>, lists: Vec<Vec<T>>) {
    for (place, list) in places.zip(lists) {
        *place = list;
    }
}
