//! The Report: the joined result as a serialisable value, complete and sorted. Templates, the JSON output and other
//! programs see nothing else.
//!
//! In: a matrix with its catalog, inventory and findings, and what the user asked for. Out: a [`Report`].

mod build;
mod document;
mod duties;
mod lines;
mod model;
mod names;
mod qualifications;
mod references;
mod resources;
mod services;
mod summary;
mod told;

pub use build::{Edition, Request, build};
pub use model::*;
pub use resources::LIMIT as RESOURCE_LIMIT;
