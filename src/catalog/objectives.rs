//! What activities are for: the steps between controls and the requirements of frameworks.
//!
//! In: the built-in files `objectives.yaml`, and an overlay's. Out: which objectives there are, and what each means. A requirement names the
//! objectives that answer it, and an activity those that it serves, so that a new service needs no new mapping.

use super::Catalog;
use super::frameworks::ObjectivesFile;
use super::providers::{Known, Provider, Unite};
use indexmap::IndexMap;
use std::sync::Arc;

static FILE: Known<ObjectivesFile> = Known::new("objectives");

impl Unite for ObjectivesFile {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        for (control, objectives) in file {
            self.entry(control).or_default().extend(objectives);
        }
    }
}

impl Catalog {
    /// The controls with their objectives: the built-in ones, then those of an overlay.
    fn all_objectives(&self) -> impl Iterator<Item = (&Arc<str>, &IndexMap<Arc<str>, String>)> {
        let own = self.own.objectives.iter().flat_map(|(_, file)| &file.objectives);
        FILE.get().iter().chain(own)
    }

    /// All objectives as `control.objective`, each with what it means.
    pub fn objectives(&self) -> impl Iterator<Item = (Arc<str>, &str)> {
        self.all_objectives().flat_map(|(control, of)| {
            of.iter()
                .map(move |(name, meaning)| (format!("{control}.{name}").into(), meaning.as_str()))
        })
    }

    /// What an objective, written as `control.objective`, means.
    #[must_use]
    pub fn objective(&self, name: &str) -> Option<&str> {
        let (control, name) = name.split_once('.')?;
        let mut of_control = self.all_objectives().filter(|(known, _)| ***known == *control);
        of_control.find_map(|(_, of)| Some(of.get(name)?.as_str()))
    }

    /// Whether there is an objective `control.objective`.
    #[must_use]
    pub fn is_objective(&self, name: &str) -> bool {
        self.objective(name).is_some()
    }

    /// The names of a control's objectives.
    pub fn objectives_of(&self, control: &str) -> impl Iterator<Item = &str> {
        let of_control = self.all_objectives().filter(move |(known, _)| ***known == *control);
        of_control.flat_map(|(_, of)| of.keys()).map(|name| &**name)
    }

    /// Whether the built-in catalog has an objective of a control.
    pub(super) fn has_builtin_objective(control: &str, name: &str) -> bool {
        FILE.get().get(control).is_some_and(|of| of.contains_key(name))
    }
}
