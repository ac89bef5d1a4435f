//! Which frameworks an inventory asks for, and what is left to the organisation's own customers, as written.

use super::{OneOrMany, Text};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// What the organisation's own customers must do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OurCustomersFile {
    /// In a sentence, verb first: `Manage their own users and review them`.
    pub does: Text,
    /// The objectives that it serves, as `control.objective`.
    #[serde(default)]
    pub objectives: Option<OneOrMany>,
    /// The requirements that it answers, as `framework/id`.
    #[serde(default)]
    pub requirements: Option<OneOrMany>,
}

/// One framework or a list of frameworks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum FrameworksFile {
    /// Several. Before the other, which would take a list for the fields of one.
    Many(Vec<NamedFramework>),
    /// One.
    One(NamedFramework),
}

/// A framework by its id or name, or with more about it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum NamedFramework {
    /// Its id.
    Name(Text),
    /// With a baseline or a version.
    Full(ChosenFramework),
}

/// A framework, and what of it is asked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChosenFramework {
    /// Its id.
    pub id: Text,
    /// One of its baselines; without it: all requirements.
    #[serde(default)]
    pub baseline: Option<Text>,
    /// Its edition; a diagnostic tells where the catalog has another.
    #[serde(default)]
    pub version: Option<Text>,
}
