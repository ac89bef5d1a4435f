//! The command line's types: what can be asked, no logic. In one file although it is long: all commands are read side by
//! side, so that the same thing is asked by the same name everywhere.

mod evidence;
mod oscal;
mod requirements;

pub use crate::changes::Kind as ChangeKind;
use crate::diagnostics::Format as DiagnosticFormat;
use crate::inventory::import::IMPORTERS;
pub use crate::render::Format;
use crate::report::Edition;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use evidence::{Evidence, EvidenceFormat};
pub use oscal::{Oscal, OscalCommand, OscalOf};
pub use requirements::{Perspective, Requirements, RequirementsFormat};
use std::path::PathBuf;

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

/// `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// Where to write: a file (its ending says the format), a folder (name/), or - for standard output; repeatable
    #[arg(short, long = "output", value_name = "OUT")]
    pub output: Vec<PathBuf>,
    /// Formats to write; repeatable
    #[arg(long, value_enum)]
    pub format: Vec<Format>,
    /// Which edition
    #[arg(long, value_enum, default_value_t)]
    pub edition: Edition,
    /// Cut the report to one party's duties
    #[arg(long, value_name = "ID")]
    pub party: Option<String>,
    /// Tell what changed since this: an inventory, a pack, a report's JSON, or git:REVISION:PATH
    #[arg(long, value_name = "OLD")]
    pub since: Option<PathBuf>,
    /// How it is made
    #[command(flatten)]
    pub making: Making,
}

/// How documents are made.
#[derive(Debug, Clone, Default, Args)]
pub struct Making {
    /// How they look
    #[command(flatten)]
    pub looks: Looks,
    /// Attach nothing to the PDF: no inventory, no data
    #[arg(long)]
    pub no_attachments: bool,
    /// Mark every document as a draft
    #[arg(long)]
    pub draft: bool,
    /// Leave out account numbers, ARNs, addresses and names of resources and people; pseudonyms stand for them
    #[arg(long)]
    pub redact: bool,
}

/// Where the looks of documents come from.
#[derive(Debug, Clone, Default, Args)]
pub struct Looks {
    /// Folder of templates that override the built-in ones
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Folder of fonts for characters that the built-in one lacks, or for your own page.typ; repeatable
    #[arg(long, value_name = "DIR")]
    pub font_path: Vec<PathBuf>,
    /// Use the fonts of this machine, too: the PDF is then no longer the same on every machine
    #[arg(long)]
    pub system_fonts: bool,
}

/// `pack`.
#[derive(Debug, Args)]
pub struct Pack {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// Where to write: a folder, a file that ends in .zip, or - for a ZIP file on standard output; a pack that stands there
    /// is replaced if it is as it was delivered
    #[arg(short, long, value_name = "DIR|FILE.zip")]
    pub output: PathBuf,
    /// Replace a pack although it was changed since it was delivered
    #[arg(long, visible_alias = "replace")]
    pub force: bool,
    /// Editions to put in; repeatable; without it: all
    #[arg(long, value_enum)]
    pub edition: Vec<Edition>,
    /// Formats to put in; repeatable; without it: all
    #[arg(long, value_enum)]
    pub format: Vec<Format>,
    /// Put the files in, too, that evidence names
    #[arg(long)]
    pub with_evidence: bool,
    /// How it is made
    #[command(flatten)]
    pub making: Making,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// A pack: its folder, its ZIP file, or - for a ZIP file on standard input
    pub pack: PathBuf,
    /// The inventory that must still yield it: what was named when it was packed; without any, only the pack itself is
    /// looked at
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The scanners' results that it was packed with, as far as the inventory does not name them; repeatable
    #[arg(long, value_name = "PATH", requires = "paths")]
    pub results: Vec<PathBuf>,
    /// The documents of providers and partners that it was packed with; repeatable
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub upstream: Vec<PathBuf>,
    /// The folder of service files that it was packed with
    #[arg(long, value_name = "DIR", requires = "paths")]
    pub catalog: Option<PathBuf>,
    /// Another date than the pack's (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", requires = "paths")]
    pub as_of: Option<jiff::civil::Date>,
    /// How it was made, as far as the pack does not tell
    #[command(flatten)]
    pub looks: Looks,
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
    /// Terraform state or plan, CloudFormation template, AWS Config, tagging or Resource Explorer export, CSV; folders and
    /// patterns of such; - is standard input
    #[arg(value_name = "FILE", required = true)]
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

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// What was: an inventory, files of what runs, a pack, a report's JSON, or git:REVISION:PATH
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// What is: the same kinds
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// How changes are shown
    #[command(flatten)]
    pub show: ShowChanges,
    /// Folder of service files that extend or replace those of the built-in catalog
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// The date that NEW is true for (YYYY-MM-DD); without it: its inventory's as_of, else today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<jiff::civil::Date>,
    /// The date that OLD is true for (YYYY-MM-DD); without it: its inventory's as_of, else today
    #[arg(long, value_name = "DATE")]
    pub as_of_old: Option<jiff::civil::Date>,
    /// Only what is meant by these words of `match`, such as 'environment=prod,service=rds'
    #[arg(long, value_name = "KEY=VALUE,...")]
    pub only: Option<String>,
    /// What scanners found of NEW, beside what it names itself; repeatable
    #[arg(long, value_name = "PATH")]
    pub results: Vec<PathBuf>,
    /// How documents look
    #[command(flatten)]
    pub looks: Looks,
}

/// How changes are shown.
#[derive(Debug, Clone, Args)]
pub struct ShowChanges {
    /// Where to write: a file, whose ending says the format, or - for standard output; repeatable
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum)]
    pub format: Option<DiffFormat>,
    /// Only what concerns this party
    #[arg(long, value_name = "ID")]
    pub party: Option<String>,
    /// Kinds of change that end with exit code 1; repeatable, or with commas
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<ChangeKind>,
}

/// `what-if`.
#[derive(Debug, Args)]
pub struct WhatIf {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// A setting that would be otherwise; TARGET is a resource, a service, service/name, service/mode, or words of `match`;
    /// repeatable
    #[arg(long, value_name = "TARGET.ATTRIBUTE=VALUE")]
    pub set: Vec<String>,
    /// A service (or a resource) that would run in this mode; repeatable
    #[arg(long, value_name = "SERVICE=MODE")]
    pub mode: Vec<String>,
    /// A service that would be deployed, too, such as 'eks/auto-mode,environment=prod'; repeatable
    #[arg(long, value_name = "SERVICE[/MODE]")]
    pub add: Vec<String>,
    /// A party that would go; repeatable
    #[arg(long, value_name = "PARTY")]
    pub remove: Vec<String>,
    /// The Region in which everything would run
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The handover that the inventory plans would be done
    #[arg(long)]
    pub handover: bool,
    /// How changes are shown
    #[command(flatten)]
    pub show: ShowChanges,
    /// How documents look
    #[command(flatten)]
    pub looks: Looks,
}

/// Formats of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people, in short
    Text,
    /// A document, as Markdown
    #[value(alias = "md")]
    Markdown,
    /// A document, as one HTML file
    #[value(alias = "htm")]
    Html,
    /// A document, as PDF/A-3a and PDF/UA-1
    Pdf,
    /// For programs
    Json,
    /// A table
    Csv,
}

impl DiffFormat {
    /// What the ending of a file says.
    #[must_use]
    pub fn of_ending(path: &std::path::Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        if ending == "txt" {
            return Some(Self::Text);
        }
        Self::from_str(&ending, true).ok()
    }

    /// The format of the document that it is, where it is one.
    #[must_use]
    pub fn document(self) -> Option<Format> {
        match self {
            Self::Markdown => Some(Format::Markdown),
            Self::Html => Some(Format::Html),
            Self::Pdf => Some(Format::Pdf),
            Self::Text | Self::Json | Self::Csv => None,
        }
    }
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

/// `list`.
#[derive(Debug, Args)]
pub struct List {
    /// What to list
    #[arg(value_enum)]
    pub what: ListOf,
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListOf {
    /// Services, each in the modes in which it runs
    Services,
    /// Resources of the inventory
    Resources,
    /// Parties, with how many duties they do and answer for
    Parties,
    /// Duties, with state and holders
    Duties,
    /// Findings, worst first
    Findings,
    /// Codes of diagnostics
    Codes,
    /// Controls
    Controls,
    /// Frameworks of the crosswalk
    Frameworks,
    /// Scanners' checks, each with the duties that it is about or why it is about none; with an inventory those that concern it
    Checks,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    /// Aligned columns, for people
    #[default]
    Text,
    /// A table
    Csv,
    /// An array of objects
    Json,
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

/// `catalog`.
#[derive(Debug, Args)]
pub struct Catalog {
    /// What to look at
    #[command(subcommand)]
    pub command: CatalogCommand,
}

/// The verbs of `catalog`.
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// List all services
    List {
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
    /// Show who does what on a service
    Show {
        /// A service by any name, optionally with its mode
        #[arg(value_name = "SERVICE[/MODE]")]
        service: String,
        /// Ask how the split stands with this attribute; repeatable
        #[arg(long, value_name = "ATTRIBUTE=VALUE")]
        set: Vec<String>,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
    },
    /// Say which service a type, ARN, IAM prefix or name belongs to
    Resolve {
        /// Names; without any: one a line from standard input
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
    /// List what is declared of a service's resources: attributes, where each source keeps them, what they decide
    Attributes {
        /// A service by any name
        #[arg(value_name = "SERVICE")]
        service: String,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
    },
    /// List what each mode takes over from its service and its model, to be read in the mode
    Inherited {
        /// A service by any name, optionally with a mode: `ecs/fargate`; without it: all that have modes
        #[arg(value_name = "SERVICE")]
        service: Option<String>,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
    },
    /// Check the built-in catalog, or a folder of service files
    Check {
        /// Folder of service files
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
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

/// `templates`.
#[derive(Debug, Args)]
pub struct Templates {
    /// What to do
    #[command(subcommand)]
    pub command: TemplatesCommand,
}

/// The verbs of `templates`.
#[derive(Debug, Subcommand)]
pub enum TemplatesCommand {
    /// List the built-in templates
    List,
    /// Write the built-in templates into a folder; files that exist are left alone
    Eject {
        /// Where to
        #[arg(value_name = "DIR", default_value = "templates")]
        folder: PathBuf,
    },
    /// Render a folder of templates with the reference inventory in all editions and formats, and tell all that is wrong
    Check {
        /// The folder
        #[arg(value_name = "DIR", default_value = "templates")]
        folder: PathBuf,
    },
}

/// `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Of what
    #[arg(value_enum)]
    pub of: SchemaOf,
    /// Where to
    #[command(flatten)]
    pub to: To,
}

/// Where a text goes.
#[derive(Debug, Clone, Default, Args)]
pub struct To {
    /// A file to write to. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The inventory file
    Inventory,
    /// The Report, as templates see it
    Report,
    /// The page, which arranges the Report for templates
    Page,
    /// A service file of the catalog
    Catalog,
    /// A file of the catalog that says which duties a scanner's checks are about
    Checks,
    /// A file of the catalog with the requirements of a framework
    Framework,
    /// A file of the catalog with the columns in which assessors ask for requirements
    Layout,
    /// The file of an overlay with controls of one's own
    Controls,
    /// The file of an overlay with objectives of one's own
    Objectives,
    /// The file of an overlay with partners
    Parties,
    /// The file of an overlay with activities on all services, or on those of a model
    Models,
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
