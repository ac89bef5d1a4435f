//! What a file is made of, whatever it tells: its bytes of any length, its text, the pieces of it.
//!
//! In: a path, or bytes. Out: a stream of them, whole or piece by piece in bounded memory; the keys that tell what kind of file
//! it is; and what must not leave it (`secrets`). The importers of the inventory and the formats of scanners' results read
//! through it.

pub(crate) mod documents;
pub(crate) mod encoding;
mod input;
pub(crate) mod keys;
pub(crate) mod pieces;
pub(crate) mod rows;
pub(crate) mod secrets;
pub(crate) mod splitter;
mod stream;
pub(crate) mod text;
mod unpack;

pub use documents::Part;
pub use input::Seal;
pub(crate) use input::{Input, Kept, Sealing, WHOLE, is_stream};
pub(crate) use stream::too_large;
pub use stream::{Stream, Watch};
pub(crate) use unpack::{Archive, Fault, Opened, Unread};
