//! Files that are packed: by gzip or Zstandard, as a ZIP or a tar archive, or as a tar archive that is packed.
//!
//! In: a file's beginning and a reader of the rest. Out: the same of what it unpacks to; of an archive, its members one by one.
//! It is told by its bytes and never by its name, nothing is written, and how much may come out is bounded.

mod budget;
mod layer;
mod member;
mod tarred;
mod zipped;

pub(crate) use budget::{Fault, Trouble};
pub(crate) use layer::Source;
use member::Member;
pub(crate) use member::Unread;

use super::input::{Input, Seal, Sealing};
use crate::limits;
use budget::Budget;
use layer::{Counted, Layer, Packing};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use tarred::Tarred;
use zipped::{Bytes, Zipped};

/// How much tells whether a packed file is an archive.
const PROBE: u64 = 64 * 1024;

/// A file that was opened.
pub(crate) enum Opened {
    /// One file, perhaps packed.
    File(Input),
    /// Several files in one.
    Archive(Archive),
}

/// Several files in one.
pub(crate) struct Archive {
    form: Form,
    budget: Budget,
    /// What has fewer bytes is read whole.
    bound: u64,
    seal: Sealed,
}

enum Form {
    Zip(Zipped),
    Tar(Tarred),
}

/// How the checksum of an archive is taken.
enum Sealed {
    Not,
    Whole(PathBuf),
    Known(Box<Sealing>),
}

/// Whether bytes begin as an archive does.
fn is_archive(head: &[u8]) -> bool {
    zipped::is_zip(head) || tarred::is_tar(head)
}

/// Whether a ZIP archive that begins so is an office program's document: its parts are no files of their own.
fn is_document(head: &[u8]) -> bool {
    let first = head.get(30..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"mimetype", b"_rels/", b"xl/", b"docProps/"]
        .iter()
        .any(|name| first.starts_with(name))
}

/// Opens what a file holds. What has fewer than `bound` bytes, unpacked, is read whole. `seals`: whether the checksum of the file
/// as it is, packed, is taken.
///
/// # Errors
/// Why it cannot be read, or what is wrong with how it is packed.
pub(crate) fn open(file: Input, path: &Path, bound: u64, seals: bool) -> io::Result<Opened> {
    if zipped::is_zip(file.head()) && !is_document(file.head()) {
        return zip(file, path, bound, seals).map(Opened::Archive);
    }
    let packing = Packing::of(file.head());
    if packing.is_none() && !tarred::is_tar(file.head()) {
        return Ok(Opened::File(file));
    }
    let budget = Budget::default();
    let counted: Source = Box::new(Counted::new(file.into_reader(), &budget));
    let (sealing, source) = if seals {
        let sealing = Sealing::new(&[], counted);
        (Some(sealing.clone()), Box::new(sealing) as Source)
    } else {
        (None, counted)
    };
    let tar = |source: Source, sealing: Option<Sealing>| {
        Opened::Archive(Archive {
            form: Form::Tar(Tarred::new(source)),
            budget: budget.clone(),
            bound,
            seal: sealing.map_or(Sealed::Not, |sealing| Sealed::Known(Box::new(sealing))),
        })
    };
    let Some(packing) = packing else { return Ok(tar(source, sealing)) };
    let mut layer: Source = Box::new(Layer::new(source, packing, &budget)?);
    let mut head = Vec::new();
    layer.by_ref().take(PROBE).read_to_end(&mut head)?;
    let is_tar = tarred::is_tar(&head);
    let is_nested = Packing::of(&head).is_some() || zipped::is_zip(&head) && !is_document(&head);
    let source: Source = Box::new(io::Cursor::new(head).chain(layer));
    if is_tar {
        return Ok(tar(source, sealing));
    }
    if is_nested {
        return Err(Fault::limit("is packed twice, or an archive that is packed again").into());
    }
    Ok(Opened::File(Input::unpacked(source, bound)?.sealed_by(sealing)))
}

/// The members of a ZIP archive can only be found from its end.
fn zip(file: Input, path: &Path, bound: u64, seals: bool) -> io::Result<Archive> {
    let budget = Budget::default();
    let is_file = std::fs::metadata(path).is_ok_and(|of| of.is_file()) && path.as_os_str() != "-";
    let (bytes, seal) = if is_file {
        let seal = if seals { Sealed::Whole(path.to_owned()) } else { Sealed::Not };
        (Bytes::File(path.to_owned()), seal)
    } else {
        let Some(all) = file.whole(limits::FILE as u64)? else {
            return Err(Fault::limit("is a ZIP archive of more than 256 MiB that is no file").into());
        };
        let sealing = seals.then(|| Sealing::new(&all, Box::new(io::empty())));
        let seal = sealing.map_or(Sealed::Not, |sealing| Sealed::Known(Box::new(sealing)));
        (Bytes::Held(all.into()), seal)
    };
    Ok(Archive {
        form: Form::Zip(Zipped::new(bytes, &budget)?),
        budget,
        bound,
        seal,
    })
}

impl Archive {
    /// What it is called in words.
    pub(crate) fn words(&self) -> &'static str {
        match self.form {
            Form::Zip(_) => "ZIP archive",
            Form::Tar(_) => "tar archive",
        }
    }

    /// Whether it is a plan as Terraform saves it, which only Terraform can read.
    pub(crate) fn is_plan(&self) -> bool {
        matches!(&self.form, Form::Zip(zip) if zip.has("tfplan"))
    }

    /// The next member; none at the end.
    ///
    /// # Errors
    /// That the archive cannot be read on.
    pub(crate) fn next(&mut self) -> io::Result<Option<Member>> {
        let entry = match &mut self.form {
            Form::Zip(zip) => zip.next(),
            Form::Tar(tar) => tar.next(),
        };
        Ok(entry?.map(|entry| entry.open(self.bound, &self.budget)))
    }

    /// The checksum of the archive as it is, where that was asked for.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn finish(self) -> io::Result<Option<Seal>> {
        match self.seal {
            Sealed::Not => Ok(None),
            Sealed::Whole(path) => Sealing::new(&[], Box::new(File::open(path)?)).finish().map(Some),
            Sealed::Known(sealing) => sealing.finish().map(Some),
        }
    }
}
