//! The types of `evidence`.

use super::Inputs;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `evidence`.
#[derive(Debug, Args)]
pub struct Evidence {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// Only the duties of this party
    #[arg(long, value_name = "ID")]
    pub party: Option<String>,
    /// List the party's open duties with the artefact to obtain for each
    #[arg(long, requires = "party")]
    pub todo: bool,
    /// How to print: coverage as text, JSON or CSV; the list as Markdown, CSV, JSON, a workbook, or YAML to fill in
    #[arg(long, value_enum)]
    pub format: Option<EvidenceFormat>,
    /// A file to write to; its ending says the format. A YAML file that exists keeps what people wrote into it, and gets what
    /// is missing. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Formats of coverage, and of what must still be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvidenceFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// A table
    Csv,
    /// A list for people
    #[value(alias = "md")]
    Markdown,
    /// A workbook
    Xlsx,
    /// Entries to fill in and put beside the inventory
    #[value(alias = "yml")]
    Yaml,
}

impl EvidenceFormat {
    /// The format of files that end so.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending {
            "txt" => Self::Text,
            "json" => Self::Json,
            "csv" => Self::Csv,
            "md" => Self::Markdown,
            "xlsx" => Self::Xlsx,
            "yaml" | "yml" => Self::Yaml,
            _ => return None,
        })
    }
}
