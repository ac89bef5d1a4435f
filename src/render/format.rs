//! The formats of a report.
//!
//! In: a name, or the ending of a file. Out: a format, and how it is made.

use super::pdf::Attachment;
use super::{Logo, Renderer, csv, json, readable, xlsx};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::report::Report;

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Text for people and forges.
    Markdown,
    /// One file for browsers.
    Html,
    /// Pages.
    Pdf,
    /// The Report itself.
    Json,
    /// A table.
    Csv,
    /// Tables for office programs.
    Xlsx,
}

/// How a format is made.
pub enum Way {
    /// From the templates: a document to read.
    Document(fn(&mut Renderer<'_>, &mut Beside<'_>) -> Outcome<Vec<u8>>),
    /// From the Report alone: data.
    Data(fn(&Report, Option<&Logo>) -> Outcome<Vec<u8>>),
}

/// What is there beside a document's templates.
pub struct Beside<'a> {
    /// Makes the files that it may carry.
    pub attachments: &'a dyn Fn() -> Outcome<Vec<Attachment>>,
    /// Takes what is worth telling.
    pub warnings: &'a mut Vec<Diagnostic>,
}

/// What is said of a format.
struct Said {
    name: &'static str,
    about: &'static str,
    /// What one file of it is called in a list of files.
    file: &'static str,
    ending: &'static str,
    /// Another ending that people use.
    also: Option<&'static str>,
}

impl Format {
    /// All of them, in the order in which they are told.
    pub const ALL: &[Self] = &[Self::Markdown, Self::Html, Self::Pdf, Self::Json, Self::Csv, Self::Xlsx];
    /// Those that are made from the templates: documents to read.
    pub const DOCUMENTS: &[Self] = &[Self::Markdown, Self::Html, Self::Pdf];

    fn said(self) -> Said {
        let said = |name, about, file, (ending, also)| Said {
            name,
            about,
            file,
            ending,
            also,
        };
        match self {
            Self::Markdown => said("markdown", "Markdown", "Markdown", ("md", None)),
            Self::Html => said("html", "One HTML file", "web page", ("html", Some("htm"))),
            Self::Pdf => said("pdf", "PDF/A-3a and PDF/UA-1", "PDF", ("pdf", None)),
            Self::Json => said("json", "The Report itself", "JSON", ("json", None)),
            Self::Csv => said("csv", "One row an activity and party", "CSV", ("csv", None)),
            Self::Xlsx => said("xlsx", "A workbook for Excel and LibreOffice", "workbook", ("xlsx", None)),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.said().name
    }

    /// What it is, for people.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.said().about
    }

    /// What one file of it is called in a list of files.
    #[must_use]
    pub fn file(self) -> &'static str {
        self.said().file
    }

    /// The endings of all of them, as a sentence lists them: `.md, .html or .pdf`.
    #[must_use]
    pub fn endings_in_words() -> String {
        let mut all: Vec<String> = Self::ALL.iter().map(|format| format!(".{}", format.ending())).collect();
        let last = all.pop().unwrap_or_default();
        format!("{} or {last}", all.join(", "))
    }

    /// The ending of its files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        self.said().ending
    }

    /// The endings of its files, and what else people write for it, beside its name.
    pub fn endings(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.ending()).chain(self.said().also)
    }

    /// The format of files with this ending, or of this name.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        let is_called = |format: &&Self| {
            format
                .endings()
                .chain([format.name()])
                .any(|known| known.eq_ignore_ascii_case(ending))
        };
        Self::ALL.iter().find(is_called).copied()
    }

    /// Whether it is made from the templates: a document to read, not data.
    #[must_use]
    pub fn is_document(self) -> bool {
        matches!(self.way(), Way::Document(_))
    }

    /// Whether it is no text.
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Pdf | Self::Xlsx)
    }

    /// How it is made: nobody else asks which format it is to make one.
    #[must_use]
    pub fn way(self) -> Way {
        match self {
            Self::Markdown => Way::Document(|renderer, _| Ok(readable(renderer.markdown()).into_bytes())),
            Self::Html => Way::Document(|renderer, _| renderer.html().map(String::into_bytes)),
            Self::Pdf => Way::Document(|renderer, beside| {
                let pdf = renderer.pdf((beside.attachments)()?)?;
                beside.warnings.extend(pdf.warnings);
                Ok(pdf.bytes)
            }),
            Self::Json => Way::Data(|report, _| json(report).map(String::into_bytes)),
            Self::Csv => Way::Data(|report, _| csv::matrix(report).map(String::into_bytes)),
            Self::Xlsx => Way::Data(xlsx::workbook),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_formats_are_listed_and_told_by_their_endings() {
        // A format that is none of these does not compile here.
        let number = |format: &Format| match format {
            Format::Markdown => 0,
            Format::Html => 1,
            Format::Pdf => 2,
            Format::Json => 3,
            Format::Csv => 4,
            Format::Xlsx => 5,
        };
        assert_eq!(Format::ALL.iter().map(number).collect::<Vec<usize>>(), [0, 1, 2, 3, 4, 5]);
        let documents: Vec<Format> = Format::ALL.iter().copied().filter(|format| format.is_document()).collect();
        assert_eq!(documents, Format::DOCUMENTS);
        for format in Format::ALL {
            assert!(format.endings().all(|ending| Format::of_ending(ending) == Some(*format)));
            assert!(!format.file().is_empty() && Format::endings_in_words().contains(&format!(".{}", format.ending())));
        }
    }
}
