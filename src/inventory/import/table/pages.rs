//! What the pages of a Parquet file unpack to, before anything of them is unpacked.
//!
//! In: where the chunks of a row group are. Out: whether each of its pages is within bounds, by their headers, of which no more
//! than the sizes is read (Thrift's compact form).

use crate::limits;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader as _, Length as _};
use std::fs::File;
use std::io::Read;

/// How deep a header's structures may lie in one another.
const DEPTH: usize = 8;

/// Whether no page of a row group is larger than is read.
pub(super) fn are_bounded(file: &File, group: &RowGroupMetaData) -> Result<bool> {
    for column in group.columns() {
        let place = |number: i64| u64::try_from(number).map_err(|_| no_header());
        let start = place(column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()))?;
        let end = start.saturating_add(place(column.compressed_size())?).min(file.len());
        let mut at = start;
        while at < end {
            let mut header = Header {
                from: file.get_read(at)?.take(limits::PAGE_HEADER),
                read: 0,
            };
            let [unpacked, packed] = header.sizes()?;
            if unpacked > limits::PAGE || packed > limits::PAGE {
                return Ok(false);
            }
            at = at.saturating_add(header.read).saturating_add(packed).max(at + 1);
        }
    }
    Ok(true)
}

/// A header that is read.
struct Header<R> {
    from: R,
    read: u64,
}

impl<R: Read> Header<R> {
    /// The sizes of the page that follows: unpacked, and as it lies there.
    fn sizes(&mut self) -> Result<[u64; 2]> {
        let (mut unpacked, mut packed) = (None, None);
        self.fields(0, &mut |field, value| match field {
            2 => unpacked = Some(value),
            3 => packed = Some(value),
            _ => {}
        })?;
        let size = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).ok_or_else(no_header);
        Ok([size(unpacked)?, size(packed)?])
    }

    fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.from.read_exact(&mut byte)?;
        self.read += 1;
        Ok(byte[0])
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(no_header())
    }

    /// The fields of a structure; `found` is given those that are numbers.
    fn fields(&mut self, depth: usize, found: &mut dyn FnMut(i64, i64)) -> Result<()> {
        let mut field = 0_i64;
        loop {
            let byte = self.byte()?;
            let (step, kind) = (i64::from(byte >> 4), byte & 0x0f);
            if kind == 0 {
                return Ok(());
            }
            field = if step == 0 { zigzag(self.number()?) } else { field + step };
            if let Some(value) = self.value(kind, depth, true)? {
                found(field, value);
            }
        }
    }

    /// Passes over a value; what it is, if a number.
    fn value(&mut self, kind: u8, depth: usize, is_field: bool) -> Result<Option<i64>> {
        if depth > DEPTH {
            return Err(no_header());
        }
        match kind {
            // True and false, which are in the kind itself where they are fields.
            1 | 2 if is_field => {}
            1..=3 => drop(self.byte()?),
            4..=6 => return self.number().map(|number| Some(zigzag(number))),
            7 => self.skip(8)?,
            8 => {
                let length = self.number()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.number()? } else { u64::from(byte >> 4) };
                for _ in 0..count {
                    self.value(byte & 0x0f, depth + 1, false)?;
                }
            }
            12 => self.fields(depth + 1, &mut |_, _| {})?,
            _ => return Err(no_header()),
        }
        Ok(None)
    }

    fn skip(&mut self, count: u64) -> Result<()> {
        let passed = std::io::copy(&mut self.from.by_ref().take(count), &mut std::io::sink())?;
        self.read += passed;
        if passed < count { Err(no_header()) } else { Ok(()) }
    }
}

/// A number as Thrift writes it, so that small negative ones are short.
fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn no_header() -> ParquetError {
    ParquetError::General("a page has no header".to_owned())
}
