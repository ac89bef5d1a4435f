//! The `cloudraci` program: parses arguments, runs, and maps the outcome to an exit code.

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    cloudraci::commands::run(cloudraci::cli::Cli::parse()).into()
}
