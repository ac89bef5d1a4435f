//! The records of a pack's ZIP file (APPNOTE.TXT 6.3.10, 4.3): one way to write each.
//!
//! In: a file's name, checksum and sizes. Out: the bytes of its two headers and of the record at the end. Writer and
//! reader share them, so that whatever else a ZIP file could say is no part of a pack.

/// Needed to unpack: version 2.0, which knows folders and deflated data.
const VERSION: u16 = 20;
/// Made by version 2.0 on a system with modes.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// Deflated data.
const DEFLATED: u16 = 8;
/// No clock: the first day that the format knows.
const DATE: u16 = 1 << 5 | 1;
/// A file that its owner may write and everybody may read.
const MODE: u32 = 0o100_644;

/// What a file's header begins with.
pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// The same in the list of all files.
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
/// What the last record begins with.
const END: [u8; 4] = *b"PK\x05\x06";

/// The bytes of a file's header before its name.
pub(super) const LOCAL_LENGTH: usize = 30;

/// The fields of both headers that a file does not determine, by their first byte in the local one.
const FIXED: [(usize, usize, &str); 5] = [
    (4, 6, "the version that is needed to unpack it"),
    (6, 8, "the flags"),
    (8, 10, "the kind of compression"),
    (10, 14, "the time"),
    (28, 30, "the length of extra fields"),
];

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::commands::pack) struct Member {
    pub(super) name: Vec<u8>,
    /// CRC-32 of its contents.
    pub(super) crc: u32,
    /// How many bytes its deflated contents have.
    pub(super) packed: u32,
    /// How many bytes its contents have.
    pub(super) size: u32,
    /// Where its header begins.
    pub(super) offset: u32,
}

impl Member {
    /// The member that a header tells of, without its name; and how long the name is.
    pub(super) fn of(header: &[u8; LOCAL_LENGTH], offset: u32) -> (Self, usize) {
        let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let member = Self {
            name: Vec::new(),
            crc: number(14),
            packed: number(18),
            size: number(22),
            offset,
        };
        (member, usize::from(u16::from_le_bytes([header[26], header[27]])))
    }

    /// What both headers say.
    fn common(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(26);
        for word in [VERSION, 0, DEFLATED, 0, DATE] {
            bytes.extend(word.to_le_bytes());
        }
        for number in [self.crc, self.packed, self.size] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(u16::try_from(self.name.len()).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }

    /// The header before its data.
    pub(super) fn local(&self) -> Vec<u8> {
        [&LOCAL[..], &self.common(), &self.name].concat()
    }

    /// Its entry in the list of all files: no comment, on the first disk.
    pub(super) fn central(&self) -> Vec<u8> {
        let (made_by, mode) = (MADE_BY.to_le_bytes(), (MODE << 16).to_le_bytes());
        let offset = self.offset.to_le_bytes();
        [&CENTRAL[..], &made_by, &self.common(), &[0; 6], &mode, &offset, &self.name].concat()
    }

    /// Where its data begin.
    pub(super) fn data(&self) -> u64 {
        u64::from(self.offset) + (LOCAL_LENGTH + self.name.len()) as u64
    }
}

/// What a header says otherwise than [`Member::local`], in words.
pub(super) fn otherwise(header: &[u8], canonical: &[u8]) -> String {
    let differs = |(start, end, _): &&(usize, usize, &str)| header.get(*start..*end) != canonical.get(*start..*end);
    let names: Vec<&str> = FIXED.iter().filter(differs).map(|(.., name)| *name).collect();
    names.join(", ")
}

/// All behind the files' data: the list of all files, and the record at the end, without a comment.
pub(super) fn rest(members: &[Member], start: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = members.iter().flat_map(Member::central).collect();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX).to_le_bytes();
    bytes.extend(END);
    bytes.extend([0; 4]);
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}
