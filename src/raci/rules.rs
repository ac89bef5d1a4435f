//! Assignment rules applied: the last rule that matches sets a letter, letter by letter, as in CODEOWNERS.
//!
//! In: the inventory's rules, a subject and an activity. Out: an assignment and where each letter comes from.

use super::assignment::{Assignment, Provenance};
use crate::catalog::Side;
use crate::inventory::{Inventory, PartyKind, Rule, Subject};

/// The rules with what stands in where none matches.
pub(super) struct Rules<'a> {
    rules: &'a [Rule],
    provider: usize,
    customer: usize,
    parties: &'a [crate::inventory::Party],
}

impl<'a> Rules<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let of_kind = |kind| inventory.parties.iter().position(|party| party.kind == kind);
        let customer = of_kind(PartyKind::Customer).unwrap_or_default();
        // Who answers by default is who the first rule without conditions names.
        let general = inventory
            .rules
            .iter()
            .find(|rule| rule.selector == crate::inventory::Selector::default());
        let named = general
            .and_then(|rule| rule.accountable.or_else(|| rule.responsible.as_ref()?.first().copied()))
            .filter(|party| inventory.parties.get(*party).is_some_and(|party| party.kind == PartyKind::Customer));
        Self {
            rules: &inventory.rules,
            provider: of_kind(PartyKind::Provider).unwrap_or_default(),
            customer: named.unwrap_or(customer),
            parties: &inventory.parties,
        }
    }

    /// Whether more than one customer party could have been meant where no rule matches.
    pub(super) fn customer_is_ambiguous(&self) -> bool {
        self.parties.iter().filter(|party| party.kind == PartyKind::Customer).count() > 1
    }

    /// The rules that take a subject, in order.
    pub(super) fn taking(&self, subject: &Subject<'_>) -> Vec<usize> {
        (0..self.rules.len())
            .filter(|index| self.rules[*index].selector.takes_subject(subject))
            .collect()
    }

    /// The letters of one activity, from the rules that take its subject.
    pub(super) fn assign(&self, taking: &[usize], control: &str, layer: &str, side: &Side) -> (Assignment, Provenance) {
        let matching = || {
            taking
                .iter()
                .rev()
                .copied()
                .filter(|index| self.rules[*index].selector.takes_activity(control, layer, side))
        };
        let last = |sets: fn(&Rule) -> bool| matching().find(|index| sets(&self.rules[*index]));
        let mut provenance = Provenance {
            responsible: last(|rule| rule.responsible.is_some()),
            accountable: last(|rule| rule.accountable.is_some()),
            consulted: last(|rule| rule.consulted.is_some()),
            informed: last(|rule| rule.informed.is_some()),
        };
        let list = |index: Option<usize>, pick: fn(&Rule) -> &Option<Vec<usize>>| {
            index.and_then(|index| pick(&self.rules[index]).as_deref()).unwrap_or_default()
        };
        let consulted = list(provenance.consulted, |rule| &rule.consulted);
        let informed = list(provenance.informed, |rule| &rule.informed);
        let owner = match side {
            Side::Customer => None,
            Side::Provider => Some(self.provider),
            Side::Party(id) => Some(self.parties.iter().position(|party| party.id == *id).unwrap_or(self.provider)),
        };
        let assignment = match owner {
            Some(owner) => {
                provenance.responsible = None;
                provenance.accountable = None;
                let mut informed = informed.to_vec();
                informed.push(self.customer);
                Assignment::new(owner, &[owner], consulted, &informed)
            }
            None => {
                let accountable = provenance.accountable.and_then(|index| self.rules[index].accountable);
                let responsible = list(provenance.responsible, |rule| &rule.responsible);
                Assignment::new(accountable.unwrap_or(self.customer), responsible, consulted, informed)
            }
        };
        (assignment, provenance)
    }
}
