//! The patterns by which names are looked up, as tables: what `build.rs` writes down of the built-in catalog, and what is
//! made anew with an overlay, in one way.
//!
//! In: the names and aliases of services. Out: a line each pattern, exact or a prefix, in lower case, and the patterns that
//! two services claim. Of these the later service has it.

use std::collections::BTreeMap;

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

/// The tables of all services. A line is the namespace's letter and the pattern, a tab, and the service; sorted by the pattern.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    exact: BTreeMap<String, String>,
    prefixes: BTreeMap<String, String>,
    /// Each pattern that two services claim, with the two.
    pub(crate) clashes: Vec<[String; 3]>,
}

impl Tables {
    /// Adds a service. `aliases` as for [`patterns`].
    pub(crate) fn add<'a>(&mut self, id: &str, name: &str, aliases: impl Fn(&str) -> &'a [String]) {
        for (namespace, pattern) in patterns(id, name, aliases) {
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
fn patterns<'a>(id: &str, name: &str, aliases: impl Fn(&str) -> &'a [String]) -> Vec<(char, String)> {
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
