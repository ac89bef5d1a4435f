//! What turns a document to Typst content, as far as blocks, tables, pictures and inlines share it.
//!
//! In: the pictures, the glyphs and the anchors of a document. Out: the state that each of them works on, and labels.

use super::glyphs::Glyphs;
use crate::diagnostics::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use typst::foundations::{Content, Label, NativeElement, SequenceElem};
use typst::utils::PicoStr;

/// Blocks and marks within each other beyond this depth are told as plain text.
pub(super) const MAX_DEPTH: usize = 12;

/// Headings of so many levels have a number.
pub(super) const NUMBERED: usize = 2;

/// Turns blocks to content, and collects what went wrong.
pub(super) struct Converter<'a> {
    pub(super) files: &'a BTreeMap<String, Vec<u8>>,
    pub(super) glyphs: &'a mut Glyphs,
    /// The anchors of all headings, and the ids of all else that links lead to.
    pub(super) anchors: BTreeSet<&'a str>,
    /// The ids of rows of duties and of parts of controls that links lead to and that did not come yet.
    pub(super) sought: BTreeSet<&'a str>,
    /// Anchors whose heading has its label already; a second heading of the same anchor gets none.
    pub(super) taken: BTreeSet<&'a str>,
    /// How many headings of each level there were since the last of a higher one.
    pub(super) numbers: [usize; NUMBERED],
    pub(super) problems: Vec<Diagnostic>,
}

/// The line that a run of inlines stands in.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Its width in points; longer words are given places to break.
    pub(super) width: f64,
    /// Whether its text is set in bold.
    pub(super) bold: bool,
}

/// A sequence that can carry a label: unlike `Content::sequence` it stays a sequence around a single element.
pub(super) fn labelled_sequence(parts: Vec<Content>, kind: Option<Label>) -> Content {
    let sequence = SequenceElem::new(parts).pack();
    match kind {
        Some(kind) => sequence.labelled(kind),
        None => sequence,
    }
}

/// The label of a name, unless it is empty.
pub(super) fn label(name: &str) -> Option<Label> {
    Label::new(PicoStr::intern(name))
}

/// The label of a heading's anchor. The `#` keeps it apart from the kinds.
pub(super) fn anchor_label(anchor: &str) -> Option<Label> {
    label(&format!("#{anchor}"))
}
