//! Positions of routes in a JSON text.
//!
//! In: a text that is JSON. Out: the positions of the routes that somebody asks for, in one pass and without recursion.

use super::{Located, Wanted};
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
}

/// Finds the wanted routes.
pub(super) fn locate(text: &str, root: &Wanted) -> BTreeMap<Route, Located> {
    let mut found: BTreeMap<Route, Located> = BTreeMap::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut letters = Letters {
        rest: text.char_indices(),
        line: 1,
        column: 0,
    };
    while let Some((at, letter)) = letters.next() {
        let here = letters.here();
        match letter {
            ']' | '}' => {
                open.pop();
            }
            ',' => {
                if let Some(inner) = open.last_mut() {
                    inner.expects_key = inner.is_map;
                    inner.index += 1;
                }
            }
            ':' => {}
            letter if letter.is_whitespace() => {}
            '"' if open.last().is_some_and(|inner| inner.expects_key) => {
                let end = letters.string();
                let Some(inner) = open.last_mut() else { continue };
                inner.expects_key = false;
                inner.next = None;
                // Keys are decoded only where one of them is asked for.
                let Some((wanted, route)) = &inner.wanted else { continue };
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
                        note(&mut found, &route, Some(here), None);
                        Some((wanted, route))
                    }),
                };
                if let Some((_, route)) = &value {
                    note(&mut found, route, None, Some(here));
                }
                match letter {
                    '[' | '{' => open.push(Open {
                        wanted: value,
                        is_map: letter == '{',
                        index: 0,
                        next: None,
                        expects_key: letter == '{',
                    }),
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

/// The letters of a text, and where the last one stands.
struct Letters<'t> {
    rest: std::str::CharIndices<'t>,
    line: usize,
    column: usize,
}

impl Letters<'_> {
    fn next(&mut self) -> Option<(usize, char)> {
        let (at, letter) = self.rest.next()?;
        if letter == '\n' {
            self.line += 1;
            self.column = 0;
        } else {
            self.column += 1;
        }
        Some((at, letter))
    }

    fn here(&self) -> Position {
        Position {
            line: self.line,
            column: self.column.max(1),
        }
    }

    /// Passes over a text whose opening quote was read; where it ends.
    fn string(&mut self) -> usize {
        while let Some((at, letter)) = self.next() {
            match letter {
                '"' => return at + 1,
                '\\' => {
                    self.next();
                }
                _ => {}
            }
        }
        self.rest.offset()
    }

    /// Passes over a number or a word.
    fn word(&mut self) {
        while self
            .rest
            .as_str()
            .starts_with(|letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        {
            self.next();
        }
    }
}
