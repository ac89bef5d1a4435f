//! The text of an earlier inventory with other resources in it, and with its comments.
//!
//! In: the text, the united resources, and what the whole is to say. Out: the text, in which only the lines of resources
//! that changed are written anew; nothing where that does not say what it is to say.

use super::merge::{Merged, Union};
use super::{inline, remarks};
use serde_json::Value;

/// Whether a text has any comment.
pub(super) fn has_any(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #"))
}

/// The new text.
pub(super) fn spliced(text: &str, union: &Union, whole: &Value) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let made = match lines.iter().position(|line| is_key(line)) {
        Some(key) => {
            let end = end(&lines, key + 1);
            let items = items(&lines[key + 1..end])?;
            let mut made: String = lines[..=key].concat();
            if union.resources.is_empty() {
                made = lines[..key].concat();
                made.push_str("resources: []\n");
            }
            for one in &union.resources {
                made.push_str(&item(one, &items)?);
            }
            made.push_str(&lines[end..].concat());
            made
        }
        None => {
            let mut made = text.to_owned();
            if !made.is_empty() && !made.ends_with('\n') {
                made.push('\n');
            }
            made.push_str("resources:\n");
            for one in &union.resources {
                made.push_str(&emitted(one, 2)?);
            }
            made
        }
    };
    let says: Value = serde_yaml::from_str(&made).ok()?;
    (says == *whole).then_some(made)
}

/// `resources:` on a line of its own.
fn is_key(line: &str) -> bool {
    let rest = line.strip_prefix("resources:").map(str::trim);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

/// The line at which the list ends: the next key, with the comments above it.
fn end(lines: &[&str], from: usize) -> usize {
    let next = lines[from..]
        .iter()
        .position(|line| !line.trim().is_empty() && !line.starts_with([' ', '-', '#', '\t']))
        .map_or(lines.len(), |found| from + found);
    let mut end = next;
    while end > from && (lines[end - 1].trim().is_empty() || lines[end - 1].starts_with('#')) {
        end -= 1;
    }
    if next == lines.len() { next.min(end.max(from)) } else { end }
}

/// An item's own lines, behind the comments above it.
struct Item {
    comments: String,
    body: String,
    indent: usize,
}

/// The items of a list.
fn items(lines: &[&str]) -> Option<Vec<Item>> {
    let first = lines.iter().find(|line| line.trim_start().starts_with('-'));
    let indent = first.map_or(2, |line| line.len() - line.trim_start().len());
    let starts = |line: &str| {
        let rest = line.get(indent..).unwrap_or_default();
        line.get(..indent).is_some_and(|blank| blank.trim().is_empty()) && (rest.starts_with("- ") || rest.trim_end() == "-")
    };
    let mut items: Vec<Item> = Vec::new();
    let mut above = String::new();
    for line in lines {
        let is_comment = line.trim().is_empty() || line.trim_start().starts_with('#');
        if starts(line) {
            items.push(Item {
                comments: std::mem::take(&mut above),
                body: (*line).to_owned(),
                indent,
            });
        } else if is_comment {
            above.push_str(line);
        } else {
            let last = items.last_mut()?;
            last.body.push_str(&std::mem::take(&mut above));
            last.body.push_str(line);
        }
    }
    if let Some(last) = items.last_mut() {
        last.body.push_str(&above);
    }
    Some(items)
}

fn item(one: &Merged, items: &[Item]) -> Option<String> {
    let indent = items.first().map_or(2, |item| item.indent);
    let Some(earlier) = one.earlier else {
        return emitted(one, indent);
    };
    let was = items.get(earlier)?;
    let body = if one.unchanged {
        let end = if was.body.ends_with('\n') { "" } else { "\n" };
        format!("{}{end}", was.body)
    } else {
        let lines = inline::kept(&was.body, emitted(one, indent)?, &one.value);
        let (above, body) = remarks::carried(&was.body, &lines);
        format!("{above}{body}")
    };
    Some(format!("{}{body}", was.comments))
}

/// A resource as an item of a list, indented.
fn emitted(one: &Merged, indent: usize) -> Option<String> {
    let text = serde_yaml::to_string(&[&one.value]).ok()?;
    let blank = " ".repeat(indent);
    Some(
        text.lines()
            .map(|line| {
                if line.is_empty() {
                    "\n".to_owned()
                } else {
                    format!("{blank}{line}\n")
                }
            })
            .collect(),
    )
}
