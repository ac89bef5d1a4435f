//! What is told of files that are not taken in.
//!
//! In: the files, as they were named. Out: diagnostics.

use crate::diagnostics::{Code, Diagnostic, Place};
use std::path::PathBuf;
use std::sync::Arc;

/// That an inventory is packed.
pub(super) fn is_packed(file: Arc<str>) -> Diagnostic {
    Diagnostic::new(Code::ImportFailed, format!("`{file}` is an inventory that is compressed"))
        .at(Place::file(file))
        .help("unpack it: inventories are read as people write them, and the report has them attached; what they import may be compressed")
}

/// That nothing of what was named holds anything, or that nothing was named.
pub(super) fn no_inventory(paths: &[PathBuf]) -> Diagnostic {
    match paths {
        [] => Diagnostic::new(Code::NoInventory, "there is no inventory to report on")
            .help("name an inventory file or folder, or write one with `cloudraci init`"),
        paths => {
            let names: Vec<String> = paths.iter().take(5).map(|path| format!("`{}`", path.display())).collect();
            let more = if paths.len() > 5 { ", ..." } else { "" };
            Diagnostic::new(
                Code::NoInventory,
                format!("there is neither an inventory nor anything to import in {}{more}", names.join(", ")),
            )
            .help("an inventory begins with `inventory: 1`; name a file by itself to learn what is missing")
        }
    }
}

/// That a file of a folder is of no kind that can be imported.
pub(super) fn skipped(file: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportSkipped,
        format!("`{file}` is not of a kind that can be imported, and is passed over"),
    )
    .at(Place::file(file))
    .help("name it by itself to learn more")
}
