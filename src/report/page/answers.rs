//! What answers requirements, as it is printed.
//!
//! In: what requirements are mapped to, and where the document prints each duty. Out: the duties by state, then by service; each
//! activity once there, with the row that links to it lead to. Nothing is left out, so that the figures add up.

use super::labels::joined;
use super::requirements::{ProviderLine, provider};
use super::section::{Common, ControlPart, Section};
use crate::report::model::{OwnPart, Report, ShownBy, Standing, StateCounts, Subject};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Services that a requirement's row names.
const SERVICES: usize = 6;

/// Artefacts that it names.
const ARTEFACTS: usize = 1;

/// What requirements are mapped to, with all that is done for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SubjectPage {
    /// What links to it lead to.
    pub place: String,
    /// In a few words.
    pub name: String,
    /// What it means.
    pub meaning: Option<String>,
    /// The control's id.
    pub control: String,
    /// The control, as printed.
    pub control_title: String,
    /// What providers do.
    pub provider: Vec<ProviderLine>,
    /// How many duties there are.
    pub duties: u64,
    /// They by state, in words.
    pub states: String,
    /// They by state, then by service.
    pub own: Vec<Answers>,
}

/// What links to a subject lead to.
pub(super) fn place(id: &str) -> String {
    format!("subject/{id}:{}", control(id))
}

/// The control of a subject: of an objective the first part of its id, of an activity the second.
fn control(id: &str) -> &str {
    let mut parts = id.split('.');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if parts.next().is_some() { second } else { first }
}

/// Duties in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Answers {
    /// Their state.
    pub state: Standing,
    /// How many they are.
    pub duties: u64,
    /// They by service, in the order of the report.
    pub services: Vec<AnswersOn>,
}

/// Of duties in one state, those on a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AnswersOn {
    /// The service's short name.
    pub label: String,
    /// What links to its section lead to.
    pub anchor: String,
    /// The id of the duty whose row its name leads to; none where it is named before, since each link has its price in a PDF.
    pub leads_to: Option<Arc<str>>,
    /// How many they are.
    pub duties: u64,
    /// They by activity; nothing where they are too many to be told one by one.
    pub activities: Vec<AnswerLine>,
}

/// Of duties in one state on a service, those of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AnswerLine {
    /// The activity in a few words.
    pub brief: Arc<str>,
    /// The id of the duty in whose row the first of them is printed, for links.
    pub duty: Arc<str>,
    /// Its number there; where that is not the service's own section, with the section that prints it: `15 of “KMS”`.
    pub number: Option<String>,
    /// Where the duties hold, where the activity is in another state elsewhere.
    pub scope: Option<String>,
    /// How many duties they are.
    pub duties: u64,
}

/// Where the document prints duties.
#[derive(Debug)]
pub(super) struct Printed<'p> {
    /// By duty: the row that it is in, and the number of its activity.
    rows: HashMap<&'p str, (&'p Arc<str>, String), RandomState>,
    /// By service and mode: its position, and its section's anchor.
    services: HashMap<String, (usize, &'p str), RandomState>,
    /// By duty: where it holds.
    scopes: HashMap<&'p str, &'p str, RandomState>,
    /// By duty: what shows its state.
    means: HashMap<&'p str, &'p [ShownBy], RandomState>,
}

impl<'p> Printed<'p> {
    pub(super) fn of(report: &'p Report, common: &'p [Common], sections: &'p [Section]) -> Self {
        let mut printed = Self {
            rows: HashMap::default(),
            services: HashMap::default(),
            scopes: HashMap::default(),
            means: HashMap::default(),
        };
        for part in common {
            printed.add(&part.controls, None, |number| format!("{number} of “{}”", part.title));
        }
        for (position, (section, service)) in sections.iter().zip(&report.services).enumerate() {
            printed.services.insert(section.key.clone(), (position, &service.facts.anchor));
            let elsewhere = |number: u64| format!("{number} of “{}”", service.label);
            printed.add(&section.controls, Some(position), elsewhere);
            let activities = service.controls.iter().flat_map(|control| &control.activities);
            let means = activities
                .clone()
                .filter_map(|activity| Some((&**activity.duty.as_ref()?, activity.shown_by.as_slice())));
            printed.means.extend(means);
            let scopes = activities.filter_map(|activity| Some((&**activity.duty.as_ref()?, activity.scope.as_deref()?)));
            printed.scopes.extend(scopes);
        }
        printed
    }

    fn add(&mut self, controls: &'p [ControlPart], own: Option<usize>, elsewhere: impl Fn(u64) -> String) {
        for entry in controls.iter().flat_map(|control| &control.activities) {
            for row in &entry.rows {
                for (duty, service) in &row.all {
                    let number = if own == Some(*service) {
                        entry.number.to_string()
                    } else {
                        elsewhere(entry.number)
                    };
                    self.rows.insert(duty, (&row.duty, number));
                }
            }
        }
    }

    /// A subject with all that is done for it.
    pub(super) fn subject(&self, subject: &Subject) -> SubjectPage {
        let mut counts = StateCounts::default();
        subject.customer.iter().for_each(|duty| counts.add(duty.standing));
        SubjectPage {
            place: place(&subject.id),
            name: subject.name.clone(),
            meaning: subject.meaning.clone(),
            control: subject.control.clone(),
            control_title: subject.control_title.clone(),
            provider: provider(&subject.provider),
            duties: counts.total,
            states: counts.in_words(),
            own: self.answers(&subject.customer),
        }
    }

    /// The services that duties are on, joined.
    pub(super) fn on(&self, report: &Report, duties: &[Arc<OwnPart>]) -> String {
        let positions = duties.iter().filter_map(|duty| Some(self.services.get(&duty.service)?.0));
        joined(report, &positions.collect(), SERVICES)
    }

    /// What shows the states of duties: artefacts by name, those of most duties first, and how many duties configuration and
    /// checks show. None where nothing shows any.
    pub(super) fn shown(&self, duties: &[Arc<OwnPart>]) -> Option<String> {
        let (mut configured, mut checked) = (0_u64, 0_u64);
        let mut artefacts: IndexMap<&str, u64> = IndexMap::new();
        for duty in duties.iter().filter(|duty| duty.standing != Standing::Unknown) {
            let means = self.means.get(&*duty.duty).copied().unwrap_or_default();
            let is_shown = |kind: &str| means.iter().any(|shown| shown.kind == kind && shown.state == duty.standing.word());
            configured += u64::from(is_shown("configuration"));
            checked += u64::from(!is_shown("configuration") && is_shown("check"));
            for shown in means.iter().filter(|shown| shown.kind == "evidence" && shown.state == "attested") {
                *artefacts.entry(&shown.reference).or_default() += 1;
            }
        }
        artefacts.sort_by(|_, one, _, other| other.cmp(one));
        let mut told: Vec<String> = artefacts.keys().take(ARTEFACTS).map(|name| (*name).to_owned()).collect();
        match artefacts.len().saturating_sub(ARTEFACTS) {
            0 => {}
            1 => told.push("1 more artefact".to_owned()),
            more => told.push(format!("{more} more artefacts")),
        }
        for (by, number) in [("configuration", configured), ("checks", checked)] {
            if number > 0 {
                told.push(format!("{by} ({number})"));
            }
        }
        (!told.is_empty()).then(|| told.join("; "))
    }

    /// Duties by state, worst first, then by service.
    pub(super) fn answers(&self, duties: &[Arc<OwnPart>]) -> Vec<Answers> {
        let order = [
            Standing::NotMet,
            Standing::Unknown,
            Standing::Excepted,
            Standing::Attested,
            Standing::Met,
        ];
        let of_state = order.into_iter().map(|state| {
            let own: Vec<&OwnPart> = duties.iter().map(|duty| &**duty).filter(|duty| duty.standing == state).collect();
            Answers {
                state,
                duties: own.len() as u64,
                services: self.services(&own, duties),
            }
        });
        let mut all: Vec<Answers> = of_state.filter(|answers| answers.duties > 0).collect();
        let mut named = BTreeSet::new();
        for on in all.iter_mut().flat_map(|answers| &mut answers.services) {
            if named.insert(on.label.clone()) {
                on.leads_to = on.activities.first().map(|line| line.duty.clone());
            }
        }
        all
    }

    fn services(&self, own: &[&OwnPart], all: &[Arc<OwnPart>]) -> Vec<AnswersOn> {
        let mut by_service: IndexMap<&str, Vec<&OwnPart>> = IndexMap::new();
        for duty in own {
            by_service.entry(&duty.service).or_default().push(duty);
        }
        by_service.sort_by_cached_key(|service, _| self.services.get(*service).map(|(position, _)| *position));
        let services = by_service.into_iter().map(|(service, duties)| AnswersOn {
            label: duties.first().map(|duty| duty.label.clone()).unwrap_or_default(),
            anchor: self
                .services
                .get(service)
                .map(|(_, anchor)| (*anchor).to_owned())
                .unwrap_or_default(),
            leads_to: None,
            duties: duties.len() as u64,
            activities: self.activities(&duties, all),
        });
        services.collect()
    }

    fn activities(&self, own: &[&OwnPart], all: &[Arc<OwnPart>]) -> Vec<AnswerLine> {
        let mut by_activity: IndexMap<&str, Vec<&OwnPart>> = IndexMap::new();
        for duty in own {
            by_activity.entry(&duty.activity).or_default().push(duty);
        }
        let lines = by_activity.into_iter().filter_map(|(activity, duties)| {
            let first = duties.first()?;
            let row = self.rows.get(&*first.duty).map_or(&*first.duty, |(row, _)| row);
            let of_activity = all
                .iter()
                .filter(|other| *other.activity == *activity && other.service == first.service);
            let is_parted = of_activity.count() > duties.len();
            let scopes = || duties.iter().filter_map(|duty| self.scopes.get(&*duty.duty).copied());
            Some(AnswerLine {
                brief: first.brief.clone().unwrap_or_else(|| first.does.clone()),
                duty: row.into(),
                number: self.rows.get(&*first.duty).map(|(_, number)| number.clone()),
                scope: (is_parted && scopes().next().is_some()).then(|| scopes().collect::<Vec<_>>().join("; ")),
                duties: duties.len() as u64,
            })
        });
        lines.collect()
    }
}
