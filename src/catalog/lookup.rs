//! Which service a name belongs to: ids, short names, resource types, ARNs and IAM prefixes.
//!
//! In: a name. Out: the id of its service. The built-in aliases lie in the program as tables that are searched as they
//! stand; with an overlay the same tables are made anew.

use super::Arn;
use super::IndexMap;
use super::about::vendors;
use super::builtin::{EXACT, PREFIXES};
use super::file::{Aliases, IndexEntry, ResourceTypeFile};
use super::pattern::{self, Tables, squashed, without_vendor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// What people say, without anything between the words.
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

impl Namespace {
    /// Its letter in the tables.
    fn letter(self) -> char {
        match self {
            Self::Name => pattern::SQUASHED,
            Self::Terraform => pattern::TERRAFORM,
            Self::CloudFormation => pattern::CLOUDFORMATION,
            Self::Arn => pattern::ARN,
            Self::Iam => pattern::IAM,
        }
    }
}

/// All aliases of all services. The longest pattern that matches wins; a later service wins over an earlier one only
/// where an overlay says the same pattern again.
#[derive(Debug)]
pub struct Lookup {
    /// A line each: the namespace's letter and the pattern, a tab, the service. Sorted by the pattern, each once.
    exact: Cow<'static, str>,
    /// Prefixes in lines of the same form, sorted, too.
    prefixes: Cow<'static, str>,
    /// Services of an overlay whose declarations name other types with `of`.
    related: BTreeSet<Arc<str>>,
}

impl Lookup {
    /// Adds a service of an overlay whose declarations name other types.
    pub(super) fn relate(&mut self, service: &Arc<str>, resources: &IndexMap<String, ResourceTypeFile>) {
        if resources.values().any(|file| file.others().next().is_some()) {
            self.related.insert(service.clone());
        }
    }

    /// The services whose declarations name other types.
    pub(super) fn related(&self) -> BTreeSet<&str> {
        let builtin = super::declared::related().map(|service: &'static str| -> &str { service });
        builtin.chain(self.related.iter().map(|service| &**service)).collect()
    }

    /// The aliases of the built-in services.
    pub(crate) fn builtin() -> Self {
        Self {
            exact: Cow::Borrowed(EXACT),
            prefixes: Cow::Borrowed(PREFIXES),
            related: BTreeSet::new(),
        }
    }

    /// The aliases of these services. Returns, too, each pattern that two services claim.
    pub(crate) fn new<'a>(services: impl IntoIterator<Item = &'a IndexEntry>) -> (Self, Vec<Clash>) {
        let mut tables = Tables::new(vendors().to_vec());
        for service in services {
            tables.add(&service.id, &service.name, |field| list(&service.aliases, field));
        }
        let [exact, prefixes] = tables.texts().map(Cow::Owned);
        let clash = |[pattern, first, second]: [String; 3]| Clash { pattern, first, second };
        let related = BTreeSet::new();
        (Self { exact, prefixes, related }, tables.clashes.into_iter().map(clash).collect())
    }

    /// The service of a name of any kind.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<&str> {
        let name = name.trim();
        if let Some(found) = self.resolve_arn(name) {
            return Some(found);
        }
        let iam = name.split(':').next().unwrap_or(name);
        self.resolve_in(Namespace::CloudFormation, name)
            .or_else(|| self.resolve_in(Namespace::Terraform, name))
            .or_else(|| self.resolve_name(name))
            .or_else(|| {
                if name.contains("::") {
                    None
                } else {
                    self.resolve_in(Namespace::Iam, iam)
                }
            })
            .or_else(|| self.resolve_in(Namespace::Arn, name))
    }

    /// The service that people or invoices call so, with or without the vendor's name before it.
    #[must_use]
    pub fn resolve_name(&self, name: &str) -> Option<&str> {
        let name = squashed(name);
        self.resolve_in(Namespace::Name, &name)
            .or_else(|| self.resolve_in(Namespace::Name, without_vendor(&name, vendors())))
    }

    /// The service of an ARN.
    pub(crate) fn resolve_arn(&self, name: &str) -> Option<&str> {
        let arn = Arn::parse(name)?;
        let (service, mut kind) = (arn.namespace, arn.resource.trim_start_matches('/'));
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

    /// Whether no pattern tells apart the resources of a namespace of ARNs, so that all of them are of one service.
    pub(crate) fn is_of_one_service(&self, namespace: &str) -> bool {
        let begin = format!("{}{}:", Namespace::Arn.letter(), namespace.to_lowercase());
        let last = format!("{begin}{}", char::MAX);
        let has_none = |table| at_or_before(table, &last).is_none_or(|(pattern, _)| !pattern.starts_with(&begin));
        has_none(&self.exact) && has_none(&self.prefixes)
    }

    /// The service of a name of a known kind.
    #[must_use]
    pub fn resolve_in(&self, namespace: Namespace, name: &str) -> Option<&str> {
        let key = format!("{}{}", namespace.letter(), name.to_lowercase());
        let exact = at_or_before(&self.exact, &key).filter(|(pattern, _)| *pattern == key);
        Some(exact.or_else(|| longest_prefix(&self.prefixes, &key))?.1)
    }
}

/// The last line of a sorted table whose pattern is not behind `key`: its pattern and service.
pub(super) fn at_or_before<'t>(table: &'t str, key: &str) -> Option<(&'t str, &'t str)> {
    let bytes = table.as_bytes();
    let (mut low, mut high, mut last) = (0, table.len(), None);
    // Between the two lie whole lines.
    while low < high {
        let middle = low + (high - low) / 2;
        // Lines are up to some thousand letters long, and every resource is looked up: bytes one by one would take a
        // twentieth of a short run. Where a line ends is asked only of one that may be it.
        let start = memchr::memrchr(b'\n', &bytes[low..middle]).map_or(low, |at| low + at + 1);
        let tab = start + memchr::memchr(b'\t', &bytes[start..high])?;
        let pattern = table.get(start..tab)?;
        if pattern <= key {
            let end = memchr::memchr(b'\n', &bytes[tab..high]).map_or(high, |length| tab + length);
            last = Some((pattern, table.get(tab + 1..end)?));
            low = end + 1;
        } else {
            high = start;
        }
    }
    last
}

/// The line of the longest pattern that `key` begins with. What is found at or before a key is that pattern, or it tells
/// how much the two have in common; no longer part of the key stands in the table.
fn longest_prefix<'t>(table: &'t str, key: &str) -> Option<(&'t str, &'t str)> {
    let mut rest = key;
    loop {
        let line = at_or_before(table, rest)?;
        if rest.starts_with(line.0) {
            return Some(line);
        }
        let letters = rest.char_indices().zip(line.0.chars());
        let differs = letters.into_iter().find(|((_, one), other)| one != other);
        rest = &rest[..differs.map_or(0, |((at, _), _)| at)];
    }
}

/// The aliases of a field.
fn list<'a>(aliases: &'a Aliases, field: &str) -> &'a [String] {
    match field {
        "names" => &aliases.names,
        "terraform" => &aliases.terraform,
        "cloudformation" => &aliases.cloudformation,
        "config" => &aliases.config,
        "arn" => &aliases.arn,
        "iam" => &aliases.iam,
        _ => &[],
    }
}

/// A pattern that two services claim.
#[derive(Debug)]
pub(crate) struct Clash {
    pub(crate) pattern: String,
    pub(crate) first: String,
    pub(crate) second: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn the_tables_of_the_program_are_those_of_the_catalog() {
        let catalog = Catalog::builtin().unwrap();
        let (made, clashes) = Lookup::new(catalog.service_ids().map(|id| catalog.service(id).unwrap()));
        assert!(clashes.is_empty(), "{clashes:?}");
        assert!(made.exact == EXACT && made.prefixes == PREFIXES);
        assert!(EXACT.lines().count() > 1_000 && PREFIXES.lines().count() > 100);
    }

    #[test]
    fn each_line_of_a_table_is_found_and_nothing_else() {
        let found = |key: &str| at_or_before(EXACT, key).filter(|(pattern, _)| *pattern == key);
        for line in EXACT.lines() {
            let (pattern, service) = line.split_once('\t').unwrap();
            assert_eq!(found(pattern), Some((pattern, service)));
            for other in [
                format!("{pattern}!"),
                pattern[..pattern.len() - 1].to_owned() + "\u{1}",
                String::new(),
            ] {
                assert_eq!(found(&other), None, "{other:?}");
            }
        }
        assert_eq!(at_or_before("", "a"), None);
    }

    #[test]
    fn what_is_of_one_service_has_no_patterns_of_its_own() {
        let lookup = Lookup::builtin();
        let of = |namespace: &str, resource: &str| lookup.resolve_arn(&format!("arn:aws:{namespace}:eu-west-1:111122223333:{resource}"));
        let patterns = EXACT
            .lines()
            .chain(PREFIXES.lines())
            .filter_map(|line| line.strip_prefix(pattern::ARN));
        let patterns: Vec<&str> = patterns.filter_map(|line| Some(line.split_once('\t')?.0)).collect();
        let (mut one, mut several) = (0, 0);
        for pattern in patterns.iter().chain(["nobodys"].iter()) {
            let namespace = pattern.split(':').next().unwrap();
            let of_namespace: Vec<&str> = patterns
                .iter()
                .filter_map(|one| one.strip_prefix(namespace)?.strip_prefix(':'))
                .collect();
            if lookup.is_of_one_service(namespace) {
                assert!(of_namespace.is_empty(), "{namespace}");
                let resources = ["a", "/b/c", "cluster:d", "Ü*", ""];
                assert!(resources.iter().all(|one| of(namespace, one) == of(namespace, "a")), "{namespace}");
                one += 1;
            } else {
                assert!(!of_namespace.is_empty(), "{namespace}");
                several += 1;
            }
        }
        assert!(one > 50 && several > 50, "{one} {several}");
    }

    #[test]
    fn the_longest_prefix_is_the_one_that_a_search_of_all_finds() {
        let slow = |key: &str| {
            let lines = PREFIXES.lines().map(|line| line.split_once('\t').unwrap());
            lines
                .filter(|(prefix, _)| key.starts_with(prefix))
                .max_by_key(|(prefix, _)| prefix.len())
        };
        let keys = PREFIXES.lines().chain(EXACT.lines()).map(|line| line.split_once('\t').unwrap().0);
        for key in keys {
            for cut in 0..=key.len() {
                for end in ["", "_a", "~", "ü"] {
                    let key = format!("{}{end}", &key[..cut]);
                    assert_eq!(longest_prefix(PREFIXES, &key), slow(&key), "{key}");
                }
            }
        }
    }
}
