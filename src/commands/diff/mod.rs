//! `cloudraci diff`: what changed between two joined results.
//!
//! In: two sides, each an inventory, files of what runs, a pack, a report's JSON, or an earlier revision of any of them. Out:
//! changes, in short for the terminal, or as data.

mod revision;
mod side;
mod text;

use super::{Done, Exit, Stop, output, print, tell};
use crate::changes::{Changes, compare};
use crate::cli::{Diff as Args, DiffFormat, ShowChanges};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap, did_you_mean};
use crate::render;
use side::Side;

pub(super) fn run(args: &Args) -> Done {
    let old = Side::open(&args.old, args, &args.as_of_old)?;
    let new = Side::open(&args.new, args, &args.as_of)?;
    for side in [&old, &new] {
        // What is to be said of an earlier revision cannot be mended any more.
        if let Side::Joined(workspace, None) = side {
            tell(&workspace.warnings, &workspace.sources);
        }
    }
    let changes = changes(&args.old.to_string_lossy(), &old, &args.new.to_string_lossy(), &new)?;
    let parties = [&old, &new].into_iter().flat_map(Side::parties).collect();
    end(changes, parties, &args.show)
}

/// Shows changes, cut as was asked for, and says whether any of them fails the run.
pub(super) fn end(mut changes: Changes, parties: Vec<String>, args: &ShowChanges) -> Done {
    if let Some(party) = &args.party {
        changes = of_party(changes, party, &parties)?;
    }
    show(&changes, args)?;
    let fails = args
        .fail_on
        .iter()
        .any(|kind| changes.changes.iter().any(|change| change.kind == *kind));
    Ok(if fails { Exit::Findings } else { Exit::Fine })
}

/// What differs between two sides.
fn changes(old_name: &str, old: &Side, new_name: &str, new: &Side) -> Result<Changes, Stop> {
    let (old_show, new_show) = (shown_by(old), shown_by(new));
    let old = old.snapshot(old_name, &old_show)?;
    let new = new.snapshot(new_name, &new_show)?;
    Ok(compare(&old, &new))
}

/// How places of a side are printed.
fn shown_by(side: &Side) -> impl Fn(&Place) -> String {
    move |place| match side {
        Side::Joined(workspace, root) => {
            let shown = workspace.sources.positions([place]).show(place);
            let own = root.as_ref().map(|root| format!("{}/", root.display()));
            own.and_then(|own| shown.strip_prefix(&own).map(str::to_owned)).unwrap_or(shown)
        }
        Side::Report(_) => String::new(),
    }
}

/// The changes that concern a party, which must be known to one of the sides.
fn of_party(changes: Changes, party: &str, known: &[String]) -> Result<Changes, Stop> {
    if known.iter().any(|id| id == party) {
        return Ok(changes.of_party(party));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let fault = Diagnostic::new(Code::UnknownParty, format!("no party `{party}` is defined"));
    Err(Stop::Diagnostics(
        vec![fault.help(did_you_mean(party, &known))],
        SourceMap::default(),
    ))
}

fn show(changes: &Changes, args: &ShowChanges) -> Result<(), Stop> {
    let format = args.format.unwrap_or_else(|| DiffFormat::of_path(args.output.as_deref()));
    let failed = |faults| Stop::Diagnostics(faults, SourceMap::default());
    let bytes = match format {
        DiffFormat::Text => text::of(changes).into_bytes(),
        DiffFormat::Json => render::json(changes).map_err(failed)?.into_bytes(),
        DiffFormat::Csv => render::csv::changes(changes).map_err(failed)?.into_bytes(),
    };
    match args.output.as_deref().filter(|path| !output::is_standard(path)) {
        Some(path) => output::write(Some(path), bytes),
        None if format == DiffFormat::Text => super::print_text(&String::from_utf8_lossy(&bytes)),
        None => print(&bytes),
    }
}
