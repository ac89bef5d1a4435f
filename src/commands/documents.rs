//! `cloudraci schema`, `completions` and `man`: documents about the program itself.
//!
//! In: which one. Out: text on standard output, or files.

use super::{Done, Exit, Stop, output, print, print_json, say};
use crate::catalog::file::ServiceFile;
use crate::cli::{Cli, SchemaOf};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::inventory::file::InventoryFile;
use crate::report::Report;
use clap::CommandFactory as _;
use schemars::schema_for;
use std::path::Path;

pub(super) fn schema(of: SchemaOf) -> Done {
    let schema = match of {
        SchemaOf::Inventory => schema_for!(InventoryFile),
        SchemaOf::Report => schema_for!(Report),
        SchemaOf::Catalog => schema_for!(ServiceFile),
    };
    print_json(schema.as_value())?;
    Ok(Exit::Fine)
}

pub(super) fn completions(shell: clap_complete::Shell) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cloudraci", &mut script);
    print(&script)?;
    Ok(Exit::Fine)
}

/// The page of the program, or with a folder the pages of all commands, which refer to each other.
pub(super) fn man(folder: Option<&Path>) -> Done {
    // `help` of a command is its page; it has none of its own.
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(folder) = folder else {
        print(&page(&program)?)?;
        return Ok(Exit::Fine);
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
    say(&format!("wrote {} pages to {}\n", files.len(), folder.display()));
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
