//! `parties.yaml`: the parties that a catalog knows, as they are written.

use super::SourceFile;
use indexmap::IndexSet;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A party that the catalog knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartyFile {
    /// Its id.
    pub id: String,
    /// As printed.
    pub name: String,
    /// For narrow columns; the name where left out.
    #[serde(default)]
    pub short: Option<String>,
    /// What it is to customers.
    pub kind: PartyKind,
    /// Where a customer finds the evidence for what the party does.
    pub assurance: Arc<str>,
    /// Of that, what answers a framework, by the framework's id.
    #[serde(default)]
    pub attestations: BTreeMap<String, String>,
    /// Where these are found.
    #[serde(default)]
    pub attestations_from: Option<String>,
    /// The page that says so.
    #[serde(default)]
    pub source: Option<SourceFile>,
}

impl PartyFile {
    /// Where a customer finds the evidence for what the party does: what answers these frameworks, and all that there is where
    /// none does.
    pub(crate) fn assurance_for<'f>(&self, frameworks: impl Iterator<Item = &'f str>) -> Arc<str> {
        let named: IndexSet<&str> = frameworks
            .filter_map(|framework| self.attestations.get(framework).map(String::as_str))
            .collect();
        let named = Vec::from_iter(named);
        let Some((last, first)) = named.split_last() else {
            return self.assurance.clone();
        };
        let from = self
            .attestations_from
            .as_ref()
            .map(|from| format!(" from {from}"))
            .unwrap_or_default();
        match first {
            [] => format!("{last}{from}").into(),
            first => format!("{} and {last}{from}", first.join(", ")).into(),
        }
    }
}

/// What a party that the catalog knows is to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// It operates the cloud, or some of its partitions or Regions.
    Provider,
    /// It operates a part of a service.
    Partner,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_a_partys_part_answers_the_frameworks_that_are_named() {
        let party: PartyFile = serde_json::from_str(
            r#"{"id": "aws", "name": "Amazon", "kind": "provider", "assurance": "SOC 2 report from Artifact",
                "attestations": {"pci-dss": "PCI DSS AOC", "iso-27001": "ISO certificate", "iso-27017": "ISO certificate"},
                "attestations_from": "Artifact"}"#,
        )
        .unwrap();
        let told = |frameworks: &[&str]| party.assurance_for(frameworks.iter().copied()).to_string();
        assert_eq!(told(&[]), "SOC 2 report from Artifact");
        assert_eq!(told(&["dora"]), "SOC 2 report from Artifact");
        assert_eq!(told(&["dora", "pci-dss"]), "PCI DSS AOC from Artifact");
        assert_eq!(
            told(&["pci-dss", "iso-27001", "iso-27017"]),
            "PCI DSS AOC and ISO certificate from Artifact"
        );
    }
}
