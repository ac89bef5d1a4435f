//! The inventory file as it is written: unvalidated.

mod deployed;
mod evidence;
mod frameworks;
mod handover;

pub use deployed::{AccountFile, ResourceFile};
pub use evidence::EvidenceFile;
pub use frameworks::{ChosenFramework, FrameworksFile, NamedFramework, OurCustomersFile};
pub use handover::{AccessFile, ExitFile, HandoverFile, KeepFile, RunbookFile};

use crate::catalog::schemas::Described;
use crate::catalog::{Severity, SeverityRule};
use indexmap::IndexMap;
#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
#[cfg(test)]
use std::borrow::Cow;
use std::sync::Arc;

/// An inventory of deployed services, and who answers for them.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, schemars(title = "cloudraci inventory"))]
pub struct InventoryFile {
    /// Version of this format: 1.
    pub inventory: u32,
    /// Title of the report.
    #[serde(default)]
    pub title: Option<Text>,
    /// The customer.
    #[serde(default)]
    pub organization: Option<Text>,
    /// The system that the inventory describes.
    #[serde(default)]
    pub system: Option<Text>,
    /// Version of the document.
    #[serde(default)]
    pub version: Option<Text>,
    /// The date that the statement is true for, YYYY-MM-DD; freshness and expiry are judged against it.
    #[serde(default)]
    pub as_of: Option<Text>,
    /// Such as `Confidential`.
    #[serde(default)]
    pub classification: Option<Text>,
    /// A party, or plain text.
    #[serde(default)]
    pub prepared_by: Option<Text>,
    /// Whom the report is for.
    #[serde(default)]
    pub prepared_for: Option<Text>,
    /// Branding.
    #[serde(default)]
    pub theme: Option<ThemeFile>,
    /// The columns of the matrix, by id. `aws` exists by itself; so does `customer` where no customer party is named.
    #[serde(default)]
    pub parties: IndexMap<String, PartyFile>,
    /// Rules, top to bottom; the last one that matches sets a letter.
    #[serde(default)]
    pub assignments: Vec<RuleFile>,
    /// Accounts by their twelve-digit number, in quotes.
    #[serde(default)]
    pub accounts: IndexMap<String, AccountFile>,
    /// What is deployed.
    #[serde(default)]
    pub resources: Vec<Arc<ResourceFile>>,
    /// Resources from what people already have.
    #[serde(default)]
    pub imports: Vec<ImportFile>,
    /// What scanners found: files, folders or patterns, each alone or with what is to be known of it.
    #[serde(default)]
    pub results: Vec<ResultsEntry>,
    /// Duties that are knowingly not done, with an end.
    #[serde(default)]
    pub exceptions: Vec<ExceptionFile>,
    /// Artefacts that show that duties are done.
    #[serde(default)]
    pub evidence: Vec<EvidenceFile>,
    /// The party whose evidence this file is: it vouches with all of it, and the file says nothing but `evidence`.
    #[serde(default)]
    pub evidence_of: Option<Text>,
    /// How many duties may rest on one artefact before that is worth a warning; 40 where left out.
    #[serde(default)]
    pub evidence_limit: Option<u32>,
    /// Frameworks in whose numbers the report answers, by the ids of the catalog.
    #[serde(default)]
    pub frameworks: Option<FrameworksFile>,
    /// Component definitions and system security plans in OSCAL of providers and partners, beside this file: what they leave to
    /// their customers are further duties.
    #[serde(default)]
    pub upstream: Vec<Text>,
    /// Authorisations of others that the system builds on, such as the provider's FedRAMP authorisation.
    #[serde(default)]
    pub leveraged: Vec<LeveragedFile>,
    /// What the customers of the service that the organisation sells must do themselves.
    #[serde(default)]
    pub our_customers: Vec<OurCustomersFile>,
    /// How bad findings are, where it departs from the catalog's rule.
    #[serde(default)]
    pub severity: SeverityRule,
    /// Days in which a finding must be mended, by its severity.
    #[serde(default)]
    pub due: IndexMap<Severity, u32>,
    /// Duties that pass from one party to another.
    #[serde(default)]
    pub handover: Option<HandoverFile>,
    /// The document's history.
    #[serde(default)]
    pub revisions: Vec<RevisionFile>,
}

impl Described for InventoryFile {
    const SCHEMA: &'static str = "inventory";
}

/// Branding of the report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ThemeFile {
    /// A picture (SVG, PNG or JPEG), relative to this file.
    #[serde(default)]
    pub logo: Option<Text>,
    /// The accent colour, `#rrggbb`.
    #[serde(default)]
    pub accent: Option<Text>,
    /// Text at the foot of each page.
    #[serde(default)]
    pub footer: Option<Text>,
    /// The family of the font. Noto Sans is built in; others come from `font_path`, `--font-path` or `--system-fonts`.
    #[serde(default)]
    pub font: Option<Text>,
    /// A folder with the files of fonts, relative to this file. The PDF is drawn with them, and the HTML carries `font`.
    #[serde(default)]
    pub font_path: Option<Text>,
}

/// A party: somebody who can hold a letter.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartyFile {
    /// As printed; the id where left out.
    #[serde(default)]
    pub name: Option<Text>,
    /// What kind of party it is; `customer` where left out.
    #[serde(default)]
    pub kind: Option<PartyKind>,
    /// For narrow columns, a word or two; the name where left out.
    #[serde(default)]
    pub short: Option<Text>,
    /// How to reach it.
    #[serde(default)]
    pub contact: Option<Text>,
    /// The number to call.
    #[serde(default)]
    pub phone: Option<Text>,
    /// When somebody answers, such as `24/7` or `Mon-Fri 9-17 CET`.
    #[serde(default)]
    pub hours: Option<Text>,
    /// Role names of the people in it.
    #[serde(default)]
    pub people: Option<OneOrMany>,
}

/// Kinds of party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// The cloud provider.
    Provider,
    /// The customer or one of its teams.
    Customer,
    /// A third party, such as a managed service provider.
    Partner,
}

/// A rule: what it matches, and the letters that it sets.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Without it the rule matches every customer activity.
    #[serde(default, rename = "match")]
    pub matches: Option<MatchFile>,
    /// Who does the work.
    #[serde(default)]
    pub responsible: Option<OneOrMany>,
    /// Who answers for it: one party.
    #[serde(default)]
    pub accountable: Option<Text>,
    /// Who is asked before.
    #[serde(default)]
    pub consulted: Option<OneOrMany>,
    /// Who is told.
    #[serde(default)]
    pub informed: Option<OneOrMany>,
}

/// What a rule, an exception or an evidence entry applies to; all keys must hold, of a list one element.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MatchFile {
    /// Services, by id or any alias.
    #[serde(default)]
    pub service: Option<OneOrMany>,
    /// Modes.
    #[serde(default)]
    pub mode: Option<OneOrMany>,
    /// Controls.
    #[serde(default)]
    pub control: Option<OneOrMany>,
    /// Layers of the stack.
    #[serde(default)]
    pub layer: Option<OneOrMany>,
    /// Service models.
    #[serde(default)]
    pub model: Option<OneOrMany>,
    /// Account numbers or names.
    #[serde(default)]
    pub account: Option<OneOrMany>,
    /// Environments.
    #[serde(default)]
    pub environment: Option<OneOrMany>,
    /// Regions.
    #[serde(default)]
    pub region: Option<OneOrMany>,
    /// Owners of resources or accounts.
    #[serde(default)]
    pub owner: Option<OneOrMany>,
    /// Tags: `key`, `key=value`, or a map of keys to values.
    #[serde(default)]
    pub tag: Option<TagMatch>,
    /// Data classes.
    #[serde(default)]
    pub data: Option<OneOrMany>,
    /// `customer` (the default for rules), `provider`, or a party that operates a service.
    #[serde(default)]
    pub side: Option<OneOrMany>,
    /// Ids of activities, as `cloudraci why` prints them behind `from`; `*` stands for any letters.
    #[serde(default)]
    pub activity: Option<OneOrMany>,
    /// Names of resources, or addresses where they have none; `*` stands for any letters.
    #[serde(default)]
    pub name: Option<OneOrMany>,
    /// ARNs; `*` stands for any letters.
    #[serde(default)]
    pub arn: Option<OneOrMany>,
    /// Types, as their source calls them, such as `aws_db_instance` or `AWS::RDS::*`.
    #[serde(default, rename = "type")]
    pub kind: Option<OneOrMany>,
}

/// Tags to match.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum TagMatch {
    /// `key` or `key=value`.
    Words(OneOrMany),
    /// Keys to values.
    Map(IndexMap<String, OneOrMany>),
}

/// A file to import resources from.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportFile {
    /// A file, a folder, or a pattern such as `states/*.tfstate`, relative to this inventory file.
    pub file: Text,
    /// The kind of source, where the content does not tell: terraform, config, tagging, resource-explorer, cloudformation,
    /// csv, xlsx, json, parquet or accounts.
    #[serde(default)]
    pub from: Option<Text>,
    /// Of the resources that have none.
    #[serde(default)]
    pub environment: Option<Text>,
    /// Of the resources that have none.
    #[serde(default)]
    pub account: Option<Text>,
    /// Of the resources that have none.
    #[serde(default)]
    pub region: Option<Text>,
    /// Of the resources that have none.
    #[serde(default)]
    pub owner: Option<Text>,
}

/// Files of scanners' results.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum ResultsEntry {
    /// A file, a folder, or a pattern such as `scans/*.json`, relative to this inventory file.
    Path(Text),
    /// The same with what is to be known of it.
    Entry(ResultsFile),
}

/// Files of scanners' results, and what is to be known of them.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultsFile {
    /// A file, a folder, or a pattern such as `scans/*.json`, relative to this inventory file.
    pub file: Text,
    /// The form, where the content does not tell it.
    #[serde(default)]
    pub from: Option<Text>,
    /// Days before the report's date after which a result attests nothing any more; 30 where left out.
    #[serde(default)]
    pub max_age: Option<u32>,
    /// When the scanner looked, YYYY-MM-DD, where the results bear no time.
    #[serde(default)]
    pub at: Option<Text>,
}

/// A duty that is knowingly not done.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExceptionFile {
    /// What it excuses.
    #[serde(rename = "match")]
    pub matches: MatchFile,
    /// Why.
    pub reason: Text,
    /// A party, or plain text.
    #[serde(default)]
    pub approved_by: Option<Text>,
    /// YYYY-MM-DD: when it was approved.
    #[serde(default)]
    pub approved: Option<Text>,
    /// What protects in the place of what is excused, in plain text.
    #[serde(default)]
    pub instead: Option<Text>,
    /// YYYY-MM-DD; afterwards it is a finding.
    #[serde(default)]
    pub expires: Option<Text>,
}

/// An authorisation that the system builds on. Whoever names one says which and since when; the catalog knows none.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeveragedFile {
    /// The party whose authorisation it is, such as `aws`.
    pub party: Text,
    /// Its id, as whoever gave it lists it.
    pub id: Text,
    /// When it was given, YYYY-MM-DD.
    pub date: Text,
    /// What it is called; the party's name where left out.
    #[serde(default)]
    pub title: Option<Text>,
}

/// One entry of the document's history.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevisionFile {
    /// Of the document.
    pub version: Text,
    /// YYYY-MM-DD.
    pub date: Text,
    /// A party, or plain text.
    #[serde(default)]
    pub author: Option<Text>,
    /// What changed.
    pub change: Text,
}

/// A single value that is meant as text: YAML's numbers and booleans are taken as they are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Bool(flag) => Ok(Self(flag.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(serde::de::Error::custom("expected a text")),
        }
    }
}

#[cfg(test)]
impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["string", "number", "boolean"]})
    }
}

/// One text or a list of texts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(Text),
    /// Several.
    Many(Vec<Text>),
}

impl OneOrMany {
    /// The texts.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    /// Whether it was written as a list, which a route into it must know.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Many(_))
    }
}

#[cfg(test)]
impl JsonSchema for OneOrMany {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "OneOrMany".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = Text::json_schema(generator);
        json_schema!({"type": ["string", "number", "boolean", "array"], "items": text})
    }
}
