//! The archive that a workbook is.
//!
//! In: its bytes. Out: the parts that filling it in needs, as texts, and the archive with one part written anew.

use super::Fault;
use super::strings;
use super::xml::{Piece, Pieces};
use crate::catalog::layouts::FormFile;
use crate::limits;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How files of Excel begin that are older or encrypted.
const COMPOUND: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// The part that lists the sheets, and the one that says where they lie.
const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// The part with the texts of cells.
const STRINGS: &str = "xl/sharedStrings.xml";

/// The part with macros.
const MACROS: &str = "xl/vbaProject.bin";

/// Names of sheets that a message lists.
const SHEETS: usize = 8;

/// A workbook.
pub(super) struct Archive(ZipArchive<Cursor<Vec<u8>>>);

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Archive of {} parts", self.0.len())
    }
}

impl Archive {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        if bytes.starts_with(&COMPOUND) {
            let what = "is a workbook of an older kind, or an encrypted one";
            return Err(Fault::other(
                what,
                "open it in a spreadsheet, and save it as .xlsx without a password",
            ));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_workbook())?;
        if archive.len() > limits::FORM_PARTS {
            return Err(Fault::Limit(format!(
                "has {} parts, of at most {}",
                archive.len(),
                limits::FORM_PARTS
            )));
        }
        if archive.index_for_name(MACROS).is_some() {
            let help = "open it in a spreadsheet, and save it as .xlsx, which holds none";
            return Err(Fault::other("holds macros", help));
        }
        Ok(Self(archive))
    }

    /// A part as a text.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Fault> {
        let lacks = |_| Fault::other(format!("lacks its part `{name}`"), "name a workbook as the spreadsheet wrote it");
        let part = self.0.by_name(name).map_err(lacks)?;
        let mut bytes = Vec::new();
        let read = part.take(limits::FORM_PART + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > limits::FORM_PART {
            return Err(Fault::Limit(format!(
                "has a part `{name}` that unpacks to more than {} MiB",
                limits::FORM_PART / limits::MIB as u64
            )));
        }
        let damaged = |why: String| {
            Fault::other(
                format!("has a damaged part `{name}`: {why}"),
                "open it in a spreadsheet, and save it anew",
            )
        };
        read.map_err(|error| damaged(error.to_string()))?;
        String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8".to_owned()))
    }

    /// The part of the sheet that a form is filled in on.
    pub(super) fn sheet(&mut self, of: &FormFile, framework: &str) -> Result<String, Fault> {
        let workbook = self.text(WORKBOOK)?;
        let mut sheets = Vec::new();
        for piece in Pieces::of(&workbook) {
            if let Piece::Begins(element) = piece?.1
                && element.name() == "sheet"
            {
                sheets.push((
                    element.attribute("name").unwrap_or_default(),
                    element.attribute("id").unwrap_or_default(),
                ));
            }
        }
        let begins = of.sheets.get(framework).map_or("", String::as_str);
        let Some((_, relation)) = sheets.iter().find(|(name, _)| name.trim().starts_with(begins)) else {
            return Err(other_form(of, begins, &sheets));
        };
        let relations = self.text(RELATIONS)?;
        for piece in Pieces::of(&relations) {
            if let Piece::Begins(element) = piece?.1
                && element.name() == "Relationship"
                && element.attribute("Id").as_ref() == Some(relation)
                && let Some(target) = element.attribute("Target")
            {
                return Ok(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned));
            }
        }
        Err(no_workbook())
    }

    /// The texts that cells name by number.
    pub(super) fn strings(&mut self) -> Result<Vec<String>, Fault> {
        if self.0.index_for_name(STRINGS).is_none() {
            return Ok(Vec::new());
        }
        let text = self.text(STRINGS)?;
        strings::read(&text)
    }

    /// The archive with another text in one of its parts; all others are copied as they are packed.
    pub(super) fn with(&mut self, name: &str, text: &str) -> Result<Vec<u8>, Fault> {
        let cannot = |error: zip::result::ZipError| {
            let help = "open it in a spreadsheet, and save it anew";
            Fault::other(format!("cannot be copied: {error}"), help)
        };
        let at = self.0.index_for_name(name);
        let mut into = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.0.len() {
            let part = self.0.by_index_raw(index).map_err(cannot)?;
            if Some(index) == at {
                let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
                let options = part
                    .last_modified()
                    .map_or(options.last_modified_time(zip::DateTime::default()), |time| {
                        options.last_modified_time(time)
                    });
                into.start_file(name, options).map_err(cannot)?;
                into.write_all(text.as_bytes()).map_err(|error| cannot(error.into()))?;
            } else {
                into.raw_copy_file(part).map_err(cannot)?;
            }
        }
        Ok(into.finish().map_err(cannot)?.into_inner())
    }
}

fn no_workbook() -> Fault {
    Fault::other("is no workbook", "name your copy of the form, an .xlsx file")
}

/// What to say where no sheet has the right name.
fn other_form(of: &FormFile, begins: &str, sheets: &[(String, String)]) -> Fault {
    let names: Vec<String> = sheets.iter().take(SHEETS).map(|(name, _)| format!("`{name}`")).collect();
    let what = format!("has no sheet whose name begins with `{begins}`; it has {}", names.join(", "));
    let meant = of
        .sheets
        .iter()
        .find(|(_, begins)| sheets.iter().any(|(name, _)| name.trim().starts_with(begins.as_str())));
    match meant {
        Some((framework, _)) => Fault::other(what, format!("this one belongs to the framework `{framework}`: name that")),
        None => Fault::other(what, format!("name your copy of {}", of.name)),
    }
}
