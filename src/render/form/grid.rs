//! A form's sheet: its questions, and where the answers go.
//!
//! In: the XML of a sheet, the texts that its cells name, and titles of columns. Out: a row a question, with the place of the
//! cell of each column. Only rows with an id are kept, whatever the sheet says of its size.

use super::Fault;
use super::xml::{Element, Piece, Pieces};
use crate::limits;
use std::collections::BTreeSet;
use std::ops::Range;

/// Rows in which the header is looked for.
const HEADER: usize = 20;

/// The last column and row of a sheet.
const COLUMNS: u32 = 16_384;
const ROWS: u32 = 1_048_576;

/// What a form's sheet has.
#[derive(Debug)]
pub(super) struct Grid {
    /// What stands before the names of its elements.
    pub(super) prefix: String,
    /// The columns to fill in, counted from 0.
    pub(super) columns: Vec<u32>,
    pub(super) rows: Vec<Row>,
}

/// A question.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) key: String,
    /// One a column.
    pub(super) spots: Vec<Spot>,
}

/// The cell of a question in a column.
#[derive(Debug, Clone)]
pub(super) enum Spot {
    /// It holds something.
    Taken,
    /// It lies under another.
    Hidden,
    /// It holds nothing: what a cell with a text would stand in the place of, and its looks.
    Empty { span: Range<usize>, style: Option<String> },
}

/// A cell that was read.
#[derive(Debug, Default)]
struct Cell {
    column: u32,
    span: Range<usize>,
    style: Option<String>,
    /// How its value is to be read.
    kind: String,
    value: String,
    has_formula: bool,
}

/// Where the columns of a form stand.
#[derive(Debug)]
struct Header {
    key: u32,
    columns: Vec<u32>,
}

/// A sheet that is being read.
struct Sheet<'s> {
    strings: &'s [String],
    key: String,
    titles: Vec<String>,
    header: Option<Header>,
    rows: Vec<Row>,
    /// What was seen of rows that are no header.
    seen: usize,
    /// The row that is being read: its number and cells.
    number: u32,
    cells: Vec<Cell>,
}

impl Grid {
    pub(super) fn read(xml: &str, strings: &[String], key: &str, titles: &[&str]) -> Result<Self, Fault> {
        let mut sheet = Sheet {
            strings,
            key: plain(key),
            titles: titles.iter().map(|title| plain(title)).collect(),
            header: None,
            rows: Vec::new(),
            seen: 0,
            number: 0,
            cells: Vec::new(),
        };
        let mut prefix = String::new();
        let mut merged = BTreeSet::new();
        let (mut cell, mut is_value): (Option<Cell>, bool) = (None, false);
        for piece in Pieces::of(xml) {
            let (span, piece) = piece?;
            match piece {
                Piece::Begins(element) => match element.name().as_str() {
                    "row" => {
                        prefix = element.prefix();
                        sheet.begins(&element);
                    }
                    "c" => {
                        let begun = sheet.cell(&element, span);
                        if element.is_empty {
                            sheet.cells.push(begun);
                        } else {
                            cell = Some(begun);
                        }
                    }
                    "v" | "t" => is_value = !element.is_empty,
                    "f" => cell.iter_mut().for_each(|cell| cell.has_formula = true),
                    "mergeCell" if merged.len() < limits::FORM_MERGED => {
                        merged.extend(element.attribute("ref").and_then(|range| area(&range)))
                    }
                    _ => {}
                },
                Piece::Text(text) => {
                    if let (Some(cell), true) = (&mut cell, is_value) {
                        cell.value.push_str(&text);
                    }
                }
                Piece::Ends(name) => match name.as_str() {
                    "v" | "t" => is_value = false,
                    "c" => {
                        if let Some(mut ended) = cell.take() {
                            ended.span.end = span.end;
                            sheet.cells.push(ended);
                        }
                    }
                    "row" => sheet.ends(span.start)?,
                    _ => {}
                },
                Piece::Other => {}
            }
        }
        let Some(header) = sheet.header else {
            let what = format!("has no row of titles with a column `{key}` in the first {HEADER} rows of its sheet");
            return Err(Fault::other(what, "leave the form's header as it is"));
        };
        let mut rows = sheet.rows;
        hide(&mut rows, &header.columns, &merged);
        Ok(Self {
            prefix,
            columns: header.columns,
            rows,
        })
    }
}

impl Sheet<'_> {
    /// A row begins.
    fn begins(&mut self, element: &Element<'_>) {
        let said = element.attribute("r").and_then(|number| number.parse().ok());
        self.number = said.unwrap_or(self.number.saturating_add(1));
        self.cells.clear();
    }

    /// A cell begins.
    fn cell(&self, element: &Element<'_>, span: Range<usize>) -> Cell {
        let said = element.attribute("r").and_then(|name| place(&name)).map(|(column, _)| column);
        Cell {
            column: said.unwrap_or_else(|| self.cells.last().map_or(0, |last| last.column.saturating_add(1))),
            span,
            style: element.attribute("s"),
            kind: element.attribute("t").unwrap_or_default(),
            ..Cell::default()
        }
    }

    /// A row ends; behind its last cell stands `end`.
    fn ends(&mut self, end: usize) -> Result<(), Fault> {
        let cells = std::mem::take(&mut self.cells);
        let Some(header) = &self.header else {
            self.seen += 1;
            if self.seen <= HEADER {
                self.header = self.header_in(&cells)?;
            }
            return Ok(());
        };
        let key = cells.iter().find(|cell| cell.column == header.key).map(|cell| self.text(cell));
        let Some(key) = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()) else {
            return Ok(());
        };
        if !(1..=ROWS).contains(&self.number) {
            return Ok(());
        }
        let spots = header.columns.iter().map(|column| {
            let Some(cell) = cells.iter().find(|cell| cell.column == *column) else {
                let next = cells.iter().find(|cell| cell.column > *column);
                let at = next.map_or(end, |next| next.span.start);
                return Spot::Empty { span: at..at, style: None };
            };
            if cell.has_formula || !self.text(cell).trim().is_empty() {
                return Spot::Taken;
            }
            Spot::Empty {
                span: cell.span.clone(),
                style: cell.style.clone(),
            }
        });
        let spots = spots.collect();
        if self.rows.len() == limits::FORM_ROWS {
            return Err(Fault::Limit(format!("has more than {} questions", limits::FORM_ROWS)));
        }
        self.rows.push(Row {
            number: self.number,
            key,
            spots,
        });
        Ok(())
    }

    /// The columns of a row of titles; none where it is another row.
    fn header_in(&self, cells: &[Cell]) -> Result<Option<Header>, Fault> {
        let titled = |wanted: &str| {
            cells
                .iter()
                .find(|cell| plain(self.text(cell)).starts_with(wanted))
                .map(|cell| cell.column)
        };
        let Some(key) = titled(&self.key) else { return Ok(None) };
        let found: Vec<Option<u32>> = self.titles.iter().map(|title| titled(title)).collect();
        let lacking = self.titles.iter().zip(&found).filter(|(_, found)| found.is_none());
        let lacking: Vec<String> = lacking.map(|(title, _)| format!("`{title}`")).collect();
        if !lacking.is_empty() {
            let what = format!("has no column {} beside `{}`", lacking.join(", "), self.key);
            return Err(Fault::other(what, "leave the titles of the form's columns as they are"));
        }
        let columns: Vec<u32> = found.into_iter().flatten().collect();
        let fits = columns.iter().chain([&key]).all(|column| *column < COLUMNS);
        Ok(fits.then_some(Header { key, columns }))
    }

    /// What a cell shows.
    fn text<'c>(&'c self, cell: &'c Cell) -> &'c str {
        if cell.kind != "s" {
            return &cell.value;
        }
        let number = cell.value.trim().parse::<usize>().ok();
        number.and_then(|number| self.strings.get(number)).map_or("", String::as_str)
    }
}

/// A title without its spaces and lines, in small letters.
fn plain(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The column, counted from 0, and the row of a cell's name.
fn place(name: &str) -> Option<(u32, u32)> {
    let digits = name.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, number) = name.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        let value = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
        column.checked_mul(26)?.checked_add(value)
    })?;
    Some((column.checked_sub(1)?, number.parse().ok()?))
}

/// The first and the last column and row of merged cells.
type Area = ((u32, u32), (u32, u32));

/// The area that a range names.
fn area(range: &str) -> Option<Area> {
    let (first, last) = range.split_once(':')?;
    Some((place(first)?, place(last)?))
}

/// Cells that lie under others are not written.
fn hide(rows: &mut [Row], columns: &[u32], merged: &BTreeSet<Area>) {
    for ((left, top), (right, bottom)) in merged {
        let first = rows.partition_point(|row| row.number < *top);
        for row in rows.iter_mut().skip(first).take_while(|row| row.number <= *bottom) {
            for (spot, column) in row.spots.iter_mut().zip(columns) {
                if (left..=right).contains(&column) && (*column, row.number) != (*left, *top) {
                    *spot = Spot::Hidden;
                }
            }
        }
    }
}
