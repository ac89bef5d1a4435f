//! The forms in which scanners write their results.
//!
//! In: the bytes of a file. Out: its results, one by one. Each scanner's form is one file behind [`Format`], and nothing else in
//! Rust: `build.rs` finds the files of the folder that have an `impl Format`, and writes down their `mod` lines and their list.

mod beginning;
mod compliance;
mod fields;
mod identity;
mod items;
mod lines;
mod sink;

include!(concat!(env!("OUT_DIR"), "/forms.rs"));
forms! {}

pub use beginning::Beginning;
pub(crate) use compliance::{along, may_go_along};

use super::Gathered;
use crate::diagnostics::Outcome;
use crate::source::Stream;
use std::sync::LazyLock;

/// One form of results.
pub trait Format: Sync {
    /// What `from` calls it.
    fn id(&self) -> &'static str;

    /// Its place among the forms: of those that recognise a file the one with the smallest number takes it. What looks at a key
    /// that no other form has comes first, what takes any list or table last. A test holds that no two forms that recognise the
    /// same fixture have the same.
    fn precedence(&self) -> u16;

    /// What it is called in words.
    fn name(&self) -> &'static str;

    /// Whether a file that begins so looks like it, judged by its content.
    fn begins(&self, beginning: &Beginning) -> bool;

    /// Whether the bytes look like it, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool {
        self.begins(&Beginning::of(bytes))
    }

    /// Takes the results of a file in, one by one: as it is read, where the form allows that.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> Outcome<()>;
}

/// All forms, by their precedence: the first that recognises a file takes it.
pub static FORMATS: LazyLock<Vec<&'static dyn Format>> = LazyLock::new(|| {
    let mut forms = FOUND.to_vec();
    forms.sort_by_key(|form| (form.precedence(), form.id()));
    forms
});

/// The form that the bytes look like.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static dyn Format> {
    let beginning = Beginning::of(bytes);
    FORMATS.iter().copied().find(|format| format.begins(&beginning))
}

/// The form that `from` names.
#[must_use]
pub fn named(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}

/// The form of results that a file holds beside resources, by which it is told as an inventory and not as results.
#[must_use]
pub fn beside_resources(bytes: &[u8]) -> Option<&'static dyn Format> {
    config::has_compliance(&Beginning::of(bytes)).then_some(&config::Config)
}
