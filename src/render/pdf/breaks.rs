//! Where a word that is too long for its line may break.
//!
//! In: a word and the width of its line. Out: its pieces. Resource names, addresses and file names break after their marks,
//! names written in one where a capital begins their next word, anything else where the line is full, so that nothing runs
//! out of its cell.

use super::fonts::{self, TEXT_SIZE};
use crate::render::tied::{TIED, tied};
use std::borrow::Cow;

/// A word of more characters than this is an identifier and may break even where it would fit.
const LONG: usize = 20;

/// A name of letters and digits that is no longer than this breaks only where it does not fit.
const NAME: usize = 28;

/// A part of a word that is longer than [`LONG`], such as a checksum, may break after so many characters.
const STEP: usize = 12;

/// A piece that ends in a mark has at least so many characters. Each piece is a text of its own in the PDF, so that shorter
/// ones would cost more than the fuller lines are worth.
const PIECE: usize = 6;

/// How wide text is on one line, in points.
pub(super) fn width(text: &str, bold: bool) -> f64 {
    text.chars().map(|c| fonts::advance(c, bold)).sum::<f64>() * TEXT_SIZE / 1000.0
}

/// The widest piece of a text that cannot be broken, in points.
pub(super) fn widest_piece(text: &str, bold: bool, line: f64) -> f64 {
    tied(text)
        .split([' ', '\u{200b}'])
        .flat_map(|word| pieces(word, line, bold))
        .map(|piece| width(piece, bold))
        .fold(0.0, f64::max)
}

/// Letters at the end of a word that no line begins with.
const ORPHAN: usize = 2;

/// A text whose words do not break at a hyphen before their last letter or two, as in `opt-in`: behind it stands the
/// mark that joins words and is not drawn (U+2060).
pub(super) fn kept_together(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('-') {
        let is_letter = |c: &char| c.is_ascii_alphabetic();
        let before = text[..at].chars().next_back().is_some_and(|c| is_letter(&c));
        let rest = &text[at + 1..];
        let length = rest.chars().take_while(is_letter).count();
        let ends = rest.chars().nth(length).is_none_or(|c| !c.is_alphanumeric() && c != '-');
        if before && (1..=ORPHAN).contains(&length) && ends {
            out.push_str(&text[done..=at]);
            out.push('\u{2060}');
            done = at + 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Whether a text has to be cut into pieces at all. Cheap: most text has no such word.
pub(super) fn needed(text: &str, line: f64, bold: bool) -> bool {
    text.split(' ').any(|word| is_long(word, line, bold))
}

fn is_long(word: &str, line: f64, bold: bool) -> bool {
    // Broken at a capital, a name of letters alone reads as two: that is done only where there is no room for it.
    let is_name = word.len() <= NAME && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // No character is wider than the text size, so that short words need no measuring.
    (word.len() > LONG && !is_name) || (word.len() as f64 * TEXT_SIZE > line && width(word, bold) > line)
}

/// The pieces of a text: a line may break between two of them. Joined they are the text.
pub(super) fn pieces(text: &str, line: f64, bold: bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut word_start = 0;
    for (end, _) in text.match_indices(' ').chain([(text.len(), "")]) {
        let word = &text[word_start..end];
        if is_long(word, line, bold) {
            for cut in cuts(word, line, bold) {
                pieces.push(&text[start..word_start + cut]);
                start = word_start + cut;
            }
        }
        word_start = end + 1;
    }
    pieces.push(&text[start..]);
    pieces
}

/// The offsets at which a long word may break.
fn cuts(word: &str, line: f64, bold: bool) -> Vec<usize> {
    let mut cuts = Vec::new();
    let (mut run, mut count) = (0.0, 0);
    let parts = parts(word);
    for (position, start) in parts.iter().enumerate() {
        let end = parts.get(position + 1).copied().unwrap_or(word.len());
        let part = &word[*start..end];
        let (part_width, letters) = (width(part, bold), part.chars().count());
        if *start > 0 && (count >= PIECE || run + part_width > line) {
            cuts.push(*start);
            (run, count) = (0.0, 0);
        }
        if letters <= LONG && run + part_width <= line {
            run += part_width;
            count += letters;
            continue;
        }
        for (offset, c) in part.char_indices() {
            let advance = fonts::advance(c, bold) * TEXT_SIZE / 1000.0;
            // A mark stays with what it ends, if there is room.
            let full = (letters > LONG && count >= STEP && !is_mark(c)) || run + advance > line;
            if start + offset > 0 && !joins(c) && full && cuts.last() != Some(&(start + offset)) {
                cuts.push(start + offset);
                (run, count) = (0.0, 0);
            }
            run += advance;
            count += 1;
        }
    }
    cuts
}

/// Where the parts of a word begin: behind marks, and where a capital begins a further word of a name written in one.
fn parts(word: &str) -> Vec<usize> {
    let mut parts = vec![0];
    let mut letters = word.char_indices().peekable();
    let mut previous: Option<char> = None;
    while let Some((offset, c)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let begins = previous.is_some_and(|previous| {
            let after_mark = is_mark(previous) && !is_mark(c) && !joins(c);
            let hump = c.is_uppercase() && (previous.is_lowercase() || (previous.is_uppercase() && next.is_some_and(char::is_lowercase)));
            after_mark || hump
        });
        if begins {
            parts.push(offset);
        }
        previous = Some(c);
    }
    parts
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '/' | ':' | '_' | '-' | '.' | ',' | ';' | '=' | '&' | '?' | '@' | '#' | '|' | '+' | '~' | TIED
    )
}

/// Whether a character belongs to the one before it.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_break_after_their_marks() {
        let arn = "arn:aws:rds:eu-west-1:123456789012:db:payments-prod";
        let cut = pieces(arn, 400.0, false);
        assert_eq!(cut.concat(), arn);
        assert_eq!(cut, ["arn:aws:", "rds:eu-", "west-1:", "123456789012:", "db:payments-", "prod"]);
    }

    #[test]
    fn names_break_where_their_words_begin() {
        for (name, cut) in [
            (
                "iam_database_authentication_enabled",
                vec!["iam_database_", "authentication_", "enabled"],
            ),
            ("service-desk@northwind.example", vec!["service-", "desk@northwind.", "example"]),
            (
                "AWS::Config::ConfigurationRecorder",
                vec!["AWS::Config::", "Configuration", "Recorder"],
            ),
            (
                "DNSSECKeySigningKeysNeedingAction",
                vec!["DNSSEC", "KeySigning", "KeysNeeding", "Action"],
            ),
            ("minimum_load_balancer_capacity", vec!["minimum_", "load_balancer_", "capacity"]),
        ] {
            assert_eq!(pieces(name, 120.0, false), cut);
        }
    }

    #[test]
    fn what_is_tied_breaks_between_its_parts_in_a_column_that_is_too_narrow() {
        assert_eq!(
            pieces("22\u{a0}November\u{a0}2026", 60.0, false).concat(),
            "22\u{a0}November\u{a0}2026"
        );
    }

    #[test]
    fn no_line_begins_with_the_end_of_a_short_word() {
        assert_eq!(kept_together("switched on, opt-in [4]"), "switched on, opt-\u{2060}in [4]");
        for text in ["customer-specific", "eu-west-1", "a - b", "-in", "multi-az-cluster", ""] {
            assert!(matches!(kept_together(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn plain_words_stay_whole_where_they_fit() {
        assert!(!needed("Applies engine patches in the maintenance window", 120.0, false));
        assert_eq!(pieces("Applies engine patches", 120.0, false), ["Applies engine patches"]);
    }

    #[test]
    fn no_piece_is_wider_than_its_line() {
        let word = "W".repeat(10_000);
        for piece in pieces(&word, 20.0, true) {
            assert!(width(piece, true) <= 20.0);
        }
        assert!(needed("accountability", 30.0, false));
    }
}
