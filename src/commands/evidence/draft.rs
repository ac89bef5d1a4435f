//! Entries of evidence to fill in.
//!
//! In: open duties. Out: YAML, an entry for each `match`, with what to obtain in comments above it.

use crate::report::{Meant, Open, Todo};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Letters of a comment.
const WIDTH: usize = 116;

/// Open duties that one entry means.
pub(super) type Entry<'t> = (&'t Meant, Vec<&'t Open>);

/// One entry for each `match`, in the order of the duties.
pub(super) fn entries(todo: &Todo) -> Vec<Entry<'_>> {
    let mut positions: BTreeMap<&Meant, usize> = BTreeMap::new();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for open in &todo.duties {
        let position = *positions.entry(&open.matches).or_insert(entries.len());
        match entries.get_mut(position) {
            Some((_, duties)) => duties.push(open),
            None => entries.push((&open.matches, vec![open])),
        }
    }
    entries
}

/// A file of a party's evidence with nothing but drafts.
pub(super) fn file(todo: &Todo) -> String {
    let mut out = comment(
        &format!(
            "What {} must still show, as of {}. Put this file beside the inventory, and fill in what there is: `artefact`, `reviewed` \
             (the day on which somebody read it, YYYY-MM-DD), and `by` where one of the party's `people` vouches and not the party \
             as such. Until `reviewed` is filled in, an entry is a draft and attests nothing. `cloudraci evidence --todo --party {} \
             -o THIS-FILE` adds what is missing and leaves what stands here as it is.",
            todo.name, todo.as_of, todo.party
        ),
        0,
    );
    let _ = write!(out, "\ninventory: 1\nevidence_of: {}\nevidence:", scalar(&todo.party));
    let entries = entries(todo);
    if entries.is_empty() {
        out.push_str(" []\n");
        return out;
    }
    out.push('\n');
    for (position, one) in entries.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        out.push_str(&entry(one, 2));
    }
    out
}

/// A draft, indented, with what to obtain above it.
pub(super) fn entry((meant, duties): &Entry<'_>, indent: usize) -> String {
    let blank = " ".repeat(indent);
    let mut out = String::new();
    if let Some(first) = duties.first() {
        let mut on: Vec<&str> = duties.iter().map(|open| open.service_title.as_str()).collect();
        on.dedup();
        let place = first.environment.as_ref().map_or_else(String::new, |name| format!(", {name}"));
        out.push_str(&comment(&format!("{}: {}{place}", first.control_title, on.join(", ")), indent));
        let often = first.cadence.as_ref().map_or_else(String::new, |cadence| format!(" ({cadence})"));
        out.push_str(&comment(&format!("{}{often}", first.does), indent));
        if let Some(how) = &first.how {
            out.push_str(&comment(how, indent));
        }
        out.push_str(&comment(&format!("Obtain: {}", first.evidence), indent));
    }
    let mut keys = vec![format!("activity: {}", scalar(&meant.activity))];
    keys.extend(
        meant
            .environment
            .iter()
            .map(|environment| format!("environment: {}", scalar(environment))),
    );
    for (key, list) in meant.lists() {
        let values: Vec<String> = list.iter().map(|value| scalar(value)).collect();
        if !values.is_empty() {
            keys.push(format!("{key}: [{}]", values.join(", ")));
        }
    }
    let _ = writeln!(out, "{blank}- match: {{{}}}", keys.join(", "));
    for key in ["artefact", "by", "reviewed"] {
        let _ = writeln!(out, "{blank}  {key}:");
    }
    out
}

/// A text as YAML: as it is where that is plain, else in quotes.
fn scalar(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if begins && !is_word && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        // A JSON string is a YAML one.
        serde_json::Value::from(text).to_string()
    }
}

/// Lines of a comment; whatever ends a line is a space.
fn comment(text: &str, indent: usize) -> String {
    let blank = " ".repeat(indent);
    let (mut out, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
        if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH - indent {
            let _ = writeln!(out, "{blank}#{line}");
            line.clear();
        }
        line.push(' ');
        line.push_str(&word);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "{blank}#{line}");
    }
    out
}
