//! Tables of any length.
//!
//! In: a reader. Out: the resources of the rows, counted. Rows are cut here and understood by other threads.

use super::super::secrets;
use super::super::table::{Column, Row, Rows, broken, is_at_an_end, left_out, nameless, reader};
use super::group::{Tally, Wanted};
use super::{Long, in_parallel};
use crate::diagnostics::Outcome;

/// How many rows are handed on at once.
const BATCH: usize = 512;

/// How many bytes of rows are handed on at once.
const BATCH_BYTES: u64 = 1024 * 1024;

/// How many faults are told; what is behind them is of the same kind.
const MOST: usize = 100;

/// Rows and the number of the first.
type Batch = (Vec<csv::StringRecord>, u64);

/// Reads the rows.
pub(super) fn read(long: Long<'_>, wanted: &Wanted<'_>) -> Outcome<Tally> {
    let file = long.file.clone();
    let mut rows = Rows::of_beginning(&long.head);
    let mark = if long.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let (mut reader, state) = reader(long.reader(mark), &rows);
    match reader.headers() {
        Ok(headers) => rows.read_header(headers),
        Err(error) => return Err(vec![state.fault(&file, 1).unwrap_or_else(|| broken(&error, &file))]),
    }
    if !rows.has(&[Column::Arn, Column::Type, Column::Service]) {
        return Err(vec![rows.no_column(&file)]);
    }
    let (mut broken_rows, mut more) = (Vec::new(), 0_usize);
    let mut tally = in_parallel(
        wanted,
        |send: &mut dyn FnMut(Batch) -> bool| {
            let (mut faults, mut cannot_read) = (Vec::new(), false);
            let (mut batch, mut order) = (Vec::with_capacity(BATCH), 0);
            let mut first = reader.position().byte();
            loop {
                let begins = reader.position().clone();
                state.row_ends(begins.byte());
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(false) => break,
                    Ok(true) => batch.push(record),
                    Err(error) => {
                        cannot_read = is_at_an_end(&error);
                        if cannot_read {
                            faults.clear();
                        }
                        if faults.len() < MOST {
                            let too_long = state.fault(&file, begins.line()).filter(|_| cannot_read);
                            faults.push(too_long.unwrap_or_else(|| broken(&error, &file)));
                        } else {
                            more += 1;
                        }
                        if cannot_read {
                            break;
                        }
                    }
                }
                if batch.len() >= BATCH || begins.byte() - first > BATCH_BYTES {
                    first = begins.byte();
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    let first = order;
                    order += full.len() as u64;
                    send((full, first));
                }
            }
            send((batch, order));
            // What cannot be read ends the file, and so does a quote that nobody closed; a row that cannot keeps itself out.
            if cannot_read {
                return Err(faults);
            }
            if let Some(open) = state.fault(&file, 1) {
                return Err(vec![open]);
            }
            broken_rows = faults;
            Ok(())
        },
        |(records, first): Batch, tally, counter| {
            for (order, record) in (first..).zip(&records) {
                match rows.resource(record) {
                    Row::Resource(mut resource) => {
                        resource.tags = secrets::open_tags(counter.wanted.tags(std::mem::take(&mut resource.tags)));
                        counter.add(*resource, order, tally);
                    }
                    Row::Empty => {}
                    Row::Nameless(line) if tally.faults.len() < MOST => tally.faults.push(nameless(&file, line)),
                    Row::Nameless(_) => tally.more_faults += 1,
                }
            }
            Ok(())
        },
    )?;
    let mut faults = std::mem::take(&mut tally.faults);
    faults.append(&mut broken_rows);
    faults.sort_by(|a, b| a.places.cmp(&b.places));
    if tally.groups.is_empty() && !faults.is_empty() {
        faults.truncate(MOST);
        return Err(faults);
    }
    tally.warnings.extend(left_out(faults, more + tally.more_faults, &file));
    tally.warnings.extend(rows.warnings(&file));
    Ok(tally)
}
