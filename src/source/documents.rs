//! Several documents in one text: one a line, one behind the other, in a list, or behind what a log puts before each.
//!
//! In: a text. Out: where each document stands, and whose output it is where the log says so. That a document is broken is left
//! to whoever reads it: it ends with its line then, so that the others are found all the same.

use crate::limits;
use serde::de::IgnoredAny;
use serde_json::Deserializer;
use std::ops::Range;

/// How long what a log puts before a document may be.
const PREFIX: usize = 2048;

/// One document of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where in the text it stands.
    pub(crate) range: Range<usize>,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// How many letters stand before it on that line.
    column: usize,
    /// Whose output it is: `app1` of `09:41:07.113 STDOUT [app1] tofu: {`.
    pub(crate) unit: Option<String>,
    /// Whether it is JSON as a whole.
    pub(crate) is_whole: bool,
}

impl Part {
    /// The document alone, at the same line and column.
    pub(crate) fn padded(&self, text: &str) -> Vec<u8> {
        let own = text.get(self.range.clone()).unwrap_or_default();
        let mut bytes = vec![b'\n'; self.line - 1];
        bytes.resize(self.line - 1 + self.column, b' ');
        bytes.extend_from_slice(own.as_bytes());
        bytes
    }
}

/// The unit that a log names before a document on the same line, and where the document begins: of `[app1] {"a":1}` or
/// `09:41:07.113 STDOUT [app1] tofu: {"a":1}`.
pub(crate) fn prefixed(line: &str) -> Option<(&str, usize)> {
    let at = memchr::memchr(b'{', &line.as_bytes()[..line.len().min(PREFIX)])?;
    let before = &line[..at];
    let is_document = line[at + 1..].trim_start().is_empty() || line[at + 1..].trim_start().starts_with(['"', '}']);
    if !is_document || !before.ends_with(' ') || before.contains(['"', ',']) {
        return None;
    }
    let before = before.trim_end();
    let named = match before.rsplit_once(' ') {
        Some((named, program)) if program.len() > 1 && program.ends_with(':') => named.trim_end(),
        _ => before,
    };
    let inner = named.strip_suffix(']')?;
    let unit = inner[inner.rfind('[')? + 1..].trim();
    (!unit.is_empty()).then_some((unit, at))
}

/// Whether more than one document may stand in a text; cheap, and perhaps wrong.
pub(crate) fn may_be_several(text: &str) -> bool {
    let begin = text.trim_start();
    let first = begin.lines().next().unwrap_or_default();
    let again = |needle: &str| memchr::memmem::find(begin.as_bytes(), needle.as_bytes()).is_some();
    prefixed(first).is_some()
        || begin.starts_with('[')
        || again("\n{")
        || again("}{")
        || ["] {\"", "tofu: {\"", "terraform: {\""].into_iter().any(again)
}

/// The documents of a text, in their order; those of a list where that is all.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let blank = text.len() - text.trim_start().len();
    if text[blank..].starts_with('[') && prefixed(text[blank..].lines().next().unwrap_or_default()).is_none() {
        return listed(text, blank + 1);
    }
    let mut parts = Vec::new();
    let mut at = Place::default();
    while at.byte < text.len() && parts.len() < limits::DOCUMENTS {
        let line = text[at.byte..].lines().next().unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let (unit, begin) = match prefixed(line) {
            _ if line.trim_start().starts_with('{') => (None, indent),
            Some((unit, begin)) => (Some(unit.to_owned()), begin),
            None => {
                at.skip_line(text);
                continue;
            }
        };
        at.advance(text, at.byte + begin);
        let part = document(text, at, unit);
        at.advance(text, part.range.end);
        if !part.is_whole {
            at.skip_line(text);
        }
        parts.push(part);
    }
    parts
}

/// A place in a text.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    byte: usize,
    lines: usize,
    column: usize,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize) {
        let passed = &text[self.byte..to];
        match passed.rsplit_once('\n') {
            Some((_, last)) => {
                self.lines += passed.bytes().filter(|byte| *byte == b'\n').count();
                self.column = last.chars().count();
            }
            None => self.column += passed.chars().count(),
        }
        self.byte = to;
    }

    fn skip_line(&mut self, text: &str) {
        let end = text[self.byte..].find('\n').map_or(text.len(), |end| self.byte + end + 1);
        self.advance(text, end);
    }
}

/// The document that begins at a place; a broken one ends with its line.
fn document(text: &str, at: Place, unit: Option<String>) -> Part {
    let rest = &text[at.byte..];
    let mut values = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let is_whole = matches!(values.next(), Some(Ok(_)));
    let length = if is_whole {
        values.byte_offset()
    } else {
        rest.find('\n').unwrap_or(rest.len())
    };
    Part {
        range: at.byte..at.byte + length,
        line: at.lines + 1,
        column: at.column,
        unit,
        is_whole,
    }
}

/// The documents of a list that begins before a place; none where anything else is in it.
fn listed(text: &str, begin: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = Place::default();
    at.advance(text, begin);
    while parts.len() < limits::DOCUMENTS {
        let rest = &text[at.byte..];
        at.advance(text, at.byte + rest.len() - rest.trim_start().len());
        if !text[at.byte..].starts_with('{') {
            return Vec::new();
        }
        let part = document(text, at, None);
        if !part.is_whole {
            return Vec::new();
        }
        at.advance(text, part.range.end);
        parts.push(part);
        let rest = &text[at.byte..];
        let behind = rest.trim_start();
        if behind.starts_with(']') {
            break;
        }
        if !behind.starts_with(',') {
            return Vec::new();
        }
        at.advance(text, at.byte + rest.len() - behind.len() + 1);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Option<String>, usize, &str, bool)> {
        parts(text)
            .into_iter()
            .map(|part| (part.unit, part.line, &text[part.range], part.is_whole))
            .collect()
    }

    #[test]
    fn documents_are_found_however_they_are_written() {
        let unit = |name: &str| Some(name.to_owned());
        for (text, expected) in [
            (
                "{\"a\":1}\n{\"b\":2}\n",
                vec![(None, 1, "{\"a\":1}", true), (None, 2, "{\"b\":2}", true)],
            ),
            (
                "{\"a\":1}{\"b\":2}",
                vec![(None, 1, "{\"a\":1}", true), (None, 1, "{\"b\":2}", true)],
            ),
            (
                "{\n\"a\":1\n}\n{\n}\n",
                vec![(None, 1, "{\n\"a\":1\n}", true), (None, 4, "{\n}", true)],
            ),
            (
                "[app1] {\"a\":1}\n09:41:07.113 STDOUT [live/app2] tofu: {\"b\":2}\n",
                vec![(unit("app1"), 1, "{\"a\":1}", true), (unit("live/app2"), 2, "{\"b\":2}", true)],
            ),
            (
                "09:41 INFO [app1] {x} is planned\n{\"a\":[1,\n{\"b\":2}\n",
                vec![(None, 2, "{\"a\":[1,", false), (None, 3, "{\"b\":2}", true)],
            ),
            (
                "[{\"a\":1},\n {\"b\":2}]",
                vec![(None, 1, "{\"a\":1}", true), (None, 2, "{\"b\":2}", true)],
            ),
            ("[1, {\"b\":2}]", vec![]),
            ("no document", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_document_stays_where_it_stood() {
        let text = "\n[ä] {\"a\":1}{\"b\":\n2}";
        let all = parts(text);
        let padded: Vec<String> = all
            .iter()
            .map(|part| String::from_utf8_lossy(&part.padded(text)).into_owned())
            .collect();
        assert_eq!(padded, ["\n    {\"a\":1}", "\n           {\"b\":\n2}"]);
    }
}
