//! The logo of the theme as a picture that workbooks can hold.
//!
//! In: an SVG, PNG or JPEG file. Out: a picture as high as a few lines. Not every program that opens workbooks draws SVG,
//! so one is drawn here, with the fonts that the program carries and without reading any other file.

use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::render::Logo;
use crate::render::escape::short;
use crate::report::Report;
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};
use resvg::{tiny_skia, usvg};
use rust_xlsxwriter::{Image, ObjectMovement};
use std::sync::Arc;

/// Its height and greatest width on the sheet, in pixels of 1/96 inch.
pub(super) const HEIGHT: f32 = 48.0;
const MOST_WIDTH: f32 = 320.0;

/// How many dots a pixel has, so that it is sharp on paper, too.
const DOTS: f32 = 3.0;

/// The picture, with its text alternative.
///
/// # Errors
/// `logo-unreadable` where the file is no picture.
pub(super) fn picture(logo: &Logo, report: &Report) -> Outcome<Image> {
    let unreadable = |message: String| vec![Diagnostic::new(Code::LogoUnreadable, message).at(Place::file(logo.name()))];
    let drawn = match logo.mime() {
        "image/svg+xml" => Some(drawn(logo.bytes()).map_err(|why| unreadable(format!("the logo cannot be drawn: {why}")))?),
        _ => None,
    };
    let image = Image::new_from_buffer(drawn.as_deref().unwrap_or(logo.bytes()))
        .map_err(|_| unreadable("the file is not an SVG, PNG or JPEG picture".to_owned()))?;
    let alternative = match report.meta.organization.as_deref() {
        Some(organization) => format!("{} · logo", short(organization, 200)),
        None => "Logo".to_owned(),
    };
    Ok(image
        .set_scale_to_size(MOST_WIDTH, HEIGHT, true)
        .set_alt_text(alternative)
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells))
}

/// An SVG picture as PNG.
fn drawn(svg: &[u8]) -> Result<Vec<u8>, String> {
    let mut fonts = fontdb::Database::new();
    for face in [
        notosans::REGULAR_TTF,
        notosans::ITALIC_TTF,
        notosans::BOLD_TTF,
        notosans::BOLD_ITALIC_TTF,
    ] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(face)));
    }
    fonts.set_serif_family("Noto Sans");
    fonts.set_sans_serif_family("Noto Sans");
    fonts.set_monospace_family("Noto Sans");
    let options = Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::new(fonts),
        image_href_resolver: ImageHrefResolver {
            // What it names lies within it: a logo opens no other file.
            resolve_string: Box::new(|_, _| None),
            ..ImageHrefResolver::default()
        },
        ..Options::default()
    };
    let tree = Tree::from_data(svg, &options).map_err(|error: usvg::Error| error.to_string())?;
    let size = tree.size();
    let scale = (HEIGHT * DOTS / size.height()).min(MOST_WIDTH * DOTS / size.width());
    // Never without area, however narrow it is.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let dots = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut canvas = tiny_skia::Pixmap::new(dots(size.width()), dots(size.height())).ok_or("it has no size")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| error.to_string())
}
