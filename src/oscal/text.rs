//! Texts of an inventory and of the catalog in OSCAL's types of text, and OSCAL's markup as plain text.
//!
//! In: any text. Out: one that its type allows, never empty. What comes from outside is never markup.

use crate::render::escape::{escaped, prose};

/// What stands for a text that there is not.
const NONE: &str = "not stated";

/// One line, without what would break it.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { NONE.to_owned() } else { words.join(" ") }
}

/// A text without markup, on one line.
pub(super) fn plain(text: &str) -> String {
    one_line(text)
}

/// Markup of one line that shows a text.
pub(super) fn line(text: &str) -> String {
    escaped(&one_line(text))
}

/// Markup that shows a text of the catalog, in which pairs of backticks are code.
pub(super) fn catalog(text: &str) -> String {
    capital(&prose(&one_line(text)))
}

/// A list in markup, behind a line that says of what; what is in it is markup already.
pub(super) fn list(heading: &str, items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
    format!("{heading}\n\n{}", items.join("\n"))
}

/// A token: letters, digits, `.`, `-` and `_`, a letter first.
pub(super) fn token(text: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() || letter == '_' || letter == '.' {
            letter.to_lowercase().next().unwrap_or(letter)
        } else {
            '-'
        }
    };
    let joined: String = text.chars().map(letter).collect();
    let words: Vec<&str> = joined.split('-').filter(|word| !word.is_empty()).collect();
    let token = words.join("-");
    match token.chars().next() {
        Some(first) if first.is_alphabetic() => token,
        Some(_) => format!("_{token}"),
        None => "unnamed".to_owned(),
    }
}

/// A sentence that begins with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What markup shows, as one line of plain text.
pub(super) fn read(markup: &str) -> String {
    let mut shown = String::with_capacity(markup.len());
    let mut letters = markup.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek().copied()) {
            ('\\', Some(next)) if next.is_ascii_punctuation() => {
                shown.push(next);
                letters.next();
            }
            _ => shown.push(letter),
        }
    }
    one_line(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_begin_with_a_letter() {
        for (text, expected) in [
            ("Head of Platform", "head-of-platform"),
            ("24/7 desk", "_24-7-desk"),
            ("", "unnamed"),
            ("é", "é"),
        ] {
            assert_eq!(token(text), expected);
        }
    }

    proptest! {
        #[test]
        fn texts_are_what_their_types_allow(text in any::<String>()) {
            for made in [plain(&text), line(&text), catalog(&text)] {
                prop_assert!(!made.is_empty() && !made.contains(['\n', '\r']), "{made:?}");
                prop_assert_eq!(made.trim(), &made);
            }
            let made = token(&text);
            prop_assert!(made.starts_with(|first: char| first.is_alphabetic() || first == '_'));
        }

        #[test]
        fn what_is_written_as_markup_is_read_as_it_was(text in "[ -~äé`*_<>\\[\\]#|&$~\\\\]{1,40}") {
            prop_assert_eq!(read(&line(&text)), plain(&text));
        }
    }
}
