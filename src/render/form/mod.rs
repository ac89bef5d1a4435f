//! An assessor's form, filled in: the user's own copy of a workbook.
//!
//! In: the bytes of a workbook (ISO 29500), what a layout says of the form, and a text for each of its questions and columns.
//! Out: the same workbook with these texts in cells that were empty. All else of it stays byte for byte: only the XML of one
//! sheet is written anew, and in it only the cells that are filled in. What is read of it is bounded, and no part of it is
//! unpacked that is not needed.

mod archive;
mod cells;
mod grid;
mod strings;
mod xml;

use crate::catalog::layouts::FormFile;
use crate::diagnostics::{Code, Diagnostic, Outcome};
use archive::Archive;
use cells::Edit;
use grid::{Grid, Spot};
use std::sync::Arc;

/// A form that was read.
#[derive(Debug)]
pub struct Form {
    path: Arc<str>,
    archive: Archive,
    part: String,
    xml: String,
    grid: Grid,
}

/// A form, filled in.
#[derive(Debug)]
pub struct Filled {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// How many cells were filled in.
    pub cells: usize,
    /// How many cells there was a text for, but they held something already.
    pub kept: usize,
}

impl Form {
    /// Reads a form. `titles` are those of the columns to fill in.
    ///
    /// # Errors
    /// `form-unreadable` for what is no such form, `limit-reached` where it goes beyond a limit.
    pub fn open(bytes: Vec<u8>, path: &str, of: &FormFile, framework: &str, titles: &[&str]) -> Outcome<Self> {
        let fault = |fault: Fault| vec![fault.told(path)];
        let mut archive = Archive::open(bytes).map_err(fault)?;
        let part = archive.sheet(of, framework).map_err(fault)?;
        let strings = archive.strings().map_err(fault)?;
        let xml = archive.text(&part).map_err(fault)?;
        let grid = Grid::read(&xml, &strings, &of.key, titles).map_err(fault)?;
        Ok(Self {
            path: path.into(),
            archive,
            part,
            xml,
            grid,
        })
    }

    /// The ids of its questions, in its order.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.grid.rows.iter().map(|row| row.key.clone()).collect()
    }

    /// Fills it in. `texts` has for each question a text for each column, or nothing.
    ///
    /// # Errors
    /// `form-unreadable` where the rest of the workbook cannot be copied.
    pub fn fill(mut self, texts: &[Option<Vec<String>>]) -> Outcome<Filled> {
        let mut edits = Vec::new();
        let mut kept = 0;
        for (row, texts) in self.grid.rows.iter().zip(texts) {
            let texts = texts.iter().flatten();
            for ((spot, column), text) in row.spots.iter().zip(&self.grid.columns).zip(texts) {
                match spot {
                    _ if text.is_empty() => {}
                    Spot::Taken => kept += 1,
                    Spot::Hidden => {}
                    Spot::Empty { span, style } => edits.push(Edit {
                        span: span.clone(),
                        text: cells::written(&self.grid.prefix, (*column, row.number), style.as_deref(), text),
                    }),
                }
            }
        }
        let cells = edits.len();
        let xml = cells::edited(&self.xml, edits);
        let bytes = self.archive.with(&self.part, &xml);
        let bytes = bytes.map_err(|fault| vec![fault.told(&self.path)])?;
        Ok(Filled { bytes, cells, kept })
    }
}

/// What is wrong with a form.
#[derive(Debug)]
enum Fault {
    /// It is no form of this kind: what it is instead, and what helps.
    Other(String, String),
    /// It goes beyond a limit.
    Limit(String),
}

impl Fault {
    fn other(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Other(what.into(), help.into())
    }

    fn told(self, path: &str) -> Diagnostic {
        match self {
            Self::Other(what, help) => Diagnostic::new(Code::FormUnreadable, format!("`{path}` {what}")).help(help),
            Self::Limit(what) => {
                let fault = Diagnostic::new(Code::LimitReached, format!("`{path}` {what}"));
                fault.help("docs/limits.md lists all limits; open the form in a spreadsheet, save it anew, and name that copy")
            }
        }
    }
}
