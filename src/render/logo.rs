//! The logo of the theme.
//!
//! In: a picture file. Out: a picture that every format can draw.

use super::pdf::check_picture;

/// A picture file of the theme: an SVG, PNG or JPEG that can be drawn, of at most [`Logo::MOST_BYTES`].
#[derive(Debug, Clone)]
pub struct Logo {
    name: String,
    bytes: Vec<u8>,
}

impl Logo {
    /// No logo has more bytes.
    pub const MOST_BYTES: usize = 4 * 1024 * 1024;

    /// The endings of files that can be one.
    pub const ENDINGS: [&str; 4] = ["svg", "png", "jpg", "jpeg"];

    /// A logo of a file's bytes and its ending, in lower case.
    ///
    /// # Errors
    /// Why it is none, to be said of the file.
    pub fn new(ending: &str, bytes: Vec<u8>) -> Result<Self, String> {
        if !Self::ENDINGS.contains(&ending) {
            return Err("is not an SVG, PNG or JPEG picture".to_owned());
        }
        if bytes.len() > Self::MOST_BYTES {
            return Err(format!("has {} bytes", bytes.len()));
        }
        check_picture(&bytes).map_err(|reason| format!("cannot be drawn: {reason}"))?;
        Ok(Self {
            name: format!("logo.{ending}"),
            bytes,
        })
    }

    /// Its file name with its ending, beside the templates.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn mime(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            _ => "image/jpeg",
        }
    }
}
