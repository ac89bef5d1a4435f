//! The Report: the joined result as a serialisable value, complete and sorted. Templates, the JSON output and other
//! programs see nothing else.
//!
//! In: a matrix with its catalog, inventory and findings, and what the user asked for. Out: a [`Report`]; and beside it a
//! [`page::Page`], which arranges the same for templates.

mod activities;
mod anchor;
mod artefacts;
mod assurance;
mod build;
mod context;
mod document;
mod duties;
mod findings;
mod handover;
mod head;
mod model;
mod names;
pub mod page;
mod partial;
mod parts;
mod paths;
mod pictures;
mod places;
mod qualifications;
mod references;
mod request;
pub(crate) mod requirements;
mod resources;
mod services;
mod subjects;
mod summary;
mod todo;

pub use anchor::slug;
pub use build::build;
pub use head::Head;
pub use model::*;
pub(crate) use names::grouped;
pub use request::{Edition, Request};
pub use resources::LIMIT as RESOURCE_LIMIT;
pub use todo::{Meant, Open, Todo, todo};
