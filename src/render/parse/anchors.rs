//! The anchors of headings.
//!
//! In: the text of a heading. Out: an anchor, each once in a document.

pub use crate::report::slug;
use std::collections::BTreeMap;

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
