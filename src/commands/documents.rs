//! `cloudraci schema`, `completions` and `man`: documents about the program itself.
//!
//! In: which one. Out: text on standard output.

use super::{Done, Exit, Stop, print, print_json};
use crate::catalog::file::ServiceFile;
use crate::cli::{Cli, SchemaOf};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::inventory::file::InventoryFile;
use crate::report::Report;
use clap::CommandFactory as _;
use schemars::schema_for;

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

pub(super) fn man() -> Done {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the manual page: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    print(&page)?;
    Ok(Exit::Fine)
}
