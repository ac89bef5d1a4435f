//! `cloudraci explain`: what a diagnostic means and how to mend it.
//!
//! In: a code, or none. Out: text on it, or the list of all codes. What a code says of all sources or forms is listed below
//! its text, from the lists by which they are read.

use super::{Done, Exit, Stop, print_text};
use crate::cli::Explain as Args;
use crate::diagnostics::{Code, did_you_mean};
use crate::inventory::import::IMPORTERS;
use crate::results::format::FORMATS;
use std::fmt::Write as _;

pub(super) fn run(args: &Args) -> Done {
    let wanted = args.code.as_deref().map(|code| code.trim_matches(['[', ']'])).unwrap_or_default();
    if wanted.is_empty() || wanted == "list" || args.list {
        print_text(&list())?;
        return Ok(Exit::Fine);
    }
    // A whole message may be pasted: `error[unknown-field]: ...`.
    let inner = wanted.split_once('[').and_then(|(_, rest)| rest.split(']').next());
    let Some(code) = Code::from_id(inner.unwrap_or(wanted)) else {
        return Err(Stop::Usage(unknown(wanted)));
    };
    print_text(&format!(
        "{code} ({}): {}\n\n{}\n{}",
        code.severity(),
        code.summary(),
        code.explanation(),
        listed(code)
    ))?;
    Ok(Exit::Fine)
}

/// What is read at all, where the code is about what cannot be.
fn listed(code: Code) -> String {
    let (what, rows): (&str, Vec<(&str, &str)>) = match code {
        Code::ImportFailed => ("sources", IMPORTERS.iter().map(|one| (one.id(), one.reads())).collect()),
        Code::ResultsUnreadable => ("forms", FORMATS.iter().map(|one| (one.id(), one.name())).collect()),
        _ => return String::new(),
    };
    let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
    let mut out = format!("\nAll {what}, by the names that `from` gives them:\n\n");
    for (id, words) in rows {
        let _ = writeln!(out, "  {id:<width$}  {words}");
    }
    out
}

/// That there is no such code, with the nearest one.
pub(super) fn unknown(code: &str) -> String {
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    let shown: String = code.chars().take(crate::limits::NAME_LETTERS).collect();
    match crate::diagnostics::nearest(code, known.iter().copied()) {
        Some(_) => format!("there is no diagnostic code `{shown}`: {}", did_you_mean(code, &known)),
        None => format!("there is no diagnostic code `{shown}`: `cloudraci explain` lists all"),
    }
}

/// A line for each code, in the order of the alphabet.
fn list() -> String {
    let mut codes: Vec<Code> = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.id());
    let width = codes.iter().map(|code| code.id().len()).max().unwrap_or(0);
    let mut out = String::new();
    for code in codes {
        let _ = writeln!(out, "{:<width$}  {:<7}  {}", code.id(), code.severity().to_string(), code.summary());
    }
    out.push_str("\n`cloudraci explain CODE` tells what one means and how to mend it\n");
    out
}
