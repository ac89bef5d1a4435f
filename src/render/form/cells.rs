//! Cells as they are written into a sheet's XML.
//!
//! In: texts, and where they go. Out: the sheet's XML with them; all else of it stays as it is.

use crate::render::cells::harmless;
use std::fmt::Write as _;
use std::ops::Range;

/// Most characters of a cell, in the units of UTF-16 that Excel counts, and what says that there were more.
const MOST_LETTERS: usize = 32_767;
const CUT: &str = " … (cut)";

/// A piece of XML in the place of another.
pub(super) struct Edit {
    pub(super) span: Range<usize>,
    pub(super) text: String,
}

/// The XML with all edits made.
pub(super) fn edited(xml: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span.start);
    let mut made = String::with_capacity(xml.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        made.push_str(xml.get(at..edit.span.start).unwrap_or_default());
        made.push_str(&edit.text);
        at = edit.span.end;
    }
    made.push_str(xml.get(at..).unwrap_or_default());
    made
}

/// A cell that holds a text.
pub(super) fn written(prefix: &str, (column, row): (u32, u32), style: Option<&str>, text: &str) -> String {
    let style = style.map(|style| format!(" s=\"{}\"", escaped(style))).unwrap_or_default();
    let text = escaped(&within(&harmless(text)));
    format!(
        "<{prefix}c r=\"{}{row}\"{style} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is></{prefix}c>",
        letters(column)
    )
}

/// A text that fits a cell; one that is too long says so.
fn within(text: &str) -> String {
    if text.encode_utf16().count() <= MOST_LETTERS {
        return text.to_owned();
    }
    let mut units = CUT.encode_utf16().count();
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= MOST_LETTERS
    });
    kept.chain(CUT.chars()).collect()
}

/// A text in XML; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => {}
            '\n' | '\t' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            // What Excel would take for a character by its number.
            letter => out.push(letter),
        }
    }
    // `_x000D_` is how workbooks write a character by its number.
    if out.contains("_x") { numbers(&out) } else { out }
}

/// Keeps what looks like a character by its number what it is.
fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let next = text.get(at..at + 7).map(str::as_bytes);
        let is_number = matches!(next, Some([b'_', b'x', digits @ .., b'_']) if digits.iter().all(u8::is_ascii_hexdigit));
        if is_number {
            let _ = write!(out, "_x005F");
        }
        out.push(letter);
    }
    out
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_that_spreadsheets_give_them() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn a_cell_holds_any_text_and_says_what_is_missing_of_a_long_one() {
        let cell = written("", (4, 7), Some("3"), "a & b < c\u{1}\r\nd _x000D_ _x");
        assert_eq!(
            cell,
            "<c r=\"E7\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">a &amp; b &lt; c\nd _x005F_x000D_ _x</t></is></c>"
        );
        assert!(written("x:", (0, 1), None, "=1+1").starts_with("<x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">'=1+1"));
        let long = within(&"é🙂".repeat(20_000));
        assert!(long.ends_with(CUT));
        assert!((MOST_LETTERS - 2..=MOST_LETTERS).contains(&long.encode_utf16().count()));
        assert_eq!(within("short"), "short");
    }

    #[test]
    fn edits_leave_all_else_as_it_is() {
        let edit = |span, text: &str| Edit {
            span,
            text: text.to_owned(),
        };
        assert_eq!(edited("abcdef", vec![edit(4..4, "X"), edit(1..3, "Y")]), "aYdXef");
        assert_eq!(edited("abc", Vec::new()), "abc");
    }
}
