//! One layer of packing: gzip of one or several members, or Zstandard.
//!
//! In: a reader of packed bytes. Out: a reader of what they unpack to, as far as the file's budget goes.

use super::budget::{Budget, Fault};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Read};

/// How much is read at once of what is packed.
const CHUNK: usize = 128 * 1024;

/// A reader that another thread may go on with.
pub(crate) type Source = Box<dyn Read + Send>;

/// How something is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstandard,
}

impl Packing {
    /// How what begins so is packed.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstandard),
            // A frame to be passed over, with which parallel packers begin.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstandard),
            _ => None,
        }
    }
}

/// Counts what is read of a file.
pub(super) struct Counted<R> {
    inner: R,
    budget: Budget,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, budget: &Budget) -> Self {
        Self {
            inner,
            budget: budget.clone(),
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.budget.reads(count as u64);
        Ok(count)
    }
}

/// Unpacks what it reads.
pub(super) struct Layer {
    decoder: Decoder,
    budget: Budget,
}

enum Decoder {
    Gzip(Box<MultiGzDecoder<BufReader<Source>>>),
    Zstandard(zstd::Decoder<'static, BufReader<Source>>),
}

impl Layer {
    /// # Errors
    /// That there is no memory for it.
    pub(super) fn new(inner: Source, packing: Packing, budget: &Budget) -> io::Result<Self> {
        let inner = BufReader::with_capacity(CHUNK, inner);
        let decoder = match packing {
            Packing::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(inner))),
            Packing::Zstandard => Decoder::Zstandard(zstd::Decoder::with_buffer(inner)?),
        };
        Ok(Self {
            decoder,
            budget: budget.clone(),
        })
    }

    fn fault(&self, error: io::Error) -> io::Error {
        // What a disk or a layer below says.
        if error.raw_os_error().is_some() || Fault::carried(&error).is_some() {
            return error;
        }
        let is_too_wide = matches!(self.decoder, Decoder::Zstandard(_)) && error.to_string().contains("too much memory");
        match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => CUT_OFF.into(),
            _ if is_too_wide => Fault::limit("is packed with a window of more than 128 MiB").into(),
            _ => DAMAGED.into(),
        }
    }
}

pub(super) const CUT_OFF: Fault = Fault::of(
    "cannot be unpacked: it is cut off",
    "fetch it again; nothing is taken of what is not whole",
);
pub(super) const DAMAGED: Fault = Fault::of(
    "cannot be unpacked: it is damaged",
    "fetch it again; nothing is taken of what is not whole",
);

impl Read for Layer {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.read(into),
            Decoder::Zstandard(decoder) => decoder.read(into),
        };
        let count = read.map_err(|error| self.fault(error))?;
        self.budget.unpacks(count as u64)?;
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::limits;
    use std::io::{Cursor, Write as _};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    fn zstandard(bytes: &[u8]) -> Vec<u8> {
        let mut to = zstd::Encoder::new(Vec::new(), 3).unwrap();
        to.include_checksum(true).unwrap();
        to.write_all(bytes).unwrap();
        to.finish().unwrap()
    }

    fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
        let budget = Budget::default();
        let packing = Packing::of(&bytes).unwrap();
        let counted = Box::new(Counted::new(Cursor::new(bytes), &budget));
        let mut all = Vec::new();
        let read = Layer::new(counted, packing, &budget).unwrap().read_to_end(&mut all);
        let told = |error: io::Error| Fault::carried(&error).map_or_else(|| format!("no fault: {error}"), |fault| fault.to_string());
        read.map(|_| all).map_err(told)
    }

    #[test]
    fn several_members_are_one_file_and_damage_is_told() {
        for pack in [gzip, zstandard] {
            let two = [pack(b"[1,"), pack(b"2]")].concat();
            assert_eq!(unpacked(two.clone()).unwrap(), b"[1,2]");
            let first = pack(b"[1,").len();
            for end in 4..two.len() {
                let read = unpacked(two[..end].to_vec());
                let should_be = if end == first {
                    Ok(b"[1,".to_vec())
                } else {
                    Err(CUT_OFF.to_string())
                };
                assert_eq!(read, should_be, "{end}");
            }
            // The last four bytes but the length, which gzip has behind it, are a checksum.
            let mut damaged = two;
            let last = damaged.len() - 5;
            damaged[last] ^= 1;
            assert_eq!(unpacked(damaged), Err(DAMAGED.to_string()));
        }
    }

    #[test]
    fn a_bomb_is_stopped() {
        let much = vec![b' '; usize::try_from(limits::UNPACKED).unwrap() + 2_000_000];
        for pack in [gzip, zstandard] {
            assert_eq!(unpacked(pack(&much)), Err("unpacks to more than 400 times its size".to_owned()));
        }
    }
}
