//! `cloudraci report`: the report in the formats asked for.
//!
//! In: arguments. Out: files or standard output.

use super::diff::Since;
use super::publication::{Publication, Wanted};
use super::{Done, Exit, Stop, output, print, tell};
use crate::cli::{Format, Report as Args};
use crate::report::page::Page;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// Where one format goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    File(PathBuf),
    Stdout,
}

pub(super) fn run(args: &Args) -> Done {
    let targets = targets(args)?;
    let mut warnings = Vec::new();
    let mut publication = Publication::open(&args.inputs, &args.making, &mut warnings)?;
    let named = targets.iter().filter_map(|(_, target)| match target {
        Target::File(path) => Some(path.as_path()),
        Target::Stdout => None,
    });
    publication.sources().refuse(named).map_err(|faults| publication.stop(faults))?;
    if let Some(party) = &args.party {
        publication.check_party(party).map_err(|faults| publication.stop(faults))?;
    }
    let catalog = args.inputs.catalog.as_deref();
    let since = args.since.as_deref();
    let since = since.map(|old| Since::open(old, &mut publication, catalog)).transpose()?;
    let mut report = publication.report(Wanted {
        edition: args.edition,
        party: args.party.as_deref(),
        pictures: picture_prefix(&targets),
    });
    if let Some(since) = &since {
        since.tell(&publication, &mut report)?;
    }
    publication.let_go();
    let page = Page::of(&report);
    let formats: Vec<Format> = targets.iter().map(|(format, _)| *format).collect();
    let mut rendered = publication
        .render("report.md", (&report, &page), &formats, &mut warnings)
        .map_err(|faults| publication.stop(faults))?;
    let (mut files, mut stdout) = (Vec::new(), None);
    for ((format, bytes), (_, target)) in std::mem::take(&mut rendered.formats).into_iter().zip(&targets) {
        match target {
            Target::File(path) => {
                if format == Format::Markdown {
                    let pictures = rendered.pictures.iter();
                    files.extend(pictures.map(|(name, bytes)| (path.with_file_name(name), bytes.clone())));
                }
                files.push((path.clone(), bytes));
            }
            Target::Stdout => stdout = Some(bytes),
        }
    }
    let sources = publication.sources();
    let paths = files.iter().map(|(path, _)| path.as_path());
    sources.refuse(paths).map_err(|faults| publication.stop(faults))?;
    let placed = output::place(&files)?;
    tell(&warnings, &publication.workspace.sources);
    match stdout.map(|bytes| print(&bytes)) {
        // Standard output is one of the outputs: all of them, or none.
        Some(Err(stop @ Stop::Diagnostics(..))) => return Err(stop),
        Some(Err(gone)) => {
            placed.keep();
            return Err(gone);
        }
        Some(Ok(())) | None => placed.keep(),
    }
    // Nothing is made after this report, and the process ends sooner than freeing some 100,000 values one by one takes.
    std::mem::forget(rendered);
    std::mem::forget((report, page));
    std::mem::forget(publication);
    Ok(Exit::Fine)
}

/// Which format goes where.
fn targets(args: &Args) -> Result<Vec<(Format, Target)>, Stop> {
    let usage = |message: &str| Err(Stop::Usage(message.to_owned()));
    let mut formats = args.format.clone();
    formats.sort();
    formats.dedup();
    if args.output.is_empty() {
        let format = match formats.as_slice() {
            [] => Format::Markdown,
            [one] => *one,
            _ => return usage("several formats do not fit on standard output; name a folder: -o out/"),
        };
        if format.is_binary() && std::io::stdout().is_terminal() {
            return usage("a PDF or a workbook does not go to the terminal; name a file: -o report.pdf");
        }
        return Ok(vec![(format, Target::Stdout)]);
    }
    let mut targets = Vec::new();
    // Formats that were asked for and that no output takes.
    let mut left = formats.clone();
    for path in &args.output {
        let text = path.to_string_lossy();
        if output::is_standard(path) {
            left.clear();
            match formats.as_slice() {
                [] => targets.push((Format::Markdown, Target::Stdout)),
                [one] => targets.push((*one, Target::Stdout)),
                _ => return usage("several formats do not fit on standard output; name one with --format"),
            }
        } else if output::says_folder(path) || path.is_dir() {
            left.clear();
            let all = if formats.is_empty() {
                Format::DOCUMENTS.to_vec()
            } else {
                formats.clone()
            };
            targets.extend(
                all.into_iter()
                    .map(|format| (format, Target::File(path.join(format!("report.{}", format.ending()))))),
            );
        } else if let Some(ending) = output::archive_ending(path) {
            return usage(&format!(
                "`{text}` is no .{ending}: a report is written as it is; `cloudraci pack` writes a ZIP file"
            ));
        } else {
            match format_of(path).or(if let [one] = formats.as_slice() { Some(*one) } else { None }) {
                Some(format) => {
                    left.retain(|asked| *asked != format);
                    targets.push((format, Target::File(path.clone())));
                }
                None => {
                    return usage(&format!(
                        "the ending of `{text}` says no format; use {}, name --format, or end a folder in /",
                        Format::endings_in_words()
                    ));
                }
            }
        }
    }
    if let Some(format) = left.first() {
        return usage(&format!(
            "the endings of the outputs say other formats than `--format {}`; name a file for it, a folder, or -",
            format.name()
        ));
    }
    if targets.iter().filter(|(_, target)| *target == Target::Stdout).count() > 1 {
        return usage("only one format fits on standard output");
    }
    Ok(targets)
}

fn format_of(path: &Path) -> Option<Format> {
    Format::of_ending(&path.extension()?.to_string_lossy())
}

/// Pictures lie beside the Markdown, and their names begin with its name.
fn picture_prefix(targets: &[(Format, Target)]) -> Option<String> {
    let markdown: Vec<&Target> = targets
        .iter()
        .filter(|(format, _)| *format == Format::Markdown)
        .map(|(_, target)| target)
        .collect();
    let has_no_place = |target: &&Target| match target {
        Target::File(path) => output::is_sink(path),
        Target::Stdout => true,
    };
    if markdown.iter().any(has_no_place) {
        return None;
    }
    let stem = markdown.iter().find_map(|target| match target {
        Target::File(path) => path.file_stem().map(|stem| stem.to_string_lossy().into_owned()),
        Target::Stdout => None,
    });
    let harmless = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_' || letter == '.';
    Some(
        stem.map(|stem| format!("{}-", stem.replace(|letter| !harmless(letter), "-")))
            .unwrap_or_default(),
    )
}
