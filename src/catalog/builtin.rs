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
