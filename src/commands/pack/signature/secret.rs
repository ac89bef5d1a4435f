//! A secret key, and what it signs.
//!
//! In: a key's file as `minisign -G` writes it, and the password, if it has one. Out: signatures. No byte of the key or the
//! password is part of any message.

use super::{COMMENT, LIMIT, PublicKey, TRUSTED, printed, stop, text, unread};
use crate::commands::Stop;
use crate::commands::output::is_standard;
use crate::commands::pack::MANIFEST;
use crate::diagnostics::{Code, Diagnostic};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use blake2::{Blake2b512, Digest as _};
use ed25519_compact::{KeyPair, Seed};
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

/// What the file is in messages.
const WHAT: &str = "the secret key";

/// Where the parts of a decoded key begin: the algorithm, how the password was hashed, the sum's algorithm; salt; how much
/// work and memory the hash takes; the key's id, the key (seed and public key), and the sum of both.
const LENGTH: usize = 158;
const WORK: usize = 38;
const ID: usize = 54;
const KEY: usize = 62;
const SUM: usize = 126;

/// Work that the hash of a password may take: eight times of what minisign asks for.
const MOST_WORK: u64 = 8 * 33_554_432;

/// A secret key that was opened.
pub(in crate::commands::pack) struct SecretKey {
    id: [u8; 8],
    pair: KeyPair,
}

impl SecretKey {
    /// Opens a key; its password comes from a file (`-`: standard input) or is asked for on the terminal.
    pub(in crate::commands::pack) fn open(path: &Path, password: Option<&Path>) -> Result<Self, Stop> {
        let no_key = || {
            let fault = Diagnostic::new(
                Code::CannotRead,
                format!("cannot read {WHAT} `{}`: it is no secret key of minisign", path.display()),
            );
            stop(fault.help("`minisign -G` makes a pair of keys; the secret one is named here, and `verify --key` takes the public one"))
        };
        let file = text(path, WHAT)?;
        let line = file.lines().nth(1).filter(|_| file.starts_with(COMMENT)).ok_or_else(no_key)?;
        let sealed = BASE64_STANDARD.decode(line.trim()).map_err(|_| no_key())?;
        let work = sealed
            .get(WORK..WORK + 8)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u64::from_le_bytes);
        if sealed.len() != LENGTH || !sealed.starts_with(b"Ed") || work.is_none_or(|work| work > MOST_WORK) {
            return Err(no_key());
        }
        let has_password = match &sealed[2..4] {
            b"Sc" => true,
            [0, 0] => false,
            _ => return Err(no_key()),
        };
        let boxed = minisign::SecretKeyBox::from(file);
        let opened = if has_password {
            let asked = asked(path, password)?;
            boxed.into_secret_key(Some(asked)).map(|key| key.to_bytes())
        } else if sealed[SUM..].iter().all(|byte| *byte == 0) {
            // `minisign -G -W` sums up nothing.
            Ok(sealed)
        } else {
            boxed.into_unencrypted_secret_key().map(|key| key.to_bytes())
        };
        let opened = opened.map_err(|error| unread(path, WHAT, reason(error.kind())))?;
        Self::of(&opened).ok_or_else(no_key)
    }

    /// The key that these bytes are.
    fn of(opened: &[u8]) -> Option<Self> {
        let id = opened.get(ID..KEY)?.try_into().ok()?;
        let (seed, public) = opened.get(KEY..KEY + 64)?.split_at(32);
        let pair = KeyPair::from_seed(Seed::from_slice(seed).ok()?);
        // A signature that is made with another key's public half would give the secret one away.
        (pair.pk.as_slice() == public).then_some(Self { id, pair })
    }

    /// The signature of a manifest. No time of day is in it: the same bytes, date and key give the same signature.
    pub(in crate::commands::pack) fn sign(&self, manifest: &[u8], as_of: &str) -> Result<Vec<u8>, Stop> {
        let signature = self.pair.sk.sign(Blake2b512::digest(manifest), None);
        // As minisign words its own, with the date in the place of the time.
        let comment = format!("as_of:{as_of}\tfile:{MANIFEST}\thashed");
        let all = self.pair.sk.sign([signature.as_slice(), comment.as_bytes()].concat(), None);
        let first = BASE64_STANDARD.encode([b"ED", &self.id[..], signature.as_slice()].concat());
        let last = BASE64_STANDARD.encode(all.as_slice());
        let name = printed(self.id);
        let text = format!("{COMMENT}signature of a pack by the key {name}\n{first}\n{TRUSTED}{comment}\n{last}\n");
        // What others would refuse is not handed out.
        match PublicKey::of(self.id, self.pair.pk.as_slice()).and_then(|key| key.vouches(manifest, text.as_bytes())) {
            Ok(_) => Ok(text.into_bytes()),
            Err(why) => Err(stop(Diagnostic::new(
                Code::CannotWrite,
                format!("the signature does not verify: {why}"),
            ))),
        }
    }
}

/// The password of a key.
fn asked(key: &Path, from: Option<&Path>) -> Result<String, Stop> {
    let what = "the password's file";
    let words = match from {
        Some(from) if is_standard(from) => {
            let mut words = String::new();
            let read = std::io::stdin().take(LIMIT).read_to_string(&mut words);
            read.map_err(|error| unread(from, what, error))?;
            words
        }
        Some(from) => text(from, what)?,
        None if !std::io::stdin().is_terminal() && !std::io::stderr().is_terminal() => {
            let fault = Diagnostic::new(
                Code::CannotRead,
                format!("{WHAT} `{}` has a password, and there is no terminal to ask for it", key.display()),
            );
            return Err(stop(fault.help(
                "name a file that holds it with `--password-file`, or `--password-file -` for standard input",
            )));
        }
        None => rpassword::prompt_password(format!(
            "Password of {}: ",
            crate::diagnostics::characters::spelt_out(&key.display().to_string())
        ))
        .map_err(|error| unread(key, "the password of", error))?,
    };
    Ok(words.lines().next().unwrap_or_default().to_owned())
}

/// Why a key does not open.
fn reason(kind: &minisign::ErrorKind) -> &'static str {
    match kind {
        minisign::ErrorKind::Verify => "the password is another, or the key is damaged",
        minisign::ErrorKind::KDF => "its password asks for more memory than is given",
        _ => "it is damaged",
    }
}
