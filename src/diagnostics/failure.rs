//! A panic in the user's words.
//!
//! In: what a panic left behind. Out: what it said and where, without folders of the machine that it was built on. No
//! input may bring one about; should a library come to it all the same, the program says so and ends in its own way.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Where the last panic was: a file's name and a line.
static WHERE: Mutex<Option<String>> = Mutex::new(None);

/// From now on a panic prints nothing by itself: whoever catches it tells.
pub fn keep_quiet() {
    std::panic::set_hook(Box::new(note));
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().and_then(|location| {
        let name = Path::new(location.file()).file_name()?.to_string_lossy().into_owned();
        Some(format!("{name}:{}", location.line()))
    });
    *WHERE.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

/// What a panic said, and where.
#[must_use]
pub fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    match WHERE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(place) => format!("{said} ({place})"),
        None => said.to_owned(),
    }
}
