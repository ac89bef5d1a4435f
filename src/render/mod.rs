//! The Report to bytes.

pub mod document;
