//! What is deployed, and where: accounts and resources as they are written.

use super::{OneOrMany, Text};
use indexmap::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// An account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountFile {
    /// As printed.
    #[serde(default)]
    pub name: Option<Text>,
    /// The environment of its resources.
    #[serde(default)]
    pub environment: Option<Text>,
    /// The owner of its resources.
    #[serde(default)]
    pub owner: Option<Text>,
    /// The organisational unit that it is in; rules match it as they do names of accounts.
    #[serde(default)]
    pub unit: Option<Text>,
    /// Its tags.
    #[serde(default)]
    pub tags: IndexMap<String, Text>,
}

/// One deployed thing, or `count` alike.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourceFile {
    /// The service, by id or any alias; or `type`.
    #[serde(default)]
    pub service: Option<Text>,
    /// The type by the name of its source, such as `aws_db_instance`.
    #[serde(default, rename = "type")]
    pub kind: Option<Text>,
    /// The way of running; left out: settled from `config`.
    #[serde(default)]
    pub mode: Option<Text>,
    /// What people call it.
    #[serde(default)]
    pub name: Option<Text>,
    /// Its ARN.
    #[serde(default)]
    pub arn: Option<Text>,
    /// Its account number.
    #[serde(default)]
    pub account: Option<Text>,
    /// Its Region.
    #[serde(default)]
    pub region: Option<Text>,
    /// Comes from the account unless said here.
    #[serde(default)]
    pub environment: Option<Text>,
    /// How many alike; 1 where left out.
    #[serde(default)]
    pub count: Option<u64>,
    /// Comes from the account unless said here.
    #[serde(default)]
    pub owner: Option<Text>,
    /// Classes of the data in it.
    #[serde(default)]
    pub data: Option<OneOrMany>,
    /// Its tags.
    #[serde(default)]
    pub tags: Arc<IndexMap<String, Text>>,
    /// Its attributes, in Terraform's spelling.
    #[serde(default)]
    pub config: Arc<Map<String, Value>>,
    /// The resource or service that it supports; it is then counted as a part.
    #[serde(default)]
    pub part_of: Option<Text>,
    /// Where an import found it: the file and the address in it.
    #[serde(default)]
    pub from: Option<Text>,
    /// The provider of an imported resource, where it is not the catalog's.
    #[serde(default)]
    pub provider: Option<Text>,
}
