//! What answers requirements, as it is printed.
//!
//! In: what requirements are mapped to, and where the document prints each duty. Out: the duties by state, then by service; each
//! activity once there, with the row that links to it lead to. Nothing is left out, so that the figures add up.

use super::labels::joined;
use super::requirements::{ProviderLine, provider};
use super::section::{Common, ControlPart, Section};
use crate::report::anchor::slug;
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

/// Rows of duties that it names.
const ROWS: usize = 10;

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

/// The rows of duties that a section of the document prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RowsIn {
    /// The section: a service's short name, or the heading of what is told once.
    pub label: String,
    /// What links to it lead to.
    pub anchor: String,
    /// The id of the duty in the first of the rows, for links.
    pub leads_to: Arc<str>,
    /// The numbers of their activities there, each once.
    pub numbers: Vec<u64>,
}

/// Where a duty is printed.
#[derive(Debug, Clone, Copy)]
struct Place<'p> {
    /// The position of its section among all.
    section: usize,
    /// The duty that its row is named by.
    row: &'p Arc<str>,
    /// The number of its activity there.
    number: u64,
}

/// Where the document prints duties.
#[derive(Debug)]
pub(super) struct Printed<'p> {
    /// What is told once, and after that the sections of services: what each is called, and what links to it lead to.
    sections: Vec<(&'p str, String)>,
    /// By duty: the row that it is in.
    rows: HashMap<&'p str, Place<'p>, RandomState>,
    /// How many sections tell what is told once.
    common: usize,
    /// Whether the document prints the rows at all.
    tells_rows: bool,
    /// By service and mode: its position, and its section's anchor.
    services: HashMap<String, (usize, &'p str), RandomState>,
    /// By duty: where it holds.
    scopes: HashMap<&'p str, &'p str, RandomState>,
    /// By duty: what shows its state.
    means: HashMap<&'p str, &'p [ShownBy], RandomState>,
}

impl<'p> Printed<'p> {
    /// `tells_rows`: the document prints the rows of duties that links can lead to.
    pub(super) fn of(report: &'p Report, common: &'p [Common], sections: &'p [Section], tells_rows: bool) -> Self {
        let mut printed = Self {
            sections: Vec::new(),
            rows: HashMap::default(),
            common: common.len(),
            tells_rows,
            services: HashMap::default(),
            scopes: HashMap::default(),
            means: HashMap::default(),
        };
        for part in common {
            printed.add(&part.controls, &part.title, slug(&part.title));
        }
        for (position, (section, service)) in sections.iter().zip(&report.services).enumerate() {
            printed.services.insert(section.key.clone(), (position, &service.facts.anchor));
            printed.add(&section.controls, &service.label, service.facts.anchor.clone());
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

    fn add(&mut self, controls: &'p [ControlPart], label: &'p str, anchor: String) {
        let section = self.sections.len();
        self.sections.push((label, anchor));
        for entry in controls.iter().flat_map(|control| &control.activities) {
            for row in &entry.rows {
                for (duty, _) in &row.all {
                    let place = Place {
                        section,
                        row: &row.duty,
                        number: entry.number,
                    };
                    self.rows.insert(duty, place);
                }
            }
        }
    }

    /// The number of a duty's activity, as a service's section has it; where another prints the row, with what that is called.
    fn number(&self, place: &Place<'_>, service: &str) -> String {
        let own = self.services.get(service).map(|(position, _)| self.common + position);
        match self.sections.get(place.section) {
            Some((label, _)) if own != Some(place.section) => format!("{} of “{label}”", place.number),
            _ => place.number.to_string(),
        }
    }

    /// The rows that duties are printed in, section by section; nothing where the document prints none, or where they are too
    /// many to be looked up one by one.
    pub(super) fn rows_of(&self, duties: &[Arc<OwnPart>]) -> Vec<RowsIn> {
        let places = duties
            .iter()
            .filter_map(|duty| self.rows.get(&*duty.duty))
            .filter(|_| self.tells_rows);
        let mut places: Vec<&Place<'_>> = places.collect();
        places.sort_by_key(|place| (place.section, place.number));
        places.dedup_by_key(|place| (place.section, place.number));
        if places.len() > ROWS {
            return Vec::new();
        }
        let in_sections = places.chunk_by(|one, other| one.section == other.section);
        let rows = in_sections.filter_map(|places| {
            let first = places.first()?;
            let (label, anchor) = self.sections.get(first.section)?;
            Some(RowsIn {
                label: (*label).to_owned(),
                anchor: anchor.clone(),
                leads_to: first.row.clone(),
                numbers: places.iter().map(|place| place.number).collect(),
            })
        });
        rows.collect()
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

    /// What shows the states of duties: the artefact, or how many they are, and how many duties configuration and checks show.
    /// None where nothing shows any.
    pub(super) fn shown(&self, duties: &[Arc<OwnPart>]) -> Option<String> {
        let (mut configured, mut checked) = (0_u64, 0_u64);
        let mut artefacts: BTreeSet<&str> = BTreeSet::new();
        for duty in duties.iter().filter(|duty| duty.standing != Standing::Unknown) {
            let means = self.means.get(&*duty.duty).copied().unwrap_or_default();
            let is_shown = |kind: &str| means.iter().any(|shown| shown.kind == kind && shown.state == duty.standing.word());
            configured += u64::from(is_shown("configuration"));
            checked += u64::from(!is_shown("configuration") && is_shown("check"));
            for shown in means.iter().filter(|shown| shown.kind == "evidence" && shown.state == "attested") {
                artefacts.insert(&shown.reference);
            }
        }
        // One is named; several stand with the duties, row by row.
        let mut told: Vec<String> = match artefacts.len() {
            0 => Vec::new(),
            1 => artefacts.iter().map(|name| (*name).to_owned()).collect(),
            many => vec![format!("{many} artefacts")],
        };
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
            let place = self.rows.get(&*first.duty);
            let of_activity = all
                .iter()
                .filter(|other| *other.activity == *activity && other.service == first.service);
            let is_parted = of_activity.count() > duties.len();
            let scopes = || duties.iter().filter_map(|duty| self.scopes.get(&*duty.duty).copied());
            Some(AnswerLine {
                brief: first.brief.clone().unwrap_or_else(|| first.does.clone()),
                duty: place.map_or(&first.duty, |place| place.row).clone(),
                number: place.map(|place| self.number(place, &first.service)),
                scope: (is_parted && scopes().next().is_some()).then(|| scopes().collect::<Vec<_>>().join("; ")),
                duties: duties.len() as u64,
            })
        });
        lines.collect()
    }
}
