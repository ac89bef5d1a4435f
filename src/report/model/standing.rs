//! The state of a duty in one word.

#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// The state of a duty, in the words that every format uses, and of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Shown on every resource.
    Met,
    /// A named party vouches for it with an artefact that is in date.
    Attested,
    /// Broken on at least one resource.
    NotMet,
    /// Excused where it is broken, and met elsewhere.
    Excepted,
    /// Neither configuration nor evidence shows it.
    Unknown,
    /// Not a duty: the provider's.
    Inherited,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Attested => "attested",
            Self::NotMet => "not-met",
            Self::Excepted => "excepted",
            Self::Unknown => "unknown",
            Self::Inherited => "inherited",
        }
    }
}
