//! Indices that cannot be taken for each other.
//!
//! In: positions. Out: one type for each kind of thing that the join refers to by its position, and the lists that take it.

use super::{Duty, Matrix, Unit};
use crate::catalog::{Catalog, Control};
use crate::inventory::{Evidence, Exception, Inventory, Party, Resource, Rule};
use std::ops::Index;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The thing at a position of its list.
            #[must_use]
            pub fn new(position: usize) -> Self {
                // Four thousand million of anything are not held in memory.
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }

            /// Its position.
            #[must_use]
            pub fn position(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index! {
    /// A resource of a [`Matrix`].
    ResourceIx
}
index! {
    /// A party of an [`Inventory`].
    PartyIx
}
index! {
    /// An assignment rule of an [`Inventory`].
    RuleIx
}
index! {
    /// An exception of an [`Inventory`].
    ExceptionIx
}
index! {
    /// A unit of a [`Matrix`].
    UnitIx
}
index! {
    /// A control of a [`Catalog`].
    ControlIx
}
index! {
    /// A duty of a [`Matrix`].
    DutyIx
}
index! {
    /// An entry of an [`Inventory`]'s evidence.
    EvidenceIx
}
index! {
    /// A check of a scanner, of which a [`Matrix`] has results.
    CheckIx
}
index! {
    /// A result of a scanner's check.
    ResultIx
}

impl Index<ResourceIx> for Matrix {
    type Output = Resource;

    fn index(&self, index: ResourceIx) -> &Resource {
        &self.resources[index.position()]
    }
}

impl Index<UnitIx> for Matrix {
    type Output = Unit;

    fn index(&self, index: UnitIx) -> &Unit {
        &self.units[index.position()]
    }
}

impl Index<DutyIx> for Matrix {
    type Output = Duty;

    fn index(&self, index: DutyIx) -> &Duty {
        &self.duties[index.position()]
    }
}

impl Index<PartyIx> for Inventory {
    type Output = Party;

    fn index(&self, index: PartyIx) -> &Party {
        &self.parties[index.position()]
    }
}

impl Index<RuleIx> for Inventory {
    type Output = Rule;

    fn index(&self, index: RuleIx) -> &Rule {
        &self.rules[index.position()]
    }
}

impl Index<ExceptionIx> for Inventory {
    type Output = Exception;

    fn index(&self, index: ExceptionIx) -> &Exception {
        &self.exceptions[index.position()]
    }
}

impl Index<EvidenceIx> for Inventory {
    type Output = Evidence;

    fn index(&self, index: EvidenceIx) -> &Evidence {
        &self.evidence[index.position()]
    }
}

impl Index<ControlIx> for Catalog {
    type Output = Control;

    fn index(&self, index: ControlIx) -> &Control {
        &self.controls[index.position()]
    }
}
