//! A long list in YAML cut into batches of its items, so that no tree of all of it is ever held.
//!
//! In: a text, and the key at its top under which the list stands. Out: the text without the list, and the list in batches that
//! can be decoded by themselves, in any order. Only what is plainly laid out is cut: a block list that stands under its key, with nothing in the text that one part of it takes from another (anchors, further documents). All else is nothing
//! here, and is decoded as a whole. Where a line only looks like an item, since it stands in a text or in brackets, the batch
//! before it ends within these and cannot be decoded; so whoever decodes all batches has cut at items only.

/// How many bytes a batch has at least, but for the last.
const BATCH: usize = 128 * 1024;

/// A text, cut.
#[derive(Debug)]
pub(crate) struct Cut<'t> {
    /// What stands before and behind the list.
    pub(crate) around: [&'t str; 2],
    /// The list.
    pub(crate) batches: Vec<Batch<'t>>,
}

/// Some items of the list.
#[derive(Debug)]
pub(crate) struct Batch<'t> {
    /// Their lines.
    pub(crate) items: &'t str,
    /// How many of the list stand before them.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// How many lines stand before them.
    pub(crate) lines: usize,
}

/// Cuts a map in YAML.
pub(crate) fn yaml<'t>(text: &'t str, key: &str) -> Option<Cut<'t>> {
    if may_refer(text) {
        return None;
    }
    let mut lines = Lines { text, at: 0, number: 0 };
    let (mut before, mut behind) = (None, None);
    let mut indent = None;
    let mut cutting = Cutting::default();
    while let Some((at, line)) = lines.next() {
        if line.starts_with("---") && (before.is_some() || at > 0) || line.starts_with("...") || line.starts_with('%') {
            return None;
        }
        if before.is_none() {
            let rest = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(':'));
            if rest.is_some_and(|rest| is_nothing(rest) && !rest.starts_with('#')) {
                before = Some(at);
            }
            continue;
        }
        if is_nothing(line) {
            continue;
        }
        let column = line.len() - line.trim_start_matches(' ').len();
        let is_item = matches!(line.as_bytes().get(column..column + 2), Some(b"- " | b"-\n" | b"-\r")) || line.get(column..) == Some("-");
        match indent {
            None if is_item => {
                indent = Some(column);
                cutting.item(at, lines.number - 1);
            }
            None => return None,
            Some(indent) if column == indent && is_item => cutting.item(at, lines.number - 1),
            Some(indent) if column > indent => {}
            // The list ends; what follows is a key of the map again.
            Some(_) if column == 0 => {
                behind = Some(at);
                break;
            }
            Some(_) => return None,
        }
    }
    let (before, end) = (before?, behind.unwrap_or(text.len()));
    let tail = text.get(end..)?;
    let has_further = |line: &str| line.starts_with("---") || line.starts_with("...") || line.starts_with('%');
    if indent.is_none() || tail.lines().any(has_further) {
        return None;
    }
    Some(Cut {
        around: [text.get(..before)?, tail],
        batches: cutting.end(end, text)?,
    })
}

/// Whether anything in a text may take something from elsewhere in it, or its lines end in another way than cutting knows.
fn may_refer(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_name = |at: usize| {
        bytes
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'_' | b'-'))
    };
    let begins = |at: usize| at == 0 || bytes.get(at - 1).is_some_and(|before| b" \n[{,\t".contains(before));
    let has_anchor = memchr::memchr_iter(b'&', bytes).any(|at| begins(at) && is_name(at));
    let is_other_end = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    let other_ends = [&b"\xc2\x85"[..], b"\xe2\x80\xa8", b"\xe2\x80\xa9"];
    has_anchor
        || memchr::memchr_iter(b'\r', bytes).any(is_other_end)
        || other_ends.iter().any(|end| memchr::memmem::find(bytes, end).is_some())
}

/// Whether a line, or the rest of one, has nothing but blanks and a comment.
fn is_nothing(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '\t']);
    rest.trim_end_matches(['\n', '\r']).is_empty() || rest.starts_with('#')
}

/// The lines of a text with where they begin.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let begin = self.at;
        self.at += length;
        self.number += 1;
        Some((begin, rest.get(..length)?))
    }
}

/// Batches in the making: where each begins, the line, and how many items stand before it.
#[derive(Default)]
struct Cutting {
    begins: Vec<(usize, usize, usize)>,
    items: usize,
}

impl Cutting {
    fn item(&mut self, at: usize, line: usize) {
        let is_full = self.begins.last().is_none_or(|(begin, _, _)| at - begin >= BATCH);
        if is_full {
            self.begins.push((at, line, self.items));
        }
        self.items += 1;
    }

    fn end(self, end: usize, text: &str) -> Option<Vec<Batch<'_>>> {
        let ends = self
            .begins
            .iter()
            .skip(1)
            .map(|(at, _, first)| (*at, *first))
            .chain([(end, self.items)]);
        let batch = |((at, lines, first), (end, next)): (&(usize, usize, usize), (usize, usize))| {
            Some(Batch {
                items: text.get(*at..end)?,
                first: *first,
                count: next - first,
                lines: *lines,
            })
        };
        self.begins.iter().zip(ends).map(batch).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn lists_are_cut_at_their_items() {
        let text = "inventory: 1\nresources: # all\n\n# first\n- a: 1\n  b: |\n    - c\n-\n  d: 2\n# end\nparties: {}\n";
        let cut = yaml(text, "resources").unwrap();
        assert_eq!(cut.around[0], "inventory: 1\n");
        assert_eq!(cut.around[1], "parties: {}\n");
        assert_eq!((cut.batches.len(), cut.batches[0].count, cut.batches[0].lines), (1, 2, 4));
        let items: Value = serde_yaml::from_str(cut.batches[0].items).unwrap();
        assert_eq!(items, json!([{"a": 1, "b": "- c\n"}, {"d": 2}]));
    }

    #[test]
    fn what_is_not_plainly_laid_out_is_left_whole() {
        for text in [
            "a: 1\n",
            "resources: []\n",
            "resources: |\n  - a\n",
            "resources:\n  a: 1\n",
            "resources:\n- &x {a: 1}\n- *x\n",
            "resources:\n- a\n---\nresources:\n- b\n",
            "resources:\n  - a\n b: 1\n",
            "resources:\n- a\rb: 1\n",
        ] {
            assert!(yaml(text, "resources").is_none(), "{text}");
        }
    }
}
