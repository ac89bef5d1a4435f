//! Pictures as elements of the page.
//!
//! In: the text of an SVG file. Out: the same as an element within HTML, with ids that nothing else in the page has.

use std::collections::BTreeSet;

/// What a tag of an SVG text is made of: pieces to copy as they are, and values of attributes.
enum Piece<'a> {
    Plain(&'a str),
    Value { name: &'a str, value: &'a str },
}

/// An SVG text as an element within HTML: from `<svg` on, so without an XML declaration or a document type, and with
/// a prefix before every id and every reference to one.
pub(super) fn inline_svg(svg: &str, prefix: &str) -> String {
    let Some(start) = svg.find("<svg") else { return String::new() };
    let pieces = pieces(svg[start..].trim_end());
    let ids: BTreeSet<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Value { name: "id", value } => Some(*value),
            _ => None,
        })
        .collect();
    let mut out = String::with_capacity(svg.len());
    for piece in pieces {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::Value { name: "id", value } => {
                out.push_str(prefix);
                out.push_str(value);
            }
            Piece::Value {
                name: "href" | "xlink:href",
                value,
            } => match value.strip_prefix('#') {
                Some(id) if ids.contains(id) => {
                    out.push('#');
                    out.push_str(prefix);
                    out.push_str(id);
                }
                _ => out.push_str(value),
            },
            Piece::Value {
                name: "aria-labelledby" | "aria-describedby",
                value,
            } => {
                let references: Vec<String> = value.split_whitespace().map(|id| format!("{prefix}{id}")).collect();
                out.push_str(&references.join(" "));
            }
            Piece::Value { value, .. } => out.push_str(&value.replace("url(#", &format!("url(#{prefix}"))),
        }
    }
    out
}

/// Takes the tags of an SVG text apart. Text, comments and whatever is malformed stay as they are.
fn pieces(svg: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = svg;
    while let Some(open) = rest.find('<') {
        pieces.push(Piece::Plain(&rest[..open]));
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            pieces.push(Piece::Plain(&rest[..end]));
            rest = &rest[end..];
            continue;
        }
        // Attribute by attribute to the end of the tag.
        let length_before = rest.len();
        while let Some(at) = rest.find(['"', '\'', '>']) {
            let quote = &rest[at..=at];
            let before = &rest[..at];
            if quote == ">" {
                pieces.push(Piece::Plain(&rest[..=at]));
                rest = &rest[at + 1..];
                break;
            }
            let Some(length) = rest[at + 1..].find(quote) else { break };
            let name = before.trim_end().trim_end_matches('=').trim_end();
            let name = name.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
            pieces.push(Piece::Plain(&rest[..=at]));
            pieces.push(Piece::Value {
                name,
                value: &rest[at + 1..at + 1 + length],
            });
            pieces.push(Piece::Plain(quote));
            rest = &rest[at + 2 + length..];
        }
        if rest.len() == length_before {
            break;
        }
    }
    pieces.push(Piece::Plain(rest));
    pieces
}
