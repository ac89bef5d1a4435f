//! The types of `diff` and `what-if`.

use super::{ChangeKind, Format, Inputs, Looks};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

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
