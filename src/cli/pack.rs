//! The types of `pack` and `verify`.

use super::{Format, Inputs, Looks, Making};
use crate::report::Edition;
use clap::Args;
use std::path::PathBuf;

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
    /// Sign the manifest with this secret key of minisign: manifest.json.minisig, which `verify --key` checks
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
    /// A file whose first line is the key's password, or - for standard input; without it the terminal is asked
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub password_file: Option<PathBuf>,
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
    /// Whose signature the pack must have: a public key of minisign, as a file or as its line itself
    #[arg(long, value_name = "PUBKEY")]
    pub key: Option<String>,
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
