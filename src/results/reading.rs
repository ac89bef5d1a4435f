//! A file of results, read into what is gathered.
//!
//! In: a stream, and the form that somebody named. Out: its results; or what is wrong.

use super::Gathered;
use super::format::{self, FORMATS, Format};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use crate::memory;
use crate::source::{Stream, secrets};

/// Takes the results of a file in.
///
/// # Errors
/// [`Code::ResultsUnreadable`] if it is of no form that is known, and what is wrong with the file. What was read before
/// the damage is gathered all the same, and is not all.
pub fn read(stream: Stream<'_>, asked: Option<&'static dyn Format>, into: &mut Gathered) -> Outcome<()> {
    let words = into.warnings.len();
    let read = known(stream, asked, into);
    settle(into, words);
    read.map_err(|faults| faults.into_iter().map(secrets::open_word).collect())
}

/// Ends what was read of a file: all words behind the first `words` are of it.
pub(super) fn settle(into: &mut Gathered, words: usize) {
    let said = into.warnings.split_off(words);
    into.warnings.extend(said.into_iter().map(secrets::open_word));
    into.settle();
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
