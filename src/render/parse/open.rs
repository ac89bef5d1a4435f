//! What has begun and not ended.

use crate::render::document::{Block, Cell, Inline, Table};

/// A kind comment that waits for its block. Boxed wherever it waits: most of what opens is a cell of a table and has none.
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) widths: Option<Vec<f64>>,
    pub(super) at: usize,
}

/// A block or a run of text that has begun and not ended.
#[derive(Default)]
pub(super) struct Open {
    pub(super) what: What,
    /// Where it began.
    pub(super) at: usize,
    pub(super) kind: Option<Box<Kind>>,
    /// The kind of the next block within.
    pub(super) pending: Option<Box<Kind>>,
    pub(super) blocks: Vec<Block>,
    /// Of a container: text that stands in it without a paragraph, as in tight lists.
    pub(super) inlines: Vec<Inline>,
}

#[derive(Default)]
pub(super) enum What {
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
