//! The files of frameworks and of objectives as they are written: unvalidated.

use crate::catalog::file::SourceFile;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// `objectives.yaml`: what activities are for. By control, the objectives and what each means.
pub type ObjectivesFile = IndexMap<Arc<str>, IndexMap<Arc<str>, String>>;

/// `frameworks/<id>.yaml`: the requirements of a framework, and what answers each.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FrameworkFile {
    /// The framework's id, the same as the file's name.
    pub id: String,
    /// In an overlay: why it departs from the built-in catalog, or what it is for.
    #[serde(default)]
    pub reason: Option<String>,
    /// As printed.
    #[serde(default)]
    pub name: Option<String>,
    /// Its edition.
    #[serde(default)]
    pub version: Option<String>,
    /// What stands before an id in a sentence; the name where left out.
    #[serde(default)]
    pub short: Option<String>,
    /// Whether its titles may be passed on.
    #[serde(default)]
    pub titles: Titles,
    /// What the mapping rests on, for readers.
    #[serde(default)]
    pub rests_on: Option<String>,
    /// Pages and files that ids, titles and baselines come from.
    #[serde(default)]
    pub sources: Vec<SourceFile>,
    /// The public mappings that links rest on, by key.
    #[serde(default)]
    pub mappings: IndexMap<String, MappingFile>,
    /// Selections of its requirements that assessors ask by.
    #[serde(default)]
    pub baselines: Vec<NamedFile>,
    /// Families or chapters.
    #[serde(default)]
    pub groups: Vec<NamedFile>,
    /// Its requirements, in its own order.
    #[serde(default)]
    pub requirements: Vec<RequirementFile>,
}

/// Whether a framework's titles may be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Titles {
    /// Its text is copyrighted: ids alone.
    #[default]
    Ids,
    /// Its text is free.
    Free,
}

/// A public mapping that links rest on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The licence that it is given under.
    #[serde(default)]
    pub licence: Option<String>,
    /// When it was last read, YYYY-MM-DD.
    #[serde(default)]
    pub reviewed: Option<String>,
}

/// A baseline or a group: what it is called in the file, and by people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedFile {
    /// Its id.
    pub id: Arc<str>,
    /// As printed, in words of our own where the framework's text is not free; the id where it is left out.
    #[serde(default)]
    pub name: Option<Arc<str>>,
}

/// One requirement. It has `links` (and `through`), or `through`, or `organisational`, or `same_as`; without any it is
/// unclassified.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequirementFile {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its family or chapter.
    #[serde(default)]
    pub group: Option<Arc<str>>,
    /// Its title, where the text is free.
    #[serde(default)]
    pub title: Option<Arc<str>>,
    /// The baselines that it is in.
    #[serde(default, rename = "in")]
    pub baselines: Vec<Arc<str>>,
    /// Its ids by part, where assessors ask by part.
    #[serde(default)]
    pub parts: Vec<Arc<str>>,
    /// What answers it, by what that rests on: `judgement`, or a key of `mappings`. Objectives (`control.objective`) and ids
    /// of activities.
    #[serde(default)]
    pub links: IndexMap<Arc<str>, Vec<Arc<str>>>,
    /// Why no cloud service bears it.
    #[serde(default)]
    pub organisational: Option<Arc<str>>,
    /// Requirements (`framework/id`) whose answers answer it, by the mapping that says so.
    #[serde(default)]
    pub through: IndexMap<Arc<str>, Vec<Arc<str>>>,
    /// The requirement (`framework/id`) that demands the same.
    #[serde(default)]
    pub same_as: Option<Arc<str>>,
}
