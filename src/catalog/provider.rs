//! What the provider calls things, as far as it is no service's own: its Terraform providers, and what is in no Region.
//!
//! In: `provider.yaml`. Out: answers about types and words. It is decoded when somebody first asks.

use super::embedded::Embedded;
use super::file::{ProviderFile, WhereaboutsFile};
use super::{partitions, wildcard};

static FILE: Embedded<ProviderFile> = Embedded::new("provider");

fn is_of(patterns: &[String], kind: &str) -> bool {
    patterns.iter().any(|pattern| wildcard::matches(pattern, kind))
}

/// Whether a Terraform provider's resources are the catalog's, by the provider's name.
pub(crate) fn is_own_terraform_provider(name: &str) -> bool {
    FILE.get().terraform.iter().any(|known| known == name)
}

/// Whether a CloudFormation type is the provider's, by what it begins with.
pub(crate) fn is_own_vendor(name: &str) -> bool {
    FILE.get().cloudformation.iter().any(|known| known == name)
}

/// Whether a recorded item of a type says how rules judge a resource, and is none itself.
pub(crate) fn is_judgement(kind: &str) -> bool {
    FILE.get().judgements.iter().any(|known| known == kind)
}

/// The types of recorded items that say how rules judge a resource.
pub(crate) fn judgements() -> impl Iterator<Item = &'static str> {
    FILE.get().judgements.iter().map(String::as_str)
}

/// Whether resources of a Terraform type are in no Region.
pub(crate) fn is_global(kind: &str) -> bool {
    is_of(&FILE.get().global, kind) && !is_of(&FILE.get().regional, kind)
}

/// Whether a text in the place of a Region or an account says that there is none.
pub(crate) fn is_nowhere(text: &str) -> bool {
    let of_partitions = partitions::partitions().iter().flat_map(|partition| &partition.nowhere);
    let mut all = FILE.get().nowhere.iter().chain(of_partitions);
    text.is_empty() || all.any(|known| known.eq_ignore_ascii_case(text))
}

/// The attribute by which people call a resource of a Terraform type, where it does not follow from the type.
pub(crate) fn called(kind: &str) -> Option<&'static str> {
    FILE.get().called.get(kind).map(String::as_str)
}

/// Attributes by which people call a resource that is called by nothing else.
pub(crate) fn called_else() -> impl Iterator<Item = &'static str> {
    FILE.get().called_else.iter().map(String::as_str)
}

/// Whether an attribute of a template's type is what somebody wrote there, so that a reference to it leads to no resource.
pub(crate) fn is_written(kind: &str, attribute: &str) -> bool {
    let names = FILE.get().written.get(kind);
    names.is_some_and(|names| names.iter().any(|name| name == attribute))
}

/// Attributes of any type that say whose a resource is and where.
pub(crate) fn whereabouts() -> &'static WhereaboutsFile {
    &FILE.get().whereabouts
}

/// The names of all of these.
pub(crate) fn names_of_whereabouts() -> impl Iterator<Item = &'static str> {
    let known = whereabouts();
    known.arn.iter().chain(&known.account).chain(&known.zone).map(String::as_str)
}

/// Whether attributes of a Terraform type are known to say whose it is.
pub(crate) fn says_whose(kind: &str) -> bool {
    wildcard::matches(&whereabouts().types, kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn types_and_words_are_told_apart() {
        assert!(is_global("aws_route53_zone") && !is_global("aws_route53_resolver_endpoint") && !is_global("aws_instance"));
        assert!(is_nowhere("Global") && is_nowhere("aws-global") && is_nowhere("") && !is_nowhere("eu-west-1"));
        assert!(is_own_terraform_provider("awscc") && !is_own_terraform_provider("google"));
        assert_eq!(called("aws_s3_object"), Some("key"));
    }
}
