//! Texts of an inventory that print as nothing.
//!
//! In: the tree of an inventory file. Out: a diagnostic for each text, and each key that names something, of which nothing is
//! seen: spaces, controls, characters without width. A heading or a cover of such a name says nothing, no reader can be
//! told of it, and the PDF's standard forbids it.

use crate::diagnostics::characters::{commands_terminal, is_ignorable, prints_as_nothing};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::text::Trail;
use serde_json::Value;
use std::sync::Arc;

/// What a source says of a resource is not for readers: its attributes, and the values of its tags.
const OF_SOURCES: [&str; 2] = ["config", "tags"];

/// Texts that are an entry's whole point, and may not even be empty. Others that are empty count as left out.
const NEEDED: [&str; 2] = ["reason", "change"];

/// Every text of a file that prints as nothing.
pub(super) fn faults(tree: &Value, file: &Arc<str>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(tree, &Trail::Root, file, &mut found);
    found
}

fn walk(value: &Value, trail: &Trail<'_>, file: &Arc<str>, found: &mut Vec<Diagnostic>) {
    match value {
        Value::String(text) => {
            let is_needed = matches!(trail, Trail::Key(_, key) if NEEDED.contains(key));
            if prints_as_nothing(text) && (!text.is_empty() || is_needed) {
                let route = trail.route();
                found.push(fault(&format!("`{route}`"), text, Place::value(file, route)));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &Trail::Index(trail, index), file, found);
            }
        }
        Value::Object(fields) => {
            for (key, inner) in fields {
                let at = Trail::Key(trail, key);
                if prints_as_nothing(key) {
                    let what = match trail {
                        Trail::Root => "a key".to_owned(),
                        within => format!("a key of `{}`", within.route()),
                    };
                    found.push(fault(&what, key, Place::key(file, at.route())));
                }
                if !OF_SOURCES.contains(&key.as_str()) {
                    walk(inner, &at, file, found);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn fault(what: &str, text: &str, place: Place) -> Diagnostic {
    let mut hidden: Vec<String> = text
        .chars()
        .filter(|letter| commands_terminal(*letter) || is_ignorable(*letter) || !letter.is_ascii())
        .map(|letter| format!("U+{:04X}", u32::from(letter)))
        .collect();
    hidden.dedup();
    hidden.truncate(4);
    let holds = match hidden.as_slice() {
        [] if text.is_empty() => "it is empty".to_owned(),
        [] => "it holds nothing but spaces".to_owned(),
        hidden => format!("it holds nothing but {}", hidden.join(", ")),
    };
    Diagnostic::new(Code::InvalidValue, format!("{what} prints as nothing"))
        .at(place)
        .help(format!("{holds}; write what can be read, or leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_must_be_seen() {
        let tree = json!({
            "organization": "\u{1b}", "system": "", "title": "x",
            "parties": {"\u{200b}": {"name": " "}, "b": {"people": ["\u{feff}", "c"]}},
            "resources": [{"name": "\u{a0}", "config": {"user": " "}, "tags": {"k": " "}}],
            "exceptions": [{"reason": ""}],
        });
        let messages: Vec<String> = faults(&tree, &"i.yaml".into()).into_iter().map(|one| one.message).collect();
        assert_eq!(messages.len(), 6, "{messages:?}");
        for route in [
            "`organization`",
            "a key of `parties`",
            "people[0]",
            "`resources[0].name`",
            "`exceptions[0].reason`",
        ] {
            assert!(messages.iter().any(|message| message.contains(route)), "{route}: {messages:?}");
        }
    }
}
