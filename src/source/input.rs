//! The bytes of a file or of standard input, without more of them in memory than is good.
//!
//! In: a path. Out: the whole, where it is small; else its beginning and a reader of the rest.

use crate::limits;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is smaller is read whole, unless the caller says otherwise.
pub(crate) const WHOLE: u64 = limits::WHOLE as u64;

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

/// An opened file.
pub(crate) enum Input {
    /// All of it.
    Whole(Vec<u8>),
    /// The beginning, and the rest to be read.
    Long {
        /// Its first bytes.
        head: Vec<u8>,
        /// What follows them.
        rest: Box<dyn Read + Send>,
        /// How long the whole is, if that is known.
        size: Option<u64>,
    },
}

impl Input {
    /// Opens a path; `-` is standard input. What has fewer than `bound` bytes is read whole.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn open(path: &Path, bound: u64) -> io::Result<Self> {
        if path.as_os_str() == "-" {
            return Self::standard(bound);
        }
        let file = File::open(path)?;
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
        Self::read(file, size, bound)
    }

    fn read(mut from: impl Read + Send + 'static, size: Option<u64>, bound: u64) -> io::Result<Self> {
        let begin = bound.max(BEGINNING);
        let mut head = Vec::new();
        head.try_reserve(usize::try_from(size.unwrap_or(0).min(begin) + 1).unwrap_or(0))?;
        from.by_ref().take(begin).read_to_end(&mut head)?;
        if (head.len() as u64) < bound {
            return Ok(Self::Whole(head));
        }
        Ok(Self::Long {
            head,
            rest: Box::new(from),
            size,
        })
    }

    /// Standard input: what is small is read once, however often it is asked for.
    fn standard(bound: u64) -> io::Result<Self> {
        static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
        if let Some(bytes) = INPUT.get() {
            return Ok(Self::Whole(bytes.clone()));
        }
        let input = Self::read(io::stdin(), None, bound)?;
        if let Self::Whole(bytes) = &input {
            let _ = INPUT.set(bytes.clone());
        }
        Ok(input)
    }

    /// Its beginning.
    pub(crate) fn head(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Long { head, .. } => head,
        }
    }

    /// All of it, if there is not more than this; else nothing.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn whole(self, most: u64) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Whole(bytes) => Ok(Some(bytes)),
            Self::Long { size: Some(size), .. } if size > most => Ok(None),
            Self::Long { mut head, rest, size } => {
                let left = most.saturating_sub(head.len() as u64);
                head.try_reserve(usize::try_from(size.unwrap_or(0).min(most)).unwrap_or(0))?;
                rest.take(left + 1).read_to_end(&mut head)?;
                Ok(if head.len() as u64 > most { None } else { Some(head) })
            }
        }
    }
}
