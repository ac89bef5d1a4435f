//! The tree of blocks to HTML.
//!
//! In: a [`Document`], the pictures that it names, and what its marks stand for. Out: the body of a page (`page.html`
//! is the frame around it), the style that the body needs beyond `style.css`, and the entries of its list of contents.
//! All text is escaped here; kinds become classes and code spans carry their text as `data-is`, so that every look
//! lives in `style.css`. Headings are one level lower than in the Markdown, because the page's title is the `h1`.
//!
//! What `script.js` needs is structure, not looks: a heading and what belongs to it are a `section`; a band of a `raci`
//! table is a `tbody` with its control and control type; each row of duties has an id that stays the same from one report
//! to the next, and says how many duties it stands for. `docs/html.md` lists all of it for authors of templates.

mod blocks;
mod escape;
mod font;
mod frame;
mod inline;
mod picture;
mod places;
mod policy;
mod raci;
mod table;
mod targets;
#[cfg(test)]
mod tests;

pub use font::{Face, font_rules};
pub use frame::{BODY, filled};
pub use places::{AccountTold, PlacesTold};
pub use policy::{POLICY, sealed};
pub use targets::Targets;

use super::document::{Block, Document, Node, plain_text};
use crate::report::Report;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Bytes that most bodies have at the most.
const LIKELY: usize = 1024 * 1024;

/// A text of the catalog for an element: pairs of backticks are code.
#[must_use]
pub fn coded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    // Without its partner a backtick is a letter.
    let paired = parts.len() - usize::from(parts.len().is_multiple_of(2));
    for (at, part) in parts.iter().enumerate() {
        match at {
            0 => {}
            at if at >= paired => out.push('`'),
            at if at % 2 == 1 => out.push_str("<code>"),
            _ => out.push_str("</code>"),
        }
        escape::escape(&mut out, part);
    }
    out
}

/// A heading as the list of contents names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The Markdown's level, from 1.
    pub level: u8,
    /// The heading's id, without `#`.
    pub anchor: String,
    /// The heading's text, unescaped.
    pub text: String,
}

/// All headings, in order.
#[must_use]
pub fn contents(document: &Document) -> Vec<Entry> {
    let mut entries = Vec::new();
    gather(&document.blocks, &mut entries);
    entries
}

fn gather(blocks: &[Block], entries: &mut Vec<Entry>) {
    for block in blocks {
        match &block.node {
            Node::Heading { level, anchor, content } => {
                entries.push(Entry {
                    level: *level,
                    anchor: anchor.clone(),
                    text: plain_text(content),
                });
            }
            Node::List { items, .. } => items.iter().for_each(|item| gather(item, entries)),
            Node::Quote(blocks) | Node::Group(blocks) => gather(blocks, entries),
            Node::Paragraph(_) | Node::Table(_) | Node::Code(_) | Node::Rule => {}
        }
    }
}

/// What stands between the frame's header and footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The rules of CSS for it: widths of columns, which no attribute may say under a strict Content-Security-Policy.
    pub style: String,
    /// Where its rows hold.
    pub places: PlacesTold,
}

/// The body of the page. `pictures` holds the SVG text of each picture by the path that the Markdown names; a picture
/// that is missing there shows as its text alternative.
#[must_use]
pub fn body(document: &Document, pictures: &BTreeMap<String, String>, targets: &Targets<'_>, report: Option<&Report>) -> Body {
    let mut writer = Writer {
        out: String::with_capacity(LIKELY),
        pictures,
        targets,
        shown: 0,
        heading: String::new(),
        anchor: String::new(),
        tables: 0,
        widths: BTreeSet::new(),
        ids: BTreeSet::new(),
        places: places::Places::default(),
    };
    writer.blocks(&document.blocks);
    let mut style = String::new();
    for width in writer.widths {
        // Writing to a String never fails.
        let _ = writeln!(style, ".w{width} {{ width: {}.{}% }}", width / 10, width % 10);
    }
    let places = report.map(|report| writer.places.told(report)).unwrap_or_default();
    Body {
        html: writer.out,
        style,
        places,
    }
}

struct Writer<'a> {
    out: String,
    pictures: &'a BTreeMap<String, String>,
    targets: &'a Targets<'a>,
    /// Pictures so far: each has its own prefix for the ids within.
    shown: usize,
    /// The text of the latest heading.
    heading: String,
    /// The id of the latest heading.
    anchor: String,
    /// Tables so far.
    tables: usize,
    /// Widths of columns in use, in thousandths of the table.
    widths: BTreeSet<u32>,
    /// The ids given to bands and activities so far.
    ids: BTreeSet<String>,
    /// Where its rows hold.
    places: places::Places<'a>,
}

impl Writer<'_> {
    fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn text(&mut self, text: &str) {
        escape::escape(&mut self.out, text);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        self.text(value);
        self.raw("\"");
    }

    /// Opens a tag with the kind as its class.
    fn open(&mut self, tag: &str, kind: Option<&str>) {
        self.raw("<");
        self.raw(tag);
        if let Some(kind) = kind {
            self.attribute("class", kind);
        }
        self.raw(">");
    }

    fn close(&mut self, tag: &str) {
        self.raw("</");
        self.raw(tag);
        self.raw(">");
    }
}
