//! Whether a pack is as delivered, by its own manifest.
//!
//! In: a path. Out: the manifest, its checksum, and a diagnostic for everything that is missing, changed, or none of the
//! pack's.

use super::archive::rewritten;
use super::delivered::{Delivered, Found, is_safe};
use super::manifest::{MANIFEST, Manifest, sha256};
use super::open::open;
use super::signature::SIGNATURE;
use crate::commands::output;
use crate::diagnostics::{Code, Diagnostic};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A pack that was looked through.
#[derive(Debug)]
pub(in crate::commands) struct Inspected {
    pub(in crate::commands) manifest: Manifest,
    /// The manifest's bytes, which a signature is of.
    pub(in crate::commands) bytes: Vec<u8>,
    /// The signature that lies beside it, which is not looked at here.
    pub(in crate::commands) signature: Option<Vec<u8>>,
    /// The manifest's own checksum.
    pub(in crate::commands) checksum: String,
    /// What is not as delivered; nothing where it is.
    pub(in crate::commands) faults: Vec<Diagnostic>,
}

/// Why something is no pack that could be looked through.
#[derive(Debug)]
pub(in crate::commands) enum NoPack {
    /// It cannot be read as one.
    Unread(String),
    /// It may have been one.
    Damaged(Vec<Diagnostic>),
}

impl NoPack {
    /// In words.
    pub(in crate::commands) fn why(&self) -> &str {
        match self {
            Self::Unread(why) => why,
            Self::Damaged(faults) => faults.first().map_or("it is damaged", |fault| &fault.message),
        }
    }

    /// As diagnostics about this path.
    pub(in crate::commands) fn faults(self, path: &Path) -> Vec<Diagnostic> {
        match self {
            Self::Unread(why) => {
                let message = format!("cannot read the pack `{}`: {why}", path.display());
                vec![Diagnostic::new(Code::CannotRead, message)]
            }
            Self::Damaged(faults) => faults,
        }
    }
}

/// Looks through a pack.
///
/// # Errors
/// It cannot be read, or has no manifest that would tell what it is.
pub(in crate::commands) fn inspect(path: &Path) -> Result<Inspected, NoPack> {
    // A run that was killed may have taken it away.
    output::restore(path);
    let mut delivered = open(path).map_err(NoPack::Unread)?;
    let mut faults: Vec<Diagnostic> = std::mem::take(&mut delivered.flaws).into_iter().map(flaw).collect();
    let Some(bytes) = delivered.manifest.take() else {
        return Err(if faults.is_empty() {
            NoPack::Unread(format!("there is no {MANIFEST} in it"))
        } else {
            NoPack::Damaged(faults)
        });
    };
    let manifest = match Manifest::read(&bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            faults.push(damaged(format!(
                "`{MANIFEST}` of the pack is not as delivered: {}",
                crate::text::without_serde(&error.to_string())
            )));
            return Err(NoPack::Damaged(faults));
        }
    };
    differences(&manifest, &delivered, &mut faults);
    if let Some((file, members)) = &mut delivered.archive
        && faults.is_empty()
        && manifest.tool_version == env!("CARGO_PKG_VERSION")
    {
        // Another version may deflate otherwise; what it says is the same all the same.
        match rewritten(file, members) {
            Ok(None) => {}
            Ok(Some(name)) => faults.push(damaged(format!("the data of `{name}` are not deflated as `pack` does it"))),
            Err(error) => return Err(NoPack::Unread(error.to_string())),
        }
    }
    Ok(Inspected {
        checksum: sha256(&bytes),
        signature: delivered.signature,
        bytes,
        manifest,
        faults,
    })
}

/// What no pack of `pack`'s has.
fn flaw(message: String) -> Diagnostic {
    damaged(message).help("programs may unpack something else from it; ask for the pack again, or verify the folder that you unpacked")
}

fn damaged(message: String) -> Diagnostic {
    Diagnostic::new(Code::PackDamaged, message)
}

/// Every file that is missing, changed, or none of the pack's.
fn differences(manifest: &Manifest, delivered: &Delivered, faults: &mut Vec<Diagnostic>) {
    let (mut known, mut folders, mut folded) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for file in &manifest.files {
        let (path, shown) = (file.path.as_str(), file.path.escape_debug());
        if !known.insert(path) {
            faults.push(damaged(format!("`{MANIFEST}` names `{shown}` twice")));
        }
        if !is_safe(path) || [MANIFEST, SIGNATURE].contains(&path) {
            faults.push(damaged(format!(
                "`{MANIFEST}` names `{shown}`, which is no name of a file in a pack"
            )));
        }
        if let Some(other) = folded.insert(path.to_lowercase(), path).filter(|other| *other != path) {
            faults.push(damaged(format!("`{other}` and `{shown}` are one file where case does not count")));
        }
        folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        match delivered.found.get(path) {
            Some(Found::File(bytes, checksum)) if *checksum == file.sha256 && *bytes == file.bytes => {}
            Some(Found::File(..)) => faults.push(damaged(format!("`{shown}` was changed"))),
            Some(Found::Other(what)) => faults.push(damaged(format!("`{shown}` is {what}"))),
            None => faults.push(damaged(format!("`{shown}` is missing"))),
        }
    }
    if manifest.signed && delivered.signature.is_none() {
        faults.push(damaged(format!("`{SIGNATURE}` is missing: `{MANIFEST}` says that it is signed")));
    }
    for (path, found) in &delivered.found {
        if !known.contains(path.as_str()) {
            let what = match found {
                Found::File(..) => String::new(),
                Found::Other(what) => format!(", {what},"),
            };
            faults.push(damaged(format!("`{}`{what} is no part of the pack", path.escape_debug())));
        }
    }
    for folder in delivered.folders.iter().filter(|folder| !folders.contains(folder.as_str())) {
        faults.push(damaged(format!("the folder `{folder}` is no part of the pack")));
    }
}
