//! Results that are packed by gzip.
//!
//! In: a reader of packed bytes. Out: a reader of what they unpack to, until that becomes more than any real file does.

use crate::limits;
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whether bytes begin as what gzip packs does.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The beginning of what bytes unpack to, as far as it can be unpacked.
pub(super) fn beginning(bytes: &[u8], most: u64) -> Vec<u8> {
    let mut unpacked = Vec::new();
    // What is broken, or cut off here, ends it.
    let _ = Unpacked::new(bytes).take(most).read_to_end(&mut unpacked);
    unpacked
}

/// Unpacks what it reads.
pub(super) struct Unpacked<R> {
    decoder: MultiGzDecoder<Counted<R>>,
    packed: Arc<AtomicU64>,
    unpacked: u64,
}

/// Counts what is read through it.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Read> Unpacked<R> {
    pub(super) fn new(inner: R) -> Self {
        let packed = Arc::new(AtomicU64::new(0));
        Self {
            decoder: MultiGzDecoder::new(Counted {
                inner,
                read: packed.clone(),
            }),
            packed,
            unpacked: 0,
        }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(into).map_err(|error| {
            let words = match error.kind() {
                io::ErrorKind::UnexpectedEof => "what gzip packed is cut off".to_owned(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "what gzip packed is damaged".to_owned(),
                _ => return error,
            };
            io::Error::new(io::ErrorKind::InvalidData, words)
        })?;
        self.unpacked += count as u64;
        let most = self.packed.load(Ordering::Relaxed).saturating_mul(limits::UNPACKED_TIMES);
        if self.unpacked > most.max(limits::UNPACKED) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it unpacks to more than {} times its size", limits::UNPACKED_TIMES),
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    #[test]
    fn several_members_are_one_file_and_damage_is_told() {
        let two = [packed(b"[1,"), packed(b"2]")].concat();
        let mut text = String::new();
        Unpacked::new(&two[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "[1,2]");
        for end in 1..two.len() {
            let read = Unpacked::new(&two[..end]).read_to_end(&mut Vec::new());
            let whole = packed(b"[1,").len();
            assert_eq!(read.is_err(), end != whole, "{end}");
        }
        assert_eq!(beginning(&two[..two.len() - 12], 100), b"[1,");
    }

    #[test]
    fn a_bomb_is_stopped() {
        let bomb = packed(&vec![b' '; usize::try_from(limits::UNPACKED).unwrap() + 2_000_000]);
        let error = io::copy(&mut Unpacked::new(&bomb[..]), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("times its size"), "{error}");
    }
}
