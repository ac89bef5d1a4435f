//! Files to disk: each complete, and all of one command together or not at all.
//!
//! In: bytes and paths. Out: files. Everything is made ready in hidden folders beside its place first and moved at the
//! end, so that a failure leaves older files as they were. A link is followed, and what is no file (a device, a pipe) is
//! written into and never replaced. A file that is written again keeps its owner and mode.

mod likeness;
mod sources;
mod stage;
mod target;

pub(super) use likeness::keep;
pub(super) use sources::Sources;
use stage::Step;
pub(super) use stage::{Stage, restore};
pub(super) use target::{Target, archive_ending, folder_of, is_standard, led_to, says_folder, target};

use super::{Stop, print};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Files that stand in their places. Unless they are kept, they are taken back.
#[derive(Debug, Default)]
pub(super) struct Placed {
    steps: Vec<Step>,
    stages: BTreeMap<PathBuf, Stage>,
    /// Folders that were made for the files, the outer ones first.
    folders: Vec<PathBuf>,
}

/// Writes all files, or none of them.
pub(super) fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Stop> {
    place(files)?.keep();
    Ok(())
}

/// Writes one text to a file, or to standard output.
pub(super) fn write(path: Option<&Path>, text: Vec<u8>) -> Result<(), Stop> {
    match path.filter(|path| !is_standard(path)) {
        None => print(&text),
        Some(path) => match archive_ending(path) {
            Some(ending) => Err(Stop::Usage(format!(
                "`{}` is no .{ending}: what is written is a text",
                path.display()
            ))),
            None => write_all(&[(path.to_owned(), text)]),
        },
    }
}

/// Puts all files into their places, or none of them.
pub(super) fn place(files: &[(PathBuf, Vec<u8>)]) -> Result<Placed, Stop> {
    let mut placed = Placed::default();
    let (mut ready, mut sinks) = (BTreeMap::<PathBuf, (PathBuf, &[u8])>::new(), Vec::new());
    for (path, bytes) in files {
        let cannot = |error: io::Error| cannot(path, &error, Vec::new());
        match target(path).map_err(cannot)? {
            Target::Sink => sinks.push((path, bytes)),
            Target::File(place) => {
                let made = placed.stage(&place, ready.len(), bytes).map_err(cannot)?;
                let place = real(&place).map_err(cannot)?;
                if ready.insert(place, (made, bytes)).is_some_and(|(_, other)| other != bytes) {
                    return Err(Stop::Usage(format!("two different outputs lead to `{}`", path.display())));
                }
            }
        }
    }
    for (place, (made, _)) in ready {
        if let Err(error) = placed.put(&made, &place) {
            return Err(cannot(&place, &error, placed.take_back()));
        }
    }
    for (path, bytes) in sinks {
        if let Err(error) = fs::OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|mut sink| sink.write_all(bytes))
        {
            return Err(cannot(path, &error, placed.take_back()));
        }
    }
    Ok(placed)
}

impl Placed {
    /// The files stay.
    pub(super) fn keep(mut self) {
        self.steps.clear();
        self.folders.clear();
        std::mem::take(&mut self.stages).into_values().for_each(Stage::finish);
    }

    /// Makes a file ready beside its place.
    fn stage(&mut self, place: &Path, number: usize, bytes: &[u8]) -> io::Result<PathBuf> {
        let folder = folder_of(place);
        create(folder, &mut self.folders)?;
        let folder = folder.canonicalize()?;
        if !self.stages.contains_key(&folder) {
            let stage = Stage::beside(&folder)?;
            self.stages.insert(folder.clone(), stage);
        }
        let stage = self
            .stages
            .get(&folder)
            .ok_or_else(|| io::Error::other("there is no such folder"))?;
        let made = stage.room(&number.to_string());
        let mut file = File::create_new(&made)?;
        file.write_all(bytes)?;
        if let Ok(former) = fs::metadata(place) {
            keep(&former, &file)?;
        }
        file.sync_all()?;
        Ok(made)
    }

    fn put(&mut self, made: &Path, place: &Path) -> io::Result<()> {
        let stage = self
            .stages
            .get(folder_of(place))
            .ok_or_else(|| io::Error::other("there is no such folder"))?;
        let step = stage.place(made, place)?;
        self.steps.push(step);
        Ok(())
    }

    /// Takes back what was placed, the last first; what could not be taken back.
    fn take_back(&mut self) -> Vec<PathBuf> {
        let mut left = Vec::new();
        while let Some(step) = self.steps.pop() {
            if step.undo().is_err() {
                left.push(step.place().to_owned());
            }
        }
        self.stages.clear();
        while let Some(folder) = self.folders.pop() {
            // One that somebody else uses by now stays.
            let _ = fs::remove_dir(folder);
        }
        left
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        self.take_back();
    }
}

/// Makes a folder and those that it lies in, and notes which were made.
pub(super) fn create(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        let place = led_to(folder)?;
        if place != *folder {
            create(&place, made)?;
            continue;
        }
        match fs::create_dir(folder) {
            Ok(()) => made.push(folder.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The same path with the folder's links followed.
fn real(place: &Path) -> io::Result<PathBuf> {
    Ok(folder_of(place).canonicalize()?.join(place.file_name().unwrap_or_default()))
}

/// Whether a path leads to something that is neither file nor folder, beside which nothing can be put either.
pub(super) fn is_sink(path: &Path) -> bool {
    matches!(target(path), Ok(Target::Sink))
}

/// The diagnostic for an output that cannot be written. `left`: what stands there new although it was to be taken back.
fn cannot(path: &Path, error: &io::Error, left: Vec<PathBuf>) -> Stop {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write `{}`: {error}", path.display()));
    let names: Vec<String> = left.iter().map(|path| format!("`{}`", path.display())).collect();
    let help = if names.is_empty() {
        "no file was changed; older ones are as they were".to_owned()
    } else {
        format!(
            "new and could not be taken back: {}; all other files are as they were",
            names.join(", ")
        )
    };
    Stop::Diagnostics(vec![fault.help(help)], SourceMap::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_placed_is_taken_back_when_the_next_one_fails() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().canonicalize().unwrap();
        fs::write(folder.join("old"), "old").unwrap();
        let mut placed = Placed::default();
        let names = ["old", "new", "deep/new", "last"];
        let ready: Vec<(PathBuf, PathBuf)> = names
            .iter()
            .zip(0..)
            .map(|(name, number)| (placed.stage(&folder.join(name), number, b"new").unwrap(), folder.join(name)))
            .collect();
        // Somebody puts a folder where the last one goes.
        fs::create_dir_all(folder.join("last/x")).unwrap();
        for (made, place) in &ready[..3] {
            placed.put(made, place).unwrap();
            assert_eq!(fs::read_to_string(place).unwrap(), "new");
        }
        assert!(placed.put(&ready[3].0, &ready[3].1).is_err());
        assert_eq!(placed.take_back(), Vec::<PathBuf>::new());
        assert_eq!(fs::read_to_string(folder.join("old")).unwrap(), "old");
        let mut left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["last", "old"]);
    }
}
