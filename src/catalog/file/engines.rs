//! `engines.yaml` as it is written: the tables in which query engines keep the provider's resources.
//!
//! In: YAML. Out: what it says, unvalidated; [`crate::catalog::engines`] answers by it.

use super::SourceFile;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// `engines.yaml`: which table holds resources of which type, and where its columns belong.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnginesFile {
    /// Pages by the ids of the engines.
    pub sources: IndexMap<String, SourceFile>,
    /// The engines by their ids.
    pub engines: IndexMap<String, EngineFile>,
    /// The tables, by the types of the resources in them, as CloudFormation and AWS Config call these.
    pub types: IndexMap<String, TableFile>,
}

/// A query engine.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EngineFile {
    /// Its name.
    pub name: String,
    /// Columns that only its tables have together; any of these groups tells it.
    pub signs: Vec<Vec<String>>,
    /// Columns that hold the resource's ARN, or a list that begins with it; the first that has one counts.
    pub arn: Vec<String>,
    /// Columns that hold what people call it; the first that is there counts.
    pub called: Vec<String>,
    /// Columns that say nothing of the resource.
    pub meta: Vec<String>,
    /// Whether it keeps some settings in tables of their own.
    #[serde(default)]
    pub keeps_settings_apart: bool,
    /// Patterns of tables that list no resources.
    pub nothing: Vec<String>,
}

/// The tables of one type.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// Its tables in Steampipe.
    #[serde(default)]
    pub steampipe: Vec<String>,
    /// Its tables in CloudQuery.
    #[serde(default)]
    pub cloudquery: Vec<String>,
    /// Tables of settings that engines keep apart, by their names: the column that holds the resource's ARN.
    #[serde(default)]
    pub settings: IndexMap<String, String>,
    /// Columns that hold a block whose fields are the resource's own.
    #[serde(default)]
    pub spread: Vec<String>,
    /// By column, or a dotted path into one: the place in AWS Config that says the same.
    #[serde(default)]
    pub columns: IndexMap<String, ColumnFile>,
}

/// Where a column belongs.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum ColumnFile {
    /// At a path.
    Path(String),
    /// At a path, where its words stand for values.
    Words(ColumnWordsFile),
}

/// A place of a column whose words stand for values.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnWordsFile {
    /// The path.
    pub at: String,
    /// The value of each word; any other says nothing.
    pub values: IndexMap<String, Value>,
}

impl ColumnFile {
    /// The path.
    #[must_use]
    pub fn at(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Words(words) => &words.at,
        }
    }
}
