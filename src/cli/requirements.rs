//! The types of `requirements`.

use super::{Inputs, Making};
pub use crate::report::Perspective;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `requirements`.
#[derive(Debug, Args)]
pub struct Requirements {
    /// The framework: its id or name, or `list` to list the frameworks, their baselines and layouts
    #[arg(value_name = "FRAMEWORK")]
    pub framework: String,
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// One of the framework's baselines; without it: the one that the inventory names for it, else all requirements
    #[arg(long, value_name = "ID")]
    pub baseline: Option<String>,
    /// The columns: plain, or those that the framework's assessors ask for
    #[arg(long, value_name = "ID", default_value = "plain")]
    pub layout: String,
    /// Whose inheritance to tell; without it: the layout's, and customer where it can be filled in from either
    #[arg(long, value_enum)]
    pub perspective: Option<Perspective>,
    /// Your own copy of the assessor's form that the layout is made for: it is filled in by the ids of its questions
    #[arg(long, value_name = "FILE.xlsx")]
    pub form: Option<PathBuf>,
    /// What only you know of what the layout asks, such as package_overview=https://...; repeatable
    #[arg(long = "set", value_name = "NAME=TEXT")]
    pub answers: Vec<String>,
    /// The format; without it: as the output's ending says, else Markdown
    #[arg(long, value_enum)]
    pub format: Option<RequirementsFormat>,
    /// A file to write to; its ending says the format. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How it is made
    #[command(flatten)]
    pub making: Making,
}

/// Formats of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RequirementsFormat {
    /// A document in plain text
    #[value(name = "md", alias = "markdown")]
    Markdown,
    /// A page
    Html,
    /// A document on paper
    Pdf,
    /// The sheets as tables, one below the other
    Csv,
    /// A workbook
    Xlsx,
    /// For programs: in the layout plain every requirement with both halves; in another the JSON that it is made for, or its
    /// sheets
    Json,
}

impl RequirementsFormat {
    /// The format of files that end so.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending {
            "md" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "pdf" => Self::Pdf,
            "csv" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "json" => Self::Json,
            _ => return None,
        })
    }
}
