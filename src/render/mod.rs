//! The Report to bytes.

pub mod document;
pub mod html;
pub mod parse;
