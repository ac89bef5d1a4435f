//! A Report and its page as templates see them.
//!
//! In: a Report, its page, and whether templates are a user's own. Out: their values. The built-in templates print what the
//! page has arranged, and never the activities and duties that it is made from, which are the bulk of a Report; only a
//! template of the user's may ask for those.

use super::Templates;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::report::page::Page;
use crate::report::{
    AccessChange, Artefact, Assurance, Blocker, ChecklistLine, Condition, ConditionalGroup, Edition, Evidence, Exception, ExitTask, Fact,
    Finding, MatrixPart, Meta, Model, OutOfScope, Overlay, Partial, Party, Report, Revision, Runbook, Scope, SeverityRules, Source,
    SourceGuide, StackLayer, Summary, Theme, Unclassified,
};
use serde::Serialize;
use tera::Value;

/// A Report and its page as templates see them: converted once, and shared by all that is rendered from them.
#[derive(Debug)]
pub struct View {
    pub(super) report: Value,
    pub(super) page: Value,
}

impl View {
    /// Converts a Report and its page.
    ///
    /// # Errors
    /// None that can be caused from outside; the type only says so.
    pub fn of(report: &Report, page: &Page, templates: &Templates) -> Outcome<Self> {
        let value = |result: Result<Value, tera::Error>| {
            result.map_err(|error| {
                vec![Diagnostic::new(
                    Code::TemplateError,
                    format!("cannot show the report to templates: {error}"),
                )]
            })
        };
        let report = if templates.overridden {
            Value::try_from_serializable(report)
        } else {
            Value::try_from_serializable(&Printed::of(report))
        };
        Ok(Self {
            report: value(report)?,
            page: value(Value::try_from_serializable(page))?,
        })
    }
}

/// What `page.typ` reads as `report.json`: what a cover and running heads may tell. The lists of the Report are in the
/// body already, and Typst would spend as much time on reading them as on setting a tenth of the pages.
#[derive(Serialize)]
pub(in crate::render) struct Cover<'a> {
    schema_version: u32,
    meta: &'a Meta,
    theme: &'a Theme,
    cover_facts: &'a [Fact],
    scope: &'a Scope,
    parties: &'a [Party],
    summary: &'a Summary,
}

impl<'a> Cover<'a> {
    pub(in crate::render) fn of(report: &'a Report) -> Self {
        Self {
            schema_version: report.schema_version,
            meta: &report.meta,
            theme: &report.theme,
            cover_facts: &report.cover_facts,
            scope: &report.scope,
            parties: &report.parties,
            summary: &report.summary,
        }
    }
}

/// What the built-in templates print of a Report beside its page.
#[derive(Serialize)]
struct Printed<'r> {
    #[serde(flatten)]
    cover: Cover<'r>,
    partial: Option<&'r Partial>,
    conditional: &'r [ConditionalGroup],
    stack: &'r [StackLayer],
    matrix: &'r [MatrixPart],
    findings: &'r [Finding],
    severity: &'r SeverityRules,
    handover: Passing<'r>,
    unclassified: &'r [Unclassified],
    out_of_scope: &'r [OutOfScope],
    exceptions: &'r [Exception],
    overlays: &'r [Overlay],
    conditions: &'r [Condition],
    assumptions: &'r [String],
    rare_forms: &'r [String],
    evidence: &'r [Evidence],
    artefacts: &'r [Artefact],
    assurance: &'r Assurance,
    sources: &'r [Source],
    source_guides: &'r [SourceGuide],
    checklist: &'r [ChecklistLine],
    models: &'r [Model],
    revisions: &'r [Revision],
    resources_left_out: u64,
}

/// From whom to whom, when, and what a takeover needs beside the duties.
#[derive(Serialize)]
struct Passing<'r> {
    planned: bool,
    from: Option<&'r str>,
    to: Option<&'r str>,
    to_party: Option<&'r str>,
    date: Option<&'r str>,
    access: &'r [AccessChange],
    runbooks: &'r [Runbook],
    exit: &'r [ExitTask],
    blockers: &'r [Blocker],
}

impl<'r> Printed<'r> {
    fn of(report: &'r Report) -> Self {
        let is_audit = report.meta.edition == Edition::Audit.id();
        Self {
            cover: Cover::of(report),
            partial: report.partial.as_ref(),
            conditional: &report.conditional,
            stack: &report.stack,
            matrix: &report.matrix,
            findings: &report.findings,
            severity: &report.severity,
            handover: Passing {
                planned: report.handover.planned,
                from: report.handover.from.as_deref(),
                to: report.handover.to.as_deref(),
                to_party: report.handover.to_party.as_deref(),
                date: report.handover.date.as_deref(),
                access: &report.handover.access,
                runbooks: &report.handover.runbooks,
                exit: &report.handover.exit,
                blockers: &report.handover.blockers,
            },
            unclassified: &report.unclassified,
            out_of_scope: &report.out_of_scope,
            exceptions: &report.exceptions,
            overlays: &report.overlays,
            conditions: &report.conditions,
            assumptions: &report.assumptions,
            rare_forms: &report.rare_forms,
            evidence: &report.evidence,
            artefacts: &report.artefacts,
            assurance: &report.assurance,
            // Other editions count them by guide.
            sources: if is_audit { &report.sources } else { &[] },
            source_guides: &report.source_guides,
            checklist: &report.checklist,
            models: &report.models,
            revisions: &report.revisions,
            resources_left_out: report.resources_left_out,
        }
    }
}
