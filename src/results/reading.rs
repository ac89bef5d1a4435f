//! A file of results, read into what is gathered.
//!
//! In: a stream, perhaps packed by gzip, and the form that somebody named. Out: its results; or what is wrong.

use super::format::{self, FORMATS, Format};
use super::{Gathered, packed};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::memory;
use crate::source::keys::WINDOW;
use crate::source::{Stream, secrets};
use std::io::Read as _;

/// Takes the results of a file in.
///
/// # Errors
/// [`Code::ResultsUnreadable`] if it is of no form that is known, and what is wrong with the file. What was read before
/// the damage is gathered all the same, and is not all.
pub fn read(stream: Stream<'_>, asked: Option<&'static dyn Format>, into: &mut Gathered) -> Outcome<()> {
    let words = into.warnings.len();
    let read = unpacked(stream).and_then(|stream| known(stream, asked, into));
    let said = into.warnings.split_off(words);
    into.warnings.extend(said.into_iter().map(secrets::open_word));
    into.settle();
    read.map_err(|faults| faults.into_iter().map(secrets::open_word).collect())
}

fn known(stream: Stream<'_>, asked: Option<&'static dyn Format>, into: &mut Gathered) -> Outcome<()> {
    let format = asked
        .or_else(|| format::recognise(&stream.head))
        .or_else(|| format::beside_resources(&stream.head));
    match format {
        Some(format) => {
            if stream.is_long {
                let help = "give the process more (`ulimit -v`, the container's limit)";
                memory::must_have(memory::STREAM, &format!("reading `{}`", stream.file), help)
                    .map_err(|fault| vec![fault.at(stream.place.clone())])?;
            }
            format.read(stream, into)
        }
        None if is_empty_list(&stream) => {
            into.warnings.push(
                Diagnostic::new(Code::ResultsEmpty, format!("`{}` is an empty list", stream.file))
                    .at(stream.place)
                    .help("the scanner found nothing, or looked at nothing"),
            );
            Ok(())
        }
        None => {
            let names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
            let what = if stream.head.iter().all(u8::is_ascii_whitespace) {
                format!("`{}` is empty", stream.file)
            } else {
                format!("`{}` is of no form in which scanners write their results", stream.file)
            };
            let help = format!("known are: {}", names.join(", "));
            Err(vec![Diagnostic::new(Code::ResultsUnreadable, what).at(stream.place).help(help)])
        }
    }
}

fn is_empty_list(stream: &Stream<'_>) -> bool {
    let text: Vec<u8> = stream
        .head
        .iter()
        .take(64)
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    stream.rest.is_none() && text == b"[]"
}

/// The stream of what gzip packed, or the same stream.
fn unpacked(stream: Stream<'_>) -> Outcome<Stream<'_>> {
    if !packed::is_packed(&stream.head) {
        return Ok(stream);
    }
    let (file, place) = (stream.file.clone(), stream.place.clone());
    let packed = std::io::Cursor::new(stream.head).chain(stream.rest.unwrap_or_else(|| Box::new(std::io::empty())));
    let mut rest = packed::Unpacked::new(packed);
    let mut head = Vec::new();
    if let Err(error) = rest.by_ref().take(WINDOW as u64).read_to_end(&mut head) {
        let fault = format::io_fault(&error, &file)
            .unwrap_or_else(|| Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {error}")).at(place));
        return Err(vec![fault]);
    }
    if packed::is_packed(&head) {
        return Err(vec![
            Diagnostic::new(Code::ResultsUnreadable, format!("`{file}` is packed twice"))
                .at(place)
                .help("unpack it once: `gunzip FILE`"),
        ]);
    }
    let is_all = head.len() < WINDOW;
    Ok(Stream {
        size: is_all.then_some(head.len() as u64),
        head,
        rest: if is_all { None } else { Some(Box::new(rest)) },
        is_long: !is_all,
        file,
        place,
        progress: stream.progress,
    })
}
