//! State as people have it on disk: in UTF-8 or UTF-16, behind a line of a log, cut off, or not state at all.
//!
//! In: bytes. Out: whether they look like state, and the decoded JSON with positions for what is wrong in it.

use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Position, Route, locate};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// How to get a file that can be imported.
pub(in crate::inventory::import) const PULL: &str = "`terraform state pull > state.json` writes the state, also that of a remote backend";

/// How far into a file the keys are looked for that tell what it is.
const WINDOW: usize = 64 * 1024;

/// A decoded file.
pub(in crate::inventory::import) struct Document<'a> {
    /// The JSON's root.
    pub(in crate::inventory::import) value: Value,
    text: Cow<'a, str>,
    /// Where in `text` the JSON begins.
    start: usize,
}

impl Document<'_> {
    /// Where the routes lead to, in their order; `None` for one that leads nowhere.
    pub(in crate::inventory::import) fn places<'r>(
        &self,
        routes: impl Iterator<Item = &'r Route> + Clone,
        file: &Arc<str>,
    ) -> Vec<Option<Place>> {
        let found = locate(&self.text[self.start..], routes.clone());
        let above = lines(&self.text[..self.start]);
        let place = |position: Position| Place::at(file, position.line + above, position.column);
        routes
            .map(|route| found.get(route).and_then(|at| at.value.or(at.key)).map(place))
            .collect()
    }
}

/// Decodes a file's JSON.
///
/// # Errors
/// Why there is none, with the line and the column where it ends.
pub(in crate::inventory::import) fn decode<'a>(bytes: &'a [u8], file: &Arc<str>, place: &Place) -> Outcome<Document<'a>> {
    let text = unicode(bytes).map_err(|(line, column)| {
        vec![
            Diagnostic::new(Code::SyntaxError, format!("`{file}` is not UTF-8 text"))
                .at(Place::at(file, line, column))
                .help("save the file as UTF-8"),
        ]
    })?;
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::new(Code::ImportFailed, format!("`{file}` is empty"))
                .at(place.clone())
                .help(PULL),
        ]);
    }
    // Wrappers print lines of their own before and behind what `terraform state pull` prints.
    let whole = text.len() - text.trim_start().len();
    let map = start_of_map(&text).unwrap_or(whole);
    let broken = |diagnostic: Diagnostic| {
        vec![if place.file == *file {
            diagnostic
        } else {
            diagnostic.at_labelled(place.clone(), "imported here")
        }]
    };
    for start in [whole, map] {
        let mut json = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        match json.next() {
            Some(Ok(value)) => {
                let rest = &text[start + json.byte_offset()..];
                if rest.trim().is_empty() || (value.is_object() && is_noise(rest)) {
                    return Ok(Document { value, text, start });
                }
                if start == map {
                    let (line, column) = end(&text[..text.len() - rest.trim_start().len()]);
                    return Err(broken(
                        Diagnostic::new(Code::SyntaxError, "other text follows the end of the JSON")
                            .at(Place::at(file, line, column))
                            .help("keep the JSON only, one state a file"),
                    ));
                }
            }
            Some(Err(error)) if start == map => return Err(broken(syntax_error(&error, &text, start, file))),
            _ => {}
        }
    }
    Err(broken(
        Diagnostic::new(Code::SyntaxError, format!("`{file}` is not JSON"))
            .at(Place::file(file.clone()))
            .help(PULL),
    ))
}

fn syntax_error(error: &serde_json::Error, text: &str, start: usize, file: &Arc<str>) -> Diagnostic {
    let shown = error.to_string();
    let reason = shown.split(" at line ").next().unwrap_or(&shown);
    let (what, help) = match error.classify() {
        Category::Eof => (
            "the JSON ends before it is complete".to_owned(),
            format!("the file was cut off; {PULL}"),
        ),
        _ => (format!("the text is not JSON: {reason}"), PULL.to_owned()),
    };
    // serde_json counts bytes, and from 0 where a line is empty.
    let line = text[start..].lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column().saturating_sub(1).min(line.len()));
    let column = before.map_or(error.column(), |before| before.chars().count() + 1);
    Diagnostic::new(Code::SyntaxError, what)
        .at(Place::at(file, error.line() + lines(&text[..start]), column))
        .help(help)
}

/// The line and the column behind a text.
fn end(text: &str) -> (usize, usize) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (lines(text) + 1, last.chars().count() + 1)
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Where the first map begins: at the first character, or at the first line that begins with one.
fn start_of_map(text: &str) -> Option<usize> {
    let blank = text.len() - text.trim_start().len();
    if text[blank..].starts_with('{') {
        Some(blank)
    } else {
        text.find("\n{").map(|before| before + 1)
    }
}

/// Whether what follows a map is a wrapper's: lines of its own that cannot be more of the JSON. `%0A` is a line's end
/// in the output of a GitHub action.
fn is_noise(rest: &str) -> bool {
    let is_json = |line: &str| line.starts_with(['{', '}', ']', '"', ',']);
    let mut lines = rest.strip_prefix("%0A").unwrap_or(rest).lines().map(str::trim_start);
    lines.next().is_none_or(str::is_empty) && !lines.any(is_json)
}

/// The text of UTF-8 or UTF-16 bytes, without a byte order mark. An error is the line and the column of the first
/// byte that is not UTF-8.
fn unicode(bytes: &[u8]) -> Result<Cow<'_, str>, (usize, usize)> {
    if let Some(text) = utf16(bytes) {
        return Ok(Cow::Owned(text));
    }
    match std::str::from_utf8(without_mark(bytes)) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(end(&String::from_utf8_lossy(&without_mark(bytes)[..error.valid_up_to()]))),
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The text of UTF-16 bytes, with a byte order mark (as PowerShell's `>` writes them) or without. A code unit without
/// its pair becomes U+FFFD, a last odd byte is dropped.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => (true, bytes),
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => (false, bytes),
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| {
        if little {
            u16::from_le_bytes(*pair)
        } else {
            u16::from_be_bytes(*pair)
        }
    };
    let (pairs, _) = bytes.as_chunks::<2>();
    Some(
        char::decode_utf16(pairs.iter().map(unit))
            .map(|one| one.unwrap_or('\u{fffd}'))
            .collect(),
    )
}

/// Whether bytes look like Terraform's JSON, judged by the keys near its top: they may be cut off or broken further
/// on. True for state of any version, and for what `terraform show -json` prints, which the import then names.
pub(in crate::inventory::import) fn looks_like_state(bytes: &[u8]) -> bool {
    let window = &bytes[..bytes.len().min(WINDOW)];
    let text = utf16(window).map_or_else(|| String::from_utf8_lossy(without_mark(window)), Cow::Owned);
    let Some(start) = start_of_map(&text) else { return false };
    if text[..start].lines().any(|line| line.starts_with("inventory:")) {
        return false;
    }
    let keys = RefCell::new(Vec::new());
    // An error is the end of what can be read; the keys before it are known.
    let _ = serde_json::Deserializer::from_str(&text[start..]).deserialize_map(Keys(&keys));
    let keys = keys.into_inner();
    let has = |wanted: &str| keys.iter().any(|key| key == wanted);
    let versioned = has(VERSION_NUMBER) && (has("resources") || has("modules") || has("serial"));
    !has("inventory") && (has("terraform_version") || has("lineage") || has("format_version") || versioned)
}

/// Stands for a `version` that is a number.
const VERSION_NUMBER: &str = "version: number";

/// Collects the keys of a map up to where it breaks off.
struct Keys<'a>(&'a RefCell<Vec<String>>);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "version" {
                let version: Value = map.next_value()?;
                self.0
                    .borrow_mut()
                    .push(if version.is_number() { VERSION_NUMBER.to_owned() } else { key });
            } else {
                self.0.borrow_mut().push(key);
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
