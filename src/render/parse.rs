//! Markdown to the tree of blocks.
//!
//! In: the Markdown that `report.md` rendered to. Out: a [`Document`], or every fault of it at once.
//! One pass over pulldown-cmark's events with an explicit stack. Nesting beyond a fixed depth is flattened: the text
//! stays, the marks around it go, so neither this module nor one that walks the tree can overflow the stack.
//!
//! Comments that mean something, each on a line of its own:
//!
//! | comment | meaning |
//! |---|---|
//! | `<!-- kind: raci -->` | the kind of the next block |
//! | `<!-- kind: raci, columns: 6 2 1 1 -->` | the same for a table, with the relative widths of its columns |
//! | `<!-- begin: wide -->` ... `<!-- end -->` | the kind of a run of blocks; may be nested |
//!
//! Comments within a text say what it stands for, by an id, so that nobody has to guess it from the words:
//!
//! | comment | meaning |
//! |---|---|
//! | `<!-- duty: ID +2 -->` | a row of a table: this duty and two more |
//! | `<!-- control: rds:backup shared -->` | the title of a control's part, or a row about a control, with the control's type |
//! | `<!-- commitments: rds:backup shared -->` | what the provider does for a control |
//! | `<!-- finding: ID rds backup not-met platform=A northwind=R -->` | the title of a finding: its id, its service and control, `-` for none; the state of its duty, if it is about one; and who holds which letters |
//! | `<!-- section: rds every -->` | the head of a column of a table of the kind `matrix`: where its cells lead |
//!
//! Other comments vanish. `<br>` begins a new line, within a table, too. Any other raw HTML is an error, since only one of
//! the formats could show it.

mod anchors;
pub(in crate::render) mod directive;
mod links;
mod matrix;
mod open;
mod reader;
mod table;
#[cfg(test)]
mod tests;

pub use anchors::slug;

use super::document::{Document, places};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use links::{Places, unlink_block};
use pulldown_cmark::{Options, Parser};
use reader::Reader;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name that diagnostics about the rendered Markdown carry as their file; the text may be put into a source map
/// under it, so that emitters show the line.
pub const FILE: &str = "rendered report.md";

impl Document {
    /// The tree of a Markdown text.
    ///
    /// Links to other schemes than http, https and mailto, and to anchors that no heading makes, become their text;
    /// pictures by anything but a plain relative path become their text alternative.
    ///
    /// # Errors
    ///
    /// Raw HTML, malformed `kind`, `begin` and `end` comments, and kinds that no block follows: all of them, by line.
    pub fn parse(markdown: &str) -> Outcome<Document> {
        let (document, faults) = read(markdown);
        if faults.is_empty() {
            Ok(document)
        } else {
            Err(diagnostics(markdown, faults))
        }
    }
}

/// Something wrong at a byte of the Markdown.
struct Fault {
    at: usize,
    message: String,
    help: &'static str,
}

fn diagnostics(markdown: &str, mut faults: Vec<Fault>) -> Vec<Diagnostic> {
    let file: Arc<str> = FILE.into();
    faults.sort_by_key(|fault| fault.at);
    let (mut line, mut start, mut seen) = (1, 0, 0);
    faults
        .into_iter()
        .map(|fault| {
            for (position, _) in markdown.get(seen..fault.at).unwrap_or_default().match_indices('\n') {
                line += 1;
                start = seen + position + 1;
            }
            seen = seen.max(fault.at);
            let column = markdown.get(start..fault.at).unwrap_or_default().chars().count() + 1;
            Diagnostic::new(Code::TemplateError, fault.message)
                .at(Place::at(&file, line, column))
                .help(fault.help)
        })
        .collect()
}

fn read(markdown: &str) -> (Document, Vec<Fault>) {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        reader.event(event, range.start);
    }
    reader.close_groups();
    reader.settle();
    let mut root = reader.root;
    let rows = if reader.sees_places {
        places(&root.blocks)
    } else {
        BTreeSet::new()
    };
    let places = Places {
        anchors: &reader.anchors,
        rows,
    };
    for block in &mut root.blocks {
        unlink_block(block, &places);
        matrix::link_cells(block, &places);
    }
    (Document { blocks: root.blocks }, reader.faults)
}
