//! A long list of resources in JSON, decoded piece by piece.
//!
//! In: the text of an inventory. Out: its resources in their order with where each begins, and the map's other fields; nothing
//! where anything is wrong. A piece is decoded by itself, by as many threads as there are, and begins at what looks like an item:
//! as the second of the list begins, behind what stands between that and the first. Whether it was one is known once all before
//! it is decoded. What does not end where the next piece begins goes on from there, and that piece counts for nothing.

use super::fields::{self, Written};
use super::{LIST, count, one, resource};
use crate::inventory::file::ResourceFile;
use crate::inventory::shared::Shared;
use crate::text::scan::{self, Next};
use crate::{limits, threads};
use memchr::memmem::Finder;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes a piece has at least, but for the last.
const PIECE: usize = 256 * 1024;

/// How many bytes of an item are looked at for its first key.
const KEY: usize = 256;

/// An inventory, its list apart.
pub(super) struct Listed<'t> {
    /// The other fields, by key.
    pub(super) around: Vec<(&'t str, &'t str)>,
    /// Where the list lies.
    pub(super) list: Range<usize>,
    /// Where each of its items begins.
    pub(super) begins: Vec<usize>,
    /// What they say.
    pub(super) resources: Vec<Arc<ResourceFile>>,
}

/// Some items of the list, one behind another.
struct Piece {
    begins: Vec<usize>,
    resources: Vec<Arc<ResourceFile>>,
    /// How many values they have.
    values: usize,
    /// What follows them.
    next: Next,
}

/// What a thread decoded so far.
type Known<'t> = (Shared, Written<'t>);

/// Decodes a map with its list; `progress` is told how many bytes were read.
pub(super) fn read<'t>(text: &'t str, progress: &(dyn Fn(usize) + Sync)) -> Option<Listed<'t>> {
    let mut around: Vec<(&str, &str)> = Vec::new();
    let mut each = |name: &'t str, value: &'t str| {
        let is_first = name != LIST && around.iter().all(|(known, _)| *known != name);
        around.push((name, value));
        is_first
    };
    let begin = scan::fields_before(text, LIST, &mut each)?;
    let mut pieces = match scan::first_item(text, begin)? {
        Next::Item(first) => Pieces::of(text, first, progress),
        end @ Next::End(_) => Pieces {
            text,
            found: BTreeMap::new(),
            next: end,
        },
    };
    let (mut begins, mut resources, mut values) = (Vec::new(), Vec::new(), 0);
    while let Some(piece) = pieces.next() {
        let mut piece = piece?;
        begins.append(&mut piece.begins);
        resources.append(&mut piece.resources);
        values += piece.values;
    }
    let Next::End(end) = pieces.next else { return None };
    scan::fields_behind(text, end, &mut each)?;
    (values <= limits::VALUES).then_some(Listed {
        around,
        list: begin..end,
        begins,
        resources,
    })
}

/// Pieces of a list, by where they were begun.
struct Pieces<'t> {
    text: &'t str,
    /// None of what cannot be decoded from there on.
    found: BTreeMap<usize, Option<Piece>>,
    next: Next,
}

impl<'t> Pieces<'t> {
    /// Those of a list whose first item begins there.
    fn of(text: &'t str, first: usize, progress: &(dyn Fn(usize) + Sync)) -> Self {
        let begins = begins(text, first);
        let ends = begins.iter().skip(1).copied().chain([text.len()]);
        let ranges = begins.iter().copied().zip(ends).map(|(begin, end)| begin..end).collect();
        let found = threads::each_with(ranges, Known::default, |known, range: Range<usize>| {
            let piece = piece(text, range.clone(), known);
            progress(range.len());
            piece
        });
        Self {
            text,
            found: begins.into_iter().zip(found).collect(),
            next: Next::Item(first),
        }
    }

    /// The next piece of the list: none behind its end, and none in place of one where anything is wrong.
    fn next(&mut self) -> Option<Option<Piece>> {
        let Next::Item(at) = self.next else { return None };
        let piece = self.found.remove(&at).unwrap_or_else(|| {
            let end = self.found.range(at..).next().map_or(self.text.len(), |(begin, _)| *begin);
            piece(self.text, at..end, &mut Known::default())
        });
        if let Some(piece) = &piece {
            self.next = piece.next;
        }
        Some(piece)
    }
}

/// Where pieces are begun: at the first item, and from there on every so many bytes at what looks like another.
fn begins(text: &str, first: usize) -> Vec<usize> {
    let mut begins = vec![first];
    let Some((between, length)) = between(text, first) else {
        return begins;
    };
    let finder = Finder::new(between);
    let mut from = first + PIECE;
    while let Some(found) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
        let begin = from + found + length;
        begins.push(begin);
        from = begin + PIECE;
    }
    begins
}

/// What stands between the first item and the first key of the second, with the last byte of the one and that key; and how far
/// behind its beginning the second begins.
fn between(text: &str, first: usize) -> Option<(&[u8], usize)> {
    let from = first + scan::value_at(text, first)?.len() - 1;
    let Next::Item(second) = scan::next_item(text, from + 1)? else {
        return None;
    };
    let beginning = text.as_bytes().get(second..)?.iter().take(KEY);
    let (key, _) = beginning.enumerate().filter(|(_, byte)| **byte == b'"').nth(1)?;
    Some((text.as_bytes().get(from..=second + key)?, second - from))
}

/// The items that begin within a range, the first of them at its beginning: one at least, or it is nothing.
fn piece<'t>(text: &'t str, range: Range<usize>, known: &mut Known<'t>) -> Option<Piece> {
    let mut piece = Piece {
        begins: Vec::new(),
        resources: Vec::new(),
        values: 0,
        next: Next::Item(range.start),
    };
    let mut at = range.start;
    loop {
        piece.next = scan::next_item(text, piece.add(text, at, known)?)?;
        match piece.next {
            Next::Item(next) if next < range.end => at = next,
            Next::Item(_) | Next::End(_) => return Some(piece),
        }
    }
}

impl Piece {
    /// Adds the item that begins there; where it ends.
    fn add<'t>(&mut self, text: &'t str, at: usize, (shared, written): &mut Known<'t>) -> Option<usize> {
        self.begins.push(at);
        if let Some((resource, values, end)) = fields::resource(text, at, written, shared) {
            self.resources.push(Arc::new(resource));
            self.values += values;
            return Some(end);
        }
        let item = scan::value_at(text, at)?;
        let value = one(item)?;
        self.values += count(&value);
        self.resources.push(resource(value, shared)?);
        Some(at + item.len())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A list within an item has what looks like one, where a piece is begun.
    #[test]
    fn what_only_looks_like_an_item_is_none() {
        let inner = vec![r#"{"service":"s3"}"#; 100].join(",");
        let odd = format!(r#"{{"service":"ec2","config":{{"list":[{inner}],"text":"\"}},{{"}}}}"#);
        let plain = r#"{"service":"rds","name":"n"},"#;
        let many = plain.repeat(PIECE / plain.len() - 5);
        for odd in [odd.clone(), vec![odd; 1_000].join(",")] {
            let items = format!("{many}{odd},{}{many}{odd}", plain.repeat(20));
            let text = format!(r#"{{"inventory":1,"resources":[{items}],"title":"t"}}"#);
            let listed = read(&text, &|_| ()).unwrap();
            let begun = begins(&text, listed.begins[0]);
            assert!(begun.len() > 2 && begun.iter().any(|begin| !listed.begins.contains(begin)));
            let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
            let whole: Vec<ResourceFile> = serde_json::from_value(whole["resources"].clone()).unwrap();
            let found: Vec<String> = listed.resources.iter().map(|one| format!("{one:?}")).collect();
            assert_eq!(found, whole.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>());
            assert_eq!(listed.around, [("inventory", "1"), ("title", "\"t\"")]);
            assert!(listed.begins.iter().all(|begin| text[*begin..].starts_with("{\"service\":\"")));
            assert_eq!(&text[listed.list], format!("[{items}]"));
        }
    }

    #[test]
    fn what_is_no_map_with_one_list_is_nothing() {
        for text in [
            "[]",
            r#"{"a": 1}"#,
            r#"{"resources": {}}"#,
            r#"{"resources": [1]}"#,
            r#"{"resources": [{}], "resources": []}"#,
            r#"{"resources": {}, "resources": []}"#,
            r#"{"a": 1, "resources": [], "a": 2}"#,
            r#"{"a": 1, "a": 2, "resources": []}"#,
            r#"{"resources": [] "a": 2}"#,
            r#"{"resources": [], }"#,
            r#"{"resources": [{}] ]"#,
            r#"{"resources": []} {}"#,
            r#"{"resources": [{} {}]}"#,
            r#"{"resources": [{},]}"#,
            r#"{"resources": ["#,
            r#"{"resources": [{}, "#,
        ] {
            assert!(read(text, &|_| ()).is_none(), "{text}");
        }
        let listed = read(r#" {"a": 1, "resources": [ ] } "#, &|_| ()).unwrap();
        assert_eq!((listed.around, listed.list), (vec![("a", "1")], 23..26));
    }
}
