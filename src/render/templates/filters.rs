//! The filters of templates.
//!
//! In: a text. Out: the same as an address, a date in words, a short text.

use crate::render::escape;
use crate::render::parse::slug;
use crate::report::grouped;
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
        Ok(in_one_line(text, options.get::<usize>("most")?.unwrap_or(3)))
    });
    tera.register_filter("number", |number: u64, _: Kwargs, _: &State| grouped(number));
    tera.register_filter("day", |date: &str, _: Kwargs, _: &State| day(date));
    tera.register_filter("sentence", |text: &str, _: Kwargs, _: &State| sentence(text));
    tera.register_filter("prose", |text: StringInput<'_>, _: Kwargs, _: &State| {
        Value::safe_string(&escape::prose(text.as_str()))
    });
}

/// The first lines of a text in one, and how many more there are.
fn in_one_line(text: &str, most: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut told = lines.iter().take(most).copied().collect::<Vec<_>>().join("; ");
    if lines.len() > most {
        let _ = write!(told, "; and {} more", lines.len() - most);
    }
    told
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

/// `2026-11-01` as `1 November 2026`.
pub fn day(date: &str) -> String {
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
    match date.parse::<jiff::civil::Date>() {
        Ok(parsed) => {
            let month = usize::try_from(parsed.month())
                .ok()
                .and_then(|month| MONTHS.get(month.saturating_sub(1)));
            format!("{} {} {}", parsed.day(), month.unwrap_or(&""), parsed.year())
        }
        Err(_) => date.to_owned(),
    }
}
