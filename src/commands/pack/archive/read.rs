//! A ZIP file read from its first byte to its last, as a program that unpacks a stream reads it.
//!
//! In: bytes of anybody's. Out: the files, where the bytes are those that [`super::zipped`] writes; else the first thing
//! that is not. Nothing is believed that was not compared.

use super::deflated;
use super::layout::{LOCAL, LOCAL_LENGTH, Member, otherwise, rest};
use crate::commands::pack::delivered::{Delivered, MOST_FILES, is_safe};
use flate2::{Crc, bufread::DeflateDecoder};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// No name in a pack is longer.
const LONGEST_NAME: usize = 1024;

/// What keeps a ZIP file from being a pack's, or from being read.
#[derive(Debug)]
pub(in crate::commands::pack) enum Flaw {
    /// It is another ZIP file than any that is written here.
    Other(String),
    /// It cannot be read.
    Unread(io::Error),
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Other("the ZIP file ends too early".to_owned()),
            // What the decoder says of data that nobody deflated.
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Self::Other(format!("its data are damaged: {error}")),
            _ => Self::Unread(error),
        }
    }
}

/// Reads all files into `delivered`.
pub(in crate::commands::pack) fn read(from: &mut impl BufRead, delivered: &mut Delivered) -> Result<Vec<Member>, Flaw> {
    let other = |what: String| Err(Flaw::Other(what));
    let (mut members, mut offset) = (Vec::<Member>::new(), 0_u32);
    loop {
        let mut header = [0; LOCAL_LENGTH];
        let (signature, fields) = header.split_at_mut(LOCAL.len());
        from.read_exact(signature)?;
        if signature != LOCAL {
            let read = [signature[0], signature[1], signature[2], signature[3]];
            return ends(from, read, &members, offset).map(|()| members);
        }
        if members.len() >= MOST_FILES {
            return other(format!("the ZIP file holds more than {MOST_FILES} files"));
        }
        from.read_exact(fields)?;
        let (mut member, length) = Member::of(&header, offset);
        if length > LONGEST_NAME {
            return other(format!("the name of the file at byte {offset} has {length} bytes"));
        }
        member.name = vec![0; length];
        from.read_exact(&mut member.name)?;
        let name = named(&member, members.last())?;
        let canonical = member.local();
        if header != canonical[..LOCAL_LENGTH] {
            let fields = otherwise(&header, &canonical);
            return other(format!("the header of `{name}` is not as `pack` writes it: {fields}"));
        }
        contents(from, &member, &name, delivered)?;
        let next = member.data() + u64::from(member.packed);
        let Ok(next) = u32::try_from(next) else {
            return other(format!("`{name}` reaches beyond 4 GiB"));
        };
        offset = next;
        members.push(member);
    }
}

/// The name of a file that a pack may have here.
fn named(member: &Member, before: Option<&Member>) -> Result<String, Flaw> {
    let name = String::from_utf8_lossy(&member.name).into_owned();
    let shown = name.escape_debug();
    if !is_safe(&name) {
        return Err(Flaw::Other(format!("`{shown}` is no name of a file in a pack")));
    }
    match before {
        Some(before) if before.name == member.name => Err(Flaw::Other(format!("`{shown}` stands twice in the ZIP file"))),
        Some(before) if before.name > member.name => {
            let before = String::from_utf8_lossy(&before.name);
            Err(Flaw::Other(format!(
                "`{shown}` stands behind `{before}`, and not in the order of names"
            )))
        }
        _ => Ok(name),
    }
}

/// Takes a file's contents: all of the bytes that its header says, and no more.
fn contents(from: &mut impl BufRead, member: &Member, name: &str, delivered: &mut Delivered) -> Result<(), Flaw> {
    let mut summed = Summed {
        inner: DeflateDecoder::new(from.take(u64::from(member.packed))),
        crc: Crc::new(),
    };
    delivered.take(name, &mut summed).map_err(Flaw::Other)?;
    let wrong = |what: &str| Err(Flaw::Other(format!("{what} of `{name}` is not as its header says")));
    if summed.inner.total_out() != u64::from(member.size) {
        return wrong("the length");
    }
    if summed.crc.sum() != member.crc {
        return wrong("the checksum");
    }
    if summed.inner.total_in() != u64::from(member.packed) {
        return Err(Flaw::Other(format!(
            "there are bytes behind the data of `{name}` that belong to no file"
        )));
    }
    Ok(())
}

/// Reads what stands behind the data: it follows from what stood before.
fn ends(from: &mut impl Read, read: [u8; 4], members: &[Member], start: u32) -> Result<(), Flaw> {
    let canonical = rest(members, start);
    let mut bytes = read.to_vec();
    from.take(canonical.len() as u64 - 3).read_to_end(&mut bytes)?;
    if bytes == canonical {
        return Ok(());
    }
    if !read.starts_with(b"PK") {
        return Err(Flaw::Other(if start == 0 {
            "something stands before the first file".to_owned()
        } else {
            format!("what stands at byte {start}, behind the last file, is no part of a pack")
        }));
    }
    if bytes.starts_with(&canonical) {
        return Err(Flaw::Other("something stands behind the end of the ZIP file".to_owned()));
    }
    let (mut from, mut what) = (0, "the record at the end".to_owned());
    for member in members {
        let central = member.central();
        let to = from + central.len();
        if bytes.get(from..to) != Some(&central) {
            let name = String::from_utf8_lossy(&member.name);
            what = format!("the entry of `{name}` in the list of all files");
            break;
        }
        from = to;
    }
    Err(Flaw::Other(format!("{what} is not as `pack` writes it for the file that is there")))
}

/// The first file whose data are not deflated as they are here.
pub(in crate::commands::pack) fn rewritten(from: &mut (impl Read + Seek), members: &[Member]) -> io::Result<Option<String>> {
    for member in members {
        from.seek(SeekFrom::Start(member.data()))?;
        let mut packed = vec![0; member.packed as usize];
        from.read_exact(&mut packed)?;
        let mut contents = Vec::with_capacity(member.size as usize);
        DeflateDecoder::new(packed.as_slice()).read_to_end(&mut contents)?;
        if deflated(&contents) != packed {
            return Ok(Some(String::from_utf8_lossy(&member.name).into_owned()));
        }
    }
    Ok(None)
}

/// A reader that sums up what is read.
struct Summed<R> {
    inner: R,
    crc: Crc,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.crc.update(&into[..count]);
        Ok(count)
    }
}
