//! What an overlay adds to the catalog's own lists: controls, layers, objectives, parties, and what holds for all services.
//!
//! In: the files of an overlay. Out: the catalog's lists with them, and what each file changed.

pub(super) mod check;
mod file;

pub use file::{OwnControlFile, OwnControlsFile, OwnLayerFile, OwnModelsFile, OwnObjectivesFile, OwnPartiesFile};

use super::IndexMap;
use super::file::{Control, Layer, PartyFile};
use super::load::OverlayNotice;
use super::side::ControlType;
use std::sync::Arc;

/// Names of the files, without the ending.
pub(super) const CONTROLS: &str = "controls";
pub(super) const OBJECTIVES: &str = "objectives";
pub(super) const PARTIES: &str = "parties";
pub(super) const MODELS: &str = "models";

/// A file with its path, where the overlay has it.
pub(super) type Given<T> = Option<(Arc<str>, T)>;

/// The files of an overlay that are no folders of others.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    pub(super) controls: Given<OwnControlsFile>,
    pub(super) objectives: Given<OwnObjectivesFile>,
    pub(super) parties: Given<OwnPartiesFile>,
    pub(super) models: Given<OwnModelsFile>,
}

/// One of these files, told.
#[derive(Debug)]
pub(super) struct OwnFile<'f> {
    /// Its name, without the ending.
    pub(super) name: &'static str,
    /// Its path.
    pub(super) path: &'f Arc<str>,
    /// The reason that it gives.
    pub(super) reason: Option<&'f str>,
    /// The ids of what it adds or changes.
    ids: Vec<String>,
}

impl Own {
    /// Each file that there is.
    pub(super) fn files(&self) -> Vec<OwnFile<'_>> {
        let controls = self.controls.iter().map(|(path, file)| {
            let ids = file.layers.iter().map(|layer| &layer.id);
            let ids = ids.chain(file.controls.iter().map(|control| &control.id));
            OwnFile {
                name: CONTROLS,
                path,
                reason: file.reason.as_deref(),
                ids: ids.cloned().collect(),
            }
        });
        let objectives = self.objectives.iter().map(|(path, file)| {
            let ids = file
                .objectives
                .iter()
                .flat_map(|(control, of)| of.keys().map(move |name| format!("{control}.{name}")));
            OwnFile {
                name: OBJECTIVES,
                path,
                reason: file.reason.as_deref(),
                ids: ids.collect(),
            }
        });
        let parties = self.parties.iter().map(|(path, file)| {
            let ids = file.parties.iter().map(|party| party.id.clone());
            OwnFile {
                name: PARTIES,
                path,
                reason: file.reason.as_deref(),
                ids: ids.collect(),
            }
        });
        let models = self.models.iter().map(|(path, file)| {
            let all = std::iter::once(&file.every).chain(file.models.values());
            let mut ids: Vec<String> = Vec::new();
            for id in all.flat_map(IndexMap::keys) {
                if !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
            OwnFile {
                name: MODELS,
                path,
                reason: file.reason.as_deref(),
                ids,
            }
        });
        controls.chain(objectives).chain(parties).chain(models).collect()
    }

    /// What the files changed, for the report; a file that adds nothing changed nothing.
    pub(super) fn notices(&self) -> impl Iterator<Item = OverlayNotice> {
        let files = self.files().into_iter().filter(|file| !file.ids.is_empty());
        files.map(|file| OverlayNotice {
            service: file.name.to_owned(),
            reason: file.reason.unwrap_or_default().to_owned(),
            adds: file.name != MODELS,
            controls: file.ids,
            file: file.path.clone(),
        })
    }

    /// The catalog's controls with one's own among them.
    pub(super) fn with_controls(&self, mut all: Vec<Control>) -> Vec<Control> {
        let own = self.controls.iter().flat_map(|(_, file)| &file.controls);
        let mut placed: Vec<(String, Option<&String>)> = Vec::new();
        for one in own {
            let at = place(all.iter().map(|control| control.id.as_str()), one.after.as_ref(), &placed);
            let control = Control {
                id: one.id.clone(),
                title: one.title.clone(),
                layer: one.layer.clone(),
                typical: ControlType::Shared,
                urgent: one.urgent,
                meaning: one.meaning.clone(),
                own: true,
            };
            all.insert(at, control);
            placed.push((one.id.clone(), one.after.as_ref()));
        }
        all
    }

    /// The catalog's layers with one's own among them.
    pub(super) fn with_layers(&self, mut all: Vec<Layer>) -> Vec<Layer> {
        let own = self.controls.iter().flat_map(|(_, file)| &file.layers);
        let mut placed: Vec<(String, Option<&String>)> = Vec::new();
        for one in own {
            let at = place(all.iter().map(|layer| layer.id.as_str()), one.after.as_ref(), &placed);
            let layer = Layer {
                id: one.id.clone(),
                title: one.title.clone(),
                own: true,
            };
            all.insert(at, layer);
            placed.push((one.id.clone(), one.after.as_ref()));
        }
        all
    }

    /// The catalog's parties with one's own behind them.
    pub(super) fn with_parties(&self, mut all: Vec<PartyFile>) -> Vec<PartyFile> {
        all.extend(self.parties.iter().flat_map(|(_, file)| file.parties.iter().cloned()));
        all
    }
}

/// Where in a list something comes that is to stand after another: behind what was placed after the same before, so that
/// several keep the order of their file. At the end without a neighbour.
fn place<'l>(list: impl Iterator<Item = &'l str>, after: Option<&String>, placed: &[(String, Option<&String>)]) -> usize {
    let list: Vec<&str> = list.collect();
    let Some(neighbour) = after.and_then(|after| list.iter().position(|id| *id == after)) else {
        return list.len();
    };
    // What came after that one in turn belongs to it.
    let mut beside: Vec<&str> = vec![list[neighbour]];
    for (id, of) in placed {
        if of.is_some_and(|of| beside.contains(&of.as_str())) {
            beside.push(id);
        }
    }
    neighbour + 1 + list[neighbour + 1..].iter().take_while(|id| beside.contains(id)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_placed_keeps_the_order_of_its_file() {
        let after = |name: &str| Some(name.to_owned());
        let wanted = [
            ("x", after("a")),
            ("y", after("a")),
            ("z", None),
            ("w", after("x")),
            ("v", after("a")),
        ];
        let mut list = vec!["a".to_owned(), "b".to_owned()];
        let mut placed: Vec<(String, Option<&String>)> = Vec::new();
        for (id, after) in &wanted {
            let at = place(list.iter().map(String::as_str), after.as_ref(), &placed);
            list.insert(at, (*id).to_owned());
            placed.push(((*id).to_owned(), after.as_ref()));
        }
        assert_eq!(list, ["a", "x", "w", "y", "v", "b", "z"]);
    }
}
