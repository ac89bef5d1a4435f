//! Texts of files and names as a terminal may have them.
//!
//! In: any text. Out: the same without what a terminal would obey.

/// A text for a terminal: controls, and characters that turn the reading direction, are replaced by as many bytes.
pub(super) fn printable(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' | '\r' => letter,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        letter if letter.is_control() && letter.is_ascii() => '?',
        letter if letter.is_control() => '¿',
        letter => letter,
    };
    text.chars().map(shown).collect()
}
