//! Lists of items, held or of any length: AWS Config, the Resource Groups Tagging API, Resource Explorer.
//!
//! In: JSON that has items in lists of certain names, in an answer's envelope, or by themselves. Out: the items, one by one.

use super::sink::{Intake, Sink};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::source::Stream;
use crate::source::keys::Keys;
use crate::source::pieces::{At, Batch, Batches, Held, Piece, Shape, Streamed, Walk, start};
use crate::source::splitter::Stop;
use crate::source::text::{self, ANSWER, is_noise};
use serde_json::Value;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// By itself at the root.
    Alone,
    /// In a list at the root.
    InList,
    /// In a list that has a name.
    InNamedList,
}

/// An item.
pub(super) struct Item {
    /// What it says.
    pub(super) value: Value,
    /// Its number, from 1.
    pub(super) number: u64,
    /// The place of its first resource among those of the file.
    pub(super) order: u64,
    /// Where it stands.
    pub(super) stands: Stands,
}

/// An item's place among those of the file, and in it.
struct Of {
    number: u64,
    stands: Stands,
    at: At,
}

/// What was seen of a file beside its items.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// How many documents stand one behind the other; more than one also where something else follows.
    pub(super) documents: usize,
    /// The keys at the top of documents, each once; some of them where there are very many.
    pub(super) keys: Vec<String>,
    /// Whether each item was offered as its text.
    pub(super) are_texts: bool,
    /// How many items there are.
    pub(super) items: u64,
    /// Whether something else stands where a list of items is looked for.
    pub(super) has_no_list: bool,
    /// Whether an item stands in no document that is marked as all there is.
    pub(super) is_partial: bool,
}

/// Who looks along at the items of named lists in a long file while they are cut off, in their order: each as its bytes, with its
/// line and column.
pub(super) type Look<'l> = &'l mut dyn FnMut(&[u8], (usize, usize));

/// Reads the items of the lists of these names, or what else is at the root; `take` adds the resources of each.
pub(super) fn read(stream: Stream<'_>, intake: &mut Intake<'_>, lists: &[&str], take: impl Fn(Item, &mut Sink<'_>) + Sync) -> Outcome<()> {
    read_parts(stream, intake, (lists, None), None, |_, _, _| false, take).map(drop)
}

/// As [`read`], where the text of an item of a list in a long file is offered to `take_part` first, with its order: what that
/// takes in need not be decoded as a whole. `look` looks along. Behind `lists` stands the key that marks a document whose items are
/// all there is.
pub(super) fn read_parts(
    stream: Stream<'_>,
    intake: &mut Intake<'_>,
    (lists, mark): (&[&str], Option<&str>),
    look: Option<Look<'_>>,
    take_part: impl Fn(&str, u64, &mut Sink<'_>) -> bool + Sync,
    take: impl Fn(Item, &mut Sink<'_>) + Sync,
) -> Outcome<Seen> {
    let (file, place) = (stream.file.clone(), stream.place.clone());
    let is_odd = AtomicBool::new(false);
    let keys = Keys::of(&stream.head);
    let lists = if lists.iter().any(|list| keys.has(list)) { lists } else { &[] };
    let take = |batch: Batch<Of>, sink: &mut Sink<'_>| {
        let (bytes, pieces) = batch.into_pieces();
        if !bytes.are_text() {
            is_odd.store(true, Ordering::Relaxed);
        }
        for (of, piece) in pieces {
            let order = of.number << 20;
            let text = bytes.text(&piece).filter(|_| of.stands == Stands::InNamedList);
            if text.is_some_and(|text| take_part(text, order, sink)) {
                continue;
            }
            match bytes.decode(piece, PhantomData::<Value>) {
                // Several resources may lie in one piece.
                Ok(value) => take(
                    Item {
                        value,
                        number: of.number + 1,
                        order,
                        stands: of.stands,
                    },
                    sink,
                ),
                Err(_) => sink.fault(|| {
                    let place = of.at.map_or_else(|| place.clone(), |(line, column)| Place::at(&file, line, column));
                    Diagnostic::new(Code::SyntaxError, format!("item {} cannot be decoded", of.number + 1))
                        .at(place)
                        .help(ANSWER.help)
                }),
            }
        }
    };
    if stream.is_long && !stream.is_utf16() {
        let (begin, lines) = start(&stream.head);
        let mut walk = Streamed::new(stream.reader(begin), lines);
        let mut seen = Seen::default();
        let taken = intake.pieces(
            true,
            |send| {
                let mut cutter = Cutter::new(send, (lists, mark), look.map(|look| look as Look<'_>));
                let cut = documents(&mut walk, &mut cutter);
                seen = std::mem::take(&mut cutter.seen);
                seen.items = cutter.number;
                cut.map_err(|stop| vec![walk.stopped(stop, &file, ANSWER.help)])
            },
            take,
        );
        seen.are_texts = !is_odd.into_inner();
        if !seen.are_texts {
            intake.warnings.push(text::mended(&file).at(Place::file(file)));
        }
        return taken.map(|()| seen);
    }
    let bytes = stream.whole()?;
    let document = text::decode(&bytes, &file, &place, ANSWER)?;
    intake.warnings.extend(document.warnings);
    let mut walk = Held::new(document.value);
    let mut seen = Seen::default();
    intake.pieces(
        false,
        |send| {
            let mut cutter = Cutter::new(send, (lists, mark), None);
            // A tree that was decoded has nothing in it that a walk could stop at.
            let _ = cutter.document(&mut walk, 0);
            cutter.batches.hand_on();
            seen = std::mem::take(&mut cutter.seen);
            Ok(())
        },
        take,
    )?;
    Ok(seen)
}

/// Several documents may stand one behind the other.
fn documents<R: std::io::Read>(walk: &mut Streamed<R>, cutter: &mut Cutter<'_>) -> Result<(), Stop> {
    cutter.document(walk, 0)?;
    loop {
        match walk.reader().peek() {
            Ok(b'{' | b'[') => cutter.document(walk, 0)?,
            Ok(_) => {
                cutter.seen.documents += 1;
                let tail = walk.reader().tail()?;
                if !is_noise(&tail) {
                    return Err(Stop::Syntax("other text follows the end of the JSON"));
                }
                break;
            }
            Err(Stop::Eof) => break,
            Err(stop) => return Err(stop),
        }
    }
    cutter.batches.hand_on();
    Ok(())
}

struct Cutter<'c> {
    batches: Batches<'c, Of>,
    lists: &'c [&'c str],
    mark: Option<&'c str>,
    look: Option<Look<'c>>,
    number: u64,
    seen: Seen,
}

impl<'c> Cutter<'c> {
    fn new(send: &'c mut dyn FnMut(Batch<Of>), (lists, mark): (&'c [&'c str], Option<&'c str>), look: Option<Look<'c>>) -> Self {
        Self {
            batches: Batches::new(send),
            lists,
            mark,
            look,
            number: 0,
            seen: Seen::default(),
        }
    }

    fn document(&mut self, walk: &mut impl Walk, depth: usize) -> Result<(), Stop> {
        self.seen.documents += 1;
        match walk.shape()? {
            Shape::List => {
                walk.enter()?;
                while walk.item()? {
                    if depth == 0 && !self.lists.is_empty() && walk.shape()? == Shape::Map {
                        // Several answers in a list.
                        self.document(walk, 1)?;
                    } else {
                        self.add(walk, Stands::InList)?;
                    }
                }
                Ok(())
            }
            Shape::Map if !self.lists.is_empty() => {
                walk.enter()?;
                let (mut has_items, mut is_marked) = (false, false);
                while let Some(key) = walk.key()? {
                    let shape = walk.shape()?;
                    self.see(&key);
                    is_marked |= shape != Shape::Null && self.mark.is_some_and(|mark| key == mark);
                    let is_list = self.lists.contains(&key.as_str());
                    self.seen.has_no_list |= is_list && shape != Shape::List;
                    if is_list && shape == Shape::List {
                        has_items = true;
                        walk.enter()?;
                        while walk.item()? {
                            self.add(walk, Stands::InNamedList)?;
                        }
                    } else if key == "data" && shape == Shape::Map && depth < 2 {
                        self.document(walk, 2)?;
                    } else {
                        walk.skip()?;
                    }
                }
                self.seen.is_partial |= has_items && !is_marked;
                Ok(())
            }
            _ => self.add(walk, Stands::Alone),
        }
    }

    fn see(&mut self, key: &str) {
        const MOST: usize = 64;
        if self.seen.keys.len() < MOST && self.seen.keys.iter().all(|known| known != key) {
            self.seen.keys.push(key.to_owned());
        }
    }

    fn add(&mut self, walk: &mut impl Walk, stands: Stands) -> Result<(), Stop> {
        let at = walk.at();
        let piece = walk.piece(self.batches.buffer())?;
        if let (Some(look), Stands::InNamedList, Some(at), Piece::Bytes(range)) = (&mut self.look, stands, at, &piece) {
            look(self.batches.buffer().get(range.clone()).unwrap_or_default(), at);
        }
        self.seen.is_partial |= stands != Stands::InNamedList;
        let of = Of {
            number: self.number,
            stands,
            at,
        };
        self.batches.add(of, piece);
        self.number += 1;
        Ok(())
    }
}
