//! `cloudraci evidence`: how far duties are shown, and what a party must still show.
//!
//! In: arguments. Out: coverage by party, service and control; or the open duties of a party, to be filled in.

mod coverage;
mod draft;
mod renew;

use super::workspace::Workspace;
use super::{Done, Exit, Stop, output, say, tell};
use crate::cli::{Evidence as Args, EvidenceFormat};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::inventory;
use crate::raci::{Findings, PartyIx};
use crate::render;
use crate::report::{self, Edition, Report, Request};
use std::borrow::Cow;
use std::io::IsTerminal as _;

pub(super) fn run(args: &Args) -> Done {
    let format = format(args)?;
    let workspace = Workspace::open(&args.inputs)?;
    let party = args.party.as_deref().map(|id| party(&workspace, id)).transpose();
    let party = party.map_err(|faults| Stop::Diagnostics(faults, workspace.sources.clone()))?;
    tell(&workspace.warnings, &workspace.sources);
    let report = built(&workspace, party);
    let stop = |faults: Vec<Diagnostic>| Stop::Diagnostics(faults, workspace.sources.clone());
    let (Some(party), true) = (party, args.todo) else {
        let bytes = coverage::of(&report, format).map_err(stop)?;
        output::write(args.output.as_deref(), bytes)?;
        return Ok(Exit::Fine);
    };
    let todo = report::todo(&workspace.matrix, &workspace.catalog, &workspace.inventory, workspace.as_of, party);
    let earlier = args.output.as_ref().filter(|path| format == EvidenceFormat::Yaml && path.is_file());
    let bytes = match (format, earlier) {
        (EvidenceFormat::Csv, _) => render::todo::csv(&todo).map_err(stop)?.into_bytes(),
        (EvidenceFormat::Xlsx, _) => render::xlsx::todo(&report, &todo).map_err(stop)?,
        (EvidenceFormat::Json, _) => render::json(&todo).map_err(stop)?.into_bytes(),
        (EvidenceFormat::Yaml, Some(path)) => {
            let renewed = renew::renewed(path, &todo).map_err(stop)?;
            say(&format!(
                "{}: {} added, {} kept as they are\n",
                path.display(),
                renewed.added,
                renewed.kept
            ));
            renewed.text.into_bytes()
        }
        (EvidenceFormat::Yaml, None) => draft::file(&todo).into_bytes(),
        (EvidenceFormat::Text | EvidenceFormat::Markdown, _) => render::todo::markdown(&todo).into_bytes(),
    };
    output::write(args.output.as_deref(), bytes)?;
    Ok(Exit::Fine)
}

/// The format that was asked for, by name or by the ending of the output.
fn format(args: &Args) -> Result<EvidenceFormat, Stop> {
    let usage = |message: String| Err(Stop::Usage(message));
    if args.todo && args.party.is_none() {
        return usage("`--todo` lists what one party must still show; name it with `--party`".to_owned());
    }
    let ending = args
        .output
        .as_ref()
        .filter(|path| !output::is_standard(path))
        .and_then(|path| path.extension());
    let by_ending = ending.and_then(|ending| EvidenceFormat::of_ending(&ending.to_string_lossy().to_lowercase()));
    let usual = if args.todo {
        EvidenceFormat::Markdown
    } else {
        EvidenceFormat::Text
    };
    let format = args.format.or(by_ending).unwrap_or(usual);
    let fits = match format {
        EvidenceFormat::Text => !args.todo,
        EvidenceFormat::Json | EvidenceFormat::Csv => true,
        EvidenceFormat::Markdown | EvidenceFormat::Xlsx | EvidenceFormat::Yaml => args.todo,
    };
    if !fits {
        return usage(if args.todo {
            "a list of what is to be shown is Markdown, CSV, JSON, a workbook, or YAML".to_owned()
        } else {
            "coverage is text, JSON or CSV; `--todo --party ID` lists what is to be shown in other formats, too".to_owned()
        });
    }
    let to_terminal = args.output.as_ref().is_none_or(|path| output::is_standard(path)) && std::io::stdout().is_terminal();
    if format == EvidenceFormat::Xlsx && to_terminal {
        return usage("a workbook does not go to the terminal; name a file: -o todo.xlsx".to_owned());
    }
    Ok(format)
}

fn party(workspace: &Workspace, id: &str) -> Result<PartyIx, Vec<Diagnostic>> {
    let parties = &workspace.inventory.parties;
    let position = parties.iter().position(|party| *party.id == *id);
    position.map(PartyIx::new).ok_or_else(|| {
        let known: Vec<&str> = parties.iter().map(|party| &*party.id).collect();
        vec![Diagnostic::new(Code::UnknownParty, format!("no party `{id}` is defined")).help(did_you_mean(id, &known))]
    })
}

/// The report that figures are taken from, so that they are the report's own.
fn built(workspace: &Workspace, party: Option<PartyIx>) -> Report {
    let inventory: &inventory::Inventory = &workspace.inventory;
    let (matrix, findings) = match party {
        Some(party) => {
            let cut = workspace.matrix.for_party(party, inventory);
            let findings = Findings::of(&cut, &workspace.catalog, inventory, workspace.as_of).of_party(party, &cut);
            (Cow::Owned(cut), Cow::Owned(findings))
        }
        None => (Cow::Borrowed(&workspace.matrix), Cow::Borrowed(&workspace.findings)),
    };
    let request = Request {
        as_of: workspace.as_of,
        edition: Edition::default(),
        party: party.map(|party| inventory[party].id.to_string()),
        only: workspace.only.clone(),
        logo: None,
        pictures: None,
        draft: false,
        redacted: false,
    };
    report::build(&workspace.catalog, inventory, &matrix, &findings, &request, &workspace.sources)
}
