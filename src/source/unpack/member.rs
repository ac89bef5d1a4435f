//! A member of an archive.
//!
//! In: its name as the archive has it, and a reader. Out: the name as it is told, and the member opened, one layer of packing taken
//! off; or why it is not read.

use super::budget::Budget;
use super::layer::{Layer, Packing, Source};
use super::{is_archive, is_document};
use crate::source::Input;
use std::io;

/// A member as the archive has it.
pub(super) struct Entry {
    name: String,
    content: Content,
}

/// What can be read of it.
pub(super) enum Content {
    Readable(Source),
    Unread(Unread),
}

/// Why a member is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unread {
    /// Programs keep it for themselves: a name that begins with a dot, or what macOS adds.
    Hidden,
    /// A link, which is not followed.
    Link,
    /// A device, a pipe.
    NoFile,
    /// It has holes, which are told in a way of their own.
    Sparse,
    /// It needs a password.
    Encrypted,
    /// It is packed otherwise than by deflate.
    Method,
    /// It is an archive itself, or packed twice.
    Nested,
}

/// A member of an archive.
pub(crate) struct Member {
    /// Its name within the archive.
    pub(crate) name: String,
    /// What it holds; or why that is not looked at; or what is wrong with it.
    pub(crate) content: io::Result<Result<Input, Unread>>,
}

impl Entry {
    pub(super) fn new(name: &[u8], content: Content) -> Self {
        let name = String::from_utf8_lossy(name).replace('\\', "/");
        let plain = name.trim_start_matches("./");
        Self {
            name: if plain.is_empty() { name } else { plain.to_owned() },
            content,
        }
    }

    /// Whether it is nobody's business.
    fn is_hidden(&self) -> bool {
        let is_hidden = |part: &str| part.starts_with('.') && part != "." && part != "..";
        self.name.split('/').any(|part| is_hidden(part) || part == "__MACOSX")
    }

    /// Opens it. What has fewer than `bound` bytes is read whole.
    pub(super) fn open(self, bound: u64, budget: &Budget) -> Member {
        let content = match self.content {
            _ if self.is_hidden() => Ok(Err(Unread::Hidden)),
            Content::Readable(source) => opened(source, bound, budget),
            Content::Unread(unread) => Ok(Err(unread)),
        };
        let name = self.name;
        Member { name, content }
    }
}

fn opened(source: Source, bound: u64, budget: &Budget) -> io::Result<Result<Input, Unread>> {
    let input = Input::unpacked(source, bound)?;
    let Some(packing) = Packing::of(input.head()) else {
        let is_nested = is_archive(input.head()) && !is_document(input.head());
        return Ok(if is_nested { Err(Unread::Nested) } else { Ok(input) });
    };
    let input = Input::unpacked(Box::new(Layer::new(input.into_reader(), packing, budget)?), bound)?;
    let is_nested = Packing::of(input.head()).is_some() || is_archive(input.head());
    Ok(if is_nested { Err(Unread::Nested) } else { Ok(input) })
}

impl Unread {
    /// It in words: `a.csv is ...`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Link => "a link, which is not followed",
            Self::NoFile => "no file",
            Self::Sparse => "a file with holes",
            Self::Encrypted => "encrypted",
            Self::Method => "packed otherwise than by deflate",
            Self::Nested => "an archive within the archive, or packed twice",
        }
    }
}
