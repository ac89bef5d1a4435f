//! How much may come out of what is packed.
//!
//! In: how many bytes were read of a file, and how many came out of them. Out: that it is enough, and in whatever layer that
//! was, the first thing that was wrong with it.

use super::layer::Source;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::limits;
use std::fmt;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// What is wrong with something packed. It travels as an [`io::Error`] through whoever reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    code: Code,
    /// Behind the file's name: `is cut off`.
    what: &'static str,
    help: &'static str,
}

impl Fault {
    /// That it cannot be unpacked.
    pub(super) const fn of(what: &'static str, help: &'static str) -> Self {
        let code = Code::CannotUnpack;
        Self { code, what, help }
    }

    /// That it goes beyond a limit.
    pub(super) const fn limit(what: &'static str) -> Self {
        Self {
            code: Code::LimitReached,
            what,
            help: "unpack it yourself if it is what you think it is; docs/limits.md lists all limits",
        }
    }

    /// The fault that an error of reading carries.
    pub(crate) fn carried(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }

    /// It in words.
    pub(crate) fn told(self, file: &str, place: &Place) -> Diagnostic {
        Diagnostic::new(self.code, format!("`{file}` {}", self.what))
            .at(place.clone())
            .help(self.help)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

/// What was read of a file, and what came out of it in all of its layers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Budget(Arc<Spent>);

#[derive(Debug, Default)]
struct Spent {
    read: AtomicU64,
    unpacked: AtomicU64,
}

impl Budget {
    /// So many bytes more of the file were read.
    pub(super) fn reads(&self, bytes: u64) {
        self.0.read.fetch_add(bytes, Ordering::Relaxed);
    }

    /// So many bytes more came out.
    ///
    /// # Errors
    /// That they are too many.
    pub(super) fn unpacks(&self, bytes: u64) -> Result<(), Fault> {
        let unpacked = self.0.unpacked.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if unpacked > limits::UNPACKED_TOTAL {
            return Err(Fault::limit("unpacks to more than 64 GiB"));
        }
        let read = self.0.read.load(Ordering::Relaxed);
        if unpacked > read.saturating_mul(limits::UNPACKED_TIMES).max(limits::UNPACKED) {
            return Err(Fault::limit("unpacks to more than 400 times its size"));
        }
        Ok(())
    }
}

/// What was wrong first with something packed. Whatever a reader makes of an error, this is why it was given one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trouble(Arc<OnceLock<Fault>>);

impl Trouble {
    /// The same reader, whose faults are noted here.
    pub(in crate::source) fn noting(&self, inner: Source) -> Source {
        Box::new(Noting {
            inner,
            trouble: self.clone(),
        })
    }

    /// What was wrong.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.0.get().copied()
    }
}

struct Noting {
    inner: Source,
    trouble: Trouble,
}

impl Read for Noting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into).inspect_err(|error| {
            if let Some(fault) = Fault::carried(error) {
                let _ = self.trouble.0.set(fault);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_the_limits_are() {
        assert_eq!(limits::UNPACKED_TIMES, 400);
        assert_eq!(limits::UNPACKED_TOTAL, 64 << 30);
    }
}
