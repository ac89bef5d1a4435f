//! Findings, resources, and what qualifies the report.

use crate::catalog::{Cadence, Severity, Step};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Something to act on.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Finding {
    /// The same tomorrow: made from what it is about.
    pub id: String,
    /// Its kind.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// Why it is that bad.
    pub severity_because: String,
    /// Until when it must be mended, YYYY-MM-DD; none where the inventory does not say how long that may take.
    pub due: Option<String>,
    /// Whether that was before the report's date.
    pub overdue: bool,
    /// When the exception that excused it expired, YYYY-MM-DD; none where none did.
    pub exception_expired: Option<String>,
    /// Since when it is so, YYYY-MM-DD, where that is known.
    pub since: Option<String>,
    /// The day on which it was first seen, YYYY-MM-DD, where it is not known since when it is so: by the scanners whose results
    /// show it, else by what was read for the report's date.
    pub seen: Option<String>,
    /// By what it was seen then: the scanners by name, else `configuration`, or `inventory` of what is about no duty.
    pub seen_by: Option<String>,
    /// One sentence that says what, where and on how much.
    pub message: String,
    /// What is wrong, without where.
    pub what: String,
    /// Names of those of its resources of which nothing settles how they run, so that it may not hold for them.
    pub unsettled: Vec<String>,
    /// What would excuse it, in words, where the inventory does not say it.
    pub unless: Option<String>,
    /// What to do.
    pub how: Option<String>,
    /// How often its duty is done, or what calls for it.
    pub cadence: Option<Cadence>,
    /// The service's id.
    pub service: Option<String>,
    /// The mode's id.
    pub mode: Option<String>,
    /// The service's short name.
    pub service_title: Option<String>,
    /// Its section.
    pub anchor: Option<String>,
    /// The control's id.
    pub control: Option<String>,
    /// As printed.
    pub control_title: Option<String>,
    /// The activity's id.
    pub activity: Option<String>,
    /// The duty that is not met.
    pub duty: Option<Arc<str>>,
    /// The parties that must do it.
    pub responsible: Vec<Arc<str>>,
    /// The party that answers for it.
    pub accountable: Option<Arc<str>>,
    /// Who holds A and R, as printed.
    pub owner: Option<String>,
    /// Who must do it, by name.
    pub responsible_names: Vec<String>,
    /// Who answers for it, by name.
    pub accountable_name: Option<String>,
    /// The account, where all of its resources are in one.
    pub account: Option<String>,
    /// The accounts of its resources, by name where there is one.
    pub accounts: Vec<String>,
    /// The environment.
    pub environment: Option<Arc<str>>,
    /// The resources concerned, by name, at most twenty.
    pub resources: Vec<String>,
    /// The same in short: three names, and how many more.
    pub resources_in_short: String,
    /// How many are concerned, counts included.
    pub count: u64,
    /// Of how many: those of the duty, counts included.
    pub of: u64,
    /// What the attributes should be, in words.
    pub expected: Option<String>,
    /// What they are, as far as that can be told, and what scanners saw.
    pub observed: Option<String>,
    /// The checks that failed, at most twenty.
    pub checks: Vec<FailedCheck>,
    /// Classes of the data concerned.
    pub data: Vec<String>,
    /// Requirements of the inventory's frameworks that it touches, each as `PCI DSS 1.3`.
    pub requirements: Vec<String>,
    /// The same, a framework each: `PCI DSS v4: 1.2, 1.3`.
    pub by_framework: Vec<String>,
    /// What the entry of the inventory is about that it speaks of, in words.
    pub about: Option<String>,
    /// `file:line:column`.
    pub place: Option<String>,
}

/// A check of a scanner that failed on a resource.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FailedCheck {
    /// The scanner's id.
    pub scanner: Arc<str>,
    /// The scanner, as printed.
    pub by: Arc<str>,
    /// The check's id.
    pub check: Arc<str>,
    /// What the check is called.
    pub title: Option<Arc<str>>,
    /// The resource, by name.
    pub resource: String,
    /// What the scanner saw.
    pub observed: Option<Arc<str>>,
    /// When it looked, YYYY-MM-DD; none where it does not tell.
    pub at: Option<String>,
}

/// How bad a finding is: the rule, as it is printed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SeverityRules {
    /// What classes of data do.
    pub data: Vec<StepOf>,
    /// What environments do.
    pub environment: Vec<StepOf>,
    /// Duties that the inventory rates, by activity or control.
    pub duty: Vec<SeverityOf>,
    /// Findings about no duty, by code.
    pub finding: Vec<SeverityOf>,
    /// Days in which a finding must be mended.
    pub due: Vec<DaysOf>,
}

/// What some names do to a severity.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StepOf {
    /// `raise`, `keep` or `lower`.
    pub does: Step,
    /// The names, sorted.
    pub names: Vec<String>,
    /// Whether it is also what all names do that stand nowhere.
    pub others: bool,
}

/// The severity of something that is named.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SeverityOf {
    /// The activity, control or code.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How long a finding of a severity may last.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DaysOf {
    /// How bad it is.
    pub severity: Severity,
    /// How many days.
    pub days: u32,
}

/// A deployed resource, or several alike.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Unclassified {
    /// The source's own type name.
    #[serde(rename = "type")]
    pub kind: String,
    /// Names, joined.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Their environments, joined.
    pub environments: String,
    /// The classes of their data, joined.
    pub data: String,
    /// Who owns them, joined.
    pub owners: String,
    /// The file that they come from.
    pub from: String,
}

/// Imported resources of another provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
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
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Exception {
    /// What it applies to, in words.
    pub applies_to: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When, YYYY-MM-DD, where the inventory says it.
    pub approved: Option<String>,
    /// What protects in the place of what it excuses, where the inventory says it.
    pub instead: Option<String>,
    /// Until when.
    pub expires: Option<String>,
    /// Whether that is over.
    pub expired: bool,
    /// How many resources it excuses today.
    pub resources: u64,
    /// The resources in short, by name: those that it excuses today, of one that has expired those that it was for.
    pub resources_in_short: String,
    /// How many duties are excepted for it today.
    pub duties: u64,
    /// `file:line:column`.
    pub place: String,
}

/// What an overlay changes in the catalog.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Overlay {
    /// The service's id, or what else the file is about: `frameworks/ID`, `layouts/ID`, `checks/ID`, `controls`, `objectives`,
    /// `parties`, `models`.
    pub service: String,
    /// The same, as printed.
    pub what: String,
    /// Whether that is new.
    pub adds: bool,
    /// The controls that it changes, or what else, as printed.
    pub controls: Vec<String>,
    /// Why.
    pub reason: String,
    /// The overlay's file.
    pub file: String,
}

/// A condition of activities.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Condition {
    /// From 1.
    pub number: u64,
    /// The service, by its short name.
    pub service: String,
    /// When the activity exists.
    pub text: String,
    /// Resources on which the inventory does not settle it.
    pub open: u64,
    /// The number of the page that supports it, or the first.
    pub source_number: u64,
    /// The numbers of all pages that support it.
    pub sources: Vec<u64>,
    /// The address of the first.
    pub source: Arc<str>,
    /// When that page was last read.
    pub reviewed: Option<Arc<str>>,
}
