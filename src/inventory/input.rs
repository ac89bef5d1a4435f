//! The bytes of a file or of standard input, without more of them in memory than is good.
//!
//! In: a path. Out: the whole, where it is small; else its beginning and a reader of the rest.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;

/// What is smaller is read whole.
const WHOLE: u64 = 32 * 1024 * 1024;

/// What a source that is not read piece by piece may have.
pub(super) const MOST: u64 = 256 * 1024 * 1024;

/// An opened file.
pub(super) enum Input {
    /// All of it.
    Whole(Vec<u8>),
    /// The beginning, and the rest to be read.
    Long {
        /// The first [`WHOLE`] bytes.
        head: Vec<u8>,
        /// What follows them.
        rest: Box<dyn Read + Send>,
        /// How long the whole is, if that is known.
        size: Option<u64>,
    },
}

impl Input {
    /// Opens a path; `-` is standard input.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == "-" {
            return Self::standard();
        }
        let file = File::open(path)?;
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
        Self::read(file, size)
    }

    fn read(mut from: impl Read + Send + 'static, size: Option<u64>) -> io::Result<Self> {
        let mut head = Vec::with_capacity(usize::try_from(size.unwrap_or(0).min(WHOLE) + 1).unwrap_or(0));
        from.by_ref().take(WHOLE).read_to_end(&mut head)?;
        if (head.len() as u64) < WHOLE {
            return Ok(Self::Whole(head));
        }
        Ok(Self::Long {
            head,
            rest: Box::new(from),
            size,
        })
    }

    /// Standard input: what is small is read once, however often it is asked for.
    fn standard() -> io::Result<Self> {
        static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
        if let Some(bytes) = INPUT.get() {
            return Ok(Self::Whole(bytes.clone()));
        }
        let input = Self::read(io::stdin(), None)?;
        if let Self::Whole(bytes) = &input {
            let _ = INPUT.set(bytes.clone());
        }
        Ok(input)
    }

    /// Its beginning.
    pub(super) fn head(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            Self::Long { head, .. } => head,
        }
    }

    /// All of it, if there is not more than this; else nothing.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) fn whole(self, most: u64) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Whole(bytes) => Ok(Some(bytes)),
            Self::Long { size: Some(size), .. } if size > most => Ok(None),
            Self::Long { mut head, rest, .. } => {
                let left = most.saturating_sub(head.len() as u64);
                rest.take(left + 1).read_to_end(&mut head)?;
                Ok(if head.len() as u64 > most { None } else { Some(head) })
            }
        }
    }
}
