//! The text of a file, and its bytes.

use std::ops::Deref;
use std::sync::Arc;

/// A text that many hold and that is in memory once; what was read may stay where it was read to.
#[derive(Debug, Clone)]
pub struct Text(Held);

#[derive(Debug, Clone)]
enum Held {
    Shared(Arc<str>),
    Read(Arc<String>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Held::Shared(text) => text,
            Held::Read(text) => text,
        }
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Self(Held::Shared(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Held::Read(text.into()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Held::Shared(text.into()))
    }
}

/// The bytes of a file: those of its text, where that is all of it.
#[derive(Debug, Clone)]
pub enum Bytes {
    /// UTF-8.
    OfText(Text),
    /// Anything else.
    Other(Arc<[u8]>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::OfText(text) => text.as_bytes(),
            Self::Other(bytes) => bytes,
        }
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}
