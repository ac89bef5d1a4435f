//! JSON walked through piece by piece, whether it is held or read meanwhile.
//!
//! In: a tree, or a reader. Out: the same steps through both, so that who looks for resources in it is written once.
//! Pieces are handed on in batches, to be decoded by whoever takes them.

use super::splitter::{Splitter, Stop};
use super::text::{self, beginning_of_json, unicode_beginning};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::limits;
use serde::de::DeserializeSeed;
use serde_json::Value;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes, and how many held values, are handed on at once.
const BATCH: usize = 256 * 1024;
const VALUES: usize = 1024;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A map.
    Map,
    /// A list.
    List,
    /// `null`.
    Null,
    /// Anything else.
    Other,
}

/// Line and column, from 1; none where the JSON is held, and a route tells the place.
pub(crate) type At = Option<(usize, usize)>;

/// A walk through JSON. Each value is taken once: as a map, as a list, as a value or a piece, or passed over.
pub(crate) trait Walk {
    /// What stands here.
    fn shape(&mut self) -> Result<Shape, Stop>;
    /// Where this is.
    fn at(&mut self) -> At;
    /// Takes the beginning of a map or a list.
    fn enter(&mut self) -> Result<(), Stop>;
    /// The next key of the map that was entered last; none at its end.
    fn key(&mut self) -> Result<Option<String>, Stop>;
    /// Whether the list that was entered last has another item.
    fn item(&mut self) -> Result<bool, Stop>;
    /// Takes a value.
    fn value(&mut self) -> Result<Value, Stop>;
    /// Takes a value as it is; its bytes go into the buffer.
    fn piece(&mut self, into: &mut Vec<u8>) -> Result<Piece, Stop>;
    /// Passes over a value.
    fn skip(&mut self) -> Result<(), Stop>;
}

/// A value, or its bytes in a batch.
pub(crate) enum Piece {
    /// A value.
    Value(Value),
    /// Where its bytes are.
    Bytes(Range<usize>),
}

/// A walk through a tree.
pub(crate) struct Held {
    next: Value,
    open: Vec<Open>,
}

/// A map or a list on the way.
enum Open {
    Map(serde_json::map::IntoIter),
    List(std::vec::IntoIter<Value>),
}

impl Held {
    /// A walk from the root.
    pub(crate) fn new(root: Value) -> Self {
        Self {
            next: root,
            open: Vec::new(),
        }
    }
}

impl Walk for Held {
    fn shape(&mut self) -> Result<Shape, Stop> {
        Ok(match self.next {
            Value::Object(_) => Shape::Map,
            Value::Array(_) => Shape::List,
            Value::Null => Shape::Null,
            _ => Shape::Other,
        })
    }
    fn at(&mut self) -> At {
        None
    }
    fn enter(&mut self) -> Result<(), Stop> {
        self.open.push(match std::mem::take(&mut self.next) {
            Value::Object(map) => Open::Map(map.into_iter()),
            Value::Array(items) => Open::List(items.into_iter()),
            _ => return Err(Stop::Syntax("expected a map or a list")),
        });
        Ok(())
    }
    fn key(&mut self) -> Result<Option<String>, Stop> {
        let entry = match self.open.last_mut() {
            Some(Open::Map(entries)) => entries.next(),
            _ => None,
        };
        if let Some((key, value)) = entry {
            self.next = value;
            return Ok(Some(key));
        }
        self.open.pop();
        Ok(None)
    }
    fn item(&mut self) -> Result<bool, Stop> {
        let item = match self.open.last_mut() {
            Some(Open::List(items)) => items.next(),
            _ => None,
        };
        let Some(item) = item else {
            self.open.pop();
            return Ok(false);
        };
        self.next = item;
        Ok(true)
    }
    fn value(&mut self) -> Result<Value, Stop> {
        Ok(std::mem::take(&mut self.next))
    }
    fn piece(&mut self, _: &mut Vec<u8>) -> Result<Piece, Stop> {
        self.value().map(Piece::Value)
    }
    fn skip(&mut self) -> Result<(), Stop> {
        self.value().map(drop)
    }
}

/// A walk through what is read meanwhile.
pub(crate) struct Streamed<R> {
    reader: Splitter<R>,
    /// Whether nothing was taken yet of the map or list entered last.
    is_first: bool,
}

impl<R: Read> Streamed<R> {
    /// A walk through what stands behind so many lines.
    pub(crate) fn new(reader: R, lines: usize) -> Self {
        Self {
            reader: Splitter::new(reader, lines),
            is_first: false,
        }
    }

    /// A walk through one line behind so many others.
    pub(crate) fn line(reader: R, length: usize, lines: usize) -> Self {
        Self {
            reader: Splitter::by(reader, lines, length.max(1)),
            is_first: false,
        }
    }

    /// The reader.
    pub(crate) fn reader(&mut self) -> &mut Splitter<R> {
        &mut self.reader
    }

    /// The diagnostic of a stop.
    pub(crate) fn stopped(&mut self, stop: Stop, file: &Arc<str>, help: &str) -> Diagnostic {
        let (line, column) = self.reader.position();
        let (code, what, help) = match stop {
            Stop::Io(error) => {
                return Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}"))
                    .at(Place::at(file, line, column))
                    .help("check the disk, or the program that writes it");
            }
            Stop::Eof => (
                Code::SyntaxError,
                "the JSON ends before it is complete".to_owned(),
                format!("the file was cut off; {help}"),
            ),
            Stop::Syntax(what) => (Code::SyntaxError, format!("the text is not JSON: {what}"), help.to_owned()),
            Stop::TooLong => (
                Code::FileTooLarge,
                "one value is too large to be held".to_owned(),
                format!("a single value may have {} MiB", limits::PIECE / limits::MIB),
            ),
        };
        Diagnostic::new(code, what).at(Place::at(file, line, column)).help(help)
    }

    fn another(&mut self, end: u8) -> Result<bool, Stop> {
        let is_first = std::mem::take(&mut self.is_first);
        self.reader.another(end, is_first)
    }
}

impl<R: Read> Walk for Streamed<R> {
    fn shape(&mut self) -> Result<Shape, Stop> {
        Ok(match self.reader.peek()? {
            b'{' => Shape::Map,
            b'[' => Shape::List,
            b'n' => Shape::Null,
            _ => Shape::Other,
        })
    }
    fn at(&mut self) -> At {
        Some(self.reader.position())
    }
    fn enter(&mut self) -> Result<(), Stop> {
        let begin = if self.reader.peek()? == b'[' { b'[' } else { b'{' };
        self.is_first = true;
        self.reader.expect(begin, "expected a map or a list")
    }
    fn key(&mut self) -> Result<Option<String>, Stop> {
        Ok(if self.another(b'}')? { Some(self.reader.key()?) } else { None })
    }
    fn item(&mut self) -> Result<bool, Stop> {
        self.another(b']')
    }
    fn value(&mut self) -> Result<Value, Stop> {
        let range = self.reader.value()?;
        serde_json::from_slice(self.reader.bytes(&range)).map_err(|_| Stop::Syntax("a value is broken"))
    }
    fn piece(&mut self, into: &mut Vec<u8>) -> Result<Piece, Stop> {
        let range = self.reader.value()?;
        let begin = into.len();
        into.extend_from_slice(self.reader.bytes(&range));
        Ok(Piece::Bytes(begin..into.len()))
    }
    fn skip(&mut self) -> Result<(), Stop> {
        self.reader.skip()
    }
}

/// Where the JSON of a file begins, and how many lines are before it.
pub(crate) fn start(head: &[u8]) -> (usize, usize) {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = unicode_beginning(&head[..head.len().min(64 * 1024)]);
    let start = beginning_of_json(&text).unwrap_or_default();
    (start + mark, text::lines(&text[..start]))
}

/// Pieces that are handed on together, each with what is known of it.
pub(crate) struct Batch<H> {
    bytes: Vec<u8>,
    pieces: Vec<(H, Piece)>,
}

/// The bytes that pieces of a batch lie in, as a text if they are one: judged once for all, which is faster than piece by
/// piece.
pub(crate) struct Bytes(Result<String, Vec<u8>>);

impl<H> Batch<H> {
    /// The pieces, and the bytes that they lie in.
    pub(crate) fn into_pieces(self) -> (Bytes, Vec<(H, Piece)>) {
        let bytes = String::from_utf8(self.bytes).map_err(std::string::FromUtf8Error::into_bytes);
        (Bytes(bytes), self.pieces)
    }
}

impl Bytes {
    /// Whether they are text; what is none in a piece stands as U+FFFD.
    pub(crate) fn are_text(&self) -> bool {
        self.0.is_ok()
    }

    /// The text of a piece; none where it is held as a value, or not all of them are text.
    pub(crate) fn text(&self, piece: &Piece) -> Option<&str> {
        match (piece, &self.0) {
            (Piece::Bytes(range), Ok(text)) => text.get(range.clone()),
            _ => None,
        }
    }

    /// A piece as the seed reads it.
    pub(crate) fn decode<T, S: for<'de> DeserializeSeed<'de, Value = T>>(&self, piece: Piece, seed: S) -> Result<T, serde_json::Error> {
        let range = match piece {
            Piece::Value(value) => return seed.deserialize(value),
            Piece::Bytes(range) => range,
        };
        match &self.0 {
            Ok(text) => whole(seed, serde_json::Deserializer::from_str(text.get(range).unwrap_or_default())),
            Err(bytes) => {
                let text = String::from_utf8_lossy(bytes.get(range).unwrap_or_default());
                whole(seed, serde_json::Deserializer::from_str(&text))
            }
        }
    }
}

fn whole<'de, S: DeserializeSeed<'de>>(
    seed: S,
    mut json: serde_json::Deserializer<serde_json::de::StrRead<'de>>,
) -> Result<S::Value, serde_json::Error> {
    let decoded = seed.deserialize(&mut json)?;
    json.end().map(|()| decoded)
}

/// Batches on their way.
pub(crate) struct Batches<'s, H> {
    send: &'s mut dyn FnMut(Batch<H>),
    bytes: Vec<u8>,
    pieces: Vec<(H, Piece)>,
}

impl<'s, H> Batches<'s, H> {
    /// Batches for a taker.
    pub(crate) fn new(send: &'s mut dyn FnMut(Batch<H>)) -> Self {
        Self {
            send,
            bytes: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// The buffer that pieces go into.
    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Adds a piece that lies in the buffer or is a value.
    pub(crate) fn add(&mut self, of: H, piece: Piece) {
        self.pieces.push((of, piece));
        if self.bytes.len() >= BATCH || self.pieces.len() >= VALUES {
            self.hand_on();
        }
    }

    /// Hands on what is left.
    pub(crate) fn hand_on(&mut self) {
        if self.pieces.is_empty() {
            return;
        }
        let room = if self.bytes.is_empty() { 0 } else { BATCH + BATCH / 8 };
        (self.send)(Batch {
            bytes: std::mem::replace(&mut self.bytes, Vec::with_capacity(room)),
            pieces: std::mem::take(&mut self.pieces),
        });
    }
}
