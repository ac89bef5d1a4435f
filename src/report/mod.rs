//! The Report: the joined result as a serialisable value, complete and sorted. Templates, the JSON output and other
//! programs see nothing else.
//!
//! In: a matrix with its catalog, inventory and findings, and what the user asked for. Out: a [`Report`].

mod build;
mod context;
mod document;
mod duties;
mod lines;
mod model;
mod names;
mod qualifications;
mod references;
mod request;
mod resources;
mod services;
mod summary;
mod told;

pub use build::build;
pub use model::*;
pub use request::{Edition, Request};
pub use resources::LIMIT as RESOURCE_LIMIT;
