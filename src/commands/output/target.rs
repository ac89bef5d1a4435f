//! Where a path leads.
//!
//! In: a path that the user named as an output. Out: a file, there or not yet, or something to write into.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Most links that are followed one after another.
const MOST_LINKS: usize = 40;

/// Endings of archives, pressed files and pictures of disks. A file of such a name must be what its name says.
const ARCHIVES: &[&str] = &[
    "7z", "ace", "ar", "arj", "br", "bz2", "cab", "cpio", "deb", "dmg", "gz", "iso", "jar", "lha", "lz", "lz4", "lzh", "lzma", "lzo",
    "rar", "rpm", "sz", "tar", "taz", "tbz", "tbz2", "tgz", "tlz", "txz", "tzst", "war", "whl", "xar", "xz", "z", "zip", "zipx", "zst",
];

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::commands) enum Target {
    /// A file, there or not yet, by a path that is no link itself.
    File(PathBuf),
    /// Something to write into, such as `/dev/null`: a file in its place would break it for everybody.
    Sink,
}

/// Where a path leads: links are followed, those that lead nowhere yet, too.
///
/// # Errors
/// A folder, a circle of links, or a path that may not be looked at.
pub(in crate::commands) fn target(path: &Path) -> io::Result<Target> {
    match std::fs::metadata(path) {
        _ if says_folder(path) => Err(io::Error::other("it is a folder, and a file is meant")),
        Ok(of) if of.is_file() => Ok(Target::File(path.canonicalize()?)),
        Ok(of) if of.is_dir() => Err(io::Error::other("it is a folder")),
        Ok(_) => Ok(Target::Sink),
        Err(error) if error.kind() == io::ErrorKind::NotFound => led_to(path).map(Target::File),
        Err(error) => Err(error),
    }
}

/// The path behind all links at its end.
pub(in crate::commands) fn led_to(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::symlink_metadata(&path) {
            Ok(of) if of.file_type().is_symlink() => {
                let to = std::fs::read_link(&path)?;
                path = path.parent().unwrap_or(Path::new("")).join(to);
            }
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// Whether an output is standard output.
pub(in crate::commands) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether a path says that it is a folder.
pub(in crate::commands) fn says_folder(path: &Path) -> bool {
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|last| *last == b'/' || std::path::is_separator(char::from(*last)))
}

/// The ending of an archive that a path has, in lower case.
pub(in crate::commands) fn archive_ending(path: &Path) -> Option<String> {
    let ending = path.extension().map(OsStr::to_string_lossy)?.to_lowercase();
    ARCHIVES.contains(&ending.as_str()).then_some(ending)
}

/// The folder that a path lies in.
pub(in crate::commands) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
