//! What the requirements of the inventory's frameworks are mapped to.
//!
//! In: the frameworks, and a matrix. Out: each objective, and each activity that is linked by itself, under a name that no other has,
//! with the commitments and duties behind it.

use super::context::Context;
use super::model::{AnsweredBy, StateCounts, Subject};
use super::names;
use super::parts::Parts;
use crate::catalog::frameworks::{Answer, Framework, Link, Requirement};
use crate::raci::requirements::Serving;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Subjects by which a requirement without a title is told.
const MOST: usize = 4;

/// Words of objectives' names that are written in capitals.
const ACRONYMS: [&str; 3] = ["ddos", "mfa", "os"];

/// The subjects of all frameworks that the inventory names.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    of: BTreeMap<Arc<str>, Subject>,
}

impl Subjects {
    /// Of the frameworks, each with its baseline, whatever of the matrix answers them.
    pub(super) fn of<'f>(
        context: &Context<'_>,
        serving: &Serving,
        parts: &Parts<'_, '_>,
        frameworks: impl Iterator<Item = (&'f Framework, Option<&'f str>)>,
    ) -> Self {
        let links = frameworks
            .flat_map(|(framework, baseline)| framework.of_baseline(baseline))
            .flat_map(links);
        let ids: BTreeSet<&Arc<str>> = links.map(|link| &link.to).collect();
        let mut of: BTreeMap<Arc<str>, Subject> = BTreeMap::new();
        for id in ids {
            let subject = subject(context, (serving, parts), id);
            if !subject.provider.is_empty() || !subject.customer.is_empty() {
                of.insert(id.clone(), subject);
            }
        }
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for subject in of.values() {
            *names.entry(subject.name.clone()).or_default() += 1;
        }
        for subject in of.values_mut().filter(|subject| names.get(&subject.name) > Some(&1)) {
            let whose = subject.id.split('.').next().unwrap_or_default();
            subject.name = format!("{} ({})", subject.name, whose_words(context, whose));
        }
        Self { of }
    }

    /// Through which of them a requirement is answered, by name: requirements that are mapped alike read alike.
    pub(super) fn answering(&self, requirement: &Requirement) -> Vec<AnsweredBy> {
        let mut subjects: Vec<&Subject> = links(requirement).filter_map(|link| self.of.get(&link.to)).collect();
        subjects.sort_by_cached_key(|subject| subject.name.to_lowercase());
        subjects
            .into_iter()
            .map(|subject| {
                let mut duties = StateCounts::default();
                subject.customer.iter().for_each(|duty| duties.add(duty.standing));
                AnsweredBy {
                    subject: subject.id.clone(),
                    name: subject.name.clone(),
                    duties,
                    commitments: subject.provider.len() as u64,
                }
            })
            .collect()
    }

    /// All of them, by name.
    pub(super) fn into_list(self) -> Vec<Subject> {
        let mut list: Vec<Subject> = self.of.into_values().collect();
        list.sort_by_cached_key(|subject| (subject.name.to_lowercase(), subject.id.clone()));
        list
    }
}

/// What the id of a service or of a control stands for in print.
fn whose_words(context: &Context<'_>, id: &str) -> String {
    let service = || {
        context
            .catalog
            .service(id)
            .map(|service| names::without_vendor(&service.name).to_owned())
    };
    let control = || {
        context
            .catalog
            .controls
            .iter()
            .find(|control| control.id == id)
            .map(|control| control.title.clone())
    };
    service().or_else(control).unwrap_or_else(|| "any service".to_owned())
}

/// What a requirement without a title is about, in the words of what answers it.
pub(super) fn words(answered_by: &[AnsweredBy]) -> Option<String> {
    let mut words: Vec<&str> = answered_by.iter().map(|by| by.name.as_str()).collect();
    let more = words.len().saturating_sub(MOST);
    words.truncate(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!words.is_empty()).then(|| format!("{}{more}", words.join(", ")))
}

fn links(requirement: &Requirement) -> impl Iterator<Item = &Link> {
    let links: &[Link] = match &requirement.answer {
        Answer::Linked(links) => links,
        Answer::Organisational(_) | Answer::Unclassified => &[],
    };
    links.iter()
}

/// A word of an objective's name, as it is written in a sentence.
fn word(word: &str) -> String {
    if ACRONYMS.contains(&word) {
        word.to_uppercase()
    } else {
        word.to_owned()
    }
}

fn subject(context: &Context<'_>, (serving, parts): (&Serving, &Parts<'_, '_>), id: &Arc<str>) -> Subject {
    let matrix = context.matrix;
    let (duties, commitments) = serving.serving(id);
    let words: Vec<&str> = id.split('.').collect();
    let (name, control) = match words.as_slice() {
        [control, objective] => (objective.split('-').map(word).collect::<Vec<_>>().join(" "), *control),
        [_, control, ..] => {
            let of_duties = duties.iter().map(|duty| &matrix[*duty].activity);
            let mut activities = of_duties.chain(commitments.iter().map(|position| &matrix.commitments[*position].activity));
            let name = activities
                .next()
                .map(|activity| activity.brief.clone().unwrap_or_else(|| activity.does.clone()));
            (name.as_deref().unwrap_or(id).to_owned(), *control)
        }
        _ => (id.to_string(), ""),
    };
    Subject {
        id: id.clone(),
        name,
        meaning: context.catalog.objective(id).map(str::to_owned),
        control: control.to_owned(),
        control_title: context
            .catalog
            .control(control)
            .map_or_else(|| control.to_owned(), |known| known.title.clone()),
        provider: commitments.iter().map(|position| parts.provided(*position)).collect(),
        customer: duties.iter().map(|duty| parts.own(*duty)).collect(),
    }
}
