//! The built-in catalog and templates, embedded at build time by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A file of the catalog as JSON, by its path without the ending.
pub(crate) fn file(name: &str) -> Option<&'static str> {
    CATALOG
        .binary_search_by(|(path, _)| (*path).cmp(name))
        .ok()
        .map(|position| CATALOG[position].1)
}

/// The files below a folder of the catalog.
pub(crate) fn folder(prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    CATALOG.iter().copied().filter(move |(path, _)| path.starts_with(prefix))
}

/// The built-in checks of a scanner, in lines as [`lines`] reads them, sorted by their ids; nothing of one that has none.
pub(crate) fn checks(scanner: &str) -> &'static str {
    let known = CHECKS.binary_search_by(|(known, _)| (*known).cmp(scanner));
    known.map_or("", |position| CHECKS[position].1)
}

/// The ids of a text that has a line each, with what is said of them: an id, a tab, JSON.
pub(crate) fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once('\t'))
}
