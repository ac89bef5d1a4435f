//! What is asked for, and whether it may be.
//!
//! In: a connection, and the moment at which patience ends: one for the whole request, however slowly its bytes come. Out:
//! the path that is asked for, or the answer that refuses it.
//!
//! Only requests that name this machine as their host are answered, so that no name of somebody else's that leads here
//! can read the report, and only those that no page of somebody else's sends: a browser says so with `Origin` and
//! `Sec-Fetch-Site`. To follow a link that leads here is allowed.

use super::reply::Reply;
use std::io::{self, Read as _};
use std::net::TcpStream;
use std::time::Instant;

/// Most bytes of a request's head.
const MOST_BYTES: usize = 16 * 1024;
/// Most header lines.
const MOST_HEADERS: usize = 64;

/// The path that a connection asks for, or what it is told instead.
///
/// # Errors
/// The connection ends, or its time is over.
pub(super) fn read(stream: &TcpStream, port: u16, deadline: Instant) -> io::Result<Result<String, Reply>> {
    let mut head = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let mut bytes = [0; 2048];
        let mut reader = stream;
        let count = reader.read(&mut bytes)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&bytes[..count]);
        if head.len() > MOST_BYTES {
            return Ok(Err(Reply::TOO_LARGE));
        }
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(_)) => return Ok(judged(&request, port)),
            Err(httparse::Error::TooManyHeaders) => return Ok(Err(Reply::TOO_LARGE)),
            Err(_) => return Ok(Err(Reply::MALFORMED)),
        }
    }
}

fn judged(request: &httparse::Request<'_, '_>, port: u16) -> Result<String, Reply> {
    let all = |name: &str| {
        let named = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        named
            .map(|header| String::from_utf8_lossy(header.value).trim().to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let mut own = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if port == 80 {
        own.extend(["127.0.0.1".to_owned(), "localhost".to_owned()]);
    }
    let hosts = all("host");
    if hosts.len() != 1 || !hosts.iter().all(|host| own.contains(host)) {
        return Err(Reply::OTHER_HOST);
    }
    let is_own = |origin: &String| origin.strip_prefix("http://").is_some_and(|host| own.iter().any(|own| own == host));
    if !all("origin").iter().all(is_own) {
        return Err(Reply::OTHER_ORIGIN);
    }
    let is_link = all("sec-fetch-mode") == ["navigate"] && all("sec-fetch-dest") == ["document"];
    let is_near = |site: &String| matches!(site.as_str(), "same-origin" | "none");
    if !all("sec-fetch-site").iter().all(is_near) && !is_link {
        return Err(Reply::OTHER_ORIGIN);
    }
    if request.method != Some("GET") {
        return Err(Reply::GET_ONLY);
    }
    let target = request.path.unwrap_or_default();
    Ok(target.split('?').next().unwrap_or_default().to_owned())
}
