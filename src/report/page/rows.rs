//! Rows of the table of who does what.
//!
//! In: the activities of a control. Out: each activity once, with a row for each set of letters and state.

use super::{Column, Operator, shown};
use crate::catalog::{Cadence, DefaultState};
use crate::report::model::{Activity, PartyLetters, Standing};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The side whose activities must be built unless they say otherwise.
const CUSTOMER: &str = "customer";

/// What the party holds that a commitment is of.
const OPERATES: &str = "A/R";

/// What is told of a state's reasons.
const MOST: usize = 3;

/// An activity and the rows of its duties.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Entry {
    /// The activity's id.
    pub id: Arc<str>,
    /// Its number in its part of the document, from 1: what other parts call it by.
    pub number: u64,
    /// `customer` or a party's id.
    pub side: String,
    /// What is done.
    pub does: Arc<str>,
    /// The same in short, for rows that may begin a page.
    pub in_short: String,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// How often, or what calls for it.
    pub cadence: Option<Cadence>,
    /// Whether it happens by itself, where that is not what is usual on its side.
    pub unlike_usual: Option<DefaultState>,
    /// The number of its source.
    pub source_number: u64,
    /// The number of its condition.
    pub condition: Option<u64>,
    /// What shows that it was done.
    pub evidence: Arc<str>,
    /// Requirements that it answers, each as `PCI DSS 8.3.6`.
    #[serde(skip)]
    pub requirements: Arc<[String]>,
    /// At least one.
    pub rows: Vec<Row>,
}

/// Duties of one activity that agree in letters and state. One that is not met or excepted stands alone, since its row
/// counts resources.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Row {
    /// The id of its duty, or of the first.
    pub duty: Arc<str>,
    /// How many duties it stands for.
    pub duties: u64,
    /// Those of them that are on other modes of the service, which read the same: `1 on RDS Custom`.
    pub also: Option<String>,
    /// Where they hold, where the activity has other rows.
    pub scope: Option<String>,
    /// One a column; empty where a party holds none.
    pub letters: Vec<&'static str>,
    /// Their state.
    pub state: Standing,
    /// Resources that they hold for.
    pub resources: u64,
    /// Of those, shown undone.
    pub not_met: u64,
    /// Of those, undone and excused.
    pub excepted: u64,
    /// What stands before that: `Shown by`, or how much less it is.
    pub shown_as: &'static str,
    /// What shows the state, at most three: `Prowler s3_bucket_object_versioning, 14 November 2026`.
    pub shown_by: Vec<String>,
    /// Whether that is what the row right above says of the same state, too.
    pub shown_as_first: bool,
    /// How many more there are.
    pub shown_left_out: u64,
    /// Of what is unknown although something of it is shown: on how many resources, and what is missing on the others.
    pub open_because: Option<String>,
    /// The services that they are on, by their position in the Report, with how many of them.
    #[serde(skip)]
    pub on: Vec<(usize, u64)>,
    /// The ids of all of them, each with the position of its service.
    #[serde(skip)]
    pub all: Vec<(Arc<str>, usize)>,
    /// Where they hold, a deployment each.
    #[serde(skip)]
    scopes: Vec<Option<Arc<str>>>,
    /// The environments of these.
    #[serde(skip)]
    environments: BTreeSet<Arc<str>>,
}

impl Row {
    /// Whether its row counts resources.
    pub(super) fn counts_resources(&self) -> bool {
        matches!(self.state, Standing::NotMet | Standing::Excepted)
    }

    /// Lets it stand for the duties of another row, which agree in all that it prints.
    pub(super) fn stands_for(&mut self, other: &Self) {
        self.duties += other.duties;
        self.resources += other.resources;
        self.all.extend(other.all.iter().cloned());
        for (service, duties) in &other.on {
            match self.on.iter_mut().find(|(known, _)| known == service) {
                Some((_, count)) => *count += duties,
                None => self.on.push((*service, *duties)),
            }
        }
    }
}

/// A commitment as it is listed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Promise {
    /// The id of the commitment, or of the first.
    pub commitment: Arc<str>,
    /// How many commitments it stands for.
    pub commitments: u64,
    /// The party that does it, by its short name, where several operate what is in scope.
    pub by: Option<String>,
    /// The id of the party that does it, where that is not the provider alone.
    pub party: Option<Arc<str>>,
    /// In the common part, on how many services and modes it holds, where that is not all of the part's.
    pub services: Option<u64>,
    /// Whether it is the first of its party's in its list.
    pub begins: bool,
    /// The activity's id.
    pub id: Arc<str>,
    /// What is done.
    pub does: Arc<str>,
    /// Whether it happens by itself, where it does not.
    pub unlike_usual: Option<DefaultState>,
    /// The number of its source.
    pub source_number: u64,
    /// The number of its condition.
    pub condition: Option<u64>,
    /// Requirements that it answers, each as `PCI DSS 8.3.6`.
    #[serde(skip)]
    pub requirements: Arc<[String]>,
    /// The services that they are on, by their position in the Report, with how many of them.
    #[serde(skip)]
    pub on: Vec<(usize, u64)>,
}

/// The commitments among activities, as those of one service.
pub(super) fn promises(activities: &[Activity], service: usize, operators: &[Operator]) -> Vec<Promise> {
    activities
        .iter()
        .filter_map(|activity| {
            let is_done_by = |party: &str| {
                activity
                    .assignments
                    .iter()
                    .any(|held| *held.party == *party && held.letters == OPERATES)
            };
            let by = operators.iter().find(|operator| is_done_by(&operator.party));
            Some(Promise {
                commitment: activity.commitment.clone()?,
                commitments: 1,
                // Of one that operates everything nothing needs to be said.
                by: by.filter(|_| operators.len() > 1).map(|operator| operator.short.clone()),
                party: by.map(|operator| operator.party.clone()),
                services: None,
                begins: false,
                id: activity.id.clone(),
                does: activity.does.clone(),
                unlike_usual: unlike_usual(activity),
                source_number: activity.source_number,
                condition: activity.condition,
                requirements: activity.requirements.clone(),
                on: vec![(service, 1)],
            })
        })
        .collect()
}

/// The duties among activities, as those of one service. `cut_within`: the service's environments, where the report is cut to a
/// party: what holds in some of them alone says so, since the rows of the others may be left out.
pub(super) fn entries(activities: &[Activity], service: usize, columns: &[Column], cut_within: Option<&[String]>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for activity in activities {
        let Some(row) = row(activity, service, columns) else {
            continue;
        };
        let entry = match entries
            .last_mut()
            .filter(|last| last.id == activity.id && last.does == activity.does)
        {
            Some(entry) => entry,
            None => {
                entries.push(entry(activity));
                let last = entries.len() - 1;
                &mut entries[last]
            }
        };
        let alike = |other: &&mut Row| {
            let reads = |row: &Row| {
                let shows = (row.shown_by.clone(), row.shown_left_out, row.open_because.clone());
                (row.state, row.letters.clone(), shows)
            };
            !row.counts_resources() && reads(other) == reads(&row)
        };
        match entry.rows.iter_mut().find(alike) {
            Some(other) => {
                other.stands_for(&row);
                other.scopes.extend(row.scopes);
                other.environments.extend(row.environments);
            }
            None => entry.rows.push(row),
        }
    }
    for entry in &mut entries {
        let is_parted = entry.rows.len() > 1;
        for row in &mut entry.rows {
            let is_in_all = |all: &[String]| all.iter().all(|name| row.environments.contains(name.as_str()));
            let is_in_some = cut_within.is_some_and(|all| !row.environments.is_empty() && !is_in_all(all));
            row.scope = (is_parted || is_in_some).then(|| joined(&row.scopes));
        }
        // The same is what stands right above, and says the same of the state.
        let says = |row: &Row| {
            let shows = (row.shown_by.clone(), row.shown_left_out, row.open_because.clone());
            (row.state, row.shown_as, shows)
        };
        for at in 1..entry.rows.len() {
            entry.rows[at].shown_as_first = !entry.rows[at].shown_by.is_empty() && says(&entry.rows[at]) == says(&entry.rows[at - 1]);
        }
    }
    entries
}

fn entry(activity: &Activity) -> Entry {
    Entry {
        id: activity.id.clone(),
        number: 0,
        side: activity.side.clone(),
        does: activity.does.clone(),
        in_short: in_short(&activity.does),
        how: activity.how.clone(),
        cadence: activity.cadence,
        unlike_usual: unlike_usual(activity),
        source_number: activity.source_number,
        condition: activity.condition,
        evidence: activity.evidence.clone(),
        requirements: activity.requirements.clone(),
        rows: Vec::new(),
    }
}

fn row(activity: &Activity, service: usize, columns: &[Column]) -> Option<Row> {
    let shown = shown::in_short(activity);
    let shown_left_out = shown.len().saturating_sub(MOST) as u64;
    let duty = activity.duty.clone()?;
    Some(Row {
        all: vec![(duty.clone(), service)],
        duty,
        duties: 1,
        also: None,
        scope: None,
        letters: letters(&activity.assignments, columns),
        state: activity.state,
        resources: activity.resources,
        not_met: activity.resources_not_met,
        excepted: activity.resources_excepted,
        shown_as: shown::heading(activity),
        shown_by: shown.into_iter().take(MOST).collect(),
        shown_as_first: false,
        shown_left_out,
        open_because: shown::open_because(activity),
        on: vec![(service, 1)],
        scopes: vec![activity.scope.clone()],
        environments: activity.environment.iter().cloned().collect(),
    })
}

fn letters(held: &[PartyLetters], columns: &[Column]) -> Vec<&'static str> {
    let of = |column: &Column| held.iter().find(|held| held.party == column.party).map_or("", |held| held.letters);
    columns.iter().map(of).collect()
}

/// Letters of a text in short.
const SHORT: usize = 38;

/// The first words of a text.
fn in_short(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(SHORT) else {
        return text.to_owned();
    };
    let words = text[..end].rsplit_once(' ').map_or(&text[..end], |(words, _)| words);
    // A name between backticks stays whole or away.
    let words = match words.rfind('`') {
        Some(last) if words.matches('`').count() % 2 == 1 => &words[..last],
        _ => words,
    };
    format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '(']))
}

/// `dev; prod, cardholder data`.
pub(super) fn joined(scopes: &[Option<Arc<str>>]) -> String {
    let words = scopes.iter().map(|scope| scope.as_deref().unwrap_or("no environment named"));
    words.collect::<Vec<_>>().join("; ")
}

/// An activity's default, unless it is what a reader expects of its side.
fn unlike_usual(activity: &Activity) -> Option<DefaultState> {
    let usual = if activity.side == CUSTOMER {
        DefaultState::Build
    } else {
        DefaultState::Automatic
    };
    (activity.default != usual).then_some(activity.default)
}
