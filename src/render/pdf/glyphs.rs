//! Text that the fonts can draw: what they lack is spelt out, and told once.
//!
//! In: text from inventories and catalogs. Out: the same text, or with `‹U+XXXX›` in the place of a character that has
//! no glyph or that would change how its neighbours are read (controls, marks of direction).

use super::fonts::{self, Fonts};
use crate::diagnostics::{Code, Diagnostic};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use typst::ecow::EcoString;

/// Replaces characters and remembers them.
#[derive(Debug)]
pub(super) struct Glyphs {
    fonts: Arc<Fonts>,
    missing: BTreeSet<char>,
}

/// How many of the missing characters the warning names.
const NAMED: usize = 24;

impl Glyphs {
    /// Nothing replaced yet.
    pub(super) fn of(fonts: Arc<Fonts>) -> Self {
        Self {
            fonts,
            missing: BTreeSet::new(),
        }
    }

    /// What can be done with a character.
    fn class(&self, c: char) -> Class {
        match class(c) {
            Class::Missing if may_be_drawn(c) && self.fonts.others_cover(c) => Class::Drawn,
            // It asks for the picture of the character before it, which a font may have.
            Class::Silent if self.fonts.others_cover(c) => Class::Drawn,
            class => class,
        }
    }

    /// The text as it can be drawn.
    pub(super) fn show(&mut self, text: &str) -> EcoString {
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return text.into();
        }
        let mut shown = EcoString::with_capacity(text.len());
        for c in text.chars() {
            match self.class(c) {
                Class::Drawn => shown.push(c),
                Class::Space => shown.push(' '),
                Class::Silent => {}
                Class::Missing => {
                    self.missing.insert(c);
                    // Writing to a string cannot fail.
                    let _ = write!(shown, "‹U+{:04X}›", c as u32);
                }
            }
        }
        shown
    }

    /// JSON whose strings can be drawn. Bytes that are not JSON come back as they are: `page.typ` reports them.
    pub(super) fn show_json(&mut self, json: &[u8]) -> Vec<u8> {
        let plain = std::str::from_utf8(json)
            .is_ok_and(|text| !text.contains("\\u") && text.chars().all(|c| c == '\n' || self.class(c) == Class::Drawn));
        if plain {
            return json.to_vec();
        }
        let Ok(mut value) = serde_json::from_slice(json) else {
            return json.to_vec();
        };
        self.show_value(&mut value);
        serde_json::to_vec(&value).unwrap_or_else(|_| json.to_vec())
    }

    fn show_value(&mut self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => *text = self.show(text).into(),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| self.show_value(item)),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(|field| self.show_value(field)),
            _ => {}
        }
    }

    /// An SVG picture whose text can be drawn. Its syntax is ASCII, so that what stands outside of it is text.
    pub(super) fn show_svg(&mut self, svg: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(svg) {
            Ok(text) if !text.is_ascii() => {
                let lines: Vec<_> = text
                    .split('\n')
                    .map(|line| self.show(line.trim_start_matches('\u{feff}')))
                    .collect();
                lines.join("\n").into_bytes()
            }
            _ => svg.to_vec(),
        }
    }

    /// The one warning that lists what was spelt out.
    pub(super) fn warning(&self) -> Option<Diagnostic> {
        if self.missing.is_empty() {
            return None;
        }
        let named: Vec<_> = self.missing.iter().take(NAMED).map(|c| name(*c)).collect();
        let rest = self.missing.len().saturating_sub(NAMED);
        let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
        Some(
            Diagnostic::new(
                Code::MissingGlyph,
                format!("the PDF's fonts lack characters of the report: {}{more}", named.join(", ")),
            )
            .help("`--system-fonts`, or `--font-path DIR` with a font that has them, draws them; without, the PDF spells them out as `‹U+XXXX›`, and the other formats show them as they are"),
        )
    }
}

/// A character as the warning names it: itself where a terminal can show it, and its number.
fn name(c: char) -> String {
    let number = c as u32;
    if may_be_drawn(c) && !matches!(c, '\u{200c}' | '\u{200d}') {
        format!("{c} (U+{number:04X})")
    } else {
        format!("U+{number:04X}")
    }
}

/// Whether a font can make a character legible at all: controls, marks of direction and private use stay spelt out.
/// Joiners are allowed, since scripts and pictures are put together with them.
fn may_be_drawn(c: char) -> bool {
    !matches!(c,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{200e}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{e0000}'..)
}

#[derive(PartialEq, Eq)]
enum Class {
    Drawn,
    Space,
    Silent,
    Missing,
}

fn class(c: char) -> Class {
    match c {
        ' '..='~' => Class::Drawn,
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Class::Space,
        // Variation selectors ask for another picture of the character before them, which is spelt out anyway.
        '\u{fe00}'..='\u{fe0f}' => Class::Silent,
        // A place where a line may break; the shaper draws nothing there.
        '\u{200b}' | '\u{ad}' => Class::Drawn,
        // Controls, marks that turn the direction of what follows, private use: legible to no reader of the PDF.
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{200c}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}' => Class::Missing,
        c if fonts::cover(c) => Class::Drawn,
        _ => Class::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_have_stays() {
        let mut glyphs = Glyphs::of(Fonts::embedded());
        assert_eq!(
            glyphs.show("Prüfung – “naïve”, Ελλάδα, Россия · €5 … x→y"),
            "Prüfung – “naïve”, Ελλάδα, Россия · €5 … x→y"
        );
        assert!(glyphs.warning().is_none());
    }

    #[test]
    fn what_they_lack_is_spelt_out_and_listed_once() {
        let mut glyphs = Glyphs::of(Fonts::embedded());
        assert_eq!(glyphs.show("a☃b\u{202e}c\u{0}"), "a‹U+2603›b‹U+202E›c‹U+0000›");
        assert_eq!(glyphs.show("⚠\u{fe0f}\n☃"), "‹U+26A0› ‹U+2603›");
        let warning = glyphs.warning().unwrap();
        assert!(
            warning.message.ends_with("U+0000, U+202E, ☃ (U+2603), ⚠ (U+26A0)"),
            "{}",
            warning.message
        );
    }

    #[test]
    fn json_is_shown_through_its_escapes() {
        let mut glyphs = Glyphs::of(Fonts::embedded());
        assert_eq!(
            glyphs.show_json(b"{\"a\": [\"\\u2603\"], \"b\": 1}"),
            "{\"a\":[\"‹U+2603›\"],\"b\":1}".as_bytes()
        );
        assert_eq!(glyphs.show_json("{\"a\": \"日\"".as_bytes()), "{\"a\": \"日\"".as_bytes());
    }
}
