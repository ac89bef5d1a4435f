//! The forms in which scanners write their results.
//!
//! In: the bytes of a file. Out: its results, one by one. Each scanner's form is one file behind [`Format`].

use super::Gathered;
use crate::diagnostics::Outcome;
use crate::source::Stream;

/// One form of results.
pub trait Format: Sync {
    /// What `from` calls it.
    fn id(&self) -> &'static str;

    /// What it is called in words.
    fn name(&self) -> &'static str;

    /// Whether the bytes look like it, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// Takes the results of a file in, one by one: as it is read, where the form allows that.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> Outcome<()>;
}

/// The first that recognises a file takes it.
pub const FORMATS: &[&dyn Format] = &[];

/// The form that the bytes look like.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.recognises(bytes))
}

/// The form that `from` names.
#[must_use]
pub fn named(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}
