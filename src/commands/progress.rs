//! What a long run is at, for whoever watches a terminal.
//!
//! In: steps, and bytes read. Out: one line on standard error that is written over, from the second second on, with what is read
//! and how long the rest will take; nothing at all where that is no terminal, or where no thread can be started to write it.

use super::say_styled;
use crate::diagnostics::characters::spelt_out;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is done sooner needs no word.
const SOON: Duration = Duration::from_secs(1);

/// How long a line stands.
const PAUSE: Duration = Duration::from_millis(200);

/// Before so much of a step is done nobody can say how long the rest takes.
const LEAST_SHARE: f64 = 0.02;

const MIB: u64 = 1024 * 1024;

/// A line of progress. It is taken away when this ends.
#[derive(Debug)]
pub(super) struct Progress(Option<Line>);

#[derive(Debug)]
struct Line {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    step: Option<Step>,
    has_ended: bool,
}

/// What is done.
#[derive(Debug, Clone)]
struct Step {
    what: String,
    began: Instant,
    done: u64,
    size: Option<u64>,
}

impl Progress {
    /// Progress on standard error.
    pub(super) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        let writer = std::thread::Builder::new().spawn(move || own.write());
        Self(writer.ok().map(|writer| Line {
            shared,
            writer: Some(writer),
        }))
    }

    /// Says that something else is done now.
    pub(super) fn step(&self, what: &str) {
        self.set(what, 0, None);
    }

    /// Says how much of a file is read.
    pub(super) fn at(&self, file: &str, done: u64, size: Option<u64>) {
        if self.0.is_some() {
            self.set(&format!("reading {}", spelt_out(file)), done, size);
        }
    }

    fn set(&self, what: &str, done: u64, size: Option<u64>) {
        let Some(line) = &self.0 else { return };
        let mut state = line.shared.state();
        match &mut state.step {
            Some(step) if step.what == what => {
                step.done = done;
                step.size = size;
            }
            step => {
                *step = Some(Step {
                    what: what.to_owned(),
                    began: Instant::now(),
                    done,
                    size,
                });
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the line over and over until all has ended.
    fn write(&self) {
        let began = Instant::now();
        let mut is_shown = false;
        let mut state = self.state();
        while !state.has_ended {
            let pause = if began.elapsed() < SOON {
                SOON.saturating_sub(began.elapsed())
            } else {
                PAUSE
            };
            state = self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner).0;
            if state.has_ended || began.elapsed() < SOON {
                continue;
            }
            if let Some(step) = state.step.clone() {
                drop(state);
                is_shown = true;
                say_styled(&format!("\r\u{1b}[K{}", step.line(step.began.elapsed())));
                state = self.state();
            }
        }
        if is_shown {
            say_styled("\r\u{1b}[K");
        }
    }
}

impl Step {
    /// What is said of it after some time.
    fn line(&self, after: Duration) -> String {
        let mut line = self.what.clone();
        let share = self.size.filter(|size| *size > 0).map(|size| (self.done.min(size), size));
        if let Some((done, size)) = share {
            let _ = write!(line, ": {} % of {} MiB", done * 100 / size, size / MIB);
            let share = done as f64 / size as f64;
            if (LEAST_SHARE..1.0).contains(&share) {
                let left = after.div_f64(share).saturating_sub(after).as_secs() + 1;
                let _ = match left {
                    0..=99 => write!(line, ", {left} s left"),
                    _ => write!(line, ", {} min left", left.div_ceil(60)),
                };
            }
        } else if self.done > 0 {
            let _ = write!(line, ": {} MiB", self.done / MIB);
        }
        line
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = &mut self.0 {
            line.shared.state().has_ended = true;
            line.shared.changed.notify_all();
            // One that panicked has shown its last line.
            if let Some(writer) = line.writer.take() {
                let _ = writer.join();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_read_and_how_much_is_left() {
        let line = |done, size, seconds| {
            let step = Step {
                what: "reading a".to_owned(),
                began: Instant::now(),
                done: done * MIB,
                size,
            };
            step.line(Duration::from_secs(seconds))
        };
        assert_eq!(line(0, None, 3), "reading a");
        assert_eq!(line(48, None, 3), "reading a: 48 MiB");
        assert_eq!(line(100, Some(400 * MIB), 4), "reading a: 25 % of 400 MiB, 13 s left");
        assert_eq!(line(4, Some(400 * MIB), 4), "reading a: 1 % of 400 MiB");
        assert_eq!(line(10, Some(400 * MIB), 10), "reading a: 2 % of 400 MiB, 7 min left");
        assert_eq!(line(500, Some(400 * MIB), 4), "reading a: 100 % of 400 MiB");
    }
}
