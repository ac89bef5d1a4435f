//! `provider.yaml` and `partitions.yaml` as they are written: what the provider calls things beside its services.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// `provider.yaml`: what is called so by the provider, and is no service's own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderFile {
    /// Names of the Terraform providers whose resources are the catalog's.
    pub terraform: Vec<String>,
    /// How CloudFormation's types of the provider begin.
    pub cloudformation: Vec<String>,
    /// What sources write for the Region or account of what is in none.
    pub nowhere: Vec<String>,
    /// Patterns of Terraform's types that are in no Region.
    pub global: Vec<String>,
    /// Patterns of those that are in one all the same.
    pub regional: Vec<String>,
    /// The attribute by which people call a resource, by Terraform's type.
    pub called: IndexMap<String, String>,
    /// Attributes by which people call a resource that is called by nothing else.
    pub called_else: Vec<String>,
}

/// One entry of `partitions.yaml`: Regions with accounts, sign-in and ARNs of their own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartitionFile {
    /// As ARNs write it.
    pub id: String,
    /// As printed.
    pub name: String,
    /// The party that runs the Regions, by its id in `parties.yaml`.
    #[serde(default)]
    pub operator: Option<String>,
    /// What sources write for the Region of what is in none.
    #[serde(default)]
    pub nowhere: Vec<String>,
    /// Names of Regions by their ids.
    pub regions: IndexMap<String, String>,
}
