//! The Report arranged for pages: what templates print row by row, and nothing that the Report does not say.
//!
//! In: a [`Report`]. Out: a [`Page`]. An activity stands once and has a row for each deployment whose letters or state
//! differ; a row that stands for several duties says so, and what is told once for many services keeps its count.

mod answers;
mod artefacts;
mod assurance;
mod call;
mod changes;
mod findings;
mod halves;
mod handover;
mod labels;
mod laid_out;
mod lapsing;
mod met;
mod parties;
mod picture;
pub mod requirements;
mod rows;
mod section;
mod sections;
mod shared;
pub mod shown;
mod signing;
mod states;
mod to_come;

pub use answers::{AnswerLine, Answers, AnswersOn, RowsIn, SubjectPage};
pub use assurance::{Bar, BarPart};
pub use call::{Call, CallFor, CallLine};
pub use changes::{
    ChangeGroup, ChangeRow, ChangeSection, ChangeSum, ChangesPage, CommitmentGroup, CommitmentRow, FigureRow, FindingRow,
    heading as changes_heading,
};
pub use findings::FindingGroup;
pub use halves::{HalfHolder, HalfLine, Halves};
pub(super) use handover::in_short;
pub use handover::{HandoverDate, HandoverPage, MoveBand, MoveCount, MoveLine, OpenItem, StayCount};
pub use laid_out::{LaidColumn, LaidOut, LaidSheet};
pub use lapsing::LapsingLine;
pub use met::{MetLine, MetOn};
pub use parties::{AnswersFor, BrokenDuty, DutyAt, DutyLine, DutyOn, DutyPlace, PartyControl, PartyPage, ToShow};
pub use picture::{PictureColumn, PictureLayer, PicturePart, PictureRow};
pub use requirements::{
    AnsweredLine, FrameworkPage, HalfSentence, IndexEntry, IndexLine, PartyLine, ProviderLine, RequirementLine, RequirementNumber,
};
pub use rows::{Entry, Promise, Row};
pub use section::{Common, ControlPart, NotApplicable, NotMet, Section, SectionLink, StandsFor};
pub use signing::{Condition, Signatory, Signing};
pub use states::OfState;
pub use to_come::{ToCome, ToComeControl};

use super::model::{Artefact, Decision, Finding, Party, Report};
use super::references::operator_sources;
use super::request::Edition;
use crate::catalog::Severity;
use crate::inventory::PartyKind;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Rows that the sections of a page flow may print: some 250 pages, and a gigabyte to set them.
const MOST_PRINTED: u64 = 6_000;

/// Findings on the executive page: all high and overdue ones where that is so many, else those that come first.
const WORST: usize = 8;

/// Findings and decisions that the executive page takes.
const PRESSING: usize = 10;

/// Findings on the executive page where not so many are high or overdue.
const FEW: usize = 5;

/// A Report arranged for pages.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Page {
    /// The columns of the tables of who does what: parties that hold a letter of any duty.
    pub columns: Vec<Column>,
    /// Who operates what is in scope, where that is not the provider alone; empty where it is.
    pub operators: Vec<Operator>,
    /// Who does what the provider's side does, in a word for a heading: the short name of the one that operates everything.
    pub operated_by: String,
    /// The picture of the estate, services x controls, in parts that fit a page.
    pub picture: Vec<PicturePart>,
    /// The two halves of each control that carries duties, over all services; in the review edition alone.
    pub halves: Vec<Halves>,
    /// The frameworks that the inventory names, requirement by requirement; in the audit edition, and in that of a handover which
    /// is not planned.
    pub requirements: Vec<FrameworkPage>,
    /// The duties that are met, with what shows each; in the audit edition alone.
    pub met: Vec<MetOn>,
    /// What these are mapped to, each with every duty that answers; where the document prints no rows of duties, or they are too
    /// many, how many there are on each service.
    pub subjects: Vec<SubjectPage>,
    /// What is the same for many services and is told once.
    pub common: Vec<Common>,
    /// One for each service and mode; the account itself is last.
    pub sections: Vec<Section>,
    /// One for each party: what it does and answers for.
    pub parties: Vec<PartyPage>,
    /// What moves and what stays.
    pub handover: HandoverPage,
    /// Whom to call.
    pub call: Call,
    /// The artefacts that the document lists: all, unless they are more than a review has room for.
    pub artefacts: Vec<Artefact>,
    /// What attests duties today and lapses within ninety days, by day.
    pub lapsing: Vec<LapsingLine>,
    /// Every duty that is unknown, by what it waits for: from whom evidence is to come, for what, and by when.
    pub to_come: Vec<ToCome>,
    /// What must be so before anybody signs, and who signs for what.
    pub signing: Signing,
    /// What changed since an earlier result, where the user named one.
    pub changes: Option<ChangesPage>,
    /// A layout of requirements that a document shows; none in any other.
    pub laid_out: Option<LaidOut>,
    /// The files of the pack that a document introduces, in groups; none in any other.
    pub pack: Vec<PackGroup>,
    /// How far duties are shown: all of them, and those that each party does.
    pub assurance: Vec<Bar>,
    /// How many duties several parties do, so that they stand in several of the bars; none where there is one bar.
    pub done_by_several: u64,
    /// The findings that are told first, in the order of all: what is overdue and the worst.
    pub worst: Vec<Finding>,
    /// How many findings are high.
    pub high: u64,
    /// How many of those are among the findings that come first.
    pub worst_high: u64,
    /// What somebody must decide.
    pub decisions: Vec<Decision>,
    /// All findings, by their severity, worst first.
    pub findings: Vec<FindingGroup>,
    /// Whether there are commitments and no duties: of a provider's cut.
    pub promises_only: bool,
    /// How many rows the sections have to print.
    pub printed: u64,
    /// Whether there are more of them than a page flow can bear: then the sections tell their services in short, and the
    /// matrix as CSV, which a PDF carries with it, tells them all.
    pub in_short: bool,
}

/// Files of a pack that are for the same readers.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PackGroup {
    /// Who reads them.
    pub audience: String,
    /// What they tell.
    pub tells: String,
    /// The same in several formats.
    pub files: Vec<PackFile>,
}

/// A file of a pack.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PackFile {
    /// Its path in the pack.
    pub path: String,
    /// Its format, as printed.
    pub format: String,
}

/// Who operates a part of what is in scope.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Operator {
    /// Its id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// Its name for a narrow place.
    pub short: String,
    /// How many commitments are its.
    pub commitments: u64,
    /// What shows that it keeps them.
    pub assurance: Option<String>,
    /// The numbers of the sources that say that it operates what is in scope; none where nobody else could.
    pub sources: Vec<u64>,
}

/// A party's column.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
        let operators = operators(report);
        let (common, mut sections) = sections::sections(report, &columns, &operators);
        let printed = sections
            .iter()
            .flat_map(|section| &section.controls)
            .map(ControlPart::printed)
            .sum();
        let in_short = printed > MOST_PRINTED;
        let tells_rows = report.meta.edition == Edition::Audit.id() && !in_short;
        let (requirements, subjects) =
            if report.meta.edition == Edition::Audit.id() || (report.meta.edition == Edition::Handover.id() && !report.handover.planned) {
                let printed = answers::Printed::of(report, &common, &sections, tells_rows);
                requirements::frameworks(report, &printed, tells_rows)
            } else {
                (Vec::new(), Vec::new())
            };
        if !tells_rows {
            sections.iter_mut().for_each(|section| section.controls.clear());
        }
        let (mut parties, mut handover) = (parties::parties(report, !tells_rows), handover::handover(report));
        let is_handover = report.meta.edition == Edition::Handover.id() && handover.at_a_glance;
        let worst = worst(report);
        let assurance = if is_handover {
            assurance::handover_bars(&handover)
        } else {
            assurance::bars(report)
        };
        if report.meta.party.is_some() {
            parties.iter_mut().for_each(PartyPage::gather_what_to_show);
        }
        // The list of one party is never told in short.
        let lists = report.meta.edition == Edition::Handover.id() && (!in_short || report.meta.party.is_some());
        if !lists {
            let controls = parties.iter_mut().flat_map(|party| &mut party.controls);
            controls.for_each(|control| control.lines.clear());
            handover.moves.clear();
            handover.stays.clear();
        }
        Self {
            operated_by: match operators.as_slice() {
                [] => report.meta.provider_short.clone(),
                [one] => one.short.clone(),
                _ => "Operator".to_owned(),
            },
            operators,
            picture: picture::picture(report),
            halves: if report.meta.edition == Edition::Review.id() {
                halves::halves(report)
            } else {
                Vec::new()
            },
            requirements,
            subjects,
            met: if report.meta.edition == Edition::Audit.id() && !in_short {
                met::met(report)
            } else {
                Vec::new()
            },
            common,
            changes: report.changes.as_ref().map(|changes| changes::page(changes, report)),
            laid_out: None,
            pack: Vec::new(),
            parties,
            call: call::call(report),
            artefacts: artefacts::listed(report),
            lapsing: lapsing::lapsing(report),
            to_come: to_come::to_come(report),
            signing: signing::signing(report, is_handover),
            handover,
            done_by_several: assurance::done_by_several(report),
            assurance,
            findings: findings::groups(report),
            high: high(&report.findings),
            worst_high: high(&worst),
            decisions: report.summary.decisions.clone(),
            worst,
            promises_only: report.summary.duties.total == 0 && report.summary.commitments > 0,
            printed,
            in_short,
            sections,
            columns,
        }
    }
}

fn high(findings: &[Finding]) -> u64 {
    findings.iter().filter(|finding| finding.severity == Severity::High).count() as u64
}

/// The findings of the executive page, in the order of all: what is overdue, since somebody let its day pass, and what is high.
fn worst(report: &Report) -> Vec<Finding> {
    let mut all: Vec<(usize, &Finding)> = report.findings.iter().enumerate().collect();
    all.sort_by_key(|(_, finding)| !finding.overdue);
    let is_pressing = |finding: &Finding| finding.overdue || finding.severity == Severity::High;
    let pressing = all.iter().filter(|(_, finding)| is_pressing(finding)).count();
    // What is to be decided stands on the same page, and so does a longer line of contents where changes are told.
    let others = report.summary.decisions.len() + if report.changes.is_some() { 2 } else { 0 };
    let most = PRESSING.saturating_sub(others).clamp(FEW, WORST);
    all.truncate(pressing.clamp(FEW, most));
    all.sort_by_key(|(position, _)| *position);
    all.into_iter().map(|(_, finding)| finding.clone()).collect()
}

/// The providers that have commitments, unless it is the cloud's own alone: that one is the first of the parties.
fn operators(report: &Report) -> Vec<Operator> {
    let operating = |party: &&Party| party.kind == PartyKind::Provider && party.commitments > 0;
    if !report.parties.iter().skip(1).any(|party| operating(&party)) {
        return Vec::new();
    }
    let operators = report.parties.iter().filter(operating).map(|party| Operator {
        party: party.id.as_str().into(),
        name: party.name.clone(),
        short: party.short.clone(),
        commitments: party.commitments,
        assurance: report
            .duties
            .iter()
            .find(|known| *known.party == *party.id)
            .and_then(|known| known.assurance.clone()),
        sources: operator_sources(&report.sources, &party.id),
    });
    operators.collect()
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
