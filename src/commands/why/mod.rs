//! `cloudraci why`: who holds what of a thing, and what says so.
//!
//! In: arguments: a service, a resource, a control, a scanner's check or a requirement, by any name that people have for it. Out: text on standard
//! output.

mod check;
mod control;
mod duties;
mod earlier;
mod shown;
mod thing;

use super::workspace::Workspace;
use super::{Done, Exit, Stop, diff, print_text};
use crate::cli::{Inputs, Why as Args};
use crate::diagnostics::{Code, Diagnostic, SourceMap, did_you_mean};
use earlier::Earlier;
use std::path::PathBuf;
use thing::{Thing, control_named};

pub(super) fn run(args: &Args) -> Done {
    let (control, paths) = parted(&args.inputs.paths);
    let workspace = Workspace::open(&Inputs {
        paths,
        ..args.inputs.clone()
    })?;
    let stop = |diagnostic: Diagnostic| Stop::Diagnostics(vec![diagnostic], SourceMap::default());
    let thing = Thing::of(&args.what, &workspace).map_err(stop)?;
    let control = match control {
        Some(name) => Some(control_named(&name, &workspace).ok_or_else(|| {
            let known: Vec<&str> = workspace.catalog.controls.iter().map(|control| control.id.as_str()).collect();
            let fault = Diagnostic::new(Code::UnknownControl, format!("there is no control `{name}`"));
            stop(fault.help(did_you_mean(&name, &known)))
        })?),
        None => None,
    };
    let earlier = match &args.since {
        Some(old) => Some(Earlier::of_changes(diff::changes_since(
            &workspace,
            old,
            args.inputs.catalog.as_deref(),
        )?)),
        None => None,
    };
    let text = match (&thing, control.as_deref()) {
        (Thing::Units(units), Some(control)) => control::of(&workspace, units, control, earlier.as_ref()),
        (thing, control) => duties::of(&workspace, thing, control, earlier.as_ref()),
    };
    print_text(&text)?;
    Ok(Exit::Fine)
}

/// The control that stands before the paths, and the paths: a word that is no file or folder here is a control.
fn parted(paths: &[PathBuf]) -> (Option<String>, Vec<PathBuf>) {
    match paths.split_first() {
        Some((first, rest)) if !first.exists() && is_word(&first.to_string_lossy()) => {
            (Some(first.to_string_lossy().into_owned()), rest.to_vec())
        }
        _ => (None, paths.to_vec()),
    }
}

/// Whether a text cannot be meant as a path.
fn is_word(text: &str) -> bool {
    text != "-" && !text.contains(['/', '\\', '.', ':'])
}
