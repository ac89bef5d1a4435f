//! `provider.yaml` and `partitions.yaml` as they are written: what a provider calls things beside its services.

use super::SourceFile;
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `provider.yaml`: what is called so by a provider, and is no service's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ProviderFile {
    /// How it writes names.
    pub names: NamesFile,
    /// Names of the Terraform providers whose resources are the catalog's.
    pub terraform: Vec<String>,
    /// How CloudFormation's types of the provider begin; the first is what a table's words stand behind.
    pub cloudformation: Vec<String>,
    /// What types of a Terraform provider begin with that is made from CloudFormation's, by how those begin.
    pub generated: BTreeMap<String, String>,
    /// Types of recorded items that say how rules judge a resource, and are none themselves.
    pub judgements: Vec<String>,
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
    /// Attributes that say whose a resource is and where.
    pub whereabouts: WhereaboutsFile,
    /// Attributes of types of templates that are what somebody wrote there: a reference to one leads to no resource.
    pub written: BTreeMap<String, Vec<String>>,
}

/// How a provider writes the names of what is not a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NamesFile {
    /// Forms of a resource's full name, with `{partition}`, `{namespace}`, `{region}`, `{account}` and `{resource}` in their places.
    pub resource: Vec<String>,
    /// The shape of an account's number.
    pub account: Option<String>,
    /// The same in words, for whoever wrote something else.
    pub account_help: Option<String>,
    /// The shape of a Region's name; without it Regions are those of `partitions.yaml` alone.
    pub region: Option<String>,
    /// How it names keys; without it no text is known to name one.
    pub keys: Option<KeysFile>,
}

/// How a provider names the keys that its services encrypt with.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct KeysFile {
    /// The namespace of their full names.
    pub namespace: String,
    /// What a key's resource in a full name begins with.
    pub resource: Vec<String>,
    /// What a name begins with that stands alone or as the resource in a full name.
    pub called: Vec<String>,
    /// Shapes of ids that stand alone.
    pub ids: Vec<String>,
    /// What a name begins with that is of the provider's own keys.
    pub providers: Vec<String>,
    /// What resources say of keys that are the provider's own, whose ARN or id alone does not tell it.
    pub own: Vec<OwnKeysFile>,
    /// A name of one of these, in the place of what does not tell it.
    pub managed: String,
}

/// Resources that tell that a key is the provider's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OwnKeysFile {
    /// Their types, by whatever source.
    pub types: Vec<String>,
    /// The attributes that say so, in small letters with underscores.
    pub says: Vec<String>,
    /// How what these say begins then.
    pub begins: String,
    /// The attributes that name the key, by its ARN or its id.
    pub names: Vec<String>,
}

/// Attributes of Terraform's types that say whose a resource is and where.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WhereaboutsFile {
    /// Pattern of the types whose attributes are known to say so.
    pub types: String,
    /// ARNs beside the resource's own, which may say more.
    pub arn: Vec<String>,
    /// Account numbers, the most trusted first.
    pub account: Vec<String>,
    /// Availability Zones, or lists of them.
    pub zone: Vec<String>,
}

/// `partitions.yaml`: the partitions, their Regions, who operates them, and what they lack.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartitionsFile {
    /// Pages by their keys.
    pub sources: IndexMap<String, SourceFile>,
    /// The partitions; the first one is home: what tells no partition is in it.
    pub partitions: Vec<PartitionFile>,
}

/// One partition: Regions with accounts, sign-in and ARNs of their own.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartitionFile {
    /// As ARNs write it.
    pub id: String,
    /// As printed.
    pub name: String,
    /// What its Regions begin with and no other partition's.
    #[serde(default)]
    pub begins: Option<String>,
    /// Who runs the Regions; without it nobody has read who does.
    #[serde(default)]
    pub operator: Option<OperatorFile>,
    /// Who runs single Regions, where it is not the same everywhere.
    #[serde(default)]
    pub operators: IndexMap<String, OperatorFile>,
    /// What sources write for the Region of what is in none.
    #[serde(default)]
    pub nowhere: Vec<String>,
    /// Names of Regions by their ids.
    pub regions: IndexMap<String, String>,
    /// Services that it does not have.
    #[serde(default)]
    pub absent: Option<AbsentFile>,
}

/// Who runs a partition or a Region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OperatorFile {
    /// The party, by its id in `parties.yaml`.
    pub party: String,
    /// The key of the page that says so; the provider itself needs none.
    #[serde(default)]
    pub source: Option<String>,
}

/// Services that a partition does not have.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AbsentFile {
    /// The key of the page that says so.
    pub source: String,
    /// Their ids, sorted.
    pub services: Vec<String>,
}
