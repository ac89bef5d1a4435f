//! A table as Parquet, as data platforms keep it.
//!
//! In: a Parquet file. Out: the resources that the same rows give as CSV. Row groups are read one after the other, and of each
//! no more than a page a column is held; what a page says that it unpacks to is looked at before it is unpacked. Where rows are
//! only counted, columns that nobody looks at are not read. The file is copied to a temporary one first, since Parquet is read
//! from its end.

use super::objects::are_of_rows;
use super::rows::Rows;
use super::{BATCH, BATCH_BYTES, pages, tried};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::import::sink::Intake;
use crate::inventory::import::{Head, Importer};
use crate::limits;
use crate::source::Stream;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader as _, Length as _, RowGroupReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{Read, Write as _};
use std::sync::Arc;

/// What every Parquet file begins and ends with.
const MAGIC: &[u8] = b"PAR1";

/// How many bytes a short row of a table has as a line of CSV. In columns that repeat it takes fewer.
const SHORT_ROW: i64 = 128;

/// Rows, and the number of the first.
type Batch = (Vec<Map<String, Value>>, u64);

/// The importer of Parquet.
pub(in crate::inventory::import) struct Columnar;

impl Importer for Columnar {
    fn id(&self) -> &'static str {
        "parquet"
    }

    fn name(&self) -> &'static str {
        "Parquet"
    }

    fn reads(&self) -> &'static str {
        "Parquet, also of CloudQuery"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let bytes = head.bytes;
        if !bytes.starts_with(MAGIC) {
            return false;
        }
        // Of a long one only the beginning is at hand, and its columns are named at its end.
        if !bytes.ends_with(MAGIC) {
            return true;
        }
        let named = tried(|| SerializedFileReader::new(copied(bytes).ok()?).ok().map(|reader| names(&reader)));
        named.flatten().is_none_or(|names| are_of_rows(&names))
    }

    fn if_empty(&self) -> &'static str {
        "the table has no rows"
    }

    fn is_of_one_account(&self) -> bool {
        // A query may be of any accounts.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let (file, place, is_long) = (stream.file.clone(), stream.place.clone(), stream.is_long);
        let damaged = || vec![broken(&file, &place)];
        let broken = |_| damaged();
        let cannot =
            |why: std::io::Error| vec![Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {why}")).at(place.clone())];
        let copy = copied(stream.reader(0)).map_err(cannot)?;
        if copy.len() > limits::PARQUET {
            return Err(vec![too_large(&file, &place, "is longer than a Parquet file may be")]);
        }
        let pages = copy.try_clone().map_err(cannot)?;
        let reader = tried(|| SerializedFileReader::new(copy)).ok_or_else(damaged)?.map_err(broken)?;
        let names = names(&reader);
        if names.len() > limits::COLUMNS {
            return Err(vec![too_large(&file, &place, "has more columns than are read")]);
        }
        if is_long || unpacked(&reader) > limits::WHOLE as u64 {
            intake.count();
        }
        let rows = Rows::new(intake, None, names.iter().map(String::as_str), false);
        if !rows.has_key() {
            return Err(vec![rows.no_column()]);
        }
        if let Some(nothing) = rows.of_nothing(&place) {
            intake.warnings.push(nothing);
            return Ok(());
        }
        let only = intake.counts().then(|| part(&reader, &rows.looked_at(intake))).flatten();
        intake.pieces(
            intake.counts(),
            |send: &mut dyn FnMut(Batch)| {
                let cut = || {
                    let mut order = 0;
                    for group in 0..reader.num_row_groups() {
                        let group = reader.get_row_group(group).map_err(broken)?;
                        if !pages::are_bounded(&pages, group.metadata()).map_err(broken)? {
                            return Err(vec![too_large(&file, &place, "has a page that unpacks to more than is read")]);
                        }
                        send_group(&*group, only.as_ref(), &mut order, send).map_err(broken)?;
                    }
                    Ok(())
                };
                tried(cut).unwrap_or_else(|| Err(damaged()))
            },
            |(batch, first): Batch, sink| {
                for (order, row) in (first..).zip(batch) {
                    rows.take_object(row, (order, order + 1), sink);
                }
            },
        )?;
        intake.warnings.extend(rows.warnings());
        Ok(())
    }
}

/// Hands on the rows of a group. `only`: the columns that are looked at, if not all.
fn send_group(
    group: &dyn RowGroupReader,
    only: Option<&Type>,
    order: &mut u64,
    send: &mut dyn FnMut(Batch),
) -> parquet::errors::Result<()> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut rows = group.get_row_iter(only.cloned())?;
    let (mut is_part, mut number) = (only.is_some(), 0);
    while let Some(row) = rows.next() {
        let mut row = object(&row?, &mut bytes);
        // Whether a row is empty or does not say what it is, only all of its columns tell.
        if is_part && row.values().all(is_nothing) {
            is_part = false;
            rows = group.get_row_iter(None)?;
            let Some(whole) = rows.nth(number) else { break };
            row = object(&whole?, &mut bytes);
        }
        batch.push(row);
        number += 1;
        if batch.len() >= BATCH || bytes > BATCH_BYTES {
            let full = std::mem::take(&mut batch);
            let count = full.len() as u64;
            send((full, *order));
            *order += count;
            bytes = 0;
        }
    }
    let count = batch.len() as u64;
    send((batch, *order));
    *order += count;
    Ok(())
}

/// Whether a cell with a value is empty.
fn is_nothing(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The columns that say anything; none if that is all of them, or none.
fn part(reader: &SerializedFileReader<File>, says: &[bool]) -> Option<Type> {
    let schema = reader.metadata().file_metadata().schema();
    let fields = schema.get_fields().iter().zip(says);
    let said: Vec<_> = fields.filter(|(_, says)| **says).map(|(field, _)| field.clone()).collect();
    if said.is_empty() || said.len() == says.len() {
        return None;
    }
    let only = Type::group_type_builder(schema.name()).with_fields(said).build().ok()?;
    schema.check_contains(&only).then_some(only)
}

/// What the file unpacks to, about, where a row has no fewer bytes than a short line.
fn unpacked(reader: &SerializedFileReader<File>) -> u64 {
    let bytes = |group: &RowGroupMetaData| group.total_byte_size().max(group.num_rows().saturating_mul(SHORT_ROW));
    let groups = reader.metadata().row_groups().iter();
    groups.fold(0, |sum, group| sum.saturating_add(u64::try_from(bytes(group)).unwrap_or(0)))
}

fn broken(file: &Arc<str>, place: &Place) -> Diagnostic {
    Diagnostic::new(Code::SyntaxError, format!("the Parquet file `{file}` is cut off or damaged"))
        .at(place.clone())
        .help("write it again, or export it as CSV or JSON lines")
}

fn too_large(file: &Arc<str>, place: &Place, what: &str) -> Diagnostic {
    Diagnostic::new(Code::LimitReached, format!("`{file}` {what}"))
        .at(place.clone())
        .help("docs/limits.md lists all limits")
}

/// The names of the columns.
fn names(reader: &SerializedFileReader<File>) -> Vec<String> {
    let schema = reader.metadata().file_metadata().schema();
    schema.get_fields().iter().map(|field| field.name().to_owned()).collect()
}

/// A file of its own, since Parquet is read from its end on, with no more than may be read and a byte.
fn copied(from: impl Read) -> std::io::Result<File> {
    let mut copy = tempfile::tempfile()?;
    std::io::copy(&mut from.take(limits::PARQUET + 1), &mut copy)?;
    copy.flush()?;
    Ok(copy)
}

/// A row as JSON has it.
fn object(row: &Row, bytes: &mut u64) -> Map<String, Value> {
    let fields = row.get_column_iter().map(|(name, field)| {
        let value = value(field);
        *bytes += 16 + value.as_str().map_or(0, |text| text.len() as u64);
        (name.clone(), value)
    });
    fields.filter(|(_, value)| !value.is_null()).collect()
}

/// A value as JSON has it. Dates and times say nothing of how a thing is set, and are left out.
fn value(field: &Field) -> Value {
    match field {
        Field::Bool(truth) => (*truth).into(),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Float(number) => f64::from(*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data()).map_or(Value::Null, Value::from),
        Field::Group(row) => row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect(),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::MapInternal(map) => map
            .entries()
            .iter()
            .filter_map(|(key, field)| Some((value(key).as_str()?.to_owned(), value(field))))
            .collect(),
        _ => Value::Null,
    }
}
