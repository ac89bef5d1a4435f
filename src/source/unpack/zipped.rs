//! A ZIP archive.
//!
//! In: where its bytes are. Out: its members as its list of contents has them, sorted by their names, each with a reader of what
//! it unpacks to, or why it has none. Sizes and checksums are those of the list.

use super::budget::{Budget, Fault};
use super::layer::{CUT_OFF, DAMAGED, Source};
use super::member::{Content, Entry, Unread};
use crate::limits;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use zip::{CompressionMethod, ZipArchive};

/// Whether a file that begins so is a ZIP archive, perhaps an empty one.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Where the bytes of an archive are.
#[derive(Debug, Clone)]
pub(super) enum Bytes {
    File(PathBuf),
    Held(Arc<[u8]>),
}

trait Seeking: Read + Seek + Send {}
impl<R: Read + Seek + Send> Seeking for R {}

impl Bytes {
    fn open(&self) -> io::Result<Box<dyn Seeking>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Held(bytes) => Box::new(Cursor::new(bytes.clone())),
        })
    }
}

const TOO_MANY: Fault = Fault::limit("has more than 100,000 members");

/// How many members the end of an archive says that there are, before any of them is held.
fn listed(from: &mut (impl Read + Seek), length: u64) -> io::Result<usize> {
    // The end has a comment of up to 64 KiB; that of long archives stands before it.
    let begin = length.saturating_sub(66 * 1024);
    from.seek(SeekFrom::Start(begin))?;
    let mut tail = Vec::new();
    from.by_ref().take(66 * 1024).read_to_end(&mut tail)?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").ok_or(DAMAGED)?;
    let short = tail.get(end + 10..).and_then(<[u8]>::first_chunk).ok_or(DAMAGED)?;
    let short = u16::from_le_bytes(*short);
    if short != u16::MAX {
        return Ok(usize::from(short));
    }
    let end = memchr::memmem::rfind(&tail, b"PK\x06\x06").ok_or(DAMAGED)?;
    let long = tail.get(end + 32..).and_then(<[u8]>::first_chunk).ok_or(DAMAGED)?;
    Ok(usize::try_from(u64::from_le_bytes(*long)).unwrap_or(usize::MAX))
}

/// A ZIP archive.
pub(super) struct Zipped {
    bytes: Bytes,
    budget: Budget,
    members: std::vec::IntoIter<Listed>,
}

/// What the list of contents says of a member.
struct Listed {
    name: String,
    header: u64,
    packed: u64,
    size: u64,
    crc: u32,
    method: CompressionMethod,
    unread: Option<Unread>,
}

impl Zipped {
    /// Reads the list of contents.
    ///
    /// # Errors
    /// That there is none, or that it is too long.
    pub(super) fn new(bytes: Bytes, budget: &Budget) -> io::Result<Self> {
        let mut from = bytes.open()?;
        let length = from.seek(SeekFrom::End(0))?;
        budget.reads(length);
        let mut from = BufReader::new(from);
        let is_too_long = |members: usize| members > limits::MEMBERS;
        if is_too_long(listed(&mut from, length)?) {
            return Err(TOO_MANY.into());
        }
        let list = ZipArchive::new(from).map_err(|_| DAMAGED)?;
        if is_too_long(list.len()) {
            return Err(TOO_MANY.into());
        }
        if list.has_duplicate_names() {
            return Err(Fault::of(
                "has two members of one name, of which programs unpack different ones",
                "pack it again",
            )
            .into());
        }
        let mut members = Vec::new();
        for index in 0..list.len() {
            let entry = list.by_index_data(index).map_err(|_| DAMAGED)?;
            if entry.is_dir() {
                continue;
            }
            let method = entry.compression();
            let unread = if entry.is_symlink() {
                Some(Unread::Link)
            } else if entry.encrypted() {
                Some(Unread::Encrypted)
            } else {
                (![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method)).then_some(Unread::Method)
            };
            let name = entry
                .name()
                .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), Into::into);
            members.push(Listed {
                name,
                header: entry.header_start(),
                packed: entry.compressed_size(),
                size: entry.size(),
                crc: entry.crc32(),
                method,
                unread,
            });
        }
        members.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self {
            bytes,
            budget: budget.clone(),
            members: members.into_iter(),
        })
    }

    /// Whether there is a member of this name that was not read yet.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.as_slice().iter().any(|member| member.name == name)
    }

    /// The next member; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some(member) = self.members.next() else { return Ok(None) };
        let content = match member.unread {
            Some(unread) => Content::Unread(unread),
            None => Content::Readable(self.reader(&member)?),
        };
        Ok(Some(Entry::new(member.name.as_bytes(), content)))
    }

    fn reader(&self, member: &Listed) -> io::Result<Source> {
        let mut from = self.bytes.open()?;
        from.seek(SeekFrom::Start(member.header))?;
        let mut header = [0; 30];
        from.read_exact(&mut header).map_err(|_| CUT_OFF)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(DAMAGED.into());
        }
        let length = |at: usize| i64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        from.seek(SeekFrom::Current(length(26) + length(28)))?;
        let packed = BufReader::with_capacity(64 * 1024, from.take(member.packed));
        let inner: Source = if member.method == CompressionMethod::Stored {
            Box::new(packed)
        } else {
            Box::new(DeflateDecoder::new(packed))
        };
        Ok(Box::new(Checked {
            inner,
            budget: self.budget.clone(),
            left: member.size,
            crc: Crc::new(),
            expected: member.crc,
        }))
    }
}

/// Holds what a member unpacks to against what the list of contents says of it.
struct Checked {
    inner: Source,
    budget: Budget,
    left: u64,
    crc: Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ if error.raw_os_error().is_some() => error,
            io::ErrorKind::UnexpectedEof => CUT_OFF.into(),
            _ => DAMAGED.into(),
        })?;
        if count == 0 && !into.is_empty() {
            let is_whole = self.left == 0 && self.crc.sum() == self.expected;
            return if is_whole { Ok(0) } else { Err(DAMAGED.into()) };
        }
        self.budget.unpacks(count as u64)?;
        self.crc.update(&into[..count]);
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(DAMAGED.into()),
        }
        Ok(count)
    }
}
