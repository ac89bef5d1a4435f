//! JSON cut into pieces while it is read.
//!
//! In: a reader at the beginning of a map. Out: the values of chosen lists, one after the other, and small fields beside
//! them. Values that nobody asks for are passed over. What is within a piece is not judged here but by whoever decodes it.

use std::io::{self, Read};
use std::ops::Range;

/// How much is read at once, and how long one value may be.
const CHUNK: usize = 1024 * 1024;
const MOST: usize = 128 * 1024 * 1024;

/// Why cutting stopped.
#[derive(Debug)]
pub(super) enum Stop {
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
pub(super) struct Splitter<R> {
    from: R,
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
    pub(super) fn new(from: R, lines: usize) -> Self {
        Self {
            from,
            buffer: Vec::with_capacity(2 * CHUNK),
            at: 0,
            counted: 0,
            lines,
            column: 0,
            ended: false,
        }
    }

    /// Line and column, from 1.
    pub(super) fn position(&mut self) -> (usize, usize) {
        self.count_to(self.at);
        (self.lines + 1, self.column + 1)
    }

    /// Counts lines up to a place; what is counted already is not counted again.
    fn count_to(&mut self, at: usize) {
        let Some(more) = self.buffer.get(self.counted..at) else { return };
        self.column = match more.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => more.len() - end - 1,
            None => self.column + more.len(),
        };
        self.lines += more.iter().filter(|byte| **byte == b'\n').count();
        self.counted = at;
    }

    /// The bytes of a range that [`Self::value`] gave, until the next call.
    pub(super) fn bytes(&self, range: &Range<usize>) -> &[u8] {
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
        self.buffer.resize(before + CHUNK, 0);
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
    pub(super) fn peek(&mut self) -> Result<u8, Stop> {
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
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Stop> {
        if self.peek()? == byte {
            self.at += 1;
            Ok(())
        } else {
            Err(Stop::Syntax(what))
        }
    }

    /// Whether another item of a list or a map follows; takes what separates it, or the end.
    pub(super) fn another(&mut self, end: u8, first: bool) -> Result<bool, Stop> {
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
    pub(super) fn key(&mut self) -> Result<String, Stop> {
        if self.peek()? != b'"' {
            return Err(Stop::Syntax("expected a key"));
        }
        let range = self.value()?;
        let key = serde_json::from_slice(self.bytes(&range)).map_err(|_| Stop::Syntax("expected a key"))?;
        self.expect(b':', "expected `:`")?;
        Ok(key)
    }

    /// Takes a whole value; its place in the window.
    pub(super) fn value(&mut self) -> Result<Range<usize>, Stop> {
        self.scan(true)
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
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
            while at < bytes.len() {
                if quoted {
                    match bytes[at] {
                        b'"' => {
                            quoted = false;
                            if depth == 0 {
                                at += 1;
                                done = true;
                                break;
                            }
                        }
                        b'\\' => {
                            // The letter behind it may lie behind the window.
                            if at + 1 == bytes.len() {
                                break;
                            }
                            at += 1;
                        }
                        _ => {}
                    }
                } else {
                    match bytes[at] {
                        b'"' => quoted = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => {
                            depth -= 1;
                            if depth == 0 {
                                at += 1;
                                done = true;
                                break;
                            }
                        }
                        _ => {}
                    }
                }
                at += 1;
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
    pub(super) fn tail(&mut self) -> Result<String, Stop> {
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
