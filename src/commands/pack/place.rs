//! A pack to disk: whole, or not at all, and never over what somebody wrote.
//!
//! In: files by path, and where they go. Out: a folder that appears in one step, or a ZIP file.

use super::archive::zipped;
use super::inspect::inspect;
use crate::commands::output::{self, Stage, archive_ending, folder_of, is_standard, led_to, says_folder};
use crate::commands::{Stop, print};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// Where a pack goes.
#[derive(Debug)]
pub(super) enum Place {
    /// A folder, by a path that is no link itself.
    Folder(PathBuf),
    /// A ZIP file.
    Zip(PathBuf),
    /// A ZIP file on standard output.
    Standard,
}

impl Place {
    /// Where an output leads.
    pub(super) fn of(output: &Path) -> Result<Self, Stop> {
        if is_standard(output) {
            if io::stdout().is_terminal() {
                return Err(Stop::Usage(
                    "a pack does not go to the terminal; name a folder, or a file: -o pack.zip".to_owned(),
                ));
            }
            return Ok(Self::Standard);
        }
        let place = led_to(output).map_err(|error| cannot(output, &error))?;
        if says_folder(output) || place.is_dir() {
            return Ok(Self::Folder(place));
        }
        // A link is named by the name that it has, unless that says nothing.
        match archive_ending(output).or_else(|| archive_ending(&place)).as_deref() {
            Some("zip") => Ok(Self::Zip(output.to_owned())),
            Some(ending) => Err(Stop::Usage(format!(
                "a pack is a folder or a ZIP file, and no .{ending}; name `{}`, or end a folder in /",
                output.with_extension("zip").display()
            ))),
            None => Ok(Self::Folder(place)),
        }
    }

    /// Refuses what stands there, unless it is nothing, an empty folder, or a pack as it was delivered. `force`: a pack
    /// that was changed since may go, too. `signs`: the new pack is signed; one that is not takes no signed one's place.
    pub(super) fn check(&self, force: bool, signs: bool) -> Result<(), Stop> {
        let target = match self {
            Self::Folder(target) | Self::Zip(target) => target,
            Self::Standard => return Ok(()),
        };
        output::restore(target);
        match fs::metadata(target) {
            Err(_) => return Ok(()),
            Ok(standing) if standing.is_dir() => {
                let mut entries = fs::read_dir(target).map_err(|error| cannot(target, &error))?;
                if entries.next().is_none() {
                    return Ok(());
                }
            }
            Ok(standing) if standing.is_file() && matches!(self, Self::Zip(_)) => {}
            // A device or a pipe takes what is written into it.
            Ok(standing) if !standing.is_file() => return Ok(()),
            Ok(_) => return Err(cannot(target, &"it is no folder; a ZIP file's name ends in .zip")),
        }
        let faults = match inspect(target) {
            Ok(_) if force => return Ok(()),
            Ok(inspected) if inspected.faults.is_empty() && inspected.signature.is_some() && !signs => {
                let fault = Diagnostic::new(
                    Code::CannotWrite,
                    format!(
                        "cannot write `{}`: the pack that stands there is signed, and this one would not be",
                        target.display()
                    ),
                );
                let help = "sign this one, too, with `--sign KEY`, name another place, or replace it with `--force`; nothing was written";
                return Err(Stop::Diagnostics(vec![fault.help(help)], SourceMap::default()));
            }
            Ok(inspected) if inspected.faults.is_empty() => return Ok(()),
            Ok(inspected) => inspected.faults,
            Err(other) => return Err(cannot(target, &format!("what stands there is no pack: {}", other.why()))),
        };
        let changed = Diagnostic::new(
            Code::CannotWrite,
            format!(
                "cannot write `{}`: the pack that stands there was changed since it was delivered",
                target.display()
            ),
        )
        .help("it may have been filled in and signed: keep it and name another place, or replace it with `--force`; nothing was written");
        Err(Stop::Diagnostics(
            std::iter::once(changed).chain(faults).collect(),
            SourceMap::default(),
        ))
    }

    /// Writes a pack.
    pub(super) fn write(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Stop> {
        match self {
            Self::Folder(target) => folder(target, files).map_err(|error| cannot(target, &error)),
            Self::Zip(target) => output::write_all(&[(target.clone(), zipped(files).map_err(|error| cannot(target, &error))?)]),
            Self::Standard => print(&zipped(files).map_err(|error| cannot(Path::new("-"), &error))?),
        }
    }
}

/// Writes beside the target and moves there at the end.
fn folder(target: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let mut folders = Vec::new();
    let written = staged(target, files, &mut folders);
    if written.is_err() {
        for folder in folders.iter().rev() {
            // One that somebody else uses by now stays.
            let _ = fs::remove_dir(folder);
        }
    }
    written
}

fn staged(target: &Path, files: &BTreeMap<String, Vec<u8>>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    // A folder has a name in the one that it lies in, however it was named.
    let target = target.canonicalize().unwrap_or_else(|_| target.to_owned());
    let parent = folder_of(&target);
    output::create(parent, folders)?;
    let stage = Stage::beside(parent)?;
    let new = stage.room("pack");
    fs::create_dir(&new)?;
    for (path, bytes) in files {
        let made = new.join(path);
        if let Some(folder) = made.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create_new(&made)?;
        file.write_all(bytes)?;
        like(&target.join(path), &file)?;
        file.sync_all()?;
    }
    // Folders come last: one that may not be written to could not be filled.
    for made in walkdir::WalkDir::new(&new).contents_first(true) {
        let made = made?;
        if made.file_type().is_dir() {
            let inner = made.path().strip_prefix(&new).unwrap_or(Path::new(""));
            if let Ok(folder) = File::open(made.path()) {
                like(&target.join(inner), &folder)?;
            }
        }
    }
    stage.place(&new, &target)?;
    stage.finish();
    Ok(())
}

/// Gives what is new the owner and mode of what stands in its place.
fn like(former: &Path, new: &File) -> io::Result<()> {
    match fs::symlink_metadata(former) {
        Ok(former) if !former.file_type().is_symlink() => output::keep(&former, new),
        _ => Ok(()),
    }
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Stop {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the pack `{}`: {error}", path.display()))
        .help("name a new folder, an empty one, or an earlier pack; nothing was written");
    Stop::Diagnostics(vec![fault], SourceMap::default())
}
