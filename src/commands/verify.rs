//! `cloudraci verify`: whether a pack is as delivered, and whether an inventory still yields it.
//!
//! In: a pack, and the inventory's paths if that is to be asked. Out: diagnostics that name every file concerned.

use super::pack::{Entry, Inspected, MANIFEST, Manifest, PublicKey, SIGNATURE, Wanted, contents, inspect};
use super::publication::Publication;
use super::{Done, Exit, Stop, output, print, print_text, tell};
use crate::cli::{Format, Inputs, Making, Verify as Args};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::report::Edition;
use clap::ValueEnum as _;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) fn run(args: &Args) -> Done {
    let usage = |message: &str| Err(Stop::Usage(message.to_owned()));
    let looks = &args.looks;
    if args.paths.is_empty() && (looks.templates.is_some() || !looks.font_path.is_empty() || looks.system_fonts) {
        return usage("templates and fonts matter to an inventory's documents; name the inventory behind the pack");
    }
    if output::is_standard(&args.pack) && args.paths.iter().any(|path| output::is_standard(path)) {
        return usage("pack and inventory cannot both come from standard input");
    }
    let stop = |faults: Vec<Diagnostic>| Stop::Diagnostics(faults, SourceMap::default());
    let key = args.key.as_deref().map(PublicKey::read).transpose()?;
    let Inspected {
        manifest,
        bytes,
        signature,
        checksum,
        mut faults,
    } = inspect(&args.pack).map_err(|other| stop(other.faults(&args.pack)))?;
    let signed = match signed(key.as_ref(), &bytes, signature.as_deref()) {
        Ok(signed) => signed,
        Err(fault) => {
            faults.insert(0, fault);
            String::new()
        }
    };
    if !faults.is_empty() {
        return Err(stop(faults));
    }
    let count = manifest.files.len();
    print_text(&format!(
        "{count} files are as delivered\nSHA-256 of {MANIFEST}: {checksum}\n{signed}"
    ))?;
    if key.is_none() && signature.is_some() {
        let fault = Diagnostic::new(Code::SignatureUnchecked, format!("`{SIGNATURE}` was not checked"));
        tell(&[fault.help("name the signer's public key with `--key`")], &SourceMap::default());
    }
    if !args.paths.is_empty() {
        yields(&manifest, args)?;
        print(b"the inventory still yields them\n")?;
    }
    Ok(Exit::Fine)
}

/// What is to be said of the signature.
///
/// # Errors
/// A key was named, and its owner did not sign this manifest.
fn signed(key: Option<&PublicKey>, manifest: &[u8], signature: Option<&[u8]>) -> Result<String, Diagnostic> {
    let Some(key) = key else {
        return Ok(String::new());
    };
    let Some(signature) = signature else {
        let message = format!("there is no `{SIGNATURE}` in the pack, so nobody vouches for its `{MANIFEST}`");
        return Err(Diagnostic::new(Code::SignatureMissing, message).help("ask for the signed pack, or verify it without `--key`"));
    };
    match key.vouches(manifest, signature) {
        Ok(comment) => Ok(format!("signed with the key {}: {}\n", key.id(), comment.replace('\t', " "))),
        Err(why) => Err(Diagnostic::new(
            Code::SignatureInvalid,
            format!("`{SIGNATURE}` does not vouch for `{MANIFEST}`: {why}"),
        )
        .help("trust nothing in it; ask whoever delivered the pack for it again")),
    }
}

/// That the inventory named on the command line gives the very same files.
fn yields(manifest: &Manifest, args: &Args) -> Result<(), Stop> {
    let stop = |message: String| Stop::Diagnostics(vec![Diagnostic::new(Code::PackDamaged, message)], SourceMap::default());
    let unknown = |word: &String| {
        stop(format!(
            "`{MANIFEST}` of the pack names `{word}`, which this version of cloudraci does not make"
        ))
    };
    let editions = manifest.editions.iter();
    let editions: Vec<Edition> = editions
        .map(|id| Edition::from_str(id, false).map_err(|_| unknown(id)))
        .collect::<Result<_, _>>()?;
    let formats = manifest.formats.iter();
    let formats: Vec<Format> = formats
        .map(|ending| Format::of_ending(ending).ok_or_else(|| unknown(ending)))
        .collect::<Result<_, _>>()?;
    let as_of = manifest.as_of.parse().map_err(|_| unknown(&manifest.as_of))?;
    let inputs = Inputs {
        paths: args.paths.clone(),
        catalog: args.catalog.clone(),
        as_of: args.as_of.or(Some(as_of)),
        only: manifest.only.clone(),
        results: args.results.clone(),
        upstream: args.upstream.clone(),
    };
    let mut looks = args.looks.clone();
    looks.system_fonts |= manifest.system_fonts;
    let making = Making {
        looks,
        no_attachments: !manifest.attachments,
        draft: manifest.draft,
        redact: manifest.redacted,
    };
    let mut warnings = Vec::new();
    let publication = Publication::sealed(&inputs, &making, &mut warnings)?;
    let wanted = Wanted {
        editions: &editions,
        formats: &formats,
        with_evidence: manifest.with_evidence,
        signed: manifest.signed,
    };
    let made = contents(&publication, &wanted, &mut warnings).map_err(|faults| publication.stop(faults))?;
    let now = Manifest::of(&made, &publication, &wanted);
    let faults = changes(manifest, &now);
    if faults.is_empty() {
        return Ok(());
    }
    tell(&warnings, &publication.workspace.sources);
    Err(publication.stop(faults))
}

/// What differs between the pack and what the inventory gives today: inputs first, since they are the reason.
fn changes(then: &Manifest, now: &Manifest) -> Vec<Diagnostic> {
    let help = if (&then.tool_version, &then.catalog_version) == (&now.tool_version, &now.catalog_version) {
        "make a new pack, or give the inventory, catalog and templates that it was made from".to_owned()
    } else {
        format!(
            "the pack was made by cloudraci {} with the catalog {}; this is {} with {}",
            then.tool_version, then.catalog_version, now.tool_version, now.catalog_version
        )
    };
    let differs = |message: String| Diagnostic::new(Code::PackDiffers, message).help(help.clone());
    let mut faults = Vec::new();
    let checksums = |of: &Manifest| of.inputs.iter().map(|input| input.sha256.clone()).collect::<BTreeSet<_>>();
    let (before, after) = (checksums(then), checksums(now));
    for input in then.inputs.iter().filter(|input| !after.contains(&input.sha256)) {
        faults.push(differs(format!("the input `{}` is not as it was, or missing", input.path)));
    }
    for input in now.inputs.iter().filter(|input| !before.contains(&input.sha256)) {
        // One that was changed is told already.
        if !then.inputs.iter().any(|old| same_file(old, input)) {
            faults.push(differs(format!("the input `{}` is new", input.path)));
        }
    }
    let files = |of: &Manifest| {
        of.files
            .iter()
            .map(|file| (file.path.clone(), file.sha256.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (files(then), files(now));
    for path in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        match (before.get(path), after.get(path)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(_), Some(_)) => faults.push(differs(format!("`{path}` would be another today"))),
            (Some(_), None) => faults.push(differs(format!("`{path}` would not be made today"))),
            (None, _) => faults.push(differs(format!("`{path}` would be made today, too"))),
        }
    }
    faults
}

fn same_file(one: &Entry, other: &Entry) -> bool {
    let name = |entry: &Entry| Path::new(&entry.path).file_name().map(std::ffi::OsStr::to_owned);
    one.role == other.role && name(one) == name(other)
}
