//! What is read in one stays on a line.
//!
//! In: a text. Out: the same, with spaces at which no line breaks within a day, a share or a telephone number.

use std::borrow::Cow;

/// A space at which no line breaks.
pub(super) const TIED: char = '\u{a0}';

/// A word of more characters than this is an identifier, with which no mark stays.
const LONG: usize = 20;

/// A text in which what is read in one stays on a line: the parts of a day (`22 November 2026`), a number behind a bracket
/// and what it counts (`(1 resource)`), the groups of a telephone number, a share (`1 of 5`), a letter and whose it is
/// (`R Northwind`).
pub(super) fn tied(text: &str) -> Cow<'_, str> {
    let may_tie = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'A' | b'R' | 0xb7);
    if !text.contains(' ') || !text.bytes().any(may_tie) {
        return Cow::Borrowed(text);
    }
    let mut ties = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        if at > 0 && is_tied(&words, word) {
            ties.push(at - 1);
        }
        words.push(word);
        at += word.len() + 1;
    }
    if ties.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + ties.len());
    let mut done = 0;
    for tie in ties {
        out.push_str(&text[done..tie]);
        out.push(TIED);
        done = tie + 1;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Whether a word stays with those before it.
fn is_tied(before: &[&str], word: &str) -> bool {
    let Some((last, earlier)) = before.split_last() else {
        return false;
    };
    let is_number = |word: &str, most: usize| (1..=most).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let opened = last.trim_start_matches('(');
    if is_month(word.trim_end_matches([',', '.', ';', ':', ')'])) {
        return is_number(opened, 2);
    }
    if is_month(last) {
        let year = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        return year.len() == 4 && is_number(year, 4) && earlier.last().is_some_and(|day| is_number(day.trim_start_matches('('), 2));
    }
    // `3 of 5`, and a letter with whose it is.
    let of = earlier.last().map(|of| of.trim_start_matches('('));
    let closed = word.trim_end_matches([',', '.', ';', ':', ')']);
    let is_share =
        (word == "of" && is_number(opened, 6)) || (*last == "of" && is_number(closed, 6) && of.is_some_and(|of| is_number(of, 6)));
    let is_held = matches!(opened, "A" | "R" | "A/R") && word.starts_with(char::is_uppercase);
    // A mark that parts ends a line rather than begin one, unless what it is tied to would be long.
    let is_end = word == "\u{b7}" && last.len() + 2 < LONG && !is_number(last, 6);
    if is_share || is_held || is_end {
        return true;
    }
    let counts = last.starts_with('(') && is_number(opened, 5) && word.starts_with(|c: char| c.is_ascii_lowercase());
    let first_of_number = before.iter().rev().find(|word| !is_number(word, 6));
    let dials = is_number(word.trim_end_matches([',', '.', ';', ')']), 6)
        && first_of_number.is_some_and(|first| first.strip_prefix('+').is_some_and(|code| is_number(code, 4)));
    counts || dials
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS
        .iter()
        .any(|month| word == *month || (word.len() == 3 && month.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_in_one_stays_on_a_line() {
        for (text, same) in [
            (
                "read 22 November 2026, and on 3 Feb 2027",
                "read 22~November~2026, and on 3~Feb~2027",
            ),
            ("prod (1 resource)", "prod (1~resource)"),
            ("call +44 20 7946 0101 at night", "call +44~20~7946~0101 at night"),
            ("(by 1 May)", "(by 1~May)"),
            ("excepted 1 of 2, unknown (3 of 4)", "excepted 1~of~2, unknown (3~of~4)"),
            ("A Platform Engineering, R Northwind", "A~Platform Engineering, R~Northwind"),
            ("monthly · Review it", "monthly~· Review it"),
        ] {
            assert_eq!(tied(text), same.replace('~', "\u{a0}"));
        }
        for text in ["in 14 duties of 2026", "May 2026", "3 or 12 may 4", "PCI DSS 8.3.6 14", ""] {
            assert!(matches!(tied(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
