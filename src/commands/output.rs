//! Files to disk: complete or not at all.
//!
//! In: bytes and paths. Out: files. Everything is written under temporary names in the target folders first and renamed
//! at the end, so that a failure leaves older files as they were.

use super::Stop;
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes all files, or none of them.
pub(super) fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Stop> {
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let file = stage(path, bytes).map_err(|error| cannot(path, &error))?;
        staged.push((path, file));
    }
    for (path, file) in staged {
        file.persist(path).map_err(|error| cannot(path, &error.error))?;
    }
    Ok(())
}

fn stage(path: &Path, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    if path.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
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
