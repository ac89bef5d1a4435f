//! `cloudraci schema`, `completions` and `man`: documents about the program itself.
//!
//! In: which one, and where to. Out: text on standard output or in files.

use super::{Done, Exit, Stop, counted, output, say};
use crate::catalog::checks::ChecksFile;
use crate::catalog::file::ServiceFile;
use crate::catalog::frameworks::FrameworkFile;
use crate::catalog::layouts::LayoutFile;
use crate::catalog::own::{OwnControlsFile, OwnModelsFile, OwnObjectivesFile, OwnPartiesFile};
use crate::cli::{Cli, Completions, Man, Schema, SchemaOf, To};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::inventory::file::InventoryFile;
use crate::report::Report;
use crate::report::page::Page;
use clap::CommandFactory as _;
use schemars::schema_for;

pub(super) fn schema(args: &Schema) -> Done {
    let schema = match args.of {
        SchemaOf::Inventory => schema_for!(InventoryFile),
        SchemaOf::Report => schema_for!(Report),
        SchemaOf::Page => schema_for!(Page),
        SchemaOf::Catalog => schema_for!(ServiceFile),
        SchemaOf::Checks => schema_for!(ChecksFile),
        SchemaOf::Framework => schema_for!(FrameworkFile),
        SchemaOf::Layout => schema_for!(LayoutFile),
        SchemaOf::Controls => schema_for!(OwnControlsFile),
        SchemaOf::Objectives => schema_for!(OwnObjectivesFile),
        SchemaOf::Parties => schema_for!(OwnPartiesFile),
        SchemaOf::Models => schema_for!(OwnModelsFile),
    };
    write(&args.to, format!("{:#}\n", schema.as_value()).into_bytes())
}

pub(super) fn completions(args: &Completions) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cloudraci", &mut script);
    write(&args.to, script)
}

/// The page of the program, or with a folder the pages of all commands, which refer to each other.
pub(super) fn man(args: &Man) -> Done {
    // `help` of a command is its page; it has none of its own.
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(folder) = &args.dir else {
        return write(&args.to, page(&program)?);
    };
    let mut files = Vec::new();
    let mut rest = vec![&program];
    while let Some(command) = rest.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name());
        files.push((folder.join(format!("{name}.1")), page(command)?));
        rest.extend(command.get_subcommands().filter(|command| !command.is_hide_set()));
    }
    files.sort();
    output::write_all(&files)?;
    say(&format!("wrote {} to {}\n", counted(files.len(), "page"), folder.display()));
    Ok(Exit::Fine)
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Stop> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the manual page: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    Ok(page)
}

fn write(to: &To, text: Vec<u8>) -> Done {
    output::write(to.output.as_deref(), text)?;
    Ok(Exit::Fine)
}
