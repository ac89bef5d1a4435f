//! The filters of templates.
//!
//! In: a text. Out: the same as an address, a date in words, a short text.

use crate::render::escape;
use crate::render::parse::slug;
use crate::report::grouped;
use crate::text::{day_of, short_day_of};
use std::fmt::Write as _;
use tera::{Kwargs, State, StringInput, Tera, Value};

/// Filters that the built-in templates use.
pub(in crate::render) fn register(tera: &mut Tera) {
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State| slug(text));
    tera.register_filter("address", |text: &str, _: Kwargs, _: &State| Value::safe_string(&address(text)));
    tera.register_filter("css", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::css(text.as_str()))
    });
    tera.register_filter("contact", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::contact(text.as_str()))
    });
    tera.register_filter("short", |text: &str, options: Kwargs, _: &State| {
        Ok(escape::short(text, options.get::<usize>("letters")?.unwrap_or(40)))
    });
    tera.register_filter("lines", |text: &str, options: Kwargs, _: &State| {
        let most = options.get::<usize>("most")?.unwrap_or(3);
        Ok::<_, tera::Error>(Value::safe_string(&in_short(text, most)))
    });
    tera.register_filter("clause", |text: &str, options: Kwargs, _: &State| {
        Ok(clause(text, options.get::<bool>("colon")?.unwrap_or(true)).to_owned())
    });
    tera.register_filter("number", |number: u64, _: Kwargs, _: &State| grouped(number));
    tera.register_filter("day", |date: &str, _: Kwargs, _: &State| day_of(date));
    tera.register_filter("short_day", |date: &str, _: Kwargs, _: &State| short_day_of(date));
    tera.register_filter("dated", |text: &str, _: Kwargs, _: &State| dated(text));
    tera.register_filter("sentence", |text: &str, _: Kwargs, _: &State| sentence(text));
    tera.register_filter("prose", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::prose(text.as_str()))
    });
}

/// The first lines of each part of a text, as Markdown, and how many more there are: a line that ends with a colon begins
/// a part, and a part a line of its own, so that neither half of what is shared is cut off.
fn in_short(text: &str, most: usize) -> String {
    let mut parts: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = line.strip_prefix("- ").unwrap_or(line);
        if line.ends_with(':') {
            parts.push((Some(line), Vec::new()));
        } else if let Some((_, lines)) = parts.last_mut() {
            lines.push(line);
        } else {
            parts.push((None, vec![line]));
        }
    }
    let most = (most / parts.len().max(1)).max(1);
    let told = parts.into_iter().map(|(head, lines)| {
        let mut told = head.map(|head| format!("{} ", escape::escaped(head))).unwrap_or_default();
        let first: Vec<String> = lines.iter().take(most).map(|line| escape::escaped(line)).collect();
        told.push_str(&first.join("; "));
        if lines.len() > most {
            let _ = write!(told, "; and {} more", lines.len() - most);
        }
        told
    });
    told.collect::<Vec<_>>().join("<br>")
}

/// The first clause of a text: up to a semicolon, the end of its first sentence or, where that is meant, a colon. What stands
/// in quotation marks is somebody's own words and is not taken apart.
fn clause(text: &str, colon: bool) -> &str {
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        is_quoted ^= letter == '"';
        let ends = matches!(letter, ';' | '.') || (colon && letter == ':');
        if ends && !is_quoted && text[at + letter.len_utf8()..].starts_with(' ') {
            return &text[..at];
        }
    }
    text
}

/// A text that begins with a capital. A word of code at its beginning stays as it is.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A web address as the target of a Markdown link: nothing in it can end the link.
fn address(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '(' | ')' | '<' | '>' | '"' | '\\' | '|' | '`' | ' ' => {
                let _ = write!(out, "%{:02X}", u32::from(letter));
            }
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A text with its days in words. What stands between backticks is code and stays as it is, and so is what is part of an
/// identifier or an address.
fn dated(text: &str) -> String {
    const DAY: usize = "2026-11-01".len();
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_/:".contains(byte));
    let (bytes, mut out, mut from, mut is_code) = (text.as_bytes(), String::with_capacity(text.len()), 0, false);
    for at in 0..bytes.len() {
        is_code ^= bytes[at] == b'`';
        let end = at + DAY;
        // `2026-11-01.yaml` is a file; a point behind the last word of a sentence has nothing behind it.
        let is_file = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        if is_code || is_file || at < from || is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) || is_part(bytes.get(end)) {
            continue;
        }
        let Some(date) = text.get(at..end) else { continue };
        let words = day_of(date);
        if words != date {
            out.push_str(&text[from..at]);
            out.push_str(&words);
            from = end;
        }
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_of_what_is_shared_is_told() {
        let both = "Inherited:\nEC2: Does a\nRDS: Does b\nS3: Does c\n\nCustomer's:\nEC2: Does d\nRDS: Does e\nS3: Does f";
        assert_eq!(
            in_short(both, 4),
            "Inherited: EC2: Does a; RDS: Does b; and 1 more<br>Customer's: EC2: Does d; RDS: Does e; and 1 more"
        );
        assert_eq!(in_short("Ours to do:\n- a\n- b", 4), "Ours to do: a; b");
        assert_eq!(in_short("a\nb\n\nc", 2), "a; b; and 1 more");
        for most in 0..9 {
            let told = in_short(both, most);
            assert!(
                told.contains("Inherited: EC2: Does a") && told.contains("Customer's: EC2: Does d"),
                "{told}"
            );
        }
        for same in ["line 664 of 2026-08-01.yaml", "", "a", "Access is reviewed"] {
            assert_eq!(in_short(same, 4), same);
        }
        assert_eq!(in_short("a | b", 4), "a \\| b");
    }

    #[test]
    fn a_clause_ends_where_the_next_begins() {
        assert_eq!(clause("Set `a.b` to true; it is off by default", true), "Set `a.b` to true");
        assert_eq!(
            clause("Change it and test: nobody else does. Then wait", true),
            "Change it and test"
        );
        assert_eq!(clause("RDS: open for one; the usual form is shown", false), "RDS: open for one");
        assert_eq!(
            clause("the exception \"a; b. c\" expired; renew it", true),
            "the exception \"a; b. c\" expired"
        );
        assert_eq!(clause("Set `a:b` to 1.5.", true), "Set `a:b` to 1.5.");
        assert_eq!(clause("é", true), "é");
    }

    #[test]
    fn days_in_a_text_are_told_in_words() {
        assert_eq!(dated("expired on 2026-09-30"), "expired on 30 September 2026");
        assert_eq!(dated("2026-01-02, then 2027-02-28."), "2 January 2026, then 28 February 2027.");
        for same in [
            "",
            "é",
            "`2026-09-30`",
            "x2026-09-30",
            "2026-13-40",
            "a/2026-09-30",
            "2026-09-30T10:00",
            "12026-09-30",
            "ab-2026-09-30-c",
        ] {
            assert_eq!(dated(same), same);
        }
    }
}
