//! A pack of anybody's, opened.
//!
//! In: the path of a folder or a ZIP file, or standard input. Out: what it holds. Nothing is unpacked to disk, and no link is
//! followed.

use super::archive::{self, Flaw};
use super::delivered::{Delivered, Found, LIMIT, is_safe};
use crate::commands::output::is_standard;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

/// Reads a pack; `-` is a ZIP file on standard input.
///
/// # Errors
/// In words: it does not exist, cannot be read, is no ZIP file, or is larger than any pack.
pub(super) fn open(path: &Path) -> Result<Delivered, String> {
    let words = |error: std::io::Error| error.to_string();
    if is_standard(path) {
        return zip(unfolded(std::io::stdin()).map_err(words)?);
    }
    if path.is_dir() {
        return read_folder(path);
    }
    let file = File::open(path).map_err(words)?;
    let is_file = file.metadata().map_err(words)?.is_file();
    // What comes through a pipe is looked at more than once.
    zip(if is_file { file } else { unfolded(file).map_err(words)? })
}

fn read_folder(folder: &Path) -> Result<Delivered, String> {
    let mut delivered = Delivered::default();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let names: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = names.join("/");
        let is_dir = entry.file_type().is_dir();
        if !is_safe(&name) || inner.to_str().is_none() {
            delivered.insert(name, Found::Other("no name of a file in a pack"))?;
        } else if is_dir {
            delivered.folders.insert(name);
        } else if !entry.file_type().is_file() {
            let what = if entry.file_type().is_symlink() { "a link" } else { "no file" };
            delivered.insert(name, Found::Other(what))?;
        } else {
            let mut file = File::open(entry.path()).map_err(|error| format!("`{name}`: {error}"))?;
            delivered.take(&name, &mut file)?;
        }
    }
    Ok(delivered)
}

fn zip(mut file: File) -> Result<Delivered, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut delivered = Delivered::default();
    let flaw = match archive::read(&mut BufReader::new(&mut file), &mut delivered) {
        Ok(members) => {
            delivered.archive = Some((file, members));
            return Ok(delivered);
        }
        Err(Flaw::Unread(error)) => return Err(words(error)),
        Err(Flaw::Other(flaw)) => flaw,
    };
    let mut first = [0; 2];
    file.seek(SeekFrom::Start(0)).map_err(words)?;
    let begins = file.read_exact(&mut first).is_ok() && &first == b"PK";
    match archive::explain(file) {
        Ok((mut lenient, said)) => {
            lenient.flaws = std::iter::once(flaw).chain(said).collect();
            Ok(lenient)
        }
        Err(error) if begins => {
            let mut damaged = Delivered::default();
            damaged.flaws = vec![flaw, format!("the ZIP file is damaged: {error}")];
            Ok(damaged)
        }
        Err(error) => Err(format!("it is neither a folder nor a ZIP file: {error}")),
    }
}

/// What comes through a pipe, as a file of its own that nobody else sees.
fn unfolded(from: impl Read) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    std::io::copy(&mut from.take(LIMIT), &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
