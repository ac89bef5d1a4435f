//! Modes: as they are shown, and which of them a resource runs in.

use super::ModeFile;

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
