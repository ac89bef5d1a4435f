//! Markdown as people get it: without the comments that say to this program what a text stands for.
//!
//! In: a document of the templates. Out: the same text for a reader. HTML and PDF are made from the one with comments, so
//! nothing is lost with them.

use super::parse::directive::directive;
use memchr::memmem::Finder;
use std::borrow::Cow;

/// What a comment begins with.
const OPEN: &str = "<!--";
/// A line of text that is longer is broken at words.
const LONGEST: usize = 600;
/// And its lines are then about as long as that.
const WRAPPED: usize = 120;

/// The text for a reader. Comments of people stay.
#[must_use]
pub fn readable(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut is_blank = true;
    let opening = Finder::new(OPEN);
    for line in markdown.lines() {
        let (text, had_marks) = without_marks(line, &opening);
        // The state is one word for this program, and two for people.
        let text = text.trim_end().replace("`not-met`", "`not met`");
        if text.is_empty() {
            // What was nothing but a comment leaves no line behind, and lines between blocks stay single.
            is_blank |= !had_marks && !out.is_empty();
            continue;
        }
        if is_blank && !out.is_empty() {
            out.push('\n');
        }
        is_blank = false;
        if text.len() > LONGEST && !text.starts_with(['|', '#']) {
            wrap(&mut out, &text);
        } else {
            out.push_str(&text);
        }
        out.push('\n');
    }
    out
}

/// A line without the comments that this program reads, and whether there were any.
fn without_marks<'l>(line: &'l str, opening: &Finder<'_>) -> (Cow<'l, str>, bool) {
    let (mut out, mut rest, mut found) = (String::new(), line, false);
    // Most lines have none.
    while let Some(at) = opening.find(rest.as_bytes()) {
        let (before, behind) = (&rest[..at], &rest[at + OPEN.len()..]);
        let comment = behind.split_once("-->").filter(|_| !before.ends_with('\\'));
        let (inner, after) = match comment {
            Some((inner, after)) if matches!(directive(inner), Ok(Some(_))) => (None, after),
            _ => (Some(OPEN), behind),
        };
        out.push_str(before);
        match inner {
            Some(kept) => out.push_str(kept),
            None => found = true,
        }
        rest = after;
    }
    if rest.len() == line.len() {
        return (Cow::Borrowed(line), false);
    }
    out.push_str(rest);
    (Cow::Owned(out), found)
}

/// Breaks a long line between words, where what follows can begin nothing but a word. Items of lists go on below their text.
fn wrap(out: &mut String, text: &str) {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut length = 0;
    for (position, word) in text.split(' ').enumerate() {
        if position > 0 {
            if length + word.len() > WRAPPED && word.starts_with(char::is_alphabetic) {
                out.push('\n');
                out.push_str(indent);
                length = 0;
            } else {
                out.push(' ');
                length += 1;
            }
        }
        out.push_str(word);
        length += word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_programs_comments_goes() {
        let text = "<!-- begin: cover -->\n\n# Title\n\n<!-- kind: raci, columns: 1 2 -->\n| A | B |\n|---|---|\n\
                    | <!-- duty: rds.backup@prod +2 -->Backs up | `not-met` |\n\n<!-- end -->\n\n<!-- of a person -->\n\n\
                    a \\<!-- kind: x --> b\n";
        assert_eq!(
            readable(text),
            "# Title\n\n| A | B |\n|---|---|\n| Backs up | `not met` |\n\n<!-- of a person -->\n\na \\<!-- kind: x --> b\n"
        );
    }

    #[test]
    fn long_lines_are_broken_between_words_and_say_the_same() {
        let words = "one - 2. # three ".repeat(60);
        for text in [format!("- {words}end"), format!("![{words}end](x.svg)"), format!("{words}end")] {
            let broken = readable(&text);
            assert!(
                broken.lines().count() > 5 && broken.lines().all(|line| line.len() < 160),
                "{broken}"
            );
            let joined: Vec<&str> = broken.split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<Vec<_>>());
            let further = broken.lines().skip(1).map(str::trim_start);
            assert!(further.clone().all(|line| line.starts_with(char::is_alphabetic)), "{broken}");
        }
        // A row of a table is one line, however long it is.
        let row = format!("| {words} |");
        assert_eq!(readable(&row), format!("{row}\n"));
    }
}
