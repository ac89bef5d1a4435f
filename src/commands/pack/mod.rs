//! `cloudraci pack`: the handover pack, written whole or not at all.
//!
//! In: arguments. Out: a folder or a ZIP file with the documents and a manifest of checksums. Same inputs, same bytes.

mod archive;
mod contents;
mod delivered;
mod manifest;

pub(super) use contents::{Contents, contents};
pub(super) use delivered::{Delivered, Found};
pub(super) use manifest::{Entry, MANIFEST, Manifest, sha256};

use super::publication::Publication;
use super::{Done, Exit, say, tell};
use crate::cli::{Format, Pack as Args};
use crate::report::Edition;
use clap::ValueEnum as _;

pub(super) fn run(args: &Args) -> Done {
    let mut warnings = Vec::new();
    let publication = Publication::open(&args.inputs, &args.making, &mut warnings)?;
    let editions = chosen(&args.edition, Edition::value_variants());
    let formats = chosen(&args.format, Format::value_variants());
    let made = contents(&publication, &editions, &formats, &mut warnings).map_err(|faults| publication.stop(faults))?;
    let manifest = Manifest::of(&made, &publication, &args.inputs, &editions, &formats).map_err(|faults| publication.stop(faults))?;
    let manifest = manifest.text();
    let checksum = sha256(manifest.as_bytes());
    let count = made.files.len();
    let mut files = made.files;
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    archive::write(&args.output, &files)?;
    warnings.sort_by(|one, other| one.message.cmp(&other.message));
    warnings.dedup();
    tell(&warnings, &publication.workspace.sources);
    say(&format!(
        "wrote {count} files and {MANIFEST} to {}\nSHA-256 of {MANIFEST}: {checksum}\n",
        args.output.display()
    ));
    Ok(Exit::Fine)
}

/// What was asked for, each once and in the usual order; everything where nothing was.
fn chosen<T: Copy + PartialEq>(asked: &[T], all: &[T]) -> Vec<T> {
    let wanted = all.iter().filter(|one| asked.is_empty() || asked.contains(one));
    wanted.copied().collect()
}
