//! Modes: as they are shown, and which of them a resource runs in.

use super::ModeFile;
use crate::catalog::Catalog;
use crate::catalog::attributes::open::is_unread;
use crate::catalog::predicate::{Attributes, Truth};

/// A mode as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mode {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Mode {
    pub(super) fn of(file: &ModeFile) -> Self {
        Self {
            id: file.id.clone(),
            name: file.name.clone(),
        }
    }
}

/// Which mode a resource runs in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModeChoice {
    /// The mode's id; `None`: the service itself.
    pub mode: Option<String>,
    /// False where the inventory does not settle it and the default stands in.
    pub known: bool,
    /// The attributes that would settle it, where it is unknown.
    pub settled_by: Vec<String>,
}

impl ModeChoice {
    /// A mode that is known.
    pub(crate) fn settled(mode: Option<String>) -> Self {
        Self {
            mode,
            known: true,
            settled_by: Vec::new(),
        }
    }
}

impl Catalog {
    /// The mode that a resource's attributes settle. The first mode whose predicate holds wins, and is known unless one before it
    /// is set to what cannot be read; if none holds and none is open, it is the service itself. A rare mode is open only where the
    /// source sets what tells it to what cannot be read: what is merely missing says that the resource does not run in it.
    #[must_use]
    pub fn choose_mode(&self, service: &str, attributes: &Attributes) -> ModeChoice {
        let Some(file) = self.file(service) else {
            return ModeChoice::settled(None);
        };
        let (mut open, mut unread): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut holding = None;
        for mode in &file.modes {
            let is_open = || is_unread(attributes, &mode.when.attributes());
            match mode.when.holds(attributes) {
                Truth::Yes => {
                    holding = Some(mode.id.clone());
                    open = unread;
                    break;
                }
                Truth::Unknown if is_open() => {
                    open.extend(mode.when.attributes());
                    // Of which type it is a later mode settles by what is set.
                    let mut set = mode.when.attributes();
                    set.retain(|name| name != "kind");
                    if is_unread(attributes, &set) {
                        unread.extend(set);
                    }
                }
                Truth::Unknown if !mode.rare => open.extend(mode.when.attributes()),
                Truth::Unknown | Truth::No => {}
            }
        }
        open.sort();
        open.dedup();
        // A mode that the attributes exclude stands for nobody, whatever else is open.
        let is_excluded = |id: &String| {
            let mut modes = file.modes.iter();
            modes.any(|mode| mode.id == *id && mode.when.holds(attributes) == Truth::No)
        };
        let supposed = || file.default_mode.clone().filter(|id| !open.is_empty() && !is_excluded(id));
        ModeChoice {
            mode: holding.or_else(supposed),
            known: open.is_empty(),
            settled_by: open,
        }
    }
}
