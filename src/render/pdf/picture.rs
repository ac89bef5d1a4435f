//! Pictures: those that the document names, and the logo of the theme.
//!
//! In: a path and the files. Out: an `image` element, or a diagnostic: a picture that is missing or broken is an error,
//! never an empty space.

use super::converter::{Converter, Line};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::render::Logo;
use std::collections::BTreeMap;
use typst::foundations::{Bytes, Content, Derived, NativeElement, PathOrStr, Smart};
use typst::loading::{DataSource, LoadSource, Loaded};
use typst::syntax::{RootedPath, Span, Spanned, VirtualPath, VirtualRoot};
use typst::visualize::{ExchangeFormat, ImageElem, ImageFormat, RasterFormat, RasterImage, SvgImage, VectorFormat};

impl Converter<'_> {
    /// A picture, with its text alternative.
    pub(super) fn picture(&mut self, path: &str, alt: &str, line: Line) -> Content {
        let (Some(bytes), Some(id)) = (self.files.get(path), file_path(path)) else {
            self.problems.push(
                Diagnostic::new(Code::TypstError, format!("the report names a picture `{path}` that does not exist"))
                    .help("pictures are the generated ones, the logo, and files of the template folders"),
            );
            return self.text(alt, line);
        };
        let bytes = if is_svg(path) { self.glyphs.show_svg(bytes) } else { bytes.clone() };
        let format = match decode(&bytes) {
            Ok(format) => format,
            Err(message) => {
                self.problems.push(Diagnostic::new(Code::TypstError, message).at(Place::file(path)));
                return self.text(alt, line);
            }
        };
        let source = DataSource::Path(PathOrStr::Path(id.clone()));
        let loaded = Loaded::new(Spanned::new(LoadSource::Path(id.intern()), Span::detached()), Bytes::new(bytes));
        ImageElem::new(Derived::new(source, loaded))
            .with_format(Smart::Custom(format))
            .with_alt(Some(self.glyphs.show(alt)))
            .pack()
    }
}

/// Whether a file is an SVG picture by its name.
pub(super) fn is_svg(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("svg"))
}

/// The path of a file in the world, if it stays within it.
pub(super) fn file_path(path: &str) -> Option<RootedPath> {
    VirtualPath::new(path).ok().map(|path| RootedPath::new(VirtualRoot::Project, path))
}

/// The format of a picture that can be drawn.
fn decode(bytes: &[u8]) -> Result<ImageFormat, String> {
    if let Some(format @ (ExchangeFormat::Png | ExchangeFormat::Jpg)) = ExchangeFormat::detect(bytes) {
        let format = RasterFormat::Exchange(format);
        return match RasterImage::plain(Bytes::new(bytes.to_vec()), format) {
            Ok(_) => Ok(ImageFormat::Raster(format)),
            Err(error) => Err(format!("the picture cannot be decoded: {error}")),
        };
    }
    match SvgImage::new(Bytes::new(bytes.to_vec())) {
        Ok(_) => Ok(ImageFormat::Vector(VectorFormat::Svg)),
        Err(_) => Err("the file is not an SVG, PNG or JPEG picture".to_owned()),
    }
}

/// Whether a picture can be drawn, whatever it is drawn in.
///
/// # Errors
/// The reason why not.
pub fn check_picture(bytes: &[u8]) -> Result<(), String> {
    decode(bytes).map(|_| ())
}

/// Makes sure that the logo, where the theme names one, can be drawn.
///
/// # Errors
/// `logo-unreadable` with the reason.
pub(super) fn check_logo(logo: Option<&str>, files: &BTreeMap<String, Vec<u8>>) -> Outcome<()> {
    let Some(path) = logo else { return Ok(()) };
    let unreadable = |message: String| vec![Diagnostic::new(Code::LogoUnreadable, message).at(Place::file(path))];
    let Some(bytes) = files.get(path) else {
        return Err(unreadable(format!("the logo `{path}` does not exist")));
    };
    if bytes.len() > Logo::MOST_BYTES {
        return Err(unreadable(format!("the logo `{path}` is larger than 4 MiB")));
    }
    check_picture(bytes).map_err(unreadable)
}
