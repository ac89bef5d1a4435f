//! The built-in catalog and templates, embedded at build time by `build.rs`: all folders of `catalog/`, one for each provider.

use libdeflater::Decompressor;
use std::borrow::Cow;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A provider's folder of the catalog, as it lies in the program.
#[derive(Debug)]
pub(crate) struct Folder {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What the names of its own files begin with: nothing of the base's, which is the first.
    pub(crate) prefix: &'static str,
    /// Its services, sorted; of the base none, which has all that are nobody else's.
    pub(crate) services: &'static [&'static str],
}

/// The providers' folders, the base first.
pub(crate) fn folders() -> &'static [Folder] {
    FOLDERS
}

/// A text as it lies in the program.
#[derive(Debug, Clone, Copy)]
enum Text {
    Plain(&'static str),
    /// Its length, and what it is deflated.
    Deflated(usize, &'static [u8]),
}

impl Text {
    /// Empty where it cannot be inflated, which a test excludes.
    fn inflated(self) -> Cow<'static, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Deflated(length, deflated) => {
                let mut bytes = vec![0; length];
                let made = Decompressor::new().deflate_decompress(deflated, &mut bytes);
                let text = made.ok().filter(|made| *made == length).and(String::from_utf8(bytes).ok());
                Cow::Owned(text.unwrap_or_default())
            }
        }
    }
}

/// A file of the catalog as JSON, by its path without the ending. It is inflated each time.
pub(crate) fn file(name: &str) -> Option<Cow<'static, str>> {
    let position = CATALOG.binary_search_by(|(path, _)| (*path).cmp(name)).ok()?;
    Some(CATALOG[position].1.inflated())
}

/// Whether the catalog has a file of this path.
pub(crate) fn has(name: &str) -> bool {
    CATALOG.binary_search_by(|(path, _)| (*path).cmp(name)).is_ok()
}

/// The whole text of a file, for whoever keeps it.
pub(crate) fn whole(name: &str) -> String {
    file(name).unwrap_or_default().into_owned()
}

/// The paths of the files below a folder of the catalog.
pub(crate) fn folder(prefix: &str) -> impl Iterator<Item = &'static str> {
    CATALOG.iter().map(|(path, _)| *path).filter(move |path| path.starts_with(prefix))
}

/// The built-in checks of a scanner, in lines as [`lines`] reads them, sorted by their ids; nothing of one that has none.
pub(crate) fn checks(scanner: &str) -> &'static str {
    let known = CHECKS.binary_search_by(|(known, _)| (*known).cmp(scanner));
    known.map_or("", |position| CHECKS[position].1.as_str())
}

/// The ids of a text that has a line each, with what is said of them: an id, a tab, JSON.
pub(crate) fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once('\t'))
}
