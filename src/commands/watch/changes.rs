//! Whether any file that the report is made from has changed.
//!
//! In: the arguments, and what a run has read. Out: waits until sizes or times of files differ, and hold still again.

use crate::cli::{Inputs, Looks};
use crate::commands::publication::Publication;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Most files that are looked at.
const MOST: usize = 20_000;

/// A file's size and time.
type Mark = (u64, Option<SystemTime>);

/// The files to watch and how they were when they were last looked at.
pub(super) struct Changes {
    folders: Vec<PathBuf>,
    files: BTreeSet<PathBuf>,
    seen: BTreeMap<PathBuf, Mark>,
}

impl Changes {
    pub(super) fn of(inputs: &Inputs, looks: &Looks) -> Self {
        let named = if inputs.paths.is_empty() {
            vec![PathBuf::from("inventory.yaml"), PathBuf::from("inventories")]
        } else {
            inputs.paths.clone()
        };
        let templates = looks.templates.clone().unwrap_or_else(|| PathBuf::from("templates"));
        let results = inputs.results.iter().chain(&inputs.upstream).cloned();
        let folders = named.into_iter().chain(results).chain(inputs.catalog.clone()).chain([templates]);
        let mut changes = Self {
            folders: folders.collect(),
            files: BTreeSet::new(),
            seen: BTreeMap::new(),
        };
        changes.seen = changes.look();
        changes
    }

    /// What lies outside of the folders and a run has read, too: imports, the logo, and the theme's fonts.
    pub(super) fn follow(&mut self, publication: &Publication) {
        let inventory = &publication.workspace.inventory;
        let logo = inventory.theme.logo.iter().map(|(path, _)| path.clone());
        if let Some((folder, _)) = &inventory.theme.font_path
            && !self.folders.contains(folder)
        {
            self.folders.push(folder.clone());
            self.seen = self.look();
        }
        let inputs = inventory.inputs.iter().map(|input| PathBuf::from(&*input.path));
        let evidence = inventory.evidence.iter().filter_map(|entry| entry.file.as_ref());
        let evidence = evidence.map(|file| file.path.clone());
        for file in inputs.chain(logo).chain(evidence) {
            if self.files.insert(file.clone()) && !self.seen.contains_key(&file) {
                self.seen.extend(mark(&file).map(|mark| (file, mark)));
            }
        }
    }

    /// Comes back when something has changed, and no longer changes.
    pub(super) fn wait(&mut self, every: Duration) {
        loop {
            std::thread::sleep(every);
            let mut now = self.look();
            if now == self.seen {
                continue;
            }
            // An editor may write in several steps.
            loop {
                std::thread::sleep(every / 4);
                let later = self.look();
                if later == now {
                    break;
                }
                now = later;
            }
            self.seen = now;
            return;
        }
    }

    fn look(&self) -> BTreeMap<PathBuf, Mark> {
        let mut seen = BTreeMap::new();
        let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        for folder in &self.folders {
            let entries = walkdir::WalkDir::new(folder)
                .into_iter()
                .filter_entry(|entry| !hidden(entry))
                .flatten();
            for entry in entries.take(MOST) {
                if !entry.file_type().is_dir() {
                    seen.extend(mark(entry.path()).map(|mark| (entry.path().to_owned(), mark)));
                }
            }
        }
        for file in &self.files {
            seen.extend(mark(file).map(|mark| (file.clone(), mark)));
        }
        seen
    }
}

fn mark(path: &Path) -> Option<Mark> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}
