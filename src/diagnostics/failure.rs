//! A panic in the user's words.
//!
//! In: what a panic left behind. Out: what it said and where, without folders of the machine that it was built on. No
//! input may bring one about; should a library come to it all the same, the program says so and ends in its own way.

use super::{Code, Diagnostic};
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

/// That a library could start no thread, of which the standard library's `Scope::spawn` and rayon's pool make a panic:
/// there is no memory for the thread's stack, or the system allows no more of them. Nothing where a panic is a fault of
/// the program.
#[must_use]
pub fn starved(panic: &(dyn Any + Send)) -> Option<Diagnostic> {
    let threads = ["failed to spawn thread", "The global thread pool has not been initialized"];
    threads.iter().any(|words| said(panic).starts_with(words)).then(|| {
        Diagnostic::new(Code::OutOfMemory, "there is too little memory to start a thread")
            .help("give the process more memory, or more threads (`ulimit -v`, `ulimit -u`, the container's limits)")
    })
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words")
}

/// What a panic said, and where.
#[must_use]
pub fn words(panic: &(dyn Any + Send)) -> String {
    let said = said(panic);
    match WHERE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(place) => format!("{said} ({place})"),
        None => said.to_owned(),
    }
}
