//! The files of an overlay that add to the catalog's own lists, as they are written: unvalidated, one type a file.

use super::super::IndexMap;
use crate::catalog::file::{ControlFile, PartyFile, SourceFile};
use crate::catalog::frameworks::ObjectivesFile;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// `controls.yaml` of an overlay: controls of one's own, and layers for them.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnControlsFile {
    /// What they are for; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// Layers beside those of the built-in catalog.
    #[serde(default)]
    pub layers: Vec<OwnLayerFile>,
    /// Controls beside those of the built-in catalog.
    #[serde(default)]
    pub controls: Vec<OwnControlFile>,
}

/// A layer of one's own.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnLayerFile {
    /// Its id, which no other layer has.
    pub id: String,
    /// As printed.
    pub title: String,
    /// The layer that it comes after; left out: all.
    #[serde(default)]
    pub after: Option<String>,
}

/// A control of one's own.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnControlFile {
    /// Its id, which no other control has.
    pub id: String,
    /// As printed.
    pub title: String,
    /// The layer that it lies on.
    pub layer: String,
    /// What it covers.
    pub meaning: String,
    /// Whether it is what somebody is called for at any hour.
    #[serde(default)]
    pub urgent: bool,
    /// The control that it comes after; left out: all.
    #[serde(default)]
    pub after: Option<String>,
}

/// `objectives.yaml` of an overlay: what activities are for, beside what the built-in catalog says.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnObjectivesFile {
    /// What they are for; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// By control, the objectives and what each means.
    #[serde(default)]
    pub objectives: ObjectivesFile,
}

/// `parties.yaml` of an overlay: partners that operate a part of what is deployed.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnPartiesFile {
    /// What they are for; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// Parties beside those of the built-in catalog. Activities name them as a side.
    #[serde(default)]
    pub parties: Vec<PartyFile>,
}

/// `models.yaml` of an overlay: activities that hold for every service, or for those of a service model.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnModelsFile {
    /// Why the built-in catalog does not suffice; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// Pages that activities refer to by key.
    #[serde(default)]
    pub sources: IndexMap<String, SourceFile>,
    /// What holds for every service, by control.
    #[serde(default)]
    pub every: IndexMap<String, ControlFile>,
    /// What holds for the services of a model, by its id and by control.
    #[serde(default)]
    pub models: IndexMap<String, IndexMap<String, ControlFile>>,
}
