//! Positions of routes in a JSON text.
//!
//! In: a text that is JSON. Out: the positions of the routes that somebody asks for, in one pass and without recursion. Where it is
//! known where the items of a long list begin, only those are walked of which something is asked; of the others lines are counted.

use super::{Located, Wanted};
use crate::diagnostics::listed::Items;
use crate::diagnostics::place::{Position, Route, Step};
use std::collections::BTreeMap;

/// A list or a map that is open.
struct Open<'w> {
    /// What is wanted below it, and the way to it.
    wanted: Option<(&'w Wanted, Route)>,
    is_map: bool,
    /// The number of the item that comes next.
    index: usize,
    /// The way to the value that comes next and what is wanted of it, once its key was read.
    next: Option<(&'w Wanted, Route)>,
    /// Whether a key comes next, and not its value.
    expects_key: bool,
    /// The list of which it is known where items begin.
    items: Option<&'w Items>,
}

impl Open<'_> {
    /// Goes on to the next item of which something is asked, or to the end, where it is known where these are.
    fn pass_over(&mut self, letters: &mut Letters<'_>) {
        let Some(items) = self.items else { return };
        let next = self.wanted.as_ref().and_then(|(wanted, _)| {
            let (step, _) = wanted.children.range(Step::Index(self.index)..).next()?;
            match step {
                Step::Index(index) => Some((*index, *items.begins.get(*index)?)),
                Step::Key(_) => None,
            }
        });
        match next {
            Some((index, begin)) => {
                self.index = index;
                letters.go_to(begin);
            }
            None => letters.go_to(items.list.end.saturating_sub(1)),
        }
    }
}

/// Finds the wanted routes.
pub(super) fn locate(text: &str, root: &Wanted, items: Option<&Items>) -> BTreeMap<Route, Located> {
    let mut found: BTreeMap<Route, Located> = BTreeMap::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut letters = Letters::of(text);
    while let Some((at, letter)) = letters.next() {
        match letter {
            ']' | '}' => {
                open.pop();
            }
            ',' => {
                if let Some(inner) = open.last_mut() {
                    inner.expects_key = inner.is_map;
                    inner.index += 1;
                    inner.pass_over(&mut letters);
                }
            }
            ':' => {}
            letter if letter.is_whitespace() => {}
            '"' if open.last().is_some_and(|inner| inner.expects_key) => {
                let Some(inner) = open.last_mut() else { continue };
                inner.expects_key = false;
                inner.next = None;
                // Keys are decoded, and places told, only where one of them is asked for.
                let Some((wanted, route)) = &inner.wanted else {
                    letters.string();
                    continue;
                };
                let here = letters.here();
                let end = letters.string();
                let Some(key) = text.get(at..end).and_then(|key| serde_json::from_str::<String>(key).ok()) else {
                    continue;
                };
                if let Some((step, wanted)) = wanted.children.get_key_value(&Step::from(key.as_str())) {
                    let route = route.then(step.clone());
                    note(&mut found, &route, Some(here), None);
                    inner.next = Some((wanted, route));
                }
            }
            _ => {
                let value = match open.last_mut() {
                    None => Some((root, Route::default())),
                    Some(inner) if inner.is_map => inner.next.take(),
                    Some(inner) => inner.wanted.as_ref().and_then(|(wanted, route)| {
                        let (step, wanted) = wanted.children.get_key_value(&Step::Index(inner.index))?;
                        let route = route.then(step.clone());
                        note(&mut found, &route, Some(letters.here()), None);
                        Some((wanted, route))
                    }),
                };
                if let Some((_, route)) = &value {
                    note(&mut found, route, None, Some(letters.here()));
                }
                // An item of which nothing within is asked need not be walked.
                if let Some(list) = open.last_mut().filter(|inner| inner.items.is_some())
                    && value.as_ref().is_none_or(|(wanted, _)| wanted.children.is_empty())
                {
                    list.index += 1;
                    list.pass_over(&mut letters);
                    continue;
                }
                match letter {
                    '[' | '{' => {
                        let mut inner = Open {
                            wanted: value,
                            is_map: letter == '{',
                            index: 0,
                            next: None,
                            expects_key: letter == '{',
                            items: items.filter(|items| items.list.start == at),
                        };
                        inner.pass_over(&mut letters);
                        open.push(inner);
                    }
                    '"' => {
                        letters.string();
                    }
                    _ => letters.word(),
                }
            }
        }
    }
    found
}

fn note(found: &mut BTreeMap<Route, Located>, route: &Route, key: Option<Position>, value: Option<Position>) {
    if !route.0.is_empty() {
        let entry = found.entry(route.clone()).or_default();
        entry.key = entry.key.or(key);
        entry.value = entry.value.or(value);
    }
}

/// The letters of a text, and where the last one stands. Columns are counted where somebody asks, from where the last was.
struct Letters<'t> {
    text: &'t str,
    /// Where the next one begins.
    next: usize,
    line: usize,
    /// Up to where the letters of the line are counted, and how many these are.
    counted: (usize, usize),
}

impl<'t> Letters<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            next: 0,
            line: 1,
            counted: (0, 0),
        }
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let at = self.next;
        let letter = self.text.get(at..)?.chars().next()?;
        self.next += letter.len_utf8();
        if letter == '\n' {
            self.end_line(self.next);
        }
        Some((at, letter))
    }

    /// Passes over all up to there, and counts its lines.
    fn go_to(&mut self, at: usize) {
        let passed = self.text.as_bytes().get(self.next..at).unwrap_or_default();
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.line += memchr::memchr_iter(b'\n', passed).count();
            self.counted = (self.next + last + 1, 0);
        }
        self.next = self.next.max(at);
    }

    /// A new line begins there.
    fn end_line(&mut self, at: usize) {
        self.line += 1;
        self.counted = (at, 0);
    }

    fn here(&mut self) -> Position {
        let (from, before) = self.counted;
        let column = before + self.text.get(from..self.next).map_or(0, |letters| letters.chars().count());
        self.counted = (self.next, column);
        Position {
            line: self.line,
            column: column.max(1),
        }
    }

    /// Passes over a text whose opening quote was read; where it ends.
    fn string(&mut self) -> usize {
        loop {
            let rest = self.text.as_bytes().get(self.next..).unwrap_or_default();
            let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', rest) else {
                self.next = self.text.len();
                return self.next;
            };
            self.next += length;
            match self.next() {
                Some((at, '"')) => return at + 1,
                Some((_, '\\')) => {
                    self.next();
                }
                _ => {}
            }
        }
    }

    /// Passes over a number or a word.
    fn word(&mut self) {
        let rest = self.text.as_bytes().get(self.next..).unwrap_or_default();
        let is_of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        self.next += rest.iter().take_while(is_of_word).count();
    }
}
