//! Lists of items of any length: AWS Config, the Resource Groups Tagging API, Resource Explorer.
//!
//! In: a reader. Out: the resources of the items, counted.

use super::super::text::{ANSWER, is_noise};
use super::super::{LeftOut, secrets};
use super::group::{Counter, Tally, Wanted};
use super::split::{Splitter, Stop};
use super::state::{start, stopped};
use super::{Entry, Long, in_parallel};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use serde_json::Value;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

const BATCH: usize = 256 * 1024;

/// What makes a resource of an item, by its number.
type Resource = fn(Value, usize) -> Entry;

#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    items: Vec<(Range<usize>, usize)>,
}

/// Reads the items of the lists of these names.
pub(super) fn read(long: Long<'_>, lists: &[&str], resource: Resource, wanted: &Wanted<'_>) -> Outcome<Tally> {
    let file = long.file.clone();
    let (start, lines) = start(&long.head);
    let mut reader = Splitter::new(long.reader(start), lines);
    in_parallel(
        wanted,
        |send| {
            let mut cutter = Cutter {
                send,
                lists,
                batch: Batch::default(),
                number: 0,
            };
            cutter
                .documents(&mut reader)
                .map_err(|stop| vec![stopped(stop, &mut reader, &file, ANSWER.help)])
        },
        |batch: Batch, tally, counter| batch.count(tally, counter, resource, &file),
    )
}

struct Cutter<'a> {
    send: &'a mut dyn FnMut(Batch) -> bool,
    lists: &'a [&'a str],
    batch: Batch,
    number: usize,
}

impl Cutter<'_> {
    /// Several documents may stand one behind the other.
    fn documents<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Stop> {
        self.document(reader, 0)?;
        loop {
            match reader.peek() {
                Ok(b'{' | b'[') => self.document(reader, 0)?,
                Ok(_) => {
                    let tail = reader.tail()?;
                    if !is_noise(&tail) {
                        return Err(Stop::Syntax("other text follows the end of the JSON"));
                    }
                    break;
                }
                Err(Stop::Eof) => break,
                Err(stop) => return Err(stop),
            }
        }
        self.hand_on();
        Ok(())
    }

    fn document<R: Read>(&mut self, reader: &mut Splitter<R>, depth: usize) -> Result<(), Stop> {
        let mut first = true;
        match reader.peek()? {
            b'[' => self.list(reader),
            _ => {
                reader.expect(b'{', "expected a map")?;
                while reader.another(b'}', first)? {
                    first = false;
                    let key = reader.key()?;
                    let next = reader.peek()?;
                    if self.lists.contains(&key.as_str()) && next == b'[' {
                        self.list(reader)?;
                    } else if key == "data" && next == b'{' && depth == 0 {
                        self.document(reader, 1)?;
                    } else {
                        reader.skip()?;
                    }
                }
                Ok(())
            }
        }
    }

    fn list<R: Read>(&mut self, reader: &mut Splitter<R>) -> Result<(), Stop> {
        reader.expect(b'[', "expected a list")?;
        let mut first = true;
        while reader.another(b']', first)? {
            first = false;
            let range = reader.value()?;
            let begin = self.batch.bytes.len();
            self.batch.bytes.extend_from_slice(reader.bytes(&range));
            self.batch.items.push((begin..self.batch.bytes.len(), self.number));
            self.number += 1;
            if self.batch.bytes.len() >= BATCH {
                self.hand_on();
            }
        }
        Ok(())
    }

    fn hand_on(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        if !batch.items.is_empty() {
            let _ = (self.send)(batch);
        }
    }
}

impl Batch {
    fn count(self, tally: &mut Tally, counter: &mut Counter<'_, '_>, resource: Resource, file: &Arc<str>) -> Result<(), Diagnostic> {
        for (range, number) in self.items {
            let mut item: Value = serde_json::from_slice(&self.bytes[range]).map_err(|_| {
                Diagnostic::new(Code::SyntaxError, format!("item {} cannot be decoded", number + 1))
                    .at(Place::file(file.clone()))
                    .help(ANSWER.help)
            })?;
            // An item may be a text that is JSON itself.
            if let Value::String(text) = &item {
                item = serde_json::from_str(text).unwrap_or_default();
            }
            match resource(item, number) {
                Entry::Resource(mut found) => {
                    found.tags = secrets::open_tags(counter.wanted.tags(std::mem::take(&mut found.tags)));
                    counter.add(*found, number as u64, tally);
                }
                Entry::Gone => {}
                Entry::Broken => tally.leave_out(number as u64, || {
                    let what = format!("item {} of `{file}` does not say what it is and is left out", number + 1);
                    LeftOut::warning(&what, ANSWER.help).at(Place::file(file.clone()))
                }),
            }
        }
        Ok(())
    }
}
