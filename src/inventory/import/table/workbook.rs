//! A table in a workbook (XLSX), as a spreadsheet saves it.
//!
//! In: a workbook. Out: the resources of every sheet that has a header of resources, read cell by cell. A sheet that is hidden
//! is passed over and told. What the workbook unpacks to is counted before anything of it is read.

use super::header::{ABOVE, Header, is_header};
use super::rows::Rows;
use super::{BATCH, BATCH_BYTES, is_of_matrix, tried};
use crate::catalog::letters;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::import::sink::Intake;
use crate::inventory::import::{Head, Importer};
use crate::limits;
use crate::source::Stream;
use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};
use csv::StringRecord;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// A workbook's bytes, opened.
type Opened<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Rows of a sheet with the number of the first, its sheet's number, and their lines.
type Batch = (Vec<(u64, StringRecord)>, u64, usize);

/// The importer of workbooks.
pub(in crate::inventory::import) struct Workbook;

impl Importer for Workbook {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn name(&self) -> &'static str {
        "XLSX"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let bytes = head.bytes;
        // Of a long one only the beginning is at hand.
        is_workbook(bytes) && (bytes.len() >= limits::WHOLE || headers(bytes).is_ok_and(|sheets| sheets.is_of_resources()))
    }

    fn trust(&self) -> crate::inventory::import::Trust {
        crate::inventory::import::Trust::Listed
    }

    fn if_empty(&self) -> &'static str {
        "its sheets have headers and no rows"
    }

    fn is_of_one_account(&self) -> bool {
        // People's tables may be of any accounts.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let (file, place, is_long) = (stream.file.clone(), stream.place.clone(), stream.is_long);
        let bytes = stream.whole()?;
        let fault = |fault: Fault| vec![fault.told(&file, &place)];
        let sheets = headers(&bytes).map_err(fault)?;
        if let Some(what) = sheets.is_other {
            return Err(fault(Fault::Other(what)));
        }
        if sheets.known.is_empty() {
            return Err(fault(Fault::Headless));
        }
        let several = sheets.known.len() > 1;
        let tables: Vec<Rows<'_>> = sheets
            .known
            .iter()
            .map(|sheet| {
                let name = several.then(|| sheet.name.clone());
                Rows::new(intake, name, sheet.header.names.iter().map(String::as_str), false)
            })
            .collect();
        intake.pieces(
            is_long,
            |send: &mut dyn FnMut(Batch)| {
                let cut = || {
                    let mut workbook = opened(&bytes)?;
                    let mut order = 0;
                    for (number, sheet) in sheets.known.iter().enumerate() {
                        send_rows(&mut workbook, sheet, (&mut order, number), send)?;
                    }
                    Ok(())
                };
                tried(cut).unwrap_or(Err(Fault::Broken)).map_err(fault)
            },
            |(batch, first, sheet): Batch, sink| {
                let Some(rows) = tables.get(sheet) else { return };
                for (order, (line, record)) in (first..).zip(&batch) {
                    rows.take(record.iter(), (order, *line), sink);
                }
            },
        )?;
        intake.warnings.extend(tables.iter().flat_map(Rows::warnings));
        intake.warnings.extend(sheets.hidden.iter().map(|name| {
            Diagnostic::new(
                Code::ImportPartial,
                format!("the sheet `{name}` of `{file}` is hidden and is passed over"),
            )
            .at(place.clone())
            .help("show it in the spreadsheet if its rows are deployed")
        }));
        Ok(())
    }
}

/// Whether bytes begin as a workbook does.
pub(in crate::inventory::import) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && memchr::memmem::find(bytes, b"xl/workbook.xml").is_some()
}

/// What is wrong with a workbook.
enum Fault {
    /// It is damaged.
    Broken,
    /// It unpacks to too much.
    TooLarge,
    /// A row is too long.
    Row(usize),
    /// It holds something else.
    Other(&'static str),
    /// No sheet has a header.
    Headless,
}

impl Fault {
    fn told(self, file: &Arc<str>, place: &Place) -> Diagnostic {
        let mib = |bytes: u64| bytes / limits::MIB as u64;
        match self {
            Self::Broken => Diagnostic::new(Code::SyntaxError, format!("the workbook `{file}` is cut off or damaged"))
                .at(place.clone())
                .help("save it again as XLSX, or as CSV in UTF-8"),
            Self::TooLarge => Diagnostic::new(
                Code::LimitReached,
                format!("the workbook `{file}` unpacks to more than {} MiB", mib(limits::WORKBOOK)),
            )
            .at(place.clone())
            .help("save its sheet as CSV, which may have any length"),
            Self::Row(line) => Diagnostic::new(
                Code::LimitReached,
                format!("the row is longer than {} MiB", limits::ROW / limits::MIB),
            )
            .at(Place::at(file, line, 1))
            .help("docs/limits.md lists all limits"),
            Self::Other(what) => Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}"))
                .at(place.clone())
                .help("name the inventory that it was made of, or what is deployed"),
            Self::Headless => Diagnostic::new(
                Code::ImportFailed,
                format!("no sheet of `{file}` has a header with `arn`, `type` or `service`"),
            )
            .at(place.clone())
            .help("name the columns in one row: arn, account, region, type, service, name, owner, environment, tags"),
        }
    }
}

/// A sheet with resources.
struct Sheet {
    name: String,
    header: Header,
    /// The line behind the header.
    behind: u32,
}

/// The sheets of a workbook.
#[derive(Default)]
struct Sheets {
    known: Vec<Sheet>,
    /// Those with resources that nobody sees.
    hidden: Vec<String>,
    /// What it is, if no inventory.
    is_other: Option<&'static str>,
}

impl Sheets {
    fn is_of_resources(&self) -> bool {
        self.is_other.is_none() && !self.known.is_empty()
    }
}

/// Opens a workbook that does not unpack to too much.
fn opened(bytes: &[u8]) -> Result<Opened<'_>, Fault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let mut left = limits::WORKBOOK;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::Broken)?;
        // What a part says of its size may be untrue.
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Fault::Broken)?;
        left = left.checked_sub(size).ok_or(Fault::TooLarge)?;
    }
    Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)
}

/// The headers of a workbook's sheets.
fn headers(bytes: &[u8]) -> Result<Sheets, Fault> {
    tried(|| headers_of(bytes)).unwrap_or(Err(Fault::Broken))
}

fn headers_of(bytes: &[u8]) -> Result<Sheets, Fault> {
    let mut workbook = opened(bytes)?;
    let mut sheets = Sheets::default();
    let all: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    for (name, is_visible) in all {
        let mut above = 0;
        let mut found = None;
        rows(&mut workbook, &name, usize::MAX, &mut |line, cells| {
            let squashed: Vec<String> = cells.iter().map(|cell| letters(cell)).collect();
            if is_of_matrix(squashed.iter().map(String::as_str)) {
                sheets.is_other = Some("is a report's data");
            } else if let Some(what) = crate::inventory::import::costs::of_columns(cells.iter().map(String::as_str), letters) {
                sheets.is_other = Some(what);
            } else if is_header(&cells, above == 0, above > 0) {
                found = Some((line, cells));
            }
            above += 1;
            Ok(found.is_none() && sheets.is_other.is_none() && above <= ABOVE)
        })?;
        match found {
            Some(_) if !is_visible => sheets.hidden.push(name),
            Some((line, names)) => sheets.known.push(Sheet {
                name,
                header: Header {
                    delimiter: b',',
                    above,
                    names,
                },
                behind: line,
            }),
            None => {}
        }
    }
    Ok(sheets)
}

/// Hands on the rows behind a sheet's header.
fn send_rows(
    workbook: &mut Opened<'_>,
    sheet: &Sheet,
    (order, number): (&mut u64, usize),
    send: &mut dyn FnMut(Batch),
) -> Result<(), Fault> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let columns = sheet.header.names.len();
    rows(workbook, &sheet.name, columns, &mut |line, cells| {
        if line <= sheet.behind {
            return Ok(true);
        }
        bytes += cells.iter().map(|cell| cell.len() as u64 + 8).sum::<u64>();
        batch.push((u64::from(line), StringRecord::from(cells)));
        if batch.len() >= BATCH || bytes > BATCH_BYTES {
            let full = std::mem::take(&mut batch);
            let count = full.len() as u64;
            send((full, *order, number));
            *order += count;
            bytes = 0;
        }
        Ok(true)
    })?;
    let count = batch.len() as u64;
    send((batch, *order, number));
    *order += count;
    Ok(())
}

/// Gives the rows of a sheet one by one, each with its line and no more cells than `columns`, until told to stop. Rows in which
/// nothing stands are left out.
fn rows(
    workbook: &mut Opened<'_>,
    sheet: &str,
    columns: usize,
    give: &mut dyn FnMut(u32, Vec<String>) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|_| Fault::Broken)?;
    let (mut at, mut cells, mut bytes): (u32, Vec<String>, usize) = (0, Vec::new(), 0);
    while let Some(cell) = reader.next_cell().map_err(|_| Fault::Broken)? {
        let (row, column) = cell.get_position();
        if row != at {
            if bytes > 0 && !give(at + 1, std::mem::take(&mut cells))? {
                return Ok(());
            }
            (at, bytes) = (row, 0);
            cells.clear();
        }
        let column = column as usize;
        let text = text(cell.get_value());
        if text.is_empty() || column >= columns.min(limits::COLUMNS) {
            continue;
        }
        bytes += text.len();
        if bytes > limits::ROW {
            return Err(Fault::Row(at as usize + 1));
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
    }
    if bytes > 0 {
        give(at + 1, cells)?;
    }
    Ok(())
}

/// What a cell shows, as CSV has it.
fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                day
            } else {
                format!("{day}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
