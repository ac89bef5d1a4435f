//! Which service a name belongs to: ids, short names, resource types, ARNs and IAM prefixes.

use super::file::{Aliases, IndexEntry};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// What people say.
    Name,
    /// Terraform resource types.
    Terraform,
    /// CloudFormation and AWS Config resource types.
    CloudFormation,
    /// ARN namespaces and resource types.
    Arn,
    /// IAM action prefixes.
    Iam,
}

/// All aliases of all services. The longest pattern that matches wins; a later service wins over an earlier one only
/// where an overlay says the same pattern again.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Sorted, each pattern once.
    exact: Vec<((Namespace, String), Arc<str>)>,
    /// Prefixes by their first bytes: longest first.
    prefixes: BTreeMap<Namespace, Vec<(String, Arc<str>)>>,
}

impl Lookup {
    /// The aliases of these services. Returns, too, each pattern that two services claim.
    pub(crate) fn new<'a>(services: impl IntoIterator<Item = &'a IndexEntry>) -> (Self, Vec<Clash>) {
        let mut lookup = Self::default();
        let mut clashes = Vec::new();
        for service in services {
            let id: Arc<str> = service.id.as_str().into();
            let Aliases {
                names,
                terraform,
                cloudformation,
                config,
                arn,
                iam,
            } = &service.aliases;
            let own = [service.id.clone(), without_vendor(&normal(&service.name)).to_owned()];
            let patterns = own
                .iter()
                .chain(names)
                .map(|name| (Namespace::Name, normal(name)))
                .chain(terraform.iter().map(|kind| (Namespace::Terraform, kind.to_lowercase())))
                .chain(
                    cloudformation
                        .iter()
                        .chain(config)
                        .map(|kind| (Namespace::CloudFormation, kind.to_lowercase())),
                )
                .chain(arn.iter().map(|kind| (Namespace::Arn, kind.to_lowercase())))
                .chain(iam.iter().map(|prefix| (Namespace::Iam, prefix.to_lowercase())));
            for (namespace, pattern) in patterns {
                let Some(prefix) = pattern.strip_suffix('*') else {
                    lookup.exact.push(((namespace, pattern), id.clone()));
                    continue;
                };
                let prefixes = lookup.prefixes.entry(namespace).or_default();
                let before = prefixes.iter().position(|(known, _)| known == prefix);
                let before = before.map(|position| prefixes.swap_remove(position).1);
                prefixes.push((prefix.to_owned(), id.clone()));
                if let Some(before) = before.filter(|before| *before != id) {
                    clashes.push(Clash {
                        pattern,
                        first: before,
                        second: id.clone(),
                    });
                }
            }
        }
        lookup.exact.sort_by(|(one, _), (other, _)| one.cmp(other));
        lookup.exact.dedup_by(|later, kept| {
            let again = later.0 == kept.0;
            if again {
                if later.1 != kept.1 {
                    clashes.push(Clash {
                        pattern: later.0.1.clone(),
                        first: kept.1.clone(),
                        second: later.1.clone(),
                    });
                }
                kept.1 = later.1.clone();
            }
            again
        });
        for prefixes in lookup.prefixes.values_mut() {
            prefixes.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        (lookup, clashes)
    }

    /// The service of a name of any kind.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<&str> {
        let name = name.trim();
        if let Some(found) = self.resolve_arn(name) {
            return Some(found);
        }
        let people = normal(name);
        let iam = name.split(':').next().unwrap_or(name);
        self.resolve_in(Namespace::CloudFormation, name)
            .or_else(|| self.resolve_in(Namespace::Terraform, name))
            .or_else(|| self.resolve_in(Namespace::Name, &people))
            .or_else(|| self.resolve_in(Namespace::Name, without_vendor(&people)))
            .or_else(|| {
                if name.contains("::") {
                    None
                } else {
                    self.resolve_in(Namespace::Iam, iam)
                }
            })
            .or_else(|| self.resolve_in(Namespace::Arn, name))
    }

    /// The service of an ARN.
    pub(crate) fn resolve_arn(&self, name: &str) -> Option<&str> {
        let mut fields = name.splitn(6, ':');
        if fields.next() != Some("arn") {
            return None;
        }
        let (service, resource) = (fields.nth(1)?, fields.nth(2)?);
        let mut kind = resource.trim_start_matches('/');
        // The most particular pattern first: the resource is shortened from its end at `:` and `/`.
        loop {
            if let Some(found) = self.resolve_in(Namespace::Arn, &format!("{service}:{kind}")) {
                return Some(found);
            }
            match kind.rfind([':', '/']) {
                Some(cut) => kind = &kind[..cut],
                None => return self.resolve_in(Namespace::Arn, service),
            }
        }
    }

    /// The service of a name of a known kind.
    #[must_use]
    pub fn resolve_in(&self, namespace: Namespace, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let key = (namespace, name);
        if let Ok(at) = self.exact.binary_search_by(|(pattern, _)| pattern.cmp(&key)) {
            return self.exact.get(at).map(|(_, id)| &**id);
        }
        let prefixes = self.prefixes.get(&namespace)?;
        prefixes.iter().find(|(prefix, _)| key.1.starts_with(prefix)).map(|(_, id)| &**id)
    }

    /// All names that people may use, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.exact
            .iter()
            .filter(|((namespace, _), _)| *namespace == Namespace::Name)
            .map(|((_, name), _)| name.as_str())
    }
}

/// A pattern that two services claim.
#[derive(Debug)]
pub(crate) struct Clash {
    pub(crate) pattern: String,
    pub(crate) first: Arc<str>,
    pub(crate) second: Arc<str>,
}

/// Whether a pattern (exact, or a prefix that ends in `*`) matches, letter case aside.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        None => pattern.eq_ignore_ascii_case(name),
    }
}

/// As names are compared: lower case, words joined by one hyphen, nothing in parentheses.
fn normal(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name).to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn without_vendor(name: &str) -> &str {
    name.strip_prefix("amazon-").or_else(|| name.strip_prefix("aws-")).unwrap_or(name)
}
