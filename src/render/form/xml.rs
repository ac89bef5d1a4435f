//! XML, piece by piece.
//!
//! In: a text. Out: where each of its pieces lies, and what it is. Nothing outside of the text is looked at, and a text that
//! declares entities of its own is refused.

use super::Fault;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// A piece of XML.
pub(super) enum Piece<'t> {
    /// An element begins.
    Begins(Element<'t>),
    /// An element ends: its name without a prefix.
    Ends(String),
    /// A text.
    Text(String),
    /// All else, which says nothing.
    Other,
}

/// The beginning of an element.
pub(super) struct Element<'t> {
    of: BytesStart<'t>,
    /// Whether it is all of it.
    pub(super) is_empty: bool,
}

impl Element<'_> {
    /// Its name without a prefix.
    pub(super) fn name(&self) -> String {
        self.of.local_name().as_ref().to_owned()
    }

    /// What stands before its name, the colon included.
    pub(super) fn prefix(&self) -> String {
        let name = self.of.name();
        let name: &str = name.as_ref();
        name.find(':').map(|colon| name[..=colon].to_owned()).unwrap_or_default()
    }

    /// An attribute by its name without a prefix.
    pub(super) fn attribute(&self, wanted: &str) -> Option<String> {
        let mut all = self.of.attributes().flatten();
        let found = all.find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
        Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
    }
}

/// The pieces of a text, each with its place.
pub(super) struct Pieces<'t> {
    reader: Reader<&'t [u8]>,
    /// How much of the text stands before what is read.
    skipped: usize,
    is_done: bool,
}

impl<'t> Pieces<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let body = text.trim_start_matches('\u{feff}');
        Self {
            reader: Reader::from_str(body),
            skipped: text.len() - body.len(),
            is_done: false,
        }
    }

    fn at(&self) -> usize {
        self.skipped + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Result<(Range<usize>, Piece<'t>), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let before = self.at();
        let event = self.reader.read_event();
        let span = before..self.at();
        let broken = |why: String| {
            Fault::other(
                format!("holds XML that cannot be read: {why}"),
                "open it in a spreadsheet, and save it anew",
            )
        };
        let piece = match event {
            Ok(Event::Eof) => {
                self.is_done = true;
                return None;
            }
            Ok(Event::Start(of)) => Ok(Piece::Begins(Element { of, is_empty: false })),
            Ok(Event::Empty(of)) => Ok(Piece::Begins(Element { of, is_empty: true })),
            Ok(Event::End(of)) => Ok(Piece::Ends(of.local_name().as_ref().to_owned())),
            Ok(Event::Text(text)) => Ok(Piece::Text(text.to_string())),
            Ok(Event::CData(text)) => Ok(Piece::Text(text.into_inner().into_owned())),
            Ok(Event::GeneralRef(reference)) => match (reference.resolve_char_ref(), resolve_xml_entity(&reference)) {
                (Ok(Some(letter)), _) => Ok(Piece::Text(letter.to_string())),
                (Ok(None), Some(text)) => Ok(Piece::Text(text.to_owned())),
                _ => Err(broken(format!("`&{};` is declared nowhere", &*reference))),
            },
            Ok(Event::DocType(_)) => Err(broken("it declares a document type, which no workbook does".to_owned())),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => Ok(Piece::Other),
            Err(error) => Err(broken(error.to_string())),
        };
        self.is_done = piece.is_err();
        Some(piece.map(|piece| (span, piece)))
    }
}
