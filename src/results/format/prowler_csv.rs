//! Prowler's CSV: of version 2 with commas, since version 3 with semicolons and cells of several lines.
//!
//! In: a table with Prowler's columns. Out: a result a row.

use super::identity::Named;
use super::sink::{HELP, Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics::{self, Code, Diagnostic, Place};
use crate::results::{Gathered, Outcome, time};
use crate::source::Stream;
use crate::source::rows::Bounded;
use crate::source::text::utf16;
use csv::StringRecord;
use std::io::Read;
use std::sync::Arc;

/// The form.
pub(super) struct ProwlerCsv;

impl Format for ProwlerCsv {
    fn id(&self) -> &'static str {
        "prowler-csv"
    }

    fn precedence(&self) -> u16 {
        30
    }

    fn name(&self) -> &'static str {
        "Prowler's CSV"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let header = beginning.first_line();
        let columns = Columns::of(header.split(delimiter(header)).map(|name| name.trim_matches('"')));
        columns.is_prowlers()
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        let mut sink = Sink::new(into, &stream.file, &stream.place);
        let beginning = Beginning::of(&stream.head);
        let delimiter = delimiter(beginning.first_line());
        if stream.is_utf16() {
            let text = utf16(&stream.whole()?).unwrap_or_default();
            rows(text.as_bytes(), delimiter, &mut sink)?;
        } else {
            let mark = if stream.head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            rows(stream.reader(mark), delimiter, &mut sink)?;
        }
        sink.finish()
    }
}

fn delimiter(header: &str) -> char {
    let count = |letter: char| header.matches(letter).count();
    if count(';') >= count(',') { ';' } else { ',' }
}

/// How a check came out, in any of Prowler's words.
pub(super) fn outcome(word: &str) -> Option<Outcome> {
    Some(match word.trim().trim_end_matches('!').to_ascii_uppercase().as_str() {
        "PASS" | "PASSED" | "SUCCESS" => Outcome::Passed,
        "FAIL" | "FAILED" | "FAILURE" => Outcome::Failed,
        // What an allowlist or a mutelist has was a warning once.
        "MUTED" | "WARNING" | "WARN" | "SUPPRESSED" => Outcome::Silenced,
        "MANUAL" | "INFO" | "OTHER" | "UNKNOWN" => Outcome::NotJudged,
        _ => return None,
    })
}

/// The id of a check of version 2 in its title: `[check11] Avoid the use of the root account`.
pub(super) fn check_in_title(title: &str) -> Option<(&str, &str)> {
    let (check, title) = title.trim().strip_prefix('[')?.split_once(']')?;
    let is_id = !check.is_empty() && check.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_id.then(|| (check, title.trim()))
}

/// Where in a row something stands.
#[derive(Debug, Default)]
struct Columns {
    check: Option<usize>,
    number: Option<usize>,
    title: Option<usize>,
    status: Option<usize>,
    extended: Option<usize>,
    muted: Option<usize>,
    account: Option<usize>,
    region: Option<usize>,
    kind: Option<usize>,
    arn: Option<usize>,
    id: Option<usize>,
    time: Option<usize>,
}

impl Columns {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut all = Self::default();
        for (index, name) in names.enumerate() {
            let place = match name
                .trim()
                .trim_start_matches('\u{feff}')
                .to_ascii_uppercase()
                .replace(' ', "_")
                .as_str()
            {
                "CHECK_ID" | "CHECKID" => &mut all.check,
                "TITLE_ID" => &mut all.number,
                "CHECK_TITLE" | "TITLE_TEXT" => &mut all.title,
                "STATUS" | "CHECK_RESULT" => &mut all.status,
                "STATUS_EXTENDED" | "CHECK_RESULT_EXTENDED" => &mut all.extended,
                "MUTED" => &mut all.muted,
                "ACCOUNT_UID" | "ACCOUNT_ID" | "ACCOUNT_NUM" => &mut all.account,
                "REGION" => &mut all.region,
                "RESOURCE_TYPE" | "CHECK_ASFF_RESOURCE_TYPE" => &mut all.kind,
                "RESOURCE_UID" | "RESOURCE_ARN" => &mut all.arn,
                "RESOURCE_NAME" | "RESOURCE_ID" | "CHECK_RESOURCE_ID" => &mut all.id,
                "TIMESTAMP" | "ASSESSMENT_START_TIME" => &mut all.time,
                _ => continue,
            };
            *place = place.or(Some(index));
        }
        all
    }

    fn is_prowlers(&self) -> bool {
        let is_new = self.check.is_some() && self.status.is_some() && self.extended.is_some();
        let is_old = self.number.is_some() && self.title.is_some() && self.status.is_some();
        is_new || is_old
    }

    fn take(&self, row: &StringRecord, sink: &mut Sink<'_>) -> Result<(), &'static str> {
        let cell = |index: Option<usize>| {
            index
                .and_then(|index| row.get(index))
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let verdict = cell(self.status)
            .and_then(outcome)
            .ok_or("the row does not say how its check came out")?;
        let title = cell(self.title);
        let (check, title) = match (cell(self.check), title.and_then(check_in_title)) {
            (Some(check), _) => (Some(check), title),
            (None, Some((check, title))) => (Some(check), Some(title)),
            (None, None) => (cell(self.number), title),
        };
        let check = check.ok_or("the row names no check")?;
        let is_muted = cell(self.muted).is_some_and(|muted| muted.eq_ignore_ascii_case("true"));
        let uid = cell(self.arn).map(Named::of).unwrap_or_default();
        let kind = cell(self.kind);
        let named = Named {
            name: cell(self.id).or(uid.name),
            ..uid
        };
        // Version 2 tells no resource; of an account-wide check it tells the type of the account.
        let of_account = kind.is_some_and(|kind| kind.to_ascii_lowercase().ends_with("account"));
        let kind = kind.or_else(|| self.arn.is_none().then_some("unknown"));
        let about = named.or_account(cell(self.account)).or(cell(self.region), kind);
        let about = if of_account && self.arn.is_none() {
            about.account_alone()
        } else {
            about.unless_made_up()
        };
        sink.add(&Told {
            scanner: "prowler",
            check,
            title,
            outcome: if is_muted { Outcome::Silenced } else { verdict },
            finding: None,
            about,
            at: cell(self.time).and_then(time::of_text),
            observed: cell(self.extended),
        });
        Ok(())
    }
}

/// Takes all rows in.
fn rows<R: Read>(text: R, delimiter: char, sink: &mut Sink<'_>) -> diagnostics::Outcome<()> {
    let delimiter = u8::try_from(delimiter).unwrap_or(b';');
    let (bounded, state) = Bounded::new(text, delimiter);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bounded);
    let file = sink.file.clone();
    let stopped =
        |error: &csv::Error, line: u64| -> Vec<Diagnostic> { vec![state.fault(&file, line).unwrap_or_else(|| broken(error, &file))] };
    let columns = match reader.headers() {
        Ok(header) => Columns::of(header.iter()),
        Err(error) => return Err(stopped(&error, 1)),
    };
    if !columns.is_prowlers() {
        let what = "the table has no column for the check and its status";
        return Err(vec![
            Diagnostic::new(Code::ResultsUnreadable, what).at(Place::at(&file, 1, 1)).help(HELP),
        ]);
    }
    let width = reader.headers().map_or(0, StringRecord::len);
    let mut row = StringRecord::new();
    let mut last: Option<(usize, usize)> = None;
    loop {
        let begins = reader.position().clone();
        state.row_ends(begins.byte());
        let line = usize::try_from(begins.line()).unwrap_or(1);
        match reader.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {
                let line = row
                    .position()
                    .map_or(line, |position| usize::try_from(position.line()).unwrap_or(line));
                last = Some((line, row.len()));
                if row.iter().all(str::is_empty) {
                    continue;
                }
                // In a row with more or fewer cells, what stands in a column is another's.
                if row.len() != width {
                    sink.broken(Some((line, 1)), format!("the row has {} cells and the header {width}", row.len()));
                } else if let Err(why) = columns.take(&row, sink) {
                    sink.broken(Some((line, 1)), why);
                }
            }
            // Nothing can be read behind it.
            Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)) => return Err(stopped(&error, begins.line())),
            Err(_) => sink.broken(Some((line, 1)), "the row is not UTF-8 text"),
        }
    }
    if let Some(open) = state.fault(&file, 1) {
        return Err(vec![open]);
    }
    // Rows have as many cells as the header; the last of a file that was cut off has fewer.
    match last {
        Some((line, cells)) if cells < width => Err(vec![
            Diagnostic::new(Code::SyntaxError, "the table ends within its last row")
                .at(Place::at(&file, line, 1))
                .help(format!("the file was cut off; {HELP}")),
        ]),
        _ => Ok(()),
    }
}

fn broken(error: &csv::Error, file: &Arc<str>) -> Diagnostic {
    let line = error.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(1));
    if let csv::ErrorKind::Io(io) = error.kind() {
        return Diagnostic::new(Code::CannotRead, format!("cannot read `{file}`: {io}")).at(Place::file(file.clone()));
    }
    let what = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8 text",
        _ => "the text is not CSV",
    };
    Diagnostic::new(Code::SyntaxError, what).at(Place::at(file, line, 1)).help(HELP)
}
