//! Inlines to Typst content.
//!
//! In: the inlines of a paragraph, a heading or a cell, and the width of the line they stand in. Out: content: text,
//! `strong`, `emph`, `link`, `image`, `box` for letters and states (see [`super::codes`]),
//! and other code spans under the label `<code>`.

use super::breaks;
use super::codes::is_known;
use super::converter::{Converter, Line, MAX_DEPTH, anchor_label, label, labelled_sequence};
use crate::render::document::{Inline, Mark, place_of, plain_text};
use crate::render::tied::tied;
use typst::foundations::{Content, NativeElement, Value};
use typst::introspection::MetadataElem;
use typst::layout::{Abs, BlockElem, BoxElem, HElem, Rel, Sides};
use typst::model::{Destination, EmphElem, LinkElem, LinkTarget, StrongElem, Url};
use typst::text::{LinebreakElem, TextElem};

/// Width of the space at which a long word may break, in points: Typst drops spaces of no width at all.
const HAIR: f64 = 0.001;

/// The label of code spans that are not letters or states.
const CODE: &str = "code";

impl Converter<'_> {
    /// The content of a run of inlines.
    pub(super) fn inlines(&mut self, inlines: &[Inline], line: Line) -> Content {
        self.inlines_at(inlines, line, 0)
    }

    fn inlines_at(&mut self, inlines: &[Inline], line: Line, depth: usize) -> Content {
        if depth > MAX_DEPTH {
            return self.text(&plain_text(inlines), line);
        }
        match inlines {
            [inline] => self.inline(inline, line, depth),
            _ => Content::sequence(inlines.iter().map(|inline| self.inline(inline, line, depth))),
        }
    }

    fn inline(&mut self, inline: &Inline, line: Line, depth: usize) -> Content {
        match inline {
            Inline::Text(text) => self.text(text, line),
            Inline::Code(text) => self.code(text, line),
            Inline::Strong(inner) => StrongElem::new(self.inlines_at(inner, Line { bold: true, ..line }, depth + 1)).pack(),
            Inline::Emphasis(inner) => EmphElem::new(self.inlines_at(inner, line, depth + 1)).pack(),
            Inline::Link { target, content } => {
                let body = self.inlines_at(content, line, depth + 1);
                match self.link_target(target) {
                    Some(target) if !plain_text(content).is_empty() => LinkElem::new(target, body).pack(),
                    _ => body,
                }
            }
            Inline::Image { path, alt } => {
                // A picture is a block, too, and would take on the inset of the cell that it stands in.
                let none = Sides::splat(Some(Rel::zero()));
                let picture = self.picture(path, alt, line).set(BlockElem::inset, none);
                BoxElem::new().with_body(Some(picture)).pack()
            }
            Inline::Break => LinebreakElem::shared().clone(),
            Inline::Mark(mark) => self.place_of(mark).unwrap_or_default(),
        }
    }

    /// What links lead to; nothing to be seen.
    pub(super) fn place_of(&mut self, mark: &Mark) -> Option<Content> {
        let id = place_of(mark).filter(|id| self.sought.contains(id.as_str()))?;
        self.sought.remove(id.as_str());
        Some(MetadataElem::new(Value::None).pack().labelled(anchor_label(&id)?))
    }

    /// Text, with places to break in words that are too long for the line.
    pub(super) fn text(&mut self, text: &str, line: Line) -> Content {
        let shown = self.glyphs.show(text);
        let text = tied(&breaks::kept_together(&shown)).into_owned();
        if !breaks::needed(&text, line.width, line.bold) {
            return TextElem::packed(text);
        }
        let mut parts = Vec::new();
        for piece in breaks::pieces(&text, line.width, line.bold) {
            if !parts.is_empty() {
                // A space of next to no width is a place to break that, unlike a zero width space, leaves no trace in
                // text that a reader copies from the PDF.
                parts.push(HElem::new(Abs::pt(HAIR).into()).pack());
            }
            parts.push(TextElem::packed(piece));
        }
        labelled_sequence(parts, None)
    }

    fn code(&mut self, text: &str, line: Line) -> Content {
        if is_known(text) {
            return BoxElem::new().with_body(Some(TextElem::packed(text))).pack();
        }
        let content = self.text(text, line);
        match label(CODE) {
            Some(label) => content.labelled(label),
            None => content,
        }
    }

    /// Where a link leads, if it leads anywhere: the anchor of a heading, the web, or a mail address.
    fn link_target(&self, target: &str) -> Option<LinkTarget> {
        if let Some(anchor) = target.strip_prefix('#') {
            return self
                .anchors
                .contains(anchor)
                .then(|| anchor_label(anchor))
                .flatten()
                .map(LinkTarget::Label);
        }
        let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase())?;
        if !matches!(scheme.as_str(), "http" | "https" | "mailto") || target.chars().any(|c| c.is_control() || c == ' ') {
            return None;
        }
        Url::new(target).ok().map(|url| LinkTarget::Dest(Destination::Url(url)))
    }
}
