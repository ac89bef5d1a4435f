//! The bytes of a file that is imported.
//!
//! In: its beginning and a reader of the rest. Out: the whole, where it must be held; else a reader that tells how far
//! it is.

use super::text;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::limits;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// Who is told how far a file is read: its name, the bytes read, all bytes if that is known.
pub type Watch<'a> = &'a (dyn Fn(&str, u64, Option<u64>) + Sync);

/// What a source that is not read piece by piece may have.
const MOST: u64 = limits::FILE as u64;

/// How many bytes are read between two words of progress.
const STEP: u64 = 1024 * 1024;

/// A file that is read once.
pub struct Stream<'a> {
    /// Its beginning.
    pub head: Vec<u8>,
    /// What follows it; none if the beginning is all.
    pub rest: Option<Box<dyn Read + Send>>,
    /// Whether it is too long for each of its resources to be kept.
    pub is_long: bool,
    /// How long it is, if that is known.
    pub size: Option<u64>,
    /// Its name.
    pub file: Arc<str>,
    /// Where faults are that have no better place.
    pub place: Place,
    /// Who is told how far it is read.
    pub progress: Option<Watch<'a>>,
}

impl<'a> Stream<'a> {
    /// Bytes that are held already.
    #[must_use]
    pub fn of(bytes: Vec<u8>, file: &Arc<str>, place: &Place) -> Self {
        Self {
            size: Some(bytes.len() as u64),
            head: bytes,
            rest: None,
            is_long: false,
            file: file.clone(),
            place: place.clone(),
            progress: None,
        }
    }

    /// Whether it is UTF-16, which is held to be converted.
    pub(crate) fn is_utf16(&self) -> bool {
        text::utf16(&self.head[..self.head.len().min(64)]).is_some()
    }

    /// All of it.
    ///
    /// # Errors
    /// That it is too large for that, or why it cannot be read.
    pub(crate) fn whole(self) -> Outcome<Vec<u8>> {
        let Self {
            mut head,
            rest,
            size,
            file,
            place,
            ..
        } = self;
        let too_large = || Err(vec![too_large(&file)]);
        if size.is_some_and(|size| size > MOST) {
            return too_large();
        }
        let left = MOST.saturating_sub(head.len() as u64);
        let rest = rest.map_or(Ok(0), |rest| rest.take(left + 1).read_to_end(&mut head));
        if let Err(error) = rest {
            return Err(vec![
                Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")).at(place),
            ]);
        }
        if head.len() as u64 > MOST { too_large() } else { Ok(head) }
    }

    /// A reader of all behind `skipped` bytes.
    pub(crate) fn reader(self, skipped: usize) -> Told<'a> {
        let mut head = Cursor::new(self.head);
        head.set_position(skipped as u64);
        Told {
            inner: head.chain(self.rest.unwrap_or_else(|| Box::new(std::io::empty()))),
            done: 0,
            next: STEP,
            size: self.size,
            file: self.file,
            progress: self.progress,
        }
    }
}

/// That a file cannot be held.
pub(crate) fn too_large(file: &str) -> Diagnostic {
    Diagnostic::new(Code::FileTooLarge, format!("`{file}` is too large to be read whole"))
        .at(Place::file(file))
        .help("states, lists, snapshots and tables are read piece by piece; templates, plans, stacks and workbooks may have 256 MiB")
}

/// Reads a file's beginning and its rest, and tells how far it is.
pub(crate) struct Told<'a> {
    inner: std::io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>,
    done: u64,
    next: u64,
    size: Option<u64>,
    file: Arc<str>,
    progress: Option<Watch<'a>>,
}

impl Read for Told<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.done += count as u64;
        if let Some(progress) = self.progress
            && self.done >= self.next
        {
            progress(&self.file, self.done, self.size);
            self.next = self.done + STEP;
        }
        Ok(count)
    }
}
