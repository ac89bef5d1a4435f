//! Texts: which of them hold a secret.
//!
//! In: any text. Out: whether there is a secret in it, by its structure: what looks like a token wherever it stands, addresses with
//! credentials, what is assigned to a telling name, command lines, documents in a text, and texts that are encoded.

use super::knowledge::{Knowledge, knowledge};
use super::names::is_reference;
use super::{commands, documents, names};
use crate::catalog::Arn;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How many bytes are looked through; what is longer is taken for a secret.
const MOST: usize = 64 * 1024;

/// How long an encoded word is at least.
const ENCODED: usize = 16;

/// How far an address, a name before a sign or a value behind it is followed.
const REACH: usize = 1024;

/// Whether a text has a secret in it.
pub(crate) fn hold_secret(text: &str) -> bool {
    judge(text, 0)
}

/// As [`hold_secret`], of a text that was found in another.
pub(super) fn judge(text: &str, depth: usize) -> bool {
    if is_plain(text) {
        return false;
    }
    let known = knowledge();
    if !known.is_open || text.len() > MOST || depth > documents::DEPTH {
        return true;
    }
    // What an ARN names stands at its end.
    let resource = Arn::parse(text).map(|arn| arn.resource);
    known.patterns.is_match(text.as_bytes())
        || resource.is_some_and(|resource| known.patterns.is_match(resource.as_bytes()))
        || has_secret_address(text, known)
        || assigns_secret(text, known)
        || commands::has_secret(text, depth, judge)
        || documents::has_secret(text, depth, judge)
        || is_encoded_secret(text, depth)
}

/// Whether a text is a word or a path and too short for a token, so that nothing need be looked for. It is what most are.
pub(crate) fn is_plain(text: &str) -> bool {
    let mut run = 0;
    for byte in text.bytes() {
        match byte {
            b'.' | b'/' | b',' => run = 0,
            _ if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' => run += 1,
            _ => return false,
        }
        if run >= ENCODED {
            return false;
        }
    }
    true
}

/// A text's beginning, cut at a letter.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether an address names a user with a password, or has a secret among its parameters.
fn has_secret_address(text: &str, known: &Knowledge) -> bool {
    text.match_indices("://").any(|(at, mark)| {
        let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '.' | '-');
        let before = text[..at].trim_end_matches(is_scheme).len();
        let scheme = text[before..at].trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
        let rest = beginning(&text[at + mark.len()..]);
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '\\'));
        let rest = &rest[..end.unwrap_or(rest.len())];
        match url::Url::parse(&format!("{scheme}://{rest}")) {
            Ok(url) => {
                let is_shell = scheme.to_lowercase().contains("ssh") || scheme.eq_ignore_ascii_case("sftp");
                url.password().is_some_and(|password| !is_reference(password))
                    || (!url.username().is_empty() && !is_shell && !is_reference(url.username()))
                    || has_secret_parameter(url.query().unwrap_or_default(), known)
                    || has_secret_parameter(url.fragment().unwrap_or_default(), known)
            }
            // What is no address because of what stands before its host.
            Err(_) => rest.contains('@') || has_secret_parameter(rest.split_once('?').map_or("", |(_, query)| query), known),
        }
    })
}

fn has_secret_parameter(query: &str, known: &Knowledge) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
        let is_secret = known.address_parameters.contains(&name.to_lowercase()) || names::is_secret(&name);
        is_secret && !value.is_empty() && !is_reference(&value)
    })
}

/// Whether something is assigned to the name of a secret: `password=...`, `"token": "..."`, `X-Api-Key: ...`.
fn assigns_secret(text: &str, known: &Knowledge) -> bool {
    text.match_indices(['=', ':']).any(|(at, sign)| {
        let behind = &text[at + 1..];
        if behind.starts_with(['=', '~']) || behind.starts_with("//") {
            return false;
        }
        let is_quote = |letter: char| matches!(letter, '"' | '\'' | '\\' | ' ' | '\t' | ']');
        let before = text[..at].trim_end_matches(is_quote);
        let is_quoted = text[before.len()..at].contains(['"', '\'']);
        let start = before.trim_end_matches(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'));
        let name = &before[start.len()..];
        if name.is_empty() || name.len() > REACH {
            return false;
        }
        let value = beginning(behind).trim_start_matches(['"', '\'', '\\', ' ', '\t', '>', '[', '\n', '\r']);
        let end =
            value.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | ';' | '&' | '<' | ')' | '}' | ']'));
        let value = &value[..end.unwrap_or(value.len())];
        if value.is_empty() || is_reference(value) {
            return false;
        }
        let is_header = || known.header_names.contains(&name.to_lowercase());
        let is_secret = || names::is_secret(name) || is_header() || (names::is_telling(name) && names::looks_random(value));
        // In an ARN a colon separates: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:name`.
        if sign == ":" && !is_quoted && !behind.starts_with([' ', '\t', '"', '\'', '\n', '\r', '\\']) {
            return !start.ends_with(':') && names::ends_in_secret(name);
        }
        is_secret()
    })
}

/// Whether a text is another one that holds a secret, written in Base64 or as in an address.
fn is_encoded_secret(text: &str, depth: usize) -> bool {
    if text.contains('%')
        && let Ok(plain) = percent_encoding::percent_decode_str(text).decode_utf8()
        && plain != text
        && judge(&plain, depth + 1)
    {
        return true;
    }
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=' | '_' | '-');
    let mut is_basic = false;
    text.split(|letter| !is_letter(letter)).any(|word| {
        let was_basic = std::mem::replace(&mut is_basic, word.eq_ignore_ascii_case("basic"));
        if word.len() < ENCODED && !(was_basic && word.len() >= 4) {
            return false;
        }
        let word = word.trim_end_matches('=');
        let bytes = STANDARD_NO_PAD.decode(word).or_else(|_| URL_SAFE_NO_PAD.decode(word));
        let Some(plain) = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return false;
        };
        let is_text = plain.chars().all(|letter| !letter.is_control() || letter.is_whitespace());
        is_text && ((was_basic && plain.contains(':')) || judge(&plain, depth + 1))
    })
}
