//! What all parts of the Report are made from.

use super::names;
use super::references::References;
use super::requirements::Numbers;
use crate::catalog::{Catalog, ControlType};
use crate::inventory::{Inventory, Selector, Voucher};
use crate::raci::{ControlIx, Matrix, PartyIx, Reach, ResourceIx, Unit, UnitIx};
use jiff::civil::Date;
use std::sync::Arc;

/// What all parts of the Report are made from.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) matrix: &'a Matrix,
    /// The report's date.
    pub(super) as_of: Date,
    pub(super) references: References,
    /// The names of the matrix's units in a column, in their order.
    pub(super) labels: Vec<String>,
    /// Short names of the parties.
    pub(super) shorts: Vec<String>,
    /// The party that the report is cut to.
    pub(super) party: Option<&'a str>,
    /// What each artefact of the inventory is about.
    pub(super) reach: Vec<Reach>,
    /// Which requirements activities answer.
    pub(super) numbers: Numbers<'a>,
}

impl Context<'_> {
    /// The party that the report is cut to.
    pub(super) fn cut_to(&self) -> Option<PartyIx> {
        let only = self.party?;
        let position = self.inventory.parties.iter().position(|party| *party.id == *only);
        position.map(PartyIx::new)
    }

    /// A party's id.
    pub(super) fn party_id(&self, party: PartyIx) -> Arc<str> {
        self.inventory[party].id.clone()
    }

    /// Who owns something, by name: its party, if that is one.
    pub(super) fn owner(&self, owner: &str) -> String {
        let party = self.inventory.parties.iter().find(|party| *party.id == *owner);
        party.map_or_else(|| owner.to_owned(), |party| party.name.clone())
    }

    /// A party's short name.
    pub(super) fn short(&self, party: PartyIx) -> &str {
        &self.shorts[party.position()]
    }

    /// Who vouches, as printed. In a report that is cut to a party, nobody of another is told.
    pub(super) fn voucher(&self, by: &Voucher) -> String {
        let party = &self.inventory.parties[by.party];
        if self.party.is_none_or(|only| *only == *party.id) {
            self.inventory.called(by)
        } else {
            party.name.clone()
        }
    }

    /// The name of a unit in a column: with its mode where several of its service are in scope.
    pub(super) fn label(&self, unit: UnitIx) -> String {
        self.labels[unit.position()].clone()
    }

    /// Whether a selector takes a resource of a unit.
    pub(super) fn takes(&self, selector: &Selector, unit: &Unit, index: ResourceIx) -> bool {
        selector.takes_subject(&unit.subject(&self.matrix[index]))
    }

    /// Titles of the controls that are inherited on every service on which they apply.
    pub(super) fn inherited_controls(&self) -> Vec<String> {
        self.catalog
            .controls
            .iter()
            .enumerate()
            .filter(|(position, _)| {
                let mut types = self
                    .matrix
                    .units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(|of| of.control == ControlIx::new(*position))
                    .filter_map(|of| of.control_type)
                    .peekable();
                types.peek().is_some() && types.all(|found| found == ControlType::Inherited)
            })
            .map(|(_, control)| names::within(&control.title))
            .collect()
    }
}
