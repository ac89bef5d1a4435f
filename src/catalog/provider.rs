//! What providers call things, as far as it is no service's own: their Terraform providers, and what is in no Region.
//!
//! In: `provider.yaml` of each. Out: answers about types and words. They are decoded when somebody first asks.

use super::file::{ProviderFile, WhereaboutsFile};
use super::names::Names;
use super::providers::{Known, Provider, Unite};
use super::spelling::snake_case;
use super::{partitions, wildcard};

static KNOWN: Known<Files> = Known::new("provider");

/// What each provider says; the base's first.
#[derive(Debug, Default)]
struct Files {
    all: Vec<ProviderFile>,
    names: Names,
}

impl Unite for Files {
    type File = ProviderFile;

    fn add(&mut self, provider: Provider, file: ProviderFile) {
        self.names.add(provider, &file.names);
        self.all.push(file);
    }
}

fn files() -> impl Iterator<Item = &'static ProviderFile> + Clone {
    KNOWN.get().all.iter()
}

/// How they write names.
pub(super) fn names() -> &'static Names {
    &KNOWN.get().names
}

fn is_of(patterns: &[String], kind: &str) -> bool {
    patterns.iter().any(|pattern| wildcard::matches(pattern, kind))
}

/// Whether a Terraform provider's resources are the catalog's, by the provider's name.
pub(crate) fn is_own_terraform_provider(name: &str) -> bool {
    files().flat_map(|file| &file.terraform).any(|known| known == name)
}

/// Whether a CloudFormation type is a provider's, by what it begins with.
pub(crate) fn is_own_vendor(name: &str) -> bool {
    files().flat_map(|file| &file.cloudformation).any(|known| known == name)
}

/// What the types of each provider begin with, where a table has the words of one apart.
pub(super) fn vendors() -> impl Iterator<Item = &'static str> {
    files().filter_map(|file| file.cloudformation.first()).map(String::as_str)
}

/// What a Terraform provider calls a type that is made from one of CloudFormation's: that begins with the word for the provider.
pub(crate) fn generated(kind: &str) -> Option<String> {
    let mut parts = kind.split("::");
    let (vendor, service, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let made = files().find_map(|file| file.generated.get(vendor))?;
    Some(format!("{made}_{}_{}", service.to_lowercase(), snake_case(resource)))
}

/// Whether a recorded item of a type says how rules judge a resource, and is none itself.
pub(crate) fn is_judgement(kind: &str) -> bool {
    judgements().any(|known| known == kind)
}

/// The types of recorded items that say how rules judge a resource.
pub(crate) fn judgements() -> impl Iterator<Item = &'static str> {
    files().flat_map(|file| &file.judgements).map(String::as_str)
}

/// Whether resources of a Terraform type are in no Region.
pub(crate) fn is_global(kind: &str) -> bool {
    files().any(|file| is_of(&file.global, kind) && !is_of(&file.regional, kind))
}

/// Whether a text in the place of a Region or an account says that there is none.
pub(crate) fn is_nowhere(text: &str) -> bool {
    let of_partitions = partitions::partitions().iter().flat_map(|partition| &partition.nowhere);
    let mut all = files().flat_map(|file| &file.nowhere).chain(of_partitions);
    text.is_empty() || all.any(|known| known.eq_ignore_ascii_case(text))
}

/// The attribute by which people call a resource of a Terraform type, where it does not follow from the type.
pub(crate) fn called(kind: &str) -> Option<&'static str> {
    files().find_map(|file| file.called.get(kind)).map(String::as_str)
}

/// Attributes by which people call a resource that is called by nothing else.
pub(crate) fn called_else() -> impl Iterator<Item = &'static str> {
    files().flat_map(|file| &file.called_else).map(String::as_str)
}

/// Whether an attribute of a template's type is what somebody wrote there, so that a reference to it leads to no resource.
pub(crate) fn is_written(kind: &str, attribute: &str) -> bool {
    let mut names = files().filter_map(|file| file.written.get(kind)).flatten();
    names.any(|name| name == attribute)
}

/// Attributes of a type that say whose a resource is and where: those of the provider whose type it is, else the base's.
pub(crate) fn whereabouts(kind: &str) -> &'static WhereaboutsFile {
    static NOTHING: WhereaboutsFile = WhereaboutsFile {
        types: String::new(),
        arn: Vec::new(),
        account: Vec::new(),
        zone: Vec::new(),
    };
    let mut all = files().map(|file| &file.whereabouts);
    let own = all.clone().find(|known| wildcard::matches(&known.types, kind));
    own.or_else(|| all.next()).unwrap_or(&NOTHING)
}

/// The names of all of these.
pub(crate) fn names_of_whereabouts() -> impl Iterator<Item = &'static str> {
    let all = files().map(|file| &file.whereabouts);
    let names = all.flat_map(|known| known.arn.iter().chain(&known.account).chain(&known.zone));
    names.map(String::as_str)
}

/// Whether attributes of a Terraform type are known to say whose it is.
pub(crate) fn says_whose(kind: &str) -> bool {
    wildcard::matches(&whereabouts(kind).types, kind)
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
        assert_eq!(generated("AWS::RDS::DBInstance").as_deref(), Some("awscc_rds_db_instance"));
        assert_eq!(generated("Alexa::ASK::Skill"), None);
    }
}
