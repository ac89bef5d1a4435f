//! Files to disk: complete or not at all.
//!
//! In: bytes and paths. Out: files. Everything is written under temporary names in the target folders first and renamed
//! at the end, so that a failure leaves older files as they were. A link is followed, and what is no file (a device, a
//! pipe) is written into and never replaced.

use super::Stop;
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes all files, or none of them.
pub(super) fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Stop> {
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let target = target(path).map_err(|error| cannot(path, &error))?;
        let file = match &target {
            Target::File(target) => Some(stage(target, bytes).map_err(|error| cannot(path, &error))?),
            Target::Sink => None,
        };
        staged.push((path, bytes, target, file));
    }
    for (path, bytes, target, file) in staged {
        match (target, file) {
            (Target::File(target), Some(file)) => file.persist(target).map(drop).map_err(|error| error.error),
            _ => std::fs::OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut sink| sink.write_all(bytes)),
        }
        .map_err(|error| cannot(path, &error))?;
    }
    Ok(())
}

/// Whether a path leads to something that is neither file nor folder, beside which nothing can be put either.
pub(super) fn is_sink(path: &Path) -> bool {
    matches!(target(path), Ok(Target::Sink))
}

/// What a path leads to.
enum Target {
    /// A file, there or not yet.
    File(PathBuf),
    /// Something to write into, such as `/dev/null`: a file in its place would break it for everybody.
    Sink,
}

fn target(path: &Path) -> std::io::Result<Target> {
    match std::fs::metadata(path) {
        Ok(of) if of.is_file() => Ok(Target::File(path.canonicalize()?)),
        Ok(of) if of.is_dir() => Err(std::io::Error::other("it is a folder")),
        Ok(_) => Ok(Target::Sink),
        // A link that leads nowhere yet is replaced.
        Err(_) => Ok(Target::File(path.to_owned())),
    }
}

fn stage(path: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cloudraci-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file of the user's: what the umask leaves of this.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn cannot(path: &Path, error: &std::io::Error) -> Stop {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write `{}`: {error}", path.display()))
        .help("nothing was written; older files are as they were");
    Stop::Diagnostics(vec![fault], SourceMap::default())
}
