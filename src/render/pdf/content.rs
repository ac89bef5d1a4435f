//! Blocks to Typst content.
//!
//! In: a [`Document`] and its pictures. Out: the content that `page.typ` places with `#body`. What `page.typ` can take
//! hold of:
//!
//! - Every block is the Typst element of its sort: `heading`, `par`, `list`, `enum`, `table`, `quote`, `divider`; a
//!   paragraph that is nothing but a picture is an `image`, a block of code a `block` with the label `<code-block>`.
//! - A block's kind is the label of a sequence that holds the block, a group's of a sequence that holds its blocks:
//!   `show <raci>: set text(..)`, `show <chapter>: it => { pagebreak(weak: true); it }`. The block itself is
//!   `it.children.first()`, a table the `body` of that; as it lies within, it may be replaced by something else, such as a table by a grid.
//! - A table lies in a `block` with the label `<table>`. Its header row is a `table.header` that begins with a `table.hline`
//!   (style it with `set table.hline`); the title of a band is a `table.header` of level 2, repeated where the band goes on,
//!   that holds one `block` labelled `<band>`; a title without rows may be a cell that holds that block. The text of any other cell is the body of a `block`, the last child of the
//!   cell's body; its inset is that of the cell: `show table.cell: set block(inset: ..)`.
//! - A letter or a state in a code span is a `box` around its text: `show box.where(body: text("A")): ..`. Any other code
//!   span has the label `<code>`.
//! - Behind the first chapter, where another follows, stands a sequence of nothing to see with the label `<contents>`.
//! - The number of a heading of the first two levels is its supplement; readers' bookmarks show it, too.
//! - The label of a heading's anchor is `#` and the anchor: `link(label("#summary"))`; that of a duty's row or of a part of
//!   a control, where a link leads to it, is `#` and the id.

use super::Attachment;
use super::converter::{Converter, Line, MAX_DEPTH, NUMBERED, anchor_label, label, labelled_sequence};
use super::glyphs::Glyphs;
use super::widths::{LANDSCAPE, PORTRAIT};
use crate::diagnostics::Outcome;
use crate::render::document::{Block, Document, Inline, Node, plain_text};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use typst::foundations::{Bytes, Content, Derived, NativeElement, PathOrStr, Smart, Value};
use typst::introspection::MetadataElem;
use typst::layout::{BlockBody, BlockElem};
use typst::model::{DividerElem, EnumElem, EnumItem, HeadingElem, ListElem, ListItem, ParElem, QuoteElem, Supplement};
use typst::pdf::{AttachElem, AttachedFileRelationship};
use typst::text::{LinebreakElem, TextElem};

/// The label of blocks of code.
const CODE_BLOCK: &str = "code-block";

/// The label of the place of the list of contents: behind the first chapter.
const CONTENTS: &str = "contents";

/// The kind of a group whose pages are landscape.
const WIDE: &str = "wide";

/// The whole document, and after it the attachments.
///
/// # Errors
/// Pictures that are missing or broken.
pub(super) fn body(
    document: &Document,
    files: &BTreeMap<String, Vec<u8>>,
    attachments: &[Attachment],
    glyphs: &mut Glyphs,
) -> Outcome<Content> {
    let mut anchors = BTreeSet::new();
    collect_anchors(&document.blocks, &mut anchors);
    let sought = document.led_to();
    anchors.extend(&sought);
    let mut converter = Converter {
        files,
        glyphs,
        anchors,
        sought,
        taken: BTreeSet::new(),
        numbers: [0; NUMBERED],
        problems: Vec::new(),
    };
    let mut parts = converter.blocks(&document.blocks, PORTRAIT, 0);
    let mut chapters = document.blocks.iter().enumerate().filter(|(_, block)| begins_chapter(block));
    if let Some((second, _)) = chapters.nth(1) {
        parts.insert(
            second,
            labelled_sequence(vec![MetadataElem::new(Value::None).pack()], label(CONTENTS)),
        );
    }
    if !converter.problems.is_empty() {
        return Err(converter.problems);
    }
    parts.extend(attachments.iter().map(attachment));
    Ok(Content::sequence(parts))
}

fn attachment(attachment: &Attachment) -> Content {
    let name = attachment.name.as_str();
    AttachElem::new(
        Derived::new(PathOrStr::Str(name.into()), name.into()),
        Bytes::new(attachment.bytes.clone()),
    )
    .with_relationship(Some(AttachedFileRelationship::Data))
    .with_mime_type(Some(attachment.mime.as_str().into()))
    .with_description(Some(attachment.description.as_str().into()))
    .pack()
}

/// Whether a block is the heading of a chapter, or a group that begins with one.
fn begins_chapter(block: &Block) -> bool {
    match &block.node {
        Node::Heading { level, .. } => *level == 1,
        Node::Group(inner) => inner.first().is_some_and(begins_chapter),
        _ => false,
    }
}

fn collect_anchors<'a>(blocks: &'a [Block], anchors: &mut BTreeSet<&'a str>) {
    for block in blocks {
        match &block.node {
            Node::Heading { anchor, .. } => {
                anchors.insert(anchor);
            }
            Node::Group(inner) | Node::Quote(inner) => collect_anchors(inner, anchors),
            Node::List { items, .. } => items.iter().for_each(|item| collect_anchors(item, anchors)),
            Node::Paragraph(_) | Node::Table(_) | Node::Code(_) | Node::Rule => {}
        }
    }
}

impl<'a> Converter<'a> {
    /// Content of each block, for lines of the given width.
    fn blocks(&mut self, blocks: &'a [Block], width: f64, depth: usize) -> Vec<Content> {
        blocks.iter().map(|block| self.block(block, width, depth)).collect()
    }

    fn block(&mut self, block: &'a Block, width: f64, depth: usize) -> Content {
        let kind = block.kind.as_deref().and_then(label);
        let line = Line { width, bold: false };
        if depth > MAX_DEPTH {
            return self.text(&block_text(block), line);
        }
        let content = match &block.node {
            Node::Heading { level, anchor, content } => self.heading(*level, anchor, content, width),
            Node::Paragraph(inlines) => match inlines.as_slice() {
                [Inline::Image { path, alt }] => self.picture(path, alt, line),
                inlines => ParElem::new(self.inlines(inlines, line)).pack(),
            },
            Node::List { start, items } => self.list(*start, items, width, depth),
            Node::Table(table) => self.table(table, block.kind.as_deref(), width),
            Node::Quote(inner) => QuoteElem::new(Content::sequence(self.blocks(inner, width - 20.0, depth + 1)))
                .with_block(true)
                .pack(),
            Node::Code(text) => self.code_block(text, line),
            Node::Rule => DividerElem::new().pack(),
            Node::Group(inner) => {
                let width = if block.kind.as_deref() == Some(WIDE) { LANDSCAPE } else { width };
                return labelled_sequence(self.blocks(inner, width, depth + 1), kind);
            }
        };
        if kind.is_some() {
            labelled_sequence(vec![content], kind)
        } else {
            content
        }
    }

    fn heading(&mut self, level: u8, anchor: &'a str, content: &[Inline], width: f64) -> Content {
        let body = self.inlines(content, Line { width, bold: true });
        let depth = NonZeroUsize::new(usize::from(level)).unwrap_or(NonZeroUsize::MIN);
        let mut heading = HeadingElem::new(body).with_depth(depth);
        if let Some(number) = self.number(usize::from(level)) {
            heading = heading.with_supplement(Smart::Custom(Some(Supplement::Content(TextElem::packed(number.as_str())))));
            heading.numbers = Some(number.into());
        }
        let mut heading = heading.pack();
        if self.taken.insert(anchor)
            && let Some(label) = anchor_label(anchor)
        {
            heading.set_label(label);
        }
        heading
    }

    /// The number of the next heading of a level, if that level has numbers.
    fn number(&mut self, level: usize) -> Option<String> {
        let (own, below) = self.numbers.get_mut(level.checked_sub(1)?..)?.split_first_mut()?;
        *own += 1;
        below.fill(0);
        let numbers: Vec<_> = self.numbers.iter().take(level).map(usize::to_string).collect();
        Some(numbers.join("."))
    }

    fn list(&mut self, start: Option<u64>, items: &'a [Vec<Block>], width: f64, depth: usize) -> Content {
        let width = (width - 16.0).max(40.0);
        let tight = items.iter().all(|item| item.len() < 2);
        let bodies = items.iter().map(|item| match item.as_slice() {
            [
                Block {
                    kind: None,
                    node: Node::Paragraph(inlines),
                },
            ] => self.inlines(inlines, Line { width, bold: false }),
            item => Content::sequence(self.blocks(item, width, depth + 1)),
        });
        match start {
            None => {
                let items = bodies.map(|body| typst::foundations::Packed::new(ListItem::new(body))).collect();
                ListElem::new(items).with_tight(tight).pack()
            }
            Some(start) => {
                let items = bodies.map(|body| typst::foundations::Packed::new(EnumItem::new(body))).collect();
                EnumElem::new(items).with_tight(tight).with_start(Smart::Custom(start)).pack()
            }
        }
    }

    fn code_block(&mut self, text: &str, line: Line) -> Content {
        let mut parts = Vec::new();
        for row in text.trim_end_matches('\n').split('\n') {
            if !parts.is_empty() {
                parts.push(LinebreakElem::shared().clone());
            }
            let indented = row.replace('\t', "    ").replace("  ", "\u{a0} ");
            parts.push(if indented.is_empty() {
                TextElem::packed("\u{a0}")
            } else {
                self.text(&indented, line)
            });
        }
        let mut block = BlockElem::new()
            .with_body(Some(BlockBody::Content(Content::sequence(parts))))
            .pack();
        if let Some(label) = label(CODE_BLOCK) {
            block.set_label(label);
        }
        block
    }
}

/// All text of a block, without marks.
fn block_text(block: &Block) -> String {
    let mut text = String::new();
    let mut rest = vec![&block.node];
    let add = |text: &mut String, inlines: &[Inline]| {
        text.push_str(&plain_text(inlines));
        text.push(' ');
    };
    while let Some(node) = rest.pop() {
        match node {
            Node::Heading { content, .. } | Node::Paragraph(content) => add(&mut text, content),
            Node::List { items, .. } => rest.extend(items.iter().flatten().rev().map(|block| &block.node)),
            Node::Quote(inner) | Node::Group(inner) => rest.extend(inner.iter().rev().map(|block| &block.node)),
            Node::Code(code) => text.push_str(code),
            Node::Table(table) => {
                let bands = table
                    .bands
                    .iter()
                    .flat_map(|band| band.title.iter().chain(band.rows.iter().flatten()));
                table.header.iter().chain(bands).for_each(|cell| add(&mut text, cell));
            }
            Node::Rule => {}
        }
    }
    text
}
