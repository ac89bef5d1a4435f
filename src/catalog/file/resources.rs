//! `resources` of a service file as it is written: types, and their attributes by source.
//!
//! In: YAML. Out: what it says, unvalidated; [`crate::catalog::attributes`] makes of it what the importers read by.

use super::super::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;

/// One kind of deployable thing: what each source calls it, and what can be known of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourceTypeFile {
    /// What the sources call it.
    #[serde(default)]
    pub types: Types,
    /// The attributes by which other resources refer to it.
    #[serde(default)]
    pub known_by: Vec<String>,
    /// Whether the names by which it and others are joined are given once, as generated ids are, and no other Region has another of
    /// that name.
    #[serde(default)]
    pub unique: bool,
    /// The block in which a source keeps the settings of such a resource, where it has one.
    #[serde(default)]
    pub within: WithinFile,
    /// Where a source has its state, and the words of those in which it is gone or is being taken away for good.
    #[serde(default)]
    pub gone: IndexMap<String, Vec<String>>,
    /// By Terraform's name; a dotted name is an attribute of a block.
    #[serde(default)]
    pub attributes: IndexMap<String, AttributeFile>,
    /// Other resources that are parts of it and of which no attribute tells anything.
    #[serde(default)]
    pub parts: Vec<PartFile>,
}

/// A type of resources that are parts of others: what fails on one counts for these.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartFile {
    /// Their type, as Terraform or as CloudFormation and AWS Config write it.
    pub of: String,
    /// The attributes by which they name the resource, or by which it names them.
    pub by: WordsFile,
    /// The resource's own attributes that equal them, where it names them; without any those of `known_by`, where they name it.
    #[serde(default)]
    pub equals: WordsFile,
    /// How their ARN goes on behind the account, as at a place.
    #[serde(default)]
    pub arn: Option<String>,
}

impl ResourceTypeFile {
    /// The types of other resources that say something of it.
    pub(in crate::catalog) fn others(&self) -> impl Iterator<Item = &str> {
        let full = self.attributes.values().filter_map(|attribute| match attribute {
            AttributeFile::Full(full) => Some(full),
            AttributeFile::Kind(_) => None,
        });
        let places = full.flat_map(|full| [&full.terraform, &full.cloudformation].into_iter().chain(&full.config));
        let places = places.flat_map(|places| &places.0).filter_map(|place| place.of.as_deref());
        places.chain(self.parts.iter().map(|part| part.of.as_str()))
    }
}

/// Resource types of the sources that cloudraci imports, as patterns: exact, or a prefix that ends in `*`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Types {
    /// Terraform resource types.
    #[serde(default)]
    pub terraform: Vec<String>,
    /// CloudFormation and AWS Config resource types.
    #[serde(default)]
    pub cloudformation: Vec<String>,
    /// What ARNs call it, where that is not how CloudFormation's type ends: `db` is a `DBInstance`. `*` stands for any part, and the
    /// namespace may stand first: `keyspace/*/table`, `s3express:bucket`.
    #[serde(default)]
    pub arn: Vec<String>,
    /// The ids of the service's types that a source makes with it, where that is not what it is itself: one of SAM's APIs is an API
    /// and its stage.
    #[serde(default)]
    pub makes: Vec<String>,
}

/// A block by source.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WithinFile {
    /// In Terraform state.
    #[serde(default)]
    pub terraform: Option<String>,
    /// In a CloudFormation template, and in AWS Config unless that is said apart.
    #[serde(default)]
    pub cloudformation: Option<String>,
    /// In AWS Config.
    #[serde(default)]
    pub config: Option<String>,
}

/// An attribute: its type, where that is all there is to say, or all of it.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(JsonSchema), serde(untagged))]
pub enum AttributeFile {
    /// Each source keeps it under this name, in its own spelling.
    Kind(KindFile),
    /// Some source keeps it elsewhere.
    Full(Box<FullAttributeFile>),
}

/// The type of an attribute's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KindFile {
    /// A text, a date or an ARN.
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A list of texts or numbers.
    List,
    /// Keys and values that their owner names, such as labels.
    Map,
    /// A block, or a list of them.
    Block,
    /// A policy or another document, as the text of its JSON.
    Document,
}

/// An attribute that some source keeps elsewhere than under its name.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FullAttributeFile {
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind: KindFile,
    /// Its values are passwords, keys or tokens, and are never kept.
    #[serde(default)]
    pub secret: bool,
    /// No source keeps it: people state it in an inventory.
    #[serde(default)]
    pub stated: bool,
    /// Where Terraform keeps it; the first place that has it counts.
    #[serde(default)]
    pub terraform: PlacesFile,
    /// Where a template keeps it; AWS Config, too, unless that is said apart.
    #[serde(default)]
    pub cloudformation: PlacesFile,
    /// Where AWS Config keeps it.
    #[serde(default)]
    pub config: Option<PlacesFile>,
    /// Where AWS Config or a state says that a change of it is under way: it is unknown then.
    #[serde(default)]
    pub pending: PendingFile,
    /// Where AWS Config says that what is switched on does not work: whether it is on is unknown then, and what is off stays off.
    #[serde(default)]
    pub failing: PendingFile,
    /// The attributes of a block.
    #[serde(default)]
    pub block: IndexMap<String, AttributeFile>,
}

/// One place or several: the path alone, or all that is to be said of it.
#[derive(Debug, Clone, Default)]
#[cfg_attr(test, derive(JsonSchema))]
#[cfg_attr(test, schemars(with = "PlacesSchema"))]
pub struct PlacesFile(pub Vec<PlaceFile>);

/// A place where a source keeps an attribute.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceFile {
    /// The type of another resource that has it.
    #[serde(default)]
    pub of: Option<String>,
    /// The attributes by which that one names the resource; without any there is one of either in an account's Region.
    #[serde(default)]
    pub by: WordsFile,
    /// The resource's own attributes that equal them; without any those of `known_by`.
    #[serde(default)]
    pub equals: WordsFile,
    /// An attribute that makes the other resource one of a part only, such as a version.
    #[serde(default)]
    pub unless: Option<String>,
    /// How the other resource's ARN goes on behind the account, `{owner}` where the last part of this one's ARN stands, `*` for any
    /// part. Its first word is what ARNs call the other one's type, where that is not how CloudFormation's type ends.
    #[serde(default)]
    pub arn: Option<String>,
    /// The other resource may belong to nobody: one whose settings are told and name none does.
    #[serde(default)]
    pub optional: bool,
    /// Dotted paths, the first that leads to something counts; without one the attribute's own name.
    #[serde(default)]
    pub at: WordsFile,
    /// The path of a list of names and values.
    #[serde(default)]
    pub entry: Option<String>,
    /// The name in that list.
    #[serde(default)]
    pub key: Option<String>,
    /// All values that the paths lead to, as one list.
    #[serde(default)]
    pub all: bool,
    /// The words that stand for true; all others are false.
    #[serde(default)]
    pub true_for: Vec<String>,
    /// Values by the words that stand for them.
    #[serde(default)]
    pub values: IndexMap<String, Value>,
    /// The value where the paths lead to anything at all.
    #[serde(default)]
    pub is: Option<Value>,
    /// The value where what they lead to cannot be read, such as a reference that only a deployment settles. Left out: it is
    /// unknown.
    #[serde(default)]
    pub open: Option<Value>,
    /// The value where they lead to nothing; `null`: it is known to be unset. Left out: it is unknown.
    #[serde(default, deserialize_with = "present")]
    pub absent: Option<Value>,
}

/// Paths at which anything, or one of some words, says that a change is under way.
#[derive(Debug, Clone, Default)]
#[cfg_attr(test, derive(JsonSchema))]
#[cfg_attr(test, schemars(with = "PendingSchema"))]
pub struct PendingFile(pub IndexMap<String, Vec<String>>);

/// For the schema: a path, or paths with their words.
#[cfg(test)]
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum PendingSchema {
    Path(String),
    Words(IndexMap<String, Vec<String>>),
}

/// One word or several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(JsonSchema))]
#[cfg_attr(test, schemars(with = "WordsSchema"))]
pub struct WordsFile(pub Vec<String>);

/// For the schema: one word or a list.
#[cfg(test)]
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum WordsSchema {
    One(String),
    Many(Vec<String>),
}

/// For the schema: a path, a place or a list of places.
#[cfg(test)]
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum PlacesSchema {
    Path(String),
    One(Box<PlaceFile>),
    Many(Vec<PlaceSchema>),
}

/// For the schema: a path or a place.
#[cfg(test)]
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum PlaceSchema {
    Path(String),
    Place(Box<PlaceFile>),
}

/// A field that is there, be it `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for WordsFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = WordsFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a list of words")
            }
            fn visit_str<E>(self, word: &str) -> Result<WordsFile, E> {
                Ok(WordsFile(vec![word.to_owned()]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut words: A) -> Result<WordsFile, A::Error> {
                let mut all = Vec::new();
                while let Some(word) = words.next_element()? {
                    all.push(word);
                }
                Ok(WordsFile(all))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl<'de> Deserialize<'de> for PendingFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Paths;
        impl<'de> Visitor<'de> for Paths {
            type Value = PendingFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or a map of paths with the words that count there")
            }
            fn visit_str<E>(self, path: &str) -> Result<PendingFile, E> {
                Ok(PendingFile([(path.to_owned(), Vec::new())].into_iter().collect()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PendingFile, A::Error> {
                IndexMap::deserialize(MapAccessDeserializer::new(map)).map(PendingFile)
            }
        }
        deserializer.deserialize_any(Paths)
    }
}

/// A path alone, or all that is to be said of a place.
struct Place(PlaceFile);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Place;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or a place with `at`, `of` or `entry`")
            }
            fn visit_str<E>(self, path: &str) -> Result<Place, E> {
                Ok(Place(PlaceFile {
                    at: WordsFile(vec![path.to_owned()]),
                    ..PlaceFile::default()
                }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Place, A::Error> {
                PlaceFile::deserialize(MapAccessDeserializer::new(map)).map(Place)
            }
        }
        deserializer.deserialize_any(Fields)
    }
}

impl<'de> Deserialize<'de> for PlacesFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Places;
        impl<'de> Visitor<'de> for Places {
            type Value = PlacesFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, a place, or a list of them")
            }
            fn visit_str<E>(self, path: &str) -> Result<PlacesFile, E> {
                Ok(PlacesFile(vec![PlaceFile {
                    at: WordsFile(vec![path.to_owned()]),
                    ..PlaceFile::default()
                }]))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlacesFile, A::Error> {
                Ok(PlacesFile(vec![PlaceFile::deserialize(MapAccessDeserializer::new(map))?]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut places: A) -> Result<PlacesFile, A::Error> {
                let mut all = Vec::new();
                while let Some(Place(place)) = places.next_element()? {
                    all.push(place);
                }
                Ok(PlacesFile(all))
            }
        }
        deserializer.deserialize_any(Places)
    }
}

impl<'de> Deserialize<'de> for AttributeFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Attribute;
        impl<'de> Visitor<'de> for Attribute {
            type Value = AttributeFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the attribute's type, or a map with `type` and where sources keep it")
            }
            fn visit_str<E: serde::de::Error>(self, kind: &str) -> Result<AttributeFile, E> {
                KindFile::deserialize(serde::de::value::StrDeserializer::new(kind)).map(AttributeFile::Kind)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AttributeFile, A::Error> {
                FullAttributeFile::deserialize(MapAccessDeserializer::new(map)).map(|full| AttributeFile::Full(Box::new(full)))
            }
        }
        deserializer.deserialize_any(Attribute)
    }
}
