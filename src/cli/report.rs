//! The types of `report`, and of how documents are made.

use super::{Format, Inputs};
use crate::report::Edition;
use clap::Args;
use std::path::PathBuf;

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
