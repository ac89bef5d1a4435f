//! `cloudraci schema`, `completions` and `man`: documents about the program itself.
//!
//! In: which one, and where to. Out: text on standard output or in a file.

use super::{Done, Exit, Stop, output};
use crate::catalog::file::ServiceFile;
use crate::cli::{Cli, Completions, Schema, SchemaOf, To};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::inventory::file::InventoryFile;
use crate::report::Report;
use clap::CommandFactory as _;
use schemars::schema_for;

pub(super) fn schema(args: &Schema) -> Done {
    let schema = match args.of {
        SchemaOf::Inventory => schema_for!(InventoryFile),
        SchemaOf::Report => schema_for!(Report),
        SchemaOf::Catalog => schema_for!(ServiceFile),
    };
    write(&args.to, format!("{:#}\n", schema.as_value()).into_bytes())
}

pub(super) fn completions(args: &Completions) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cloudraci", &mut script);
    write(&args.to, script)
}

pub(super) fn man(to: &To) -> Done {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write the manual page: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    write(to, page)
}

fn write(to: &To, text: Vec<u8>) -> Done {
    output::write(to.output.as_deref(), text)?;
    Ok(Exit::Fine)
}
