//! The texts of results, each held once, and none of them with a secret.
//!
//! In: texts as scanners wrote them. Out: the same as shared texts; a mark in the place of a name that may hold a secret, and
//! nothing in the place of a sentence that may.

use crate::diagnostics::characters::prints_as_nothing;
use crate::source::secrets;
use std::collections::HashMap;
use std::sync::Arc;

/// How long a sentence may be, in letters.
const SENTENCE: usize = 300;

/// How long a name may be, in bytes; what is longer is none.
const NAME: usize = 4096;

/// Shared texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    /// What became of each name.
    names: HashMap<Box<str>, Option<Arc<str>>>,
    /// What became of each title.
    sentences: HashMap<Box<str>, Option<Arc<str>>>,
}

impl Texts {
    /// A name, an id, an ARN; a mark in its place where it may hold a secret, since what is not told is there all the same.
    pub(super) fn name(&mut self, text: &str) -> Option<Arc<str>> {
        let text = text.trim();
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name = if text.len() > NAME || secrets::hold_secret(text) {
            Some(secrets::NOT_TOLD.into())
        } else {
            Some(text).filter(|text| !prints_as_nothing(text)).map(Arc::from)
        };
        // What is so long is not worth being known again.
        if text.len() <= NAME {
            self.names.insert(text.into(), name.clone());
        }
        name
    }

    /// A sentence that many results share, such as what a check is called.
    pub(super) fn title(&mut self, text: &str) -> Option<Arc<str>> {
        if text.len() > NAME {
            return sentence(text);
        }
        if let Some(known) = self.sentences.get(text) {
            return known.clone();
        }
        let told = sentence(text);
        self.sentences.insert(text.into(), told.clone());
        told
    }
}

/// The first sentence of a text, if there is no secret in the whole of it.
pub(super) fn sentence(text: &str) -> Option<Arc<str>> {
    let text = text.trim();
    if prints_as_nothing(text) || secrets::hold_secret(text) {
        return None;
    }
    let end = first_sentence(text);
    let words: Vec<&str> = end.split_whitespace().collect();
    let line = words.join(" ");
    let letters: Vec<(usize, char)> = line.char_indices().take(SENTENCE + 1).collect();
    if letters.len() <= SENTENCE {
        return Some(line.into());
    }
    let most = letters.get(SENTENCE - 1).map_or(0, |(at, _)| *at);
    let cut = line.get(..most).unwrap_or_default();
    let cut = cut.rsplit_once(' ').map_or(cut, |(before, _)| before);
    Some(format!("{cut}…").into())
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
