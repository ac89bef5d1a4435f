//! Compiling and exporting.
//!
//! In: a world and the few facts that the file itself carries. Out: bytes that meet PDF/A-3a and PDF/UA-1, or
//! diagnostics with the place in `page.typ`.

use super::world::InMemory;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity, failure};
use crate::memory;
use serde::Deserialize;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst::syntax::{DiagSpan, Lines};
use typst::{World, WorldExt, diag};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// The date of a report that has none: PDF/A wants one, and the clock is not asked.
const EPOCH: &str = "1970-01-01";

/// What the export itself needs to know of the report.
#[derive(Debug)]
pub(super) struct Facts {
    /// Identifies the report through its versions.
    identifier: String,
    /// The date it speaks of.
    as_of: Option<Datetime>,
    /// Path of the logo.
    pub(super) logo: Option<String>,
    /// Name and version of the program.
    creator: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Report {
    meta: Meta,
    theme: Option<Theme>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Meta {
    title: Option<String>,
    organization: Option<String>,
    system: Option<String>,
    edition: Option<String>,
    as_of: Option<String>,
    tool_version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Theme {
    logo: Option<String>,
}

impl Facts {
    /// Reads the facts from `report.json`.
    ///
    /// # Errors
    /// `typst-error` where the report is not JSON of that shape.
    pub(super) fn read(report: &[u8]) -> Outcome<Self> {
        let report: Report = serde_json::from_slice(report).map_err(|error| {
            let place = Place::at(&Arc::from("report.json"), error.line(), error.column());
            vec![
                Diagnostic::new(
                    Code::TypstError,
                    format!("the report cannot be read: {}", crate::text::without_serde(&error.to_string())),
                )
                .at(place),
            ]
        })?;
        let Meta {
            title,
            organization,
            system,
            edition,
            as_of,
            tool_version,
        } = report.meta;
        let names = [organization, system, title, edition].map(Option::unwrap_or_default);
        Ok(Self {
            identifier: format!("cloudraci/{}", names.join("/")),
            as_of: as_of.as_deref().and_then(midnight).or_else(|| midnight(EPOCH)),
            logo: report.theme.unwrap_or_default().logo,
            creator: format!("cloudraci {}", tool_version.unwrap_or_default()).trim_end().to_owned(),
        })
    }
}

/// The first moment of a date written `YYYY-MM-DD`.
fn midnight(date: &str) -> Option<Datetime> {
    let mut parts = date.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.get(..2)?.parse().ok()?;
    Datetime::from_ymd_hms(year, month, day, 0, 0, 0)
}

/// What came out.
pub(super) struct Exported {
    pub(super) bytes: Vec<u8>,
    pub(super) document: PagedDocument,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Compiles and exports.
pub(super) fn export(world: &InMemory, facts: &Facts) -> Outcome<Exported> {
    memory::share_work();
    // Typst is whole again after a panic: it was given the world to read, and what it remembered is evicted by the caller.
    std::panic::catch_unwind(AssertUnwindSafe(|| compile_and_export(world, facts))).unwrap_or_else(|panic| Err(vec![stopped(&*panic)]))
}

fn compile_and_export(world: &InMemory, facts: &Facts) -> Outcome<Exported> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| diagnose(world, Code::TypstError, &errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| vec![Diagnostic::new(Code::PdfStandard, error.message().as_str())])?;
    let options = PdfOptions {
        ident: Smart::Custom(facts.identifier.clone()),
        creator: Smart::Custom(Some(facts.creator.clone())),
        timestamp: facts.as_of.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| diagnose(world, Code::PdfStandard, &errors))?;
    Ok(Exported {
        bytes,
        document,
        warnings: diagnose(world, Code::TypstError, &warnings),
    })
}

/// What is told where Typst panicked: no template and no text may end the program in the middle of a sentence.
fn stopped(panic: &(dyn Any + Send)) -> Diagnostic {
    if let Some(starved) = failure::starved(panic) {
        return starved;
    }
    Diagnostic::new(Code::TypstError, "Typst cannot lay out this document and gave up")
        .body(format!("it says: {}", failure::words(panic)))
        .help("the other formats need no Typst; docs/documents.md tells which tables it is known to give up at, which a `page.typ` of one's own can bring about")
}

/// Typst's diagnostics as ours.
fn diagnose(world: &InMemory, code: Code, found: &[SourceDiagnostic]) -> Vec<Diagnostic> {
    found.iter().map(|one| diagnostic(world, code, one)).collect()
}

fn diagnostic(world: &InMemory, code: Code, found: &SourceDiagnostic) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(code, found.message.as_str());
    if found.severity == diag::Severity::Warning {
        diagnostic.severity = Severity::Warning;
    }
    if let Some(place) = place(world, found.span) {
        diagnostic = diagnostic.at(place);
    }
    for point in &found.trace {
        if let Some(place) = place(world, point.span.into()) {
            diagnostic = diagnostic.at_labelled(place, point.v.to_string());
        }
    }
    let hints: Vec<_> = found.hints.iter().map(|hint| hint.v.as_str()).collect();
    if hints.is_empty() {
        diagnostic
    } else {
        diagnostic.help(hints.join("; "))
    }
}

/// Where a span begins.
fn place(world: &InMemory, span: DiagSpan) -> Option<Place> {
    let id = span.id()?;
    let file: Arc<str> = id.vpath().get_without_slash().into();
    let position = world.range(span).and_then(|range| match world.source(id) {
        Ok(source) => source.lines().byte_to_line_column(range.start),
        Err(_) => {
            let bytes = world.file(id).ok()?;
            Lines::new(String::from_utf8_lossy(&bytes).into_owned()).byte_to_line_column(range.start)
        }
    });
    Some(match position {
        Some((line, column)) => Place::at(&file, line + 1, column + 1),
        None => Place::file(file),
    })
}
