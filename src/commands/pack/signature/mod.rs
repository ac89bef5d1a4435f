//! The signature of a pack's manifest, in minisign's format (<https://jedisct1.github.io/minisign/>), beside the manifest.
//!
//! In: the manifest's bytes and a key. Out: the four lines of a signature, the same for the same bytes, date and key; and of
//! a signature of anybody's, whether a public key's owner made it for these bytes. The manifest vouches for the files, the
//! signature for the manifest.

mod public;
mod secret;

pub(in crate::commands) use public::PublicKey;
pub(super) use secret::SecretKey;

use crate::commands::Stop;
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Its name in the pack: the manifest's, with the ending that minisign gives.
pub(in crate::commands) const SIGNATURE: &str = "manifest.json.minisig";

/// What a signature, a key or a password may have, in bytes: minisign's own comments end at 8 KiB.
pub(super) const LIMIT: u64 = 16 << 10;

/// What a line that nobody vouches for begins with.
const COMMENT: &str = "untrusted comment: ";
/// What the line that is signed along begins with.
const TRUSTED: &str = "trusted comment: ";

/// A key's id as minisign prints it.
fn printed(id: [u8; 8]) -> String {
    format!("{:016X}", u64::from_le_bytes(id))
}

/// The text of a small file.
fn text(path: &Path, what: &str) -> Result<String, Stop> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LIMIT).read_to_string(&mut text));
    match read {
        Ok(length) if (length as u64) < LIMIT => Ok(text),
        Ok(_) => Err(unread(path, what, "it is too long")),
        Err(error) => Err(unread(path, what, error)),
    }
}

fn unread(path: &Path, what: &str, why: impl std::fmt::Display) -> Stop {
    stop(Diagnostic::new(
        Code::CannotRead,
        format!("cannot read {what} `{}`: {why}", path.display()),
    ))
}

fn stop(fault: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![fault], SourceMap::default())
}
