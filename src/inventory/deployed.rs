//! Templates that others deploy.
//!
//! In: what was imported, each with the files that were read for it. Out: the same without the templates that a stack of
//! another deploys: they are counted there, once for each stack.

use super::assembly::Assembly;
use super::imports::ReadImport;
use crate::diagnostics::{Code, Diagnostic, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

/// What was imported of one file.
pub(super) struct Deployed {
    pub(super) shown: Arc<str>,
    pub(super) file: PathBuf,
    /// What is the same for all spellings of its path.
    pub(super) identity: PathBuf,
    /// The cloud assembly that it lies in.
    pub(super) assembly: Option<Rc<Assembly>>,
    /// Whether that does not deploy it by itself.
    pub(super) is_loose: bool,
    pub(super) read: ReadImport,
}

/// What is deployed by itself, and words about what is not.
pub(super) fn once(all: Vec<Deployed>, faults: &mut Vec<Diagnostic>) -> Vec<Deployed> {
    let of: Vec<BTreeSet<PathBuf>> = all
        .iter()
        .map(|one| one.read.beside.keys().map(|path| super::reading::identity(path)).collect())
        .collect();
    let mut deploying: BTreeMap<&PathBuf, Vec<usize>> = BTreeMap::new();
    for (at, paths) in of.iter().enumerate() {
        paths.iter().for_each(|path| deploying.entry(path).or_default().push(at));
    }
    // Of two that deploy each other the first is deployed by itself.
    let parent = |at: usize| {
        let others = deploying.get(&all[at].identity).into_iter().flatten().copied();
        let is_first = |other: &usize| *other != at && (!of[at].contains(&all[*other].identity) || *other < at);
        others.into_iter().find(is_first)
    };
    let parents: Vec<Option<Arc<str>>> = (0..all.len()).map(|at| parent(at).map(|other| all[other].shown.clone())).collect();
    let mut kept = Vec::new();
    for (one, parent) in all.into_iter().zip(parents) {
        match parent {
            Some(_) if one.is_loose => {}
            Some(parent) => faults.push(
                Diagnostic::new(
                    Code::CountedOnce,
                    format!(
                        "`{}` is the template of a nested stack of `{parent}` and is counted there",
                        one.shown
                    ),
                )
                .at(Place::file(one.shown.clone()))
                .help("it is counted once for each stack that deploys it"),
            ),
            None if one.is_loose => faults.push(
                Diagnostic::new(
                    Code::ImportSkipped,
                    format!("`{}` is deployed by no stack of its cloud assembly, and is passed over", one.shown),
                )
                .at(Place::file(one.shown.clone()))
                .help("an earlier `cdk synth` may have left it, or a product is made of it later; name it by itself to count it"),
            ),
            None => kept.push(one),
        }
    }
    kept
}
