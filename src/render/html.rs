//! The tree of blocks to HTML.
//!
//! In: a [`Document`] and the pictures that it names. Out: the body of a page (`page.html` is the frame around it) and
//! the entries of its list of contents.
//! All text is escaped here; kinds become classes and code spans carry their text as `data-is`, so that every look
//! lives in `style.css`. Headings are one level lower than in the Markdown, because the page's title is the `h1`.

use super::document::{Align, Band, Block, Cell, Document, Inline, Node, Table, plain_text};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

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

/// The body of the page. `pictures` holds the SVG text of each picture by the path that the Markdown names; a picture
/// that is missing there shows as its text alternative.
#[must_use]
pub fn body(document: &Document, pictures: &BTreeMap<String, String>) -> String {
    let mut writer = Writer {
        out: String::new(),
        pictures,
        shown: 0,
        heading: String::new(),
        tables: 0,
    };
    writer.blocks(&document.blocks);
    writer.out
}

/// Tables of this many columns scroll by themselves where the window is narrow.
const WIDE: usize = 4;

/// Tables of more than this many columns write the names of their columns upwards.
const MANY: usize = 16;

/// Code spans longer than this are no letter or state, and need no `data-is`.
const LONGEST_MARK: usize = 32;

/// Words of more characters than this may break anywhere.
const LONGEST_WORD: usize = 28;

/// Kinds of tables whose first column names its row.
const WITH_ROW_NAMES: [&str; 3] = ["matrix", "parties", "raci"];

struct Writer<'a> {
    out: String,
    pictures: &'a BTreeMap<String, String>,
    /// Pictures so far: each has its own prefix for the ids within.
    shown: usize,
    /// The text of the latest heading.
    heading: String,
    /// Tables so far.
    tables: usize,
}

impl Writer<'_> {
    fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// Text in which long words, such as an ARN, may break: a table cannot become narrower than a word.
    fn breakable(&mut self, text: &str) {
        for word in text.split_inclusive(char::is_whitespace) {
            if word.chars().nth(LONGEST_WORD).is_none() {
                self.text(word);
                continue;
            }
            let mut start = 0;
            let mut length = 0;
            for (position, c) in word.char_indices() {
                length += 1;
                let end = position + c.len_utf8();
                let here = length >= LONGEST_WORD || (length > 2 && "/:._-=&?,@".contains(c));
                if here && end < word.len() {
                    self.text(&word[start..end]);
                    self.raw("<wbr>");
                    start = end;
                    length = 0;
                }
            }
            self.text(&word[start..]);
        }
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

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.raw("\n");
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
                    self.raw("</p>");
                }
            },
            Node::List { start, items } => self.list(kind, *start, items),
            Node::Table(table) => self.table(kind, table),
            Node::Quote(blocks) => {
                self.open("blockquote", kind);
                self.raw("\n");
                self.blocks(blocks);
                self.raw("</blockquote>");
            }
            Node::Group(blocks) => {
                self.open("div", kind);
                self.raw("\n");
                self.blocks(blocks);
                self.raw("</div>");
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

    fn heading(&mut self, kind: Option<&str>, level: u8, anchor: &str, content: &[Inline]) {
        let tag = match level {
            0 | 1 => "h2",
            2 => "h3",
            3 => "h4",
            4 => "h5",
            _ => "h6",
        };
        self.heading = plain_text(content);
        self.raw("<");
        self.raw(tag);
        self.attribute("id", anchor);
        if let Some(kind) = kind {
            self.attribute("class", kind);
        }
        self.raw(">");
        self.inlines(content);
        self.raw("</");
        self.raw(tag);
        self.raw(">");
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
            self.raw("<li>");
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
        self.raw("</");
        self.raw(tag);
        self.raw(">");
    }

    fn table(&mut self, kind: Option<&str>, table: &Table) {
        if let (Some(kind @ ("tiles" | "split")), [Band { title: None, rows }]) = (kind, table.bands.as_slice())
            && let [row] = rows.as_slice()
        {
            return self.cards(kind, &table.header, row);
        }
        let columns = table.columns.len();
        self.tables += 1;
        self.raw("<div class=\"table");
        if let Some(kind) = kind {
            self.raw(" ");
            self.text(kind);
        }
        if columns > MANY {
            self.raw(" many");
        }
        self.raw("\"");
        if columns >= WIDE && kind != Some("data-only") {
            // Whoever has no pointer scrolls it with the keyboard; the number keeps the names of regions apart.
            let label = match self.heading.trim() {
                "" => format!("Table {}", self.tables),
                heading => format!("{heading}, table {}", self.tables),
            };
            self.raw(" tabindex=\"0\" role=\"region\"");
            self.attribute("aria-label", &label);
        }
        self.raw(">\n<table>\n");
        if let Some(widths) = &table.widths {
            let sum: f64 = widths.iter().sum();
            self.raw("<colgroup>");
            for width in widths {
                // Writing to a String never fails.
                let _ = write!(self.out, "<col style=\"width:{:.1}%\">", width / sum * 100.0);
            }
            self.raw("</colgroup>\n");
        }
        self.raw("<thead>\n<tr>");
        for (cell, align) in table.header.iter().zip(&table.columns) {
            // An empty header would name nothing.
            let tag = if cell.is_empty() { "td" } else { "th" };
            self.cell(tag, if cell.is_empty() { "" } else { " scope=\"col\"" }, *align, cell);
        }
        self.raw("</tr>\n</thead>\n");
        let with_row_names = kind.is_some_and(|kind| WITH_ROW_NAMES.contains(&kind));
        for band in &table.bands {
            if band.title.is_none() && band.rows.is_empty() {
                continue;
            }
            self.raw("<tbody>\n");
            if let Some(title) = &band.title {
                let _ = write!(self.out, "<tr class=\"band\"><th scope=\"rowgroup\" colspan=\"{columns}\"><span>");
                self.inlines(title);
                self.raw("</span></th></tr>\n");
            }
            for row in &band.rows {
                self.raw("<tr>");
                for (position, (cell, align)) in row.iter().zip(&table.columns).enumerate() {
                    if position == 0 && with_row_names && !cell.is_empty() {
                        self.cell("th", " scope=\"row\"", *align, cell);
                    } else {
                        self.cell("td", "", *align, cell);
                    }
                }
                self.raw("</tr>\n");
            }
            self.raw("</tbody>\n");
        }
        self.raw("</table>\n</div>");
    }

    /// A table of one row, of a kind that shows as cards: pairs of a name and what it names.
    fn cards(&mut self, kind: &str, names: &[Cell], cells: &[Cell]) {
        self.open("dl", Some(kind));
        self.raw("\n");
        for (name, cell) in names.iter().zip(cells) {
            self.raw("<div><dt>");
            self.inlines(name);
            self.raw("</dt><dd>");
            self.inlines(cell);
            self.raw("</dd></div>\n");
        }
        self.raw("</dl>");
    }

    fn cell(&mut self, tag: &str, scope: &str, align: Align, content: &Cell) {
        self.raw("<");
        self.raw(tag);
        self.raw(scope);
        self.raw(match align {
            Align::Start => ">",
            Align::Center => " class=\"center\">",
            Align::End => " class=\"end\">",
        });
        self.inlines(content);
        self.raw("</");
        self.raw(tag);
        self.raw(">");
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) if text.contains(is_direction) => {
                    // Isolated, so that an override reaches no further than the text that it came with.
                    self.raw("<bdi>");
                    self.breakable(text);
                    self.raw("</bdi>");
                }
                Inline::Text(text) => self.breakable(text),
                Inline::Code(text) => self.code(text),
                Inline::Strong(inner) => {
                    self.raw("<strong>");
                    self.inlines(inner);
                    self.raw("</strong>");
                }
                Inline::Emphasis(inner) => {
                    self.raw("<em>");
                    self.inlines(inner);
                    self.raw("</em>");
                }
                Inline::Link { target, content } => {
                    self.raw("<a");
                    if target.starts_with('#') {
                        self.attribute("href", target);
                    } else {
                        self.attribute("href", &address(target));
                    }
                    self.raw(">");
                    self.inlines(content);
                    self.raw("</a>");
                }
                Inline::Image { path, alt } => match self.picture(path) {
                    Some(svg) => {
                        self.raw("<span class=\"picture\" role=\"img\"");
                        self.attribute("aria-label", alt);
                        self.raw(">");
                        self.raw(&svg);
                        self.raw("</span>");
                    }
                    None => self.text(alt),
                },
                Inline::Break => self.raw("<br>\n"),
            }
        }
    }

    fn code(&mut self, text: &str) {
        match text {
            "[ ]" => return self.raw("<span class=\"box\" role=\"img\" aria-label=\"to do\"></span>"),
            "[x]" => return self.raw("<span class=\"box done\" role=\"img\" aria-label=\"done\"></span>"),
            _ => {}
        }
        self.raw("<code");
        if text.len() <= LONGEST_MARK {
            self.attribute("data-is", text);
        }
        self.raw(">");
        match text {
            // The look shows a triangle; who listens hears what it means.
            "P!" | "C!" | "S!" => {
                self.text(text.trim_end_matches('!'));
                self.raw("<span class=\"heard\"> with a duty not met</span>");
            }
            _ => self.breakable(text),
        }
        self.raw("</code>");
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
                self.raw("</figure>");
            }
            None => {
                self.open("p", kind);
                self.text(alt);
                self.raw("</p>");
            }
        }
    }

    /// The SVG element of a picture, with ids that no other picture and no heading has.
    fn picture(&mut self, path: &str) -> Option<String> {
        let svg = self.pictures.get(path)?;
        self.shown += 1;
        Some(inline_svg(svg, &format!("p{}:", self.shown)))
    }
}

/// Writes text for an element or a double-quoted attribute. What HTML forbids even as a reference becomes U+FFFD.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\r' => out.push(' '),
            _ if c.is_control() || is_noncharacter(c) => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(c),
        }
    }
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (u32::from(c) & 0xfffe) == 0xfffe
}

/// Characters that change the direction of the text behind them.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A web or mail address with everything percent-encoded that a URL may not hold as it is.
fn address(target: &str) -> String {
    let bytes = target.as_bytes();
    let mut address = String::with_capacity(bytes.len());
    let mut in_fragment = false;
    for (position, byte) in bytes.iter().copied().enumerate() {
        let is_hex = |offset: usize| bytes.get(position + offset).is_some_and(u8::is_ascii_hexdigit);
        let keep = match byte {
            b'%' => is_hex(1) && is_hex(2),
            b'#' => !std::mem::replace(&mut in_fragment, true),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
        };
        if keep {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// What a tag of an SVG text is made of: pieces to copy as they are, and values of attributes.
enum Piece<'a> {
    Plain(&'a str),
    Value { name: &'a str, value: &'a str },
}

/// An SVG text as an element within HTML: from `<svg` on, so without an XML declaration or a document type, and with
/// a prefix before every id and every reference to one.
fn inline_svg(svg: &str, prefix: &str) -> String {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn html(markdown: &str) -> String {
        body(&Document::parse(markdown).unwrap(), &BTreeMap::new())
    }

    fn shown(markdown: &str, svg: &str) -> String {
        body(
            &Document::parse(markdown).unwrap(),
            &BTreeMap::from([("a.svg".to_owned(), svg.to_owned())]),
        )
    }

    #[test]
    fn text_never_becomes_markup() {
        let hostile = "\\| x \\| \\<script>alert(1)\\</script> &amp;lt; {{ 7*7 }} \\[a\\](javascript:alert(1)) \"'";
        let escaped = "| x | &lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; {{ 7*7 }} [a](javascript:alert(1)) &quot;'";
        assert_eq!(html(hostile), format!("<p>{escaped}</p>\n"));
        assert!(html(&format!("# {hostile}")).contains(&format!(">{escaped}</h2>")));
        assert!(html(&format!("| a |\n|---|\n| {hostile} |\n")).contains(&format!("<td>{escaped}</td>")));
        assert_eq!(html("`<b>\"`"), "<p><code data-is=\"&lt;b&gt;&quot;\">&lt;b&gt;&quot;</code></p>\n");
        assert_eq!(html("```\n<b>&\n```"), "<pre><code>&lt;b&gt;&amp;\n</code></pre>\n");
        assert_eq!(html("[a](javascript:alert(1))"), "<p>a</p>\n");
        assert_eq!(html("![\"><b\\>](a.svg)"), "<p>&quot;&gt;&lt;b&gt;</p>\n");
        assert_eq!(html("a&#1;b&#xFFFF;&#x80;"), "<p>a\u{fffd}b\u{fffd}\u{fffd}</p>\n");
        assert_eq!(html("a\u{202e}b"), "<p><bdi>a\u{202e}b</bdi></p>\n");
    }

    #[test]
    fn long_words_may_break_and_lose_nothing() {
        let long = "x".repeat(10_000);
        assert_eq!(html(&long).replace("<wbr>", ""), format!("<p>{long}</p>\n"));
        assert!(
            html(&long)
                .split("<wbr>")
                .all(|part| part.len() <= LONGEST_WORD + "<p></p>\n".len())
        );
        let arn = "arn:aws:rds:eu-west-1:111122223333:db:ledger";
        assert!(html(arn).contains("arn:<wbr>aws:<wbr>rds:<wbr>eu-<wbr>west-<wbr>1:111122223333:<wbr>db:<wbr>ledger"));
        assert_eq!(html("maintenance-window of the week"), "<p>maintenance-window of the week</p>\n");
    }

    #[test]
    fn bands_have_titles_that_span_and_columns_have_names() {
        let html = html(
            "# RDS\n\n<!-- kind: raci, columns: 2 1 1 -->\n| Activity | | AWS |\n|---|:-:|--:|\n| a | b | `R` |\n\
             | **Backup** | | |\n| c | `A/R` | |\n",
        );
        let table = "<div class=\"table raci\">\n<table>\n\
            <colgroup><col style=\"width:50.0%\"><col style=\"width:25.0%\"><col style=\"width:25.0%\"></colgroup>\n\
            <thead>\n<tr><th scope=\"col\">Activity</th><td class=\"center\"></td>\
            <th scope=\"col\" class=\"end\">AWS</th></tr>\n</thead>\n\
            <tbody>\n<tr><th scope=\"row\">a</th><td class=\"center\">b</td>\
            <td class=\"end\"><code data-is=\"R\">R</code></td></tr>\n</tbody>\n\
            <tbody>\n<tr class=\"band\"><th scope=\"rowgroup\" colspan=\"3\"><span><strong>Backup</strong></span></th></tr>\n\
            <tr><th scope=\"row\">c</th><td class=\"center\"><code data-is=\"A/R\">A/R</code></td>\
            <td class=\"end\"></td></tr>\n</tbody>\n</table>\n</div>\n";
        assert_eq!(html, format!("<h2 id=\"rds\">RDS</h2>\n{table}"));
    }

    #[test]
    fn wide_tables_can_be_scrolled_by_keyboard_and_are_told_apart() {
        let table = "| a | b | c | d |\n|---|---|---|---|\n\n";
        let html = html(&format!("{table}# T \"1\"\n\n{table}<!-- kind: data-only -->\n{table}"));
        assert!(
            html.contains("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table 1\">"),
            "{html}"
        );
        assert!(html.contains("aria-label=\"T &quot;1&quot;, table 2\">"), "{html}");
        assert!(html.contains("<div class=\"table data-only\">\n<table>"), "{html}");
        let many = format!("|{}\n|{}\n", " a |".repeat(17), "---|".repeat(17));
        assert!(super::tests::html(&many).contains("<div class=\"table many\" tabindex"));
    }

    #[test]
    fn tables_of_one_row_show_as_cards_where_the_kind_says_so() {
        assert_eq!(
            html("<!-- kind: tiles -->\n| met | not met |\n|---|---|\n| 7 | **1** |\n"),
            "<dl class=\"tiles\">\n<div><dt>met</dt><dd>7</dd></div>\n\
             <div><dt>not met</dt><dd><strong>1</strong></dd></div>\n</dl>\n"
        );
        let two_rows = html("<!-- kind: split -->\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n");
        assert!(two_rows.starts_with("<div class=\"table split\">"), "{two_rows}");
    }

    #[test]
    fn kinds_are_classes() {
        assert_eq!(
            html("<!-- begin: wide -->\n<!-- kind: chapter -->\n## T\n<!-- kind: lead -->\na\n<!-- end -->\n"),
            "<div class=\"wide\">\n<h3 id=\"t\" class=\"chapter\">T</h3>\n<p class=\"lead\">a</p>\n</div>\n"
        );
        assert_eq!(
            html("<!-- kind: checklist -->\n- [ ] a\n- [x] b\n"),
            "<ul class=\"checklist\">\n<li><span class=\"box\" role=\"img\" aria-label=\"to do\"></span> a</li>\n\
             <li><span class=\"box done\" role=\"img\" aria-label=\"done\"></span> b</li>\n</ul>\n"
        );
        assert_eq!(html("###### deep"), "<h6 id=\"deep\">deep</h6>\n");
        assert_eq!(html("3. a\n4. b"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
        assert_eq!(
            html("<!-- kind: note -->\n> a\n\n---"),
            "<blockquote class=\"note\">\n<p>a</p>\n</blockquote>\n<hr>\n"
        );
    }

    #[test]
    fn a_duty_not_met_is_heard_as_well() {
        assert!(html("`C!`").contains("<code data-is=\"C!\">C<span class=\"heard\"> with a duty not met</span></code>"));
    }

    #[test]
    fn addresses_are_valid() {
        assert_eq!(
            address("https://e.com/a b?q=[1]&r=%20%zz#f#g"),
            "https://e.com/a%20b?q=%5B1%5D&r=%20%25zz#f%23g"
        );
        assert_eq!(address("https://e.com/é\"<"), "https://e.com/%C3%A9%22%3C");
        assert_eq!(html("[a](https://e.com/?b&c)"), "<p><a href=\"https://e.com/?b&amp;c\">a</a></p>\n");
        assert_eq!(
            html("[a](#größe)\n# Größe"),
            "<p><a href=\"#größe\">a</a></p>\n<h2 id=\"größe\">Größe</h2>\n"
        );
    }

    #[test]
    fn pictures_stand_in_the_page_and_never_clash() {
        let svg = "<?xml version=\"1.0\"?>\n<svg><defs><g id='a'/></defs><!-- id=\"a\" --><a href=\"#a\"><use xlink:href=\"#a\"/></a>\
            <a href=\"#rds\"/><rect fill=\"url(#a)\" aria-labelledby=\"a\"/><text>id=\"a\"</text></svg>\n";
        let html = shown("<!-- kind: stack -->\n![the \"stack\"](a.svg)\n\nb ![c](a.svg)\n", svg);
        assert_eq!(
            html,
            "<figure class=\"stack\" role=\"img\" aria-label=\"the &quot;stack&quot;\"><svg><defs><g id='p1:a'/></defs>\
             <!-- id=\"a\" --><a href=\"#p1:a\"><use xlink:href=\"#p1:a\"/></a><a href=\"#rds\"/>\
             <rect fill=\"url(#p1:a)\" aria-labelledby=\"p1:a\"/><text>id=\"a\"</text></svg></figure>\n\
             <p>b <span class=\"picture\" role=\"img\" aria-label=\"c\"><svg><defs><g id='p2:a'/></defs>\
             <!-- id=\"a\" --><a href=\"#p2:a\"><use xlink:href=\"#p2:a\"/></a><a href=\"#rds\"/>\
             <rect fill=\"url(#p2:a)\" aria-labelledby=\"p2:a\"/><text>id=\"a\"</text></svg></span></p>\n"
        );
        for broken in ["", "<svg", "<svg a=\"", "<svg><g id='", "<svg><!--", "<svg></svg><", "text"] {
            let html = shown("![c](a.svg)", broken);
            assert!(html.ends_with("</figure>\n"), "{html}");
        }
    }

    #[test]
    fn contents_name_all_headings() {
        let document = Document::parse("# A `b`\n<!-- begin: wide -->\n## C\n<!-- end -->\n> # A `b`\n").unwrap();
        let entry = |level, anchor: &str, text: &str| Entry {
            level,
            anchor: anchor.into(),
            text: text.into(),
        };
        assert_eq!(
            contents(&document),
            [entry(1, "a-b", "A b"), entry(2, "c", "C"), entry(1, "a-b-1", "A b")]
        );
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let html = html(&format!(
            "{} a\n\n{}b{}",
            ">".repeat(10_000),
            "*a **b ".repeat(5_000),
            "** *".repeat(5_000)
        ));
        assert!(html.contains("<p>a</p>"));
    }

    fn page(child: Option<&str>, report: &serde_json::Value) -> String {
        let mut tera = tera::Tera::default();
        crate::render::templates::register(&mut tera);
        let mut templates = vec![("page.html", include_str!("../../templates/page.html"))];
        templates.extend(child.map(|child| ("child.html", child)));
        tera.add_raw_templates(templates).unwrap();
        let mut context = tera::Context::new();
        context.insert("report", report);
        context.insert("body", "<p>BODY</p>");
        context.insert("style", include_str!("../../templates/style.css"));
        context.insert(
            "contents",
            &[Entry {
                level: 1,
                anchor: "a".into(),
                text: "<A>".into(),
            }],
        );
        context.insert("logo", &None::<String>);
        tera.render(if child.is_some() { "child.html" } else { "page.html" }, &context)
            .unwrap()
    }

    fn empty() -> serde_json::Value {
        json!({
            "meta": {"title": "T", "organization": null, "classification": null, "edition_title": null, "subtitle": null,
                     "as_of": null, "version": null, "catalog_version": null, "tool_version": null},
            "theme": null,
            "cover_facts": [],
        })
    }

    #[test]
    fn the_page_escapes_what_it_is_given_and_needs_little() {
        let hostile = "'\\\"><script>alert(1)</script>{{ 7*7 }}\n";
        let report = json!({
            "meta": {"title": hostile, "organization": hostile, "classification": hostile, "edition_title": hostile,
                     "subtitle": hostile, "as_of": hostile, "version": hostile, "catalog_version": hostile,
                     "tool_version": hostile},
            "theme": {"accent": "#0b5fff", "footer": hostile},
            "cover_facts": [{"label": hostile, "value": hostile}],
        });
        let html = page(None, &report);
        assert!(
            html.starts_with("<!DOCTYPE html>\n<html lang=\"en\" style=\"--accent: #0b5fff; --page-title: '"),
            "{html}"
        );
        assert!(
            !html.contains("<script>") && html.contains("{{ 7*7 }}") && html.contains("<p>BODY</p>"),
            "{html}"
        );
        assert!(html.contains("<a href=\"#a\">&lt;A&gt;</a>"), "{html}");

        let html = page(None, &empty());
        assert!(html.contains("<title>T · Responsibility report</title>"), "{html}");
    }

    #[test]
    fn a_page_of_ones_own_can_extend_the_built_in_one() {
        let child = "{% extends \"page.html\" %}{% block cover %}<header><h1>Mine</h1></header>{% endblock %}\
            {% block style %}:root { --accent: red }{% endblock %}{% block report %}{{ super() }}<p>More</p>{% endblock %}";
        let html = page(Some(child), &empty());
        assert!(html.contains("<h1>Mine</h1>") && !html.contains("class=\"cover\""), "{html}");
        assert!(html.contains(":root { --accent: red }") && html.contains("<p>BODY</p>") && html.contains("<p>More</p>"));
    }

    #[test]
    fn the_style_cannot_end_its_element() {
        let style = include_str!("../../templates/style.css");
        assert!(!style.contains("</") && !style.contains("url(") && !style.contains("@import"));
    }
}
