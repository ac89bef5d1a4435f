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
//! Other comments vanish. `<br>` begins a new line, within a table, too. Any other raw HTML is an error, since only one of
//! the formats could show it.

use super::document::{Align, Band, Block, Cell, Document, Inline, Node, Table, plain_text};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use pulldown_cmark::{Alignment, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name that diagnostics about the rendered Markdown carry as their file; the text may be put into a source map
/// under it, so that emitters show the line.
pub const FILE: &str = "rendered report.md";

/// Quotes, lists and groups within one another; what lies deeper is flattened.
const MAX_BLOCK_DEPTH: usize = 24;

/// The kind of a table whose empty cells are to be filled in by hand, so that a row of them is no title of a band.
const TO_FILL_IN: &str = "sign-off";

/// Strong, emphasis, links and pictures within one another; what lies deeper is flattened.
const MAX_INLINE_DEPTH: usize = 16;

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
        let (document, faults, _) = read(markdown);
        if faults.is_empty() {
            Ok(document)
        } else {
            Err(diagnostics(markdown, faults))
        }
    }
}

/// The links of a Markdown text to anchors that no heading of it makes, in order. [`Document::parse`] turns them into
/// their text; a test of the built-in templates wants to know.
#[must_use]
pub fn dead_links(markdown: &str) -> Vec<String> {
    read(markdown).2
}

/// The anchor of a heading as forges make it: lower case, letters, digits, hyphens and underscores kept, a space
/// turned into a hyphen, anything else dropped. Repetitions within a document get `-1`, `-2`, ... on top.
/// A text without any such character gives `section`, because an empty anchor leads nowhere.
#[must_use]
pub fn slug(text: &str) -> String {
    let slug: String = text
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        })
        .collect();
    if slug.is_empty() { "section".to_owned() } else { slug }
}

/// Anchors given out so far: each with the number of times it was asked for.
#[derive(Default)]
struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    /// An anchor that was not given out before.
    fn next(&mut self, text: &str) -> String {
        let wanted = slug(text);
        let mut count = self.0.get(&wanted).copied().unwrap_or(0);
        let mut anchor = wanted.clone();
        while self.0.contains_key(&anchor) {
            count += 1;
            anchor = format!("{wanted}-{count}");
        }
        self.0.insert(wanted, count);
        self.0.entry(anchor.clone()).or_insert(0);
        anchor
    }
}

/// Something wrong at a byte of the Markdown.
struct Fault {
    at: usize,
    message: String,
    help: &'static str,
}

/// The one piece of raw HTML that every format can show: Markdown has no other way to begin a new line in a table.
const LINE_BREAK: &str = "<br>";

const RAW_HTML: &str = "raw HTML cannot be shown in every format; use a kind";
const HELP_HTML: &str = "write `<!-- kind: name -->` on the line before a block, and give the name its looks in style.css and page.typ";
const HELP_KIND: &str = "write `<!-- kind: name -->` or, for a table, `<!-- kind: name, columns: 3 1 1 -->`";
const HELP_GROUP: &str = "write `<!-- begin: name -->` before and `<!-- end -->` after a run of blocks";

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

fn read(markdown: &str) -> (Document, Vec<Fault>, Vec<String>) {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        reader.event(event, range.start);
    }
    reader.close_groups();
    reader.settle();
    let mut root = reader.root;
    let mut dead = Vec::new();
    for block in &mut root.blocks {
        unlink_block(block, &reader.anchors, &mut dead);
    }
    (Document { blocks: root.blocks }, reader.faults, dead)
}

/// Adds to a text. Most cells of a table hold one thing, and room for four takes as much memory as all else of a document.
fn add(inlines: &mut Vec<Inline>, inline: Inline) {
    if inlines.is_empty() {
        inlines.reserve_exact(1);
    }
    inlines.push(inline);
}

/// A kind comment that waits for its block. Boxed wherever it waits: most of what opens is a cell of a table and has none.
struct Kind {
    name: String,
    widths: Option<Vec<f64>>,
    at: usize,
}

/// A block or a run of text that has begun and not ended.
#[derive(Default)]
struct Open {
    what: What,
    /// Where it began.
    at: usize,
    kind: Option<Box<Kind>>,
    /// The kind of the next block within.
    pending: Option<Box<Kind>>,
    blocks: Vec<Block>,
    /// Of a container: text that stands in it without a paragraph, as in tight lists.
    inlines: Vec<Inline>,
}

#[derive(Default)]
enum What {
    #[default]
    Root,
    Group,
    Quote,
    List(Option<u64>, Vec<Vec<Block>>),
    Item,
    Paragraph,
    Heading(u8),
    Code(String),
    Html(String),
    Table(Box<Table>),
    Row(Vec<Cell>),
    Cell,
    Strong,
    Emphasis,
    Link(String),
    Image(String),
}

/// A container too deep to be kept.
#[derive(PartialEq)]
enum Flat {
    Group(usize),
    Other,
}

#[derive(Default)]
struct Reader {
    root: Open,
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
    anchors: Anchors,
    faults: Vec<Fault>,
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

    fn event(&mut self, event: Event<'_>, at: usize) {
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
    fn settle(&mut self) {
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
    fn close_groups(&mut self) {
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

/// The first row is the header; a row whose other cells are empty begins a band.
fn add_row(table: &mut Table, mut cells: Vec<Cell>, with_bands: bool) {
    cells.iter_mut().for_each(trim);
    if table.header.is_empty() && table.bands.is_empty() {
        table.header = cells;
        return;
    }
    let is_title = match cells.as_slice() {
        [first, others @ ..] => !others.is_empty() && !first.is_empty() && others.iter().all(Vec::is_empty),
        [] => false,
    };
    if with_bands && is_title {
        table.bands.push(Band {
            title: cells.into_iter().next(),
            rows: Vec::new(),
        });
        return;
    }
    match table.bands.last_mut() {
        Some(band) => band.rows.push(cells),
        None => table.bands.push(Band {
            title: None,
            rows: vec![cells],
        }),
    }
}

/// Takes white space away from both ends.
fn trim(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = inlines.first_mut() {
        text.drain(..text.len() - text.trim_start().len());
    }
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        text.truncate(text.trim_end().len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}

/// What a comment asks for.
enum Directive {
    Kind(String, Option<Vec<f64>>),
    Begin(String),
    End,
}

type Complaint = (String, &'static str);

/// Reads what stands between `<!--` and `-->`; `None` is a comment for people.
fn directive(comment: &str) -> Result<Option<Directive>, Complaint> {
    let comment = comment.trim();
    let (word, rest) = match comment.split_once(':') {
        Some((word, rest)) => (word.trim(), Some(rest.trim())),
        None => (comment, None),
    };
    match (word, rest) {
        ("kind", Some(rest)) => kind(rest).map(Some),
        ("begin", Some(rest)) => Ok(Some(Directive::Begin(name(rest, HELP_GROUP)?))),
        ("end", None) => Ok(Some(Directive::End)),
        ("kind", None) => Err(("a `kind` comment names no kind".to_owned(), HELP_KIND)),
        ("begin", None) => Err(("a `begin` comment names no kind".to_owned(), HELP_GROUP)),
        ("end", Some(_)) => Err(("`end` takes no name".to_owned(), HELP_GROUP)),
        _ => Ok(None),
    }
}

fn kind(text: &str) -> Result<Directive, Complaint> {
    let mut parts = text.split(',');
    let name = name(parts.next().unwrap_or_default().trim(), HELP_KIND)?;
    let mut widths = None;
    for part in parts {
        match part.split_once(':').map(|(key, value)| (key.trim(), value)) {
            Some(("columns", value)) if widths.is_none() => widths = Some(columns(value)?),
            _ => return Err((format!("`{}` is nothing that a kind comment can say", part.trim()), HELP_KIND)),
        }
    }
    Ok(Directive::Kind(name, widths))
}

fn name(text: &str, help: &'static str) -> Result<String, Complaint> {
    let well_formed = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err((
            format!("`{text}` is no name of a kind: lower-case letters, digits and hyphens"),
            help,
        ))
    }
}

fn columns(text: &str) -> Result<Vec<f64>, Complaint> {
    let widths: Vec<f64> = text
        .split_whitespace()
        .map(|word| word.parse().ok().filter(|width| *width > 0.0 && *width <= 1000.0))
        .collect::<Option<_>>()
        .ok_or_else(|| (format!("`{}` are no widths of columns: numbers above 0", text.trim()), HELP_KIND))?;
    if widths.is_empty() {
        Err(("`columns` lists no widths".to_owned(), HELP_KIND))
    } else {
        Ok(widths)
    }
}

/// Whether a link may lead there: an allow-list, so that `javascript:` and its like have no way in.
fn is_link_target(target: &str) -> bool {
    let begins =
        |prefix: &str| target.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) && target.len() > prefix.len();
    let known = begins("https://") || begins("http://") || begins("mailto:") || begins("#");
    known && !target.chars().any(char::is_control)
}

/// Whether this is a path to a picture next to the report: relative, plain, and never up.
fn is_picture_path(path: &str) -> bool {
    !path.chars().any(|c| c.is_control() || matches!(c, ':' | '\\' | '?' | '#' | '%'))
        && path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".")
}

/// Turns links to anchors that no heading makes into their text.
fn unlink_block(block: &mut Block, anchors: &Anchors, dead: &mut Vec<String>) {
    match &mut block.node {
        Node::Heading { content, .. } | Node::Paragraph(content) => unlink(content, anchors, dead),
        Node::List { items, .. } => items.iter_mut().flatten().for_each(|inner| unlink_block(inner, anchors, dead)),
        Node::Quote(blocks) | Node::Group(blocks) => {
            blocks.iter_mut().for_each(|inner| unlink_block(inner, anchors, dead));
        }
        Node::Table(table) => {
            table.header.iter_mut().for_each(|cell| unlink(cell, anchors, dead));
            for band in &mut table.bands {
                let cells = band.title.iter_mut().chain(band.rows.iter_mut().flatten());
                cells.for_each(|cell| unlink(cell, anchors, dead));
            }
        }
        Node::Code(_) | Node::Rule => {}
    }
}

fn unlink(inlines: &mut Vec<Inline>, anchors: &Anchors, dead: &mut Vec<String>) {
    let mut found = false;
    for inline in inlines.iter_mut() {
        match inline {
            Inline::Strong(inner) | Inline::Emphasis(inner) => unlink(inner, anchors, dead),
            Inline::Link { target, content } => {
                unlink(content, anchors, dead);
                if is_dead(target, anchors) {
                    found = true;
                    dead.push(target.clone());
                }
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Image { .. } | Inline::Break => {}
        }
    }
    if found {
        for inline in std::mem::take(inlines) {
            match inline {
                Inline::Link { target, content } if is_dead(&target, anchors) => inlines.extend(content),
                other => inlines.push(other),
            }
        }
    }
}

fn is_dead(target: &str, anchors: &Anchors) -> bool {
    target.strip_prefix('#').is_some_and(|anchor| !anchors.0.contains_key(anchor))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;

    fn parse(markdown: &str) -> Vec<Block> {
        Document::parse(markdown).unwrap().blocks
    }

    fn faults(markdown: &str) -> Vec<(usize, String)> {
        let diagnostics = Document::parse(markdown).unwrap_err();
        diagnostics
            .into_iter()
            .map(|diagnostic| {
                let line = (1..1000)
                    .find(|line| {
                        let file: Arc<str> = FILE.into();
                        (1..200).any(|column| diagnostic.places[0].0 == Place::at(&file, *line, column))
                    })
                    .unwrap();
                (line, diagnostic.message)
            })
            .collect()
    }

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    fn paragraph(content: &str) -> Block {
        Block {
            kind: None,
            node: Node::Paragraph(text(content)),
        }
    }

    fn table(block: &Block) -> &Table {
        let Node::Table(table) = &block.node else {
            panic!("{block:?} is no table")
        };
        table
    }

    #[test]
    fn a_kind_is_that_of_the_next_block_only() {
        let blocks = parse("<!-- kind: chapter -->\n# A\n\n<!-- kind: lead -->\nb\n\nc\n");
        assert_eq!(blocks[0].kind.as_deref(), Some("chapter"));
        assert_eq!(
            blocks[1],
            Block {
                kind: Some("lead".into()),
                ..paragraph("b")
            }
        );
        assert_eq!(blocks[2], paragraph("c"));
    }

    #[test]
    fn a_comment_may_stand_apart_from_its_block_and_next_to_other_comments() {
        let blocks = parse("<!-- kind: note -->\n\n<!-- of people:\nfor people -->\n\na <!-- gone -->\n");
        assert_eq!(
            blocks,
            [Block {
                kind: Some("note".into()),
                ..paragraph("a")
            }]
        );
    }

    #[test]
    fn rows_with_a_first_cell_alone_are_titles_of_bands() {
        let blocks = parse(
            "<!-- kind: raci, columns: 6 2.5 1 -->\n\
             | a | b | c |\n|---|:-:|--:|\n| 1 | `R` | |\n| **Backup** shared | | |\n| 2 | | x |\n| | | |\n| Keys |\n",
        );
        let table = table(&blocks[0]);
        assert_eq!(table.widths, Some(vec![6.0, 2.5, 1.0]));
        assert_eq!(table.columns, [Align::Start, Align::Center, Align::End]);
        assert_eq!(table.header, [text("a"), text("b"), text("c")]);
        let titles: Vec<_> = table.bands.iter().map(|band| band.title.as_deref().map(plain_text)).collect();
        assert_eq!(titles, [None, Some("Backup shared".to_owned()), Some("Keys".to_owned())]);
        assert_eq!(table.bands.iter().map(|band| band.rows.len()).collect::<Vec<_>>(), [1, 2, 0]);
        assert_eq!(table.bands[0].rows[0][1], [Inline::Code("R".into())]);
    }

    #[test]
    fn rows_to_be_filled_in_are_no_titles() {
        let blocks = parse("<!-- kind: sign-off -->\n| a | b |\n|---|---|\n| 1 | |\n");
        assert_eq!(
            table(&blocks[0]).bands,
            [Band {
                title: None,
                rows: vec![vec![text("1"), Vec::new()]]
            }]
        );
    }

    #[test]
    fn every_row_has_a_cell_a_column_and_every_table_a_band() {
        let blocks = parse("| a | b |\n|---|---|\n");
        assert_eq!(table(&blocks[0]).bands, [Band::default()]);
        let blocks = parse("| a |\n|---|\n| only |\n| 1 | 2 | 3 |\n");
        assert_eq!(table(&blocks[0]).bands[0].rows, [vec![text("only")], vec![text("1")]]);
        let blocks = parse("| a | b |\n|---|---|\n|  | 2 |\n| <!-- --> | 2 |\n");
        assert_eq!(table(&blocks[0]).bands[0].rows, vec![vec![Vec::new(), text("2")]; 2]);
    }

    #[test]
    fn groups_nest_and_end_right_behind_a_table() {
        let blocks = parse(
            "<!-- begin: wide -->\n<!-- kind: matrix -->\n| a |\n|---|\n| 1 |\n<!-- begin: note -->\nb\n<!-- end -->\n\
             <!-- end -->\nc\n",
        );
        assert_eq!(blocks[0].kind.as_deref(), Some("wide"));
        let Node::Group(inner) = &blocks[0].node else {
            panic!("{blocks:?}")
        };
        assert_eq!(inner[0].kind.as_deref(), Some("matrix"));
        assert_eq!(table(&inner[0]).bands[0].rows.len(), 1);
        let note = Block {
            kind: Some("note".into()),
            node: Node::Group(vec![paragraph("b")]),
        };
        assert_eq!(inner[1], note);
        assert_eq!(blocks[1], paragraph("c"));
    }

    #[test]
    fn faults_come_all_at_once_with_their_lines() {
        let found = faults(
            "# T\n\n<!-- kind: Raci -->\na\n\n<!-- kind: x, rows: 2 -->\nb <b>c</b>\n\n<div>\n</div>\n\n\
             <!-- begin: wide -->\n\nd\n\n<!-- kind: lost -->\n",
        );
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 6, 7, 7, 9, 12, 16], "{found:?}");
        assert!(found[0].1.contains("`Raci`"), "{found:?}");
        assert_eq!(found[2].1, RAW_HTML);
        assert_eq!(found[4].1, RAW_HTML);
    }

    #[test]
    fn each_malformed_comment_is_a_fault() {
        for markdown in [
            "<!-- kind -->\n\na",
            "<!-- kind: -->\n\na",
            "<!-- begin -->\n\na\n\n<!-- end -->",
            "<!-- begin: a b -->\n\na",
            "<!-- end -->",
            "<!-- end: wide -->",
            "<!-- kind: a -->\n<!-- kind: b -->\nc",
            "<!-- kind: a --> text",
            "<!-- kind: a, columns: 1 2 -->\na",
            "<!-- kind: a, columns: 1 2 -->\n| a |\n|---|",
            "<!-- kind: a, columns: 1 x -->\n| a | b |\n|---|---|",
            "<!-- kind: a, columns: 1 -2 -->\n| a | b |\n|---|---|",
            "<!-- kind: a, columns: 1 inf -->\n| a | b |\n|---|---|",
            "<!-- kind: a, columns: NaN -->\n| a |\n|---|",
            "<!-- kind: a, columns: -->\n| a |\n|---|",
            "a <!-- kind: b --> c",
            "| a |\n|---|\n| <!-- begin: b --> |",
            "<!-- never closed",
            "- a\n  <!-- begin: b -->\n\nc\n\n<!-- end -->",
            "> <!-- kind: b -->\n\nc",
            "<!DOCTYPE html>",
            "<script>alert(1)</script>",
            "a <script>alert(1)</script>",
            "<?php ?>",
            "a <?php ?>",
        ] {
            assert!(Document::parse(markdown).is_err(), "{markdown}");
        }
    }

    #[test]
    fn anchors_are_those_of_forges() {
        assert_eq!(slug("Amazon RDS"), "amazon-rds");
        assert_eq!(slug("What’s `in` the cloud? (AWS) & you_2"), "whats-in-the-cloud-aws--you_2");
        assert_eq!(slug("Größe Ж"), "größe-ж");
        assert_eq!(slug("!!!"), "section");
        let blocks = parse("# A\n# A\n# A 1\n# A\n## `a`\n# !\n# ?\n");
        let anchors: Vec<_> = blocks
            .iter()
            .map(|block| match &block.node {
                Node::Heading { anchor, .. } => anchor.as_str(),
                _ => "",
            })
            .collect();
        assert_eq!(anchors, ["a", "a-1", "a-1-1", "a-2", "a-3", "section", "section-1"]);
    }

    #[test]
    fn only_harmless_links_lead_anywhere() {
        for (markdown, wanted) in [
            ("[a](https://example.com/x?y=1#z)", Some("https://example.com/x?y=1#z")),
            ("[a](HTTP://example.com)", Some("HTTP://example.com")),
            ("<mail@example.com>", Some("mailto:mail@example.com")),
            ("[a](#t)\n\n# T", Some("#t")),
            ("[a](#gone)\n\n# T", None),
            ("[a](javascript:alert(1))", None),
            ("[a](<java\nscript:alert(1)>)", None),
            ("[a](JaVaScRiPt&colon;alert(1))", None),
            ("[a](&#1;javascript:alert(1))", None),
            ("[a](data:text/html,x)", None),
            ("[a](file:///etc/passwd)", None),
            ("[a](//example.com)", None),
            ("[a](/x)", None),
            ("[a](x.html)", None),
            ("[a]()", None),
            ("[a](#)", None),
        ] {
            let blocks = parse(markdown);
            let Node::Paragraph(content) = &blocks[0].node else {
                panic!("{blocks:?}")
            };
            let target = content.iter().find_map(|inline| match inline {
                Inline::Link { target, .. } => Some(target.as_str()),
                _ => None,
            });
            assert_eq!(target, wanted, "{markdown}");
            assert!(!plain_text(content).is_empty(), "{markdown}");
        }
        assert_eq!(dead_links("[a](#gone) **[b](#t)**\n\n# T"), ["#gone"]);
    }

    #[test]
    fn pictures_come_from_plain_relative_paths() {
        let image = |path: &str| {
            vec![Inline::Image {
                path: path.into(),
                alt: "the stack".into(),
            }]
        };
        assert_eq!(
            parse("![the *stack*](pictures/stack.svg)")[0].node,
            Node::Paragraph(image("pictures/stack.svg"))
        );
        for path in [
            "../x.svg",
            "/x.svg",
            "a/../x.svg",
            "https://example.com/x.svg",
            "data:x",
            "a\\b.svg",
            "C:x",
            "./x",
        ] {
            assert_eq!(parse(&format!("![the stack]({path})")), [paragraph("the stack")], "{path}");
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let long = "x".repeat(10_000);
        for (markdown, wanted) in [
            ("\\| x \\|", "| x |"),
            ("\\<script>alert(1)\\</script>", "<script>alert(1)</script>"),
            ("&lt;script&gt;", "<script>"),
            ("{{ 7*7 }} {% raw %}", "{{ 7*7 }} {% raw %}"),
            ("a\u{202e}b", "a\u{202e}b"),
            ("\"a\" -- 'b' ... ~~c~~ $d$ [^1] #e", "\"a\" -- 'b' ... ~~c~~ $d$ [^1] #e"),
            ("a\nb", "a b"),
            (&long, &long),
        ] {
            assert_eq!(parse(markdown), [paragraph(wanted)], "{markdown}");
        }
    }

    #[test]
    fn lists_are_tight_or_loose_and_may_have_boxes_to_tick() {
        let blocks = parse("3. a\n4. b\n\n   c\n");
        let Node::List { start, items } = &blocks[0].node else {
            panic!("{blocks:?}")
        };
        assert_eq!(*start, Some(3));
        assert_eq!(items[0], [paragraph("a")]);
        assert_eq!(items[1], [paragraph("b"), paragraph("c")]);
        let blocks = parse("<!-- kind: checklist -->\n- [ ] a\n  - b\n- [x] c\n");
        let Node::List { items, .. } = &blocks[0].node else {
            panic!("{blocks:?}")
        };
        let item = vec![Inline::Code("[ ]".into()), Inline::Text(" a".into())];
        assert_eq!(items[0][0].node, Node::Paragraph(item));
        assert!(matches!(&items[0][1].node, Node::List { .. }));
        assert_eq!(blocks[0].kind.as_deref(), Some("checklist"));
    }

    fn depth(blocks: &[Block]) -> usize {
        let inner = |block: &Block| match &block.node {
            Node::Quote(blocks) | Node::Group(blocks) => 1 + depth(blocks),
            Node::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
            _ => 0,
        };
        blocks.iter().map(inner).max().unwrap_or(0)
    }

    #[test]
    fn deep_nesting_is_flattened_and_keeps_its_text() {
        let blocks = parse(&format!("{} a\n\nb", ">".repeat(10_000)));
        assert_eq!(depth(&blocks), MAX_BLOCK_DEPTH);
        assert_eq!(blocks[1], paragraph("b"));

        let lists: String = (0..1_000).map(|level| format!("{}- {level}\n", "  ".repeat(level))).collect();
        let blocks = parse(&lists);
        assert!(depth(&blocks) <= MAX_BLOCK_DEPTH + 1);
        assert!(format!("{blocks:?}").contains("\"999\""));

        let marks = format!("{}a{}", "*a **b ".repeat(5_000), "** *".repeat(5_000));
        assert!(format!("{:?}", parse(&marks)).len() > 20_000);

        let groups = "<!-- begin: x -->\n".repeat(10_000) + "a\n" + &"<!-- end -->\n".repeat(10_000);
        assert_eq!(depth(&parse(&groups)), MAX_BLOCK_DEPTH);
        assert_eq!(faults(&("<!-- begin: x -->\n".repeat(40) + "a\n")).len(), 40);
    }
}
