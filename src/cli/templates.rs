//! The types of `templates`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

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
