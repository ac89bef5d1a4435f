//! Who holds which letter of one activity.

use super::index::{PartyIx, RuleIx};
use std::collections::BTreeSet;
use std::fmt;

/// The letters of one activity. Exactly one party is accountable and at least one is responsible: the constructor makes
/// nothing else. A party holds its strongest letter only: A or R before C, C before I.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    accountable: PartyIx,
    responsible: Vec<PartyIx>,
    consulted: Vec<PartyIx>,
    informed: Vec<PartyIx>,
}

/// What one party holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Letters {
    /// Responsible.
    R,
    /// Accountable.
    A,
    /// Both.
    AR,
    /// Consulted.
    C,
    /// Informed.
    I,
}

impl Letters {
    /// As printed.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::R => "R",
            Self::A => "A",
            Self::AR => "A/R",
            Self::C => "C",
            Self::I => "I",
        }
    }
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Assignment {
    /// An assignment. Without a responsible party the accountable one does the work.
    #[must_use]
    pub fn new(accountable: PartyIx, responsible: &[PartyIx], consulted: &[PartyIx], informed: &[PartyIx]) -> Self {
        let unique = |list: &[PartyIx]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut responsible = unique(responsible);
        if responsible.is_empty() {
            responsible.push(accountable);
        }
        let holds = |party: &PartyIx| *party == accountable || responsible.contains(party);
        let mut consulted = unique(consulted);
        consulted.retain(|party| !holds(party));
        let mut informed = unique(informed);
        informed.retain(|party| !holds(party) && !consulted.contains(party));
        Self {
            accountable,
            responsible,
            consulted,
            informed,
        }
    }

    /// Who answers for it.
    #[must_use]
    pub fn accountable(&self) -> PartyIx {
        self.accountable
    }

    /// Who does it; never empty.
    #[must_use]
    pub fn responsible(&self) -> &[PartyIx] {
        &self.responsible
    }

    /// What a party holds.
    #[must_use]
    pub fn letters(&self, party: PartyIx) -> Option<Letters> {
        match (party == self.accountable, self.responsible.contains(&party)) {
            (true, true) => Some(Letters::AR),
            (true, false) => Some(Letters::A),
            (false, true) => Some(Letters::R),
            (false, false) if self.consulted.contains(&party) => Some(Letters::C),
            (false, false) if self.informed.contains(&party) => Some(Letters::I),
            (false, false) => None,
        }
    }

    /// Whether a party does it or answers for it.
    #[must_use]
    pub fn is_held_by(&self, party: PartyIx) -> bool {
        self.accountable == party || self.responsible.contains(&party)
    }

    /// The same, heard of by whoever hears of it here or there. Both have the same holders.
    pub(super) fn heard_of(&self, other: &Self) -> Self {
        let both = |one: &[PartyIx], other: &[PartyIx]| [one, other].concat();
        Self::new(
            self.accountable,
            &self.responsible,
            &both(&self.consulted, &other.consulted),
            &both(&self.informed, &other.informed),
        )
    }

    /// The same with one party in another's place; `None` where that party holds neither A nor R.
    #[must_use]
    pub fn handed_over(&self, from: PartyIx, to: PartyIx) -> Option<Self> {
        self.is_held_by(from).then(|| {
            let moved = |party: PartyIx| if party == from { to } else { party };
            let all = |list: &[PartyIx]| list.iter().copied().map(moved).collect::<Vec<_>>();
            Self::new(
                moved(self.accountable),
                &all(&self.responsible),
                &all(&self.consulted),
                &all(&self.informed),
            )
        })
    }
}

/// Where one letter comes from, on all resources of a duty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The rules that set it.
    pub rules: BTreeSet<RuleIx>,
    /// Whether no rule set it on some of the resources.
    pub by_default: bool,
}

impl Origin {
    pub(super) fn add(&mut self, rule: Option<RuleIx>) {
        match rule {
            Some(rule) => {
                self.rules.insert(rule);
            }
            None => self.by_default = true,
        }
    }
}

/// Where the letters come from. Two rules may set the same letter on different resources of one duty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// Of R.
    pub responsible: Origin,
    /// Of A.
    pub accountable: Origin,
    /// Of C.
    pub consulted: Origin,
    /// Of I.
    pub informed: Origin,
}

impl Provenance {
    /// The rules that set any letter.
    pub(super) fn rules(&self) -> impl Iterator<Item = RuleIx> {
        let letters = [&self.responsible, &self.accountable, &self.consulted, &self.informed];
        letters.into_iter().flat_map(|origin| origin.rules.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_accountable_and_some_responsible(
            accountable in 0usize..6,
            responsible in proptest::collection::vec(0usize..6, 0..6),
            consulted in proptest::collection::vec(0usize..6, 0..6),
            informed in proptest::collection::vec(0usize..6, 0..6),
        ) {
            let parties = |list: Vec<usize>| list.into_iter().map(PartyIx::new).collect::<Vec<_>>();
            let (responsible, consulted, informed) = (parties(responsible), parties(consulted), parties(informed));
            let assignment = Assignment::new(PartyIx::new(accountable), &responsible, &consulted, &informed);
            let held: Vec<Letters> = (0..6).filter_map(|party| assignment.letters(PartyIx::new(party))).collect();
            prop_assert_eq!(held.iter().filter(|letters| matches!(letters, Letters::A | Letters::AR)).count(), 1);
            prop_assert!(held.iter().any(|letters| matches!(letters, Letters::R | Letters::AR)));
            for party in (0..6).map(PartyIx::new) {
                let next = PartyIx::new(6);
                if let Some(after) = assignment.handed_over(party, next) {
                    prop_assert!(!matches!(after.letters(party), Some(Letters::A | Letters::R | Letters::AR)));
                    prop_assert!(matches!(after.letters(next), Some(Letters::A | Letters::R | Letters::AR)));
                }
            }
        }
    }
}
