//! From events to blocks.
//!
//! In: pulldown-cmark's events, one by one. Out: the tree of blocks, the anchors of its headings, and what is wrong.

use super::Fault;
use super::anchors::Anchors;
use super::directive::{Directive, HELP_GROUP, HELP_KIND, HELP_MARK, directive};
use super::links::{is_link_target, is_picture_path};
use super::open::{Kind, Open, What};
use super::table::{add_row, trim};
use crate::limits;
use crate::render::document::{Align, Band, Block, Cell, Inline, Mark, Node, Table, plain_text};
use pulldown_cmark::{Alignment, Event, LinkType, Tag, TagEnd};

/// Quotes, lists and groups within one another; what lies deeper is flattened.
pub(super) const MAX_BLOCK_DEPTH: usize = limits::BLOCK_DEPTH;

/// The kind of a table whose empty cells are to be filled in by hand, so that a row of them is no title of a band.
const TO_FILL_IN: &str = "sign-off";

/// Strong, emphasis, links and pictures within one another; what lies deeper is flattened.
const MAX_INLINE_DEPTH: usize = limits::INLINE_DEPTH;

/// The one piece of raw HTML that every format can show: Markdown has no other way to begin a new line in a table.
const LINE_BREAK: &str = "<br>";

pub(super) const RAW_HTML: &str = "raw HTML cannot be shown in every format; use a kind";
const HELP_HTML: &str = "write `<!-- kind: name -->` on the line before a block, and give the name its looks in style.css and page.typ";

/// Adds to a text. Most cells of a table hold one thing, and room for four takes as much memory as all else of a document.
fn add(inlines: &mut Vec<Inline>, inline: Inline) {
    if inlines.is_empty() {
        inlines.reserve_exact(1);
    }
    inlines.push(inline);
}

/// A container too deep to be kept.
#[derive(PartialEq)]
enum Flat {
    Group(usize),
    Other,
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) root: Open,
    /// What is open, outermost first.
    stack: Vec<Open>,
    /// Containers on the stack.
    containers: usize,
    /// Containers beyond the greatest depth, all of them within those on the stack.
    flat: Vec<Flat>,
    /// Strong, emphasis, links and pictures on the stack.
    marks: usize,
    /// Marks beyond the greatest depth.
    flat_marks: usize,
    pub(super) anchors: Anchors,
    /// Whether a link asks for the row of a duty.
    pub(super) sees_places: bool,
    pub(super) faults: Vec<Fault>,
}

impl Reader {
    fn top(&mut self) -> &mut Open {
        self.stack.last_mut().unwrap_or(&mut self.root)
    }

    fn fault(&mut self, at: usize, message: impl Into<String>, help: &'static str) {
        self.faults.push(Fault {
            at,
            message: message.into(),
            help,
        });
    }

    pub(super) fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Html(html) => match &mut self.top().what {
                What::Html(text) => text.push_str(&html),
                _ => self.fault(at, RAW_HTML, HELP_HTML),
            },
            Event::InlineHtml(html) => self.inline_html(&html, at),
            Event::Code(code) => self.inline(Inline::Code(code.into_string())),
            Event::TaskListMarker(done) => {
                self.inline(Inline::Code(if done { "[x]" } else { "[ ]" }.to_owned()));
                self.text(" ");
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => {
                self.settle();
                let kind = self.take_kind();
                self.block(kind, Node::Rule);
            }
            // Not enabled; should they be one day, their text is not lost.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::BlockQuote(_) => self.open_container(What::Quote, at),
            Tag::List(start) => self.open_container(What::List(start, Vec::new()), at),
            Tag::Item => self.open_container(What::Item, at),
            Tag::Paragraph => self.open_block(What::Paragraph, at),
            Tag::Heading { level, .. } => self.open_block(What::Heading(level as u8), at),
            Tag::CodeBlock(_) => self.open_block(What::Code(String::new()), at),
            Tag::HtmlBlock => {
                self.settle();
                self.push(What::Html(String::new()), None, at);
            }
            Tag::Table(columns) => {
                let columns = columns
                    .into_iter()
                    .map(|alignment| match alignment {
                        Alignment::None | Alignment::Left => Align::Start,
                        Alignment::Center => Align::Center,
                        Alignment::Right => Align::End,
                    })
                    .collect();
                self.open_block(
                    What::Table(Box::new(Table {
                        columns,
                        ..Table::default()
                    })),
                    at,
                );
            }
            Tag::TableHead | Tag::TableRow => self.push(What::Row(Vec::new()), None, at),
            Tag::TableCell => self.push(What::Cell, None, at),
            Tag::Strong => self.open_mark(What::Strong, at),
            Tag::Emphasis => self.open_mark(What::Emphasis, at),
            Tag::Link { dest_url, link_type, .. } => {
                let target = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                self.open_mark(What::Link(target), at);
            }
            Tag::Image { dest_url, .. } => self.open_mark(What::Image(dest_url.into_string()), at),
            // Not enabled.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => {
                self.close_groups();
                self.settle();
                if self.flat.pop().is_none() {
                    self.containers = self.containers.saturating_sub(1);
                    self.close();
                }
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image => {
                if self.flat_marks > 0 {
                    self.flat_marks -= 1;
                } else {
                    self.marks = self.marks.saturating_sub(1);
                    self.close();
                }
            }
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close(),
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn push(&mut self, what: What, kind: Option<Box<Kind>>, at: usize) {
        self.stack.push(Open {
            what,
            kind,
            at,
            ..Open::default()
        });
    }

    fn open_block(&mut self, what: What, at: usize) {
        self.settle();
        let kind = self.take_kind();
        self.push(what, kind, at);
    }

    fn open_container(&mut self, what: What, at: usize) {
        self.settle();
        // An item belongs to its list, whatever the depth.
        let fits = self.containers < MAX_BLOCK_DEPTH || matches!(what, What::Item);
        if self.flat.is_empty() && fits {
            let kind = self.take_kind();
            self.containers += 1;
            self.push(what, kind, at);
        } else {
            self.flat.push(Flat::Other);
        }
    }

    fn open_mark(&mut self, what: What, at: usize) {
        if self.marks < MAX_INLINE_DEPTH {
            self.marks += 1;
            self.push(what, None, at);
        } else {
            self.flat_marks += 1;
        }
    }

    /// Ends what was opened last.
    fn close(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        let Open {
            what,
            at,
            kind,
            pending,
            blocks,
            inlines,
        } = open;
        if let Some(kind) = pending {
            self.no_block(&kind);
        }
        match what {
            What::Root => {}
            What::Group => self.block(kind, Node::Group(blocks)),
            What::Quote => self.block(kind, Node::Quote(blocks)),
            What::List(start, items) => self.block(kind, Node::List { start, items }),
            What::Item => match &mut self.top().what {
                What::List(_, items) => items.push(blocks),
                _ => self.top().blocks.extend(blocks),
            },
            What::Paragraph => self.paragraph(kind, inlines),
            What::Heading(level) => {
                let anchor = self.anchors.next(&plain_text(&inlines));
                self.block(
                    kind,
                    Node::Heading {
                        level,
                        anchor,
                        content: inlines,
                    },
                );
            }
            What::Code(text) => self.block(kind, Node::Code(text)),
            What::Html(html) => self.html_block(&html, at),
            What::Table(table) => self.table(*table, kind),
            What::Row(mut cells) => {
                let top = self.top();
                let with_bands = top.kind.as_ref().is_none_or(|kind| kind.name != TO_FILL_IN);
                if let What::Table(table) = &mut top.what {
                    cells.resize(table.columns.len(), Cell::new());
                    add_row(table, cells, with_bands);
                }
            }
            What::Cell => {
                if let What::Row(cells) = &mut self.top().what {
                    cells.push(inlines);
                }
            }
            What::Strong => self.inline(Inline::Strong(inlines)),
            What::Emphasis => self.inline(Inline::Emphasis(inlines)),
            What::Link(target) if is_link_target(&target) => self.inline(Inline::Link { target, content: inlines }),
            What::Link(_) => inlines.into_iter().for_each(|inline| self.inline(inline)),
            What::Image(path) => {
                let alt = plain_text(&inlines);
                if is_picture_path(&path) {
                    self.inline(Inline::Image { path, alt })
                } else {
                    self.text(&alt)
                }
            }
        }
    }

    fn table(&mut self, mut table: Table, kind: Option<Box<Kind>>) {
        if table.bands.is_empty() {
            table.bands.push(Band::default());
        }
        if let Some((widths, at)) = kind.as_ref().and_then(|kind| Some((kind.widths.as_ref()?, kind.at))) {
            if widths.len() == table.columns.len() {
                table.widths = Some(widths.clone());
            } else {
                let message = format!("{} widths for a table of {} columns", widths.len(), table.columns.len());
                self.fault(at, message, HELP_KIND);
            }
        }
        self.add(kind, Node::Table(table));
    }

    /// Adds a paragraph, unless comments were all that it held.
    fn paragraph(&mut self, kind: Option<Box<Kind>>, mut inlines: Vec<Inline>) {
        trim(&mut inlines);
        if !inlines.is_empty() {
            self.block(kind, Node::Paragraph(inlines));
        } else if let Some(kind) = kind {
            self.no_block(&kind);
        }
    }

    /// Adds a block of any kind but a table to what is open.
    fn block(&mut self, kind: Option<Box<Kind>>, node: Node) {
        if let Some(at) = kind.as_ref().and_then(|kind| kind.widths.as_ref().map(|_| kind.at)) {
            self.fault(at, "`columns` stands before a block that is no table", HELP_KIND);
        }
        self.add(kind, node);
    }

    fn add(&mut self, kind: Option<Box<Kind>>, node: Node) {
        self.top().blocks.push(Block {
            kind: kind.map(|kind| kind.name),
            node,
        });
    }

    fn take_kind(&mut self) -> Option<Box<Kind>> {
        self.top().pending.take()
    }

    /// Makes a paragraph of the text that stands in a container by itself.
    pub(super) fn settle(&mut self) {
        if !self.top().inlines.is_empty() {
            let inlines = std::mem::take(&mut self.top().inlines);
            let kind = self.take_kind();
            self.paragraph(kind, inlines);
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.top().what {
            What::Code(code) | What::Html(code) => code.push_str(text),
            _ => {
                let inlines = &mut self.top().inlines;
                match inlines.last_mut() {
                    Some(Inline::Text(last)) => last.push_str(text),
                    _ if text.is_empty() => {}
                    _ => add(inlines, Inline::Text(text.to_owned())),
                }
            }
        }
    }

    fn inline(&mut self, inline: Inline) {
        match inline {
            Inline::Text(text) => self.text(&text),
            other => add(&mut self.top().inlines, other),
        }
    }

    fn inline_html(&mut self, html: &str, at: usize) {
        if html == LINE_BREAK {
            return self.inline(Inline::Break);
        }
        match html
            .strip_prefix("<!--")
            .map(|rest| directive(rest.strip_suffix("-->").unwrap_or(rest)))
        {
            None => self.fault(at, RAW_HTML, HELP_HTML),
            Some(Ok(None)) => {}
            Some(Ok(Some(Directive::Mark(mark)))) => {
                self.sees_places |= matches!(mark, Mark::LeadsTo { .. } | Mark::Section { .. } | Mark::Finding { .. });
                self.inline(Inline::Mark(Box::new(mark)));
            }
            Some(Err((message, HELP_MARK))) => self.fault(at, message, HELP_MARK),
            Some(_) => {
                self.fault(
                    at,
                    "a `kind`, `begin` or `end` comment stands within a text",
                    "give it a line of its own",
                );
            }
        }
    }

    fn html_block(&mut self, html: &str, at: usize) {
        let mut rest = html.trim_start();
        while !rest.is_empty() {
            let here = at + (html.len() - rest.len());
            let Some(comment) = rest.strip_prefix("<!--") else {
                return self.fault(here, RAW_HTML, HELP_HTML);
            };
            let Some((comment, after)) = comment.split_once("-->") else {
                return self.fault(here, "a comment is not closed", "end it with `-->`");
            };
            match directive(comment) {
                Ok(None) => {}
                Ok(Some(directive)) => self.obey(directive, here),
                Err((message, help)) => self.fault(here, message, help),
            }
            rest = after.trim_start();
        }
    }

    fn obey(&mut self, directive: Directive, at: usize) {
        match directive {
            Directive::Kind(name, widths) => {
                if let Some(earlier) = self.top().pending.replace(Box::new(Kind { name, widths, at })) {
                    self.no_block(&earlier);
                }
            }
            Directive::Mark(_) => self.fault(at, "a comment that says what a text stands for has no text", HELP_MARK),
            Directive::Begin(name) => {
                self.drop_kind();
                if self.flat.is_empty() && self.containers < MAX_BLOCK_DEPTH {
                    self.containers += 1;
                    self.push(What::Group, Some(Box::new(Kind { name, widths: None, at })), at);
                } else {
                    self.flat.push(Flat::Group(at));
                }
            }
            Directive::End => {
                self.drop_kind();
                if matches!(self.flat.last(), Some(Flat::Group(_))) {
                    self.flat.pop();
                } else if self.flat.is_empty() && matches!(self.top().what, What::Group) {
                    self.containers = self.containers.saturating_sub(1);
                    self.close();
                } else {
                    self.fault(at, "`end` closes nothing that began here", HELP_GROUP);
                }
            }
        }
    }

    /// Groups end where the quote, the list item or the document around them ends, and should have ended before.
    pub(super) fn close_groups(&mut self) {
        self.settle();
        while let Some(Flat::Group(at)) = self.flat.last() {
            let at = *at;
            self.flat.pop();
            self.fault(at, "`begin` is never closed by `end`", HELP_GROUP);
        }
        while self.flat.is_empty() && matches!(self.top().what, What::Group) {
            let at = self.top().at;
            self.fault(at, "`begin` is never closed by `end`", HELP_GROUP);
            self.containers = self.containers.saturating_sub(1);
            self.close();
        }
        self.drop_kind();
    }

    fn drop_kind(&mut self) {
        if let Some(kind) = self.take_kind() {
            self.no_block(&kind);
        }
    }

    fn no_block(&mut self, kind: &Kind) {
        self.fault(kind.at, format!("no block follows the kind `{}`", kind.name), HELP_KIND);
    }
}
