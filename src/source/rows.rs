//! The rows of a table, none of which is longer than a row may be.
//!
//! In: the bytes of a table. Out: the same bytes to a reader of CSV, until a row becomes too long; and where a quote was
//! opened that nobody closed. Such a quote makes one row of all that follows, in memory without bound, or silently.

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::limits;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

/// Where a reader of bytes is.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Bytes that were given on.
    given: Cell<u64>,
    /// The byte at which the row begins that is read.
    row: Cell<u64>,
    /// The line, from 1, of the quote that is open.
    open: Cell<Option<usize>>,
    /// Whether the row became too long.
    too_long: Cell<bool>,
}

/// Gives bytes on and follows their quotes, as CSV has them.
pub(crate) struct Bounded<R> {
    from: R,
    state: Rc<State>,
    delimiter: u8,
    quoted: bool,
    /// Whether the next byte is the first of a cell.
    begins: bool,
    /// Whether the byte before was a quote in a quoted cell: its end, or the first of two.
    was_quote: bool,
    lines: usize,
}

impl<R: Read> Bounded<R> {
    pub(crate) fn new(from: R, delimiter: u8) -> (Self, Rc<State>) {
        let state = Rc::new(State::default());
        let bounded = Self {
            from,
            state: state.clone(),
            delimiter,
            quoted: false,
            begins: true,
            was_quote: false,
            lines: 0,
        };
        (bounded, state)
    }

    fn follow(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            // Between quotes nothing but the lines is counted.
            let rest = &bytes[at..];
            let length = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
            if length > 0 && self.was_quote {
                self.was_quote = false;
                self.quoted = false;
                self.state.open.set(None);
            }
            let plain = &rest[..length];
            self.lines += plain.iter().filter(|byte| **byte == b'\n').count();
            if let (false, Some(last)) = (self.quoted, plain.last()) {
                self.begins = *last == self.delimiter || matches!(last, b'\n' | b'\r');
            }
            at += length;
            if at < bytes.len() {
                at += 1;
                match (self.quoted, self.was_quote) {
                    // Two quotes are one letter.
                    (true, true) => self.was_quote = false,
                    (true, false) => self.was_quote = true,
                    (false, _) if self.begins => {
                        self.quoted = true;
                        self.begins = false;
                        self.state.open.set(Some(self.lines + 1));
                    }
                    (false, _) => {}
                }
            }
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let given = self.state.given.get();
        if given - self.state.row.get() > limits::ROW as u64 {
            self.state.too_long.set(true);
            return Err(io::Error::other("a row is too long"));
        }
        let count = self.from.read(into)?;
        self.follow(&into[..count]);
        self.state.given.set(given + count as u64);
        if count == 0 && self.was_quote {
            self.state.open.set(None);
        }
        Ok(count)
    }
}

impl State {
    /// A row was read up to this byte.
    pub(crate) fn row_ends(&self, byte: u64) {
        self.row.set(byte);
    }

    /// What is wrong: a row that is too long, or a quote that is open at the end.
    pub(crate) fn fault(&self, file: &Arc<str>, line: u64) -> Option<Diagnostic> {
        let help = "close the quote; a quote within a cell is written twice";
        match (self.too_long.get(), self.open.get()) {
            (false, None) => None,
            (false, Some(open)) => Some(
                Diagnostic::new(Code::SyntaxError, "a quote is opened here and never closed")
                    .at(Place::at(file, open, 1))
                    .help(help),
            ),
            (true, Some(open)) => Some(
                Diagnostic::new(
                    Code::LimitReached,
                    format!("a quote is opened here and not closed within {} MiB", limits::ROW / 1024 / 1024),
                )
                .at(Place::at(file, open, 1))
                .help(help),
            ),
            (true, None) => Some(
                Diagnostic::new(
                    Code::LimitReached,
                    format!("the row is longer than {} MiB", limits::ROW / 1024 / 1024),
                )
                .at(Place::at(file, usize::try_from(line).unwrap_or(1), 1))
                .help("docs/limits.md lists all limits"),
            ),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// A quote is open at the end where another line would still belong to the last row.
        #[test]
        fn quotes_are_followed_as_the_reader_does(text in "[a,\"\n]{0,30}", step in 1_usize..7) {
            let (mut bounded, state) = Bounded::new(text.as_bytes(), b',');
            let mut bytes = vec![0; step];
            while bounded.read(&mut bytes).unwrap() > 0 {}
            let rows = |text: &str| csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).records().count();
            let is_open = rows(&format!("{text}\nb\nb")) == rows(&format!("{text}\nb"));
            prop_assert_eq!(state.open.get().is_some(), is_open, "{:?}", text);
        }
    }
}
