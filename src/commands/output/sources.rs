//! The files that a run has read, so that no output takes the place of one.
//!
//! In: paths of what was read. Out: a diagnostic for each output that leads to the same file, by whatever spelling or link.

use super::target::{Target, target};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that were read.
#[derive(Debug, Default)]
pub(in crate::commands) struct Sources(BTreeMap<Identity, PathBuf>);

impl Sources {
    /// These files, as far as they are files on disk.
    pub(in crate::commands) fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(paths.into_iter().filter_map(|path| Some((identity(&path)?, path))).collect())
    }

    /// These and others.
    pub(in crate::commands) fn and(mut self, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        self.0.extend(Self::of(paths).0);
        self
    }

    /// Refuses outputs that would take the place of a source.
    pub(in crate::commands) fn refuse<'a>(&self, outputs: impl IntoIterator<Item = &'a Path>) -> Outcome<()> {
        let faults: Vec<Diagnostic> = outputs.into_iter().filter_map(|output| self.fault(output)).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Refuses a folder that is written anew although a source lies in it.
    pub(in crate::commands) fn refuse_folder(&self, output: &Path) -> Outcome<()> {
        let Ok(folder) = output.canonicalize() else { return Ok(()) };
        let inside = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| path.starts_with(&folder));
        match self.0.values().find(inside).filter(|_| folder.is_dir()) {
            None => Ok(()),
            Some(source) => {
                let what = format!("cannot write `{}`: `{}` in it is read for this", output.display(), source.display());
                Err(vec![
                    Diagnostic::new(Code::CannotWrite, what).help("name another output; nothing was written"),
                ])
            }
        }
    }

    fn fault(&self, output: &Path) -> Option<Diagnostic> {
        let Ok(Target::File(place)) = target(output) else { return None };
        let source = self.0.get(&identity(&place)?)?;
        let what = if source == output {
            format!("cannot write `{}`: it is read for this, too", output.display())
        } else {
            format!(
                "cannot write `{}`: it leads to `{}`, which is read for this",
                output.display(),
                source.display()
            )
        };
        Some(Diagnostic::new(Code::CannotWrite, what).help("name another output; nothing was written"))
    }
}

/// What is the same for all names of a file.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let file = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((file.dev(), file.ino()))
}

/// What is the same for all names of a file.
#[cfg(not(unix))]
type Identity = PathBuf;
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.is_file().then(|| path.canonicalize().ok())?
}
