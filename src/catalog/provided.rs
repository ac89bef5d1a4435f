//! What the providers' folders that were given add to the catalog: services, models and parties of their own.
//!
//! In: the folder that `--catalog` names: a provider's own, or an overlay with such folders under `providers/`. Out: the
//! catalog's parts with theirs behind the embedded ones. Ids are one provider's, and what two claim is told.

use super::file::{ModelsFile, PartyFile};
use super::load::new_service;
use super::read::Folder;
use super::{Entry, Models, builtin, providers};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, route};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The providers' folders of a folder, which keeps the rest: what is over all catalogs.
pub(super) fn take(overlay: &mut Folder) -> Vec<Folder> {
    let mut provided = std::mem::take(&mut overlay.providers);
    if overlay.provider.is_some() {
        let mut whole = std::mem::take(overlay);
        overlay.own = std::mem::take(&mut whole.own);
        provided.push(whole);
    }
    let given = provided.iter().filter_map(|folder| folder.provider.as_ref());
    let given: Vec<_> = given.map(|provider| provider.given.clone()).collect();
    if !given.is_empty() {
        providers::install(given);
    }
    provided
}

/// Adds their services.
///
/// # Errors
/// A service that there is already, or that lacks what a service needs.
pub(super) fn add_services(provided: &[Folder], services: &mut BTreeMap<Arc<str>, Entry>) -> Outcome<()> {
    for (path, file) in provided.iter().flat_map(|folder| &folder.services) {
        if services.contains_key(file.id.as_str()) {
            return Err(vec![taken(path, route(["id".into()]), ("service", &file.id))]);
        }
        let entry = Entry {
            given: Some(path.clone()),
            overlay: None,
            ..new_service(path, &Arc::new(file.clone()))?
        };
        services.insert(file.id.as_str().into(), entry);
    }
    Ok(())
}

/// The service models of all providers, the base's first. A model's id stands in the ids of its activities.
///
/// # Errors
/// A model that another provider has.
pub(super) fn models(provided: &[Folder]) -> Outcome<Vec<Models>> {
    let lists = providers::lists::<ModelsFile>("models").map_err(|fault| vec![fault])?;
    let embedded = lists.into_iter().map(|(provider, file)| Models {
        provider,
        file,
        given: None,
    });
    let mut all: Vec<Models> = embedded.collect();
    let given = provided.iter().filter_map(|folder| folder.provider.as_ref());
    for (provider, folder) in (builtin::folders().len()..).zip(given) {
        for (index, model) in folder.models.models.iter().enumerate() {
            if all.iter().flat_map(|of| &of.file.models).any(|known| known.id == model.id) {
                let at = route(["models".into(), index.into(), "id".into()]);
                return Err(vec![taken(&folder.models_path, at, ("service model", &model.id))]);
            }
        }
        all.push(Models {
            provider,
            file: folder.models.clone(),
            given: Some(folder.models_path.clone()),
        });
    }
    Ok(all)
}

/// The parties of all providers, the base's first.
///
/// # Errors
/// Only if the embedded files are broken, which a test excludes.
pub(super) fn parties(provided: &[Folder]) -> Outcome<Vec<PartyFile>> {
    let lists = providers::lists::<Vec<PartyFile>>("parties").map_err(|fault| vec![fault])?;
    let embedded = lists.into_iter().flat_map(|(_, parties)| parties);
    let given = provided.iter().filter_map(|folder| folder.provider.as_ref());
    Ok(embedded.chain(given.flat_map(|folder| folder.parties.iter().cloned())).collect())
}

/// That a provider calls something as another does.
fn taken(path: &Arc<str>, at: Route, (what, id): (&str, &str)) -> Diagnostic {
    Diagnostic::new(Code::CatalogError, format!("`{id}` is a {what} of another provider"))
        .at(Place::value(path, at))
        .help(format!("the id of a {what} is one provider's: put the provider's name before it"))
}
