//! Blocks as elements.
//!
//! In: blocks. Out: their HTML; a heading and all up to the next one of its rank stand in a `section`.

use super::Writer;
use super::picture::inline_svg;
use crate::render::document::{Block, Inline, Mark, Node, mark_of, place_of, plain_text};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        // The levels of the sections that are open here.
        let mut open: Vec<u8> = Vec::new();
        for block in blocks {
            if let Some(level) = rank(block) {
                while open.last().is_some_and(|inner| *inner >= level) {
                    open.pop();
                    self.raw("</section>\n");
                }
                if matches!(block.node, Node::Heading { .. }) {
                    open.push(level);
                    self.raw("<section>\n");
                }
            }
            self.block(block);
            self.raw("\n");
        }
        for _ in open {
            self.raw("</section>\n");
        }
    }

    fn block(&mut self, block: &Block) {
        let kind = block.kind.as_deref();
        match &block.node {
            Node::Heading { level, anchor, content } => self.heading(kind, *level, anchor, content),
            Node::Paragraph(content) => match content.as_slice() {
                [Inline::Image { path, alt }] => self.figure(kind, path, alt),
                _ => {
                    self.open("p", kind);
                    self.inlines(content);
                    self.close("p");
                }
            },
            Node::List { start, items } => self.list(kind, *start, items),
            Node::Table(table) => self.table(kind, table),
            Node::Quote(blocks) => {
                self.open("blockquote", kind);
                self.raw("\n");
                self.blocks(blocks);
                self.close("blockquote");
            }
            Node::Group(blocks) => {
                self.raw("<div");
                if let Some(kind) = kind {
                    self.attribute("class", kind);
                }
                self.card(blocks);
                self.raw(">\n");
                self.blocks(blocks);
                self.close("div");
            }
            Node::Code(text) => {
                self.open("pre", kind);
                self.raw("<code>");
                // The parser of HTML drops a line feed right behind `<pre>`, not one behind `<code>`.
                self.text(text);
                self.raw("</code></pre>");
            }
            Node::Rule => {
                self.open("hr", kind);
            }
        }
    }

    /// Says of a card which finding it is.
    fn card(&mut self, card: &[Block]) {
        if let Some(Block {
            node: Node::Heading { content, .. },
            ..
        }) = card.first()
            && let Some(mark) = mark_of(content)
            && matches!(mark, Mark::Finding { .. })
        {
            self.own_id(mark);
            self.finding(mark);
        }
    }

    /// Says of a card or a row which finding it is, where it belongs, and who holds it.
    pub(super) fn finding(&mut self, mark: &Mark) {
        let Mark::Finding {
            id,
            service,
            control,
            state,
            holders,
        } = mark
        else {
            return;
        };
        self.attribute("data-finding", id);
        if let Some(numbers) = self.targets.touched(id) {
            self.attribute("data-requirements", &numbers);
        }
        let (environment, accounts) = self.targets.found_in(id);
        self.places.offer(environment, &accounts);
        if let Some(environment) = environment {
            self.attribute("data-environment", environment);
        }
        if !accounts.is_empty() {
            self.attribute("data-accounts", &accounts.join(" "));
        }
        for (name, value) in [
            ("data-service", service),
            ("data-control", control),
            ("data-state", state),
            ("data-holders", holders),
        ] {
            if value != "-" && !value.is_empty() {
                self.attribute(name, value);
            }
        }
    }

    /// Gives what a mark stands in its id, unless it stood somewhere before.
    pub(super) fn own_id(&mut self, mark: &Mark) {
        if let Some(id) = place_of(mark)
            && self.ids.insert(id.clone())
        {
            self.attribute("id", &id);
        }
    }

    fn heading(&mut self, kind: Option<&str>, level: u8, anchor: &str, content: &[Inline]) {
        let tag = match level {
            0 | 1 => "h2",
            2 => "h3",
            3 => "h4",
            4 => "h5",
            _ => "h6",
        };
        self.heading = plain_text(content);
        anchor.clone_into(&mut self.anchor);
        self.raw("<");
        self.raw(tag);
        self.attribute("id", anchor);
        if let Some(kind) = kind {
            self.attribute("class", kind);
        }
        self.raw(">");
        self.inlines(content);
        self.close(tag);
    }

    fn list(&mut self, kind: Option<&str>, start: Option<u64>, items: &[Vec<Block>]) {
        let tag = if start.is_some() { "ol" } else { "ul" };
        self.raw("<");
        self.raw(tag);
        if let Some(kind) = kind {
            self.attribute("class", kind);
        }
        if let Some(start) = start.filter(|start| *start != 1) {
            self.attribute("start", &start.to_string());
        }
        self.raw(">\n");
        for item in items {
            self.open_item(item);
            match item.as_slice() {
                [
                    Block {
                        kind: None,
                        node: Node::Paragraph(content),
                    },
                ] => self.inlines(content),
                _ => {
                    self.raw("\n");
                    self.blocks(item);
                }
            }
            self.raw("</li>\n");
        }
        self.close(tag);
    }

    fn figure(&mut self, kind: Option<&str>, path: &str, alt: &str) {
        match self.picture(path) {
            Some(svg) => {
                self.raw("<figure");
                if let Some(kind) = kind {
                    self.attribute("class", kind);
                }
                self.raw(" role=\"img\"");
                self.attribute("aria-label", alt);
                self.raw(">");
                self.raw(&svg);
                self.close("figure");
            }
            None => {
                self.open("p", kind);
                self.text(alt);
                self.close("p");
            }
        }
    }

    /// The SVG element of a picture, with ids that no other picture and no heading has.
    pub(super) fn picture(&mut self, path: &str) -> Option<String> {
        let svg = self.pictures.get(path)?;
        self.shown += 1;
        Some(inline_svg(svg, &format!("p{}:", self.shown)))
    }
}

/// The level of a heading, or of the one that a group begins with.
fn rank(block: &Block) -> Option<u8> {
    match &block.node {
        Node::Heading { level, .. } => Some(*level),
        Node::Group(blocks) => blocks.first().and_then(rank),
        _ => None,
    }
}
