//! The `cloudraci` program: parses arguments, runs, and maps the outcome to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

/// A report is many short texts; this allocator makes them in two thirds of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(error) = cloudraci::memory::too_little_to_begin() {
        // That nobody reads it is no reason to do anything else.
        let _ = std::io::stderr().write_all(error.as_bytes());
        return cloudraci::commands::Exit::Io.into();
    }
    cloudraci::memory::prepare();
    cloudraci::commands::guarded(cloudraci::commands::run_arguments).into()
}
