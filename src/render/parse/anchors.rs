//! The anchors of headings.
//!
//! In: the text of a heading. Out: an anchor, each once in a document.

use std::collections::BTreeMap;

/// The anchor of a heading as forges make it: lower case, letters, digits, hyphens and underscores kept, a space
/// turned into a hyphen, anything else dropped. Repetitions within a document get `-1`, `-2`, ... on top.
/// A text without any such character gives `section`, because an empty anchor leads nowhere.
#[must_use]
pub fn slug(text: &str) -> String {
    let slug: String = text
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        })
        .collect();
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// Anchors given out so far: each with the number of times it was asked for.
#[derive(Default)]
pub(super) struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    /// Whether it was given out.
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.0.contains_key(anchor)
    }

    /// An anchor that was not given out before.
    pub(super) fn next(&mut self, text: &str) -> String {
        let wanted = slug(text);
        let mut count = self.0.get(&wanted).copied().unwrap_or(0);
        let mut anchor = wanted.clone();
        while self.0.contains_key(&anchor) {
            count += 1;
            anchor = format!("{wanted}-{count}");
        }
        self.0.insert(wanted, count);
        self.0.entry(anchor.clone()).or_insert(0);
        anchor
    }
}
