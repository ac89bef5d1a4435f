//! Files of several documents, each of which is a source of its own: what `terragrunt run --all show -json` prints.
//!
//! In: the stream of a file. Out: what is imported of each document, under the file's name and the document's line, with the unit
//! that it is of before each address: equal addresses of two units are two resources.

use super::import::{self, Context, Imported, Importer};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::limits;
use crate::source::documents::Part;
use crate::source::text::{unicode_beginning, unquoted};
use crate::source::{Input, Stream};
use std::io;
use std::sync::Arc;

/// The same file, held as a whole where its beginning has several documents.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn held_if_several(input: Input, importer: &dyn Importer) -> io::Result<Input> {
    let is_several = || importer.documents(&unicode_beginning(input.head())).len() > 1;
    let is_quoted = || unquoted(&unicode_beginning(input.head())).is_some();
    if input.is_held() || !(is_several() || is_quoted()) {
        return Ok(input);
    }
    input.held(limits::FILE as u64)
}

/// Imports a file. `is_held`: whether its beginning is all of it.
///
/// # Errors
/// What is wrong with any of its documents.
pub(super) fn import(stream: Stream<'_>, is_held: bool, importer: &'static dyn Importer, context: Context<'_>) -> Outcome<Vec<Imported>> {
    let one = |stream: Stream<'_>| import::import(stream, Some(importer), context);
    if !is_held {
        return one(stream).map(|imported| vec![imported]);
    }
    if let Some(inner) = unquoted(&unicode_beginning(&stream.head)) {
        let is_long = stream.is_long;
        let word = in_quotes(&stream.file, &stream.place);
        let inner = Stream {
            is_long,
            ..Stream::of(inner.into_bytes(), &stream.file, &stream.place)
        };
        let mut imported = one(inner)?;
        imported.warnings.push(word);
        // Results are not read through quotes.
        imported.results = None;
        return Ok(vec![imported]);
    }
    let parts = importer.documents(&unicode_beginning(&stream.head));
    if parts.is_empty() {
        return one(stream).map(|imported| vec![imported]);
    }
    let text = unicode_beginning(&stream.head);
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for part in &parts {
        let of_part = Stream {
            is_long: stream.is_long,
            progress: stream.progress,
            ..Stream::of(part.padded(&text), &stream.file, &stream.place)
        };
        match one(of_part) {
            Ok(imported) => all.push(named(imported, part)),
            Err(found) => faults.extend(found),
        }
    }
    if parts.len() >= limits::DOCUMENTS {
        faults.push(too_many(&stream.file, &stream.place));
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

/// What a document holds, under its own name.
fn named(mut imported: Imported, part: &Part) -> Imported {
    imported.file = format!("{}:{}", imported.file, part.line).into();
    let Some(unit) = &part.unit else { return imported };
    let of_unit = |address: &mut String| {
        if !address.is_empty() {
            *address = format!("[{unit}] {address}");
        }
    };
    imported.resources.iter_mut().for_each(|resource| of_unit(&mut resource.address));
    imported
}

/// That all of a file is in quotes.
fn in_quotes(file: &Arc<str>, place: &Place) -> Diagnostic {
    Diagnostic::new(
        Code::TextMended,
        format!("`{file}` is JSON in quotes, and is read as what they hold"),
    )
    .at(place.clone())
    .help("places are those within the quotes; `jq -r .` takes them off")
}

fn too_many(file: &Arc<str>, place: &Place) -> Diagnostic {
    Diagnostic::new(Code::LimitReached, format!("`{file}` has more than 10,000 documents"))
        .at(place.clone())
        .help("part it into several files; docs/limits.md lists all limits")
}
