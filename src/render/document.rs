//! A Markdown text as a tree of blocks: what both the HTML and the PDF are made from.
//!
//! In: Markdown, parsed once with pulldown-cmark. Out: blocks with their *kinds*. A kind is a comment line before a
//! block, `<!-- kind: raci -->`, that says what Markdown cannot: it becomes a class in HTML and a label in Typst.
//! `<!-- begin: wide -->` and `<!-- end -->` give a kind to a run of blocks. Other raw HTML is text.

use std::collections::BTreeSet;

/// A whole document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

/// A block and its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The kind: lower-case letters, digits and hyphens.
    pub kind: Option<String>,
    /// What it is.
    pub node: Node,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A heading; `anchor` is unique in the document and made as forges make it.
    Heading {
        /// 1 to 6.
        level: u8,
        /// What `#anchor` links lead to.
        anchor: String,
        /// The text.
        content: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; `start` is the first number of an ordered one.
    List {
        /// `None`: bullets.
        start: Option<u64>,
        /// Each item is a run of blocks.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table(Table),
    /// A quotation.
    Quote(Vec<Block>),
    /// A block of code, shown as it is.
    Code(String),
    /// A thematic break.
    Rule,
    /// A run of blocks between `begin` and `end`.
    Group(Vec<Block>),
}

/// A table with a header row and bands of rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Alignment of each column; its length is the number of columns.
    pub columns: Vec<Align>,
    /// Relative widths from the kind comment, `<!-- kind: raci, columns: 6 2 1 1 -->`; used by the PDF.
    pub widths: Option<Vec<f64>>,
    /// One cell a column.
    pub header: Vec<Cell>,
    /// At least one; the first may have no title.
    pub bands: Vec<Band>,
}

/// Rows under a common title. A row whose other cells are all empty is the title of the rows below it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Band {
    /// Spans all columns.
    pub title: Option<Cell>,
    /// One cell a column each.
    pub rows: Vec<Vec<Cell>>,
}

/// The content of a table cell.
pub type Cell = Vec<Inline>;

/// Alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the start of the line.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the end of the line.
    End,
}

/// Text within a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Plain text, unescaped.
    Text(String),
    /// A code span: letters, states and identifiers.
    Code(String),
    /// Strong.
    Strong(Vec<Inline>),
    /// Emphasised.
    Emphasis(Vec<Inline>),
    /// A link; `target` is a web address, a mail address (`mailto:`) or `#anchor`.
    Link {
        /// Where it leads.
        target: String,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A picture by its relative path, with its text alternative.
    Image {
        /// Path as the Markdown names it.
        path: String,
        /// What it shows, in words.
        alt: String,
    },
    /// A hard line break.
    Break,
    /// What the text stands for; nothing of it shows.
    Mark(Box<Mark>),
}

/// What a text stands for, by an id. The text itself never has to be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// `<!-- duty: ID +2 -->`: a row of duties.
    Duty {
        /// The id of the duty, or of the first.
        id: String,
        /// How many it stands for.
        duties: u64,
    },
    /// `<!-- control: rds:backup shared -->`: the title of a control, or a row about it.
    Control {
        /// The control's id, behind that of the section where it is the title of a part of one.
        id: String,
        /// The control's type there.
        control_type: String,
    },
    /// `<!-- commitments: rds:backup shared -->`: what the provider does for a control.
    Commitments {
        /// The id of the section and of the control.
        id: String,
        /// The control's type there.
        control_type: String,
    },
    /// `<!-- finding: ID rds backup not-met platform=A northwind=R -->`: the title of a finding.
    Finding {
        /// The finding's id.
        id: String,
        /// What ids in its service's section begin with; `-` where it is about none.
        service: String,
        /// The control's id; `-` where it is about none.
        control: String,
        /// The state of its duty; empty where it is about none.
        state: String,
        /// Who holds which letters of it: `platform=A northwind=R`.
        holders: String,
    },
    /// `<!-- section: rds/custom rds every -->`: the head of a column of the picture of services and controls.
    Section {
        /// What ids of the parts begin with in which a control may stand, the likeliest first.
        keys: Vec<String>,
    },
    /// `<!-- leads-to: ID -->` within the text of a link: it leads to the row of this duty, where the document has one.
    LeadsTo {
        /// The id of the duty.
        id: String,
    },
}

/// What a run of inlines stands for: the first mark of it.
#[must_use]
pub fn mark_of(inlines: &[Inline]) -> Option<&Mark> {
    inlines.iter().find_map(|inline| match inline {
        Inline::Mark(mark) => Some(&**mark),
        _ => None,
    })
}

/// The ids of all that links may lead to beside headings: rows of duties, and the parts of controls, each with its half of
/// the provider and that of the others.
#[must_use]
pub fn places(blocks: &[Block]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather_places(blocks, &mut found);
    found
}

fn gather_places(blocks: &[Block], found: &mut BTreeSet<String>) {
    for block in blocks {
        match &block.node {
            Node::Group(inner) | Node::Quote(inner) => gather_places(inner, found),
            Node::Table(table) => {
                let rows = table.bands.iter().flat_map(|band| &band.rows).filter_map(|row| row.first());
                let titles = table.bands.iter().filter_map(|band| band.title.as_ref());
                found.extend(rows.chain(titles).filter_map(|cell| place_of(mark_of(cell)?)));
            }
            Node::List { items, .. } => items.iter().for_each(|item| gather_places(item, found)),
            Node::Heading { content, .. } | Node::Paragraph(content) => found.extend(mark_of(content).and_then(place_of)),
            _ => {}
        }
    }
}

/// The id of what a text stands for, where a link may lead to it.
#[must_use]
pub fn place_of(mark: &Mark) -> Option<String> {
    match mark {
        Mark::Duty { id, .. } => Some(id.clone()),
        // One without the section that it is in is a row about the control everywhere.
        Mark::Control { id, .. } => id.contains(':').then(|| id.clone()),
        Mark::Commitments { id, .. } => Some(promised_id(id)),
        Mark::Finding { id, .. } => Some(format!("finding:{id}")),
        Mark::Section { .. } | Mark::LeadsTo { .. } => None,
    }
}

/// The id of what the provider does for a control, beside the part of that control.
#[must_use]
pub fn promised_id(id: &str) -> String {
    format!("{id}:provider")
}

/// The text of a run of inlines, without marks.
#[must_use]
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(part) | Inline::Code(part) | Inline::Image { alt: part, .. } => text.push_str(part),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Link { content: inner, .. } => {
                text.push_str(&plain_text(inner));
            }
            Inline::Break => text.push(' '),
            Inline::Mark(_) => {}
        }
    }
    text
}

impl Document {
    /// The ids of the places that links lead to, headings left out.
    #[must_use]
    pub fn led_to(&self) -> BTreeSet<&str> {
        let rows = places(&self.blocks);
        let mut found = BTreeSet::new();
        let mut rest: Vec<&Block> = self.blocks.iter().collect();
        while let Some(block) = rest.pop() {
            match &block.node {
                Node::Heading { content, .. } | Node::Paragraph(content) => led_to(content, &rows, &mut found),
                Node::List { items, .. } => rest.extend(items.iter().flatten()),
                Node::Quote(inner) | Node::Group(inner) => rest.extend(inner),
                Node::Table(table) => {
                    let cells = table.bands.iter().flat_map(|band| band.rows.iter().flatten());
                    cells.for_each(|cell| led_to(cell, &rows, &mut found));
                }
                Node::Code(_) | Node::Rule => {}
            }
        }
        found
    }

    /// The document without what only plain Markdown needs: the group `cover`, in whose place HTML and PDF draw a cover
    /// of their own. Headings rise by one level, since the title no longer is one of them.
    #[must_use]
    pub fn without_cover(mut self) -> Self {
        let is_cover = |block: &Block| block.kind.as_deref() == Some("cover");
        if self.blocks.iter().any(is_cover) {
            self.blocks.retain(|block| !is_cover(block));
            raise(&mut self.blocks);
        }
        self
    }
}

fn led_to<'b>(inlines: &'b [Inline], rows: &BTreeSet<String>, found: &mut BTreeSet<&'b str>) {
    for inline in inlines {
        match inline {
            Inline::Link { target, .. } => found.extend(target.strip_prefix('#').filter(|id| rows.contains(*id))),
            Inline::Strong(inner) | Inline::Emphasis(inner) => led_to(inner, rows, found),
            _ => {}
        }
    }
}

fn raise(blocks: &mut [Block]) {
    for block in blocks {
        match &mut block.node {
            Node::Heading { level, .. } => *level = level.saturating_sub(1).max(1),
            Node::Group(inner) | Node::Quote(inner) => raise(inner),
            _ => {}
        }
    }
}
