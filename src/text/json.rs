//! JSON as it is: what the parser has to say about it, in words for people.
//!
//! In: a text or an error. Out: whether the text means to be JSON, and a sentence.

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::limits;
use serde_json::error::Category;
use std::sync::Arc;

/// What a decoder says where the budget is spent.
pub(super) const SPENT: &str = "too many values";

/// Whether a text begins as JSON does and not as a list or a map in YAML's brackets may, too.
pub(crate) fn is_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let inner = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with(['"', '{', '[', '}', ']'])
    };
    text.strip_prefix('{').or_else(|| text.strip_prefix('[')).is_some_and(inner)
}

/// What is wrong in a JSON text, without the place.
pub(crate) fn words(error: &serde_json::Error) -> String {
    let shown = error.to_string();
    let reason = shown.split(" at line ").next().unwrap_or(&shown);
    match (error.classify(), reason) {
        (Category::Eof, _) => "the JSON ends before it is complete".to_owned(),
        (_, "recursion limit exceeded") => too_deep(),
        (_, SPENT) => too_many(),
        (_, reason) if reason.contains("surrogate") || reason == "unexpected end of hex escape" => {
            "the text is not JSON: half of a pair of `\\u` escapes stands alone".to_owned()
        }
        (_, reason) if reason.starts_with("control character") => {
            "the text is not JSON: a line break or another control character stands within quotes".to_owned()
        }
        (_, "invalid unicode code point") => "the text is not JSON: an escape is no character".to_owned(),
        (_, "expected value") => "the text is not JSON: a value is missing or misspelt".to_owned(),
        (_, "expected ident") => "the text is not JSON: a word is none of `true`, `false` and `null`".to_owned(),
        (_, "key must be a string") => "the text is not JSON: a key is not in double quotes".to_owned(),
        (_, "trailing characters") => "other text follows the end of the JSON".to_owned(),
        (_, "trailing comma") => "the text is not JSON: a comma stands before the end of a list or a map".to_owned(),
        (_, "number out of range") => "a number is too large to be read".to_owned(),
        (_, reason) => format!("the text is not JSON: {reason}"),
    }
}

/// That lists and maps lie too deep in one another.
pub(super) fn too_deep() -> String {
    format!("lists and maps lie more than {} deep in one another", limits::DEPTH - 1)
}

/// That a text has too many values.
pub(super) fn too_many() -> String {
    "the text comes to too many values".to_owned()
}

/// What is wrong in a whole JSON text.
pub(super) fn fault(error: &serde_json::Error, text: &str, file: &Arc<str>) -> Diagnostic {
    // serde_json counts bytes, and from 0 where a line is empty.
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column().saturating_sub(1).min(line.len()));
    let column = before.map_or(error.column(), |before| before.chars().count() + 1);
    let code = code(error);
    let help = if code == Code::LimitReached {
        "docs/limits.md lists all limits"
    } else {
        "write the file again from its source, or mend it at this place"
    };
    Diagnostic::new(code, words(error))
        .at(Place::at(file, error.line(), column))
        .help(help)
}

/// Whether JSON is broken, or goes beyond a limit.
pub(crate) fn code(error: &serde_json::Error) -> Code {
    let shown = error.to_string();
    // YAML would take such a number for infinity.
    if [SPENT, "recursion limit exceeded", "number out of range"]
        .iter()
        .any(|limit| shown.starts_with(limit))
    {
        Code::LimitReached
    } else {
        Code::SyntaxError
    }
}
