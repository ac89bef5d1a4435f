//! The types of `list`.

use super::Inputs;
use clap::{Args, ValueEnum};

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
