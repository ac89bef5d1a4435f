//! `cloudraci check`: everything up to the join, and all else that a report needs; diagnostics only.
//!
//! In: arguments. Out: diagnostics on standard error for people, on standard output for programs.

use super::publication::Publication;
use super::workspace::Workspace;
use super::{Done, Stop, exit_of, print, say, tell};
use crate::cli::Check as Args;
use crate::diagnostics::{Code, Diagnostic, Format, Severity, SourceMap, emit};

pub(super) fn run(args: &Args) -> Done {
    let allow = codes(&args.allow)?;
    let deny = codes(&args.deny)?;
    let (mut diagnostics, sources) = match Workspace::open(&args.inputs) {
        Ok(workspace) => {
            let mut found = workspace.warnings.clone();
            found.extend(workspace.unclassified());
            found.extend(workspace.lifecycle());
            found.extend(workspace.absent());
            found.extend(super::scans::diagnostics(&workspace.matrix));
            found.extend(workspace.findings.diagnostics());
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
    show(&diagnostics, &sources, args.format)?;
    Ok(exit_of(&diagnostics))
}

/// What stops the join cannot be allowed; what the join finds can.
fn may_be_allowed(code: Code) -> bool {
    code == Code::UnclassifiedResource || code.severity() != Severity::Error
}

fn show(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format) -> Result<(), Stop> {
    if format != Format::Text {
        return print(emit(diagnostics, sources, format, false).as_bytes());
    }
    if diagnostics.is_empty() {
        say("no findings\n");
    }
    tell(diagnostics, sources);
    Ok(())
}

fn codes(ids: &[String]) -> Result<Vec<Code>, Stop> {
    ids.iter()
        .map(|id| Code::from_id(id).ok_or_else(|| Stop::Usage(super::explain::unknown(id))))
        .collect()
}
