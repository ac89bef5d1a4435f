//! The figures, the layered stack and the matrix of services and controls.

use super::standing::Standing;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The figures.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Summary {
    /// What the figures mean for who signs: what is open and overdue, and what rests on somebody's word. It claims nothing that
    /// the figures do not say.
    pub judgement: String,
    /// One sentence that names the parties.
    pub verdict: String,
    /// Services and modes in scope, the account itself included: one for each of the Report's `services`.
    pub services: u64,
    /// Services in scope, whatever their modes.
    pub products: u64,
    /// Deployed resources, counts included; the accounts themselves are none of them.
    pub resources: u64,
    /// Accounts whose own duties are stated: with the resources they add up to those of all services.
    pub accounts: u64,
    /// Resources that only support others.
    pub supporting: u64,
    /// What some of these are called, as many as a line takes.
    pub supporting_names: Vec<String>,
    /// How many further names there are.
    pub supporting_more: u64,
    /// Duties, each on one deployment, by state.
    pub duties: StateCounts,
    /// The same in words: `5 not met, 30 unknown, 1 excepted, 377 attested, 12 met`.
    pub in_words: String,
    /// Of the duties attested, those that nobody vouches for but who does them.
    pub attested_by_doer: u64,
    /// Of the duties attested, those whose evidence no longer counted when the report was issued: on the day on which the last
    /// source was read, where that is later than the day that the report is true for.
    pub lapsed_at_issue: u64,
    /// Of the duties not met, those that concern classified data: of a class that makes a finding worse by the rule of severity.
    pub not_met_on_data: u64,
    /// The classes of that data.
    pub classified: Vec<String>,
    /// The provider's commitments, each on one service and mode; no duties.
    pub commitments: u64,
    /// Controls, once a service and mode.
    pub controls: ControlTypes,
    /// Findings.
    pub findings: u64,
    /// Resources that belong to no service of the catalog.
    pub unclassified: u64,
    /// Sources by freshness.
    pub sources: SourceCounts,
    /// Services, duties and commitments by service model.
    pub by_model: Vec<ModelCount>,
    /// Services in whose hands each control lies, in the order of the matrix.
    pub by_control: Vec<ControlCount>,
    /// What somebody must decide.
    pub decisions: Vec<Decision>,
}

/// Duties by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StateCounts {
    /// All of them.
    pub total: u64,
    /// Shown on every resource.
    pub met: u64,
    /// Vouched for.
    pub attested: u64,
    /// Broken on at least one resource.
    pub not_met: u64,
    /// Excused where broken.
    pub excepted: u64,
    /// Not shown.
    pub unknown: u64,
}

impl StateCounts {
    /// The states that there are, with how many in each, worst first.
    pub(crate) fn in_words(&self) -> String {
        let parts = [
            (self.not_met, "not met"),
            (self.unknown, "unknown"),
            (self.excepted, "excepted"),
            (self.attested, "attested"),
            (self.met, "met"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(count, word)| format!("{} {word}", crate::report::grouped(*count)))
            .collect();
        parts.join(", ")
    }

    /// Counts a duty in its state.
    pub(crate) fn add(&mut self, state: Standing) {
        self.add_all(state, 1);
    }

    /// Counts what others count.
    pub(crate) fn unite(&mut self, others: &Self) {
        for (state, duties) in [
            (Standing::Met, others.met),
            (Standing::Attested, others.attested),
            (Standing::NotMet, others.not_met),
            (Standing::Excepted, others.excepted),
            (Standing::Unknown, others.unknown),
        ] {
            self.add_all(state, duties);
        }
    }

    /// Counts duties in their state.
    pub(crate) fn add_all(&mut self, state: Standing, duties: u64) {
        self.total += duties;
        *match state {
            Standing::Met => &mut self.met,
            Standing::Attested => &mut self.attested,
            Standing::NotMet => &mut self.not_met,
            Standing::Excepted => &mut self.excepted,
            Standing::Unknown | Standing::Inherited => &mut self.unknown,
        } += duties;
    }
}

/// Controls by their type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ControlTypes {
    /// Wholly the provider's or an operator's.
    pub inherited: u64,
    /// Each side has a part.
    pub shared: u64,
    /// The customer's, be it with a partner: the provider has no part.
    pub customer_specific: u64,
    /// A partner's alone.
    pub partner_specific: u64,
    /// Do not apply.
    pub not_applicable: u64,
}

/// Sources by freshness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SourceCounts {
    /// All of them.
    pub total: u64,
    /// Read within a year before the report's date.
    pub fresh: u64,
    /// Read longer ago.
    pub stale: u64,
    /// Read after the report's date.
    pub later: u64,
    /// Never read.
    pub unverified: u64,
    /// The last day on which any of them was read.
    pub last_read: Option<Arc<str>>,
}

/// What somebody must decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Decision {
    /// `question`, `exception`, `evidence`, `unclassified`, `mode`, `assignment` or `handover`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
    /// Who holds A and R, as printed, where it is about a duty; else who has to decide.
    pub owner: Option<String>,
    /// Until when it must be decided.
    pub due: Option<String>,
    /// Whether that is over.
    pub overdue: bool,
    /// The id of the finding that calls for it.
    pub finding: Option<String>,
    /// The duty that it is about, and that is unknown until it is decided.
    pub duty: Option<Arc<str>>,
    /// The section of its service.
    pub anchor: Option<String>,
    /// Names of the resources concerned, at most twenty.
    pub resources: Vec<String>,
    /// `file:line:column`.
    pub place: Option<String>,
}

/// Duties that one party answers for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PartyCount {
    /// Id.
    pub party: Arc<str>,
    /// As printed.
    pub name: String,
    /// How many.
    pub duties: u64,
}

/// One service model in figures.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ModelCount {
    /// Its id.
    pub model: String,
    /// Its name.
    pub name: String,
    /// Services and modes of it.
    pub services: u64,
    /// Controls that are wholly the provider's, counted once for each service and mode.
    pub inherited: u64,
    /// Controls of which each side has a part, counted the same way.
    pub shared: u64,
    /// Controls that are the customer's, be it with a partner, counted the same way.
    pub customer_specific: u64,
    /// Controls that are a partner's alone, counted the same way.
    pub partner_specific: u64,
    /// The provider's commitments.
    pub commitments: u64,
    /// Duties.
    pub duties: u64,
}

/// In whose hands a control lies.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ControlCount {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// Services on which only the customer acts.
    pub customer: u64,
    /// Services on which both act.
    pub shared: u64,
    /// Services on which only the provider or an operator acts.
    pub provider: u64,
    /// Services to which it does not apply.
    pub not_applicable: u64,
    /// Services with a duty of it that is not met.
    pub not_met: u64,
    /// Whether it is what somebody is called for at any hour.
    pub urgent: bool,
}

/// One layer of the stack.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StackLayer {
    /// Its id.
    pub layer: String,
    /// As printed.
    pub title: String,
    /// Services on which only the customer acts.
    pub customer: u64,
    /// Services on which both act.
    pub shared: u64,
    /// Services on which only the provider or an operator acts.
    pub provider: u64,
    /// All of these together.
    pub services: u64,
}

/// A part of the matrix that fits a page.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MatrixPart {
    /// From 1.
    pub number: u64,
    /// How many parts there are.
    pub of: u64,
    /// Services.
    pub columns: Vec<MatrixColumn>,
    /// Controls.
    pub rows: Vec<MatrixRow>,
}

/// A service of the matrix.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MatrixColumn {
    /// The service's id.
    pub service: String,
    /// The mode's id.
    pub mode: Option<String>,
    /// Short enough for a heading.
    pub label: String,
    /// The service's section.
    pub anchor: String,
}

/// A control of the matrix.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MatrixRow {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// Which run of controls of one layer it belongs to, from 0: what a picture sets apart.
    pub group: u64,
    /// Services of this part on which only the customer acts.
    pub customer: u64,
    /// Services of this part on which both act.
    pub shared: u64,
    /// Services of this part on which only the provider or an operator acts.
    pub provider: u64,
    /// Services of this part to which it does not apply.
    pub not_applicable: u64,
    /// Services of this part with a duty of it that is not met.
    pub not_met: u64,
    /// One a column.
    pub cells: Vec<MatrixCell>,
}

/// One control on one service.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct MatrixCell {
    /// `P`, `C`, `S`, or a dash where it does not apply.
    pub letter: &'static str,
    /// Whether a duty of it is not met.
    pub not_met: bool,
}
