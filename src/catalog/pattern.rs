//! The patterns by which names are looked up: what `build.rs` writes down of the built-in catalog, and what an overlay adds,
//! made in one way.
//!
//! In: a service's name and aliases. Out: patterns by namespace, exact, or a prefix that ends in `*`, in lower case.

/// The letter of a namespace in the table of the built-in patterns.
pub(crate) const NAME: char = 'n';
/// Terraform resource types.
pub(crate) const TERRAFORM: char = 't';
/// CloudFormation and AWS Config resource types.
pub(crate) const CLOUDFORMATION: char = 'c';
/// ARN namespaces and resource types.
pub(crate) const ARN: char = 'a';
/// IAM action prefixes.
pub(crate) const IAM: char = 'i';

/// As names are compared: lower case, words joined by one hyphen, nothing in parentheses.
pub(crate) fn normal(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name).to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A normal name without the vendor's.
pub(crate) fn without_vendor(name: &str) -> &str {
    name.strip_prefix("amazon-").or_else(|| name.strip_prefix("aws-")).unwrap_or(name)
}

/// The patterns of one service. `aliases` gives the list of a field: `names`, `terraform`, `cloudformation`, `config`,
/// `arn` or `iam`.
pub(crate) fn patterns<'a>(id: &str, name: &str, aliases: impl Fn(&str) -> &'a [String]) -> Vec<(char, String)> {
    let mut found = vec![(NAME, normal(id)), (NAME, normal(without_vendor(&normal(name))))];
    found.extend(aliases("names").iter().map(|name| (NAME, normal(name))));
    for (field, namespace) in [
        ("terraform", TERRAFORM),
        ("cloudformation", CLOUDFORMATION),
        ("config", CLOUDFORMATION),
        ("arn", ARN),
        ("iam", IAM),
    ] {
        found.extend(aliases(field).iter().map(|pattern| (namespace, pattern.to_lowercase())));
    }
    found
}
