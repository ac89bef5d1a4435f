//! What must not leave the file: passwords, keys, tokens, and texts that hold one.
//!
//! In: what importers found: attributes, tags, names, addresses. Out: the same without anything secret. This is the second net:
//! the first is that only what somebody needs is imported at all (`needed`). What is known of secrets stands in
//! `catalog/aws/secrets.yaml`; here is how it is applied. Switches and counts stay whatever they are called, as do attributes
//! that say something *about* a secret, such as `secret_arn` or `password_reuse_prevention`, since duties are judged by them.

mod commands;
mod documents;
mod knowledge;
mod marks;
mod names;
mod patterns;
mod places;
mod policies;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use marks::{Marked, forget, unmarked};
pub(crate) use names::is_secret as names_a_secret;
pub(crate) use policies::is_statement;
pub(crate) use texts::{hold_secret, is_plain};

pub(crate) use crate::catalog::predicate::NOT_TOLD;

use crate::catalog::predicate::Attributes;
use crate::diagnostics::Diagnostic;
use serde_json::Value;
use std::sync::Arc;

/// Whether a text that was found so deep in others holds a secret: [`texts::judge`]. Commands and documents are handed it, since
/// they lie in texts and texts in them.
type Judge = fn(&str, usize) -> bool;

/// The attributes of a resource of a type without anything secret.
pub(crate) fn without(kind: &str, mut attributes: Attributes) -> Attributes {
    clear(kind, &mut attributes);
    documents::open(attributes, texts::judge)
}

/// Takes the secrets of a type out of its attributes, whose names are in Terraform's spelling.
pub(crate) fn clear(kind: &str, attributes: &mut Attributes) {
    if attributes.is_empty() {
        return;
    }
    for place in knowledge::knowledge().places(kind) {
        place.clear(attributes);
    }
}

/// Tags without those that are secret by their key or by what they say.
pub(crate) fn open_tags(mut tags: Vec<(Arc<str>, String)>) -> Vec<(Arc<str>, String)> {
    tags.retain(|(key, value)| {
        let is_telling = || names::is_telling(key) && names::looks_random(value);
        // A list of tags in one text may have been cut within a secret.
        let is_cut = || {
            let is_odd =
                value.contains('@') || key.contains(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '{' | '<'));
            is_odd && [":", ": ", "="].iter().any(|sign| hold_secret(&format!("{key}{sign}{value}")))
        };
        !(names::is_secret(key) || hold_secret(key) || hold_secret(value) || is_telling() || is_cut())
    });
    tags
}

/// What stands for a value of which nothing is known but that it is there. In a policy's statement that is a block, since a text
/// there names something: a condition on any value at all narrows nothing.
pub(crate) fn gone(of_statement: bool) -> Value {
    if of_statement {
        Value::Object(Attributes::from_iter([(NOT_TOLD.to_owned(), true.into())]))
    } else {
        NOT_TOLD.into()
    }
}

/// Says of a block that was emptied that something stood in it: an empty one would be known to be unset.
fn mark_emptied(block: &mut Attributes, was_empty: bool) {
    if block.is_empty() && !was_empty {
        block.insert(NOT_TOLD.to_owned(), true.into());
    }
}

/// A text, unless it holds a secret.
pub(crate) fn open_text(text: String) -> Option<String> {
    Some(text).filter(|text| !hold_secret(text))
}

/// Whether a word makes a secret of what stands beside it: the name of one, of a header, of a program that is handed one.
pub(crate) fn is_key(word: &str) -> bool {
    names::is_secret(word) || names::is_telling(word) || commands::is_program(word) || {
        let word = word.to_lowercase();
        word == "basic" || knowledge::knowledge().header_names.contains(&word)
    }
}

/// A text that is needed, or a mark in its place.
pub(crate) fn told(text: String) -> String {
    open_text(text).unwrap_or_else(|| NOT_TOLD.to_owned())
}

/// A word about a file without the secrets that it quotes.
pub(crate) fn open_word(mut word: Diagnostic) -> Diagnostic {
    word.message = without_quoted(&word.message);
    word.help = word.help.map(|help| without_quoted(&help));
    word
}

/// A sentence without what it quotes between backticks, where that holds a secret.
fn without_quoted(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    let last = parts.len() - 1;
    let open = parts.iter().enumerate().map(|(index, part)| {
        let is_quoted = index % 2 == 1 && index < last;
        if is_quoted && hold_secret(part) { NOT_TOLD } else { part }
    });
    open.collect::<Vec<&str>>().join("`")
}
