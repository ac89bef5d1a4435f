//! The Report's fields: its wire format, apart from the join's own types. Their names are a public contract;
//! `schema_version` changes when one changes its meaning.

mod assurance;
mod document;
mod duties;
mod evidence;
mod findings;
mod handover;
mod requirements;
mod services;
mod standing;
mod summary;

use crate::changes::Changes;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

pub use assurance::*;
pub use document::*;
pub use duties::*;
pub use evidence::*;
pub use findings::*;
pub use handover::*;
pub use requirements::*;
pub use services::*;
pub use standing::*;
pub use summary::*;

/// Version of the Report's format.
pub const SCHEMA_VERSION: u32 = 2;

/// A responsibility report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Report {
    /// Version of this format.
    pub schema_version: u32,
    /// What the document is.
    pub meta: Meta,
    /// Branding.
    pub theme: Theme,
    /// The facts on the cover, in order.
    pub cover_facts: Vec<Fact>,
    /// What is in scope.
    pub scope: Scope,
    /// What it lacks, where it was made from imported files alone.
    pub partial: Option<Partial>,
    /// What counts as deployed though a condition of a template may keep it from being it.
    pub conditional: Vec<ConditionalGroup>,
    /// What changed since an earlier result that the user named.
    pub changes: Option<Changes>,
    /// The columns of the matrix: providers first.
    pub parties: Vec<Party>,
    /// The figures.
    pub summary: Summary,
    /// The layered stack, top to bottom: how many services lie in whose hands.
    pub stack: Vec<StackLayer>,
    /// The services x controls matrix, in parts that fit a page.
    pub matrix: Vec<MatrixPart>,
    /// One for each service and mode; the account itself is last.
    pub services: Vec<Service>,
    /// For each party the duties that it does or answers for.
    pub duties: Vec<Duties>,
    /// What the provider does; never counted as duties.
    pub commitments: Vec<CommitmentMade>,
    /// What is undone, overdue or unclear, worst first.
    pub findings: Vec<Finding>,
    /// How bad a finding is, and until when it must be mended: the rule.
    pub severity: SeverityRules,
    /// The handover: what moves, what stays, and what a takeover needs.
    pub handover: Handover,
    /// What is deployed, one a row, sorted: at most 10,000.
    pub resources: Vec<Resource>,
    /// How many resources beyond that are counted everywhere but not listed.
    pub resources_left_out: u64,
    /// Resources that belong to no service of the catalog.
    pub unclassified: Vec<Unclassified>,
    /// Imported resources of other providers.
    pub out_of_scope: Vec<OutOfScope>,
    /// What is knowingly not done.
    pub exceptions: Vec<Exception>,
    /// What a user's overlay changes in the catalog.
    pub overlays: Vec<Overlay>,
    /// Conditions of activities, numbered.
    pub conditions: Vec<Condition>,
    /// What the report takes for granted, in sentences.
    pub assumptions: Vec<String>,
    /// The forms of each deployed service that count only where a resource's attributes name them.
    pub rare_forms: Vec<String>,
    /// The evidence to keep, and what the inventory names of it.
    pub evidence: Vec<Evidence>,
    /// Evidence that the inventory names.
    pub artefacts: Vec<Artefact>,
    /// What was looked at, by scanner and by party.
    pub assurance: Assurance,
    /// The frameworks that the inventory names, requirement by requirement.
    pub requirements: Vec<FrameworkRows>,
    /// What their requirements are mapped to, by name.
    pub subjects: Vec<Subject>,
    /// The pages that support the facts, numbered.
    pub sources: Vec<Source>,
    /// The guides that they are pages of.
    pub source_guides: Vec<SourceGuide>,
    /// The checklist: one line a control with customer duties.
    pub checklist: Vec<ChecklistLine>,
    /// Service models, for the glossary.
    pub models: Vec<Model>,
    /// The document's history.
    pub revisions: Vec<Revision>,
}
