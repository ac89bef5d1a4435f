//! Items of a form in JSON, cut out while the file is read.
//!
//! In: a stream, and the names of the lists that hold items. Out: the items, one by one, each as its bytes: of lists at the root,
//! of named lists in any wrapper, of documents one behind the other. No more than one item is held.

use super::beginning::Beginning;
use super::lines;
use super::sink::{HELP, Sink};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::results::Gathered;
use crate::source::Stream;
use crate::source::pieces::{Shape, Streamed, Walk as _, start};
use crate::source::splitter::Stop;
use crate::source::text::utf16;
use crate::text::{json_code, json_words};
use serde_json::error::Category;
use std::io::Read;
use std::sync::Arc;

/// How deep wrappers may lie in one another.
const DEPTH: usize = 32;

/// Where the items of a form lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Lists whose items are items of the form. A map in the place of one is an item, too.
    pub(super) lists: &'static [&'static str],
    /// Maps, and lists of maps, that such lists lie in.
    pub(super) within: &'static [&'static str],
    /// Values beside the lists that are items of their own.
    pub(super) beside: &'static [&'static str],
    /// Texts at the top of a document that hold of all items in it.
    pub(super) context: &'static [&'static str],
}

impl Layout {
    /// Items at the root alone.
    pub(super) const ROOT: Self = Self {
        lists: &[],
        within: &[],
        beside: &[],
        context: &[],
    };
}

/// One item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// The list or the key that it stands under; empty at the root.
    pub(super) under: &'a str,
}

/// What became of an item.
pub(super) enum Taken {
    /// It was understood.
    Yes,
    /// It does not say what an item of the form says.
    No(&'static str),
}

/// Who takes items.
pub(super) type Take<'t> = &'t mut dyn FnMut(Piece<'_>, &mut Sink<'_>) -> Result<Taken, serde_json::Error>;

/// Reads the items of a file.
///
/// # Errors
/// Where the file is damaged or cut off, and how; what is wrong with the items if none of them is one.
pub(super) fn each(stream: Stream<'_>, into: &mut Gathered, layout: Layout, take: Take<'_>) -> Outcome<()> {
    let mut sink = Sink::new(into, &stream.file, &stream.place);
    read(stream, &mut sink, layout, take)?;
    sink.finish()
}

/// As [`each`], where the sink is at hand.
///
/// # Errors
/// Where the file is damaged or cut off, and how.
pub(super) fn read(stream: Stream<'_>, sink: &mut Sink<'_>, layout: Layout, take: Take<'_>) -> Outcome<()> {
    let beginning = Beginning::of(&stream.head);
    let is_wrapped = [layout.lists, layout.within, layout.beside]
        .iter()
        .any(|keys| beginning.goes_through(keys));
    walk(stream, sink, &mut |walk, sink| {
        let mut cutter = Cutter {
            layout,
            is_wrapped,
            take: &mut *take,
            sink,
        };
        cutter.document(walk)
    })
}

/// A walk through a file.
pub(super) type Reader<'r> = Streamed<Box<dyn Read + 'r>>;

/// Walks through the JSON of a file, one document after the other.
///
/// # Errors
/// Where the file is damaged or cut off, and how.
pub(super) fn walk(
    stream: Stream<'_>,
    sink: &mut Sink<'_>,
    document: &mut dyn FnMut(&mut Reader<'_>, &mut Sink<'_>) -> Result<(), End>,
) -> Outcome<()> {
    let (file, place) = (stream.file.clone(), stream.place.clone());
    let text;
    let (from, lines, is_lines): (Box<dyn Read + '_>, usize, bool) = if stream.is_utf16() {
        text = utf16(&stream.whole()?).unwrap_or_default();
        let (begin, lines) = assigned(text.as_bytes()).unwrap_or_else(|| start(text.as_bytes()));
        let rest = text.as_bytes().get(begin..).unwrap_or_default();
        (Box::new(rest), lines, lines::are(rest))
    } else {
        let (begin, lines) = assigned(&stream.head).unwrap_or_else(|| start(&stream.head));
        let is_lines = lines::are(stream.head.get(begin..).unwrap_or_default());
        (Box::new(stream.reader(begin)), lines, is_lines)
    };
    if is_lines {
        return lines::each(from, lines, sink, document).map_err(|faults| {
            let named = |fault: Diagnostic| {
                let elsewhere = fault.places.first().is_none_or(|(at, _)| at.file != place.file);
                if elsewhere {
                    fault.at_labelled(place.clone(), "named here")
                } else {
                    fault
                }
            };
            faults.into_iter().map(named).collect()
        });
    }
    let mut walk = Streamed::new(from, lines);
    let fault = match documents(&mut walk, sink, document) {
        Ok(()) => return Ok(()),
        Err(End::Stop(Stop::Eof)) if walk.reader().position() == (1, 1) => {
            Diagnostic::new(Code::ResultsUnreadable, format!("`{file}` is empty"))
                .at(place.clone())
                .help(HELP)
        }
        Err(End::Stop(stop)) => stopped(&mut walk, stop, &file),
        Err(End::Broken(fault)) => *fault,
    };
    let elsewhere = fault.places.first().is_none_or(|(at, _)| at.file != place.file);
    Err(vec![if elsewhere { fault.at_labelled(place, "named here") } else { fault }])
}

/// Whether a file that begins so is JSON that begins where a map or a list does, and not lines of JSON, of which each is by itself,
/// nor a script.
pub(super) fn is_plain(head: &[u8]) -> bool {
    assigned(head).is_none() && !lines::are(head.get(start(head).0..).unwrap_or_default())
}

/// Where JSON begins that JavaScript assigns to a name, and how many lines are before it.
fn assigned(head: &[u8]) -> Option<(usize, usize)> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
    let name = text.iter().take_while(|byte| is_letter(byte)).count();
    let blank = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let sign = name + blank(name);
    if name == 0 || text.get(sign) != Some(&b'=') {
        return None;
    }
    let begin = sign + 1 + blank(sign + 1);
    let lines = text[..begin].iter().filter(|byte| **byte == b'\n').count();
    matches!(text.get(begin), Some(b'{' | b'[')).then_some((begin + head.len() - text.len(), lines))
}

/// Several documents may stand one behind the other.
pub(super) fn documents(
    walk: &mut Reader<'_>,
    sink: &mut Sink<'_>,
    document: &mut dyn FnMut(&mut Reader<'_>, &mut Sink<'_>) -> Result<(), End>,
) -> Result<(), End> {
    document(walk, sink)?;
    loop {
        match walk.reader().peek() {
            Ok(b'{' | b'[') => document(walk, sink)?,
            // As JavaScript ends a statement.
            Ok(b';') => walk.reader().expect(b';', "expected `;`")?,
            Ok(b',') => return Err(Stop::Syntax("a comma stands between two documents").into()),
            Ok(_) => return Err(Stop::Syntax("other text follows the end of the JSON").into()),
            Err(Stop::Eof) => return Ok(()),
            Err(stop) => return Err(stop.into()),
        }
    }
}

/// Takes a value that belongs to an item; none where it is no such thing.
///
/// # Errors
/// That it is no JSON, with its place.
pub(super) fn taken<T: for<'de> serde::Deserialize<'de>>(walk: &mut Reader<'_>, file: &Arc<str>) -> Result<Option<T>, End> {
    walk.reader().peek()?;
    let at = walk.reader().position();
    let range = walk.reader().value()?;
    match serde_json::from_slice(walk.reader().bytes(&range)) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.classify() == Category::Data => Ok(None),
        Err(error) => Err(broken(at, &error, file)),
    }
}

/// That a value which stands there is no JSON.
pub(super) fn broken(at: (usize, usize), error: &serde_json::Error, file: &Arc<str>) -> End {
    let (line, column) = within(at, error);
    End::Broken(Box::new(
        Diagnostic::new(json_code(error), json_words(error))
            .at(Place::at(file, line, column))
            .help(HELP),
    ))
}

/// The diagnostic of a stop.
pub(super) fn stopped(walk: &mut Reader<'_>, stop: Stop, file: &Arc<str>) -> Diagnostic {
    walk.stopped(stop, file, HELP)
}

/// Why a walk ended before the file did.
pub(super) enum End {
    Stop(Stop),
    /// An item is no JSON: what, and where.
    Broken(Box<Diagnostic>),
}

impl From<Stop> for End {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

struct Cutter<'c, 't, 'g> {
    layout: Layout,
    /// Whether items lie in named lists.
    is_wrapped: bool,
    take: Take<'t>,
    sink: &'c mut Sink<'g>,
}

impl Cutter<'_, '_, '_> {
    fn document(&mut self, walk: &mut Reader<'_>) -> Result<(), End> {
        self.sink.context.clear();
        match walk.shape()? {
            Shape::List => {
                walk.enter()?;
                while walk.item()? {
                    if self.is_wrapped && walk.shape()? == Shape::Map {
                        self.wrapper(walk, 0)?;
                    } else {
                        self.item(walk, "")?;
                    }
                }
                Ok(())
            }
            Shape::Map if self.is_wrapped => self.wrapper(walk, 0),
            _ => self.item(walk, ""),
        }
    }

    /// A map in which lists of items lie.
    fn wrapper(&mut self, walk: &mut Reader<'_>, depth: usize) -> Result<(), End> {
        if depth > DEPTH {
            return Err(Stop::Syntax("lists lie too deep in one another").into());
        }
        let at = walk.reader().position();
        if depth == 0 {
            self.sink.context.clear();
        }
        let is_told = self.keys(walk, depth)?;
        if !is_told && depth == 0 {
            self.sink.broken(Some(at), "the entry has no list of results");
        }
        Ok(())
    }

    /// The keys of such a map; whether there is one that is known.
    fn keys(&mut self, walk: &mut Reader<'_>, depth: usize) -> Result<bool, End> {
        walk.enter()?;
        let mut is_told = false;
        while let Some(key) = walk.key()? {
            let shape = walk.shape()?;
            let known = |names: &[&'static str]| names.iter().copied().find(|name| *name == key);
            if let Some(list) = known(self.layout.lists) {
                is_told = true;
                match shape {
                    Shape::List => {
                        walk.enter()?;
                        while walk.item()? {
                            self.item(walk, list)?;
                        }
                    }
                    Shape::Map => self.item(walk, list)?,
                    _ => walk.skip()?,
                }
            } else if depth == 0
                && let Some(name) = known(self.layout.context)
            {
                let file = self.sink.file.clone();
                if let Some(text) = taken::<String>(walk, &file)? {
                    self.sink.context.insert(name, text);
                }
            } else if let Some(one) = known(self.layout.beside) {
                is_told = true;
                self.item(walk, one)?;
            } else if known(self.layout.within).is_some() && shape == Shape::Map {
                is_told = true;
                self.wrapper(walk, depth + 1)?;
            } else if known(self.layout.within).is_some() && shape == Shape::List {
                is_told = true;
                walk.enter()?;
                while walk.item()? {
                    if walk.shape()? == Shape::Map {
                        self.wrapper(walk, depth + 1)?;
                    } else {
                        walk.skip()?;
                    }
                }
            } else {
                walk.skip()?;
            }
        }
        Ok(is_told)
    }

    fn item(&mut self, walk: &mut Reader<'_>, under: &str) -> Result<(), End> {
        walk.reader().peek()?;
        let at = walk.reader().position();
        let range = walk.reader().value()?;
        let bytes = walk.reader().bytes(&range);
        let taken = (self.take)(Piece { bytes, under }, self.sink);
        judged(taken, at, self.sink)
    }
}

/// Tells what became of an item that stands there.
///
/// # Errors
/// That it is no JSON.
pub(super) fn judged(taken: Result<Taken, serde_json::Error>, at: (usize, usize), sink: &mut Sink<'_>) -> Result<(), End> {
    match taken {
        Ok(Taken::Yes) => {}
        Ok(Taken::No(why)) => sink.broken(Some(at), why),
        Err(error) => {
            if error.classify() != Category::Data {
                return Err(broken(at, &error, &sink.file));
            }
            // Fields of an odd kind say nothing; this is all that can be wrong with the shape of an item.
            sink.broken(Some(within(at, &error)), "a key stands twice in the entry");
        }
    }
    Ok(())
}

/// The line and column in a file of a fault in an item that stands there.
fn within((line, column): (usize, usize), error: &serde_json::Error) -> (usize, usize) {
    if error.line() <= 1 {
        (line, column + error.column().saturating_sub(1))
    } else {
        (line + error.line() - 1, error.column())
    }
}
