//! Who holds which letter of one activity.

use std::fmt;

/// The letters of one activity. Exactly one party is accountable and at least one is responsible: the constructor makes
/// nothing else. A party holds its strongest letter only: A or R before C, C before I.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    accountable: usize,
    responsible: Vec<usize>,
    consulted: Vec<usize>,
    informed: Vec<usize>,
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
    /// An assignment; parties are indices. Without a responsible party the accountable one does the work.
    #[must_use]
    pub fn new(accountable: usize, responsible: &[usize], consulted: &[usize], informed: &[usize]) -> Self {
        let unique = |list: &[usize]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut responsible = unique(responsible);
        if responsible.is_empty() {
            responsible.push(accountable);
        }
        let holds = |party: &usize| *party == accountable || responsible.contains(party);
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
    pub fn accountable(&self) -> usize {
        self.accountable
    }

    /// Who does it; never empty.
    #[must_use]
    pub fn responsible(&self) -> &[usize] {
        &self.responsible
    }

    /// What a party holds.
    #[must_use]
    pub fn letters(&self, party: usize) -> Option<Letters> {
        match (party == self.accountable, self.responsible.contains(&party)) {
            (true, true) => Some(Letters::AR),
            (true, false) => Some(Letters::A),
            (false, true) => Some(Letters::R),
            (false, false) if self.consulted.contains(&party) => Some(Letters::C),
            (false, false) if self.informed.contains(&party) => Some(Letters::I),
            (false, false) => None,
        }
    }

    /// The same with one party in another's place; `None` where that party holds neither A nor R.
    #[must_use]
    pub fn handed_over(&self, from: usize, to: usize) -> Option<Self> {
        matches!(self.letters(from)?, Letters::A | Letters::R | Letters::AR).then(|| {
            let moved = |party: usize| if party == from { to } else { party };
            let all = |list: &[usize]| list.iter().copied().map(moved).collect::<Vec<_>>();
            Self::new(
                moved(self.accountable),
                &all(&self.responsible),
                &all(&self.consulted),
                &all(&self.informed),
            )
        })
    }
}

/// Where the letters come from: indices of rules; `None` where no rule set the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// Of R.
    pub responsible: Option<usize>,
    /// Of A.
    pub accountable: Option<usize>,
    /// Of C.
    pub consulted: Option<usize>,
    /// Of I.
    pub informed: Option<usize>,
}

impl Provenance {
    /// The rules that set any letter.
    pub(super) fn rules(&self) -> impl Iterator<Item = usize> {
        let letters = [self.responsible, self.accountable, self.consulted, self.informed];
        letters.into_iter().flatten()
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
            let assignment = Assignment::new(accountable, &responsible, &consulted, &informed);
            let held: Vec<Letters> = (0..6).filter_map(|party| assignment.letters(party)).collect();
            prop_assert_eq!(held.iter().filter(|letters| matches!(letters, Letters::A | Letters::AR)).count(), 1);
            prop_assert!(held.iter().any(|letters| matches!(letters, Letters::R | Letters::AR)));
            for party in 0..6 {
                if let Some(after) = assignment.handed_over(party, 6) {
                    prop_assert!(!matches!(after.letters(party), Some(Letters::A | Letters::R | Letters::AR)));
                    prop_assert!(matches!(after.letters(6), Some(Letters::A | Letters::R | Letters::AR)));
                }
            }
        }
    }
}
