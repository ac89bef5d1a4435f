//! Files beside the one that is imported, which it names.
//!
//! In: the file, and paths that it names. Out: the bytes of those, and which of them were read, sealed. Only regular files of
//! a bounded length are read, whatever a file from elsewhere names.

use crate::limits;
use crate::source::Seal;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Endings of files that may be read.
const ENDINGS: &[&str] = &["yaml", "yml", "json", "template"];

/// The files beside one, and what somebody else knows of it.
#[derive(Debug, Default)]
pub struct Beside {
    folder: PathBuf,
    /// Where things that were packed for deployment lie, by what they are packed as.
    pub(super) assets: BTreeMap<String, PathBuf>,
    /// The logical ids of what a program added for itself.
    pub(super) helpers: BTreeSet<String>,
    /// The parameters that a stack is deployed with.
    pub(super) parameters: BTreeMap<String, String>,
    read: RefCell<BTreeMap<PathBuf, Seal>>,
}

impl Beside {
    /// Those beside a file.
    pub(in crate::inventory) fn of(file: &Path) -> Self {
        Self {
            folder: file.parent().map(Path::to_owned).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The same with what somebody else knows of it.
    pub(in crate::inventory) fn with(
        self,
        assets: BTreeMap<String, PathBuf>,
        helpers: BTreeSet<String>,
        parameters: BTreeMap<String, String>,
    ) -> Self {
        Self {
            assets,
            helpers,
            parameters,
            ..self
        }
    }

    /// The bytes of a file by its path from the folder.
    ///
    /// # Errors
    /// Why it is not read, as what follows its name.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let path = plain(&self.folder.join(path));
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if !ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            return Err("is not called as templates are".to_owned());
        }
        let data = std::fs::metadata(&path).map_err(|_| "is not there".to_owned())?;
        if !data.is_file() {
            return Err("is no file".to_owned());
        }
        let most = limits::FILE as u64;
        let mut bytes = Vec::new();
        let read = std::fs::File::open(&path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        read.map_err(|error| format!("cannot be read: {error}"))?;
        if bytes.len() as u64 > most {
            return Err("is too large".to_owned());
        }
        let seal = Seal {
            bytes: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
        };
        self.read.borrow_mut().insert(path, seal);
        Ok(bytes)
    }

    /// What was read, in the order of the paths.
    pub(in crate::inventory) fn into_read(self) -> BTreeMap<PathBuf, Seal> {
        self.read.into_inner()
    }
}

/// A path without steps that lead nowhere: `a/./b/../c` is `a/c`.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut made = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(made.components().next_back(), Some(Component::Normal(_))) => {
                made.pop();
            }
            other => made.push(other),
        }
    }
    made
}
