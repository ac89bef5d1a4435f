//! What activities are for: the steps between controls and the requirements of frameworks.
//!
//! In: the built-in file `objectives.yaml`. Out: which objectives there are, and what each means. A requirement names the
//! objectives that answer it, and an activity those that it serves, so that a new service needs no new mapping.

use super::Catalog;
use super::embedded::Embedded;
use super::frameworks::ObjectivesFile;
use std::sync::Arc;

static FILE: Embedded<ObjectivesFile> = Embedded::new("objectives");

impl Catalog {
    /// All objectives as `control.objective`, each with what it means.
    pub fn objectives(&self) -> impl Iterator<Item = (Arc<str>, &str)> {
        let all = FILE.get().iter();
        all.flat_map(|(control, of)| {
            of.iter()
                .map(move |(name, meaning)| (format!("{control}.{name}").into(), meaning.as_str()))
        })
    }

    /// What an objective, written as `control.objective`, means.
    #[must_use]
    pub fn objective(&self, name: &str) -> Option<&str> {
        let (control, name) = name.split_once('.')?;
        Some(FILE.get().get(control)?.get(name)?)
    }

    /// Whether there is an objective `control.objective`.
    #[must_use]
    pub fn is_objective(&self, name: &str) -> bool {
        self.objective(name).is_some()
    }

    /// The names of a control's objectives.
    pub fn objectives_of(&self, control: &str) -> impl Iterator<Item = &str> {
        FILE.get().get(control).into_iter().flat_map(|of| of.keys()).map(|name| &**name)
    }
}
