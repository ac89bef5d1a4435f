//! The types of `schema`.

use super::To;
use clap::{Args, ValueEnum};

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
