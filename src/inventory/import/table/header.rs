//! Where a table's header is, and what separates its cells.
//!
//! In: the beginning of a table's text. Out: the separator, and how many rows stand above the header: Excel's `sep=` line,
//! titles, the day of an export.

use super::super::accounts;
use super::columns::{Column, column};
use crate::catalog::{engines, letters};
use std::io::Read;

/// How much of a file is looked at.
pub(super) const BEGINNING: usize = 64 * 1024;

/// How many rows may stand above a header.
pub(super) const ABOVE: usize = 20;

/// How many rows are looked at: those above a header, it, and the line that names the separator.
const ROWS: usize = ABOVE + 2;

/// What separates cells, the more usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// What separates cells.
    pub(super) delimiter: u8,
    /// How many rows stand above it; blank lines are none.
    pub(super) above: usize,
    /// The names of the columns.
    pub(super) names: Vec<String>,
}

impl Header {
    /// The header of a table that begins so; none if no row names a column that says what a row is.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with(['{', '[', '<']) {
            return None;
        }
        let delimiters: Vec<u8> = match separator(text) {
            Some(given) => vec![given],
            None => DELIMITERS.to_vec(),
        };
        // All that are nowhere in the text part it alike: into lines. One of them stands for the others.
        let beginning = &text.as_bytes()[..text.len().min(BEGINNING)];
        let mut has_lines = false;
        let parts = |delimiter: &u8| memchr::memchr(*delimiter, beginning).is_some() || !std::mem::replace(&mut has_lines, true);
        let found = delimiters
            .into_iter()
            .filter(parts)
            .filter_map(|delimiter| Self::between(text, delimiter));
        // Of several that stand as often the first one counts.
        found.reduce(|best, next| if next.rank() > best.rank() { next } else { best })
    }

    /// The first row as a header, where none is known.
    pub(super) fn first(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let given = separator(text);
        let line = first_line(text);
        let delimiter = given.or_else(|| delimiter(line)).unwrap_or(b',');
        Self {
            delimiter,
            above: usize::from(given.is_some()),
            names: records(line, delimiter).into_iter().next().unwrap_or_default(),
        }
    }

    /// The header, if this separates its cells.
    fn between(text: &str, delimiter: u8) -> Option<Self> {
        let has_separator = separator(text).is_some();
        let first = usize::from(has_separator);
        let mut rows = records(text, delimiter).into_iter().take(ABOVE + 1 + first).enumerate();
        let (above, names) = rows.find(|(at, names)| is_header(names, *at == first, *at > first))?;
        Some(Self { delimiter, above, names })
    }

    /// Whether the rows are accounts.
    pub(super) fn is_of_accounts(&self) -> bool {
        accounts::columns(self.names.iter().map(String::as_str)).is_some()
    }

    fn rank(&self) -> (bool, usize, usize) {
        (self.names.len() > 1, usize::MAX - self.above, self.names.len())
    }
}

/// Whether a row is a header. Behind titles it must name more that is known, since titles may say anything.
pub(super) fn is_header(names: &[String], is_first: bool, is_behind: bool) -> bool {
    let is_key = |column: &Column| matches!(column, Column::Arn | Column::Type | Column::Service);
    let named: Vec<&String> = names.iter().filter(|name| !name.trim().is_empty()).collect();
    if let [only] = named[..] {
        // One column is enough if it is the ARN's.
        return letters(only) == "arn";
    }
    let looks_like_text = |name: &&String| name.starts_with(['{', '[', '<', '#']) || name.contains(": ") && !name.contains("ag: ");
    if named.iter().any(looks_like_text) || !(is_first || is_behind) {
        return false;
    }
    if engines::engine_of(named.iter().map(|name| name.as_str())).is_some() {
        return true;
    }
    if accounts::columns(named.iter().map(|name| name.as_str())).is_some() {
        return true;
    }
    let columns: Vec<Column> = named.iter().map(|name| column(name)).collect();
    let known = columns
        .iter()
        .filter(|column| !matches!(column, Column::Attribute(_) | Column::None))
        .count();
    columns.iter().any(is_key) && (is_first || known > 1)
}

/// What Excel's first line says: `sep=;`.
fn separator(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches(['"', '\r', ' ']);
    let (name, sign) = line.split_at_checked(4)?;
    let is_said = name.eq_ignore_ascii_case("sep=");
    match sign.as_bytes() {
        [sign] if is_said && sign.is_ascii() && !sign.is_ascii_alphanumeric() => Some(*sign),
        // A tab at the end of a line is easily lost.
        [] if is_said => Some(b'\t'),
        _ => None,
    }
}

/// How many lines the reader of CSV is behind at the beginning of a row: where lines end in two signs, the second one is still
/// to be read.
pub(super) fn lag(text: &str) -> u64 {
    let end = text.find('\n').map_or("", |end| &text[..end]);
    u64::from(end.ends_with('\r'))
}

/// The first line of a text that is not blank, behind one that names the separator.
pub(super) fn first_line(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    let rest = match separator(text) {
        Some(_) => text.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    };
    rest.trim_start().lines().next().unwrap_or_default()
}

/// The separator that stands most often in a line.
pub(super) fn delimiter(line: &str) -> Option<u8> {
    let count = |letter: &u8| line.bytes().filter(|byte| byte == letter).count();
    let most = DELIMITERS.iter().map(count).max()?;
    // Of several that stand as often the first one counts.
    DELIMITERS.into_iter().find(|letter| most > 0 && count(letter) == most)
}

/// The first rows of a text: as many as are looked at.
fn records(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    if let Some(rows) = unquoted(text, delimiter) {
        return rows;
    }
    let rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes().take(BEGINNING as u64))
        .into_records();
    let rows = rows.map_while(Result::ok).map(|row| row.iter().map(str::to_owned).collect());
    rows.take(ROWS).collect()
}

/// The same where no cell stands in quotes: then rows are lines, and cells lie between the separators. That is what most files
/// are, and a reader of CSV takes longer to make than they do to read.
fn unquoted(text: &str, delimiter: u8) -> Option<Vec<Vec<String>>> {
    let lines = || text.split(['\r', '\n']).filter(|line| !line.is_empty()).take(ROWS);
    let separator = char::from(delimiter);
    let is_quoted = |line: &str| line.contains('"') && line.split(separator).any(|cell| cell.starts_with('"'));
    if text.len() > BEGINNING || lines().any(is_quoted) {
        return None;
    }
    Some(
        lines()
            .map(|line| line.split(separator).map(|cell| cell.trim().to_owned()).collect())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(char, usize, usize)> {
        Header::of(text).map(|header| (char::from(header.delimiter), header.above, header.names.len()))
    }

    #[test]
    fn rows_without_quotes_are_those_of_a_reader_of_csv() {
        for text in ["", "a", "a,b\n\n c , d\r\n,\n", "x\"y,\"\n", " \r\r\nä;b", "a, \"b,c\"\nd"] {
            for delimiter in DELIMITERS {
                // In quotes at its beginning a text is read by the reader of CSV, in whose rows the first is left out here.
                let quoted = records(&format!("\"quoted\"\n{text}"), delimiter).split_off(1);
                assert_eq!(records(text, delimiter), quoted, "{text:?}");
            }
        }
    }

    #[test]
    fn headers_are_found_below_what_spreadsheets_put_above_them() {
        for (text, expected) in [
            ("arn,name\n", Some((',', 0, 2))),
            ("arn\n", Some((',', 0, 1))),
            ("\u{feff}sep=;\r\nARN;Konto;Typ\r\n", Some((';', 1, 3))),
            ("sep=\t\nARN\tKonto\n", Some(('\t', 1, 2))),
            ("sep=\nARN\tKonto\n", Some(('\t', 1, 2))),
            ("Inventory: March\n\nAccount;Type;Name\n", Some((';', 1, 3))),
            (
                "\"Inventory,\nof March\",,\nas of 2026-03-01,,\nType,Account,Name\n",
                Some((',', 2, 3)),
            ),
            ("Our services\nservice,note\n", None),
            ("a: 1, b\nservice: rds, type: x\n", None),
            ("{\"arn\": 1, \"type\": 2}", None),
            ("name,owner\n", None),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
        let far = format!("{}Type,Account\n", "title\n".repeat(30));
        assert_eq!(found(&far), None);
    }
}
