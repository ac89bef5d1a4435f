//! What Typst can see: `page.typ`, the files that were handed over, `report.json`, and the fonts. Nothing else: no
//! packages, no network, no clock.

use super::fonts::Fonts;
use super::glyphs::Glyphs;
use super::picture::{file_path, is_svg};
use crate::diagnostics::{Code, Diagnostic, Outcome};
use std::collections::BTreeMap;
use std::sync::Arc;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Content, Datetime, Duration};
use typst::syntax::{FileId, Source, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::files::{FileLoader, FileStore};

/// The page template.
const PAGE: &str = "page.typ";

/// The facts of the cover and the running heads.
const REPORT: &str = "report.json";

/// The content that `page.typ` places.
const BODY: &str = "body";

/// Files by path, without the leading slash.
struct Files(BTreeMap<String, Bytes>);

impl FileLoader for Files {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath().get_without_slash();
        match id.root() {
            VirtualRoot::Project => self.0.get(path).cloned().ok_or_else(|| FileError::NotFound(path.into())),
            VirtualRoot::Package(_) => Err(FileError::Other(Some("packages are not available".into()))),
        }
    }
}

/// The world of one compilation.
pub(super) struct InMemory {
    library: LazyHash<Library>,
    main: FileId,
    files: FileStore<Files>,
    fonts: Arc<Fonts>,
}

impl InMemory {
    /// A world with the given body, `report.json` and files.
    ///
    /// # Errors
    /// There is no `page.typ` among the files.
    pub(super) fn new(
        body: Content,
        report: Vec<u8>,
        files: &BTreeMap<String, Vec<u8>>,
        glyphs: &mut Glyphs,
        fonts: Arc<Fonts>,
    ) -> Outcome<Self> {
        let main = file_path(PAGE)
            .filter(|_| files.contains_key(PAGE))
            .ok_or_else(|| vec![Diagnostic::new(Code::TypstError, format!("there is no page template `{PAGE}`"))])?;
        let mut library = Library::default();
        library.global.scope_mut().define(BODY, body);
        let mut known = BTreeMap::new();
        for (path, bytes) in files {
            if let Some(id) = file_path(path) {
                let bytes = if is_svg(path) { glyphs.show_svg(bytes) } else { bytes.clone() };
                known.insert(id.vpath().get_without_slash().to_owned(), Bytes::new(bytes));
            }
        }
        known.insert(REPORT.to_owned(), Bytes::new(report));
        Ok(Self {
            library: LazyHash::new(library),
            main: main.intern(),
            files: FileStore::new(Files(known)),
            fonts,
        })
    }
}

impl World for InMemory {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.store().book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.files.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.store().font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
