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
        let mut child = Command::new(env!("CARGO_BIN_EXE_cloudraci"))
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

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = Folder::golden();
    let run = folder.run(&["watch", "--port", &port]);
    assert!(run.failed(3).contains("error[cannot-serve]"), "{}", run.errors);
    folder.run(&["watch", "-"]).failed(2);
}
