//! The Report's fields. Their names are a public contract; `schema_version` changes when one changes its meaning.

use crate::catalog::{ControlType, DefaultState, Level, Severity};
use crate::inventory::PartyKind;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Version of the Report's format.
pub const SCHEMA_VERSION: u32 = 1;

/// A responsibility report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
    /// The columns of the matrix: providers first.
    pub parties: Vec<Party>,
    /// The figures.
    pub summary: Summary,
    /// The layered stack, top to bottom: how many services lie in whose hands.
    pub stack: Vec<StackLayer>,
    /// The services x controls matrix, in parts that fit a page.
    pub matrix: Vec<MatrixPart>,
    /// What is the same for every service in scope, or for every service of a model, and is told once.
    pub common: Vec<Common>,
    /// One for each service and mode; the account itself is last.
    pub services: Vec<Service>,
    /// For each party all that it must do.
    pub duties: Vec<Duties>,
    /// What is undone, overdue or unclear, worst first.
    pub findings: Vec<Finding>,
    /// Duties that move at the handover; none without one.
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
    /// The evidence to keep, and what the inventory names of it.
    pub evidence: Vec<Evidence>,
    /// Evidence that the inventory names.
    pub artefacts: Vec<Artefact>,
    /// Controls to the requirement ids of frameworks.
    pub crosswalk: Crosswalk,
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

/// What the document is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Meta {
    /// Title.
    pub title: String,
    /// A line below it.
    pub subtitle: String,
    /// The customer.
    pub organization: Option<String>,
    /// The system.
    pub system: Option<String>,
    /// Version of the document.
    pub version: Option<String>,
    /// The date that it is true for, YYYY-MM-DD.
    pub as_of: String,
    /// Such as `Confidential`.
    pub classification: Option<String>,
    /// `audit`, `review` or `handover`.
    pub edition: String,
    /// As printed.
    pub edition_title: String,
    /// Whether it is a draft; `edition_title` says so, too.
    pub draft: bool,
    /// Whether pseudonyms stand for accounts, resources and people; `edition_title` says so, too.
    pub redacted: bool,
    /// The party that the report is cut to.
    pub party: Option<String>,
    /// The catalog's name and version.
    pub catalog_version: String,
    /// The program's version.
    pub tool_version: String,
    /// As printed.
    pub prepared_by: Option<String>,
    /// As printed.
    pub prepared_for: Option<String>,
    /// Language of the texts.
    pub language: String,
    /// The provider's name.
    pub provider: String,
    /// The provider's short name.
    pub provider_short: String,
    /// How many activities the sections have to print.
    pub printed: u64,
    /// Whether there are more of them than a page flow can bear: then the sections tell their services in short, and the
    /// matrix as CSV, which a PDF carries with it, tells them all.
    pub in_short: bool,
    /// False where the output is one stream, so that no pictures can lie beside it.
    pub pictures: bool,
    /// What the names of pictures begin with.
    pub picture_prefix: String,
}

/// Branding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Theme {
    /// Name of the logo's file among the templates' files.
    pub logo: Option<String>,
    /// `#rrggbb`.
    pub accent: String,
    /// Text at the foot of each page.
    pub footer: Option<String>,
    /// The family of the font, where it is another than the built-in one.
    pub font: Option<String>,
}

/// A labelled value.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// What is in scope.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Scope {
    /// Accounts, by number.
    pub accounts: Vec<Account>,
    /// Regions.
    pub regions: Vec<String>,
    /// Environments.
    pub environments: Vec<String>,
    /// Data classes.
    pub data: Vec<String>,
    /// The files that the inventory was made from.
    pub inputs: Vec<String>,
}

/// An account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// As printed.
    pub name: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Resources in it.
    pub resources: u64,
}

/// A party.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Party {
    /// Unique.
    pub id: String,
    /// As printed.
    pub name: String,
    /// For column headings.
    pub short: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// How to reach it.
    pub contact: Option<String>,
    /// Role names.
    pub people: Vec<String>,
    /// How many activities it holds which letter of.
    pub counts: LetterCounts,
}

/// How many activities a party holds which letter of.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
pub struct LetterCounts {
    /// R, alone or with A.
    pub responsible: u64,
    /// A, alone or with R.
    pub accountable: u64,
    /// C.
    pub consulted: u64,
    /// I.
    pub informed: u64,
}

/// The figures.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Summary {
    /// Services and modes in scope, the account itself included: one for each of the Report's `services`.
    pub services: u64,
    /// Services in scope, whatever their modes.
    pub products: u64,
    /// Deployed resources, counts included.
    pub resources: u64,
    /// Resources that only support others.
    pub supporting: u64,
    /// Activities over all services.
    pub activities: u64,
    /// Controls, over all services, that are wholly the provider's or an operator's.
    pub inherited: u64,
    /// Controls of which each side has a part.
    pub shared: u64,
    /// Controls that are wholly the customer's.
    pub customer_specific: u64,
    /// Controls that do not apply.
    pub not_applicable: u64,
    /// Findings.
    pub findings: u64,
    /// Of the findings, those that are customer duties undone.
    pub duties_not_met: u64,
    /// Of those, those that concern classified data.
    pub duties_not_met_on_data: u64,
    /// Customer activities that the inventory shows done.
    pub met: u64,
    /// Customer activities that the inventory cannot show.
    pub unknown: u64,
    /// Resources that belong to no service of the catalog.
    pub unclassified: u64,
    /// Sources reviewed within a year before the report's date, older, and never.
    pub sources_fresh: u64,
    /// Sources last reviewed more than a year before the report's date.
    pub sources_stale: u64,
    /// Sources that nobody could read.
    pub sources_unverified: u64,
    /// Activities by owning side.
    pub by_side: Vec<SideCount>,
    /// Activities by the party that answers for them.
    pub by_party: Vec<PartyCount>,
    /// Services and activities by service model.
    pub by_model: Vec<ModelCount>,
    /// Services in whose hands each control lies, in the order of the matrix.
    pub by_control: Vec<ControlCount>,
}

/// Activities of one side.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SideCount {
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// How many.
    pub activities: u64,
}

/// Activities that one party answers for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartyCount {
    /// Id.
    pub party: String,
    /// As printed.
    pub name: String,
    /// How many.
    pub activities: u64,
}

/// One service model in figures.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ModelCount {
    /// Its id.
    pub model: String,
    /// Its name.
    pub name: String,
    /// Services and modes of it.
    pub services: u64,
    /// Controls a service that are wholly the provider's, on average, to one decimal.
    pub inherited: f64,
    /// Controls a service of which each side has a part, on average.
    pub shared: f64,
    /// Controls a service that are wholly the customer's, on average.
    pub customer_specific: f64,
    /// The provider's activities.
    pub provider: u64,
    /// The customer's activities.
    pub customer: u64,
}

/// In whose hands a control lies.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
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
}

/// One layer of the stack.
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatrixCell {
    /// `P`, `C`, `S`, or a dash where it does not apply.
    pub letter: &'static str,
    /// Whether a duty of it is not met.
    pub not_met: bool,
}

/// What is told once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Common {
    /// `every`, or a service model's id.
    pub model: String,
    /// Heading.
    pub title: String,
    /// How many services it holds for.
    pub services: u64,
    /// In the order of the catalog.
    pub controls: Vec<Control>,
}

/// A service in one mode.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Service {
    /// The service's id.
    pub service: String,
    /// The mode's id.
    pub mode: Option<String>,
    /// False where the inventory does not settle the mode of some of its resources.
    pub mode_known: bool,
    /// The attributes that would settle it.
    pub settled_by: Vec<String>,
    /// The product's name.
    pub name: String,
    /// The mode's name.
    pub mode_name: Option<String>,
    /// Heading: product and mode.
    pub title: String,
    /// What links to the section lead to.
    pub anchor: String,
    /// What it is.
    pub about: String,
    /// The service model's id.
    pub model: String,
    /// The service model's name.
    pub model_name: String,
    /// Why the split is as it is.
    pub why: String,
    /// `retired` or `closed-to-new`, with the date.
    pub lifecycle: Option<String>,
    /// How many are deployed.
    pub resources: u64,
    /// How many resources only support others.
    pub supporting: u64,
    /// Names of the resources, at most twelve.
    pub names: Vec<String>,
    /// How many names are left out.
    pub names_left_out: u64,
    /// Accounts, by name where there is one.
    pub accounts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Environments.
    pub environments: Vec<String>,
    /// Data classes.
    pub data: Vec<String>,
    /// The short split: what the provider does.
    pub provider_does: Vec<String>,
    /// The short split: what the customer does.
    pub customer_does: Vec<String>,
    /// The provider's activities.
    pub provider_activities: u64,
    /// The customer's activities.
    pub customer_activities: u64,
    /// Duties not met.
    pub not_met: u64,
    /// Activities of this service that the common part tells.
    pub told_once: u64,
    /// Whether its section begins a page. Pages that begin anew are set side by side on the processor's cores.
    pub new_page: bool,
    /// The service's first section, where it has several modes and this is a later one.
    pub first: Option<SectionLink>,
    /// Activities that are as in that first section.
    pub as_in_first: u64,
    /// The parties that answer for the customer's activities, with how many each.
    pub accountable: Vec<PartyCount>,
    /// Customer duties that are not met.
    pub gaps: Vec<Gap>,
    /// All controls, in the order of the catalog.
    pub controls: Vec<Control>,
    /// Controls that do not apply, with reasons.
    pub not_applicable: Vec<NotApplicable>,
}

/// A link to a section.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SectionLink {
    /// Its heading.
    pub title: String,
    /// What links to it lead to.
    pub anchor: String,
}

/// A customer duty that is not met.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Gap {
    /// The control, as printed.
    pub control_title: String,
    /// What is to be done.
    pub does: Arc<str>,
    /// The parties' short names: A and R.
    pub holders: String,
    /// Resources shown undone.
    pub not_met: u64,
    /// Resources that it holds for.
    pub of: u64,
}

/// A control that does not apply to a service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotApplicable {
    /// As printed.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// A control on a service.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Control {
    /// Its id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// The layer's id.
    pub layer: String,
    /// The layer, as printed.
    pub layer_title: String,
    /// Its type; none where it does not apply.
    #[serde(rename = "type")]
    pub control_type: Option<ControlType>,
    /// Why it does not apply.
    pub not_applicable: Option<String>,
    /// A few requirement ids, for the band.
    pub requirements: Vec<String>,
    /// Whether the service's section has anything to print of it.
    pub shown: bool,
    /// Where all activities of a side are assigned alike, but differently for different deployments: the letters, once.
    pub scoped_letters: Vec<ScopedLetters>,
    /// Its activities.
    pub activities: Vec<Activity>,
    /// The rows that the service's section prints: its shown activities, those of the provider that are alike together.
    pub lines: Vec<Line>,
}

/// A printed row of the table of who does what.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line {
    /// What is done: one activity, or several that share everything else.
    pub parts: Vec<LinePart>,
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// Whether the letters stand under the control's heading.
    pub letters_above: bool,
    /// One a party, in their order; all empty where the letters stand under the control's heading.
    pub letters: Vec<&'static str>,
    /// The deployments that it holds for, where they differ and the letters do not stand above.
    pub scope: Option<String>,
    /// What the inventory attests.
    pub state: ShownState,
}

/// One activity of a printed row.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LinePart {
    /// What is done.
    pub does: Arc<str>,
    /// Whether it happens by itself, where that is not what is usual on its side: a provider's activity is automatic, a
    /// customer's must be built.
    pub unlike_usual: Option<DefaultState>,
    /// The number of its source.
    pub source_number: u64,
    /// The number of its condition.
    pub condition: Option<u64>,
}

/// The letters of all activities of one side of a control, on some deployments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScopedLetters {
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// The deployments.
    pub scope: String,
    /// One a party, in their order; empty where a party holds none.
    pub letters: Vec<&'static str>,
}

/// An activity on the resources that share one assignment of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Activity {
    /// Unique in the catalog.
    pub id: Arc<str>,
    /// `provider`, `customer` or a party's id.
    pub side: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// What the inventory attests.
    pub state: ActivityState,
    /// As printed: the state, `inherited` for others' activities, `attest` where only evidence can show it.
    pub state_label: &'static str,
    /// Resources that it holds for, counts included.
    pub resources: u64,
    /// Of those, shown done.
    pub resources_met: u64,
    /// Of those, shown undone.
    pub resources_not_met: u64,
    /// Of those, undone and excused.
    pub resources_excepted: u64,
    /// Letters by party; parties without a letter are left out.
    pub assignments: Vec<PartyLetters>,
    /// One a party, in their order; empty where a party holds none.
    pub letters: Vec<&'static str>,
    /// What shows that it was done.
    pub evidence: Arc<str>,
    /// The address of the page that supports it.
    pub source: Arc<str>,
    /// Its number in the list of sources.
    pub source_number: u64,
    /// When that page was last read.
    pub reviewed: Option<Arc<str>>,
    /// Whether that is recent.
    pub freshness: Freshness,
    /// The level of the catalog that it comes from.
    pub from: Level,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
    /// Its number in the list of conditions.
    pub condition: Option<u64>,
    /// Whether the common part tells it.
    pub told_once: bool,
    /// Whether the service's section prints it: not where the common part or the service's first section tells it, and
    /// of an activity whose letters stand once for the whole control only the first row.
    pub shown: bool,
    /// Whether its letters stand under the control's heading.
    pub letters_above: bool,
    /// The state of the printed row: of all deployments where its letters stand above.
    pub shown_state: ShownState,
}

/// A state as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ShownState {
    /// Such as `met`.
    pub label: &'static str,
    /// Resources that it holds for.
    pub resources: u64,
    /// Of those, shown undone.
    pub not_met: u64,
    /// Of those, undone and excused.
    pub excepted: u64,
}

/// What the inventory attests of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityState {
    /// Done on every resource.
    Met,
    /// Undone on at least one.
    NotMet,
    /// The inventory does not tell.
    Unknown,
    /// Not the customer's.
    NotApplicable,
}

/// Whether a source was read recently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Within a year before the report's date.
    Fresh,
    /// Longer ago.
    Stale,
    /// Never.
    Unverified,
}

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PartyLetters {
    /// Id.
    pub party: String,
    /// `R`, `A`, `A/R`, `C` or `I`.
    pub letters: &'static str,
}

/// All that one party must do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duties {
    /// Id.
    pub party: String,
    /// As printed.
    pub name: String,
    /// What kind it is.
    pub kind: PartyKind,
    /// What shows its work, where that is the same for all.
    pub assurance: Option<String>,
    /// By control, in the order of the catalog: what it does or answers for.
    pub activities: Vec<Duty>,
    /// Those that it does itself, under their controls.
    pub controls: Vec<DutyControl>,
    /// Those that it answers for and others do, counted by control.
    pub answers_for: Vec<AnswersFor>,
}

/// Duties of one control that one party answers for and others do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnswersFor {
    /// The control, as printed.
    pub title: String,
    /// How many.
    pub duties: u64,
}

/// The duties of one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyControl {
    /// As printed.
    pub title: String,
    /// Its duties, those on the same services and deployments together.
    pub groups: Vec<DutyGroup>,
    /// The same in short: where the duties are and what evidence they ask for, by what the party holds of them.
    pub held: Vec<DutiesHeld>,
}

/// The duties of one control of which a party holds the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutiesHeld {
    /// `R` or `A/R`.
    pub letters: &'static str,
    /// Where they are.
    pub places: Vec<DutyPlace>,
}

/// The duties of one control on the same services.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyPlace {
    /// The services, joined.
    pub on: String,
    /// How many duties.
    pub duties: u64,
    /// Of those, shown undone.
    pub not_met: u64,
    /// What shows that they were done: each artefact once.
    pub evidence: Vec<Arc<str>>,
}

/// Duties of one control on the same services and deployments.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DutyGroup {
    /// The services, joined.
    pub on: String,
    /// The deployments, where they differ.
    pub scope: Option<String>,
    /// What the party holds of them: `R` or `A/R`.
    pub letters: &'static str,
    /// The duties.
    pub duties: Vec<GroupDuty>,
    /// What shows that they were done: each artefact once.
    pub evidence: Vec<Arc<str>>,
}

/// A duty of a group.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupDuty {
    /// What is done.
    pub does: Arc<str>,
    /// Whether the inventory shows it undone.
    pub not_met: bool,
}

/// One duty, on all services where it is the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Duty {
    /// The activity's id.
    pub id: Arc<str>,
    /// The control's id.
    pub control: String,
    /// As printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// What exactly to do.
    pub how: Option<Arc<str>>,
    /// What shows that it was done.
    pub evidence: Arc<str>,
    /// Whether it happens by itself.
    pub default: DefaultState,
    /// What the party holds: `R`, `A` or `A/R`.
    pub letters: &'static str,
    /// The services, by title.
    pub services: Vec<String>,
    /// `all` where it holds for every service, else the services joined.
    pub on: String,
    /// What the inventory attests.
    pub state: ActivityState,
    /// As printed.
    pub state_label: &'static str,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
}

/// Something to act on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// Its kind.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The service's id.
    pub service: Option<String>,
    /// Its short name.
    pub service_title: Option<String>,
    /// Its section.
    pub anchor: Option<String>,
    /// The control's id.
    pub control: Option<String>,
    /// As printed.
    pub control_title: Option<String>,
    /// The activity's id.
    pub activity: Option<String>,
    /// The party that answers for it.
    pub party: Option<String>,
    /// As printed.
    pub party_name: Option<String>,
    /// The resources concerned, at most twenty.
    pub resources: Vec<String>,
    /// How many are concerned, counts included.
    pub count: u64,
    /// How many were looked at.
    pub of: u64,
    /// Classes of the data concerned.
    pub data: Vec<String>,
    /// `file:line:column`.
    pub place: Option<String>,
}

/// Duties that move.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Handover {
    /// Whether the inventory names one.
    pub planned: bool,
    /// Who hands over.
    pub from: Option<String>,
    /// Who takes over.
    pub to: Option<String>,
    /// When.
    pub date: Option<String>,
    /// What moves.
    pub moves: Vec<Move>,
    /// What stays with who hands over.
    pub keeps: Vec<Move>,
    /// What moves, counted by control.
    pub by_control: Vec<MoveCount>,
}

/// What moves of one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MoveCount {
    /// The control, as printed.
    pub control_title: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// How many duties.
    pub duties: u64,
}

/// A duty that moves or stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Move {
    /// Whether the ones before it in the list are of other controls.
    pub first_of_control: bool,
    /// The control, as printed.
    pub control_title: String,
    /// What is done.
    pub does: Arc<str>,
    /// The services, joined.
    pub on: String,
    /// Who holds A and R before.
    pub before: String,
    /// Who holds A and R after.
    pub after: String,
    /// The deployments that it holds for, where they differ.
    pub scope: Option<String>,
    /// As printed.
    pub state_label: &'static str,
}

/// A deployed resource, or several alike.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Resource {
    /// The source's own type name, or what the inventory called it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The service's id; none where the catalog knows no service for it.
    pub service: Option<String>,
    /// The service's name.
    pub service_name: Option<String>,
    /// The mode's id; none for the usual way of running.
    pub mode: Option<String>,
    /// False where the inventory does not settle the mode.
    pub mode_known: bool,
    /// What people call it, else its address in the file that it was imported from.
    pub name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its account's number.
    pub account: Option<String>,
    /// Its account's name.
    pub account_name: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Environment.
    pub environment: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// How many alike.
    pub count: u64,
    /// Data classes.
    pub data: Vec<String>,
    /// Whether it only supports others.
    pub supporting: bool,
    /// Where the inventory names it: `file:line:column`, or the imported file.
    pub from: String,
    /// Its address in the file that it was imported from.
    pub address: Option<String>,
}

/// Resources of one type that belong to no service of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unclassified {
    /// The source's own type name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Names, joined.
    pub name: String,
    /// How many.
    pub count: u64,
    /// The file that they come from.
    pub from: String,
}

/// Imported resources of another provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct OutOfScope {
    /// The source's own type name.
    #[serde(rename = "type")]
    pub kind: String,
    /// The other provider.
    pub provider: String,
    /// How many.
    pub count: u64,
    /// The file that they come from.
    pub from: String,
}

/// What is knowingly not done.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Exception {
    /// What it applies to, in words.
    pub applies_to: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Until when.
    pub expires: Option<String>,
    /// Whether that is over.
    pub expired: bool,
    /// How many resources it excuses today.
    pub resources: u64,
    /// `file:line:column`.
    pub place: String,
}

/// What an overlay changes in the catalog.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Overlay {
    /// The service's id.
    pub service: String,
    /// Whether the service is new.
    pub adds: bool,
    /// The controls that it changes, as printed.
    pub controls: Vec<String>,
    /// Why.
    pub reason: String,
    /// The overlay's file.
    pub file: String,
}

/// A condition of activities.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Condition {
    /// From 1.
    pub number: u64,
    /// When the activity exists.
    pub text: String,
    /// Resources on which the inventory does not settle it.
    pub open: u64,
    /// The address of the page that supports it.
    pub source: Arc<str>,
    /// When that page was last read.
    pub reviewed: Option<Arc<str>>,
}

/// The evidence to keep for one control.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub control_title: String,
    /// How many artefacts are to be kept.
    pub artefacts: u64,
    /// What to keep, in the customer's own services.
    pub items: Vec<EvidenceItem>,
    /// The parties that answer for it, joined.
    pub parties: String,
    /// Titles of the artefacts that the inventory names for it, joined.
    pub given: String,
}

/// One kind of evidence.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceItem {
    /// What to keep.
    pub artefact: String,
    /// The services, joined.
    pub on: String,
}

/// An artefact that the inventory names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Artefact {
    /// What it is.
    pub artefact: String,
    /// What it applies to, in words.
    pub applies_to: String,
    /// Where it is kept.
    pub location: Option<String>,
    /// When it was last read.
    pub reviewed: Option<String>,
    /// When it must be read again.
    pub review_by: Option<String>,
    /// Whether that is over.
    pub overdue: bool,
}

/// Controls to requirement ids.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Crosswalk {
    /// The columns.
    pub frameworks: Vec<FrameworkName>,
    /// One a control.
    pub rows: Vec<CrosswalkRow>,
}

/// A framework.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FrameworkName {
    /// Its id.
    pub framework: String,
    /// As printed.
    pub name: String,
    /// Its edition.
    pub version: String,
}

/// One control's requirements.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CrosswalkRow {
    /// The control's id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// Whether it can be inherited from the provider over all services in scope: `Yes`, `Partial` or `No`.
    pub inheritance: String,
    /// Services on which it is inherited.
    pub inherited: u64,
    /// Services on which it is shared.
    pub shared: u64,
    /// Services on which it is the customer's.
    pub customer_specific: u64,
    /// One a framework: ids; those that rest on judgement end in `*`.
    pub requirements: Vec<Vec<String>>,
}

/// A page that supports facts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Source {
    /// From 1.
    pub number: u64,
    /// Its title.
    pub title: Arc<str>,
    /// The guide that it is a page of, where its title names one.
    pub guide: String,
    /// Its title within the guide.
    pub page: String,
    /// Whether the sources before it belong to other guides.
    pub first_of_guide: bool,
    /// Its address.
    pub url: Arc<str>,
    /// When it was last read.
    pub reviewed: Option<Arc<str>>,
    /// Whether that is recent.
    pub freshness: Freshness,
    /// Activities in this report that rest on it.
    pub activities: u64,
}

/// The pages of one guide.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct SourceGuide {
    /// Its title.
    pub guide: String,
    /// Pages that are used.
    pub pages: u64,
    /// Of those, read longer than a year before the report's date.
    pub stale: u64,
    /// Of those, not verified.
    pub unverified: u64,
    /// The day on which the page was read whose reading is longest ago.
    pub oldest: Option<Arc<str>>,
}

/// One line of the checklist.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChecklistLine {
    /// The control, as printed.
    pub title: String,
    /// Customer duties.
    pub duties: u64,
    /// Services concerned.
    pub services: u64,
    /// Duties not met.
    pub not_met: u64,
    /// The parties that answer for them, joined.
    pub parties: String,
}

/// A service model, for the glossary.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Model {
    /// Its id.
    pub model: String,
    /// Its name.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// Services of it in scope.
    pub services: u64,
}

/// One entry of the document's history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Revision {
    /// Of the document.
    pub version: String,
    /// When.
    pub date: String,
    /// As printed.
    pub author: Option<String>,
    /// What changed.
    pub change: String,
}
