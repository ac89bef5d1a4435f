//! The picture of services and controls: where its cells lead.
//!
//! In: a table of the kind `matrix`, whose columns name sections and whose rows name controls. Out: each cell with letters
//! is a link to the halves of its control in the section of its service; else to the provider's half there; else to where
//! several services have it; else to the section.

use super::links::Places;
use crate::render::document::{Block, Cell, Inline, Mark, Node, Table, mark_of, promised_id};

/// Gives the cells of each picture in a block their links.
pub(super) fn link_cells(block: &mut Block, places: &Places<'_>) {
    match &mut block.node {
        Node::Group(inner) | Node::Quote(inner) => inner.iter_mut().for_each(|block| link_cells(block, places)),
        Node::Table(table) if block.kind.as_deref() == Some("matrix") => link(table, places),
        _ => {}
    }
}

fn link(table: &mut Table, places: &Places<'_>) {
    let heads: Vec<Head> = table.header.iter().map(head).collect();
    for row in table.bands.iter_mut().flat_map(|band| &mut band.rows) {
        let Some(Mark::Control { id, .. }) = row.first().and_then(|cell| mark_of(cell)) else {
            continue;
        };
        let control = id.clone();
        for (cell, head) in row.iter_mut().zip(&heads).skip(1) {
            let holds = matches!(cell.as_slice(), [Inline::Code(letters)] if letters.starts_with(char::is_alphabetic));
            if let Some(target) = head.target(&control, places).filter(|_| holds) {
                let content = std::mem::take(cell);
                cell.push(Inline::Link { target, content });
            }
        }
    }
}

/// What the head of a column says.
struct Head {
    keys: Vec<String>,
    section: Option<String>,
}

fn head(cell: &Cell) -> Head {
    let (content, section) = match cell.as_slice() {
        [Inline::Link { target, content }] => (content, Some(target.clone())),
        _ => (cell, None),
    };
    let keys = match mark_of(content) {
        Some(Mark::Section { keys }) => keys.clone(),
        _ => Vec::new(),
    };
    Head { keys, section }
}

impl Head {
    fn target(&self, control: &str, places: &Places<'_>) -> Option<String> {
        let parts = self.keys.iter().map(|key| format!("{key}:{control}"));
        let mut halves = parts.flat_map(|part| {
            let promised = promised_id(&part);
            [part, promised]
        });
        let found = halves.find(|id| places.has(id)).map(|id| format!("#{id}"));
        found.or_else(|| self.section.clone())
    }
}
