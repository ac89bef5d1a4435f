//! What is known of secrets: `secrets.yaml` of each provider, decoded once.
//!
//! In: the files. Out: names, patterns, commands, and places by type. Were one broken, everything would be a secret;
//! a test sees to it that none is.

use super::patterns::{PatternFile, Patterns};
use super::places::Place;
use crate::catalog::embedded;
use crate::catalog::provider::generated;
use crate::catalog::providers::{Known, Provider, Unite};
use crate::diagnostics::{Code, Diagnostic};
use foldhash::fast::RandomState;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

/// The file's name.
const FILE: &str = "secrets";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct File {
    names: Names,
    environments: HashSet<String>,
    headers: HashSet<String>,
    entries: Entries,
    header_names: HashSet<String>,
    address_parameters: HashSet<String>,
    policy_keys: HashSet<String>,
    commands: Vec<Command>,
    patterns: Vec<PatternFile>,
    /// By source, by type.
    places: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What makes a name that of a secret; all without case and separators.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Names {
    /// A name with one of these in it holds a secret.
    pub(super) parts: Vec<String>,
    /// A name with one of these as a word of its own does.
    pub(super) words: HashSet<String>,
    /// A name that ends in one of these words says something about a secret.
    pub(super) about: HashSet<String>,
    /// What ends so is secret all the same.
    pub(super) secret: Vec<String>,
    /// What ends so only sounds like a secret.
    pub(super) open: Vec<String>,
    /// Under a name with one of these words a value is secret that looks made by chance.
    pub(super) telling: HashSet<String>,
}

/// Keys of an entry's name and value, where a list has an entry for each setting.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Entries {
    pub(super) names: HashSet<String>,
    /// Those of the names whose entries are HTTP headers.
    pub(super) headers: HashSet<String>,
    pub(super) values: HashSet<String>,
}

/// Programs and the flags that a secret goes with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Command {
    pub(super) programs: Vec<String>,
    /// Flags with the secret in the same word.
    pub(super) glued: Vec<String>,
    /// Flags with the secret in the next word.
    pub(super) next: Vec<String>,
    /// Words of which one must stand in the command, too; none: any command.
    #[serde(default)]
    pub(super) with: Vec<String>,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// Whether anything is known; if not, everything is taken for a secret.
    pub(super) is_open: bool,
    pub(super) names: Names,
    pub(super) environments: HashSet<String>,
    pub(super) headers: HashSet<String>,
    pub(super) entries: Entries,
    pub(super) header_names: HashSet<String>,
    pub(super) address_parameters: HashSet<String>,
    pub(super) policy_keys: HashSet<String>,
    pub(super) commands: Vec<Command>,
    pub(super) patterns: Patterns,
    /// By source, by type, as they are written.
    written: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The same, once somebody asks for those of a type: texts that stand alone have none.
    places: OnceLock<Places>,
}

/// Where the secrets of each type are.
#[derive(Debug, Default)]
struct Places {
    exact: HashMap<String, Vec<Place>, RandomState>,
    prefixes: Vec<(String, Vec<Place>)>,
}

impl Knowledge {
    /// All types that have places, but for those that are patterns.
    #[cfg(test)]
    pub(super) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.known().exact.keys().map(String::as_str)
    }

    /// The places of a type's secrets.
    pub(super) fn places(&self, kind: &str) -> impl Iterator<Item = &Place> {
        let known = self.known();
        let prefixes = known.prefixes.iter().filter(|(prefix, _)| kind.starts_with(prefix.as_str()));
        let exact = known.exact.get(kind).into_iter();
        exact.chain(prefixes.map(|(_, places)| places)).flatten()
    }

    fn known(&self) -> &Places {
        self.places.get_or_init(|| {
            Places::of(&self.written).unwrap_or_else(|what| {
                embedded::note(FILE, broken(&what));
                Places::default()
            })
        })
    }
}

impl Places {
    fn of(written: &BTreeMap<String, BTreeMap<String, Vec<String>>>) -> Result<Self, String> {
        let mut known = Self::default();
        for (kind, paths) in written.values().flatten() {
            let places = paths
                .iter()
                .map(|path| Place::parse(path))
                .collect::<Result<Vec<Place>, String>>()?;
            match kind.strip_suffix('*') {
                Some(prefix) => known.prefixes.push((prefix.to_owned(), places)),
                None => {
                    // One of Terraform's providers is generated from CloudFormation's types.
                    if let Some(generated) = generated(kind) {
                        known.exact.insert(generated, places.clone());
                    }
                    known.exact.insert(kind.clone(), places);
                }
            }
        }
        Ok(known)
    }
}

fn broken(what: &str) -> Diagnostic {
    Diagnostic::new(Code::CatalogError, format!("the built-in `{FILE}` is broken: {what}"))
}

static KNOWN: Known<Knowledge> = Known::new(FILE);

/// What the program knows: of each provider, since nobody knows whose a text is.
pub(super) fn knowledge() -> &'static Knowledge {
    KNOWN.get()
}

impl Unite for Knowledge {
    type File = Option<File>;

    /// Nothing is known where one of the files is broken, and then everything is taken for a secret.
    fn embedded(name: &str) -> Option<File> {
        embedded::decode(name).map_err(|fault| embedded::note(name, fault)).ok()
    }

    fn add(&mut self, provider: Provider, file: Option<File>) {
        let is_first = provider == 0;
        let Some(file) = file else {
            self.is_open = false;
            return;
        };
        self.is_open |= is_first;
        self.names.parts.extend(file.names.parts);
        self.names.words.extend(file.names.words);
        self.names.secret.extend(file.names.secret);
        self.names.telling.extend(file.names.telling);
        // What opens a name opens it on every cloud: only the base says that.
        if is_first {
            self.names.about = file.names.about;
            self.names.open = file.names.open;
        }
        self.environments.extend(file.environments);
        self.headers.extend(file.headers);
        self.entries.names.extend(file.entries.names);
        self.entries.headers.extend(file.entries.headers);
        self.entries.values.extend(file.entries.values);
        self.header_names.extend(file.header_names);
        self.address_parameters.extend(file.address_parameters);
        self.policy_keys.extend(file.policy_keys);
        self.commands.extend(file.commands);
        self.patterns.extend(file.patterns);
        for (source, types) in file.places {
            let known = self.written.entry(source).or_default();
            for (kind, paths) in types {
                known.entry(kind).or_default().extend(paths);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_decoded() {
        let known = knowledge();
        assert!(known.is_open);
        let places = Places::of(&known.written).unwrap();
        assert!(places.exact.len() > 300 && known.patterns.len() > 80);
        assert!(places.exact.contains_key("awscc_rds_db_instance"));
        assert!(known.names.parts.iter().all(|part| *part == crate::catalog::letters(part)));
    }
}
