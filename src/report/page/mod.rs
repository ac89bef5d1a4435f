//! The Report arranged for pages: what templates print row by row, and nothing that the Report does not say.
//!
//! In: a [`Report`]. Out: a [`Page`]. An activity stands once and has a row for each deployment whose letters or state
//! differ; a row that stands for several duties says so, and what is told once for many services keeps its count.

mod assurance;
mod findings;
mod handover;
mod labels;
mod parties;
mod rows;
mod sections;
mod shared;

pub use assurance::{Bar, BarPart};
pub use findings::FindingGroup;
pub use handover::{HandoverPage, MoveCount, MoveLine};
pub use parties::{AnswersFor, DutyLine, DutyPlace, PartyControl, PartyPage};
pub use rows::{Entry, Promise, Row};
pub use sections::{Common, ControlPart, NotApplicable, NotMet, Section, SectionLink};

use super::model::{Finding, Report};
use super::request::Edition;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Rows that the sections of a page flow may print: some 250 pages, and a gigabyte to set them.
const MOST_PRINTED: u64 = 6_000;

/// Findings on the executive page.
const WORST: usize = 5;

/// A Report arranged for pages.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page {
    /// The columns of the tables of who does what: parties that hold a letter of any duty.
    pub columns: Vec<Column>,
    /// What is the same for many services and is told once.
    pub common: Vec<Common>,
    /// One for each service and mode; the account itself is last.
    pub sections: Vec<Section>,
    /// One for each party: what it does and answers for.
    pub parties: Vec<PartyPage>,
    /// What moves and what stays.
    pub handover: HandoverPage,
    /// How far duties are shown: all of them, and those that each party does.
    pub assurance: Vec<Bar>,
    /// The findings that come first.
    pub worst: Vec<Finding>,
    /// All findings, by their severity, worst first.
    pub findings: Vec<FindingGroup>,
    /// How many rows the sections have to print.
    pub printed: u64,
    /// Whether there are more of them than a page flow can bear: then the sections tell their services in short, and the
    /// matrix as CSV, which a PDF carries with it, tells them all.
    pub in_short: bool,
}

/// A party's column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Column {
    /// Its id.
    pub party: Arc<str>,
    /// As printed.
    pub short: String,
}

impl Page {
    /// Arranges a Report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let columns = columns(report);
        let (common, mut sections) = sections::sections(report, &columns);
        let printed = sections
            .iter()
            .flat_map(|section| &section.controls)
            .map(ControlPart::printed)
            .sum();
        let in_short = printed > MOST_PRINTED;
        if in_short || report.meta.edition != Edition::Audit.id() {
            sections.iter_mut().for_each(|section| section.controls.clear());
        }
        let (mut parties, mut handover) = (parties::parties(report), handover::handover(report));
        // The list of one party is never told in short.
        let lists = report.meta.edition == Edition::Handover.id() && (!in_short || report.meta.party.is_some());
        if !lists {
            let controls = parties.iter_mut().flat_map(|party| &mut party.controls);
            controls.for_each(|control| control.lines.clear());
            handover.moves.clear();
            handover.stays.clear();
        }
        Self {
            common,
            parties,
            handover,
            assurance: assurance::bars(report),
            findings: findings::groups(report),
            worst: report.findings.iter().take(WORST).cloned().collect(),
            printed,
            in_short,
            sections,
            columns,
        }
    }
}

fn columns(report: &Report) -> Vec<Column> {
    let parties = report.parties.iter();
    parties
        .filter(|party| {
            let figures = &party.duties;
            figures.responsible.total + figures.accountable.total + party.consulted + party.informed > 0
        })
        .map(|party| Column {
            party: party.id.as_str().into(),
            short: party.short.clone(),
        })
        .collect()
}
