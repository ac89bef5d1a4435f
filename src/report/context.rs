//! What all parts of the Report are made from.

use super::names;
use super::references::References;
use crate::catalog::{Catalog, ControlType};
use crate::inventory::{Inventory, Selector};
use crate::raci::{Matrix, Unit, subject_of};

/// What all parts of the Report are made from.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) matrix: &'a Matrix,
    pub(super) references: References,
    /// Short names of the parties.
    pub(super) shorts: Vec<String>,
    /// Short names of the services' sections.
    pub(super) labels: names::Labels,
    /// Whether activities of a service model are told once, too.
    pub(super) models_told_once: bool,
}

impl Context<'_> {
    /// Whether an activity stands at a level of the catalog that this edition tells once.
    pub(super) fn is_common(&self, id: &str) -> bool {
        let owner = id.split('.').next().unwrap_or_default();
        owner == "every" || self.models_told_once && self.catalog.model(owner).is_some()
    }

    /// Whether a selector takes a resource of a unit.
    pub(super) fn takes(&self, selector: &Selector, unit: &Unit, index: usize) -> bool {
        selector.takes_subject(&subject_of(&self.matrix.resources[index], &unit.split))
    }

    /// Titles of the controls that are inherited on every service on which they apply.
    pub(super) fn inherited_controls(&self) -> Vec<String> {
        self.catalog
            .controls
            .iter()
            .filter(|control| {
                let mut types = self
                    .matrix
                    .units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(|of| *of.control == *control.id)
                    .filter_map(|of| of.control_type)
                    .peekable();
                types.peek().is_some() && types.all(|found| found == ControlType::Inherited)
            })
            .map(|control| control.title.to_lowercase())
            .collect()
    }
}
