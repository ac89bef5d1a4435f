//! cloudraci joins an inventory of deployed cloud services with a responsibility catalog and renders a RACI report.

pub mod catalog;
pub mod diagnostics;
pub mod render;
