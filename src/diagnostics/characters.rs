//! Which characters show, and which speak to a terminal instead of to its reader.
//!
//! In: characters and texts. Out: whether anything of them is seen, and a text that a terminal shows as it stands.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character prints as nothing at all: it takes no room, and whoever reads on paper does not know of it.
///
/// These are Unicode's default ignorables (soft hyphens, joiners, marks of direction, variation selectors, fillers, tags)
/// and what stands between interlinear annotations.
#[must_use]
pub fn is_ignorable(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether nothing of a text is seen: it has no character but spaces, controls, and those that print as nothing.
#[must_use]
pub fn prints_as_nothing(text: &str) -> bool {
    // The empty pattern of Braille is a space by another name.
    let blank = |letter: char| letter.is_whitespace() || letter.is_control() || is_ignorable(letter) || letter == '\u{2800}';
    text.chars().all(blank)
}

/// Whether a terminal may do something else with a character than show it: controls of both sets, ends of lines aside,
/// and what turns the direction of reading, so that a line is read otherwise than it is.
#[must_use]
pub fn commands_terminal(letter: char) -> bool {
    letter.is_control() && letter != '\n' && letter != '\t'
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// A text for a terminal: what commands it stands spelt out, as `\u{1b}`.
#[must_use]
pub fn spelt_out(text: &str) -> Cow<'_, str> {
    if !text.chars().any(commands_terminal) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if commands_terminal(letter) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// A text for one line of a terminal.
#[must_use]
pub fn one_line(text: &str) -> String {
    spelt_out(&text.replace(['\n', '\r'], " ")).into_owned()
}

/// A text for a terminal in which every letter stays in its column: one for each that commands it, so that places still fit.
#[must_use]
pub fn letter_for_letter(text: &str) -> String {
    let shown = |letter: char| match letter {
        letter if commands_terminal(letter) && letter.is_ascii() => '?',
        letter if commands_terminal(letter) => '\u{fffd}',
        letter => letter,
    };
    text.chars().map(shown).collect()
}

/// A JSON text in which the same characters stand as JSON spells them, `\u202e`: any reader reads what it read before.
#[must_use]
pub fn spelt_out_in_json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(commands_terminal) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if commands_terminal(letter) {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_is_spelt_out() {
        assert_eq!(spelt_out("a\u{1b}[2J\u{7}\nb\tc"), "a\\u{1b}[2J\\u{7}\nb\tc");
        assert_eq!(spelt_out("\u{9b}1m \u{202e}txt\u{2069}\r"), "\\u{9b}1m \\u{202e}txt\\u{2069}\\u{d}");
        assert_eq!(spelt_out_in_json("\"\u{9b}\u{7f}\""), "\"\\u009b\\u007f\"");
        assert_eq!(one_line("a\nb\r\u{1b}"), "a b \\u{1b}");
        assert_eq!(letter_for_letter("a\u{1b}[2J\u{9b}\u{202e}\tb"), "a?[2J\u{fffd}\u{fffd}\tb");
        assert!(matches!(spelt_out("naïve — 日本\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn some_texts_print_as_nothing() {
        for nothing in [
            "",
            " ",
            "\u{1b}",
            "\u{200b}\u{feff}",
            "\u{a0}\u{2003}",
            "\u{3164}",
            "\u{2800}",
            "\u{ad}",
        ] {
            assert!(prints_as_nothing(nothing), "{nothing:?}");
        }
        for something in [".", "a\u{200b}", "日", "\u{301}"] {
            assert!(!prints_as_nothing(something), "{something:?}");
        }
    }
}
