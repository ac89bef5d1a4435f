//! The tags that rules name: of all others nobody asks.
//!
//! In: inventories. Out: the keys of tags that any of their selectors looks at.

use super::Loading;
use crate::catalog::Catalog;
use crate::diagnostics::{Diagnostic, Outcome, Severity, SourceMap};
use crate::inventory::file::{MatchFile, TagMatch};
use crate::inventory::find;
use crate::inventory::reading::Reading;
use crate::inventory::validate::Part;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The tags that rules name in the inventories among some files; what these import need not be there.
///
/// # Errors
/// What is wrong with the inventories.
pub fn tags_of_files(paths: &[PathBuf], catalog: &Catalog, sources: &mut SourceMap) -> Outcome<BTreeSet<String>> {
    let reading = Reading {
        rules_only: true,
        ..Reading::default()
    };
    let mut loading = Loading::new(catalog, sources, &reading);
    for (path, named) in find::files(paths, &mut loading.faults) {
        loading.file(path, named);
    }
    let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
    if loading.faults.iter().any(is_error) {
        return Err(loading.faults);
    }
    Ok(tags_of_rules(&loading.parts))
}

/// The tags that any selector looks at.
pub(super) fn tags_of_rules(parts: &[Part]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |matches: &MatchFile| match &matches.tag {
        Some(TagMatch::Words(words)) => keys.extend(words.texts().iter().map(|word| {
            let (key, _) = word.0.split_once('=').unwrap_or((&word.0, ""));
            key.to_owned()
        })),
        Some(TagMatch::Map(map)) => keys.extend(map.keys().cloned()),
        None => {}
    };
    for part in parts {
        part.file
            .assignments
            .iter()
            .filter_map(|rule| rule.matches.as_ref())
            .for_each(&mut add);
        part.file.exceptions.iter().map(|one| &one.matches).for_each(&mut add);
        part.file.evidence.iter().map(|one| &one.matches).for_each(&mut add);
        let keeps = part.file.handover.iter().flat_map(|handover| &handover.keeps);
        keeps.map(|keep| &keep.matches).for_each(&mut add);
    }
    keys
}
