//! A tar archive, read once from its beginning to its end.
//!
//! In: a reader of it. Out: its members in their order, each with a reader that ends where the member does, or why it has
//! none: links are not followed, and what is no file is passed over.

use super::budget::Fault;
use super::layer::{CUT_OFF, DAMAGED, Source};
use super::member::{Content, Entry, Unread};
use crate::limits;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use tar::{EntryType, Header, PaxExtensions};

/// What tar reads and writes at once.
const BLOCK: u64 = 512;

/// How long what stands before a member and tells its name may be.
const NAMES: u64 = 1024 * 1024;

/// Whether a file that begins so is a tar archive: its first header has the sum that it says.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.first_chunk::<512>().is_some_and(|block| block[0] != 0 && is_header(block))
}

fn is_header(block: &[u8; 512]) -> bool {
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let field: u32 = block[148..156].iter().map(|byte| u32::from(*byte)).sum();
    // The field itself counts as blanks.
    let own = sum - field + 8 * u32::from(b' ');
    Header::from_byte_slice(block).cksum().is_ok_and(|said| said == own)
}

/// A tar archive.
pub(super) struct Tarred {
    tape: Arc<Mutex<Tape>>,
    entries: usize,
    ended: bool,
}

/// Where the reader is.
struct Tape {
    from: Source,
    /// How many bytes of the member are left.
    left: u64,
    /// How many blanks follow it.
    padding: u64,
    /// Which member it is.
    number: usize,
}

/// What stands before a member and is about it.
#[derive(Default)]
struct Told {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    is_sparse: bool,
}

impl Tarred {
    pub(super) fn new(from: Source) -> Self {
        Self {
            tape: Arc::new(Mutex::new(Tape {
                from,
                left: 0,
                padding: 0,
                number: 0,
            })),
            entries: 0,
            ended: false,
        }
    }

    /// The next member that is no folder; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut told = Told::default();
        while !self.ended {
            let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
            tape.pass_over()?;
            let Some(block) = tape.block()? else {
                // What packs the archive has its checksum at the end.
                io::copy(&mut tape.from, &mut io::sink())?;
                drop(tape);
                self.ended = true;
                break;
            };
            self.entries += 1;
            if self.entries > limits::MEMBERS {
                return Err(Fault::limit("has more than 100,000 members").into());
            }
            if !is_header(&block) {
                return Err(DAMAGED.into());
            }
            let header = Header::from_byte_slice(&block);
            let size = header.entry_size().map_err(|_| DAMAGED)?;
            let kind = header.entry_type();
            tape.begins(if is_about_next(kind) { size } else { told.size.unwrap_or(size) });
            if is_about_next(kind) {
                told.hears(kind, &tape.text()?);
                continue;
            }
            let Told { name, is_sparse, .. } = std::mem::take(&mut told);
            let name = name.unwrap_or_else(|| header.path_bytes().into_owned());
            if kind.is_dir() || name.ends_with(b"/") || matches!(kind, EntryType::XGlobalHeader) {
                continue;
            }
            tape.number += 1;
            let content = match kind {
                _ if is_sparse => Content::Unread(Unread::Sparse),
                EntryType::Regular | EntryType::Continuous => Content::Readable(Box::new(Reader {
                    tape: self.tape.clone(),
                    number: tape.number,
                })),
                EntryType::GNUSparse => Content::Unread(Unread::Sparse),
                EntryType::Link | EntryType::Symlink => Content::Unread(Unread::Link),
                _ => Content::Unread(Unread::NoFile),
            };
            return Ok(Some(Entry::new(&name, content)));
        }
        Ok(None)
    }
}

/// Whether an entry is no member but about the next one.
fn is_about_next(kind: EntryType) -> bool {
    matches!(kind, EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader)
}

impl Told {
    fn hears(&mut self, kind: EntryType, text: &[u8]) {
        if kind.is_gnu_longname() {
            self.name = Some(text.strip_suffix(b"\0").unwrap_or(text).to_vec());
        }
        if !kind.is_pax_local_extensions() {
            return;
        }
        for pair in PaxExtensions::new(text).filter_map(Result::ok) {
            match pair.key() {
                Ok("path") => self.name = Some(pair.value_bytes().to_vec()),
                Ok("size") => self.size = pair.value().ok().and_then(|size| size.parse().ok()),
                Ok(key) if key.starts_with("GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
    }
}

impl Tape {
    /// A member of this size begins here.
    fn begins(&mut self, size: u64) {
        self.left = size;
        self.padding = (BLOCK - size % BLOCK) % BLOCK;
    }

    /// Passes over what is left of the member.
    fn pass_over(&mut self) -> io::Result<()> {
        let all = self.left.saturating_add(self.padding);
        let passed = io::copy(&mut self.from.by_ref().take(all), &mut io::sink())?;
        // The padding of the last member is missing in what some programs write.
        let is_cut_off = passed < self.left;
        (self.left, self.padding) = (0, 0);
        if is_cut_off { Err(CUT_OFF.into()) } else { Ok(()) }
    }

    /// The next header; none at the end, which is a block of zeros or that of the file.
    fn block(&mut self) -> io::Result<Option<[u8; 512]>> {
        let mut block = [0; 512];
        let mut read = 0;
        while read < block.len() {
            match self.from.read(&mut block[read..]) {
                Ok(0) if read == 0 => return Ok(None),
                Ok(0) => return Err(CUT_OFF.into()),
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(block.iter().any(|byte| *byte != 0).then_some(block))
    }

    /// All of an entry that is about the next one.
    fn text(&mut self) -> io::Result<Vec<u8>> {
        if self.left > NAMES {
            return Err(DAMAGED.into());
        }
        let mut text = Vec::new();
        self.from.by_ref().take(self.left).read_to_end(&mut text)?;
        if (text.len() as u64) < self.left {
            return Err(CUT_OFF.into());
        }
        self.left = 0;
        Ok(text)
    }
}

/// Reads a member, as long as the archive is not read on.
struct Reader {
    tape: Arc<Mutex<Tape>>,
    number: usize,
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        if tape.number != self.number || tape.left == 0 || into.is_empty() {
            return Ok(0);
        }
        let most = usize::try_from(tape.left).unwrap_or(usize::MAX).min(into.len());
        let count = tape.from.read(&mut into[..most])?;
        if count == 0 {
            return Err(CUT_OFF.into());
        }
        tape.left -= count as u64;
        Ok(count)
    }
}
