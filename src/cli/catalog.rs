//! The types of `catalog`.

use super::DataFormat;
use clap::{Args, Subcommand};
use std::path::PathBuf;

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
    /// Write the catalog as pages to browse: an index with a search, a page for each service and mode; no network
    Site {
        /// Folder to write index.html and services/ into
        #[arg(short, long = "output", value_name = "DIR")]
        output: PathBuf,
        /// Folder of service files over the built-in catalog
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
        /// Folder of templates that override those under site/
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
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
