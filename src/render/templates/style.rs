//! Whether a style sheet ends where it ends.
//!
//! In: the text of a style sheet. Out: the first bracket, string or comment of it that is never closed or never opened,
//! since all rules behind it are lost without a word, and whatever would end the style within a page.

use crate::diagnostics::{Code, Diagnostic, Place};
use std::sync::Arc;

pub(super) fn faults(text: &str, file: &Arc<str>) -> Vec<Diagnostic> {
    let fault = |at: usize, message: String| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Diagnostic::new(Code::TemplateError, message)
            .at(Place::at(file, line, column))
            .help("browsers pass over what follows; mend the style sheet")
    };
    let end = text.to_ascii_lowercase().find("</style");
    let ends = end.map(|at| fault(at, "`</style` ends the style sheet within the page".to_owned()));
    unbalanced(text)
        .map(|(at, message)| fault(at, message))
        .into_iter()
        .chain(ends)
        .collect()
}

/// The first place where opening and closing do not match.
fn unbalanced(text: &str) -> Option<(usize, String)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut next = 0;
    while let Some(letter) = text.get(next..).and_then(|rest| rest.chars().next()) {
        let at = next;
        next += letter.len_utf8();
        let rest = text.get(next..).unwrap_or_default();
        match letter {
            '/' if rest.starts_with('*') => {
                let Some(end) = rest.get(1..).and_then(|rest| rest.find("*/")) else {
                    return Some((at, "the comment that begins here does not end".to_owned()));
                };
                next += 1 + end + 2;
            }
            '"' | '\'' => match string_end(rest, letter) {
                Some(end) => next += end,
                None => return Some((at, "the string that begins here does not end on its line".to_owned())),
            },
            '\\' => next += rest.chars().next().map_or(0, char::len_utf8),
            '{' | '(' | '[' => open.push((at, letter)),
            '}' | ')' | ']' => {
                let expected = match letter {
                    '}' => '{',
                    ')' => '(',
                    _ => '[',
                };
                match open.pop() {
                    Some((_, opened)) if opened == expected => {}
                    _ => return Some((at, format!("`{letter}` closes what was never opened"))),
                }
            }
            _ => {}
        }
    }
    let (at, letter) = open.pop()?;
    Some((at, format!("`{letter}` is never closed")))
}

/// Where the string ends, its last quote included.
fn string_end(rest: &str, quote: char) -> Option<usize> {
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '\n' => return None,
            letter if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_closed_is_told_where_it_begins() {
        let at = |text: &str| unbalanced(text).map(|(at, _)| at);
        for well in ["a { b: c }", "a::before { content: \"}\\\"\" } /* { */ b[c=')'] {}", "", "a\\{ {}"] {
            assert_eq!(at(well), None, "{well}");
        }
        assert_eq!(at("a { b: c"), Some(2));
        assert_eq!(at("a { } }"), Some(6));
        assert_eq!(at("a { b: (c } )"), Some(10));
        assert_eq!(at("x /* a { }"), Some(2));
        assert_eq!(at("a { b: \"c\n\" }"), Some(7));
    }
}
