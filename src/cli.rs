//! The command line's types: what can be asked, no logic. The same thing is asked by the same name everywhere. Commands with
//! several types have files of their own.

mod catalog;
mod changes;
mod evidence;
mod list;
mod oscal;
mod pack;
mod report;
mod requirements;
mod schema;
mod templates;

pub use crate::changes::Kind as ChangeKind;
use crate::diagnostics::Format as DiagnosticFormat;
use crate::inventory::import::IMPORTERS;
pub use crate::query::{Dialect, Source as QuerySource};
pub use crate::render::Format;
use crate::report::Edition;
pub use catalog::{Catalog, CatalogCommand};
pub use changes::{Diff, DiffFormat, ShowChanges, WhatIf};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use evidence::{Evidence, EvidenceFormat};
pub use list::{List, ListFormat, ListOf};
pub use oscal::{Oscal, OscalCommand, OscalOf};
pub use pack::{Pack, Verify};
pub use report::{Looks, Making, Report};
pub use requirements::{Perspective, Requirements, RequirementsFormat};
pub use schema::{Schema, SchemaOf};
use std::path::PathBuf;
pub use templates::{Templates, TemplatesCommand};

/// Who does what on your cloud: a RACI responsibility report from an inventory of deployed services.
#[derive(Debug, Parser)]
#[command(name = "cloudraci", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Render the responsibility report
    Report(Report),
    /// Write the handover pack: editions in all formats, duty lists, checklist, and a manifest of checksums
    Pack(Pack),
    /// Say whether a pack is as delivered, and whether an inventory still yields it
    Verify(Verify),
    /// Rebuild the report on every change, and show it in the browser; on this machine only
    Watch(Watch),
    /// Write an inventory from files that you already have: state, plans, templates, exports
    Import(Import),
    /// Print the SQL that counts what is alike where there is too much to read, for a warehouse to run
    Query(Query),
    /// Check an inventory: everything up to the join, diagnostics only
    Check(Check),
    /// Show what changed between two inventories, packs or reports: what moved to whom, what opened, what closed
    Diff(Diff),
    /// Show what would change if something were otherwise: another setting, mode, Region, service or party
    WhatIf(WhatIf),
    /// Show who holds which letter of a control, and which rule and source say so
    Why(Why),
    /// List services, resources, parties, duties, findings and more, for scripts
    List(List),
    /// Tell how far duties are shown, or list what a party must still show, to be filled in
    Evidence(Evidence),
    /// Write OSCAL: components, a system security plan, a mapping, assessment results
    Oscal(Oscal),
    /// Answer in a framework's own numbers: each requirement with both halves, in the columns that assessors ask for
    Requirements(Requirements),
    /// Explain a diagnostic code
    Explain(Explain),
    /// Look into the responsibility catalog
    Catalog(Catalog),
    /// Write a commented inventory to start from
    Init(Init),
    /// List the built-in templates, or write them out to change them
    Templates(Templates),
    /// Print a JSON Schema, so that editors complete and check
    Schema(Schema),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page, or write those of all commands into a folder
    Man(Man),
}

/// What a run reads.
#[derive(Debug, Clone, Args)]
pub struct Inputs {
    /// Inventory files, folders, files to import (state, templates, exports), scanners' results; without any: inventory.yaml or inventories/ here
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Folder of service files, and of scanners' checks, that extend or replace those of the built-in catalog
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// The date that the report is true for (YYYY-MM-DD); without it: the inventory's as_of, else today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
    /// What scanners found: a file, folder or pattern beside those that the inventory names under `results`; repeatable
    #[arg(long, value_name = "PATH")]
    pub results: Vec<PathBuf>,
    /// What a provider or partner hands over: its component definition or system security plan in OSCAL; repeatable
    #[arg(long, value_name = "FILE")]
    pub upstream: Vec<PathBuf>,
    /// Only what is meant by these words of `match`, such as 'environment=prod,service=rds'
    #[arg(long, value_name = "KEY=VALUE,...")]
    pub only: Option<String>,
}

/// `watch`.
#[derive(Debug, Args)]
pub struct Watch {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// Which edition
    #[arg(long, value_enum, default_value_t)]
    pub edition: Edition,
    /// Port on this machine's own address 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 7171)]
    pub port: u16,
    /// How it is made
    #[command(flatten)]
    pub making: Making,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let others = self.endings().filter(|ending| *ending != self.name());
        Some(PossibleValue::new(self.name()).help(self.about()).aliases(others))
    }
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: DiagnosticFormat,
    /// Codes that do not fail the check; repeatable
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Codes that fail the check; repeatable
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
    /// A baseline that an earlier check wrote: only what is not in it is told, and fails
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found as a baseline
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// What a report is made with, which is checked, too
    #[command(flatten)]
    pub looks: Looks,
}

/// `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files of any source, folders and patterns of such; - is standard input
    #[arg(value_name = "FILE", required = true, help = files())]
    pub files: Vec<PathBuf>,
    /// The source of the files, where their content does not tell
    #[arg(long, value_name = "KIND", value_parser = sources())]
    pub from: Option<String>,
    /// How to write the inventory; without it: as the file to write to is or is called, else YAML
    #[arg(long, value_enum)]
    pub format: Option<ImportFormat>,
    /// A file to write to; an inventory that exists keeps what people wrote into it. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Folder of service files, and of scanners' checks, that extend or replace those of the built-in catalog
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// What `import` reads.
fn files() -> String {
    let all: Vec<&str> = IMPORTERS.iter().map(|importer| importer.reads()).collect();
    format!("{}; folders and patterns of such; - is standard input", all.join("; "))
}

/// What `--from` may be.
fn sources() -> PossibleValuesParser {
    PossibleValuesParser::new(IMPORTERS.iter().map(|importer| importer.id()))
}

/// Formats of an inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

/// `query`.
#[derive(Debug, Args)]
pub struct Query {
    /// Where the resources lie
    #[arg(value_enum, value_name = "SOURCE")]
    pub source: QuerySource,
    /// Who runs the query; AWS Config's own language has no dialects
    #[arg(long, value_enum)]
    pub dialect: Option<Dialect>,
    /// Inventories whose rules name tags; without any: inventory.yaml or inventories/ here, as far as there are such
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The table, or what the dialect reads files with, as it is written there; `{table}` stands for the name where there is a
    /// table for each type
    #[arg(long, value_name = "SQL")]
    pub table: Option<String>,
    /// Which tables there are, where there is one for each type: a list of their names, one a line, with or without their
    /// columns; - is standard input
    #[arg(long, value_name = "FILE")]
    pub tables: Option<PathBuf>,
    /// Folder of service files that extend or replace those of the built-in catalog
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// `why`.
#[derive(Debug, Args)]
pub struct Why {
    /// A service (rds, ecs/fargate), a resource's name, ARN or address, a control (backup, "Guest OS patching"), a requirement
    /// ("PCI DSS 8.3.6"), or a scanner's check (prowler:s3_bucket_public_access, S3.8)
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// What to read; before the paths a control may stand: `why rds backup inventories/`
    #[command(flatten)]
    pub inputs: Inputs,
    /// Tell of each duty how it stood in this: an inventory, a pack, a report's JSON, or git:REVISION:PATH
    #[arg(long, value_name = "OLD")]
    pub since: Option<PathBuf>,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code that a diagnostic shows in brackets; without one, all codes are listed
    pub code: Option<String>,

    /// List all codes
    #[arg(long, conflicts_with = "code")]
    pub list: bool,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DataFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Where to write inventory.yaml; - is standard output
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// Where a text goes.
#[derive(Debug, Clone, Default, Args)]
pub struct To {
    /// A file to write to. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Folder to write the pages of the program and all of its commands into, each a file such as cloudraci-report.1
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub dir: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub to: To,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
    /// Where to
    #[command(flatten)]
    pub to: To,
}
