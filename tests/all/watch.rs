//! `watch`: the page on this machine's own address follows the files.

use crate::support::{Folder, repository};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program, watching; it ends with the test.
struct Watching {
    child: Child,
    port: u16,
}

impl Watching {
    fn start(folder: &Folder) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_cloudraci")), folder)
    }

    /// With so few descriptors that half as many connections use them up.
    #[cfg(unix)]
    fn with_descriptors(count: usize, folder: &Folder) -> Self {
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_cloudraci");
        shell.args(["-c", &format!("ulimit -n {count} && exec \"$0\" \"$@\""), program]);
        Self::of(shell, folder)
    }

    fn of(mut program: Command, folder: &Folder) -> Self {
        let mut child = program
            .args(["watch", "inventory.yaml", "--port", "0", "--edition", "review"])
            .current_dir(folder.path("."))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        errors.read_line(&mut first).unwrap();
        let port = first
            .split("http://127.0.0.1:")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        // What else it says must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        Self { child, port }
    }

    /// The head and the body of an answer.
    fn ask(&self, method: &str, path: &str, host: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8(bytes[..split].to_vec()).unwrap(), bytes[split + 4..].to_vec())
    }

    /// The status line of the answer to these bytes; nothing where the connection ends without one.
    fn status(&self, request: &[u8]) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // Who is refused early may not read all of it.
        let _ = stream.write_all(request);
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).ok()?;
        Some(answer.trim_end().to_owned()).filter(|answer| !answer.is_empty())
    }

    fn is_up(&self) -> bool {
        let request = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
        self.status(request.as_bytes()).as_deref() == Some("HTTP/1.1 200 OK")
    }

    fn get(&self, path: &str) -> (String, Vec<u8>) {
        self.ask("GET", path, &format!("127.0.0.1:{}", self.port))
    }

    /// The first event of which this holds.
    fn event(&self, holds: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "GET /events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).unwrap();
        let start = Instant::now();
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            if let Some(data) = line.strip_prefix("data: ") {
                let value = serde_json::from_str(data).unwrap();
                if holds(&value) {
                    return value;
                }
            }
            assert!(start.elapsed() < Duration::from_secs(60), "no such event");
        }
        panic!("the stream ended");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_change_makes_the_report_anew_and_an_error_keeps_the_last_good_one() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let first = watching.event(|state| state["html"].is_number() && state["pdf"].is_number());
    assert_eq!(first["problems"], "");
    let (head, page) = watching.get("/report.html");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("no-store"), "{head}");
    assert!(String::from_utf8(page).unwrap().contains("Small shop"));
    assert!(watching.get("/report.pdf").1.starts_with(b"%PDF-"));
    let (head, around) = watching.get("/");
    assert!(head.contains("Content-Security-Policy: default-src 'none'"), "{head}");
    assert!(String::from_utf8(around).unwrap().contains("/report.html"));

    let text = repository("tests/fixtures/golden/inventory.yaml");
    folder.put("inventory.yaml", text.replace("Small shop", "Larger shop"));
    watching.event(|state| state["html"].as_u64() > first["html"].as_u64());
    assert!(String::from_utf8(watching.get("/report.html").1).unwrap().contains("Larger shop"));

    folder.put("inventory.yaml", "inventory: 1\norganisation: X\n");
    let wrong = watching.event(|state| state["problems"] != "");
    assert!(wrong["problems"].as_str().unwrap().contains("error[unknown-field]"), "{wrong}");
    assert!(
        String::from_utf8(watching.get("/report.html").1).unwrap().contains("Larger shop"),
        "the last good one"
    );

    folder.put("inventory.yaml", text);
    watching.event(|state| state["problems"] == "");
}

#[test]
fn only_who_asks_for_this_host_is_answered() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let own = format!("127.0.0.1:{}", watching.port);
    for (method, path, host, status) in [
        ("GET", "/", own.as_str(), 200),
        ("GET", "/", "evil.example", 403),
        ("GET", "/report.html", "evil.example:80", 403),
        ("POST", "/", own.as_str(), 405),
        ("GET", "/../inventory.yaml", own.as_str(), 404),
        ("GET", "/inventory.yaml", own.as_str(), 404),
    ] {
        let (head, _) = watching.ask(method, path, host);
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{method} {path} {host}: {head}");
    }
}

/// Each byte comes in time, the request never: whoever asks for something has a place all the same.
#[test]
fn slow_requests_keep_no_place_and_end() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let mut slow: Vec<TcpStream> = (0..80).map(|_| TcpStream::connect(("127.0.0.1", watching.port)).unwrap()).collect();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(12) {
        for stream in &mut slow {
            // Some are shown out in the meantime.
            let _ = stream.write_all(b"G");
        }
        assert!(watching.is_up(), "after {:?}", start.elapsed());
        std::thread::sleep(Duration::from_millis(1_500));
    }
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let ended = stream.read(&mut [0; 16]);
        let is_open = matches!(&ended, Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut));
        assert!(!is_open, "a request that never ends is ended");
    }
}

#[test]
fn many_who_listen_keep_no_place_from_who_asks() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let listening: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", watching.port)).unwrap();
            write!(stream, "GET /events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", watching.port).unwrap();
            stream
        })
        .collect();
    assert!(watching.is_up());
    // Who comes last still hears what changes.
    watching.event(|state| state["html"].is_number() && state["pdf"].is_number());
    assert!(watching.is_up());
    drop(listening);
}

#[cfg(unix)]
#[test]
fn used_up_descriptors_stop_nothing() {
    let folder = Folder::golden();
    let watching = Watching::with_descriptors(40, &folder);
    let held: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(("127.0.0.1", watching.port)).unwrap()).collect();
    for _ in 0..5 {
        assert!(watching.is_up());
        std::thread::sleep(Duration::from_millis(200));
    }
    // Files can still be opened, too.
    let text = repository("tests/fixtures/golden/inventory.yaml");
    folder.put("inventory.yaml", text.replace("Small shop", "Larger shop"));
    let start = Instant::now();
    while !String::from_utf8_lossy(&watching.get("/report.html").1).contains("Larger shop") {
        assert!(start.elapsed() < Duration::from_secs(60), "not made anew");
        std::thread::sleep(Duration::from_millis(300));
    }
    drop(held);
}

#[test]
fn requests_that_others_make_and_that_are_none_are_refused() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let port = watching.port;
    let head = |lines: &str| format!("GET /report.html HTTP/1.1\r\n{lines}\r\n\r\n");
    let own = format!("Host: 127.0.0.1:{port}");
    for (lines, status) in [
        (own.clone(), "404"),
        (own.to_uppercase(), "404"),
        (
            format!("{own}\r\nOrigin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin"),
            "404",
        ),
        (
            format!("{own}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document"),
            "404",
        ),
        (format!("{own}\r\nOrigin: https://evil.example"), "403"),
        (format!("{own}\r\nOrigin: null"), "403"),
        (format!("{own}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors"), "403"),
        (
            format!("{own}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe"),
            "403",
        ),
        (format!("{own}\r\nHost: evil.example"), "403"),
        ("Host: evil.example".to_owned(), "403"),
        (format!("Host: evil.example:{port}"), "403"),
        (format!("Host: 127.0.0.1:{port}.evil.example"), "403"),
        ("X: y".to_owned(), "403"),
        (format!("{own}\r\n{}", "X: y\r\n".repeat(200).trim_end()), "431"),
        (format!("{own}\r\nX: {}", "y".repeat(20_000)), "431"),
        ("no header at all".to_owned(), "400"),
    ] {
        // Before the first report is made there is none: whoever may ask learns that.
        let answer = watching.status(head(&lines).as_bytes());
        // Who sends far too much may be cut off before the answer is read.
        let is_cut_off = status == "431" && answer.is_none();
        let answer = answer.unwrap_or_default();
        let is_well = status == "404" && answer.starts_with("HTTP/1.1 200");
        assert!(
            is_cut_off || is_well || answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{lines:.200}: {answer}"
        );
    }
    for path in [
        "/..%2finventory.yaml",
        "//report.html",
        "/%2e%2e/inventory.yaml",
        "/report.html/",
        "/page.js%00",
        "http://evil.example/",
    ] {
        let answer = watching
            .status(format!("GET {path} HTTP/1.1\r\n{own}\r\n\r\n").as_bytes())
            .unwrap_or_default();
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    for (bytes, status) in [
        (&b"\x16\x03\x01\x02\x00"[..], "400"),
        (b"GET / HTTP/9\r\n\r\n", "400"),
        (b"\r\n\r\n\r\nGARBAGE\r\n", "400"),
    ] {
        let answer = watching.status(bytes).unwrap_or_default();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{bytes:?}: {answer}");
    }
    assert!(watching.is_up());
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = Folder::golden();
    let run = folder.run(&["watch", "--port", &port]);
    assert!(run.failed(3).contains("error[cannot-serve]"), "{}", run.errors);
    folder.run(&["watch", "-"]).failed(2);
}

/// Who asks for much and reads nothing keeps a place for a while, and from nobody.
#[test]
fn who_reads_nothing_keeps_no_place_from_who_asks() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    watching.event(|state| state["html"].is_number() && state["pdf"].is_number());
    let own = format!("Host: 127.0.0.1:{}", watching.port);
    let deaf: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", watching.port)).unwrap();
            // Some of them may be shown out while others ask.
            let _ = write!(stream, "GET /report.pdf HTTP/1.1\r\n{own}\r\n\r\n");
            stream
        })
        .collect();
    for _ in 0..5 {
        assert!(watching.is_up());
        assert!(watching.get("/report.pdf").1.starts_with(b"%PDF-"));
    }
    // One that hangs up in the middle of an answer harms nobody.
    drop(deaf);
    assert!(watching.is_up());
}

/// Half a request, a request in single bytes, two requests at once, and requests by the hundred.
#[test]
fn odd_ways_of_asking_are_answered_or_end() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    let own = format!("Host: 127.0.0.1:{}", watching.port);
    let whole = format!("GET / HTTP/1.1\r\n{own}\r\n\r\n");
    let mut slow = TcpStream::connect(("127.0.0.1", watching.port)).unwrap();
    for byte in whole.as_bytes() {
        slow.write_all(&[*byte]).unwrap();
    }
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let twice = watching.status(format!("{whole}{whole}").as_bytes());
    assert!(
        twice.is_none_or(|answer| answer.starts_with("HTTP/1.1 200 ")),
        "one answer, and the end"
    );
    for _ in 0..300 {
        assert!(watching.is_up());
    }
    for half in ["", "G", "GET", "GET / HTTP/1.1\r\n", &whole[..whole.len() - 2]] {
        let mut stream = TcpStream::connect(("127.0.0.1", watching.port)).unwrap();
        let _ = stream.write_all(half.as_bytes());
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "{half:?}: {:?}", String::from_utf8_lossy(&answer));
    }
    assert!(watching.is_up());
}

/// No other machine reaches it: it does not listen on the addresses by which they would.
#[test]
fn it_listens_on_this_machines_own_address_alone() {
    let folder = Folder::golden();
    let watching = Watching::start(&folder);
    // Nothing is sent: the system only says from which address it would be.
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let outer = socket
        .connect("192.0.2.1:9")
        .and_then(|()| socket.local_addr())
        .map(|address| address.ip());
    let others = outer.into_iter().filter(|address| !address.is_loopback());
    for address in others.chain(["127.0.0.2".parse().unwrap(), "::1".parse().unwrap()]) {
        let reached = TcpStream::connect_timeout(&(address, watching.port).into(), Duration::from_secs(2));
        assert!(reached.is_err(), "{address} is answered");
    }
    assert!(watching.is_up());
    for host in [
        "[::1]",
        "0.0.0.0",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "localhost.",
        "localhost.evil.example",
        "user@127.0.0.1",
    ] {
        let (head, _) = watching.ask("GET", "/report.html", &format!("{host}:{}", watching.port));
        assert!(head.starts_with("HTTP/1.1 403 "), "{host}: {head}");
    }
    let (head, _) = watching.ask("GET", "/report.html", &format!("127.0.0.1:{}", watching.port.wrapping_add(1)));
    assert!(head.starts_with("HTTP/1.1 403 "), "another port: {head}");
}
