//! Bytes packed in every way that is read.

use std::io::{Cursor, Write as _};

/// By gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

/// By gzip, in two members that part somewhere.
pub(crate) fn gzip_in_two(bytes: &[u8]) -> Vec<u8> {
    let (one, two) = bytes.split_at(bytes.len() / 2);
    [gzip(one), gzip(two)].concat()
}

/// By Zstandard.
pub(crate) fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// A ZIP archive; names that end in `.stored` are not deflated.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let method = if name.ends_with(".stored") {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        to.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method))
            .unwrap();
        to.write_all(bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// A header of a tar archive.
pub(crate) fn header(kind: tar::EntryType, size: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size as u64);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header
}

/// A tar archive. Long names have a header of their own.
pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut to = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        to.append_data(&mut header(tar::EntryType::Regular, bytes.len()), name, *bytes)
            .unwrap();
    }
    to.into_inner().unwrap()
}

/// A file in every way in which it may be packed: what that is, and what the packed file is called.
pub(crate) fn all(name: &str, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let packed = format!("{name}.gz");
    vec![
        ("gzip", gzip(bytes)),
        ("gzip in two members", gzip_in_two(bytes)),
        ("zstandard", zstandard(bytes)),
        ("zip", zip(&[(name, bytes)])),
        ("zip of gzip", zip(&[(&packed, &gzip(bytes))])),
        ("tar", tar(&[(name, bytes)])),
        ("tar of gzip", tar(&[(&packed, &gzip(bytes))])),
        ("tar.gz", gzip(&tar(&[(name, bytes)]))),
        ("tar.zst", zstandard(&tar(&[(name, bytes)]))),
    ]
}
