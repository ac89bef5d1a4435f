//! Text as spreadsheets save it: in UTF-8, in UTF-16, or in the code page of an older Windows.
//!
//! In: the beginning of a file, and a reader of it. Out: which of them it is, and a reader of the same text in UTF-8, in memory
//! that does not grow with the file.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, Read};

/// How many bytes are converted at once.
const STEP: usize = 64 * 1024;

/// What a text is written in, by its beginning.
pub(crate) fn of(beginning: &[u8]) -> &'static Encoding {
    match beginning {
        [0xff, 0xfe, ..] => return UTF_16LE,
        [0xfe, 0xff, ..] => return UTF_16BE,
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => return UTF_16LE,
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => return UTF_16BE,
        _ => {}
    }
    if is_of_words(beginning) { WINDOWS_1252 } else { UTF_8 }
}

/// Whether bytes beyond ASCII are letters of Western languages in one byte each: none of them is UTF-8, and at least half of them stand beside a
/// letter. What is merely damaged looks otherwise.
fn is_of_words(bytes: &[u8]) -> bool {
    let (mut beside, mut runs, mut at) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_ascii() {
            return false;
        }
        if chunk.invalid().is_empty() {
            break;
        }
        at += chunk.valid().len() + chunk.invalid().len();
        let before = chunk.valid().bytes().next_back().unwrap_or_default();
        let after = bytes.get(at).copied().unwrap_or_default();
        runs += 1;
        beside += usize::from(before.is_ascii_alphabetic() || after.is_ascii_alphabetic());
    }
    runs > 0 && beside * 2 >= runs
}

/// The beginning of a text, converted; what is cut off at its end becomes U+FFFD.
pub(crate) fn beginning(bytes: &[u8]) -> String {
    of(bytes).decode_with_bom_removal(bytes).0.into_owned()
}

/// A reader of a text in UTF-8, whatever it is written in. A byte order mark is left out.
pub(crate) struct Transcoded<R> {
    from: R,
    decoder: Decoder,
    /// Bytes that were read and not converted yet.
    raw: Vec<u8>,
    /// What was converted, and how much of it was given on.
    text: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Transcoded<R> {
    /// A reader of what is written in an encoding.
    pub(crate) fn new(from: R, encoding: &'static Encoding) -> Self {
        Self {
            from,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Vec::new(),
            text: Vec::new(),
            given: 0,
            is_over: false,
        }
    }

    /// Converts what comes next.
    fn fill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + STEP, 0);
        let count = self.from.read(&mut self.raw[kept..])?;
        self.raw.truncate(kept + count);
        self.is_over = count == 0;
        self.given = 0;
        let room = self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(STEP * 4);
        self.text.resize(room, 0);
        let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw, &mut self.text, self.is_over);
        self.text.truncate(written);
        self.raw.drain(..read);
        // The room is enough for all of it; were it not, what is left comes first next time.
        self.is_over &= matches!(result, CoderResult::InputEmpty);
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.is_over {
                return Ok(0);
            }
            self.fill()?;
        }
        let rest = &self.text[self.given..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart_by_their_bytes() {
        for (bytes, expected) in [
            (&b"arn,name"[..], UTF_8),
            (b"\xff\xfea\0r\0", UTF_16LE),
            (b"a\0r\0n\0", UTF_16LE),
            (b"\0a\0r\0n", UTF_16BE),
            (b"Verschl\xfcsselt;Pr\xfcfung", WINDOWS_1252),
            (b"\xc4nderung", WINDOWS_1252),
            // Damage, and one bad byte in UTF-8.
            (b"a,b\n\xff\xfe,c,\xff\n", UTF_8),
            ("Verschlüsselt,\u{fffd}".as_bytes(), UTF_8),
            (b"Verschl\xc3\xbcsselt,M\xfcller", UTF_8),
        ] {
            assert_eq!(of(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_text_is_the_same_however_it_is_read() {
        let text = "sep=;\r\nARN;Verschlüsselt;€\r\n".repeat(9_000);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let older = WINDOWS_1252.encode(&text).0.into_owned();
        for bytes in [utf16, older] {
            let mut read = String::new();
            Transcoded::new(&bytes[..], of(&bytes)).read_to_string(&mut read).unwrap();
            assert!(read == text);
        }
    }
}
