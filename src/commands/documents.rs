//! `cloudraci schema`, `completions` and `man`: documents about the program itself.
//!
//! In: which one, and where to. Out: text on standard output or in files.

use super::{Done, Exit, Stop, counted, output, say};
use crate::catalog::schemas;
use crate::cli::{Cli, Completions, Man, Schema, SchemaOf, To};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use clap::CommandFactory as _;

pub(super) fn schema(args: &Schema) -> Done {
    let name = match args.of {
        SchemaOf::Inventory => "inventory",
        SchemaOf::Report => "report",
        SchemaOf::Page => "page",
        SchemaOf::Catalog => "catalog",
        SchemaOf::Checks => "checks",
        SchemaOf::Framework => "framework",
        SchemaOf::Layout => "layout",
        SchemaOf::Controls => "controls",
        SchemaOf::Objectives => "objectives",
        SchemaOf::Parties => "parties",
        SchemaOf::Models => "models",
    };
    write(&args.to, schemas::text(name).into_bytes())
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::catalog::checks::ChecksFile;
    use crate::catalog::file::{PartitionsFile, PartyFile, ServiceFile};
    use crate::catalog::frameworks::FrameworkFile;
    use crate::catalog::layouts::LayoutFile;
    use crate::catalog::own::{OwnControlsFile, OwnModelsFile, OwnObjectivesFile, OwnPartiesFile};
    use crate::catalog::schemas::Described;
    use crate::inventory::file::InventoryFile;
    use crate::report::Report;
    use crate::report::page::Page;
    use schemars::{JsonSchema, Schema, schema_for};
    use std::path::Path;

    /// The name and the schema of a type.
    fn derived<T: Described + JsonSchema>() -> (&'static str, Schema) {
        (T::SCHEMA, schema_for!(T))
    }

    #[test]
    fn schemas_are_those_of_the_types() {
        let all = [
            derived::<InventoryFile>(),
            derived::<ServiceFile>(),
            derived::<ChecksFile>(),
            derived::<FrameworkFile>(),
            derived::<LayoutFile>(),
            derived::<OwnControlsFile>(),
            derived::<OwnObjectivesFile>(),
            derived::<OwnPartiesFile>(),
            derived::<OwnModelsFile>(),
            derived::<PartitionsFile>(),
            derived::<Vec<PartyFile>>(),
            ("report", schema_for!(Report)),
            ("page", schema_for!(Page)),
        ];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schemas");
        for (name, schema) in &all {
            let file = folder.join(format!("{name}.json"));
            snapbox::Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq(
                format!("{:#}\n", schema.as_value()),
                snapbox::Data::read_from(&file, Some(snapbox::data::DataFormat::Text)),
            );
        }
        let files = std::fs::read_dir(folder).unwrap().filter(|entry| {
            let path = entry.as_ref().unwrap().path();
            path.extension().is_some_and(|ending| ending == "json")
        });
        assert_eq!(files.count(), all.len());
    }
}
