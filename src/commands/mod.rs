//! The verbs of the command line: all input and output happens here and in the loaders.
//!
//! In: parsed arguments. Out: an exit code; results on standard output or in files, diagnostics on standard error.

mod attachments;
mod catalog;
mod check;
mod diff;
mod documents;
mod evidence;
mod explain;
mod fonts;
mod import;
mod init;
mod list;
mod oscal;
mod output;
mod pack;
mod progress;
mod publication;
mod query;
mod redaction;
mod report;
mod requirements;
mod scans;
mod templates;
mod upstream;
mod verify;
mod watch;
mod what_if;
mod why;
mod workspace;

use crate::catalog::embedded;
use crate::cli::{Cli, Command};
use crate::diagnostics::{Code, Diagnostic, Emission, Format, Severity, SourceMap, characters, failure};
use clap::Parser as _;
use std::io::{IsTerminal as _, Write as _};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// There are findings at deny level, or errors in what was read.
    Findings,
    /// The command line makes no sense.
    Usage,
    /// Something cannot be read or written.
    Io,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Io => 3,
        })
    }
}

/// What stops a command.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Diagnostics to print, with the texts that they point into.
    Diagnostics(Vec<Diagnostic>, SourceMap),
    /// A sentence about the command line.
    Usage(String),
    /// The reader of standard output has gone: nothing more to say.
    Silent,
}

impl Stop {
    /// The graver of two, after the other was told.
    fn after(self, other: Self) -> Self {
        match (self, other) {
            (Self::Diagnostics(one, sources), Self::Diagnostics(two, others)) => {
                let is_first = exit_of(&two) as u8 > exit_of(&one) as u8;
                let ((first, its), (last, own)) = if is_first {
                    ((one, sources), (two, others))
                } else {
                    ((two, others), (one, sources))
                };
                tell(&first, &its);
                Self::Diagnostics(last, own)
            }
            (one, _) => one,
        }
    }
}

type Done = Result<Exit, Stop>;

/// Runs all that a process does; a panic that nobody caught is told in one line, as an error of the program's own.
#[must_use]
pub fn guarded(run: impl FnOnce() -> Exit) -> Exit {
    failure::keep_quiet();
    std::panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        if let Some(starved) = failure::starved(&*panic) {
            tell(&[starved], &SourceMap::default());
            return Exit::Io;
        }
        say(&format!(
            "error: cloudraci has failed, which is a fault of its own: {}\nplease report it together with what it was given\n",
            failure::words(&*panic)
        ));
        Exit::Io
    })
}

/// Parses the arguments of this process, and runs what they ask for.
#[must_use]
pub fn run_arguments() -> Exit {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        // What was asked for: help, or the version.
        Err(told) if !told.use_stderr() => match told.print() {
            Ok(()) | Err(_) => Exit::Fine,
        },
        // The names of files that a shell put there are in it, too.
        Err(told) if std::env::args_os().any(|one| one.to_string_lossy().chars().any(characters::commands_terminal)) => {
            say(&told.render().to_string());
            Exit::Usage
        }
        Err(told) => {
            let _ = told.print();
            Exit::Usage
        }
    }
}

/// Runs a command and prints what is to be said about it.
#[must_use]
pub fn run(cli: Cli) -> Exit {
    let done = match cli.command {
        Command::Report(args) => report::run(&args),
        Command::Pack(args) => pack::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::WhatIf(args) => what_if::run(&args),
        Command::Why(args) => why::run(&args),
        Command::List(args) => list::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Oscal(args) => oscal::run(&args),
        Command::Requirements(args) => requirements::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Catalog(args) => catalog::run(&args.command),
        Command::Init(args) => init::run(&args),
        Command::Templates(args) => templates::run(&args.command),
        Command::Schema(args) => documents::schema(&args),
        Command::Completions(args) => documents::completions(&args),
        Command::Man(args) => documents::man(&args),
    };
    let broken = embedded::broken();
    let done = if broken.is_empty() {
        done
    } else {
        Err(Stop::Diagnostics(broken, SourceMap::default()))
    };
    match done {
        Ok(exit) => exit,
        Err(Stop::Silent) => Exit::Fine,
        Err(Stop::Usage(message)) => {
            say(&format!("error: {message}\n"));
            Exit::Usage
        }
        Err(Stop::Diagnostics(diagnostics, sources)) => {
            tell(&diagnostics, &sources);
            exit_of(&diagnostics)
        }
    }
}

/// The exit code that diagnostics ask for.
fn exit_of(diagnostics: &[Diagnostic]) -> Exit {
    let errors = || diagnostics.iter().filter(|one| one.severity == Severity::Error);
    if errors().any(|one| {
        matches!(
            one.code,
            Code::CannotRead | Code::CannotWrite | Code::CannotServe | Code::NoInventory | Code::OutOfMemory
        )
    }) {
        Exit::Io
    } else if errors().next().is_some() {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

/// Prints diagnostics for people on standard error, and how many there are.
fn tell(diagnostics: &[Diagnostic], sources: &SourceMap) {
    if diagnostics.is_empty() {
        return;
    }
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let emission = Emission::new(diagnostics, sources);
    say_styled(&emission.write(Format::Text, colour));
    let parts: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
        .into_iter()
        .map(|(severity, name)| (emission.count(severity), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| counted(count, name))
        .collect();
    say(&format!("{}; `cloudraci explain CODE` tells more\n", parts.join(", ")));
}

/// A number with its noun: `1 file`, `2 files`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Writes to standard error for people: what would command their terminal stands spelt out.
fn say(text: &str) {
    say_styled(&characters::spelt_out(text));
}

/// Writes what commands a terminal on purpose, and holds nothing of a user's that could. That nobody reads it is no reason
/// to fail.
fn say_styled(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes text for people to standard output: what would command their terminal stands spelt out.
fn print_text(text: &str) -> Result<(), Stop> {
    print(characters::spelt_out(text).as_bytes())
}

/// Writes a format that programs read to standard output, byte by byte, unless a terminal shows it.
fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = std::io::stdout().lock();
    let shown = stdout
        .is_terminal()
        .then(|| std::str::from_utf8(bytes).ok().map(characters::spelt_out))
        .flatten();
    let bytes = shown.as_ref().map_or(bytes, |text| text.as_bytes());
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Stop::Silent),
        Err(error) => {
            let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write to standard output: {error}"));
            Err(Stop::Diagnostics(vec![fault], SourceMap::default()))
        }
    }
}

/// A value as JSON on standard output.
fn print_json(value: &serde_json::Value) -> Result<(), Stop> {
    print(characters::spelt_out_in_json(&format!("{value:#}\n")).as_bytes())
}
