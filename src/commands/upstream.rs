//! Documents of providers and partners that hand responsibilities over.
//!
//! In: paths of the command line and of inventories. Out: their components as services of the catalog, and a resource for each, so that what they
//! ask is joined as any other duty.

use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, SourceMap};
use crate::inventory::{Input, Inventory, Resource, Seal};
use crate::oscal::read;
use crate::source::too_large;
use crate::{limits, memory};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What documents hand over.
#[derive(Default)]
pub(super) struct HandedOver {
    resources: Vec<Resource>,
    inputs: Vec<Input>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl HandedOver {
    /// Puts it into an inventory.
    pub(super) fn into_inventory(self, inventory: &mut Inventory) {
        if self.inputs.is_empty() {
            return;
        }
        inventory.inputs.extend(self.inputs);
        inventory.resources.extend(self.resources.into_iter().map(Arc::new));
        inventory.resources.sort_by(|one, other| one.by_content(other));
    }
}

/// Reads documents into a catalog: those that the command line names, and those that inventories name, each with where. The
/// same file named twice is read once.
///
/// # Errors
/// Everything that is wrong in any of them.
pub(super) fn read_into(
    catalog: &mut Catalog,
    paths: &[PathBuf],
    named: Vec<(PathBuf, Place)>,
    seals: bool,
    sources: &mut SourceMap,
) -> Outcome<HandedOver> {
    let of_line = paths.iter().map(|path| (path.clone(), None));
    let mut all: Vec<(PathBuf, Option<Place>)> = of_line.chain(named.into_iter().map(|(path, place)| (path, Some(place)))).collect();
    // Where it is named tells more of a file that cannot be read.
    all.sort_by_key(|(path, place)| (path.clone(), place.is_none()));
    let mut seen = BTreeSet::new();
    all.retain(|(path, _)| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    let (mut over, mut faults) = (HandedOver::default(), Vec::new());
    let (mut components, mut places) = (Vec::new(), Vec::new());
    for (path, place) in all {
        let file: Arc<str> = path.display().to_string().into();
        let read = text(&path, &file, place).and_then(|text| {
            // It may hold anything, and is not quoted.
            sources.insert_unquoted(file.clone(), text.clone());
            Ok((read::read(&text, &file)?, text))
        });
        match read {
            Ok((upstream, text)) => {
                let seal = seals.then(|| Seal {
                    bytes: text.len() as u64,
                    sha256: Sha256::digest(text.as_bytes()).into(),
                });
                over.inputs.push(Input {
                    path: file,
                    bytes: None,
                    seal,
                    source: Some(upstream.kind),
                    is_results: false,
                    is_upstream: true,
                });
                over.warnings.extend(upstream.warnings);
                for (component, place) in upstream.components {
                    components.push(component);
                    places.push(place);
                }
            }
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let names: Vec<String> = components.iter().map(|component| component.name.clone()).collect();
    let ids = catalog.hand_over(components);
    over.resources = ids
        .into_iter()
        .zip(names)
        .zip(places)
        .map(|((id, name), place)| resource(id, name, place))
        .collect();
    Ok(over)
}

fn text(path: &Path, file: &Arc<str>, place: Option<Place>) -> Outcome<Arc<str>> {
    let cannot = |error: std::io::Error| {
        let fault = Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}"));
        vec![match &place {
            Some(place) => fault
                .at(place.clone())
                .help("paths under `upstream` are relative to the inventory file"),
            None => fault,
        }]
    };
    let size = std::fs::metadata(path).map_err(cannot)?.len();
    if size > limits::FILE as u64 {
        return Err(vec![too_large(file)]);
    }
    let bytes = std::fs::read(path).map_err(cannot)?;
    memory::must_decode(bytes.len(), file).map_err(|fault| vec![fault.at(Place::file(file.clone()))])?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(vec![
            Diagnostic::new(Code::UpstreamUnreadable, "the document is not text")
                .at(Place::file(file.clone()))
                .help("name a component definition or a system security plan in OSCAL's JSON or YAML"),
        ]),
    }
}

/// What stands for a component in the inventory.
fn resource(service: Arc<str>, name: String, place: Place) -> Resource {
    Resource {
        kind: service.clone(),
        service: Some(service),
        mode: None,
        name: Some(name),
        arn: None,
        account: None,
        region: None,
        environment: None,
        owner: None,
        count: 1,
        data: Vec::new(),
        tags: Arc::default(),
        config: Arc::default(),
        supporting: false,
        place,
        address: None,
        known_as: None,
        sample: None,
        belonging: None,
    }
}
