//! Packing a PDF's objects into compressed object streams (ISO 32000-1, 7.5.7 and 7.5.8).
//!
//! In: the exported file, with one classic cross-reference table. Out: the same document in less than half of the bytes. A
//! tagged document has a structure element for each table cell; one by one they take more room than all of the text.
//! Objects are moved as they stand but for the last decimals of positions: parsing them with a library took a quarter of the
//! report's time. Streams are compressed anew, the drawings of pages once they are written in short.

use super::drawing;
use flate2::read::ZlibDecoder;
use libdeflater::{CompressionLvl, Compressor};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

/// Objects in one stream. Readers unpack a whole stream to see one of its objects.
const OBJECTS_PER_STREAM: usize = 3000;

/// How much work is put into compressing drawings and objects: this level looks for the best of all ways.
const LEVEL: i32 = 10;

/// The same for what is attached, which is little and long.
const LEVEL_OF_ATTACHMENTS: i32 = 12;

/// Packs a file; one that is not written as expected stays as it was, since both are the same document.
pub(super) fn pack(bytes: Vec<u8>) -> Vec<u8> {
    match packed(&bytes) {
        Some(packed) if packed.len() < bytes.len() => packed,
        _ => bytes,
    }
}

/// Where an object is, as a cross-reference stream says it.
enum Entry {
    Free,
    /// At a byte of the file.
    At(u32),
    /// In an object stream, at a position.
    In(u32, u16),
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = cross_references(bytes)?;
    let (table, trailer) = bytes.get(start..)?.strip_prefix(b"xref\n").map(|rest| split(rest, b"trailer"))??;
    let mut offsets: Vec<(usize, u32)> = offsets(std::str::from_utf8(table).ok()?)?;
    offsets.sort_unstable();
    let first = offsets.first()?.0;
    let mut out = bytes.get(..first)?.to_vec();
    let mut entries: BTreeMap<u32, Entry> = BTreeMap::from([(0, Entry::Free)]);
    let mut plain: Vec<(u32, &[u8])> = Vec::new();
    let mut streams: Vec<(u32, &[u8])> = Vec::new();
    let ends = offsets.iter().skip(1).map(|(offset, _)| *offset).chain([start]);
    for ((offset, number), end) in offsets.iter().zip(ends) {
        let object = bytes.get(*offset..end)?.trim_ascii_end();
        let body = object.strip_suffix(b"endobj")?.trim_ascii_end();
        if body.ends_with(b"endstream") {
            streams.push((*number, object));
        } else {
            let body = body.strip_prefix(format!("{number} 0 obj").as_bytes())?;
            plain.push((*number, body.trim_ascii()));
        }
    }
    let names = Names::by_kind(&mut plain);
    for ((number, _), object) in streams
        .iter()
        .zip(on_threads(&streams, |(number, object)| stream_object(*number, object, &names)))
    {
        entries.insert(*number, Entry::At(u32::try_from(out.len()).ok()?));
        out.extend_from_slice(&object?);
        out.extend_from_slice(b"\n\n");
    }
    let mut next = entries.keys().chain(plain.iter().map(|(number, _)| number)).max()? + 1;
    let groups: Vec<&[(u32, &[u8])]> = plain.chunks(OBJECTS_PER_STREAM).collect();
    for (objects, small) in groups.iter().zip(on_threads(&groups, |objects| object_stream(objects, &names))) {
        let (first, small) = small?;
        for (position, (number, _)) in (0_u16..).zip(*objects) {
            entries.insert(*number, Entry::In(next, position));
        }
        entries.insert(next, Entry::At(u32::try_from(out.len()).ok()?));
        let dictionary = format!("/Type/ObjStm/N {}/First {first}", objects.len());
        stream(&mut out, next, &dictionary, &small)?;
        next += 1;
    }
    let at = u32::try_from(out.len()).ok()?;
    entries.insert(next, Entry::At(at));
    let size = next + 1;
    let mut rows = Vec::with_capacity(size as usize);
    for number in 0..size {
        let (kind, second, third) = match entries.get(&number) {
            None | Some(Entry::Free) => (0, 0, u16::MAX),
            Some(Entry::At(offset)) => (1, *offset, 0),
            Some(Entry::In(stream, position)) => (2, *stream, *position),
        };
        let ([a, b, c, d], [e, f]) = (u32::to_be_bytes(second), u16::to_be_bytes(third));
        rows.push([kind, a, b, c, d, e, f]);
    }
    let dictionary = format!(
        "/Type/XRef/W[1 4 2]/DecodeParms<</Predictor 12/Columns {ROW}>>/Size {size}{}",
        root_and_id(trailer, &names)?
    );
    stream(&mut out, next, &dictionary, &compressed(&differences(&rows), LEVEL)?)?;
    write!(out, "startxref\n{at}\n%%EOF").ok()?;
    Some(out)
}

/// What is made of each, in their order. On as many threads as the machine has and lets start: each is made by itself, so
/// the result is the same.
fn on_threads<T: Sync, M: Send>(all: &[T], make: impl Fn(&T) -> M + Copy + Send) -> Vec<M> {
    let share = all.len().div_ceil(crate::memory::threads()).max(1);
    let made = move |some: &[T]| some.iter().map(make).collect::<Vec<_>>();
    let (here, there) = all.split_at(share.min(all.len()));
    std::thread::scope(|scope| {
        let running: Vec<_> = there
            .chunks(share)
            .map(|some| (some, std::thread::Builder::new().spawn_scoped(scope, move || made(some))))
            .collect();
        let mut done = made(here);
        for (some, thread) in running {
            // Where no thread can be started, this one does its work.
            done.extend(thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| made(some)));
        }
        done
    })
}

/// The dictionary of a page's drawing, after its length: it has no type, and nothing else has no other entry.
const DRAWING: &str = "/Filter/FlateDecode";

/// The dictionary of an attached file begins so, after its length.
const ATTACHED: &str = "/Type/EmbeddedFile";

/// A stream's object with the new names, a page's drawing in short, an attached file compressed by more work. `None` where
/// it is not as expected.
fn stream_object(number: u32, object: &[u8], names: &Names) -> Option<Vec<u8>> {
    let (head, rest) = split(object, b"stream\n")?;
    if let Some(smaller) = smaller(number, object, head, rest) {
        return Some(smaller);
    }
    let head = drawing::positions(head, |number| names.of(number))?;
    Some([&head, &b"stream\n"[..], rest].concat())
}

/// The object of a drawing or an attached file, which lead to no other, in fewer bytes. `None` where it is neither, or not
/// as expected.
fn smaller(number: u32, object: &[u8], head: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
    let dictionary = std::str::from_utf8(head).ok()?.trim();
    let dictionary = dictionary.strip_prefix(&format!("{number} 0 obj"))?.trim();
    let dictionary = dictionary.strip_prefix("<</Length ")?.strip_suffix(">>")?;
    let entries = dictionary.trim_start_matches(|c: char| c.is_ascii_digit());
    let length: usize = dictionary.get(..dictionary.len() - entries.len())?.parse().ok()?;
    let is_drawing = entries == DRAWING;
    let is_attached = entries.starts_with(ATTACHED) && entries.contains(DRAWING) && !entries.contains(" 0 R");
    if !(is_drawing || is_attached) {
        return None;
    }
    let mut content = Vec::new();
    ZlibDecoder::new(rest.get(..length)?).read_to_end(&mut content).ok()?;
    let small = if is_drawing {
        compressed(&drawing::shortened(&content)?, LEVEL)?
    } else {
        compressed(&content, LEVEL_OF_ATTACHMENTS)?
    };
    let mut out = format!("{number} 0 obj\n<</Length {}{entries}>>\nstream\n", small.len()).into_bytes();
    out.extend_from_slice(&small);
    out.extend_from_slice(b"\nendstream\nendobj");
    (out.len() < object.len()).then_some(out)
}

/// The new numbers of objects that are no streams. Objects of a kind are much alike: one after the other they compress to
/// less, and if their numbers followed another order, where each lies would take what is saved.
struct Names(Vec<u32>);

impl Names {
    /// Sorts the objects by kind, and gives them their numbers anew in this order.
    fn by_kind(objects: &mut [(u32, &[u8])]) -> Self {
        let mut numbers: Vec<u32> = objects.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        let most = numbers.last().map_or(0, |most| most + 1);
        let mut names: Vec<u32> = (0..most).collect();
        objects.sort_by(|(a, one), (b, other)| kind(one).cmp(&kind(other)).then(a.cmp(b)));
        for ((old, _), new) in objects.iter_mut().zip(numbers) {
            if let Some(name) = names.get_mut(*old as usize) {
                *name = new;
            }
            *old = new;
        }
        Self(names)
    }

    fn of(&self, number: u32) -> u32 {
        self.0.get(number as usize).copied().unwrap_or(number)
    }
}

/// What an object is, as far as it says so: those of a kind are much alike, and lie together.
fn kind(object: &[u8]) -> Option<&[u8]> {
    [&b"/S/"[..], b"/Subtype/", b"/Type/"].into_iter().find_map(|key| {
        let (_, rest) = split(object, key)?;
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        rest.get(..end.unwrap_or(rest.len()))
    })
}

fn object_stream(objects: &[(u32, &[u8])], names: &Names) -> Option<(usize, Vec<u8>)> {
    let (mut head, mut body) = (String::new(), Vec::new());
    for (number, object) in objects {
        head.push_str(&format!("{number} {} ", body.len()));
        body.extend_from_slice(&drawing::positions(object, |number| names.of(number))?);
        body.push(b'\n');
    }
    Some((head.len(), compressed(&[head.as_bytes(), &body].concat(), LEVEL)?))
}

/// Bytes of one entry of a cross-reference stream.
const ROW: usize = 7;

/// Each row as its difference to the one before, after the mark of that filter (PNG's `Up`; ISO 32000-1, 7.4.4.4). The
/// entries of an object stream count up, so that what is left compresses to next to nothing.
fn differences(rows: &[[u8; ROW]]) -> Vec<u8> {
    const UP: u8 = 2;
    let mut out = Vec::with_capacity((ROW + 1) * rows.len());
    let mut before = [0; ROW];
    for row in rows {
        out.push(UP);
        out.extend(row.iter().zip(before).map(|(byte, above)| byte.wrapping_sub(above)));
        before = *row;
    }
    out
}

/// The offset of the cross-reference table, which the end of the file names.
fn cross_references(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.get(bytes.len().checked_sub(64)?..)?;
    let tail = String::from_utf8_lossy(tail).into_owned();
    tail.rsplit_once("startxref")?.1.split_whitespace().next()?.parse().ok()
}

/// Where each object begins; `None` if one was ever replaced.
fn offsets(table: &str) -> Option<Vec<(usize, u32)>> {
    let mut found = Vec::new();
    let mut lines = table.lines();
    while let Some(section) = lines.next().filter(|line| !line.trim().is_empty()) {
        let (first, count) = section.trim().split_once(' ')?;
        let first: u32 = first.parse().ok()?;
        for number in first..first.checked_add(count.parse().ok()?)? {
            let mut fields = lines.next()?.split_whitespace();
            match (fields.next()?, fields.next()?, fields.next()?) {
                (offset, "00000", "n") => found.push((offset.parse().ok()?, number)),
                (_, _, "f") => {}
                _ => return None,
            }
        }
    }
    Some(found)
}

/// The entries of a trailer that a cross-reference stream has, too: all but its size.
fn root_and_id(trailer: &[u8], names: &Names) -> Option<String> {
    let (trailer, _) = split(trailer, b"startxref")?;
    let trailer = drawing::positions(trailer, |number| names.of(number))?;
    let trailer = std::str::from_utf8(&trailer).ok()?.trim();
    let inner = trailer.strip_prefix("<<")?.strip_suffix(">>")?;
    let (before, after) = inner.split_once("/Size ")?;
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    (!inner.contains("/Prev")).then(|| format!("{before}{rest}"))
}

fn compressed(content: &[u8], level: i32) -> Option<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::new(level).ok()?);
    let mut small = vec![0; compressor.zlib_compress_bound(content.len())];
    let length = compressor.zlib_compress(content, &mut small).ok()?;
    small.truncate(length);
    Some(small)
}

/// Writes a stream that is compressed already as an object. PDF/A wants a line end before `endstream`.
fn stream(out: &mut Vec<u8>, number: u32, dictionary: &str, small: &[u8]) -> Option<()> {
    write!(
        out,
        "{number} 0 obj\n<<{dictionary}/Filter/FlateDecode/Length {}>>\nstream\n",
        small.len()
    )
    .ok()?;
    out.extend_from_slice(small);
    out.extend_from_slice(b"\nendstream\nendobj\n\n");
    Some(())
}

fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let position = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..position)?, bytes.get(position + at.len()..)?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: &str = "%PDF-1.7\n\n1 0 obj\n<< /Type /Catalog >>\nendobj\n\n2 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n\n";

    fn file() -> Vec<u8> {
        let one = FILE.find("1 0 obj").unwrap();
        let two = FILE.find("2 0 obj").unwrap();
        let at = FILE.len();
        format!(
            "{FILE}xref\n0 3\n0000000000 65535 f\r\n{one:010} 00000 n\r\n{two:010} 00000 n\r\ntrailer\n<<\n/Size 3\n/Root 1 0 R\n>>\nstartxref\n{at}\n%%EOF"
        )
        .into_bytes()
    }

    #[test]
    fn streams_stay_and_the_rest_moves_into_one() {
        let packed = packed(&file()).unwrap();
        let text = String::from_utf8_lossy(&packed);
        assert!(text.contains("2 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj"), "{text}");
        assert!(text.contains("/Type/ObjStm/N 1/First 4"), "{text}");
        assert!(
            text.contains("/Type/XRef/W[1 4 2]/DecodeParms<</Predictor 12/Columns 7>>/Size 5"),
            "{text}"
        );
        assert!(text.contains("/Root 1 0 R") && !text.contains("1 0 obj"), "{text}");
    }

    #[test]
    fn what_is_not_as_expected_stays_as_it_was() {
        for cut in 0..file().len() {
            let bytes = file()[..cut].to_vec();
            assert_eq!(pack(bytes.clone()), bytes);
        }
        let replaced = String::from_utf8(file()).unwrap().replace(" 00000 n", " 00001 n").into_bytes();
        assert_eq!(packed(&replaced), None);
    }
}
