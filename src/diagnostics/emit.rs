//! Diagnostics to a stream: for people, and as JSON, GitHub annotations and SARIF for programs.
//!
//! In: diagnostics and the texts that they point into. Out: bytes, in one order on every machine.

use super::characters::{commands_terminal, spelt_out, spelt_out_in_json};
use super::place::{Place, Position};
use super::source_map::Positions;
use super::{Code, Diagnostic, Severity, SourceMap};
use codespan_reporting::diagnostic::{Diagnostic as Shown, Label, Severity as ShownSeverity};
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: message, line, help.
    #[default]
    Text,
    /// An array of objects.
    Json,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
    /// Workflow commands that annotate a GitHub pull request.
    Github,
}

/// What is emitted: the diagnostics, sorted and without repetitions, with their positions.
pub struct Emission<'a> {
    diagnostics: Vec<(&'a Diagnostic, Option<Position>)>,
    sources: &'a SourceMap,
    positions: Positions,
}

/// Sorts diagnostics by file, position, code and message, and writes them.
#[must_use]
pub fn emit(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format, colour: bool) -> String {
    Emission::new(diagnostics, sources).write(format, colour)
}

impl<'a> Emission<'a> {
    /// Looks up all positions and sorts.
    #[must_use]
    pub fn new(diagnostics: &'a [Diagnostic], sources: &'a SourceMap) -> Self {
        let positions = sources.positions(diagnostics.iter().flat_map(|d| d.places.iter().map(|(place, _)| place)));
        let mut sorted: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| (diagnostic, diagnostic.places.first().and_then(|(place, _)| positions.of(place))))
            .collect();
        sorted.sort_by(|(a, at_a), (b, at_b)| {
            let file = |d: &Diagnostic| d.places.first().map(|(place, _)| place.file.clone());
            (file(a), at_a, a.code, &a.message).cmp(&(file(b), at_b, b.code, &b.message))
        });
        sorted.dedup_by(|a, b| a.0 == b.0);
        Self {
            diagnostics: sorted,
            sources,
            positions,
        }
    }

    /// How many of them have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|(diagnostic, _)| diagnostic.severity == severity)
            .count()
    }

    /// Writes all in the given form; `colour` is for people only.
    #[must_use]
    pub fn write(&self, format: Format, colour: bool) -> String {
        match format {
            Format::Text => self.text(colour),
            Format::Json => pretty(&Value::Array(self.diagnostics.iter().map(|(d, at)| self.json(d, *at)).collect())),
            Format::Sarif => self.sarif(),
            Format::Github => self.github(),
        }
    }

    fn text(&self, colour: bool) -> String {
        let mut files = SimpleFiles::new();
        let mut ids = BTreeMap::new();
        for (place, _) in self.diagnostics.iter().flat_map(|(d, _)| &d.places) {
            if let (false, Some(text)) = (ids.contains_key(&place.file), self.sources.text(&place.file)) {
                ids.insert(place.file.clone(), files.add(one_line(&place.file), printable(text)));
            }
        }
        let config = term::Config::default();
        let mut out = String::new();
        for (diagnostic, _) in &self.diagnostics {
            let shown = self.shown(diagnostic, &ids);
            let written = if colour {
                let mut buffer = term::termcolor::Buffer::ansi();
                term::emit_to_write_style(&mut buffer, &config, &files, &shown)
                    .map(|()| String::from_utf8_lossy(buffer.as_slice()).into_owned())
            } else {
                let mut buffer = String::new();
                term::emit_to_string(&mut buffer, &config, &files, &shown).map(|()| buffer)
            };
            match written {
                Ok(text) => {
                    out.push_str(text.trim_end());
                    out.push_str("\n\n");
                }
                Err(_) => {
                    let message = one_line(&diagnostic.message);
                    let _ = writeln!(out, "{}[{}]: {message}\n", diagnostic.severity, diagnostic.code);
                }
            }
        }
        out
    }

    fn shown(&self, diagnostic: &Diagnostic, ids: &BTreeMap<Arc<str>, usize>) -> Shown<usize> {
        let mut notes = Vec::new();
        let mut labels = Vec::new();
        for (index, (place, label)) in diagnostic.places.iter().enumerate() {
            let span = self
                .positions
                .of(place)
                .zip(self.sources.text(&place.file))
                .map(|(at, text)| span_of(text, at))
                .zip(ids.get(&place.file));
            match span {
                Some((span, id)) if index == 0 => labels.push(Label::primary(*id, span).with_message(one_line(label))),
                Some((span, id)) => labels.push(Label::secondary(*id, span).with_message(one_line(label))),
                None => {
                    let colon = if label.is_empty() { "" } else { ": " };
                    notes.push(format!("in {}{colon}{label}", self.positions.show(place)));
                }
            }
        }
        notes.extend(diagnostic.body.clone());
        notes.extend(diagnostic.help.as_ref().map(|help| format!("help: {help}")));
        let notes = notes.iter().map(|note| spelt_out(note).into_owned()).collect();
        Shown::new(match diagnostic.severity {
            Severity::Error => ShownSeverity::Error,
            Severity::Warning => ShownSeverity::Warning,
            Severity::Note => ShownSeverity::Note,
        })
        .with_code(diagnostic.code.id())
        .with_message(one_line(&diagnostic.message))
        .with_labels(labels)
        .with_notes(notes)
    }

    fn json(&self, diagnostic: &Diagnostic, at: Option<Position>) -> Value {
        let place = |place: &Place, at: Option<Position>| json!({"file": &*place.file, "line": at.map(|at| at.line), "column": at.map(|at| at.column)});
        let mut value = json!({
            "code": diagnostic.code.id(),
            "severity": diagnostic.severity.to_string(),
            "message": diagnostic.message,
            "place": diagnostic.places.first().map(|(first, _)| place(first, at)),
            "help": diagnostic.help,
        });
        if let (Some(object), true) = (value.as_object_mut(), diagnostic.places.len() > 1) {
            let others = diagnostic
                .places
                .iter()
                .skip(1)
                .map(|(other, _)| place(other, self.positions.of(other)));
            object.insert("related".to_owned(), others.collect());
        }
        if let (Some(object), Some(body)) = (value.as_object_mut(), &diagnostic.body) {
            object.insert("body".to_owned(), body.as_str().into());
        }
        value
    }

    fn sarif(&self) -> String {
        let mut codes: Vec<Code> = self.diagnostics.iter().map(|(d, _)| d.code).collect();
        codes.sort();
        codes.dedup();
        let rules: Vec<Value> = codes
            .iter()
            .map(|code| {
                json!({
                    "id": code.id(),
                    "shortDescription": {"text": code.summary()},
                    "fullDescription": {"text": code.explanation()},
                })
            })
            .collect();
        let results: Vec<Value> = self
            .diagnostics
            .iter()
            .map(|(d, at)| {
                let locations: Vec<Value> = d.places.first().map(|(place, _)| sarif_location(place, *at)).into_iter().collect();
                let text = match &d.help {
                    Some(help) => format!("{}\nhelp: {help}", d.message),
                    None => d.message.clone(),
                };
                json!({
                    "ruleId": d.code.id(),
                    "level": d.severity.to_string(),
                    "message": {"text": text},
                    "locations": locations,
                })
            })
            .collect();
        pretty(&json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {"name": "cloudraci", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
                "results": results,
            }],
        }))
    }

    fn github(&self) -> String {
        // The log that a runner shows is a terminal, too.
        let escape = |text: &str| spelt_out(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned();
        let mut out = String::new();
        for (diagnostic, at) in &self.diagnostics {
            let level = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
            let mut properties = vec![format!("title={}", diagnostic.code.id())];
            if let Some((place, _)) = diagnostic.places.first() {
                properties.push(format!("file={}", property(&place.file)));
            }
            if let Some(at) = at {
                properties.push(format!("line={},col={}", at.line, at.column));
            }
            let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
            let _ = writeln!(
                out,
                "::{level} {}::{}",
                properties.join(","),
                escape(&format!("{}{help}", diagnostic.message))
            );
        }
        out
    }
}

fn sarif_location(place: &Place, at: Option<Position>) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": place.file.replace('\\', "/").replace(' ', "%20")}});
    if let (Some(at), Some(object)) = (at, physical.as_object_mut()) {
        object.insert("region".to_owned(), json!({"startLine": at.line, "startColumn": at.column}));
    }
    json!({"physicalLocation": physical})
}

fn pretty(value: &Value) -> String {
    spelt_out_in_json(&format!("{value:#}\n")).into_owned()
}

/// A text for one line of a terminal.
fn one_line(text: &str) -> String {
    spelt_out(&text.replace(['\n', '\r'], " ")).into_owned()
}

/// The text of a file for a terminal: controls, and characters that turn the reading direction, are replaced by as many
/// bytes, so that spans still fit.
fn printable(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\n' | '\t' => letter,
            '\r' if letters.peek() == Some(&'\n') => letter,
            letter if letter.is_control() && letter.is_ascii() => '?',
            letter if commands_terminal(letter) && letter.len_utf8() == 2 => '¿',
            letter if commands_terminal(letter) => '\u{fffd}',
            letter => letter,
        });
    }
    out
}

/// The bytes from a position to the end of the token or the line that begins there.
fn span_of(text: &str, at: Position) -> std::ops::Range<usize> {
    let line_start = text
        .split_inclusive('\n')
        .take(at.line - 1)
        .map(str::len)
        .sum::<usize>()
        .min(text.len());
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let start = line.char_indices().nth(at.column - 1).map_or(line.len(), |(offset, _)| offset);
    let tail = line.get(start..).unwrap_or_default();
    let quoted = tail
        .starts_with(['"', '\''])
        .then(|| tail.get(1..)?.find(tail.chars().next()?).map(|end| end + 2))
        .flatten();
    let ends = [tail.find(": "), tail.find([',', '}', ']', '#'])];
    let plain = ends.into_iter().flatten().min().unwrap_or(tail.len());
    let length = tail
        .get(..quoted.unwrap_or(plain))
        .map_or(0, |token| token.trim_end().trim_end_matches(':').len());
    line_start + start..line_start + start + length
}
