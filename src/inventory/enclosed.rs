//! The files that evidence names.
//!
//! In: entries of evidence with the paths of their files. Out: the checksum of each, or why it cannot be read. A file lies
//! in the folder of its inventory file or below it, links followed, so that nothing else of a machine is looked at.

use super::{Evidence, Seal};
use crate::limits;
use crate::source::Sealing;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// Whether a path stays in the folder that it begins in, on every system.
pub(super) fn stays_within(name: &str) -> bool {
    let components = || Path::new(name).components();
    let is_plain = |component| matches!(component, Component::Normal(_) | Component::CurDir);
    !name.contains(['\\', ':']) && components().all(is_plain) && components().any(|one| matches!(one, Component::Normal(_)))
}

/// Seals the files that entries name, each once.
pub(super) fn seal(evidence: &mut [Evidence]) {
    let mut known: BTreeMap<PathBuf, Result<Seal, String>> = BTreeMap::new();
    for enclosed in evidence.iter_mut().filter_map(|entry| entry.file.as_mut()) {
        let folder = folder_of(&enclosed.path, &enclosed.name);
        let seal = known
            .entry(enclosed.path.clone())
            .or_insert_with(|| sealed(&enclosed.path, &folder));
        enclosed.seal = seal.clone();
    }
}

/// The folder that a name in it was joined to.
fn folder_of(path: &Path, name: &str) -> PathBuf {
    let depth = Path::new(name)
        .components()
        .filter(|one| matches!(one, Component::Normal(_)))
        .count();
    let folder = path.ancestors().nth(depth).unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder.to_owned()
    }
}

fn sealed(path: &Path, folder: &Path) -> Result<Seal, String> {
    let words = |error: std::io::Error| error.to_string();
    let (real, folder) = (path.canonicalize().map_err(words)?, folder.canonicalize().map_err(words)?);
    if !real.starts_with(&folder) {
        return Err("a link leads out of the inventory's folder".to_owned());
    }
    let of = real.metadata().map_err(words)?;
    if !of.is_file() {
        return Err("it is no file".to_owned());
    }
    if of.len() > limits::EVIDENCE {
        return Err(format!("it is larger than {} MiB", limits::EVIDENCE >> 20));
    }
    // One that grows meanwhile is read no further.
    let file = File::open(&real).map_err(words)?.take(limits::EVIDENCE);
    Sealing::new(&[], Box::new(file)).finish().map_err(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_out_are_told() {
        for name in [
            "../x",
            "a/../../x",
            "a/../x",
            "/etc/passwd",
            "a\\..\\x",
            "C:x",
            "",
            ".",
            "./",
            "file:///x",
        ] {
            assert!(!stays_within(name), "{name}");
        }
        for name in ["x", "a/b.pdf", "./a b/c.pdf", "a..b/c", "ä.pdf"] {
            assert!(stays_within(name), "{name}");
        }
        assert_eq!(folder_of(Path::new("inventories/p/./a/b"), "./a/b"), Path::new("inventories/p"));
        assert_eq!(folder_of(Path::new("a/b"), "a/b"), Path::new("."));
    }
}
