//! The Report to bytes.

pub mod document;
pub mod pdf;
