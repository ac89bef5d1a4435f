//! A server for one reader on this machine.
//!
//! In: what is to be shown. Out: a page around the report, the report itself, and a stream of events that tells the page
//! when to load it again. Listens on 127.0.0.1 alone, answers GET alone, and only requests that name it as their host, so
//! that no web page of somebody else's can read the report through a name that leads here.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most bytes of a request's head.
const HEAD_LIMIT: u64 = 16 * 1024;
/// Most connections at a time.
const MOST: usize = 64;
/// How long a reader may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a stream of events says that it still lives.
const PULSE: Duration = Duration::from_secs(15);

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

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
    version: u64,
    html_since: u64,
    pdf_since: u64,
}

#[derive(Debug, Default)]
struct Board {
    shown: Mutex<Shown>,
    changed: Condvar,
}

impl Board {
    fn read(&self) -> MutexGuard<'_, Shown> {
        // What is shown is whole after each change, so a thread that stopped in the middle of one harms nothing.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        let (shared, open) = (board.clone(), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if open.fetch_add(1, Ordering::SeqCst) >= MOST {
                    open.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let (board, open) = (shared.clone(), open.clone());
                std::thread::spawn(move || {
                    // A reader that goes away in the middle of an answer is none of our troubles.
                    let _ = answer(stream, address, &board);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Ok(Self { address, board })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what is shown.
    pub(super) fn show(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.board.read();
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
        self.board.changed.notify_all();
    }
}

fn answer(stream: TcpStream, address: SocketAddr, board: &Board) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?.take(HEAD_LIMIT));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut host = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("host")
        {
            host = Some(value.trim().to_owned());
        }
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let own = [format!("127.0.0.1:{}", address.port()), format!("localhost:{}", address.port())];
    if !host.is_some_and(|host| own.contains(&host)) {
        return send(
            stream,
            "403 Forbidden",
            "text/plain; charset=utf-8",
            b"this is not the host that you asked for\n",
        );
    }
    if method != "GET" {
        return send(stream, "405 Method Not Allowed", "text/plain; charset=utf-8", b"GET only\n");
    }
    let shown = board.read().clone();
    match target.split('?').next().unwrap_or_default() {
        "/" => send(stream, "200 OK", "text/html; charset=utf-8", PAGE.as_bytes()),
        "/page.js" => send(stream, "200 OK", "text/javascript; charset=utf-8", SCRIPT.as_bytes()),
        "/page.css" => send(stream, "200 OK", "text/css; charset=utf-8", STYLE.as_bytes()),
        "/events" => events(stream, board),
        "/report.html" => document(stream, shown.html.as_ref(), "text/html; charset=utf-8"),
        "/report.pdf" => document(stream, shown.pdf.as_ref(), "application/pdf"),
        _ => send(stream, "404 Not Found", "text/plain; charset=utf-8", b"there is nothing here\n"),
    }
}

fn document(stream: TcpStream, bytes: Option<&Arc<[u8]>>, kind: &str) -> io::Result<()> {
    match bytes {
        Some(bytes) => send(stream, "200 OK", kind, bytes),
        None => send(stream, "404 Not Found", "text/plain; charset=utf-8", b"not made yet\n"),
    }
}

fn send(mut stream: TcpStream, status: &str, kind: &str, body: &[u8]) -> io::Result<()> {
    // The report has a policy of its own; this one is for the page around it.
    let policy = if body == PAGE.as_bytes() {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'\r\n"
    } else {
        ""
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nX-Frame-Options: SAMEORIGIN\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Referrer-Policy: no-referrer\r\n{policy}Connection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    stream.flush()
}

/// A stream of events (the HTML standard's server-sent events): one for each change, from the present state on.
fn events(mut stream: TcpStream, board: &Board) -> io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
    )?;
    let mut told = None;
    loop {
        let mut shown = board.read();
        while told == Some(shown.version) {
            let (next, late) = board.changed.wait_timeout(shown, PULSE).unwrap_or_else(PoisonError::into_inner);
            shown = next;
            if late.timed_out() && told == Some(shown.version) {
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
        stream.write_all(event.as_bytes())?;
        stream.flush()?;
    }
}
