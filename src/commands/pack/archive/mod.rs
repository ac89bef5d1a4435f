//! A pack as one ZIP file: the same files are the same bytes, and nothing but these bytes is that pack.
//!
//! In: files by path. Out: a ZIP file; and of a ZIP file of anybody's, whether it is one that this module writes. A ZIP
//! file says most things twice, and programs differ in what they believe; so what is read here is not only looked
//! through, it must be what would be written.

mod explain;
mod layout;
mod read;

pub(super) use explain::explain;
pub(super) use layout::Member;
pub(super) use read::{Flaw, read, rewritten};

use layout::rest;
use libdeflater::{CompressionLvl, Compressor, Crc};
use std::collections::BTreeMap;

/// The usual level.
const LEVEL: i32 = 6;

/// The ZIP file of these files.
///
/// # Errors
/// In words: a file, or all of them, are larger than the format's plain records can say.
pub(super) fn zipped(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
    let too_large = |what: &str| format!("{what} is larger than a ZIP file may be; write a folder");
    let (mut bytes, mut members) = (Vec::new(), Vec::new());
    for (path, contents) in files {
        let packed = deflated(contents);
        let number = |length: usize| u32::try_from(length).map_err(|_| too_large(&format!("`{path}`")));
        let mut crc = Crc::new();
        crc.update(contents);
        let member = Member {
            name: path.clone().into_bytes(),
            crc: crc.sum(),
            packed: number(packed.len())?,
            size: number(contents.len())?,
            offset: number(bytes.len())?,
        };
        bytes.extend(member.local());
        bytes.extend(packed);
        members.push(member);
    }
    let start = u32::try_from(bytes.len()).map_err(|_| too_large("the pack"))?;
    bytes.extend(rest(&members, start));
    Ok(bytes)
}

/// Deflated contents, the same on every machine.
fn deflated(contents: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default());
    let mut packed = vec![0; compressor.deflate_compress_bound(contents.len())];
    // The bound is the library's own: the contents fit.
    let length = compressor.deflate_compress(contents, &mut packed).unwrap_or_default();
    packed.truncate(length);
    packed
}
