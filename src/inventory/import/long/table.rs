//! Tables of any length.
//!
//! In: a reader. Out: the resources of the rows, counted.

use super::super::secrets;
use super::super::table::{Column, Row, Rows, broken, nameless, reader};
use super::Long;
use super::group::{Counter, Tally, Wanted};
use crate::diagnostics::Outcome;

/// How many faults are told; what is behind them is of the same kind.
const MOST: usize = 100;

/// Reads the rows.
pub(super) fn read(long: Long<'_>, wanted: &Wanted<'_>) -> Outcome<Tally> {
    let file = long.file.clone();
    let mut rows = Rows::of_beginning(&long.head);
    let mark = if long.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut reader = reader(long.reader(mark), &rows);
    match reader.headers() {
        Ok(headers) => rows.read_header(headers),
        Err(error) => return Err(vec![broken(&error, &file)]),
    }
    if !rows.has(&[Column::Arn, Column::Type, Column::Service]) {
        return Err(vec![rows.no_column(&file)]);
    }
    let mut tally = Tally::default();
    let mut counter = Counter::new(wanted);
    let mut faults = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut order = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => match rows.resource(&record) {
                Row::Resource(mut resource) => {
                    resource.tags = secrets::open_tags(std::mem::take(&mut resource.tags));
                    counter.add(*resource, order, &mut tally);
                    order += 1;
                }
                Row::Empty => {}
                Row::Nameless(line) => faults.push(nameless(&file, line)),
            },
            Ok(false) => break,
            Err(error) => {
                let is_io = matches!(error.kind(), csv::ErrorKind::Io(_));
                faults.push(broken(&error, &file));
                if is_io {
                    break;
                }
            }
        }
        if faults.len() >= MOST {
            break;
        }
    }
    tally.warnings.extend(rows.warnings(&file));
    if faults.is_empty() { Ok(tally) } else { Err(faults) }
}
