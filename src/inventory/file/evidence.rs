//! Evidence as it is written: unvalidated.

use super::{MatchFile, Text};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;

/// An artefact that shows that duties are done.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EvidenceFile {
    /// What it is evidence for.
    #[serde(rename = "match")]
    pub matches: MatchFile,
    /// What it is. Only an entry that nobody has reviewed yet may leave it empty.
    #[serde(default)]
    pub artefact: Option<Text>,
    /// Where it is kept.
    #[serde(default)]
    pub location: Option<Text>,
    /// The artefact itself, a file beside this inventory file or in a folder below it. Its checksum stands in the report, and
    /// where it is missing nothing is attested.
    #[serde(default)]
    pub file: Option<Text>,
    /// The SHA-256 of `file`, in hexadecimal digits: where the file is another by now, it attests nothing.
    #[serde(default)]
    pub sha256: Option<Text>,
    /// Who vouches for the duties with it: a party that holds R or A for them, or one of its `people`. Without it, nothing is
    /// attested.
    #[serde(default)]
    pub by: Option<Text>,
    /// `false`: it only documents the duties, and attests none; `true` where left out.
    #[serde(default)]
    pub attests: Option<bool>,
    /// When what it records was done, YYYY-MM-DD: the day of the test, of the review or of the exercise. A duty with a cadence is
    /// attested from this day on until it is due again; where left out, from `reviewed` on.
    #[serde(default)]
    pub performed: Option<Text>,
    /// When somebody last read it, YYYY-MM-DD. As long as that is empty, the entry attests nothing.
    #[serde(default)]
    pub reviewed: Option<Text>,
    /// When it must be read again, YYYY-MM-DD: the last day on which it counts. Where somebody vouches, a year after
    /// `performed` or `reviewed` where left out. A duty that is due more often is attested until it is due again.
    #[serde(default)]
    pub review_by: Option<Text>,
}
