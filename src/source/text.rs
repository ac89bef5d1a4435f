//! State as people have it on disk: in UTF-8 or UTF-16, behind a line of a log, cut off, or not state at all.
//!
//! In: bytes. Out: the decoded JSON with positions for what is wrong in it.

use super::documents::prefixed;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Position, Route, Severity, locate};
use crate::text::{json_code, json_words};
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::error::Category;
use std::borrow::Cow;
use std::sync::Arc;

/// How to get a file that can be imported.
pub(crate) const PULL: &str = "`terraform state pull > state.json` writes the state, also that of a remote backend";

/// A decoded file.
pub(crate) struct Document<'a> {
    /// The JSON's root.
    pub(crate) value: Value,
    /// Keys that stand twice in the same map; the last value of each counts, as it does for Terraform and AWS.
    pub(crate) warnings: Vec<Diagnostic>,
    text: Cow<'a, str>,
    /// Where in `text` the JSON begins.
    start: usize,
}

impl Document<'_> {
    /// A warning for each key that stands twice.
    fn warn_of(&mut self, repeated: &[Route], file: &Arc<str>, place: &Place) {
        const MOST: usize = 20;
        let shown = &repeated[..repeated.len().min(MOST)];
        let places = self.places(shown.iter(), file);
        self.warnings = shown
            .iter()
            .zip(places)
            .map(|(route, at)| Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::new(Code::DuplicateKey, format!("the key `{route}` stands twice; its last value counts"))
                    .at(at.unwrap_or_else(|| place.clone()))
                    .help("only one of the two values counts; write the file again from its source")
            })
            .collect();
    }

    /// Where the routes lead to, in their order; `None` for one that leads nowhere.
    pub(crate) fn places<'r>(&self, routes: impl Iterator<Item = &'r Route> + Clone, file: &Arc<str>) -> Vec<Option<Place>> {
        let found = locate(&self.text[self.start..], routes.clone());
        let above = lines(&self.text[..self.start]);
        let place = |position: Position| Place::at(file, position.line + above, position.column);
        routes
            .map(|route| found.get(route).and_then(|at| at.value.or(at.key)).map(place))
            .collect()
    }
}

/// What a file is expected to hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// How to get a whole one.
    pub(crate) help: &'static str,
    /// Whether several documents may stand one behind the other; they become a list.
    pub(crate) several: bool,
}

/// Terraform's JSON.
pub(crate) const TERRAFORM: Kind = Kind {
    help: PULL,
    several: false,
};

/// What AWS's interfaces answer.
pub(crate) const ANSWER: Kind = Kind {
    help: "run the command that wrote it again, with `--output json`",
    several: true,
};

/// Decodes a file's JSON.
///
/// # Errors
/// Why there is none, with the line and the column where it ends.
pub(crate) fn decode<'a>(bytes: &'a [u8], file: &Arc<str>, place: &Place, kind: Kind) -> Outcome<Document<'a>> {
    let broken = match unicode(bytes, file) {
        Ok(text) => return document(text, file, place, kind),
        Err(broken) => broken,
    };
    // Of what is JSON all the same no more is lost than those bytes.
    let Ok(mut document) = document(unicode_beginning(bytes), file, place, kind) else {
        return Err(broken);
    };
    let places = broken.into_iter().next().map(|fault| fault.places).unwrap_or_default();
    document.warnings.push(Diagnostic { places, ..mended(file) });
    Ok(document)
}

fn document<'a>(text: Cow<'a, str>, file: &Arc<str>, place: &Place, kind: Kind) -> Outcome<Document<'a>> {
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::new(Code::ImportFailed, format!("`{file}` is empty"))
                .at(place.clone())
                .help(kind.help),
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
        let mut json = serde_json::Deserializer::from_str(&text[start..]);
        let (value, repeated) = crate::text::json_value(&mut json, true);
        let decoded = value.and_then(|value| {
            if !kind.several {
                return Ok((value, json.into_iter::<IgnoredAny>().byte_offset()));
            }
            let mut others = json.into_iter::<Value>();
            let mut documents = vec![value];
            for next in others.by_ref() {
                documents.push(next?);
            }
            let end = others.byte_offset();
            let only = if documents.len() == 1 { documents.pop() } else { None };
            Ok((only.unwrap_or(Value::Array(documents)), end))
        });
        match decoded {
            Ok((value, end_of_json)) => {
                let rest = &text[start + end_of_json..];
                if rest.trim().is_empty() || (value.is_object() && is_noise(rest)) {
                    let mut document = Document {
                        value,
                        text,
                        start,
                        warnings: Vec::new(),
                    };
                    document.warn_of(&repeated, file, place);
                    return Ok(document);
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
            Err(error) if start == map => return Err(broken(syntax_error(&error, &text, start, file, kind.help))),
            Err(_) => {}
        }
    }
    Err(broken(
        Diagnostic::new(Code::SyntaxError, format!("`{file}` is not JSON"))
            .at(Place::file(file.clone()))
            .help(kind.help),
    ))
}

fn syntax_error(error: &serde_json::Error, text: &str, start: usize, file: &Arc<str>, help: &str) -> Diagnostic {
    let help = match error.classify() {
        Category::Eof => format!("the file was cut off; {help}"),
        _ => help.to_owned(),
    };
    // serde_json counts bytes, and from 0 where a line is empty.
    let line = text[start..].lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column().saturating_sub(1).min(line.len()));
    let column = before.map_or(error.column(), |before| before.chars().count() + 1);
    Diagnostic::new(json_code(error), json_words(error))
        .at(Place::at(file, error.line() + lines(&text[..start]), column))
        .help(help)
}

/// The line and the column behind a text.
fn end(text: &str) -> (usize, usize) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (lines(text) + 1, last.chars().count() + 1)
}

pub(crate) fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Where the first map begins: at the first character, or at the first line that begins with one.
fn start_of_map(text: &str) -> Option<usize> {
    let blank = text.len() - text.trim_start().len();
    if text[blank..].starts_with('{') {
        Some(blank)
    } else {
        memchr::memmem::find(text.as_bytes(), b"\n{").map(|before| before + 1)
    }
}

/// Whether what follows a map is a wrapper's: lines of its own that cannot be more of the JSON. `%0A` is a line's end
/// in the output of a GitHub action.
pub(crate) fn is_noise(rest: &str) -> bool {
    let is_json = |line: &str| line.starts_with(['{', '}', ']', '"', ',']);
    let mut lines = rest.strip_prefix("%0A").unwrap_or(rest).lines().map(str::trim_start);
    lines.next().is_none_or(str::is_empty) && !lines.any(is_json)
}

/// The text of a file in UTF-8 or UTF-16, without a byte order mark.
///
/// # Errors
/// That it is neither, with the line and the column of the first byte that is not UTF-8.
pub(crate) fn unicode<'a>(bytes: &'a [u8], file: &Arc<str>) -> Outcome<Cow<'a, str>> {
    if let Some(text) = utf16(bytes) {
        return Ok(Cow::Owned(text));
    }
    let bytes = without_mark(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let (line, column) = end(&String::from_utf8_lossy(&bytes[..error.valid_up_to()]));
            Err(vec![
                Diagnostic::new(Code::SyntaxError, format!("`{file}` is not UTF-8 text"))
                    .at(Place::at(file, line, column))
                    .help("save the file as UTF-8"),
            ])
        }
    }
}

/// That a file was read though some of its bytes are no text.
pub(crate) fn mended(file: &str) -> Diagnostic {
    Diagnostic::new(Code::TextMended, format!("`{file}` has bytes that are not UTF-8"))
        .help("they stand as U+FFFD in what was read; write the file again from its source")
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The text of UTF-16 bytes, with a byte order mark (as PowerShell's `>` writes them) or without. A code unit without
/// its pair becomes U+FFFD, a last odd byte is dropped.
pub(crate) fn utf16(bytes: &[u8]) -> Option<String> {
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

/// The text of the beginning of a file, whatever its encoding; what is no text in it becomes U+FFFD.
pub(crate) fn unicode_beginning(window: &[u8]) -> Cow<'_, str> {
    let window = match utf16(window) {
        Some(text) => return Cow::Owned(text),
        None => without_mark(window),
    };
    // Whole texts are judged at many times the speed of broken ones.
    std::str::from_utf8(window).map_or_else(|_| String::from_utf8_lossy(window), Cow::Borrowed)
}

/// What JSON in quotes holds, as far as the quotes go; none where there are none, or something follows them.
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let text = text.trim().strip_prefix('"')?;
    if !text.trim_start().starts_with(['{', '[']) && !text.starts_with("\\n") {
        return None;
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '"' => return letters.as_str().trim().is_empty().then(|| String::from_utf16_lossy(&units)),
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('u') => {
                    let digits = letters.as_str().get(..4)?;
                    units.push(u16::from_str_radix(digits, 16).ok()?);
                    letters = letters.as_str()[4..].chars();
                    continue;
                }
                Some(other) => other,
                None => break,
            },
            other => other,
        };
        units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    // Of a beginning there is no end.
    Some(String::from_utf16_lossy(&units))
}

/// Where the first map or list begins: at the first character, behind what a log puts before it, or at the first line that
/// begins with one.
pub(crate) fn beginning_of_json(text: &str) -> Option<usize> {
    let blank = text.len() - text.trim_start().len();
    if let Some((_, begin)) = prefixed(text[blank..].lines().next().unwrap_or_default()) {
        return Some(blank + begin);
    }
    if text[blank..].starts_with(['{', '[']) && !text[blank..].starts_with("[command]") {
        Some(blank)
    } else {
        start_of_map(text).or_else(|| start_behind_prefix(text))
    }
}

/// Where a document begins behind what a log puts before it, on one of the first lines.
fn start_behind_prefix(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(1000) {
        if let Some((_, begin)) = prefixed(line) {
            return Some(at + begin);
        }
        at += line.len();
    }
    None
}
