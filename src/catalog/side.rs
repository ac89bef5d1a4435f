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

/// AWS's three types of control, and what a partner alone does. Derived from the sides that own activities, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ControlType {
    /// The provider acts, be it with another that operates a part, and the customer does not.
    Inherited,
    /// Both the provider and the customer act, each in its own part.
    Shared,
    /// The customer acts, be it with a partner, and the provider does not.
    CustomerSpecific,
    /// Only a partner acts: nothing of it comes with the cloud, and nothing is left to the customer.
    PartnerSpecific,
}

impl ControlType {
    /// The type that these owners make; `None` without any.
    #[must_use]
    pub fn of<'a>(sides: impl IntoIterator<Item = &'a Side>) -> Option<Self> {
        let [mut provider, mut customer, mut partner] = [false; 3];
        for side in sides {
            match side {
                Side::Provider => provider = true,
                Side::Customer => customer = true,
                Side::Party(_) => partner = true,
            }
        }
        match (provider, customer, partner) {
            (true, false, _) => Some(Self::Inherited),
            (true, true, _) => Some(Self::Shared),
            (false, true, _) => Some(Self::CustomerSpecific),
            (false, false, true) => Some(Self::PartnerSpecific),
            (false, false, false) => None,
        }
    }

    /// As printed.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Inherited => "inherited",
            Self::Shared => "shared",
            Self::CustomerSpecific => "customer-specific",
            Self::PartnerSpecific => "partner-specific",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ControlType, Side};

    #[test]
    fn what_a_partner_does_alone_is_not_inherited_from_the_provider() {
        let of = |sides: &[&str]| {
            let sides: Vec<Side> = sides.iter().map(|side| Side::named(side)).collect();
            ControlType::of(&sides).map(ControlType::id)
        };
        assert_eq!(of(&["provider"]), Some("inherited"));
        assert_eq!(of(&["provider", "msp"]), Some("inherited"));
        assert_eq!(of(&["provider", "msp", "customer"]), Some("shared"));
        assert_eq!(of(&["msp", "customer"]), Some("customer-specific"));
        assert_eq!(of(&["msp"]), Some("partner-specific"));
        assert_eq!(of(&[]), None);
    }
}
