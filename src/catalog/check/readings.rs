//! One page, one reading: the same address has the same date everywhere.
//!
//! In: the sources of many files. Out: those that say another day of a page than its newest reading.

use crate::catalog::file::{ServiceFile, SourceFile};
use crate::catalog::{Catalog, IndexMap};
use crate::diagnostics::{Code, Diagnostic, Place, route};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A source of one file: the file's name, the key, and what it says.
type Cited<'f> = (&'f str, &'f str, &'f SourceFile);

/// The files of a folder among themselves.
pub(super) fn of_folder(files: &[(Arc<str>, ServiceFile)]) -> Vec<Diagnostic> {
    let cited = files.iter().flat_map(|(path, file)| each(path, &file.sources)).collect();
    let older = older(cited);
    let at = |path: &str, key: &str| {
        let field = route(["sources".into(), key.into()]);
        Place::value(&Arc::from(path), field)
    };
    older
        .into_iter()
        .map(|((path, key, source), newest)| told(source, newest).at(at(path, key)))
        .collect()
}

/// The built-in files that no overlay is about, and the service models.
pub(super) fn of_builtin(catalog: &Catalog) -> Vec<Diagnostic> {
    let is_embedded = |id: &&str| {
        catalog
            .services
            .get(*id)
            .is_some_and(|entry| entry.overlay.is_none() && entry.given.is_none())
    };
    let ids = catalog.service_ids().filter(is_embedded);
    let files: Vec<(&str, &ServiceFile)> = ids.filter_map(|id| Some((id, catalog.file(id)?))).collect();
    let mut cited: Vec<Cited<'_>> = files.iter().flat_map(|(id, file)| each(id, &file.sources)).collect();
    let models = catalog.models.iter().filter(|of| of.given.is_none());
    cited.extend(models.flat_map(|of| each("models", &of.file.sources)));
    let older = older(cited);
    older
        .into_iter()
        .map(|((file, key, source), newest)| told(source, newest).help(format!("it is the source `{key}` of `{file}`")))
        .collect()
}

fn each<'f>(file: &'f str, sources: &'f IndexMap<String, SourceFile>) -> impl Iterator<Item = Cited<'f>> {
    sources.iter().map(move |(key, source)| (file, key.as_str(), source))
}

/// The sources that say another day than the newest of their page, with that day. What follows `#` is a place on the page
/// that was read, and no other page.
fn older<'f>(cited: Vec<Cited<'f>>) -> Vec<(Cited<'f>, Arc<str>)> {
    let mut newest: BTreeMap<&str, &Arc<str>> = BTreeMap::new();
    for (_, _, source) in &cited {
        if let Some(day) = &source.reviewed {
            let known = newest.entry(page(source)).or_insert(day);
            *known = (*known).max(day);
        }
    }
    let of_page = |cited: Cited<'f>| {
        let newest = *newest.get(page(cited.2))?;
        (cited.2.reviewed.as_ref() != Some(newest)).then(|| (cited, newest.clone()))
    };
    cited.iter().copied().filter_map(of_page).collect()
}

fn page(source: &SourceFile) -> &str {
    source.url.split('#').next().unwrap_or_default()
}

fn told(source: &SourceFile, newest: Arc<str>) -> Diagnostic {
    let said = source.reviewed.as_ref().map_or("no day".to_owned(), |day| format!("`{day}`"));
    Diagnostic::new(
        Code::CatalogError,
        format!("`{}` was read on `{newest}` elsewhere, and has {said} here", page(source)),
    )
    .help("one page has one reading: see that the page says this still, and write its newest day; what it no longer says is `unverified: true`")
}
