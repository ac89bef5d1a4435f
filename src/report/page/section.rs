//! What a section holds: a service in one mode, or what is told once for many of them.

use super::rows::{Entry, Promise};
use crate::catalog::ControlType;
use crate::report::model::{Control, ServiceFacts};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What is told once.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Common {
    /// `every`, or a service model's id.
    pub key: String,
    /// Heading.
    pub title: String,
    /// How many services it holds for.
    pub services: u64,
    /// Whether it prints any duty.
    pub has_duties: bool,
    /// Whether it prints any commitment.
    pub has_commitments: bool,
    /// In the order of the catalog.
    pub controls: Vec<ControlPart>,
}

/// A service in one mode.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Section {
    /// The service's id and, where there is one, the mode's: what ids in the section begin with.
    pub key: String,
    /// Heading.
    pub title: String,
    /// False where the inventory does not settle the mode of some of its resources.
    pub mode_known: bool,
    /// The attributes that would settle it.
    pub settled_by: Vec<String>,
    /// What the Report tells of the service, wherever its duties and commitments are printed.
    #[serde(flatten)]
    pub facts: Arc<ServiceFacts>,
    /// Its duties that are not met.
    pub not_met: Vec<NotMet>,
    /// Whether it begins a page. Pages that begin anew are set side by side on the processor's cores.
    pub new_page: bool,
    /// Of its duties, those that the common part tells.
    pub told_once: u64,
    /// Of its commitments, those that the common part tells.
    pub promised_once: u64,
    /// The service's first section, where it has several modes and this is a later one.
    pub first: Option<SectionLink>,
    /// Of its duties, those that are as in that first section.
    pub as_in_first: u64,
    /// Of its commitments, those that are as in that first section.
    pub promised_in_first: u64,
    /// How many duties its rows count, those of other modes included that read the same.
    pub counted: u64,
    /// The other modes whose duties its rows count, too.
    pub stands_for: Vec<StandsFor>,
    /// Whether it prints any duty.
    pub has_duties: bool,
    /// Whether it prints any commitment.
    pub has_commitments: bool,
    /// What it prints, in the order of the catalog; nothing where the edition tells services in short.
    pub controls: Vec<ControlPart>,
    /// Controls that do not apply, with reasons.
    pub not_applicable: Vec<NotApplicable>,
}

/// Duties of a section that the rows of another count.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StandsFor {
    /// The section's heading.
    pub title: String,
    /// What links to it lead to.
    pub anchor: String,
    /// How many duties.
    pub duties: u64,
}

/// A link to a section.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SectionLink {
    /// Its heading.
    pub title: String,
    /// What links to it lead to.
    pub anchor: String,
}

/// A duty that is not met.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct NotMet {
    /// The duty's id.
    pub duty: Arc<str>,
    /// The control, as printed.
    pub control_title: String,
    /// What is to be done.
    pub does: Arc<str>,
    /// Where, where the inventory names an environment or other duties are elsewhere.
    pub scope: Option<Arc<str>>,
    /// Resources shown undone.
    pub not_met: u64,
    /// Resources that it holds for.
    pub of: u64,
    /// Who holds A and R.
    pub holders: String,
}

/// A control that does not apply to a service.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct NotApplicable {
    /// As printed.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// What is printed of a control.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ControlPart {
    /// Its id.
    pub control: String,
    /// As printed.
    pub title: String,
    /// Its type.
    #[serde(rename = "type")]
    pub control_type: Option<ControlType>,
    /// The layer, as printed.
    pub layer_title: String,
    /// Whether the same part tells the control under another type, too, as shared on some services and inherited on others.
    pub is_apart: bool,
    /// Whether anything stands in its table.
    pub has_duties: bool,
    /// What customers and partners do.
    pub activities: Vec<Entry>,
    /// Whether anything stands in its list.
    pub has_commitments: bool,
    /// What the provider does.
    pub commitments: Vec<Promise>,
}

impl ControlPart {
    /// Whether it is of this control, and of its type: what is shared on some services and not on others stands apart.
    pub(super) fn is_alike(&self, control: &Control) -> bool {
        self.control == control.control && self.control_type == control.control_type
    }

    /// How many rows it prints.
    pub(super) fn printed(&self) -> u64 {
        let rows: usize = self.activities.iter().map(|entry| entry.rows.len()).sum();
        (rows + self.commitments.len()) as u64
    }

    pub(super) fn of(control: &Control) -> Self {
        Self {
            control: control.control.clone(),
            title: control.title.clone(),
            control_type: control.control_type,
            layer_title: control.layer_title.clone(),
            is_apart: false,
            has_duties: false,
            activities: Vec::new(),
            has_commitments: false,
            commitments: Vec::new(),
        }
    }
}
