//! What the providers' schemas say of the types that service files declare.
//!
//! In: the catalog's table of names and the two tables under `tests/fixtures/aws`. Out: what a path leads to.

use crate::support::repository;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The names of one level: a type's, or those in a block.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, Name>);

#[derive(Debug)]
struct Name {
    /// `r` required, `o` optional, `oc` optional and computed, `c` computed.
    flags: String,
    /// `t` text, `b` bool, `n` number, `l` list, `m` map, `k` block, `a` any.
    kind: char,
    inner: Names,
}

/// What it tells that there is something at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Presence {
    /// Nothing: it is everywhere.
    Required,
    /// That somebody chose it.
    Chosen,
    /// Nothing: the provider fills it in.
    Computed,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) presence: Presence,
    /// None: it is within a map or a document, or in a block of which the schema says no more.
    pub(crate) kind: Option<char>,
}

impl Names {
    /// What a dotted path leads to, however its names are spelt.
    pub(crate) fn at(&self, path: &str) -> Option<Reached> {
        let mut level = self;
        let mut reached: Option<Reached> = None;
        for step in path.split('.') {
            let Some(name) = level.0.get(&spelt(step)) else {
                let outer = reached?;
                let is_open = matches!(outer.kind, Some('m' | 'a' | 't') | None) || outer.kind == Some('k') && level.0.is_empty();
                return is_open.then_some(Reached { kind: None, ..outer });
            };
            let presence = match name.flags.as_str() {
                "r" => Presence::Required,
                "o" => Presence::Chosen,
                _ => Presence::Computed,
            };
            reached = Some(Reached {
                presence: reached.map_or(presence, |outer| outer.presence.max(presence)),
                kind: Some(name.kind),
            });
            level = &name.inner;
        }
        reached
    }
}

impl Names {
    /// The flags of the name that a dotted path ends in.
    pub(crate) fn flags(&self, path: &str) -> Option<&str> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let name = self.0.get(&spelt(first))?;
        match rest {
            Some(rest) => name.inner.flags(rest),
            None => Some(&name.flags),
        }
    }
}

/// One spelling for all sources.
fn spelt(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').collect::<String>().to_lowercase()
}

/// All types of a source that a pattern means.
pub(crate) fn types<'s>(schema: &'s BTreeMap<String, Names>, pattern: &str) -> Vec<(&'s str, &'s Names)> {
    let found = schema.iter().filter(|(kind, _)| match pattern.strip_suffix('*') {
        Some(begin) => kind.starts_with(begin),
        None => *kind == pattern,
    });
    found.map(|(kind, names)| (kind.as_str(), names)).collect()
}

/// Terraform's schema: the names of the catalog's table, with the codes beside them.
pub(crate) fn terraform() -> &'static BTreeMap<String, Names> {
    static SCHEMA: LazyLock<BTreeMap<String, Names>> = LazyLock::new(|| {
        let codes = repository("tests/fixtures/aws/terraform_schema.txt");
        let codes: BTreeMap<&str, &str> = codes.lines().filter_map(|line| line.split_once('\t')).collect();
        let table = repository("catalog/aws/schema/terraform.txt");
        let lines = table.lines().map(|line| line.split_once('\t').unwrap());
        let schema: BTreeMap<String, Names> = lines
            .map(|(kind, names)| {
                let codes = codes
                    .get(kind)
                    .unwrap_or_else(|| panic!("{kind} has no codes: see tests/fixtures/aws/renew_schemas"));
                let mut codes = codes.split(' ');
                let found = level(&mut words(names).iter(), &mut |_| {
                    let code = codes.next().unwrap_or_else(|| panic!("{kind} has too few codes"));
                    let at = code.len() - 1;
                    (code[..at].to_owned(), code[at..].chars().next().unwrap())
                });
                assert_eq!(codes.next(), None, "{kind} has too many codes");
                (kind.to_owned(), found)
            })
            .collect();
        assert_eq!(schema.len(), codes.len(), "types of one of the two tables only");
        schema
    });
    &SCHEMA
}

/// CloudFormation's schema.
pub(crate) fn cloudformation() -> &'static BTreeMap<String, Names> {
    static SCHEMA: LazyLock<BTreeMap<String, Names>> = LazyLock::new(|| {
        let table = repository("tests/fixtures/aws/cloudformation_schema.txt");
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        let lines = lines.map(|line| line.split_once('\t').unwrap());
        lines
            .map(|(kind, names)| {
                let found = level(&mut words(names).iter(), &mut |code| {
                    let flags = if code.ends_with('!') { "r" } else { "o" };
                    (flags.to_owned(), code.chars().find(|letter| letter.is_alphabetic()).unwrap_or('t'))
                });
                (kind.to_owned(), found)
            })
            .collect()
    });
    &SCHEMA
}

/// Names with their codes, and braces.
fn words(names: &str) -> Vec<String> {
    let spaced = names.replace('{', " { ").replace('}', " } ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

fn level<'w>(words: &mut impl Iterator<Item = &'w String>, read: &mut impl FnMut(&str) -> (String, char)) -> Names {
    let mut names = Names::default();
    let mut last: Option<String> = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "{" => names.0.get_mut(last.as_ref().unwrap()).unwrap().inner = level_of(words, read),
            "}" => break,
            word => {
                let end = word.find([':', '!']).unwrap_or(word.len());
                let (flags, kind) = read(&word[end..]);
                let name = spelt(&word[..end]);
                let inner = Names::default();
                names.0.insert(name.clone(), Name { flags, kind, inner });
                last = Some(name);
            }
        }
    }
    names
}

/// As [`level`]: boxed, since the level of a level would be a type without an end.
fn level_of<'w>(words: &mut dyn Iterator<Item = &'w String>, read: &mut dyn FnMut(&str) -> (String, char)) -> Names {
    let (mut words, mut read) = (words, read);
    level(&mut words, &mut read)
}

#[test]
fn schemas_are_read_as_they_are_written() {
    let terraform = terraform();
    let instance = &terraform["aws_instance"];
    let reached = |presence, kind| {
        Some(Reached {
            presence,
            kind: Some(kind),
        })
    };
    assert_eq!(instance.at("metadata_options.http_tokens"), reached(Presence::Computed, 't'));
    assert_eq!(terraform["aws_s3_bucket"].at("force_destroy"), reached(Presence::Chosen, 'b'));
    assert_eq!(
        terraform["aws_s3_bucket_logging"].at("target_bucket"),
        reached(Presence::Required, 't')
    );
    assert_eq!(instance.at("metadata_options.tokens"), None);
    let bucket = &cloudformation()["AWS::S3::Bucket"];
    assert_eq!(bucket.at("VersioningConfiguration.Status"), reached(Presence::Chosen, 't'));
    assert_eq!(bucket.at("versioning_configuration.status"), reached(Presence::Chosen, 't'));
    assert_eq!(bucket.at("Versioning"), None);
}

#[test]
fn the_catalog_has_the_names_of_the_template_schema() {
    let table = repository("catalog/aws/schema/cloudformation.txt");
    let (every, types) = table.split_once('\n').unwrap();
    assert!(every.starts_with("*\t"));
    let full = repository("tests/fixtures/aws/cloudformation_schema.txt");
    let code = regex::Regex::new("(:[a-z])?!?([ {}\n])").unwrap();
    let names = full.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let line = format!("{line}\n");
        let (kind, names) = line.split_once('\t').unwrap();
        format!("{kind}\t{}", code.replace_all(names, "$2"))
    });
    assert!(names.collect::<String>() == types, "renew both by tests/fixtures/aws/renew_schemas");
}
