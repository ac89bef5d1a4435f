//! Who owns an activity, and the type of control that the owners make.
//!
//! In: names of sides, as the files write them. Out: sides, and one of three types of control.

use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The owner of an activity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The cloud provider.
    Provider,
    /// The customer, whichever of its parties.
    Customer,
    /// Another party that operates a part of the service, by its id.
    Party(Arc<str>),
}

impl Side {
    /// The side of this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "provider" => Self::Provider,
            "customer" => Self::Customer,
            party => Self::Party(party.into()),
        }
    }
}

impl Side {
    /// Its name in files and ids.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Party(id) => id,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// AWS's three types of control. Derived from the sides that own activities, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ControlType {
    /// Nobody but providers and operators act.
    Inherited,
    /// Both the customer and somebody else act, each in its own part.
    Shared,
    /// Only the customer acts.
    CustomerSpecific,
}

impl ControlType {
    /// The type that these owners make; `None` without any.
    #[must_use]
    pub fn of<'a>(sides: impl IntoIterator<Item = &'a Side>) -> Option<Self> {
        let (mut customer, mut others) = (false, false);
        for side in sides {
            if *side == Side::Customer { customer = true } else { others = true }
        }
        match (customer, others) {
            (true, true) => Some(Self::Shared),
            (true, false) => Some(Self::CustomerSpecific),
            (false, true) => Some(Self::Inherited),
            (false, false) => None,
        }
    }

    /// As printed.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::Shared => "shared",
            Self::CustomerSpecific => "customer-specific",
        }
    }
}
