//! A table of resources, as people keep it or a cloud inventory exports it: CSV, or a workbook.
//!
//! In: CSV with a header row whose names are matched without regard to case, spaces and underscores, separated by commas,
//! semicolons, tabs or bars, in UTF-8, UTF-16 or Windows-1252; or sheets with the same. Out: one resource a row. A row needs an
//! ARN, a type or a service. Columns that are not known are attributes.

mod account_rows;
mod cells;
mod columnar;
pub(super) mod columns;
mod group_rows;
mod header;
mod objects;
mod pages;
mod row;
mod rows;
mod workbook;

pub(super) use columnar::Columnar;
pub(super) use objects::Objects;
pub(super) use workbook::{Workbook, is_workbook};

use super::sink::Intake;
use super::{Head, Importer};
use crate::catalog::letters;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::source::rows::{Bounded, State};
use crate::source::{Stream, encoding};
use csv::StringRecord;
use header::{BEGINNING, Header, delimiter, first_line, lag};
use rows::Rows;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

/// How many rows are handed on at once.
const BATCH: usize = 512;

/// How many bytes of rows are handed on at once.
const BATCH_BYTES: u64 = 1024 * 1024;

/// Rows, and the number of the first.
type Batch = (Vec<csv::Result<StringRecord>>, u64);

/// The importer of CSV.
pub(super) struct Table;

impl Importer for Table {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn name(&self) -> &'static str {
        "CSV"
    }

    fn reads(&self) -> &'static str {
        "CSV, also of Steampipe and CloudQuery"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let text = beginning(head.bytes);
        Header::of(&text).is_some() && !is_matrix(&text) && costs_of(&text).is_none()
    }

    fn if_empty(&self) -> &'static str {
        "the table has a header and no rows"
    }

    fn is_of_one_account(&self) -> bool {
        // People's tables may be of any accounts.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let is_long = stream.is_long;
        let head = beginning(&stream.head);
        if let Some(what) = costs_of(&head) {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{}` {what}", stream.file))
                    .at(stream.place)
                    .help(super::costs::HELP),
            ]);
        }
        let header = Header::of(&head).unwrap_or_else(|| Header::first(&head));
        let written = encoding::of(&stream.head);
        if header.is_of_accounts() {
            let text = encoding::Transcoded::new(stream.reader(0), written);
            return account_rows::read(text, (&header, lag(&head)), intake);
        }
        if written == encoding_rs::UTF_8 {
            // Bytes that are no text keep their row out.
            let mark = if stream.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            return read(stream.reader(mark), (&header, lag(&head)), is_long, intake);
        }
        let text = encoding::Transcoded::new(stream.reader(0), written);
        read(text, (&header, lag(&head)), is_long, intake)
    }
}

/// What a library makes of a file; nothing where it panics, as libraries do at some damage. What they were at is dropped.
fn tried<T>(run: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
}

/// The beginning of a table's text.
fn beginning(bytes: &[u8]) -> String {
    encoding::beginning(&bytes[..bytes.len().min(BEGINNING)])
}

/// A reader of rows.
fn reader<R: Read>(text: R, delimiter: u8) -> (csv::Reader<Bounded<R>>, Rc<State>) {
    let (bounded, state) = Bounded::new(text, delimiter);
    let reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bounded);
    (reader, state)
}

/// Whether nothing can be read behind a fault.
pub(super) fn is_at_an_end(error: &csv::Error) -> bool {
    matches!(error.kind(), csv::ErrorKind::Io(_))
}

/// That a row cannot be read.
fn broken(error: &csv::Error, file: &Arc<str>) -> Diagnostic {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
    let what = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 text".to_owned(),
        _ => "the text is not CSV".to_owned(),
    };
    Diagnostic::new(Code::SyntaxError, what)
        .at(Place::at(file, line, 1))
        .help("save the table as CSV in UTF-8, with a header row")
}

/// Whether a table says who does what, as a report's matrix does, and not what there is.
pub(super) fn is_matrix(text: &str) -> bool {
    let header = first_line(text);
    let columns: Vec<String> = match delimiter(header) {
        Some(delimiter) => header.split(char::from(delimiter)).map(letters).collect(),
        None => return false,
    };
    is_of_matrix(columns.iter().map(String::as_str))
}

/// Whether columns of these names, as they are compared, are those of a report's matrix.
fn is_of_matrix<'n>(columns: impl Iterator<Item = &'n str> + Clone) -> bool {
    ["control", "party", "letters"]
        .iter()
        .all(|wanted| columns.clone().any(|column| column == *wanted))
}

/// What a table is whose rows are lines of cost.
pub(super) fn costs_of(text: &str) -> Option<&'static str> {
    let header = first_line(text);
    let delimiter = delimiter(header)?;
    super::costs::of_columns(header.split(char::from(delimiter)), letters)
}

/// Takes in all rows. They are cut here and understood by other threads where there are many.
fn read(text: impl Read, (header, lag): (&Header, u64), is_long: bool, intake: &mut Intake<'_>) -> Outcome<()> {
    let file = intake.file().clone();
    let (mut reader, state) = reader(text, header.delimiter);
    let mut names = StringRecord::new();
    for _ in 0..=header.above {
        if let Err(error) = reader.read_record(&mut names) {
            return Err(vec![state.fault(&file, 1).unwrap_or_else(|| broken(&error, &file))]);
        }
    }
    let rows = Rows::new(intake, None, names.iter(), header.delimiter != b',');
    if !rows.has_key() {
        return Err(vec![rows.no_column()]);
    }
    if let Some(nothing) = rows.of_nothing(&Place::file(file.clone())) {
        intake.warnings.push(nothing);
        return Ok(());
    }
    intake.pieces(
        is_long,
        |send: &mut dyn FnMut(Batch)| {
            let (mut batch, mut order) = (Vec::with_capacity(BATCH), 0);
            let mut first_byte = reader.position().byte();
            loop {
                let begins = reader.position().clone();
                state.row_ends(begins.byte());
                let mut record = StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(false) => break,
                    Ok(true) => batch.push(Ok(record)),
                    // Nothing can be read behind it.
                    Err(error) if is_at_an_end(&error) => {
                        return Err(vec![state.fault(&file, begins.line()).unwrap_or_else(|| broken(&error, &file))]);
                    }
                    Err(error) => batch.push(Err(error)),
                }
                if batch.len() >= BATCH || begins.byte() - first_byte > BATCH_BYTES {
                    first_byte = begins.byte();
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    let first = order;
                    order += full.len() as u64;
                    send((full, first));
                }
            }
            send((batch, order));
            // A quote that nobody closed makes one row of all that follows.
            state.fault(&file, 1).map_or(Ok(()), |open| Err(vec![open]))
        },
        |(records, first): Batch, sink| {
            for (order, record) in (first..).zip(&records) {
                match record {
                    Ok(record) => {
                        let line = record.position().map_or(0, csv::Position::line) + lag;
                        rows.take(record.iter(), (order, line), sink);
                    }
                    Err(error) => sink.leave_out(order, || broken(error, &file)),
                }
            }
        },
    )?;
    intake.warnings.extend(rows.warnings());
    Ok(())
}
