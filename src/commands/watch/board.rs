//! What is shown to who is connected.
//!
//! In: each change. Out: what is shown now, and news of it for whoever waits.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is shown.
#[derive(Debug, Default, Clone)]
pub(super) struct Shown {
    /// The last good page.
    pub(super) html: Option<Arc<[u8]>>,
    /// The last good PDF.
    pub(super) pdf: Option<Arc<[u8]>>,
    /// What is wrong now; empty where nothing is.
    pub(super) problems: String,
    /// Counts changes, and says with which of them each document came.
    pub(super) version: u64,
    pub(super) html_since: u64,
    pub(super) pdf_since: u64,
}

/// Where what is shown is written down, for all who are connected.
#[derive(Debug, Default)]
pub(super) struct Board {
    shown: Mutex<Shown>,
    changed: Condvar,
}

impl Board {
    /// What is shown now.
    pub(super) fn read(&self) -> MutexGuard<'_, Shown> {
        // What is shown is whole after each change, so a thread that stopped in the middle of one harms nothing.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever waits for news looks whether there are any.
    pub(super) fn wake(&self) {
        // Nobody is between looking and waiting while this is held.
        drop(self.read());
        self.changed.notify_all();
    }

    /// Waits for news as long as this; whether it took that long.
    pub(super) fn wait<'b>(&self, shown: MutexGuard<'b, Shown>, patience: Duration) -> (MutexGuard<'b, Shown>, bool) {
        let waited = self.changed.wait_timeout(shown, patience);
        let (shown, late) = waited.unwrap_or_else(PoisonError::into_inner);
        (shown, late.timed_out())
    }

    /// Changes what is shown.
    pub(super) fn show(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.read();
        let (html, pdf) = (shown.html.clone(), shown.pdf.clone());
        change(&mut shown);
        shown.version += 1;
        let same = |one: Option<&Arc<[u8]>>, other: Option<&Arc<[u8]>>| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        if !same(html.as_ref(), shown.html.as_ref()) {
            shown.html_since = shown.version;
        }
        if !same(pdf.as_ref(), shown.pdf.as_ref()) {
            shown.pdf_since = shown.version;
        }
        drop(shown);
        self.changed.notify_all();
    }
}
