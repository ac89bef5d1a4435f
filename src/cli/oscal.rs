//! The types of `oscal`.

use super::{Inputs, Perspective};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `oscal`.
#[derive(Debug, Args)]
pub struct Oscal {
    /// Which document
    #[command(subcommand)]
    pub command: OscalCommand,
}

/// The models of OSCAL that can be written.
#[derive(Debug, Subcommand)]
pub enum OscalCommand {
    /// Services as components, with both halves of each control that they have to do with
    ComponentDefinition {
        /// What is asked for
        #[command(flatten)]
        of: OscalOf,
    },
    /// A system security plan: who does what for each control, by component; what is provided, inherited and left to do
    Ssp {
        /// Whose inheritance to tell: what we inherit of the provider, or what our own customers inherit of us and must do
        #[arg(long, value_enum, default_value_t)]
        perspective: Perspective,
        /// What is asked for
        #[command(flatten)]
        of: OscalOf,
    },
    /// A mapping collection: which objectives of the catalog answer each requirement, and what says so
    Mapping {
        /// What is asked for
        #[command(flatten)]
        of: OscalOf,
    },
    /// Assessment results: what configuration, scanners and artefacts show of each control, and when
    AssessmentResults {
        /// What is asked for
        #[command(flatten)]
        of: OscalOf,
    },
}

/// What a document of OSCAL answers.
#[derive(Debug, Args)]
pub struct OscalOf {
    /// What to read
    #[command(flatten)]
    pub inputs: Inputs,
    /// In whose numbers: a framework of the catalog
    #[arg(long, value_name = "FRAMEWORK", default_value = "nist-800-53")]
    pub framework: String,
    /// Which of its baselines; without it: the one that the inventory names with the framework, else all requirements
    #[arg(long, value_name = "BASELINE")]
    pub baseline: Option<String>,
    /// The address of the profile, where it is not the published one
    #[arg(long, value_name = "HREF")]
    pub profile: Option<String>,
    /// A file to write to. Without it, or as -: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
