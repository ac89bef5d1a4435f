//! Where links and pictures may lead.
//!
//! In: targets, and the anchors of a document. Out: whether they are admitted; links that lead nowhere become their text.

use super::anchors::Anchors;
use crate::render::document::{Block, Inline, Mark, Node, mark_of};
use std::collections::BTreeSet;

/// Where links of a document may lead.
pub(super) struct Places<'a> {
    pub(super) anchors: &'a Anchors,
    /// The ids of rows of duties and of parts of controls.
    pub(super) rows: BTreeSet<String>,
}

impl Places<'_> {
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.anchors.has(anchor) || self.rows.contains(anchor)
    }
}

/// Whether a link may lead there: an allow-list, so that `javascript:` and its like have no way in.
pub(super) fn is_link_target(target: &str) -> bool {
    let begins =
        |prefix: &str| target.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) && target.len() > prefix.len();
    // A file beside or below this one, as those of a pack.
    let is_beside = target.strip_prefix("./").is_some_and(is_picture_path);
    let known = begins("https://") || begins("http://") || begins("mailto:") || begins("#") || is_beside;
    known && !target.chars().any(char::is_control)
}

/// Whether this is a path to a picture next to the report: relative, plain, and never up.
pub(super) fn is_picture_path(path: &str) -> bool {
    !path.chars().any(|c| c.is_control() || matches!(c, ':' | '\\' | '?' | '#' | '%'))
        && path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".")
}

/// Turns links to anchors that no heading makes into their text, and lets those lead to a duty's row that name one.
pub(super) fn unlink_block(block: &mut Block, places: &Places<'_>) {
    match &mut block.node {
        Node::Heading { content, .. } | Node::Paragraph(content) => unlink(content, places),
        Node::List { items, .. } => items.iter_mut().flatten().for_each(|inner| unlink_block(inner, places)),
        Node::Quote(blocks) | Node::Group(blocks) => {
            blocks.iter_mut().for_each(|inner| unlink_block(inner, places));
        }
        Node::Table(table) => {
            table.header.iter_mut().for_each(|cell| unlink(cell, places));
            for band in &mut table.bands {
                let cells = band.title.iter_mut().chain(band.rows.iter_mut().flatten());
                cells.for_each(|cell| unlink(cell, places));
            }
        }
        Node::Code(_) | Node::Rule => {}
    }
}

fn unlink(inlines: &mut Vec<Inline>, places: &Places<'_>) {
    let mut found = false;
    for inline in inlines.iter_mut() {
        match inline {
            Inline::Strong(inner) | Inline::Emphasis(inner) => unlink(inner, places),
            Inline::Link { target, content } => {
                unlink(content, places);
                if let Some(Mark::LeadsTo { id }) = mark_of(content)
                    && places.rows.contains(id)
                {
                    *target = format!("#{id}");
                }
                found |= is_dead(target, places);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Image { .. } | Inline::Break | Inline::Mark(_) => {}
        }
    }
    if found {
        for inline in std::mem::take(inlines) {
            match inline {
                Inline::Link { target, content } if is_dead(&target, places) => inlines.extend(content),
                other => inlines.push(other),
            }
        }
    }
}

fn is_dead(target: &str, places: &Places<'_>) -> bool {
    target.strip_prefix('#').is_some_and(|anchor| !places.has(anchor))
}
