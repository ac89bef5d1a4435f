//! The files that evidence names, in a pack.
//!
//! In: entries of evidence whose files were sealed. Out: their bytes by their path in the pack, the very ones that were
//! sealed. A path in a pack is made of the file's own name, and leads nowhere else.

use super::delivered::is_plain;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::inventory::{Enclosed, Evidence};
use crate::limits;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;

/// Their folder.
pub(super) const EVIDENCE: &str = "evidence/";

/// Letters of a name that are kept.
const LONGEST: usize = 80;

/// The files of some entries, each once. One that is missing, or not the one that was reviewed, shows nothing and stays out.
pub(super) fn enclosed(evidence: &[Evidence]) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let files = evidence.iter().filter_map(|entry| entry.file.as_ref());
    let mut files: Vec<&Enclosed> = files.filter(|file| file.seal.is_ok() && !file.is_changed()).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    let all: u64 = files.iter().filter_map(|file| file.seal.as_ref().ok()).map(|seal| seal.bytes).sum();
    if all > limits::EVIDENCE_PACKED {
        let message = format!("the files of evidence have {all} bytes together, too many for a pack");
        let help = format!(
            "a pack takes {} MiB of them; deliver the rest by another way",
            limits::EVIDENCE_PACKED >> 20
        );
        return Err(vec![Diagnostic::new(Code::LimitReached, message).help(help)]);
    }
    let (mut made, mut taken, mut faults) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for file in files {
        match bytes(file) {
            Ok(bytes) => {
                made.insert(free(&mut taken, &file.name), bytes);
            }
            Err(why) => faults.push(Diagnostic::new(
                Code::CannotRead,
                format!("cannot read the file `{}` of evidence: {why}", file.name),
            )),
        }
    }
    if faults.is_empty() { Ok(made) } else { Err(faults) }
}

/// The bytes that were sealed.
fn bytes(file: &Enclosed) -> Result<Vec<u8>, String> {
    let seal = file.seal.as_ref().map_err(Clone::clone)?;
    let mut bytes = Vec::new();
    let open = File::open(&file.path).map_err(|error| error.to_string())?;
    open.take(seal.bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if Sha256::digest(&bytes).as_slice() == seal.sha256 {
        Ok(bytes)
    } else {
        Err("it was changed while the pack was made".to_owned())
    }
}

/// A path that no other file has, whatever letters count as one.
fn free(taken: &mut BTreeSet<String>, name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let plain = |text: &str| -> String {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let joined: String = text.chars().map(letter).collect();
        let words: Vec<&str> = joined.split('-').filter(|word| !word.is_empty()).collect();
        words
            .join("-")
            .chars()
            .take(LONGEST)
            .collect::<String>()
            .trim_matches('-')
            .to_owned()
    };
    let stem = match plain(stem) {
        stem if stem.is_empty() || !is_plain(&stem) => format!("file-{stem}").trim_end_matches('-').to_owned(),
        stem => stem,
    };
    let ending = plain(ending);
    let ending = if ending.is_empty() { ending } else { format!(".{ending}") };
    let mut path = format!("{EVIDENCE}{stem}{ending}");
    let mut number = 1;
    while !taken.insert(path.to_lowercase()) {
        number += 1;
        path = format!("{EVIDENCE}{stem}-{number}{ending}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::delivered::is_safe;
    use super::*;

    #[test]
    fn each_file_has_a_safe_path_of_its_own() {
        let names = [
            "a/restore.pdf",
            "b/restore.pdf",
            "Restore.PDF",
            "../x",
            "con.txt",
            "ä",
            "..",
            "a b c",
            "x.tar.gz",
            ".hidden",
            "a:b",
            "nul",
        ];
        let mut taken = BTreeSet::new();
        let paths: Vec<String> = names.iter().map(|name| free(&mut taken, name)).collect();
        assert!(paths.iter().all(|path| is_safe(path) && path.starts_with(EVIDENCE)), "{paths:?}");
        let folded: BTreeSet<String> = paths.iter().map(|path| path.to_lowercase()).collect();
        assert_eq!(folded.len(), names.len(), "{paths:?}");
        assert_eq!(paths[0], "evidence/restore.pdf");
        assert_eq!(paths[1], "evidence/restore-2.pdf");
    }
}
