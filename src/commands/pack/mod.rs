//! `cloudraci pack`: the handover pack, written whole or not at all.
//!
//! In: arguments. Out: a folder or a ZIP file with the documents and a manifest of checksums. Same inputs, same bytes.

mod archive;
mod contents;
mod delivered;
mod enclosed;
mod inspect;
mod manifest;
mod open;
mod place;
mod signature;

pub(super) use contents::{Contents, Wanted, contents};
pub(super) use inspect::{Inspected, inspect};
pub(super) use manifest::{Entry, MANIFEST, Manifest, sha256};
pub(super) use signature::{PublicKey, SIGNATURE};

use super::publication::Publication;
use super::{Done, Exit, Stop, counted, output, say, tell};
use crate::cli::{Format, Pack as Args};
use crate::report::Edition;
use clap::ValueEnum as _;
use place::Place;
use signature::SecretKey;
use std::path::Path;

pub(super) fn run(args: &Args) -> Done {
    if args.with_evidence && args.making.redact {
        return Err(Stop::Usage(
            "`--with-evidence` puts files in as they are, and `--redact` leaves out what they may say".to_owned(),
        ));
    }
    let is_read = |path: &Path| args.inputs.paths.iter().any(|input| input == path);
    if args
        .password_file
        .as_deref()
        .is_some_and(|path| output::is_standard(path) && is_read(path))
    {
        return Err(Stop::Usage(
            "an inventory and the password cannot both come from standard input".to_owned(),
        ));
    }
    let place = Place::of(&args.output)?;
    place.check(args.force, args.sign.is_some())?;
    // A key that does not open is told before all else is made.
    let key = args.sign.as_deref().map(|key| SecretKey::open(key, args.password_file.as_deref()));
    let key = key.transpose()?;
    let mut warnings = Vec::new();
    let publication = Publication::sealed(&args.inputs, &args.making, &mut warnings)?;
    let (sources, output) = (publication.sources(), args.output.as_path());
    let refused = sources.refuse([output]).and_then(|()| sources.refuse_folder(output));
    refused.map_err(|faults| publication.stop(faults))?;
    let editions = chosen(&args.edition, Edition::value_variants());
    let formats = chosen(&args.format, Format::value_variants());
    let wanted = Wanted {
        editions: &editions,
        formats: &formats,
        with_evidence: args.with_evidence,
        signed: key.is_some(),
    };
    let made = contents(&publication, &wanted, &mut warnings).map_err(|faults| publication.stop(faults))?;
    let manifest = Manifest::of(&made, &publication, &wanted).text();
    let checksum = sha256(manifest.as_bytes());
    let count = made.files.len();
    let mut files = made.files;
    if let Some(key) = key {
        files.insert(SIGNATURE.to_owned(), key.sign(manifest.as_bytes(), &made.meta.as_of)?);
    }
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    // Making a pack takes its time: somebody may have signed the earlier one meanwhile.
    place.check(args.force, args.sign.is_some())?;
    place.write(&files)?;
    warnings.sort_by(|one, other| one.message.cmp(&other.message));
    warnings.dedup();
    tell(&warnings, &publication.workspace.sources);
    let target = match place {
        Place::Standard => "standard output".to_owned(),
        _ => args.output.display().to_string(),
    };
    let signed = if args.sign.is_some() {
        format!(" with its signature {SIGNATURE}")
    } else {
        String::new()
    };
    say(&format!(
        "wrote {} and {MANIFEST}{signed} to {target}\nSHA-256 of {MANIFEST}: {checksum}\n",
        counted(count, "file")
    ));
    Ok(Exit::Fine)
}

/// What was asked for, each once and in the usual order; everything where nothing was.
fn chosen<T: Copy + PartialEq>(asked: &[T], all: &[T]) -> Vec<T> {
    let wanted = all.iter().filter(|one| asked.is_empty() || asked.contains(one));
    wanted.copied().collect()
}
