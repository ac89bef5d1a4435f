//! Packing a PDF's objects into compressed object streams (ISO 32000-1, 7.5.7).
//!
//! In: the exported file. Out: the same document in fewer bytes. A tagged document has a structure element for each
//! table cell; one by one they take more room than all of the text.

use lopdf::{Document, SaveOptions};

/// Objects in one stream. Readers unpack a whole stream to see one of its objects.
const OBJECTS_PER_STREAM: usize = 200;
/// zlib's strongest.
const LEVEL: u32 = 9;

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
    Ok(out)
}
