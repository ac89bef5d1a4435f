//! Assignment rules applied: the last rule that matches sets a letter, letter by letter, as in CODEOWNERS.
//!
//! In: the inventory's rules, a subject and an activity. Out: an assignment and where each letter comes from.

use super::assignment::{Assignment, Provenance};
use super::index::{ControlIx, PartyIx, RuleIx};
use crate::catalog::{Activity, Catalog, Side};
use crate::inventory::{Inventory, PartyKind, Rule, Subject};

/// The rules with what stands in where none matches.
pub(super) struct Rules<'a> {
    rules: &'a [Rule],
    provider: PartyIx,
    customer: PartyIx,
    parties: &'a [crate::inventory::Party],
    /// Of each rule, which controls it takes.
    controls: Vec<Vec<bool>>,
}

/// The letters of one side's activities of a control on one context, and the rules that set them.
pub(super) struct Assigned {
    pub(super) assignment: Assignment,
    responsible: Option<RuleIx>,
    accountable: Option<RuleIx>,
    consulted: Option<RuleIx>,
    informed: Option<RuleIx>,
}

impl Assigned {
    /// Adds where the letters come from.
    pub(super) fn add_to(&self, provenance: &mut Provenance) {
        provenance.responsible.add(self.responsible);
        provenance.accountable.add(self.accountable);
        provenance.consulted.add(self.consulted);
        provenance.informed.add(self.informed);
    }
}

impl<'a> Rules<'a> {
    pub(super) fn new(inventory: &'a Inventory, catalog: &Catalog) -> Self {
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
            provider: PartyIx::new(of_kind(PartyKind::Provider).unwrap_or_default()),
            customer: PartyIx::new(named.unwrap_or(customer)),
            parties: &inventory.parties,
            controls: inventory
                .rules
                .iter()
                .map(|rule| {
                    catalog
                        .controls
                        .iter()
                        .map(|one| rule.selector.takes_control(&one.id, &one.layer))
                        .collect()
                })
                .collect(),
        }
    }

    /// Whether more than one customer party could have been meant where no rule matches.
    pub(super) fn customer_is_ambiguous(inventory: &Inventory) -> bool {
        let customers = inventory.parties.iter().filter(|party| party.kind == PartyKind::Customer);
        customers.count() > 1
    }

    /// The rules that take a subject, in order.
    pub(super) fn taking(&self, subject: &Subject<'_>) -> Vec<RuleIx> {
        (0..self.rules.len())
            .filter(|position| self.rules[*position].selector.takes_subject(subject))
            .map(RuleIx::new)
            .collect()
    }

    /// The party of this id that operates a partition or a Region; the provider itself where there is none.
    pub(super) fn operator(&self, id: Option<&str>) -> PartyIx {
        let known = id.and_then(|id| self.parties.iter().position(|party| *party.id == *id));
        known.map_or(self.provider, PartyIx::new)
    }

    /// The provider itself.
    pub(super) fn provider(&self) -> PartyIx {
        self.provider
    }

    /// The letters of one activity, from the rules that take its subject, where `operator` operates it.
    pub(super) fn assign(&self, taking: &[RuleIx], control: ControlIx, activity: &Activity, operator: PartyIx) -> Assigned {
        let side = &activity.side;
        let takes = |index: RuleIx| {
            let selector = &self.rules[index.position()].selector;
            self.controls[index.position()][control.position()] && selector.takes_side(side) && selector.takes_id(&activity.id)
        };
        let rule = |index: RuleIx| &self.rules[index.position()];
        let owner = self.owner(side, operator);
        // Who does what is not the customer's, and answers for it, no rule says.
        let is_open = owner.is_none();
        let [mut consulted, mut informed, mut accountable, mut responsible] = [None; 4];
        for index in taking.iter().rev().copied() {
            let rule = rule(index);
            let sets = [
                (&mut consulted, rule.consulted.is_some()),
                (&mut informed, rule.informed.is_some()),
                (&mut accountable, is_open && rule.accountable.is_some()),
                (&mut responsible, is_open && rule.responsible.is_some()),
            ];
            let mut sets = sets.into_iter().filter(|(last, sets)| *sets && last.is_none()).peekable();
            if sets.peek().is_some() && takes(index) {
                sets.for_each(|(last, _)| *last = Some(index));
            }
        }
        let list = |index: Option<RuleIx>, pick: fn(&Rule) -> &Option<Vec<usize>>| -> Vec<PartyIx> {
            let positions = index.and_then(|index| pick(rule(index)).as_deref()).unwrap_or_default();
            positions.iter().copied().map(PartyIx::new).collect()
        };
        let (asked, mut told) = (list(consulted, |rule| &rule.consulted), list(informed, |rule| &rule.informed));
        if let Some(owner) = owner {
            told.push(self.customer);
            return Assigned {
                assignment: Assignment::new(owner, &[owner], &asked, &told),
                responsible: None,
                accountable: None,
                consulted,
                informed,
            };
        }
        let answers = accountable.and_then(|index| rule(index).accountable).map(PartyIx::new);
        Assigned {
            assignment: Assignment::new(
                answers.unwrap_or(self.customer),
                &list(responsible, |rule| &rule.responsible),
                &asked,
                &told,
            ),
            responsible,
            accountable,
            consulted,
            informed,
        }
    }

    /// Who does what is not the customer's, and answers for it.
    fn owner(&self, side: &Side, operator: PartyIx) -> Option<PartyIx> {
        match side {
            Side::Customer => None,
            Side::Provider => Some(operator),
            Side::Party(id) => {
                let known = self.parties.iter().position(|party| party.id == *id);
                Some(known.map_or(operator, PartyIx::new))
            }
        }
    }
}
