//! A table of resources as CSV, as people keep it or a cloud inventory exports it.
//!
//! In: CSV with a header row whose names are matched without regard to case, spaces and underscores, separated by commas,
//! semicolons, tabs or bars. Out: one resource a row. A row needs an ARN, a type or a service. Columns that are not
//! known are attributes.

use super::columns::{Column, column};
use super::location::is_account;
use super::sink::Intake;
use super::{Found, ImportedResource, Importer};
use super::{json, secrets};
use crate::catalog::letters;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, did_you_mean};
use crate::source::Stream;
use crate::source::rows::{Bounded, State};
use crate::source::text::unicode_beginning;
use serde_json::{Map, Value};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many rows are handed on at once.
const BATCH: usize = 512;

/// The importer of CSV.
pub(super) struct Table;

impl Importer for Table {
    fn id(&self) -> &'static str {
        "csv"
    }

    fn name(&self) -> &'static str {
        "CSV"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let text = unicode_beginning(&bytes[..bytes.len().min(64 * 1024)]);
        let header = first_line(&text);
        let Some(delimiter) = delimiter(header) else {
            // One column is enough if it is the ARN's.
            return letters(header) == "arn";
        };
        if header.starts_with(['{', '[', '<', '#']) || header.contains(": ") && !header.contains("ag: ") {
            return false;
        }
        let columns: Vec<Column> = header.split(char::from(delimiter)).map(column).collect();
        let has_key = columns
            .iter()
            .any(|column| matches!(column, Column::Arn | Column::Type | Column::Service));
        has_key && !is_matrix(&text) && costs_of(&text).is_none()
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
        let head = unicode_beginning(&stream.head[..stream.head.len().min(64 * 1024)]);
        if let Some(what) = costs_of(&head) {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{}` {what}", stream.file))
                    .at(stream.place)
                    .help(super::costs::HELP),
            ]);
        }
        if stream.is_utf16() {
            let text = crate::source::text::utf16(&stream.whole()?).unwrap_or_default().into_bytes();
            let mut rows = Rows::of_beginning(&text);
            return rows.read(&text[..], is_long, intake);
        }
        let mut rows = Rows::of_beginning(&stream.head);
        let mark = if stream.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        rows.read(stream.reader(mark), is_long, intake)
    }
}

/// How many bytes of rows are handed on at once.
const BATCH_BYTES: u64 = 1024 * 1024;

/// Rows, and the number of the first.
type Batch = (Vec<csv::Result<csv::StringRecord>>, u64);

/// A reader of rows.
fn reader<R: std::io::Read>(text: R, rows: &Rows) -> (csv::Reader<Bounded<R>>, Rc<State>) {
    let (bounded, state) = Bounded::new(text, rows.delimiter);
    let reader = csv::ReaderBuilder::new()
        .delimiter(rows.delimiter)
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

/// That a row does not say what it is.
fn nameless(file: &Arc<str>, line: u64) -> Diagnostic {
    Diagnostic::new(Code::ImportFailed, "the row has no ARN, no type and no service")
        .at(Place::at(file, usize::try_from(line).unwrap_or(1), 1))
        .help("fill one of the columns arn, type or service")
}

fn first_line(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_start().lines().next().unwrap_or_default()
}

/// Whether a table says who does what, as a report's matrix does, and not what there is.
pub(super) fn is_matrix(text: &str) -> bool {
    let header = first_line(text);
    let columns: Vec<String> = match delimiter(header) {
        Some(delimiter) => header.split(char::from(delimiter)).map(letters).collect(),
        None => return false,
    };
    ["control", "party", "letters"]
        .iter()
        .all(|wanted| columns.iter().any(|column| column == wanted))
}

/// What a table is whose rows are lines of cost.
pub(super) fn costs_of(text: &str) -> Option<&'static str> {
    let header = first_line(text);
    let delimiter = delimiter(header)?;
    super::costs::of_columns(header.split(char::from(delimiter)), letters)
}

/// The separator that stands most often in the header.
fn delimiter(header: &str) -> Option<u8> {
    let count = |letter: u8| header.bytes().filter(|byte| *byte == letter).count();
    let most = [b',', b';', b'\t', b'|'].into_iter().max_by_key(|letter| count(*letter))?;
    // Of several that stand as often the first one counts.
    let first = [b',', b';', b'\t', b'|'].into_iter().find(|letter| count(*letter) == count(most))?;
    (count(first) > 0).then_some(first)
}

/// The columns of a table, and what was odd in its rows.
#[derive(Debug)]
struct Rows {
    delimiter: u8,
    columns: Vec<Column>,
    /// How many rows name an account by something else than its number, and the line of the first of them.
    odd_accounts: AtomicU64,
    first_odd: AtomicU64,
}

/// What a row is.
enum Row {
    /// A resource.
    Resource(Box<ImportedResource>),
    /// Nothing stands in it.
    Empty,
    /// It does not say what it is; its line.
    Nameless(u64),
}

impl Rows {
    /// A table with this first line.
    fn of(header: &str) -> Self {
        Self {
            delimiter: delimiter(header).unwrap_or(b','),
            columns: Vec::new(),
            odd_accounts: AtomicU64::new(0),
            first_odd: AtomicU64::new(u64::MAX),
        }
    }

    /// Takes in all rows. They are cut here and understood by other threads where there are many.
    fn read(&mut self, text: impl std::io::Read, is_long: bool, intake: &mut Intake<'_>) -> Outcome<()> {
        let file = intake.file().clone();
        let (mut reader, state) = reader(text, self);
        match reader.headers() {
            Ok(headers) => self.read_header(headers),
            Err(error) => return Err(vec![state.fault(&file, 1).unwrap_or_else(|| broken(&error, &file))]),
        }
        if !self.has(&[Column::Arn, Column::Type, Column::Service]) {
            return Err(vec![self.no_column(&file)]);
        }
        intake.pieces(
            is_long,
            |send: &mut dyn FnMut(Batch)| {
                let (mut batch, mut order) = (Vec::with_capacity(BATCH), 0);
                let mut first_byte = reader.position().byte();
                loop {
                    let begins = reader.position().clone();
                    state.row_ends(begins.byte());
                    let mut record = csv::StringRecord::new();
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
                for (order, record) in (first..).zip(records) {
                    match record.as_ref().map(|record| self.resource(record)) {
                        Ok(Row::Resource(resource)) => sink.add(Found::alone(*resource), order),
                        Ok(Row::Empty) => {}
                        Ok(Row::Nameless(line)) => sink.leave_out(order, || nameless(&file, line)),
                        Err(error) => sink.leave_out(order, || broken(error, &file)),
                    }
                }
            },
        )?;
        intake.warnings.extend(self.warnings(&file));
        Ok(())
    }

    /// The table of a beginning.
    fn of_beginning(bytes: &[u8]) -> Self {
        Self::of(first_line(&unicode_beginning(&bytes[..bytes.len().min(64 * 1024)])))
    }

    /// Takes the names of the columns.
    fn read_header(&mut self, names: &csv::StringRecord) {
        self.columns = names.iter().map(column).collect();
    }

    /// Whether one of these columns is there.
    fn has(&self, wanted: &[Column]) -> bool {
        self.columns.iter().any(|column| wanted.contains(column))
    }

    /// That the table has no column that says what a row is.
    fn no_column(&self, file: &Arc<str>) -> Diagnostic {
        let named: Vec<&str> = self
            .columns
            .iter()
            .filter_map(|column| match column {
                Column::Attribute(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let near = named
            .iter()
            .find_map(|name| crate::diagnostics::nearest(name, ["arn", "type", "service"]).map(|_| *name));
        Diagnostic::new(Code::ImportFailed, "the table has no column `arn`, `type` or `service`")
            .at(Place::at(file, 1, 1))
            .help(near.map_or_else(
                || "name the columns in the first row: arn, account, region, type, service, name, owner, environment, tags".to_owned(),
                |name| did_you_mean(name, &["arn", "type", "service"]),
            ))
    }

    /// The resource of a row.
    fn resource(&self, record: &csv::StringRecord) -> Row {
        let line = record.position().map_or(0, csv::Position::line);
        let mut resource = ImportedResource {
            count: 1,
            ..ImportedResource::default()
        };
        let (mut kind, mut id, mut account, mut region, mut zone) = (None, None, None, None, None);
        let mut config = Map::new();
        let is_empty = record.iter().all(str::is_empty);
        for (column, cell) in self.columns.iter().zip(record.iter()) {
            if cell.is_empty() {
                continue;
            }
            match column {
                Column::Arn => resource.arn = json::arn_fields(cell).map(|_| cell.to_owned()),
                Column::Type => kind = Some(cell),
                Column::Service => resource.service = Some(cell.into()),
                Column::Mode => resource.mode = Some(cell.into()),
                Column::Name => resource.name = Some(cell.to_owned()),
                Column::Id => id = Some(cell),
                Column::Account => account = Some(cell),
                Column::Region => region = Some(cell),
                Column::Zone => zone = Some(cell),
                Column::Environment => resource.environment = Some(cell.into()),
                Column::Owner => resource.owner = Some(cell.into()),
                // What is secret as a whole may not be so in parts.
                Column::Data if secrets::hold_secret(cell) => {}
                Column::Data => resource.data = cell.split([';', ',', '|']).map(|class| class.trim().into()).collect(),
                Column::Count => resource.count = cell.parse().unwrap_or(1),
                Column::Tags => resource.tags.extend(tags(cell)),
                Column::Tag(key) => resource.tags.push((key.as_str().into(), cell.to_owned())),
                Column::Attribute(key) => {
                    config.insert(key.clone(), value(cell));
                }
                Column::None => {}
            }
        }
        // None of a kind is nothing that is deployed.
        if is_empty || resource.count == 0 {
            return Row::Empty;
        }
        // The id is an ARN where an export has no column of its own for it.
        if resource.arn.is_none() {
            resource.arn = id.filter(|id| json::arn_fields(id).is_some()).map(str::to_owned);
        }
        let by_arn = || json::kind_of_arn(resource.arn.as_deref()?);
        let called = kind.or(resource.service.as_deref());
        let Some(kind) = called.map(str::to_owned).or_else(by_arn) else {
            return Row::Nameless(line);
        };
        resource.kind = kind.into();
        let account = account.map(|number| {
            // Spreadsheets drop the zeros that an account number begins with, and mark texts with an apostrophe.
            let number = number.trim_start_matches('\'').replace('-', "");
            let digits = number.len() < 12 && number.bytes().all(|byte| byte.is_ascii_digit());
            if digits { format!("{number:0>12}") } else { number }
        });
        (resource.account, resource.region) = json::whereabouts(resource.arn.as_deref(), account.as_deref(), region, zone);
        if account.is_some_and(|account| !is_account(&account.as_str())) {
            self.odd_accounts.fetch_add(1, Ordering::Relaxed);
            self.first_odd.fetch_min(line, Ordering::Relaxed);
        }
        resource.id = id.filter(|id| json::arn_fields(id).is_none()).map(str::to_owned);
        let name = resource.name.take().or_else(|| resource.id.clone());
        resource.name = name.or_else(|| json::name_of_arn(resource.arn.as_deref()?));
        resource.tags.sort();
        resource.tags.dedup_by(|a, b| a.0 == b.0);
        resource.address = format!("line {line}");
        secrets::clear(&resource.kind, &mut config);
        resource.config = config;
        Row::Resource(Box::new(resource))
    }

    /// What was odd.
    fn warnings(&self, file: &Arc<str>) -> Vec<Diagnostic> {
        let count = self.odd_accounts.load(Ordering::Relaxed);
        if count == 0 {
            return Vec::new();
        }
        let line = usize::try_from(self.first_odd.load(Ordering::Relaxed)).unwrap_or(1);
        let rows = if count == 1 {
            "1 row names".to_owned()
        } else {
            format!("{count} rows name")
        };
        vec![
            Diagnostic::new(
                Code::ImportPartial,
                format!("{rows} an account by something else than its twelve digits"),
            )
            .at(Place::at(file, line, 1))
            .help("format the column as text, so that the spreadsheet leaves the number whole; the account is open until then"),
        ]
    }
}

/// `a=1;b=2`, `a:1|b:2`, or JSON as an export of AWS writes it.
fn tags(cell: &str) -> Vec<(Arc<str>, String)> {
    if cell.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str::<Value>(cell)
    {
        return json::tags(Some(&value));
    }
    let separator = [';', '|', ',', '\n']
        .into_iter()
        .find(|separator| cell.contains(*separator))
        .unwrap_or(';');
    let tag = |piece: &str| {
        let (key, value) = piece.split_once('=').or_else(|| piece.split_once(':'))?;
        let key = key.trim();
        (!key.is_empty()).then(|| (key.into(), value.trim().to_owned()))
    };
    // What is secret only as a whole must not be cut into tags; names that tell are judged later.
    let is_plain = |piece: &str| !piece.contains("//") && piece.split(['=', ':']).all(secrets::is_plain);
    let mut pieces: Vec<&str> = cell.split(separator).collect();
    if !pieces.iter().all(|piece| is_plain(piece)) {
        let is_secret = |piece: &str| secrets::hold_secret(piece) || secrets::open_tags(tag(piece).into_iter().collect()).is_empty();
        pieces.retain(|piece| is_plain(piece) || !is_secret(piece));
        if secrets::hold_secret(&pieces.join(&separator.to_string())) {
            return Vec::new();
        }
    }
    pieces.into_iter().filter_map(tag).collect()
}

/// A cell as an attribute.
fn value(cell: &str) -> Value {
    match cell.to_lowercase().as_str() {
        "true" | "yes" => Value::Bool(true),
        "false" | "no" => Value::Bool(false),
        _ => match cell.parse::<i64>() {
            // A number with zeros before it is a name.
            Ok(number) if number.to_string() == cell => number.into(),
            _ => cell.into(),
        },
    }
}
