//! Paths as a document tells them.
//!
//! In: the files that an inventory was made from, as the user named them. Out: the same from the folder on that all of
//! them lie in: where somebody keeps it on a machine is no part of a report.

use crate::inventory::Inventory;
use std::path::{Component, Path, PathBuf};

/// How paths are told.
pub(super) struct Paths {
    /// The folder that all files lie in that were named from the root on.
    folder: Option<PathBuf>,
}

impl Paths {
    pub(super) fn of(inventory: &Inventory) -> Self {
        let absolute = inventory
            .inputs
            .iter()
            .map(|input| Path::new(&*input.path))
            .filter(|path| is_absolute(path));
        let folders = absolute.filter_map(|path| path.parent().map(Path::to_path_buf));
        Self {
            folder: folders.reduce(|one, other| common(&one, &other)),
        }
    }

    /// A path, or a text that begins with one, such as `file:line:column`.
    pub(super) fn show(&self, text: &str) -> String {
        let path = Path::new(text);
        if !is_absolute(path) {
            return text.to_owned();
        }
        let within = self.folder.as_ref().and_then(|folder| path.strip_prefix(folder).ok());
        let shown = within.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
        shown.display().to_string()
    }
}

/// Whether a path begins at a root, on this system or on another.
fn is_absolute(path: &Path) -> bool {
    path.is_absolute() || path.has_root()
}

/// The folder that both lie in.
fn common(one: &Path, other: &Path) -> PathBuf {
    let pairs = one.components().zip(other.components());
    pairs
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect::<Vec<Component<'_>>>()
        .iter()
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::inventory::Input;

    #[test]
    fn a_path_begins_where_all_files_lie() {
        for (files, text, shown) in [
            (&["/home/ada/pay/prod.tfstate"][..], "/home/ada/pay/prod.tfstate", "prod.tfstate"),
            (
                &["/home/ada/pay/inventory.yaml", "/home/ada/states/prod.tfstate"],
                "/home/ada/states/prod.tfstate",
                "states/prod.tfstate",
            ),
            (
                &["/home/ada/pay/inventory.yaml"],
                "/home/ada/pay/inventory.yaml:3:5",
                "inventory.yaml:3:5",
            ),
            (&["/home/ada/pay/inventory.yaml"], "/srv/overlay/rds.yaml", "rds.yaml"),
            (
                &["pay/inventory.yaml", "../states/a.tfstate"],
                "../states/a.tfstate",
                "../states/a.tfstate",
            ),
            (&["/a/inventory.yaml", "b/c.tfstate"], "b/c.tfstate", "b/c.tfstate"),
            (&[], "", ""),
        ] {
            let inventory = Inventory {
                inputs: files
                    .iter()
                    .map(|file| Input {
                        path: (*file).into(),
                        bytes: None,
                        seal: None,
                        source: None,
                        is_results: false,
                        is_upstream: false,
                    })
                    .collect(),
                ..Inventory::default()
            };
            assert_eq!(Paths::of(&inventory).show(text), shown, "{files:?}");
        }
    }
}
