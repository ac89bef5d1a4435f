//! Diagnostics to a stream: for people, and as JSON, GitHub annotations and SARIF for programs.
//!
//! In: diagnostics and the texts that they point into. Out: bytes, in one order on every machine.

use super::characters::{one_line, spelt_out, spelt_out_in_json};
use super::excerpt::{Excerpt, Excerpts, Quotable};
use super::fold::{MOST_PLACES, Told, cut, folded};
use super::place::{Place, Position};
use super::source_map::Positions;
use super::{Code, Diagnostic, Severity, SourceMap};
use codespan_reporting::diagnostic::{Diagnostic as Shown, Label, Severity as ShownSeverity};
use codespan_reporting::term;
use serde_json::{Value, json};
use std::borrow::Cow;
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

/// What was known before: fingerprints.
pub type Baseline = std::collections::BTreeSet<String>;

/// What is emitted: the diagnostics, sorted, without repetitions, like ones folded, with their positions.
pub struct Emission<'a> {
    told: Vec<Told<'a>>,
    sources: &'a SourceMap,
    positions: Positions,
    /// How many there are of each severity, told or not.
    counts: BTreeMap<Severity, usize>,
    /// What was known before, where that was asked for.
    baseline: Option<&'a Baseline>,
}

/// The texts that are quoted, by their files.
type Texts<'t> = BTreeMap<Arc<str>, Quotable<'t>>;

/// A file, and its places with their numbers.
type OfFile<'f> = (&'f Arc<str>, Vec<(usize, Position)>);

/// Sorts diagnostics by file, position, code and message, and writes them.
#[must_use]
pub fn emit(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format, colour: bool) -> String {
    Emission::new(diagnostics, sources).write(format, colour)
}

impl<'a> Emission<'a> {
    /// Looks up all positions, sorts, and folds what is alike.
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
        let mut counts = BTreeMap::new();
        for (diagnostic, _) in &sorted {
            *counts.entry(diagnostic.severity).or_insert(0) += 1;
        }
        let (mut told, left_out) = folded(sorted);
        if left_out > 0 {
            let messages = if left_out == 1 {
                "1 more message is".to_owned()
            } else {
                format!("{left_out} more messages are")
            };
            told.push(Told {
                diagnostic: Cow::Owned(
                    Diagnostic::new(Code::MessagesLeftOut, format!("{messages} left out"))
                        .help("mend what is told, and run the command again; docs/limits.md says how many are told"),
                ),
                at: None,
                folded: None,
            });
        }
        Self {
            told,
            sources,
            positions,
            counts,
            baseline: None,
        }
    }

    /// The same, which says of each whether it was known before.
    #[must_use]
    pub fn against(mut self, baseline: Option<&'a Baseline>) -> Self {
        self.baseline = baseline;
        self
    }

    /// How many of them have a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(&severity).copied().unwrap_or(0)
    }

    /// Writes all in the given form; `colour` is for people only.
    #[must_use]
    pub fn write(&self, format: Format, colour: bool) -> String {
        match format {
            Format::Text => self.text(colour),
            Format::Json => pretty(&Value::Array(self.told.iter().map(|told| self.json(told)).collect())),
            Format::Sarif => self.sarif(),
            Format::Github => self.github(),
        }
    }

    fn text(&self, colour: bool) -> String {
        let mut texts = Texts::new();
        for (place, _) in self.told.iter().flat_map(|told| &told.diagnostic.places) {
            if let (false, Some(text)) = (texts.contains_key(&place.file), self.sources.quotable(&place.file)) {
                texts.insert(place.file.clone(), Quotable::new(text));
            }
        }
        let config = term::Config::default();
        let mut out = String::new();
        for told in &self.told {
            let (shown, excerpts) = self.shown(told, &texts);
            let written = if colour {
                let mut buffer = term::termcolor::Buffer::ansi();
                term::emit_to_write_style(&mut buffer, &config, &excerpts, &shown)
                    .map(|()| String::from_utf8_lossy(buffer.as_slice()).into_owned())
            } else {
                let mut buffer = String::new();
                term::emit_to_string(&mut buffer, &config, &excerpts, &shown).map(|()| buffer)
            };
            match written {
                Ok(text) => {
                    out.push_str(text.trim_end());
                    out.push_str("\n\n");
                }
                Err(_) => {
                    let diagnostic = &told.diagnostic;
                    let message = one_line(&cut(&diagnostic.message));
                    let _ = writeln!(out, "{}[{}]: {message}\n", diagnostic.severity, diagnostic.code);
                }
            }
        }
        out
    }

    fn shown(&self, told: &Told<'_>, texts: &Texts<'_>) -> (Shown<usize>, Excerpts) {
        let diagnostic = &told.diagnostic;
        let mut notes = Vec::new();
        let mut labels = Vec::new();
        let mut excerpts = Excerpts::default();
        // Of a file all places are shown in one excerpt.
        let mut files: Vec<OfFile<'_>> = Vec::new();
        for (index, (place, _)) in diagnostic.places.iter().enumerate().take(MOST_PLACES) {
            let at = self
                .positions
                .of(place)
                .filter(|_| told.folded.is_none() && texts.contains_key(&place.file));
            let Some(at) = at else { continue };
            match files.iter_mut().find(|(file, _)| *file == &place.file) {
                Some((_, places)) => places.push((index, at)),
                None => files.push((&place.file, vec![(index, at)])),
            }
        }
        let mut spans = vec![None; diagnostic.places.len()];
        for (file, places) in files {
            let Some(text) = texts.get(file) else { continue };
            let positions: Vec<Position> = places.iter().map(|(_, at)| *at).collect();
            let (excerpt, found) = Excerpt::new(file, text, &positions);
            for ((index, _), span) in places.iter().zip(found) {
                if let (Some(slot), Some(span)) = (spans.get_mut(*index), span) {
                    *slot = Some((excerpts.0.len(), span));
                }
            }
            excerpts.0.push(excerpt);
        }
        for (index, ((place, label), span)) in diagnostic.places.iter().zip(spans).enumerate().take(MOST_PLACES) {
            match span {
                Some((id, span)) if index == 0 => labels.push(Label::primary(id, span).with_message(one_line(label))),
                Some((id, span)) => labels.push(Label::secondary(id, span).with_message(one_line(label))),
                None => {
                    let colon = if label.is_empty() { "" } else { ": " };
                    notes.push(format!("in {}{colon}{label}", self.positions.show(place)));
                }
            }
        }
        if let Some(more) = diagnostic.places.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
            notes.push(format!("and in {more} more places"));
        }
        notes.extend(diagnostic.body.as_deref().map(|body| cut(body).into_owned()));
        notes.extend(diagnostic.help.as_ref().map(|help| format!("help: {}", cut(help))));
        if let Some(about) = &diagnostic.about {
            notes.extend(about.holders().map(|holders| format!("who: {holders}")));
            notes.extend(about.on().map(|on| format!("on: {}", cut(&on))));
        }
        let notes = notes.iter().map(|note| spelt_out(note).into_owned()).collect();
        let shown = Shown::new(match diagnostic.severity {
            Severity::Error => ShownSeverity::Error,
            Severity::Warning => ShownSeverity::Warning,
            Severity::Note => ShownSeverity::Note,
        })
        .with_code(diagnostic.code.id())
        .with_message(one_line(&cut(&diagnostic.message)))
        .with_labels(labels)
        .with_notes(notes);
        (shown, excerpts)
    }

    fn json(&self, told: &Told<'_>) -> Value {
        let (diagnostic, at) = (&told.diagnostic, told.at);
        let place = |place: &Place, at: Option<Position>| json!({"file": &*place.file, "line": at.map(|at| at.line), "column": at.map(|at| at.column)});
        let mut value = json!({
            "code": diagnostic.code.id(),
            "severity": diagnostic.severity.to_string(),
            "message": cut(&diagnostic.message),
            "place": diagnostic.places.first().map(|(first, _)| place(first, at)),
            "help": diagnostic.help.as_deref().map(cut),
        });
        if let (Some(object), true) = (value.as_object_mut(), diagnostic.places.len() > 1) {
            let others = diagnostic
                .places
                .iter()
                .take(MOST_PLACES)
                .skip(1)
                .map(|(other, _)| place(other, self.positions.of(other)));
            object.insert("related".to_owned(), others.collect());
        }
        if let (Some(object), Some(body)) = (value.as_object_mut(), &diagnostic.body) {
            object.insert("body".to_owned(), cut(body).into());
        }
        if let Some(object) = value.as_object_mut() {
            object.insert("fingerprint".to_owned(), diagnostic.fingerprint().into());
            object.extend(about(diagnostic));
        }
        if let (Some(object), Some(folded)) = (value.as_object_mut(), told.folded) {
            object.insert("occurrences".to_owned(), folded.into());
        }
        value
    }

    fn sarif(&self) -> String {
        let mut codes: Vec<Code> = self.told.iter().map(|told| told.diagnostic.code).collect();
        codes.sort();
        codes.dedup();
        let mut seen = BTreeMap::new();
        let results: Vec<Value> = self.told.iter().map(|told| self.sarif_result(told, &codes, &mut seen)).collect();
        pretty(&json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "cloudraci",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| sarif_rule(*code)).collect::<Vec<_>>(),
                }},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        }))
    }

    /// A result; `seen` counts fingerprints, so that none stands for two results of a run.
    fn sarif_result(&self, told: &Told<'_>, codes: &[Code], seen: &mut BTreeMap<String, usize>) -> Value {
        let d = &told.diagnostic;
        let fingerprint = d.fingerprint();
        let number = seen.entry(fingerprint.clone()).or_default();
        *number += 1;
        let first = d.places.first();
        let location = first.map_or_else(|| json!({}), |(place, _)| sarif_location(place, told.at));
        let mut text = cut(&d.message).into_owned();
        if let Some(about) = &d.about {
            text.extend(about.on().map(|on| format!("\non: {}", cut(&on))));
            text.extend(about.holders().map(|holders| format!("\nwho: {holders}")));
        }
        text.extend(d.help.as_ref().map(|help| format!("\nhelp: {}", cut(help))));
        let mut result = json!({
            "ruleId": d.code.id(),
            "ruleIndex": codes.binary_search(&d.code).unwrap_or_default(),
            "level": d.severity.to_string(),
            "message": {"text": text},
            "locations": if first.is_some() { vec![location] } else { Vec::new() },
            "partialFingerprints": {"cloudraci/v1": format!("{fingerprint}:{number}")},
        });
        let Some(object) = result.as_object_mut() else {
            return result;
        };
        let related = d.places.iter().enumerate().take(MOST_PLACES).skip(1);
        let related: Vec<Value> = related
            .map(|(id, (place, label))| {
                let mut location = sarif_location(place, self.positions.of(place));
                location["id"] = id.into();
                if !label.is_empty() {
                    location["message"] = json!({"text": label});
                }
                location
            })
            .collect();
        if !related.is_empty() {
            object.insert("relatedLocations".to_owned(), related.into());
        }
        if let Some(baseline) = self.baseline {
            let state = if baseline.contains(&fingerprint) { "unchanged" } else { "new" };
            object.insert("baselineState".to_owned(), state.into());
        }
        let properties = about(d);
        if !properties.is_empty() {
            object.insert("properties".to_owned(), Value::Object(properties));
        }
        if let Some(folded) = told.folded {
            object.insert("occurrenceCount".to_owned(), folded.into());
        }
        result
    }

    fn github(&self) -> String {
        // The log that a runner shows is a terminal, too.
        let escape = |text: &str| spelt_out(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned();
        let mut out = String::new();
        let mut annotated: BTreeMap<Severity, usize> = BTreeMap::new();
        let mut left: BTreeMap<Severity, usize> = BTreeMap::new();
        let all = self.told.iter().fold(BTreeMap::<Severity, usize>::new(), |mut all, told| {
            *all.entry(told.diagnostic.severity).or_default() += 1;
            all
        });
        for told in &self.told {
            let diagnostic = &told.diagnostic;
            let number = annotated.entry(diagnostic.severity).or_default();
            // The last one that is shown tells how many are not.
            let is_full = all.get(&diagnostic.severity).is_some_and(|all| *all > ANNOTATIONS);
            if is_full && *number + 1 >= ANNOTATIONS {
                *left.entry(diagnostic.severity).or_default() += told.folded.unwrap_or(1);
                continue;
            }
            *number += 1;
            let level = annotation(diagnostic.severity);
            let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
            let mut properties = vec![format!("title={}", diagnostic.code.id())];
            if let Some((place, _)) = diagnostic.places.first() {
                properties.push(format!("file={}", property(&place.file)));
            }
            if let Some(at) = told.at {
                properties.push(format!("line={},col={}", at.line, at.column));
            }
            let about = diagnostic.about.as_ref();
            let on = about.and_then(|about| about.on()).map(|on| format!("\non: {}", cut(&on)));
            let who = about.and_then(|about| about.holders()).map(|who| format!("\nwho: {who}"));
            let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {}", cut(help)));
            let help: String = [on, who, help].into_iter().flatten().collect();
            let _ = writeln!(
                out,
                "::{level} {}::{}",
                properties.join(","),
                escape(&format!("{}{help}", cut(&diagnostic.message)))
            );
        }
        for (severity, more) in left {
            let _ = writeln!(
                out,
                "::{} title=more::and {more} more of this severity; the same command with `--format text` tells all",
                annotation(severity)
            );
        }
        out
    }
}

/// Annotations of one severity that GitHub shows of a step.
const ANNOTATIONS: usize = 10;

/// A severity in the words of GitHub's workflow commands.
fn annotation(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// What a finding is about, as fields.
fn about(diagnostic: &Diagnostic) -> serde_json::Map<String, Value> {
    let Some(about) = &diagnostic.about else {
        return serde_json::Map::new();
    };
    let fields = json!({
        "service": about.service,
        "mode": about.mode,
        "control": about.control,
        "activity": about.activity,
        "responsible": about.responsible,
        "accountable": about.accountable,
        "resources": about.resources,
        "count": about.count,
        "due": about.due,
    });
    if let Value::Object(fields) = fields {
        fields
    } else {
        serde_json::Map::new()
    }
}

/// A rule, as code scanning shows it.
fn sarif_rule(code: Code) -> Value {
    json!({
        "id": code.id(),
        "name": pascal(code.id()),
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": code.explanation()},
        "help": {"text": code.explanation(), "markdown": code.explanation()},
        "defaultConfiguration": {"level": code.severity().to_string()},
        "properties": {"tags": ["responsibility", "cloud"], "precision": "high", "problem.severity": problem(code.severity())},
    })
}

/// `duty-not-met` as `DutyNotMet`.
fn pascal(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(letters)
            .collect::<String>()
    });
    words.collect()
}

/// A severity in the words of GitHub's code scanning.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
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
