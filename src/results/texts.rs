//! The texts of results, each held once, and none of them with a secret.
//!
//! In: texts as scanners wrote them. Out: the same as shared texts; a mark in the place of a name that may hold a secret, and
//! nothing in the place of a sentence that may.

use crate::diagnostics::characters::prints_as_nothing;
use crate::source::secrets;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

/// How long a sentence may be, in letters.
const SENTENCE: usize = 300;

/// How long a name may be, in bytes; what is longer is none.
const NAME: usize = 4096;

/// Shared texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    names: HashSet<Arc<str>>,
    /// Titles by what they were cut out of.
    titles: HashMap<Box<str>, Arc<str>>,
    /// The hashes of texts that may hold a secret, so that they are not kept to be known again.
    secret: HashSet<u64>,
}

impl Texts {
    /// A name, an id, an ARN; a mark in its place where it may hold a secret, since what is not told is there all the same.
    pub(super) fn name(&mut self, text: &str) -> Option<Arc<str>> {
        let text = text.trim();
        if let Some(known) = self.names.get(text) {
            return Some(known.clone());
        }
        if text.is_empty() || prints_as_nothing(text) {
            return None;
        }
        if text.len() > NAME || self.is_secret(text) {
            return Some(secrets::NOT_TOLD.into());
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        Some(name)
    }

    /// A sentence that many results share, such as what a check is called.
    pub(super) fn title(&mut self, text: &str) -> Option<Arc<str>> {
        if let Some(known) = self.titles.get(text) {
            return Some(known.clone());
        }
        if prints_as_nothing(text) || self.is_secret(text) {
            return None;
        }
        let title: Arc<str> = cut(text);
        if text.len() <= NAME {
            self.titles.insert(text.into(), title.clone());
        }
        Some(title)
    }

    fn is_secret(&mut self, text: &str) -> bool {
        if secrets::is_plain(text) {
            return false;
        }
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
        if self.secret.contains(&hash) {
            return true;
        }
        let is_secret = secrets::hold_secret(text);
        if is_secret {
            self.secret.insert(hash);
        }
        is_secret
    }
}

/// The first sentence of a text, if there is no secret in the whole of it.
pub(super) fn sentence(text: &str) -> Option<Arc<str>> {
    let text = text.trim();
    if prints_as_nothing(text) || secrets::hold_secret(text) {
        return None;
    }
    Some(cut(text))
}

/// The first sentence of a text on one line, as far as it may be long.
fn cut(text: &str) -> Arc<str> {
    let end = first_sentence(text.trim());
    let words: Vec<&str> = end.split_whitespace().collect();
    let line = words.join(" ");
    let letters: Vec<(usize, char)> = line.char_indices().take(SENTENCE + 1).collect();
    if letters.len() <= SENTENCE {
        return line.into();
    }
    let most = letters.get(SENTENCE - 1).map_or(0, |(at, _)| *at);
    let cut = line.get(..most).unwrap_or_default();
    let cut = cut.rsplit_once(' ').map_or(cut, |(before, _)| before);
    format!("{cut}…").into()
}

/// A text up to where its first sentence ends.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?', '\n']).find(|(at, sign)| {
        let behind = &text[at + sign.len()..];
        *sign == "\n" || behind.starts_with(char::is_whitespace) && behind.trim_start().starts_with(|letter: char| !letter.is_lowercase())
    });
    ends.map_or(text, |(at, _)| text[..=at].trim_end())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_is_told() {
        for (text, told) in [
            ("Bucket a.b is public. Close it.", "Bucket a.b is public."),
            ("IAM user has no MFA", "IAM user has no MFA"),
            ("version 1.2 e.g. this is old", "version 1.2 e.g. this is old"),
            ("one\nline", "one"),
        ] {
            assert_eq!(sentence(text).as_deref(), Some(told));
        }
        let long = sentence(&"würde ".repeat(100)).unwrap();
        assert!(long.chars().count() <= SENTENCE && long.ends_with("würde…"), "{long}");
        assert_eq!(sentence(&"ä".repeat(1000)).unwrap().chars().count(), SENTENCE);
        assert_eq!(sentence("  \u{200b} "), None);
    }

    #[test]
    fn a_secret_behind_the_first_sentence_drops_all() {
        assert_eq!(sentence("It is set. password=hunter2hunter2"), None);
        let mut texts = Texts::default();
        assert_eq!(texts.name("password=hunter2hunter2").as_deref(), Some(secrets::NOT_TOLD));
        assert_eq!(texts.name("orders").as_deref(), Some("orders"));
        assert_eq!(texts.name(" "), None);
    }
}
