//! How far a long file is read, for whoever watches a terminal.
//!
//! In: bytes read. Out: one line on standard error that is written over, and nothing at all where that is no terminal.

use super::say_styled;
use crate::diagnostics::characters::spelt_out;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// A line of progress. It is taken away when this ends.
#[derive(Debug)]
pub(super) struct Progress {
    watched: bool,
    shown: AtomicBool,
}

impl Progress {
    /// Progress on standard error.
    pub(super) fn new() -> Self {
        Self {
            watched: std::io::stderr().is_terminal(),
            shown: AtomicBool::new(false),
        }
    }

    /// Shows how much of a file is read.
    pub(super) fn at(&self, file: &str, done: u64, size: Option<u64>) {
        if !self.watched {
            return;
        }
        let mib = |bytes: u64| bytes / (1024 * 1024);
        let share = match size {
            Some(size) if size > 0 => format!("{} % of {} MiB", (done * 100 / size).min(100), mib(size)),
            _ => format!("{} MiB", mib(done)),
        };
        self.shown.store(true, Ordering::Relaxed);
        say_styled(&format!("\r\u{1b}[Kreading {}: {share}", spelt_out(file)));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.load(Ordering::Relaxed) {
            say_styled("\r\u{1b}[K");
        }
    }
}
