//! Who is connected: few at a time, and nobody keeps a place from somebody who asks for something.
//!
//! In: connections. Out: a seat for each. Where there is none left, the one goes that was idle longest: first who has not
//! said yet what it wants, then who takes its time to read an answer, then who only listens for news.

use super::board::Board;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most connections at a time.
const MOST: usize = 64;
/// Most of them that listen for news.
const LISTENERS: usize = 32;

/// What a connection is at. Those before others go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It has not said yet what it wants.
    Asking,
    /// It is being answered.
    Answered,
    /// It is told what changes, until it leaves.
    Listening,
}

struct Guest {
    stream: Arc<TcpStream>,
    stage: Stage,
    gone: Arc<AtomicBool>,
}

/// All connections, the oldest first.
#[derive(Default)]
pub(super) struct Guests(Mutex<Vec<Guest>>);

/// A place among the guests, given back when this ends.
pub(super) struct Seat {
    guests: Arc<Guests>,
    board: Arc<Board>,
    pub(super) stream: Arc<TcpStream>,
    gone: Arc<AtomicBool>,
}

impl Guests {
    fn all(&self) -> MutexGuard<'_, Vec<Guest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for a new connection, which always gets one.
    pub(super) fn seat(self: &Arc<Self>, stream: TcpStream, board: &Arc<Board>) -> Seat {
        let (stream, gone) = (Arc::new(stream), Arc::new(AtomicBool::new(false)));
        let mut all = self.all();
        while all.len() >= MOST {
            show_out(&mut all, |_| true);
        }
        all.push(Guest {
            stream: stream.clone(),
            stage: Stage::Asking,
            gone: gone.clone(),
        });
        drop(all);
        board.wake();
        Seat {
            guests: self.clone(),
            board: board.clone(),
            stream,
            gone,
        }
    }

    /// Shows out the idlest of all, so that what they hold of the system can be used for others.
    pub(super) fn make_room(&self, board: &Board, count: usize) {
        let mut all = self.all();
        for _ in 0..count {
            show_out(&mut all, |_| true);
        }
        drop(all);
        board.wake();
    }
}

/// Ends the connection of the first of the least stage.
fn show_out(all: &mut Vec<Guest>, of: impl Fn(&Guest) -> bool) {
    let candidates = all.iter().enumerate().filter(|(_, guest)| of(guest));
    if let Some(index) = candidates
        .min_by_key(|(index, guest)| (guest.stage, *index))
        .map(|(index, _)| index)
    {
        let guest = all.remove(index);
        guest.gone.store(true, Ordering::SeqCst);
        // Whoever has hung up already needs no goodbye.
        let _ = guest.stream.shutdown(Shutdown::Both);
    }
}

impl Seat {
    /// The guest is at something else now.
    pub(super) fn is_at(&self, stage: Stage) {
        let mut all = self.guests.all();
        if stage == Stage::Listening && all.iter().filter(|guest| guest.stage == Stage::Listening).count() >= LISTENERS {
            show_out(&mut all, |guest| guest.stage == Stage::Listening);
        }
        let own = all.iter_mut().find(|guest| Arc::ptr_eq(&guest.stream, &self.stream));
        if let Some(guest) = own {
            guest.stage = stage;
        }
        drop(all);
        self.board.wake();
    }

    /// Whether it was shown out.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::SeqCst)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.guests.all().retain(|guest| !Arc::ptr_eq(&guest.stream, &self.stream));
    }
}
