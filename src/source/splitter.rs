//! JSON cut into pieces while it is read.
//!
//! In: a reader at the beginning of a map. Out: the values of chosen lists, one after the other, and small fields beside
//! them. Values that nobody asks for are passed over. What is within a piece is not judged here but by whoever decodes it.

use crate::limits;
use std::io::{self, Read};
use std::ops::Range;

/// How much is read at once, and how long one value may be.
const CHUNK: usize = 256 * 1024;
const MOST: usize = limits::PIECE;

/// Why cutting stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Reading failed.
    Io(io::Error),
    /// The text ends within the JSON.
    Eof,
    /// What stands at the place is not what belongs there.
    Syntax(&'static str),
    /// One value is too long.
    TooLong,
}

/// A reader of JSON with a window over it.
pub(crate) struct Splitter<R> {
    from: R,
    /// How much is read at once.
    chunk: usize,
    buffer: Vec<u8>,
    /// Where in the buffer the next byte is.
    at: usize,
    /// Up to where in the buffer lines are counted.
    counted: usize,
    /// Lines before that.
    lines: usize,
    /// Bytes of its line before that.
    column: usize,
    ended: bool,
}

impl<R: Read> Splitter<R> {
    /// A splitter behind this many lines.
    pub(crate) fn new(from: R, lines: usize) -> Self {
        Self::by(from, lines, CHUNK)
    }

    /// A splitter behind this many lines, which reads so many bytes at once.
    pub(crate) fn by(from: R, lines: usize, chunk: usize) -> Self {
        Self {
            from,
            buffer: Vec::with_capacity(2 * chunk),
            chunk,
            at: 0,
            counted: 0,
            lines,
            column: 0,
            ended: false,
        }
    }

    /// Line and column, from 1.
    pub(crate) fn position(&mut self) -> (usize, usize) {
        self.count_to(self.at);
        (self.lines + 1, self.column + 1)
    }

    /// Counts lines up to a place; what is counted already is not counted again.
    fn count_to(&mut self, at: usize) {
        let Some(more) = self.buffer.get(self.counted..at) else { return };
        match memchr::memrchr(b'\n', more) {
            Some(end) => {
                self.column = more.len() - end - 1;
                self.lines += line_ends(more);
            }
            None => self.column += more.len(),
        }
        self.counted = at;
    }

    /// The bytes of a range that [`Self::value`] gave, until the next call.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.buffer[range.clone()]
    }

    /// Reads more. What is before `keep` is forgotten; returns by how much positions moved.
    fn fill(&mut self, keep: usize) -> Result<usize, Stop> {
        if self.ended {
            return Err(Stop::Eof);
        }
        if keep > 0 {
            self.count_to(keep);
            self.counted -= keep;
            self.buffer.copy_within(keep.., 0);
            let left = self.buffer.len() - keep;
            self.buffer.truncate(left);
            self.at -= keep;
        }
        if self.buffer.len() > MOST {
            return Err(Stop::TooLong);
        }
        let before = self.buffer.len();
        self.buffer.resize(before + self.chunk, 0);
        loop {
            match self.from.read(&mut self.buffer[before..]) {
                Ok(count) => {
                    self.buffer.truncate(before + count);
                    self.ended = count == 0;
                    return if self.ended { Err(Stop::Eof) } else { Ok(keep) };
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(before);
                    return Err(Stop::Io(error));
                }
            }
        }
    }

    /// The next byte that is no blank.
    pub(crate) fn peek(&mut self) -> Result<u8, Stop> {
        loop {
            while let Some(byte) = self.buffer.get(self.at) {
                if !byte.is_ascii_whitespace() {
                    return Ok(*byte);
                }
                self.at += 1;
            }
            self.fill(self.at)?;
        }
    }

    /// Takes this byte.
    pub(crate) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Stop> {
        if self.peek()? == byte {
            self.at += 1;
            Ok(())
        } else {
            Err(Stop::Syntax(what))
        }
    }

    /// Whether another item of a list or a map follows; takes what separates it, or the end.
    pub(crate) fn another(&mut self, end: u8, first: bool) -> Result<bool, Stop> {
        let byte = self.peek()?;
        if byte == end {
            self.at += 1;
            return Ok(false);
        }
        if first {
            return Ok(true);
        }
        self.expect(b',', "expected `,` or the end")?;
        if self.peek()? == end {
            return Err(Stop::Syntax("a comma before the end"));
        }
        Ok(true)
    }

    /// A key and the colon behind it.
    pub(crate) fn key(&mut self) -> Result<String, Stop> {
        if self.peek()? != b'"' {
            return Err(Stop::Syntax("expected a key"));
        }
        let range = self.value()?;
        let key = serde_json::from_slice(self.bytes(&range)).map_err(|_| Stop::Syntax("expected a key"))?;
        self.expect(b':', "expected `:`")?;
        Ok(key)
    }

    /// Takes a whole value; its place in the window.
    pub(crate) fn value(&mut self) -> Result<Range<usize>, Stop> {
        self.scan(true)
    }

    /// Passes over a value.
    pub(crate) fn skip(&mut self) -> Result<(), Stop> {
        self.scan(false).map(|_| ())
    }

    fn scan(&mut self, keep: bool) -> Result<Range<usize>, Stop> {
        let first = self.peek()?;
        let mut start = self.at;
        match first {
            b'{' | b'[' | b'"' => {}
            b',' | b':' | b'}' | b']' => return Err(Stop::Syntax("expected a value")),
            _ => return self.scalar(),
        }
        let mut depth = 0_usize;
        let mut quoted = false;
        loop {
            let bytes = &self.buffer[..];
            let mut at = self.at;
            let mut done = false;
            while !done {
                let found = if quoted { quote_or_escape(bytes, at) } else { structure(bytes, at) };
                let Some(found) = found else {
                    at = bytes.len();
                    break;
                };
                at = found + 1;
                match bytes[found] {
                    b'\\' if quoted => {
                        // The letter behind it may lie behind the window.
                        if at == bytes.len() {
                            at = found;
                            break;
                        }
                        at += 1;
                    }
                    b'"' => {
                        quoted = !quoted;
                        done = !quoted && depth == 0;
                    }
                    b'{' | b'[' if !quoted => depth += 1,
                    b'}' | b']' if !quoted => {
                        depth -= 1;
                        done = depth == 0;
                    }
                    _ => {}
                }
            }
            self.at = at;
            if done {
                return Ok(start..self.at);
            }
            let moved = self.fill(if keep { start } else { self.at })?;
            start -= moved.min(start);
        }
    }

    fn scalar(&mut self) -> Result<Range<usize>, Stop> {
        let mut start = self.at;
        loop {
            while let Some(byte) = self.buffer.get(self.at) {
                if byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']' | b':') {
                    return Ok(start..self.at);
                }
                self.at += 1;
            }
            start -= self.fill(start)?.min(start);
        }
    }

    /// What follows the JSON, as far as it is worth looking at.
    pub(crate) fn tail(&mut self) -> Result<String, Stop> {
        while self.buffer.len() - self.at < 64 * 1024 {
            match self.fill(self.at) {
                Ok(_) => {}
                Err(Stop::Eof) => break,
                Err(stop) => return Err(stop),
            }
        }
        Ok(String::from_utf8_lossy(&self.buffer[self.at..]).into_owned())
    }
}

/// How many lines end in some bytes. Sums of so few fit into a byte each, so that many are counted at once.
fn line_ends(bytes: &[u8]) -> usize {
    bytes
        .chunks(255)
        .map(|some| usize::from(some.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>()))
        .sum()
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Has the high bit of the first byte that is zero, and of none before it.
fn zero(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// The first place from `at` on of which a word of eight bytes says so, or of which a byte does at the end.
fn find(bytes: &[u8], mut at: usize, word: impl Fn(u64) -> u64, byte: impl Fn(u8) -> bool) -> Option<usize> {
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let found = word(u64::from_le_bytes(eight));
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|one| byte(*one)).map(|more| at + more)
}

/// The next quote or bracket. Of brackets all bits are set but some of `0x26`; so they are of few letters beside them, which
/// the caller passes over.
fn structure(bytes: &[u8], at: usize) -> Option<usize> {
    find(
        bytes,
        at,
        |word| zero(word ^ (LOW * 0x22)) | zero((word | (LOW * 0x26)) ^ (LOW * 0x7f)),
        |byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'),
    )
}

/// The next quote or backslash.
fn quote_or_escape(bytes: &[u8], at: usize) -> Option<usize> {
    find(
        bytes,
        at,
        |word| zero(word ^ (LOW * 0x22)) | zero(word ^ (LOW * 0x5c)),
        |byte| matches!(byte, b'"' | b'\\'),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// A reader that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~\\[\\]{}\"\\\\yY_äö\n]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-zY_{\"]{0,6}", inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_are_cut_where_they_end(values in prop::collection::vec(value(), 0..6), step in 1_usize..40, pretty in any::<bool>()) {
            let whole = json!(values);
            let text = if pretty { format!("{whole:#}") } else { whole.to_string() };
            let mut splitter = Splitter::new(Slow(text.as_bytes(), step), 0);
            splitter.expect(b'[', "a list").unwrap();
            let (mut found, mut first) = (Vec::new(), true);
            while splitter.another(b']', first).unwrap() {
                first = false;
                let range = splitter.value().unwrap();
                found.push(serde_json::from_slice::<Value>(splitter.bytes(&range)).unwrap());
            }
            prop_assert_eq!(found, values);
            let lines = text.matches('\n').count();
            prop_assert_eq!(splitter.position().0, lines + 1);
        }

        #[test]
        fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut splitter = Splitter::new(&bytes[..], 0);
            while splitter.value().is_ok() {}
        }
    }
}
