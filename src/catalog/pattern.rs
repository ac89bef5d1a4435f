//! The patterns by which names are looked up, as tables: what `build.rs` writes down of the built-in catalog, and what is
//! made anew with an overlay, in one way.
//!
//! In: the names and aliases of services. Out: a line each pattern, exact or a prefix, in lower case, and the patterns that
//! two services claim. Of these the later service has it.

use std::collections::BTreeMap;

/// The letter of a namespace in the table of the built-in patterns.
pub(crate) const NAME: char = 'n';
/// The same names without anything between their words, as invoices write them: `AmazonSecretsManager`.
pub(crate) const SQUASHED: char = 'q';
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

/// A name's letters and digits alone, in lower case, without what stands in parentheses.
pub(crate) fn squashed(name: &str) -> String {
    letters(name.split('(').next().unwrap_or(name))
}

/// A name without case and separators: `OAuthToken`, `oauth-token` and `oauth_token` are `oauthtoken`.
pub(crate) fn letters(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A normal or squashed name without the vendor's words that it begins with, if anything is left of it.
pub(crate) fn without_vendor<'n>(name: &'n str, vendors: &[impl AsRef<str>]) -> &'n str {
    let rest = vendors.iter().find_map(|vendor| name.strip_prefix(vendor.as_ref()));
    rest.map(|rest| rest.trim_start_matches('-'))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

/// What people call a service, in its normal form: its id, and its product's name and its aliases without the vendor's words.
pub(crate) fn names_of_service(id: &str, name: &str, aliases: &[String], vendors: &[impl AsRef<str>]) -> Vec<String> {
    let mut names = vec![normal(id), without_vendor(&normal(name), vendors).to_owned()];
    for alias in aliases.iter().map(|alias| normal(alias)) {
        let plain = without_vendor(&alias, vendors).to_owned();
        names.extend([alias, plain]);
    }
    names.dedup();
    names
}

/// What people call a mode: its own names, and any name of its service before the mode's id, as in `aurora-serverless`.
pub(crate) fn names_of_mode(of_service: &[String], mode: &str, own: &[String]) -> Vec<String> {
    let together = of_service.iter().map(|name| normal(&format!("{name} {mode}")));
    own.iter().map(|name| normal(name)).chain(together).collect()
}

/// The tables of all services. A line is the namespace's letter and the pattern, a tab, and the service; sorted by the pattern.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The words that a vendor's product names begin with, in lower case.
    vendors: Vec<String>,
    exact: BTreeMap<String, String>,
    prefixes: BTreeMap<String, String>,
    /// Each pattern that two services claim, with the two.
    pub(crate) clashes: Vec<[String; 3]>,
}

impl Tables {
    /// Tables without a service.
    pub(crate) fn new(vendors: Vec<String>) -> Self {
        Self {
            vendors,
            ..Self::default()
        }
    }

    /// Adds a service. `aliases` as for [`patterns`].
    pub(crate) fn add<'a>(&mut self, id: &str, name: &str, aliases: impl Fn(&str) -> &'a [String]) {
        for (namespace, pattern) in patterns(id, name, &self.vendors, aliases) {
            // Neither stands in the name of anything, and both would end a line or a pattern.
            if pattern.contains(['\t', '\n']) || id.contains(['\t', '\n']) {
                continue;
            }
            let before = match pattern.strip_suffix('*') {
                Some(prefix) => self.prefixes.insert(format!("{namespace}{prefix}"), id.to_owned()),
                None => self.exact.insert(format!("{namespace}{pattern}"), id.to_owned()),
            };
            if let Some(before) = before.filter(|before| before != id) {
                self.clashes.push([pattern, before, id.to_owned()]);
            }
        }
    }

    /// The table of exact patterns and that of prefixes.
    pub(crate) fn texts(&self) -> [String; 2] {
        let line = |(pattern, service): (&String, &String)| format!("{pattern}\t{service}\n");
        [&self.exact, &self.prefixes].map(|table| table.iter().map(line).collect())
    }
}

/// The patterns of one service. `aliases` gives the list of a field: `names`, `terraform`, `cloudformation`, `config`,
/// `arn` or `iam`.
fn patterns<'a>(id: &str, name: &str, vendors: &[String], aliases: impl Fn(&str) -> &'a [String]) -> Vec<(char, String)> {
    let names = names_of_service(id, name, aliases("names"), vendors);
    let mut found: Vec<(char, String)> = names.iter().map(|name| (SQUASHED, squashed(name))).collect();
    found.extend(names.into_iter().map(|name| (NAME, name)));
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
