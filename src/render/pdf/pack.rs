//! Packing a PDF's objects into compressed object streams (ISO 32000-1, 7.5.7).
//!
//! In: the exported file. Out: the same document in fewer bytes. A tagged document has a structure element for each
//! table cell; one by one they take more room than all of the text.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Document, SaveOptions};
use std::io::Write as _;

/// Objects in one stream. Readers unpack a whole stream to see one of its objects.
const OBJECTS_PER_STREAM: usize = 1000;
/// Of zlib's levels the one that costs half of the strongest and is a hundredth larger.
const LEVEL: u32 = 6;

/// Packs a file; one that cannot be packed stays as it was, since both are the same document.
pub(super) fn pack(bytes: Vec<u8>) -> Vec<u8> {
    match packed(&bytes) {
        Ok(packed) if packed.len() < bytes.len() => packed,
        _ => bytes,
    }
}

fn packed(bytes: &[u8]) -> lopdf::Result<Vec<u8>> {
    let mut document = Document::load_mem(bytes)?;
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(OBJECTS_PER_STREAM)
        .compression_level(LEVEL)
        .build();
    let mut out = Vec::with_capacity(bytes.len() / 4);
    document.save_with_options(&mut out, options)?;
    Ok(with_small_references(&out).unwrap_or(out))
}

/// The same file with its cross-reference stream compressed, which the writer leaves as it is. The stream is the last
/// object, so that nothing else moves. `None` where the end of the file does not look as expected.
fn with_small_references(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = |range: &[u8]| std::str::from_utf8(range).ok().map(str::to_owned);
    let tail = bytes.len().checked_sub(64)?;
    let (_, after) = text(bytes.get(tail..)?)?
        .rsplit_once("startxref")
        .map(|(a, b)| (a.len(), b.to_owned()))?;
    let start: usize = after.split_whitespace().next()?.parse().ok()?;
    let object = bytes.get(start..)?;
    let opening = position(object, b"stream")?;
    let head = text(object.get(..opening)?)?;
    let (before, after) = head.split_once("/Length ")?;
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let length: usize = after.get(..digits)?.parse().ok()?;
    let content = object.get(opening + b"stream".len()..)?;
    let content = content.strip_prefix(b"\r\n").or_else(|| content.strip_prefix(b"\n"))?;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(content.get(..length)?).ok()?;
    let small = encoder.finish().ok()?;
    let mut out = bytes.get(..start)?.to_vec();
    write!(out, "{before}/Filter/FlateDecode/Length {}{}", small.len(), after.get(digits..)?).ok()?;
    out.extend_from_slice(b"stream\n");
    out.extend_from_slice(&small);
    write!(out, "\nendstream\nendobj\nstartxref\n{start}\n%%EOF").ok()?;
    Some(out)
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
