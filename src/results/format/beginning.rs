//! The beginning of a file, by which its form is told.
//!
//! In: bytes, perhaps cut off or broken further on. Out: the keys near the top of its JSON, the columns of its table, and
//! whether words stand in it.

use crate::source::keys::Keys;
use crate::source::text::unicode_beginning;

/// How far columns and words are looked for.
const WINDOW: usize = 64 * 1024;

/// The beginning of a file.
#[derive(Debug)]
pub struct Beginning {
    keys: Keys,
    text: String,
}

impl Beginning {
    /// That of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            keys: Keys::of(bytes),
            text: unicode_beginning(&bytes[..bytes.len().min(WINDOW)]).into_owned(),
        }
    }

    /// Whether its JSON has a key at this path, `[]` being the first item of a list: `Findings[].Id`.
    pub(super) fn has(&self, path: &str) -> bool {
        self.keys.0.iter().any(|known| known == path)
    }

    /// Whether a path of its JSON ends so; the keys of an item in a list or in an answer, too.
    pub(super) fn has_within(&self, end: &str) -> bool {
        self.keys.0.iter().any(|known| {
            let before = known.strip_suffix(end);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }

    /// Whether a path of its JSON goes through one of these keys.
    pub(super) fn goes_through(&self, keys: &[&str]) -> bool {
        let mut steps = self.keys.0.iter().flat_map(|path| path.split('.'));
        steps.any(|step| keys.contains(&step.trim_end_matches("[]").trim_start_matches("[]")))
    }

    /// Whether there is such a list and nothing in it.
    pub(super) fn has_empty(&self, list: &str) -> bool {
        let begin = format!("{list}[]");
        self.has(list) && !self.keys.0.iter().any(|known| known.starts_with(&begin))
    }

    /// Whether a word stands near its beginning.
    pub(super) fn says(&self, word: &str) -> bool {
        self.text.contains(word)
    }

    /// Its first line with words on it.
    pub(super) fn first_line(&self) -> &str {
        self.text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .lines()
            .next()
            .unwrap_or_default()
    }
}
