//! `cloudraci watch`: the report in the browser, made again on every change.
//!
//! In: arguments. Out: a page on this machine's own address, until the program is stopped. Where something is wrong, the
//! page and the terminal say what, and the last good report stays.

mod board;
mod changes;
mod guests;
mod reply;
mod request;
mod server;

use super::publication::{Publication, Wanted};
use super::{Done, Stop, say};
use crate::cli::{Format, Watch as Args};
use crate::diagnostics::{Code, Diagnostic, Emission, Format as Emitted, SourceMap};
use crate::report::page::Page;
use board::Shown;
use changes::Changes;
use server::Server;
use std::time::Duration;

/// How often files are looked at. Looking at them again and again works on every file system, shared ones included.
const EVERY: Duration = Duration::from_millis(250);

pub(super) fn run(args: &Args) -> Done {
    if args.inputs.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Stop::Usage(
            "standard input does not change; name files or folders to watch".to_owned(),
        ));
    }
    let server = Server::start(args.port).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotServe, format!("cannot listen on 127.0.0.1:{}: {error}", args.port))
            .help("another program may be listening there; name another port, or `--port 0` for any that is free");
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    say(&format!("the report is at http://{}/ ; stop with Ctrl-C\n", server.address()));
    let mut changes = Changes::of(&args.inputs, &args.making.looks);
    loop {
        let problems = build(args, &server, &mut changes);
        match &problems {
            Some(problems) => say(&format!("{problems}the last good report stays\n")),
            None => say("made anew\n"),
        }
        server.show(|shown| shown.problems = problems.unwrap_or_default());
        changes.wait(EVERY);
    }
}

/// Makes the report and shows it; what is wrong, in words.
fn build(args: &Args, server: &Server, changes: &mut Changes) -> Option<String> {
    let mut warnings = Vec::new();
    let publication = match Publication::open(&args.inputs, &args.making, &mut warnings) {
        Ok(publication) => publication,
        Err(stop) => return Some(words(&stop)),
    };
    changes.follow(&publication);
    let wanted = Wanted {
        edition: args.edition,
        party: None,
        pictures: Some(String::new()),
    };
    let report = publication.report(wanted);
    let page = Page::of(&report);
    // The page is there in a moment; the PDF takes its time.
    for format in [Format::Html, Format::Pdf] {
        match publication.render("report.md", (&report, &page), &[format], &mut warnings) {
            Ok(rendered) => {
                for (_, bytes) in rendered.formats {
                    server.show(|shown: &mut Shown| match format {
                        Format::Html => shown.html = Some(bytes.into()),
                        _ => shown.pdf = Some(bytes.into()),
                    });
                }
            }
            Err(faults) => return Some(words(&publication.stop(faults))),
        }
    }
    None
}

fn words(stop: &Stop) -> String {
    match stop {
        Stop::Diagnostics(faults, sources) => Emission::new(faults, sources).write(Emitted::Text, false),
        Stop::Usage(message) => format!("error: {message}\n"),
        Stop::Silent => String::new(),
    }
}
