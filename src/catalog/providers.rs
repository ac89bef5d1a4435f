//! The providers whose facts the program knows, and what all of them say in files of one name.
//!
//! In: the embedded folders of `catalog/`, and folders that were given with `--catalog`. Out: one value for each kind of file.
//! These are the process's, and no catalog's: who reads a source or takes a secret away asks before it is known which service
//! anything belongs to, and then what any provider says must hold. The base is the first, and what only it says stays as it
//! is where there is no other.

use super::builtin;
use super::embedded::{decode, decoded, note};
use crate::diagnostics::{Code, Diagnostic};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// The position of a provider; the base is the first.
pub type Provider = usize;

/// A provider whose folder was given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Given {
    /// What it is called.
    pub(super) name: String,
    /// The ids of its services.
    pub(super) services: BTreeSet<String>,
    /// What it says of itself, by the file's name without the ending; texts are those of tables.
    pub(super) files: BTreeMap<String, serde_json::Value>,
    /// Paths and texts of files to whose lines people are sent.
    pub(super) texts: BTreeMap<String, (Arc<str>, Arc<str>)>,
}

/// Those that were given, since the process began: each time all of them.
static GIVEN: RwLock<Vec<Arc<[Arc<Given>]>>> = RwLock::new(Vec::new());

/// How often other ones were given.
static GENERATION: AtomicUsize = AtomicUsize::new(0);

/// Takes in the providers that were given, in the place of those before.
pub(super) fn install(given: Vec<Arc<Given>>) {
    let mut all = GIVEN.write().unwrap_or_else(PoisonError::into_inner);
    if all.last().map_or(given.is_empty(), |last| **last == *given) {
        return;
    }
    all.push(given.into());
    GENERATION.store(all.len(), Ordering::Release);
}

/// Which providers there are, as a number that is another one once others were given.
pub(crate) fn generation() -> usize {
    GENERATION.load(Ordering::Acquire)
}

/// Those that were given last.
fn given(generation: usize) -> Arc<[Arc<Given>]> {
    let all = GIVEN.read().unwrap_or_else(PoisonError::into_inner);
    let last = generation.checked_sub(1).and_then(|position| all.get(position));
    last.cloned().unwrap_or_default()
}

/// Whose a service is, by its id: the base's, where no other says that it is its own.
pub(crate) fn of_service(service: &str) -> Provider {
    let generation = GENERATION.load(Ordering::Acquire);
    let at = (generation > 0).then(|| given(generation).iter().position(|one| one.services.contains(service)));
    match at.flatten() {
        Some(position) => builtin::folders().len() + position,
        None => of_embedded(service),
    }
}

/// The same, of the providers in the program.
fn of_embedded(service: &str) -> Provider {
    let mut folders = builtin::folders().iter();
    folders
        .position(|folder| folder.services.binary_search(&service).is_ok())
        .unwrap_or_default()
}

/// The path and text of a provider's file, for places in it; the path of an embedded one is the repository's.
pub(super) fn text(provider: Provider, file: &str) -> (Arc<str>, Arc<str>) {
    let folders = builtin::folders();
    match folders.get(provider) {
        Some(folder) => {
            let text = builtin::whole(&format!("{}text/{file}", folder.prefix));
            (path(folder, file).into(), text.into())
        }
        None => {
            let given = given(GENERATION.load(Ordering::Acquire));
            let found = given.get(provider - folders.len()).and_then(|one| one.texts.get(file));
            found.cloned().unwrap_or_else(|| ("".into(), "".into()))
        }
    }
}

/// Where the repository has a file of an embedded folder.
pub(super) fn path(folder: &builtin::Folder, file: &str) -> String {
    format!("catalog/{}/{file}.yaml", folder.name)
}

/// What is made of the files of one name.
pub(crate) trait Unite: Default {
    /// One of them, as it is written.
    type File: DeserializeOwned + Default;

    /// Adds what a provider's file says. The base's comes first.
    fn add(&mut self, provider: Provider, file: Self::File);

    /// An embedded file.
    fn embedded(name: &str) -> Self::File {
        decoded(name)
    }
}

/// Files of which each says something by itself.
impl<F: DeserializeOwned + Default> Unite for Vec<(Provider, F)> {
    type File = F;

    fn add(&mut self, provider: Provider, file: F) {
        self.push((provider, file));
    }
}

/// What all providers say in the files of one name, put together when somebody first asks.
#[derive(Debug)]
pub(crate) struct Known<T> {
    name: &'static str,
    united: OnceLock<T>,
    /// The same, once other providers were given. Nobody waits for another to ask, and what was handed out stays.
    next: OnceLock<Box<Known<T>>>,
}

impl<T> Known<T> {
    /// The files of this name, without the ending.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            united: OnceLock::new(),
            next: OnceLock::new(),
        }
    }
}

impl<T: Unite> Known<T> {
    /// What they say.
    pub(crate) fn get(&'static self) -> &'static T {
        let generation = GENERATION.load(Ordering::Acquire);
        let mut known = self;
        for _ in 0..generation {
            known = known.next.get_or_init(|| Box::new(Self::new(self.name)));
        }
        known.united.get_or_init(|| united(self.name, &given(generation)))
    }
}

/// What the embedded folders and those that were given say in the files of a name.
fn united<T: Unite>(name: &str, given: &[Arc<Given>]) -> T {
    let mut all = T::default();
    let folders = builtin::folders();
    for (provider, folder) in folders.iter().enumerate() {
        let own = format!("{}{name}", folder.prefix);
        // Without a file of the base the program is broken; another provider need not have it.
        if provider == 0 || builtin::has(&own) {
            all.add(provider, T::embedded(&own));
        }
    }
    for (position, one) in given.iter().enumerate() {
        if let Some(file) = one.files.get(name) {
            match T::File::deserialize(file) {
                Ok(file) => all.add(folders.len() + position, file),
                // Most were decoded when they were read; see `given`. Of secrets nothing is known then, and all is taken for one.
                Err(error) => {
                    let what = format!("`{name}` of `{}`: {error}", one.name);
                    note(name, Diagnostic::new(Code::CatalogError, what));
                    all.add(folders.len() + position, T::File::default());
                }
            }
        }
    }
    all
}

/// What all embedded providers say in the files of a name that lists of one kind stand in.
///
/// # Errors
/// Why one of them cannot be decoded.
pub(super) fn lists<T: DeserializeOwned>(name: &str) -> Result<Vec<(Provider, T)>, Diagnostic> {
    let mut found = Vec::new();
    for (provider, folder) in builtin::folders().iter().enumerate() {
        let own = format!("{}{name}", folder.prefix);
        if provider == 0 || builtin::has(&own) {
            found.push((provider, decode(&own)?));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// By a word, who says it.
    #[derive(Debug, Default, PartialEq)]
    struct Words(BTreeMap<String, Vec<Provider>>);

    impl Unite for Words {
        type File = BTreeMap<String, serde_json::Value>;

        fn add(&mut self, provider: Provider, file: Self::File) {
            for word in file.into_keys() {
                self.0.entry(word).or_default().push(provider);
            }
        }
    }

    #[test]
    fn what_one_more_provider_says_stands_beside_what_the_embedded_ones_say() {
        let given = |file: serde_json::Value| {
            Arc::new(Given {
                name: "nimbus".to_owned(),
                files: BTreeMap::from([("provider".to_owned(), file)]),
                ..Given::default()
            })
        };
        let alone: Words = united("provider", &[]);
        let first = builtin::folders().len();
        let both: Words = united(
            "provider",
            &[
                given(serde_json::json!({"own": 1, "terraform": []})),
                given(serde_json::json!({"own": 2})),
            ],
        );
        assert_eq!(both.0["own"], [first, first + 1]);
        assert_eq!(both.0["terraform"], [alone.0["terraform"].as_slice(), &[first]].concat());
        let rest = |words: &Words| {
            words
                .0
                .iter()
                .filter(|(word, _)| !["own", "terraform"].contains(&word.as_str()))
                .count()
        };
        assert_eq!(rest(&both), rest(&alone));
    }

    #[test]
    fn the_base_is_first_and_has_no_prefix() {
        let folders = builtin::folders();
        assert_eq!(folders[0].prefix, "");
        assert!(folders[1..].iter().all(|folder| folder.prefix == format!("{}/", folder.name)));
        assert!(builtin::has("controls") && of_service("no-such-service") == 0);
    }
}
