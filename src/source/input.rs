//! The bytes of a file or of standard input, without more of them in memory than is good.
//!
//! In: a path. Out: the whole, where it is small; else its beginning and a reader of the rest. What is packed is unpacked on
//! the way.

use super::stream::{Stream, Watch};
use super::unpack::{self, Opened, Source, Trouble};
use crate::diagnostics::{Outcome, Place};
use crate::{limits, memory};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is smaller is read whole, unless the caller says otherwise.
pub(crate) const WHOLE: u64 = limits::WHOLE as u64;

/// What is not longer has room in memory from the beginning, where that is not little: to grow is to copy what was read.
const ROOM: u64 = 4 * WHOLE;

/// How much of a file tells what it is.
const BEGINNING: u64 = 4 * 1024 * 1024;

/// The seal of what was read: how many bytes, and their SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

impl Seal {
    /// Its SHA-256 as it is printed.
    #[must_use]
    pub fn hex(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A reader that seals what it reads; its clones read on where the others are.
#[derive(Clone)]
pub(crate) struct Sealing(Arc<Mutex<Sealed>>);

struct Sealed {
    inner: Box<dyn Read + Send>,
    digest: Sha256,
    bytes: u64,
}

impl Sealing {
    /// Behind a beginning that was read already.
    pub(crate) fn new(head: &[u8], inner: Box<dyn Read + Send>) -> Self {
        Self(Arc::new(Mutex::new(Sealed {
            inner,
            digest: Sha256::new_with_prefix(head),
            bytes: head.len() as u64,
        })))
    }

    /// The seal of the whole, read to its end, whoever had enough of it before.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn finish(mut self) -> io::Result<Seal> {
        io::copy(&mut self, &mut io::sink())?;
        let sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Seal {
            bytes: sealed.bytes,
            sha256: sealed.digest.clone().finalize().into(),
        })
    }
}

impl Read for Sealing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut sealed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = sealed.inner.read(into)?;
        sealed.digest.update(&into[..count]);
        sealed.bytes += count as u64;
        Ok(count)
    }
}

/// Whether a path leads to something that can be read only once, such as a pipe.
pub(crate) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-" || std::fs::metadata(path).is_ok_and(|of| !of.is_file() && !of.is_dir())
}

/// A file, or what one unpacks to.
pub(crate) struct Input {
    /// Its first bytes.
    head: Vec<u8>,
    /// What follows them; none if that is all.
    rest: Option<Source>,
    /// Whether it is too long for each of its resources to be kept.
    is_long: bool,
    /// How long the whole is, if that is known.
    size: Option<u64>,
    /// Where it is noted what is wrong with how it is packed, if it is.
    trouble: Option<Trouble>,
    /// What seals the packed bytes, where that is asked for.
    sealing: Option<Sealing>,
}

impl Input {
    /// Opens a path; `-` is standard input. What has fewer than `bound` bytes is read whole, as it unpacks. `seals`: whether
    /// the checksum of what is packed is taken.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn open(path: &Path, bound: u64, seals: bool) -> io::Result<Opened> {
        let file = if path.as_os_str() == "-" {
            Self::standard(bound)?
        } else {
            let file = File::open(path)?;
            let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
            Self::read(file, size, bound)?
        };
        unpack::open(file, path, bound, seals)
    }

    fn read(mut from: impl Read + Send + 'static, size: Option<u64>, bound: u64) -> io::Result<Self> {
        let begin = bound.max(BEGINNING);
        let mut head = Vec::new();
        let known = size.unwrap_or(0);
        let room = if known <= ROOM && !memory::is_little() { ROOM } else { begin };
        head.try_reserve(usize::try_from(known.min(room) + 1).unwrap_or(0))?;
        from.by_ref().take(begin).read_to_end(&mut head)?;
        let is_whole = (head.len() as u64) < bound;
        Ok(Self {
            size: if is_whole { Some(head.len() as u64) } else { size },
            head,
            rest: if is_whole { None } else { Some(Box::new(from)) },
            is_long: !is_whole,
            trouble: None,
            sealing: None,
        })
    }

    /// What something unpacks to.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn unpacked(from: Source, bound: u64) -> io::Result<Self> {
        let trouble = Trouble::default();
        let input = Self::read(trouble.noting(from), None, bound)?;
        Ok(Self {
            trouble: Some(trouble),
            ..input
        })
    }

    /// The same, with what seals the packed bytes.
    pub(super) fn sealed_by(self, sealing: Option<Sealing>) -> Self {
        Self { sealing, ..self }
    }

    /// Standard input: what is small is read once, however often it is asked for.
    fn standard(bound: u64) -> io::Result<Self> {
        static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
        if let Some(bytes) = INPUT.get() {
            return Self::read(Cursor::new(bytes.clone()), None, bytes.len() as u64 + 1);
        }
        let input = Self::read(io::stdin(), None, bound)?;
        if input.rest.is_none() {
            let _ = INPUT.set(input.head.clone());
        }
        Ok(input)
    }

    /// Its beginning.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether it is too long to be held.
    pub(crate) fn is_long(&self) -> bool {
        self.is_long
    }

    /// Whether all of it is at hand.
    pub(crate) fn is_held(&self) -> bool {
        self.rest.is_none()
    }

    /// The same with all of it at hand, if there is not more than this.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn held(mut self, most: u64) -> io::Result<Self> {
        let Some(rest) = self.rest.take() else { return Ok(self) };
        let left = most.saturating_sub(self.head.len() as u64);
        let mut rest = rest.take(left);
        rest.read_to_end(&mut self.head)?;
        let mut rest = rest.into_inner();
        let mut next = [0];
        let count = rest.read(&mut next)?;
        self.head.extend_from_slice(&next[..count]);
        self.rest = (count > 0).then_some(rest);
        Ok(self)
    }

    /// Whether it is known to be longer than so many bytes.
    pub(crate) fn is_longer_than(&self, bytes: u64) -> bool {
        self.size.is_some_and(|size| size > bytes)
    }

    /// Whether it was packed.
    pub(crate) fn is_packed(&self) -> bool {
        self.trouble.is_some()
    }

    /// The same once more, where all of it is held.
    pub(crate) fn copy(&self) -> Option<Self> {
        self.rest.is_none().then(|| Self {
            head: self.head.clone(),
            rest: None,
            is_long: self.is_long,
            size: self.size,
            trouble: self.trouble.clone(),
            sealing: None,
        })
    }

    /// A reader of all of it.
    pub(super) fn into_reader(self) -> Source {
        let head = Cursor::new(self.head);
        match self.rest {
            None => Box::new(head),
            Some(rest) => Box::new(head.chain(rest)),
        }
    }

    /// All of it, if there is not more than this; else nothing.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn whole(self, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(rest) = self.rest else { return Ok(Some(self.head)) };
        if self.size.is_some_and(|size| size > most) {
            return Ok(None);
        }
        let mut head = self.head;
        let left = most.saturating_sub(head.len() as u64);
        let behind = self.size.unwrap_or(0).saturating_sub(head.len() as u64);
        head.try_reserve(usize::try_from(behind.min(left)).unwrap_or(0))?;
        rest.take(left + 1).read_to_end(&mut head)?;
        Ok(if head.len() as u64 > most { None } else { Some(head) })
    }

    /// The stream of it under a name, and what is kept of it to be asked afterwards. `seals`: whether its checksum is taken.
    pub(crate) fn stream<'w>(self, file: &Arc<str>, place: &Place, progress: Option<Watch<'w>>, seals: bool) -> (Stream<'w>, Kept) {
        let own = seals && self.trouble.is_none();
        let (sealing, rest) = if own {
            let sealing = Sealing::new(&self.head, self.rest.unwrap_or_else(|| Box::new(io::empty())));
            (Some(sealing.clone()), Some(Box::new(sealing) as Source))
        } else {
            (self.sealing, self.rest)
        };
        let stream = Stream {
            head: self.head,
            rest,
            is_long: self.is_long,
            size: self.size,
            file: file.clone(),
            place: place.clone(),
            progress,
        };
        let trouble = self.trouble;
        (stream, Kept { sealing, trouble })
    }
}

/// What is kept of a file whose stream was given to a reader.
pub(crate) struct Kept {
    sealing: Option<Sealing>,
    trouble: Option<Trouble>,
}

impl Kept {
    /// What a reader said, or why it could not read on, if that is how the file is packed.
    ///
    /// # Errors
    /// What the reader said.
    pub(crate) fn judged<T>(&self, read: Outcome<T>, file: &str, place: &Place) -> Outcome<T> {
        match self.trouble.as_ref().and_then(Trouble::fault) {
            Some(fault) => Err(vec![fault.told(file, place)]),
            None => read,
        }
    }

    /// The seal of the file, read to its end.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn seal(self) -> io::Result<Option<Seal>> {
        self.sealing.map(Sealing::finish).transpose()
    }
}
