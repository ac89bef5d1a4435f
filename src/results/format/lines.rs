//! Results in JSON lines: a document a line.
//!
//! In: a file that begins so. Out: its documents, each from its own line alone, so that a broken one is told where it is and
//! takes nothing of the lines behind it with it.

use super::items::{End, Reader, documents, stopped};
use super::sink::{HELP, Sink};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::limits;
use crate::source::pieces::Streamed;
use crate::source::splitter::Stop;
use serde::de::IgnoredAny;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::Arc;

/// Whether a file that begins so has a document on each line: both of the first two lines begin one, and one of them ends it.
pub(super) fn are(head: &[u8]) -> bool {
    let is_blank = |line: &&[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !is_blank(line));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let begins = |line: &[u8]| line.starts_with(b"{\"") || line.starts_with(b"{ ") || line.starts_with(b"{}");
    let is_whole = |line: &[u8]| serde_json::from_slice::<IgnoredAny>(line).is_ok();
    begins(first) && begins(second) && (is_whole(first) || is_whole(second))
}

/// Takes the documents of all lines.
///
/// # Errors
/// Each line that is broken, where it is.
pub(super) fn each<'r>(
    from: Box<dyn Read + 'r>,
    before: usize,
    sink: &mut Sink<'_>,
    document: &mut dyn FnMut(&mut Reader<'_>, &mut Sink<'_>) -> Result<(), End>,
) -> Outcome<()> {
    let file = sink.file.clone();
    let mut reader = BufReader::new(from);
    let mut faults = Vec::new();
    let mut line = Vec::new();
    for number in before.. {
        line.clear();
        let read = (&mut reader).take(limits::PIECE as u64 + 1).read_until(b'\n', &mut line);
        match read {
            Ok(0) => break,
            Ok(count) if count > limits::PIECE => {
                let mut walk = Streamed::line(std::io::empty(), 0, number);
                faults.push(walk.stopped(Stop::TooLong, &file, HELP));
                break;
            }
            Ok(_) => {}
            Err(error) => {
                faults.push(Streamed::line(std::io::empty(), 0, number).stopped(Stop::Io(error), &file, HELP));
                break;
            }
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Err(fault) = one(&line, number, &file, sink, document) {
            faults.push(fault);
            if faults.len() >= limits::FAULTS {
                break;
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The documents of one line.
fn one(
    line: &[u8],
    number: usize,
    file: &Arc<str>,
    sink: &mut Sink<'_>,
    document: &mut dyn FnMut(&mut Reader<'_>, &mut Sink<'_>) -> Result<(), End>,
) -> Result<(), Diagnostic> {
    let end = line.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |end| end + 1);
    let text = line.get(..end).unwrap_or(line);
    let mut walk: Reader<'_> = Streamed::line(Box::new(text), text.len(), number);
    match documents(&mut walk, sink, document) {
        Ok(()) => Ok(()),
        // Where the line ends before its document does, the line is broken and the file is not cut off.
        Err(End::Stop(Stop::Eof)) => {
            let column = String::from_utf8_lossy(text).chars().count() + 1;
            Err(Diagnostic::new(
                Code::SyntaxError,
                "the line ends before its JSON is complete: a bracket or a quote is not closed",
            )
            .at(Place::at(file, number + 1, column))
            .help(HELP))
        }
        Err(End::Stop(stop)) => Err(stopped(&mut walk, stop, file)),
        Err(End::Broken(fault)) => Err(*fault),
    }
}
