//! How much memory this process may still have, and what happens where there is too little.
//!
//! In: what the system says of the process. Out: a number of bytes, or nothing where nothing is limited or known; a
//! diagnostic where something asked for takes more. The standard library ends a program that gets no memory by an abort;
//! [`prepare`] makes an error and exit code 3 of it. What asks for much looks here before it begins.

use crate::diagnostics::{Code, Diagnostic};
use std::fs::File;
use std::io::Read as _;

const MIB: u64 = 1024 * 1024;

/// What the program needs to begin at all: the first pages of its allocator.
const START: u64 = 48 * MIB;

/// What is little: threads share what there is, so one does the work of all.
const LITTLE: u64 = 4096 * MIB;

/// What a file that is read piece by piece takes besides what is found in it.
pub(crate) const STREAM: u64 = 160 * MIB;

/// What making a PDF takes for the smallest document.
pub(crate) const PDF: u64 = 80 * MIB;

/// What making a PDF takes for each cell and each paragraph.
pub(crate) const PDF_OF_CELL: u64 = 14 * 1024;

/// What decoding takes for each byte of a text.
const DECODE: u64 = 12;

/// A sentence where there is too little memory to begin. This allocates nothing.
#[must_use]
pub fn too_little_to_begin() -> Option<&'static str> {
    available().is_some_and(|left| left < START).then_some(
        "error[out-of-memory]: there is too little memory to begin\n = help: give the process 200 MiB of address space or more\n",
    )
}

/// Makes of a failed allocation an error with exit code 3.
pub fn prepare() {
    #[cfg(unix)]
    {
        use std::sync::Arc;
        use std::sync::atomic::AtomicBool;
        const ABORT: i32 = 6;
        // A refusal leaves the abort as it was.
        let _ = signal_hook::flag::register_conditional_shutdown(ABORT, 3, Arc::new(AtomicBool::new(true)));
    }
}

/// Has one thread do what libraries share among several, where memory is little or no thread can be started.
pub(crate) fn share_work() {
    let one = threads() == 1 || std::thread::Builder::new().spawn(|| ()).is_err();
    if one {
        // It may have been set up already.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    }
}

/// Whether it is little.
#[must_use]
pub(crate) fn is_little() -> bool {
    available().is_some_and(|left| left < LITTLE)
}

/// How many threads share a piece of work.
#[must_use]
pub(crate) fn threads() -> usize {
    if is_little() {
        1
    } else {
        std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
    }
}

/// That there is too little memory for something.
///
/// # Errors
/// [`Code::OutOfMemory`].
pub(crate) fn must_have(bytes: u64, what: &str, help: &str) -> Result<(), Diagnostic> {
    match available() {
        Some(left) if left < bytes => Err(Diagnostic::new(
            Code::OutOfMemory,
            format!(
                "{what} takes about {} MiB of memory, of which this process may have {} MiB more",
                bytes.div_ceil(MIB),
                left / MIB
            ),
        )
        .help(help)),
        _ => Ok(()),
    }
}

/// That there is too little memory to decode a text of some bytes.
///
/// # Errors
/// [`Code::OutOfMemory`].
pub(crate) fn must_decode(bytes: usize, file: &str) -> Result<(), Diagnostic> {
    // Less is not worth asking the system.
    if bytes < 1024 * 1024 {
        return Ok(());
    }
    must_have(
        DECODE.saturating_mul(bytes as u64),
        &format!("reading `{file}`"),
        "give the process more (`ulimit -v`, the container's limit)",
    )
}

/// How many bytes the process may have in addition to what it has; nothing where that is not limited or not known.
fn available() -> Option<u64> {
    let mut limits = [0; 4096];
    let mut sizes = [0; 256];
    let limit = number_behind(first_bytes("/proc/self/limits", &mut limits)?, b"Max address space")?;
    let pages = number_behind(first_bytes("/proc/self/statm", &mut sizes)?, b"")?;
    // Pages have 4 KiB at least; where they have more, less is left than this says.
    Some(limit.saturating_sub(pages.saturating_mul(4096)))
}

fn first_bytes<'b>(path: &str, into: &'b mut [u8]) -> Option<&'b [u8]> {
    let mut file = File::open(path).ok()?;
    let mut length = 0;
    while length < into.len() {
        match file.read(into.get_mut(length..)?).ok()? {
            0 => break,
            count => length += count,
        }
    }
    into.get(..length)
}

/// The first number behind a word; nothing where another word stands there.
fn number_behind(text: &[u8], word: &[u8]) -> Option<u64> {
    let start = if word.is_empty() {
        0
    } else {
        text.windows(word.len()).position(|window| window == word)? + word.len()
    };
    let behind = text.get(start..)?.trim_ascii_start();
    let mut number: Option<u64> = None;
    for digit in behind.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_the_system_writes_them() {
        let limits =
            b"Max locked memory 8388608 8388608 bytes\nMax address space         307200000            unlimited            bytes\n";
        assert_eq!(number_behind(limits, b"Max address space"), Some(307_200_000));
        let limits = b"Max address space         unlimited            unlimited            bytes\n";
        assert_eq!(number_behind(limits, b"Max address space"), None);
        assert_eq!(number_behind(b"23456 123 4", b""), Some(23456));
        assert_eq!(number_behind(b"", b"x"), None);
    }
}
