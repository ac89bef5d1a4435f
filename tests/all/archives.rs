//! Packs that somebody has changed: a table of ZIP files and one of folders, none of which is as delivered.

use crate::support::Folder;
use std::io::{Cursor, Read as _};

/// Packs quickly: one edition, no PDF.
const QUICK: [&str; 8] = ["--edition", "review", "--format", "markdown", "--format", "json", "--format", "csv"];

fn packed(output: &str) -> Folder {
    let folder = Folder::golden();
    folder.run(&[&["pack", "inventory.yaml", "-o", output][..], &QUICK].concat()).well();
    folder
}

/// An entry, with all that its two headers say.
#[derive(Clone)]
struct Entry {
    local: Vec<u8>,
    central: Vec<u8>,
    data: Vec<u8>,
    method: u16,
    flags: u16,
    needed: u16,
    made_by: u16,
    time: u32,
    crc: u32,
    size: u32,
    /// What the list of files says instead, where it says something else.
    central_crc: Option<u32>,
    extra: Vec<u8>,
    central_extra: Vec<u8>,
    comment: Vec<u8>,
    mode: u32,
    listed: bool,
    /// Behind its data.
    behind: Vec<u8>,
}

/// An archive that says what it is told to say.
#[derive(Clone)]
struct Archive {
    prefix: Vec<u8>,
    entries: Vec<Entry>,
    /// Before the list of files, and before the last record.
    gaps: [Vec<u8>; 2],
    /// How many fewer files the last record counts.
    uncounted: u16,
    disk: u16,
    comment: Vec<u8>,
    suffix: Vec<u8>,
}

impl Archive {
    /// As a genuine pack says it.
    fn of(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let entries = (0..archive.len()).map(|index| {
            let mut entry = archive.by_index_raw(index).unwrap();
            let name = entry.name_raw().to_vec();
            let (crc, size) = (entry.crc32(), u32::try_from(entry.size()).unwrap());
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            Entry::new(&name, data, 8, crc, size)
        });
        Self {
            entries: entries.collect(),
            prefix: Vec::new(),
            gaps: [Vec::new(), Vec::new()],
            uncounted: 0,
            disk: 0,
            comment: Vec::new(),
            suffix: Vec::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let mut list = Vec::new();
        let mut count = 0_u16;
        for entry in &self.entries {
            let offset = out.len();
            out.extend(b"PK\x03\x04");
            out.extend(entry.header(&entry.local, &entry.extra, entry.crc));
            out.extend([&entry.local[..], &entry.extra, &entry.data, &entry.behind].concat());
            if entry.listed {
                count += 1;
                list.extend(b"PK\x01\x02");
                list.extend(entry.made_by.to_le_bytes());
                list.extend(entry.header(&entry.central, &entry.central_extra, entry.central_crc.unwrap_or(entry.crc)));
                list.extend(u16::try_from(entry.comment.len()).unwrap().to_le_bytes());
                list.extend([0; 4]);
                list.extend((entry.mode << 16).to_le_bytes());
                list.extend(u32::try_from(offset).unwrap().to_le_bytes());
                list.extend([&entry.central[..], &entry.central_extra, &entry.comment].concat());
            }
        }
        out.extend(&self.gaps[0]);
        let start = out.len();
        out.extend(&list);
        out.extend(&self.gaps[1]);
        out.extend(b"PK\x05\x06");
        out.extend(self.disk.to_le_bytes());
        out.extend([0; 2]);
        out.extend((count - self.uncounted).to_le_bytes());
        out.extend((count - self.uncounted).to_le_bytes());
        out.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
        out.extend(u32::try_from(start).unwrap().to_le_bytes());
        out.extend(u16::try_from(self.comment.len()).unwrap().to_le_bytes());
        out.extend([&self.comment[..], &self.suffix].concat());
        out
    }

    fn named(&mut self, name: &str) -> &mut Entry {
        self.entries.iter_mut().find(|entry| entry.central == name.as_bytes()).unwrap()
    }

    /// Adds a file of somebody's.
    fn add(&mut self, name: &str) -> &mut Entry {
        self.entries.push(Entry::new(
            name.as_bytes(),
            b"\x01\x04\x00\xfb\xffevil".to_vec(),
            8,
            crc(b"evil"),
            4,
        ));
        self.entries.last_mut().unwrap()
    }
}

impl Entry {
    fn new(name: &[u8], data: Vec<u8>, method: u16, crc: u32, size: u32) -> Self {
        Self {
            local: name.to_vec(),
            central: name.to_vec(),
            data,
            method,
            flags: 0,
            needed: 20,
            made_by: 0x0314,
            time: 0x0021_0000,
            crc,
            size,
            central_crc: None,
            extra: Vec::new(),
            central_extra: Vec::new(),
            comment: Vec::new(),
            mode: 0o100_644,
            listed: true,
            behind: Vec::new(),
        }
    }

    fn header(&self, name: &[u8], extra: &[u8], crc: u32) -> Vec<u8> {
        let mut out = Vec::new();
        for word in [self.needed, self.flags, self.method] {
            out.extend(word.to_le_bytes());
        }
        for number in [self.time, crc, u32::try_from(self.data.len()).unwrap(), self.size] {
            out.extend(number.to_le_bytes());
        }
        for length in [name.len(), extra.len()] {
            out.extend(u16::try_from(length).unwrap().to_le_bytes());
        }
        out
    }

    fn contents(&self) -> Vec<u8> {
        let mut contents = Vec::new();
        flate2::read::DeflateDecoder::new(self.data.as_slice())
            .read_to_end(&mut contents)
            .unwrap();
        contents
    }

    /// The same contents, deflated into nothing smaller.
    fn store(&mut self) {
        (self.method, self.data) = (0, self.contents());
    }

    /// The same contents, deflated by another program.
    fn deflate_again(&mut self) {
        let contents = self.contents();
        let mut other = Vec::new();
        flate2::read::DeflateEncoder::new(contents.as_slice(), flate2::Compression::fast())
            .read_to_end(&mut other)
            .unwrap();
        assert_ne!(other, self.data);
        self.data = other;
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// An extra field: its id, and as many bytes as it says.
fn extra(id: u16, bytes: &[u8]) -> Vec<u8> {
    [&id.to_le_bytes()[..], &u16::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat()
}

const REPORT: &str = "review/report.md";

/// A change by its name.
type Change<T> = (&'static str, fn(&mut T));

/// What a ZIP file can say otherwise than a pack does.
#[rustfmt::skip]
const CHANGES: &[Change<Archive>] = &[
    ("two names are swapped before the data", |of| {
        of.named(REPORT).local = b"data/report.csv".to_vec();
        of.named("data/report.csv").local = REPORT.into();
    }),
    ("two names are swapped in the list", |of| {
        let at = |name: &str| of.entries.iter().position(|entry| entry.central == name.as_bytes()).unwrap();
        let (one, other) = (at(REPORT), at("data/report.csv"));
        of.entries[one].central = b"data/report.csv".to_vec();
        of.entries[other].central = REPORT.into();
    }),
    ("a hidden file that is not listed", |of| of.add("zz.exe").listed = false),
    ("a hidden file of a known name", |of| {
        of.add(REPORT).listed = false;
    }),
    ("a forged file before the true one, which has another name before its data", |of| {
        of.named(REPORT).local = b".x".to_vec();
        of.add(REPORT).listed = false;
        let forged = of.entries.pop().unwrap();
        of.entries.insert(0, forged);
    }),
    ("a name that ends in a backslash", |of| { of.add("evil.exe\\"); }),
    ("a name with backslashes", |of| { of.add("..\\evil.exe"); }),
    ("a name that leads up", |of| { of.add("../evil.exe"); }),
    ("an absolute name", |of| { of.add("/tmp/evil.exe"); }),
    ("a name with a drive", |of| { of.add("C:evil.exe"); }),
    ("a name with a zero", |of| { of.add("zz.md\0.exe"); }),
    ("an empty name", |of| { of.add(""); }),
    ("a folder", |of| { of.add("zz/").mode = 0o040_755; }),
    ("a known name in another case", |of| { of.add("review/REPORT.md"); }),
    ("a known name with ./ before it", |of| { of.add("./review/report.md"); }),
    ("a known name twice", |of| { of.add(REPORT); }),
    ("a file more", |of| { of.add("zz.txt"); }),
    ("a file less", |of| of.entries.retain(|entry| entry.central != REPORT.as_bytes())),
    ("another order", |of| of.entries.reverse()),
    ("a link", |of| of.named(REPORT).mode = 0o120_777),
    ("a device", |of| of.named(REPORT).mode = 0o020_666),
    ("a program", |of| of.named(REPORT).mode = 0o100_755),
    ("bytes before the first file", |of| of.prefix = b"#!/bin/sh\nexit\n".to_vec()),
    ("bytes behind the end", |of| of.suffix = b"\n".to_vec()),
    ("bytes between two files", |of| of.named(REPORT).behind = vec![0; 16]),
    ("bytes before the list", |of| of.gaps[0] = vec![0; 16]),
    ("bytes before the last record", |of| of.gaps[1] = vec![0; 16]),
    ("bytes behind the deflated data", |of| of.named(REPORT).data.extend(b"more")),
    ("a comment", |of| of.comment = b"signed: nobody".to_vec()),
    ("a comment that holds the end of another archive", |of| of.comment = [&b"PK\x05\x06"[..], &[0; 18]].concat()),
    ("a comment of a file", |of| of.named(REPORT).comment = b"signed".to_vec()),
    ("an extra field before the data", |of| of.named(REPORT).extra = extra(0x5455, &[1, 0, 0, 0, 0])),
    ("an extra field in the list", |of| of.named(REPORT).central_extra = extra(0x5455, &[1, 0, 0, 0, 0])),
    ("a name in Unicode in an extra field", |of| {
        let named = [&[1][..], &crc(REPORT.as_bytes()).to_le_bytes(), b"evil.exe"].concat();
        (of.named(REPORT).extra, of.named(REPORT).central_extra) = (extra(0x7075, &named), extra(0x7075, &named));
    }),
    ("sizes of 64 bits", |of| {
        let one = of.named(REPORT);
        let sizes = [u64::from(one.size), one.data.len() as u64].map(u64::to_le_bytes).concat();
        (one.needed, one.extra, one.central_extra) = (45, extra(1, &sizes), extra(1, &sizes));
    }),
    ("an end record of 64 bits", |of| of.gaps[1] = [&b"PK\x06\x06"[..], &44_u64.to_le_bytes(), &[0; 44]].concat()),
    ("a descriptor behind the data", |of| {
        let one = of.named(REPORT);
        one.flags = 8;
        one.behind = [&b"PK\x07\x08"[..], &one.crc.to_le_bytes(), &(one.data.len() as u32).to_le_bytes(), &one.size.to_le_bytes()].concat();
    }),
    ("marked as encrypted", |of| of.named(REPORT).flags = 1),
    ("marked as Unicode", |of| of.named(REPORT).flags = 1 << 11),
    ("stored", |of| of.named(REPORT).store()),
    ("deflated by another program", |of| of.named(REPORT).deflate_again()),
    ("a time", |of| of.named(REPORT).time = 0x5965_6000),
    ("made on another system", |of| of.named(REPORT).made_by = 0x0014),
    ("made by another version", |of| of.named(REPORT).made_by = 0x033f),
    ("another checksum in the list", |of| of.named(REPORT).central_crc = Some(1)),
    ("another checksum", |of| of.named(REPORT).crc = 1),
    ("another length", |of| of.named(REPORT).size += 1),
    ("fewer files at the end than there are", |of| of.uncounted = 1),
    ("a disk", |of| of.disk = 1),
    ("all data gone", |of| of.named(REPORT).data.clear()),
];

#[test]
fn whatever_an_archive_says_otherwise_is_refused() {
    let folder = packed("pack.zip");
    let genuine = folder.bytes("pack.zip");
    let archive = Archive::of(&genuine);
    assert!(archive.bytes() == genuine, "what is changed below is the only change");
    for (what, change) in CHANGES {
        let mut changed = archive.clone();
        change(&mut changed);
        let bytes = changed.bytes();
        assert!(bytes != genuine, "{what}");
        folder.put("changed.zip", &bytes);
        let run = folder.run(&["verify", "changed.zip"]);
        let errors = run.failed(1);
        assert!(errors.contains("error[pack-damaged]"), "{what}: {errors}");
        assert_eq!(run.text(), "", "{what}");
    }
    // None of them is replaced either.
    let (last, change) = CHANGES.iter().find(|(what, _)| *what == "a comment").unwrap();
    let mut changed = archive.clone();
    change(&mut changed);
    folder.put("changed.zip", changed.bytes());
    folder.run(&[&["pack", "-o", "changed.zip"][..], &QUICK].concat()).failed(3);
    assert!(folder.bytes("changed.zip") == changed.bytes(), "{last}");
    // Two archives, one behind the other.
    folder.put("changed.zip", [&genuine[..], &genuine].concat());
    folder.run(&["verify", "changed.zip"]).failed(1);
    folder.run(&["verify", "pack.zip"]).fine();
}

#[test]
fn no_byte_of_an_archive_can_be_another() {
    let folder = packed("pack.zip");
    let genuine = folder.bytes("pack.zip");
    let step = genuine.len() / 60;
    // Some of the data, all of the record at the end, and the bytes before it.
    for at in (0..genuine.len()).step_by(step).chain(genuine.len() - 60..genuine.len()) {
        let mut changed = genuine.clone();
        changed[at] ^= 1 << (at % 8);
        folder.put("changed.zip", &changed);
        let run = folder.run(&["verify", "changed.zip"]);
        assert!(matches!(run.code, 1 | 3), "byte {at}: {} {}", run.code, run.errors);
        folder.put("changed.zip", &genuine[..at]);
        let run = folder.run(&["verify", "changed.zip"]);
        assert!(matches!(run.code, 1 | 3), "cut at {at}: {} {}", run.code, run.errors);
    }
}

#[test]
fn a_pack_is_read_from_a_pipe_too() {
    let folder = packed("pack.zip");
    let from = |name: &str| {
        let script = format!("\"$0\" verify - < {name} > out 2>&1; echo $? >> out");
        let done = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_cloudraci")])
            .current_dir(folder.path(""))
            .status();
        assert!(done.unwrap().success());
        folder.read("out")
    };
    let said = from("pack.zip");
    assert!(said.contains("are as delivered") && said.ends_with("\n0\n"), "{said}");
    let mut changed = folder.bytes("pack.zip");
    changed.push(0);
    folder.put("changed.zip", changed);
    assert!(from("changed.zip").ends_with("\n1\n"));
    folder.run(&["verify", "-", "-"]).failed(2);
}

#[test]
fn the_pages_of_help_say_what_verify_reads() {
    let help = Folder::new().run(&["verify", "--help"]).fine();
    assert!(
        help.contains("on standard input") && help.contains("only the pack itself is looked at"),
        "{help}"
    );
    assert!(!help.contains("inventory.yaml or inventories/ here"), "{help}");
    // What would be passed over without an inventory is refused.
    let folder = packed("pack");
    for more in [
        &["--catalog", "x"][..],
        &["--as-of", "2026-01-01"],
        &["--templates", "x"],
        &["--system-fonts"],
    ] {
        folder.run(&[&["verify", "pack"][..], more].concat()).failed(2);
    }
}

/// What a manifest can say otherwise.
#[test]
fn a_manifest_says_what_manifests_say_and_no_more() {
    let folder = packed("pack");
    let genuine = folder.read("pack/manifest.json");
    for (what, changed) in [
        ("another version", genuine.replacen("\"manifest\": 1", "\"manifest\": 2", 1)),
        ("a field more", genuine.replacen('{', "{\n  \"signed\": true,", 1)),
        ("a field twice", genuine.replacen("\"title\"", "\"title\": \"x\",\n  \"title\"", 1)),
        ("other spaces", genuine.replacen(": ", ":  ", 1)),
        ("no end of line", genuine.trim_end().to_owned()),
        (
            "a name that leads up",
            genuine.replacen("\"review/report.md\"", "\"../report.md\"", 1),
        ),
        ("another size", {
            let at = genuine.find("\"path\": \"review/report.md\"").unwrap();
            let size = genuine[at..].find("\"bytes\": ").unwrap() + at + 9;
            format!("{}9{}", &genuine[..size], &genuine[size..])
        }),
        ("not JSON", "{".to_owned()),
    ] {
        assert_ne!(changed, genuine, "{what}");
        folder.put("pack/manifest.json", changed);
        let run = folder.run(&["verify", "pack"]);
        assert!(run.failed(1).contains("error[pack-damaged]"), "{what}: {}", run.errors);
    }
    folder.put("pack/manifest.json", genuine);
    folder.run(&["verify", "pack"]).fine();
}

/// What can be done to a folder.
#[cfg(unix)]
#[test]
fn whatever_a_folder_holds_otherwise_is_refused() {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    type InFolder = (&'static str, fn(&Folder));
    let changes: &[InFolder] = &[
        ("a file more", |of| of.put("pack/zz.txt", "x")),
        ("a hidden file", |of| of.put("pack/.DS_Store", "x")),
        ("a file in a folder more", |of| of.put("pack/zz/zz.txt", "x")),
        ("an empty folder", |of| fs::create_dir(of.path("pack/zz")).unwrap()),
        ("a hidden folder", |of| fs::create_dir(of.path("pack/.git")).unwrap()),
        ("a file less", |of| fs::remove_file(of.path("pack/review/report.md")).unwrap()),
        ("a file changed", |of| of.put("pack/review/report.md", "x")),
        ("a file of no bytes", |of| of.put("pack/review/report.md", "")),
        ("a link to the very same file", |of| {
            fs::rename(of.path("pack/review/report.md"), of.path("kept")).unwrap();
            symlink(of.path("kept"), of.path("pack/review/report.md")).unwrap();
        }),
        ("a link to the very same folder", |of| {
            fs::rename(of.path("pack/review"), of.path("kept")).unwrap();
            symlink(of.path("kept"), of.path("pack/review")).unwrap();
        }),
        ("a link that leads nowhere", |of| symlink("nowhere", of.path("pack/zz")).unwrap()),
        ("a pipe", |of| {
            assert!(
                std::process::Command::new("mkfifo")
                    .arg(of.path("pack/zz"))
                    .status()
                    .unwrap()
                    .success()
            );
        }),
        ("a pipe in place of a file", |of| {
            fs::remove_file(of.path("pack/review/report.md")).unwrap();
            assert!(
                std::process::Command::new("mkfifo")
                    .arg(of.path("pack/review/report.md"))
                    .status()
                    .unwrap()
                    .success()
            );
        }),
        ("a folder in place of a file", |of| {
            fs::remove_file(of.path("pack/review/report.md")).unwrap();
            fs::create_dir(of.path("pack/review/report.md")).unwrap();
        }),
        ("a backslash in place of a folder", |of| {
            fs::rename(of.path("pack/review/report.md"), of.path("pack/review\\report.md")).unwrap();
        }),
        ("another case", |of| {
            fs::rename(of.path("pack/review/report.md"), of.path("pack/review/Report.md")).unwrap()
        }),
        ("bytes that are no text", |of| {
            fs::write(of.path("pack").join(std::ffi::OsStr::from_bytes(b"\xff.md")), "x").unwrap();
        }),
        ("the manifest is a link", |of| {
            fs::rename(of.path("pack/manifest.json"), of.path("kept")).unwrap();
            symlink(of.path("kept"), of.path("pack/manifest.json")).unwrap();
        }),
    ];
    for (what, change) in changes {
        let folder = packed("pack");
        change(&folder);
        let run = folder.run(&["verify", "pack"]);
        assert!(matches!(run.code, 1 | 3), "{what}: {} {}", run.code, run.errors);
        assert!(!run.text().contains("as delivered"), "{what}");
        let before = names(&folder);
        let again = folder.run(&[&["pack", "-o", "pack"][..], &QUICK].concat());
        assert!(again.failed(3).contains("error[cannot-write]"), "{what}");
        assert_eq!(before, names(&folder), "{what}");
    }
}

/// All that stands in a folder, whatever it is called.
#[cfg(unix)]
fn names(folder: &Folder) -> Vec<std::path::PathBuf> {
    let entries = walkdir::WalkDir::new(folder.path("")).sort_by_file_name();
    entries.into_iter().map(|entry| entry.unwrap().into_path()).collect()
}
