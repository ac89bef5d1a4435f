//! A public key, and what it vouches for.
//!
//! In: a key as minisign writes it, as a file or as the one line that matters, and a signature of anybody's. Out: the comment
//! that was signed along, or why the signature is not that of the key's owner for these bytes.

use super::{COMMENT, LIMIT, TRUSTED, printed, text, unread};
use crate::commands::Stop;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use minisign_verify::{Error, Signature};
use std::path::Path;

/// A key to verify with.
#[derive(Debug)]
pub(in crate::commands) struct PublicKey {
    id: String,
    key: minisign_verify::PublicKey,
}

impl PublicKey {
    /// Reads what `--key` says: the key itself, or the file that holds it.
    pub(in crate::commands) fn read(said: &str) -> Result<Self, Stop> {
        if let Some(key) = Self::line(said) {
            return Ok(key);
        }
        let path = Path::new(said);
        let what = "the public key";
        let file = text(path, what)?;
        // The comment may be missing: the other line is what minisign prints, too.
        let mut lines = file.lines().filter(|line| !line.starts_with(COMMENT) && !line.trim().is_empty());
        let key = lines
            .next()
            .and_then(|line| Self::line(line.trim()))
            .filter(|_| lines.next().is_none());
        key.ok_or_else(|| unread(path, what, "it is no public key of minisign"))
    }

    /// The key of a secret one.
    pub(super) fn of(id: [u8; 8], key: &[u8]) -> Result<Self, String> {
        Self::line(&BASE64_STANDARD.encode([b"Ed", &id[..], key].concat())).ok_or_else(|| "the key is none".to_owned())
    }

    fn line(line: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(line).ok()?;
        let id = bytes.get(2..10)?.try_into().ok()?;
        let key = minisign_verify::PublicKey::from_base64(line).ok()?;
        Some(Self { id: printed(id), key })
    }

    /// Its id, as minisign prints it.
    pub(in crate::commands) fn id(&self) -> &str {
        &self.id
    }

    /// Whether the key's owner signed these bytes: the comment that was signed along.
    ///
    /// # Errors
    /// In words: it is no signature, of another key, or of other bytes.
    pub(in crate::commands) fn vouches(&self, bytes: &[u8], signature: &[u8]) -> Result<String, String> {
        let no_signature = || "it is no signature of minisign".to_owned();
        let signature = std::str::from_utf8(signature).map_err(|_| no_signature())?;
        let lines: Vec<&str> = signature.lines().collect();
        // Nothing stands in it that a signature does not have: nobody vouches for what is added.
        let is_whole = matches!(lines[..], [first, _, third, _] if first.starts_with(COMMENT) && third.starts_with(TRUSTED));
        if !is_whole || signature.len() as u64 >= LIMIT {
            return Err(no_signature());
        }
        let signature = Signature::decode(signature).map_err(|_| no_signature())?;
        match self.key.verify(bytes, &signature, true) {
            Ok(()) => Ok(signature.trusted_comment().to_owned()),
            Err(Error::UnexpectedKeyId) => Err(format!("it is of another key than {}", self.id)),
            Err(_) => Err(format!(
                "it is not what the owner of the key {} signed: one of the two was changed",
                self.id
            )),
        }
    }
}
