//! A table of accounts as CSV: an organisation's console exports one, an account factory is fed with one.
//!
//! In: rows of a table whose header is one of accounts. Out: accounts. A row without a number is one that is not made yet, and
//! is passed over.

use super::super::accounts::{self, ImportedAccount, Says};
use super::cells::{self, Account};
use super::header::Header;
use super::row::short;
use super::{broken, reader};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::import::sink::Intake;
use csv::StringRecord;
use std::io::Read;

/// Takes in the accounts of a table with this header.
pub(super) fn read(text: impl Read, (header, lag): (&Header, u64), intake: &mut Intake<'_>) -> Outcome<()> {
    let file = intake.file().clone();
    let says = accounts::columns(header.names.iter().map(String::as_str)).unwrap_or_default();
    let (mut reader, state) = reader(text, header.delimiter);
    let mut record = StringRecord::new();
    let (mut faults, mut rows, mut missing) = (Vec::new(), 0_usize, 0_u64);
    loop {
        let begins = reader.position().clone();
        state.row_ends(begins.byte());
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(vec![state.fault(&file, begins.line()).unwrap_or_else(|| broken(&error, &file))]),
        }
        rows += 1;
        if rows <= header.above + 1 {
            continue;
        }
        let line = record.position().map_or(1, |at| usize::try_from(at.line() + lag).unwrap_or(1));
        let cell = |wanted: Says| {
            let mut cells = says.iter().zip(&record).filter(|(says, cell)| **says == wanted && !cell.is_empty());
            cells.next().map(|(_, cell)| cell)
        };
        match cell(Says::Id).map(cells::account) {
            Some(Account::Number(id)) => {
                let tags = cell(Says::Tags).map(cells::tags).unwrap_or_default();
                let account = ImportedAccount::new(&id, cell(Says::Name), cell(Says::Unit), tags);
                intake.accounts.push(account);
            }
            Some(Account::Short(id)) => faults.push(short(&id, Place::at(&file, line, 1))),
            Some(Account::Rounded | Account::Odd(_)) => missing += 1,
            None => {}
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if missing > 0 {
        let what = match missing {
            1 => format!("1 row of `{file}` names an account by something else than its twelve digits and is left out"),
            many => format!("{many} rows of `{file}` name an account by something else than its twelve digits and are left out"),
        };
        let help = "format the column as text, so that the spreadsheet leaves the number whole";
        intake
            .warnings
            .push(Diagnostic::new(Code::ImportPartial, what).at(Place::file(file)).help(help));
    }
    Ok(())
}
