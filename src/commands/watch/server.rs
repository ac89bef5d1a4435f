//! A server for one reader on this machine.
//!
//! In: what is to be shown. Out: a page around the report, the report itself, and a stream of events that tells the page
//! when to load it again. Listens on 127.0.0.1 alone and answers GET alone; see [`super::request`] for whom, and
//! [`super::guests`] for how many. Our own, since it does a tenth of what servers do: of the small ones none is kept up
//! that ends a request which comes too slowly.

use super::board::{Board, Shown};
use super::guests::{Guests, Seat, Stage};
use super::reply::Reply;
use super::request;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a reader may take to ask, all in all.
const TO_ASK: Duration = Duration::from_secs(10);
/// How long a reader may take to read an answer, all in all.
const TO_READ: Duration = Duration::from_secs(60);
/// How often a stream of events says that it still lives.
const PULSE: Duration = Duration::from_secs(15);
/// How long to wait where no connection can be accepted, at first and at most.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(1)];
/// How many connections end where the system has no room for another: files must be opened, too.
const ROOM: usize = 8;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// The server; it runs until the program ends.
pub(super) struct Server {
    address: SocketAddr,
    board: Arc<Board>,
}

impl Server {
    /// Starts listening.
    pub(super) fn start(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let board = Arc::new(Board::default());
        let shared = board.clone();
        std::thread::Builder::new().spawn(move || serve(&listener, address.port(), &shared))?;
        Ok(Self { address, board })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what is shown.
    pub(super) fn show(&self, change: impl FnOnce(&mut Shown)) {
        self.board.show(change);
    }
}

/// Accepts connections, one thread each, whatever happens to any of them.
fn serve(listener: &TcpListener, port: u16, board: &Arc<Board>) {
    let guests = Arc::new(Guests::default());
    let mut pause = PAUSES[0];
    loop {
        let accepted = listener.accept().and_then(|(stream, _)| {
            let seat = guests.seat(stream, board);
            let board = board.clone();
            let thread = std::thread::Builder::new();
            // A reader that goes away in the middle of an answer is none of our troubles.
            thread.spawn(move || drop(answer(&seat, port, &board)))
        });
        if accepted.is_ok() {
            pause = PAUSES[0];
            continue;
        }
        // Most often there are no descriptors left, or no threads.
        guests.make_room(board, ROOM);
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSES[1]);
    }
}

fn answer(seat: &Seat, port: u16, board: &Board) -> io::Result<()> {
    let asked = request::read(&seat.stream, port, Instant::now() + TO_ASK)?;
    seat.is_at(Stage::Answered);
    let path = match asked {
        Ok(path) => path,
        Err(refusal) => return send(&seat.stream, &refusal),
    };
    let shown = board.read().clone();
    let reply = match path.as_str() {
        "/" => Reply::fixed("text/html; charset=utf-8", PAGE),
        "/page.js" => Reply::fixed("text/javascript; charset=utf-8", SCRIPT),
        "/page.css" => Reply::fixed("text/css; charset=utf-8", STYLE),
        "/events" => return events(seat, board),
        "/report.html" => Reply::document(shown.html, "text/html; charset=utf-8"),
        "/report.pdf" => Reply::document(shown.pdf, "application/pdf"),
        _ => Reply::NOTHING_HERE,
    };
    send(&seat.stream, &reply)
}

fn send(stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    let body = reply.body();
    // The report has a policy of its own; this one is for the page around it.
    let policy = if body == PAGE.as_bytes() {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'\r\n"
    } else {
        ""
    };
    let (status, kind, length) = (reply.status, reply.kind, body.len());
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nX-Frame-Options: SAMEORIGIN\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Referrer-Policy: no-referrer\r\n{policy}Connection: close\r\n\r\n"
    );
    let deadline = Instant::now() + TO_READ;
    write(stream, head.as_bytes(), deadline)?;
    write(stream, body, deadline)
}

/// Writes all before patience ends, however slowly it is read.
fn write(stream: &TcpStream, bytes: &[u8], deadline: Instant) -> io::Result<()> {
    let mut rest = bytes;
    let mut writer = stream;
    while !rest.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_write_timeout(Some(left))?;
        match writer.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    writer.flush()
}

/// A stream of events (the HTML standard's server-sent events): one for each change, from the present state on.
fn events(seat: &Seat, board: &Board) -> io::Result<()> {
    seat.is_at(Stage::Listening);
    let stream = &seat.stream;
    write(
        stream,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
        Instant::now() + TO_ASK,
    )?;
    let mut told = None;
    loop {
        let mut shown = board.read();
        while told == Some(shown.version) {
            if seat.is_gone() {
                return Ok(());
            }
            let (next, is_late) = board.wait(shown, PULSE);
            shown = next;
            if is_late && told == Some(shown.version) {
                break;
            }
        }
        let event = if told == Some(shown.version) {
            ": still here\n\n".to_owned()
        } else {
            told = Some(shown.version);
            let state = serde_json::json!({
                "version": shown.version,
                // Another number is another document.
                "html": shown.html.as_ref().map(|_| shown.html_since),
                "pdf": shown.pdf.as_ref().map(|_| shown.pdf_since),
                "problems": shown.problems,
            });
            format!("data: {state}\n\n")
        };
        drop(shown);
        write(stream, event.as_bytes(), Instant::now() + TO_ASK)?;
    }
}
