//! The theme's font, carried by the page.
//!
//! In: a family and its faces. Out: rules of style that hold the files themselves, so that the page asks no network.

use base64::Engine as _;
use std::fmt::Write as _;

/// How the address of a face within a page begins; its policy admits fonts where there is one.
pub(super) const FACE: &str = "url(data:font/sfnt;base64,";

/// The face of a font: one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// From 100 to 900; 400 is regular, 700 bold.
    pub weight: u16,
    /// Whether it leans.
    pub italic: bool,
    /// The file, TrueType or OpenType.
    pub bytes: Vec<u8>,
}

/// Rules that give a family to the page. The name holds nothing but letters, digits, spaces and hyphens.
#[must_use]
pub fn font_rules(family: &str, faces: &[Face]) -> String {
    let mut rules = String::new();
    for face in faces {
        let style = if face.italic { "italic" } else { "normal" };
        let file = base64::engine::general_purpose::STANDARD.encode(&face.bytes);
        // Writing to a String never fails.
        let _ = writeln!(
            rules,
            "@font-face {{ font-family: '{family}'; font-weight: {}; font-style: {style}; src: {FACE}{file}) }}",
            face.weight
        );
    }
    rules
}
