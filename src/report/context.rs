//! What all parts of the Report are made from.

use super::names;
use super::references::References;
use super::request::Edition;
use super::requirements::Numbers;
use crate::catalog::{Catalog, ControlType, PartyFile};
use crate::inventory::{Inventory, Selector, Voucher};
use crate::raci::{ControlIx, Duty, Matrix, PartyIx, Reach, ResourceIx, Unit, UnitIx};
use jiff::civil::Date;
use std::sync::Arc;

/// What all parts of the Report are made from.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) matrix: &'a Matrix,
    /// The report's date.
    pub(super) as_of: Date,
    pub(super) edition: Edition,
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

    /// Whether it is the handover edition for one of the two sides: who hands over and who takes over go through one plan, and
    /// sign it together, so that a cut to either keeps the whole plan and tells how the other is reached.
    pub(super) fn is_for_a_side(&self) -> bool {
        let planned = self.inventory.handover.as_ref().filter(|_| self.edition == Edition::Handover);
        let sides = planned.map(|planned| [planned.from, planned.to]).unwrap_or_default();
        planned.is_some() && self.cut_to().is_some_and(|party| sides.contains(&party.position()))
    }

    /// Whether a document tells how a party is reached: all, unless it is cut to one; for a side of a handover also the other
    /// side, and who answers for what moves or stays.
    pub(super) fn is_reached(&self, party: PartyIx) -> bool {
        if self.cut_to().is_none_or(|only| only == party) {
            return true;
        }
        let Some(planned) = self.inventory.handover.as_ref().filter(|_| self.is_for_a_side()) else {
            return false;
        };
        let from = PartyIx::new(planned.from);
        let answers = |duty: &&Duty| {
            [Some(&duty.assignment), duty.after.as_ref()]
                .into_iter()
                .flatten()
                .any(|held| held.accountable() == party)
        };
        [planned.from, planned.to].contains(&party.position())
            || self
                .matrix
                .duties
                .iter()
                .filter(|duty| duty.assignment.is_held_by(from))
                .any(|duty| answers(&duty))
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

    /// What shows what a party that the catalog knows does: what answers the frameworks that the inventory names, else all that
    /// there is.
    pub(super) fn assurance(&self, party: &PartyFile) -> Arc<str> {
        party.assurance_for(self.inventory.frameworks.iter().map(|one| &*one.id))
    }

    /// When the report was issued, as far as it can be told from what it rests on: when the last page was read. Nothing where
    /// that was no later than the day that it is true for.
    pub(super) fn issued(&self) -> Option<Date> {
        let read = self
            .references
            .list
            .iter()
            .filter_map(|source| source.reviewed.as_deref()?.parse::<Date>().ok());
        read.max().filter(|last| *last > self.as_of)
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
