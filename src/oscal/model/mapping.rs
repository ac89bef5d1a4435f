//! The mapping collection: what of one resource answers what of another.

use super::{BackMatter, Metadata, Property};
use serde::Serialize;

/// A file that holds a mapping collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Document {
    pub mapping_collection: Collection,
}

/// A mapping collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Collection {
    pub uuid: String,
    pub metadata: Metadata,
    pub provenance: Provenance,
    pub mappings: Vec<Mapping>,
    pub back_matter: BackMatter,
}

/// How the mappings were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Provenance {
    pub method: &'static str,
    pub matching_rationale: &'static str,
    pub status: &'static str,
    pub mapping_description: String,
}

/// One mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Mapping {
    pub uuid: String,
    pub source_resource: Reference,
    pub target_resource: Reference,
    pub maps: Vec<Map>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_gap_summary: Option<Gap>,
}

/// A catalog or a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Reference {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub href: String,
}

/// What answers some controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Map {
    pub uuid: String,
    pub relationship: &'static str,
    pub sources: Vec<Item>,
    pub targets: Vec<Item>,
    pub props: Vec<Property>,
}

/// One control, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Item {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id_ref: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
}

/// Controls that nothing answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Gap {
    pub uuid: String,
    pub unmapped_controls: Vec<WithIds>,
}

/// Controls by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct WithIds {
    pub with_ids: Vec<String>,
}
