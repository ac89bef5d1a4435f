//! The PDF: a document's blocks as Typst content, placed by `page.typ`, compiled and exported.
//!
//! In: the document that the HTML is made from too, `report.json` for the cover and the running heads, the files that
//! `page.typ` may read, and files to attach. Out: the bytes of a tagged PDF/A-3a and PDF/UA-1 file. No I/O, no clock.
//!
//! No Typst source is generated: text is handed over as values and can never become code. Looks live in `page.typ`;
//! what it can take hold of is told in [`content`].

mod balance;
mod breaks;
mod codes;
pub mod content;
mod converter;
mod drawing;
mod export;
mod fonts;
mod glyphs;
mod inline;
mod pack;
mod picture;
mod table;
mod widths;
mod world;

#[cfg(test)]
mod tests;

use super::document::{Block, Document, Node};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::memory;
pub use fonts::Fonts;
use glyphs::Glyphs;
pub use picture::check_picture;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a PDF is made of. All of it is in memory.
#[derive(Debug)]
pub struct Input<'a> {
    /// The report's text.
    pub document: &'a Document,
    /// What `page.typ` reads as `report.json`: at least `meta`, `theme` and `cover_facts`.
    pub report: &'a [u8],
    /// `page.typ`, its neighbours, the pictures and the logo, by their path relative to `page.typ`.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// Files to embed, in the order in which readers list them.
    pub attachments: Vec<Attachment>,
    /// What it is drawn with.
    pub fonts: Arc<Fonts>,
}

/// A file within the PDF. Names are unique in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name, without folders.
    pub name: String,
    /// Its media type, such as `text/csv`.
    pub mime: String,
    /// What it holds, in words.
    pub description: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A rendered PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file's bytes: the same for the same input.
    pub bytes: Vec<u8>,
    /// What deserves notice, such as characters that the fonts lack.
    pub warnings: Vec<Diagnostic>,
    /// How many pages it has.
    pub pages: usize,
}

/// What a PDF was made from. Freeing it takes a while, so whoever ends soon leaves it.
pub struct Remains(#[expect(dead_code, reason = "kept until its owner lets go of it")] typst_layout::PagedDocument);

impl Drop for Remains {
    fn drop(&mut self) {
        // What the compiler remembered is of no use to the next report, and would keep all of this one in memory.
        typst::comemo::evict(0);
    }
}

impl std::fmt::Debug for Remains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Remains")
    }
}

/// About how many cells and paragraphs there are: what the memory that a PDF takes grows with.
fn cells(blocks: &[Block]) -> u64 {
    blocks
        .iter()
        .map(|block| match &block.node {
            Node::Table(table) => (table.columns.len() * table.bands.iter().map(|band| band.rows.len() + 1).sum::<usize>()) as u64,
            Node::List { items, .. } => items.iter().map(|item| cells(item)).sum(),
            Node::Quote(inner) | Node::Group(inner) => cells(inner),
            Node::Heading { .. } | Node::Paragraph(_) | Node::Code(_) | Node::Rule => 1,
        })
        .sum()
}

/// Renders a document to PDF, and what is left of doing so.
///
/// # Errors
/// Too little memory (`out-of-memory`), all that Typst has to say about `page.typ` (`typst-error`), pictures that are missing or broken (`typst-error`,
/// `logo-unreadable`), and what the standards forbid (`pdf-standard`).
pub fn render(input: &Input<'_>) -> Outcome<(Pdf, Remains)> {
    let needed = memory::PDF + memory::PDF_OF_CELL * cells(&input.document.blocks);
    let help = "`--format markdown` takes a fraction of it; or give the process more (`ulimit -v`, the container's limit)";
    memory::must_have(needed, "making the PDF", help).map_err(|fault| vec![fault])?;
    let mut glyphs = Glyphs::of(input.fonts.clone());
    let report = glyphs.show_json(input.report);
    let facts = export::Facts::read(&report)?;
    picture::check_logo(facts.logo.as_deref(), input.files)?;
    let body = content::body(input.document, input.files, &input.attachments, &mut glyphs)?;
    let world = world::InMemory::new(body, report, input.files, &mut glyphs, input.fonts.clone())?;
    let exported = export::export(&world, &facts).inspect_err(|_| typst::comemo::evict(0))?;
    let mut warnings = exported.warnings;
    warnings.extend(glyphs.warning());
    let pdf = Pdf {
        bytes: pack::pack(exported.bytes),
        warnings,
        pages: exported.document.pages().len(),
    };
    Ok((pdf, Remains(exported.document)))
}
