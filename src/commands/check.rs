//! `cloudraci check`: everything up to the join, and all else that a report needs; diagnostics only.
//!
//! In: arguments. Out: diagnostics on standard error for people, on standard output for programs.

use super::publication::Publication;
use super::workspace::Workspace;
use super::{Done, Stop, exit_of, output, print, say, tell};
use crate::cli::Check as Args;
use crate::diagnostics::{Baseline, Code, Diagnostic, Emission, Format, Severity, SourceMap};
use std::path::Path;

pub(super) fn run(args: &Args) -> Done {
    let allow = codes(&args.allow)?;
    let deny = codes(&args.deny)?;
    let (mut diagnostics, sources) = match Workspace::open(&args.inputs) {
        Ok(workspace) => {
            let mut found = workspace.warnings.clone();
            found.extend(workspace.unclassified());
            found.extend(workspace.lifecycle());
            found.extend(workspace.absent());
            found.extend(workspace.requirements());
            let of = &workspace;
            found.extend(super::scans::diagnostics(&of.matrix));
            found.extend(of.findings.diagnostics(&of.matrix, &of.catalog, &of.inventory));
            let (faults, sources) = Publication::trial(workspace, &args.looks);
            found.extend(faults);
            (found, sources)
        }
        Err(Stop::Diagnostics(found, sources)) => (found, sources),
        Err(other) => return Err(other),
    };
    for one in &mut diagnostics {
        if deny.contains(&one.code) {
            one.severity = Severity::Error;
        } else if allow.contains(&one.code) && may_be_allowed(one.code) {
            one.severity = Severity::Note;
        }
    }
    if let Some(path) = &args.write_baseline {
        write_baseline(path, &diagnostics)?;
    }
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let is_new = |one: &Diagnostic| baseline.as_ref().is_none_or(|known| !known.contains(&one.fingerprint()));
    let new: Vec<Diagnostic> = diagnostics.iter().filter(|one| is_new(one)).cloned().collect();
    // SARIF says of each result whether it was known; elsewhere only what is new is told.
    let told = if args.format == Format::Sarif { &diagnostics } else { &new };
    show(told, &sources, args.format, baseline.as_ref())?;
    Ok(exit_of(&new))
}

/// What a baseline's file holds.
#[derive(serde::Serialize, serde::Deserialize)]
struct BaselineFile {
    /// The version of its form.
    baseline: u32,
    /// What is known, sorted by fingerprint.
    known: Vec<Known>,
}

/// A diagnostic that is known.
#[derive(serde::Serialize, serde::Deserialize)]
struct Known {
    fingerprint: String,
    code: String,
    message: String,
}

/// The fingerprints of a baseline's file.
fn baseline(path: &Path) -> Result<Baseline, Stop> {
    let stop = |message: String, help: &str| {
        let fault = Diagnostic::new(Code::CannotRead, message).help(help);
        Err(Stop::Diagnostics(vec![fault], SourceMap::default()))
    };
    let shown = path.display();
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) => {
            return stop(
                format!("cannot read `{shown}`: {error}"),
                "`cloudraci check --write-baseline FILE` writes a baseline",
            );
        }
    };
    match serde_json::from_slice::<BaselineFile>(&text) {
        Ok(file) if file.baseline == 1 => Ok(file.known.into_iter().map(|known| known.fingerprint).collect()),
        Ok(file) => stop(
            format!("`{shown}` is a baseline of version {}", file.baseline),
            "write it again with this program",
        ),
        Err(error) => stop(
            format!("`{shown}` is no baseline: {error}"),
            "`cloudraci check --write-baseline FILE` writes one",
        ),
    }
}

/// Writes what was found, so that a later check can tell what is new.
fn write_baseline(path: &Path, diagnostics: &[Diagnostic]) -> Result<(), Stop> {
    let mut known: Vec<Known> = diagnostics
        .iter()
        .map(|one| Known {
            fingerprint: one.fingerprint(),
            code: one.code.id().to_owned(),
            message: one.message.clone(),
        })
        .collect();
    known.sort_by(|one, other| (&one.fingerprint, &one.message).cmp(&(&other.fingerprint, &other.message)));
    known.dedup_by(|one, other| one.fingerprint == other.fingerprint);
    let file = BaselineFile { baseline: 1, known };
    let text = crate::render::json(&file).map_err(|faults| Stop::Diagnostics(faults, SourceMap::default()))?;
    output::write(Some(path), text.into_bytes())
}

/// What stops the join cannot be allowed; what the join finds can.
fn may_be_allowed(code: Code) -> bool {
    code == Code::UnclassifiedResource || code.severity() != Severity::Error
}

fn show(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format, baseline: Option<&Baseline>) -> Result<(), Stop> {
    if format != Format::Text {
        return print(
            Emission::new(diagnostics, sources)
                .against(baseline)
                .write(format, false)
                .as_bytes(),
        );
    }
    if diagnostics.is_empty() {
        say(if baseline.is_some() { "no new findings\n" } else { "no findings\n" });
    }
    tell(diagnostics, sources);
    Ok(())
}

fn codes(ids: &[String]) -> Result<Vec<Code>, Stop> {
    ids.iter()
        .map(|id| Code::from_id(id).ok_or_else(|| Stop::Usage(super::explain::unknown(id))))
        .collect()
}
