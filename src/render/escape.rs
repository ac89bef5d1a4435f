//! Text to Markdown: what comes from an inventory or the catalog is never markup.
//!
//! In: any text. Out: inline Markdown that shows that text, on one line, and still reads well as plain text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Escapes a text for a Tera instance that writes Markdown.
///
/// # Errors
/// Those of the output.
pub fn markdown(text: &str, output: &mut dyn Write) -> io::Result<()> {
    if is_plain(text) {
        output.write_all(text.as_bytes())
    } else {
        output.write_all(escaped(text).as_bytes())
    }
}

/// A text as inline Markdown.
#[must_use]
pub fn escaped(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    escape_into(&mut out, &text, None);
    out
}

/// Writes a text that is visible as it is, behind a letter or, without one, at the start.
fn escape_into(out: &mut String, text: &str, mut before: Option<char>) {
    // So far, nothing but digits: the number of an item of a list, perhaps.
    let mut number = before.is_none();
    for (index, letter) in text.char_indices() {
        let rest = &text[index + letter.len_utf8()..];
        let after = || rest.chars().next();
        let within_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let escape = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '#' => true,
            // Between letters an underscore is no mark: `storage_encrypted` stays readable.
            '_' => !(within_word(before) && within_word(after())),
            // Only what could begin an entity.
            '&' => after().is_some_and(|after| after.is_ascii_alphabetic() || after == '#'),
            // Only what could begin a list, a rule or a heading, were it at the start of a line.
            '-' | '=' => before.is_none(),
            // And so that a telephone number stays one: no list begins without a space.
            '+' => before.is_none() && after().is_none_or(char::is_whitespace),
            '.' | ')' => number && index > 0 && index < 10 && after().is_none_or(char::is_whitespace),
            '!' => rest.starts_with('['),
            // An address would become a link on forges.
            ':' => rest.starts_with("//"),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(letter);
        number &= letter.is_ascii_digit();
        before = Some(letter);
    }
}

/// Whether a text is made of letters, spaces and punctuation that mean nothing in Markdown wherever they stand. Most
/// texts are, and need no second look.
fn is_plain(text: &str) -> bool {
    let harmless = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b' ' | b',' | b';' | b'\'' | b'"' | b'(' | b')' | b'/' | b'%' | b'?' | b'-' | b'.'
            )
    };
    let bytes = text.as_bytes();
    bytes.first().is_none_or(u8::is_ascii_alphabetic)
        && (1..=bytes.len()).all(|end| {
            let byte = bytes[end - 1];
            harmless(byte) || byte == b':' && bytes.get(end) != Some(&b'/')
        })
}

/// A text of the catalog: pairs of backticks are code spans, all else is text.
#[must_use]
pub fn prose(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let text = visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1 && index + 1 < parts.len() && !part.trim().is_empty();
        if is_code {
            out.push('`');
            out.push_str(&part.replace('|', "\\|"));
            out.push('`');
        } else {
            if index % 2 == 1 {
                out.push_str("\\`");
            }
            // Behind a code span nothing begins a line.
            escape_into(&mut out, part, (index > 0).then_some('x'));
            if index % 2 == 1 && index + 1 < parts.len() {
                out.push_str("\\`");
            }
        }
    }
    out
}

/// A text of an inventory that may be a mail address: then a link to it, as forges make one of it by themselves.
#[must_use]
pub fn contact(text: &str) -> String {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte));
    match text.split_once('@') {
        Some((name, host)) if plain(name) && plain(host) && is_host(host) => {
            format!("<{text}>")
        }
        _ => escaped(text),
    }
}

/// Whether a name is that of a host: labels of letters, digits and hyphens within.
fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        let ends = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(ends) && label.ends_with(ends) && label.len() <= 63 && !label.contains(['_', '+'])
    };
    name.contains('.') && name.split('.').all(is_label)
}

/// A text as the inside of a CSS string, in a style sheet and in an attribute: nothing in it can end the string or the
/// element.
#[must_use]
pub fn css(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in visible(text).chars() {
        if matches!(letter, '\\' | '\'' | '"' | '<' | '>' | '&') {
            // The space ends the number.
            let _ = write!(out, "\\{:x} ", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Line breaks and other control characters become spaces; characters that turn the reading direction, and would let a
/// name rewrite the line around it, are spelt out.
fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut spaced = false;
    for letter in text.chars() {
        match letter {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let _ = write!(out, "(U+{:04X})", u32::from(letter));
                spaced = false;
            }
            letter if letter.is_control() || letter == '\u{2028}' || letter == '\u{2029}' => {
                if !spaced && !out.is_empty() {
                    out.push(' ');
                }
                spaced = true;
            }
            letter => {
                out.push(letter);
                spaced = false;
            }
        }
    }
    Cow::Owned(out)
}

/// A text for the narrow place that a picture has for it: on one line, cut to so many letters, and without characters that
/// no XML may hold.
#[must_use]
pub fn short(text: &str, limit: usize) -> String {
    // Of a very long text only the beginning is looked at.
    let beginning: String = text.chars().take(limit.saturating_mul(4)).collect();
    let text = visible(&beginning);
    let letters = text.trim().chars().map(|letter| match letter {
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        letter => letter,
    });
    let mut out: String = letters.clone().take(limit).collect();
    if letters.count() > limit {
        out.pop();
        out.truncate(out.trim_end().len());
        out.push('…');
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::render::document::{Document, Node, plain_text};
    use proptest::prelude::*;

    fn shown(markdown: &str) -> String {
        let document = Document::parse(markdown).unwrap();
        assert_eq!(document.blocks.len(), 1, "{markdown:?}");
        match &document.blocks[0].node {
            Node::Paragraph(inlines) => plain_text(inlines),
            other => panic!("{markdown:?} became {other:?}"),
        }
    }

    #[test]
    fn short_texts_fit_a_picture() {
        assert_eq!(short("Amazon RDS", 10), "Amazon RDS");
        assert_eq!(short("Amazon RDS Custom", 10), "Amazon RD…");
        assert_eq!(short("Amazon RDS Custom", 8), "Amazon…");
        assert_eq!(short(" a\tb\u{7}\n\u{202e}c\u{ffff} ", 20), "a b (U+202E)c\u{fffd}");
        assert_eq!(short(&"w".repeat(10_000), 36).chars().count(), 36);
        assert_eq!(short("", 3), "");
    }

    #[test]
    fn identifiers_stay_readable() {
        assert_eq!(escaped("storage_encrypted at 7.5 - ok"), "storage_encrypted at 7.5 - ok");
        assert_eq!(escaped("2.3"), "2.3");
        assert_eq!(escaped("+44 20 7946 0101"), "+44 20 7946 0101");
        assert_eq!(escaped("+ 44"), "\\+ 44");
        assert_eq!(prose("Set `a_b` | now"), "Set `a_b` \\| now");
    }

    #[test]
    fn mail_addresses_are_links_and_nothing_else_is() {
        assert_eq!(contact("a.b+c@example.com"), "<a.b+c@example.com>");
        for text in ["a@b", "a@b..c", "<a@b.c>", "a b@c.d", "a@b.c>", "@b.c", "x", "a@b_c.d", "a@-b.c"] {
            assert_eq!(contact(text), escaped(text));
        }
    }

    #[test]
    fn strings_of_css_end_where_they_should() {
        assert_eq!(css("a'b\"</style>\\&\nc"), "a\\27 b\\22 \\3c /style\\3e \\5c \\26  c");
    }

    proptest! {
        #[test]
        fn what_goes_in_is_what_is_shown(text in "[ -~äß→]{1,40}") {
            let text = text.trim().to_owned();
            prop_assume!(!text.is_empty());
            prop_assert_eq!(shown(&escaped(&text)), text);
        }
    }
}
