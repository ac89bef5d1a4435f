//! cloudraci joins an inventory of deployed cloud services with a responsibility catalog and renders a RACI report.

pub mod catalog;
pub mod changes;
pub mod cli;
pub mod commands;
pub mod diagnostics;
pub mod inventory;
pub mod limits;
pub mod memory;
pub mod oscal;
pub mod query;
pub mod raci;
pub mod render;
pub mod report;
pub mod results;
pub mod source;
mod text;
mod threads;
