//! What the provider calls things, as far as it is no service's own: its Terraform providers, its Regions, what is in none.
//!
//! In: `provider.yaml` and `partitions.yaml`. Out: answers about types and Regions. The files are decoded when somebody
//! first asks.

use super::file::{PartitionFile, ProviderFile};
use super::{builtin, lookup};
use std::sync::LazyLock;

/// The facts of both files, or what is broken in them.
struct Facts {
    provider: ProviderFile,
    partitions: Vec<PartitionFile>,
    faults: Vec<(&'static str, String)>,
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let mut faults = Vec::new();
    let provider = serde_json::from_str(builtin::file("provider").unwrap_or_default());
    let partitions = serde_json::from_str(builtin::file("partitions").unwrap_or_default());
    Facts {
        provider: provider.unwrap_or_else(|error| {
            faults.push(("provider", error.to_string()));
            ProviderFile::default()
        }),
        partitions: partitions.unwrap_or_else(|error| {
            faults.push(("partitions", error.to_string()));
            Vec::new()
        }),
        faults,
    }
});

/// What is broken in the two files, by their names; a test excludes it.
pub(super) fn broken() -> &'static [(&'static str, String)] {
    &FACTS.faults
}

fn is_of(patterns: &[String], kind: &str) -> bool {
    patterns.iter().any(|pattern| lookup::matches(pattern, kind))
}

/// Whether a Terraform provider's resources are the catalog's, by the provider's name.
pub(crate) fn is_own_terraform_provider(name: &str) -> bool {
    FACTS.provider.terraform.iter().any(|known| known == name)
}

/// Whether a CloudFormation type is the provider's, by what it begins with.
pub(crate) fn is_own_vendor(name: &str) -> bool {
    FACTS.provider.cloudformation.iter().any(|known| known == name)
}

/// Whether resources of a Terraform type are in no Region.
pub(crate) fn is_global(kind: &str) -> bool {
    is_of(&FACTS.provider.global, kind) && !is_of(&FACTS.provider.regional, kind)
}

/// Whether a text in the place of a Region or an account says that there is none.
pub(crate) fn is_nowhere(text: &str) -> bool {
    let of_partitions = FACTS.partitions.iter().flat_map(|partition| &partition.nowhere);
    let mut all = FACTS.provider.nowhere.iter().chain(of_partitions);
    text.is_empty() || all.any(|known| known.eq_ignore_ascii_case(text))
}

/// The attribute by which people call a resource of a Terraform type, where it does not follow from the type.
pub(crate) fn called(kind: &str) -> Option<&'static str> {
    FACTS.provider.called.get(kind).map(String::as_str)
}

/// Attributes by which people call a resource that is called by nothing else.
pub(crate) fn called_else() -> impl Iterator<Item = &'static str> {
    FACTS.provider.called_else.iter().map(String::as_str)
}

/// The partitions.
#[must_use]
pub fn partitions() -> &'static [PartitionFile] {
    &FACTS.partitions
}

/// The partition that a Region is in.
#[must_use]
pub fn partition_of(region: &str) -> Option<&'static PartitionFile> {
    FACTS.partitions.iter().find(|partition| partition.regions.contains_key(region))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use std::collections::BTreeSet;

    #[test]
    fn the_files_are_whole_and_name_what_exists() {
        assert_eq!(broken(), []);
        let catalog = Catalog::builtin().unwrap();
        let mut seen = BTreeSet::new();
        for partition in partitions() {
            assert!(seen.insert(partition.id.clone()));
            if let Some(operator) = &partition.operator {
                assert!(catalog.parties.iter().any(|party| party.id == *operator), "{operator}");
            }
            for region in partition.regions.keys() {
                assert!(seen.insert(region.clone()), "{region} is in two partitions");
                assert_eq!(partition_of(region).unwrap().id, partition.id);
            }
        }
        assert!(partition_of("mars-1").is_none() && seen.len() > 45);
    }

    #[test]
    fn types_and_words_are_told_apart() {
        assert!(is_global("aws_route53_zone") && !is_global("aws_route53_resolver_endpoint") && !is_global("aws_instance"));
        assert!(is_nowhere("Global") && is_nowhere("aws-global") && is_nowhere("") && !is_nowhere("eu-west-1"));
        assert!(is_own_terraform_provider("awscc") && !is_own_terraform_provider("google"));
        assert_eq!(called("aws_s3_object"), Some("key"));
    }
}
