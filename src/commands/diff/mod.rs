//! `cloudraci diff`: what changed between two joined results.
//!
//! In: two sides, each an inventory, files of what runs, a pack, a report's JSON, or an earlier revision of any of them. Out:
//! changes, in short for the terminal, as a document, or as data.

mod revision;
mod side;
mod text;

use super::publication::{Publication, Wanted};
use super::{Done, Exit, Stop, output, print, tell};
use crate::changes::{Changes, Snapshot, compare};
use crate::cli::{Diff as Args, DiffFormat, Format, Inputs, Looks, Making, ShowChanges};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap, did_you_mean};
use crate::render;
use crate::report::page::Page;
use crate::report::{Edition, Report};
use side::{Side, Wants};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &Args) -> Done {
    let targets = targets(&args.show)?;
    let wants = Wants {
        catalog: args.catalog.as_deref(),
        as_of: args.as_of_old,
        only: args.only.as_deref(),
        results: &[],
    };
    let old = Side::open(&args.old, &wants)?;
    if targets.iter().any(|(format, _)| format.document().is_some()) {
        return documents(args, &old, &targets);
    }
    let new = Side::open(
        &args.new,
        &Wants {
            as_of: args.as_of,
            results: &args.results,
            ..wants
        },
    )?;
    for side in [&old, &new] {
        // What is to be said of an earlier revision cannot be mended any more.
        if let Side::Joined(workspace, None) = side {
            tell(&workspace.warnings, &workspace.sources);
        }
    }
    let (old_show, new_show) = (shown_by(&old, &args.old), shown_by(&new, &args.new));
    let changes = compare(
        &old.snapshot(&called(&args.old), &old_show)?,
        &new.snapshot(&called(&args.new), &new_show)?,
    );
    let parties = [&old, &new].into_iter().flat_map(Side::parties).collect::<Vec<_>>();
    end(changes, &parties, &args.show)
}

/// Shows changes, cut as was asked for, and says whether any of them fails the run.
pub(super) fn end(changes: Changes, parties: &[String], args: &ShowChanges) -> Done {
    let changes = cut(changes, parties, args)?;
    for (format, target) in targets(args)? {
        write(&data(&changes, format)?, format, target.as_deref())?;
    }
    Ok(exit(&changes, args))
}

/// Documents of changes, made with the templates and the looks of what is.
fn documents(args: &Args, old: &Side, targets: &[(DiffFormat, Option<PathBuf>)]) -> Done {
    if side::is_decoded(&args.new) || args.new.to_string_lossy().starts_with("git:") {
        return Err(Stop::Usage(
            "a document of changes is made from the inventory: name that as NEW; text, JSON and CSV can be had of reports, packs and revisions"
                .to_owned(),
        ));
    }
    let inputs = Inputs {
        paths: vec![args.new.clone()],
        catalog: args.catalog.clone(),
        as_of: args.as_of,
        only: args.only.clone(),
        results: args.results.clone(),
        upstream: Vec::new(),
    };
    let making = Making {
        looks: Looks::clone(&args.looks),
        no_attachments: true,
        ..Making::default()
    };
    let mut warnings = Vec::new();
    let publication = Publication::open(&inputs, &making, &mut warnings)?;
    let mut report = publication.report(Wanted {
        edition: Edition::Audit,
        party: None,
        pictures: None,
    });
    let changes = since(&publication, &args.old, old, &mut report)?;
    let changes = cut(changes, &[old.parties(), publication.parties()].concat(), &args.show)?;
    report.meta.edition_title = format!("Changes since {}", render::day(&changes.old.as_of));
    report.changes = Some(changes.clone());
    let page = Page::of(&report);
    for (format, target) in targets {
        let bytes = match format.document() {
            Some(document) => {
                let rendered = publication.render("changes.md", (&report, &page), &[document], &mut warnings);
                let rendered = rendered.map_err(|faults| publication.stop(faults))?;
                rendered.formats.into_iter().flat_map(|(_, bytes)| bytes).collect()
            }
            None => data(&changes, *format)?,
        };
        write(&bytes, *format, target.as_deref())?;
    }
    tell(&warnings, &publication.workspace.sources);
    Ok(exit(&changes, &args.show))
}

/// What changed since an earlier result, for `report --since`: the Report's changes, and since when its findings are known.
pub(super) fn told_since(publication: &Publication, named: &Path, report: &mut Report) -> Result<(), Stop> {
    let args = &publication.workspace;
    let wants = Wants {
        catalog: None,
        as_of: None,
        only: args.only.as_deref(),
        results: &[],
    };
    let old = Side::open(named, &wants)?;
    let changes = since(publication, named, &old, report)?;
    report.changes = Some(match &report.meta.party {
        Some(party) => changes.of_party(party),
        None => changes,
    });
    Ok(())
}

/// What changed from an earlier side to what a publication tells; the report's findings learn since when they are known.
fn since(publication: &Publication, named: &Path, old: &Side, report: &mut Report) -> Result<Changes, Stop> {
    let old_show = shown_by(old, named);
    let old = old.snapshot(&called(named), &old_show)?;
    let of = &publication.workspace;
    let show = |place: &Place| {
        let shown = of.sources.positions([place]).show(place);
        let whole = of
            .inventory
            .inputs
            .iter()
            .map(|input| Path::new(&*input.path))
            .find(|path| path.is_absolute());
        without(shown, whole.and_then(above).as_deref())
    };
    let new = Snapshot::of("this inventory", (&of.catalog, &of.inventory, &of.matrix), of.as_of, &show);
    for finding in &mut report.findings {
        let known = old.since(&finding.id).unwrap_or(&report.meta.as_of);
        finding.since.get_or_insert_with(|| known.to_owned());
    }
    Ok(compare(&old, &new))
}

/// How places of a side are printed: no folder of the machine's, and of an earlier revision as in its repository.
fn shown_by<'s>(side: &'s Side, named: &Path) -> impl Fn(&Place) -> String + use<'s> {
    let above = above(named);
    move |place| match side {
        Side::Joined(workspace, root) => {
            let shown = workspace.sources.positions([place]).show(place);
            let root = root.as_ref().map(|root| format!("{}/", root.display())).or_else(|| above.clone());
            without(shown, root.as_deref())
        }
        Side::Report(_) => String::new(),
    }
}

/// The folder above what is named by a whole path, with its last slash.
fn above(named: &Path) -> Option<String> {
    let folder = named.parent().filter(|_| named.is_absolute())?;
    Some(format!("{}/", folder.display().to_string().trim_end_matches('/')))
}

/// A text without what it begins with.
fn without(text: String, beginning: Option<&str>) -> String {
    let rest = beginning.and_then(|beginning| text.strip_prefix(beginning)).map(str::to_owned);
    rest.unwrap_or(text)
}

/// What the user named, as it is printed.
fn called(named: &Path) -> String {
    without(named.display().to_string(), above(named).as_deref())
}

/// The changes that concern the party that was asked for, which must be known to one of the sides.
fn cut(changes: Changes, known: &[String], args: &ShowChanges) -> Result<Changes, Stop> {
    let Some(party) = &args.party else {
        return Ok(changes);
    };
    if known.iter().any(|id| id == party) {
        return Ok(changes.of_party(party));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let fault = Diagnostic::new(Code::UnknownParty, format!("no party `{party}` is defined"));
    Err(Stop::Diagnostics(
        vec![fault.help(did_you_mean(party, &known))],
        SourceMap::default(),
    ))
}

fn exit(changes: &Changes, args: &ShowChanges) -> Exit {
    let fails = args
        .fail_on
        .iter()
        .any(|kind| changes.changes.iter().any(|change| change.kind == *kind));
    if fails { Exit::Findings } else { Exit::Fine }
}

/// Which format goes where; standard output is no path.
fn targets(args: &ShowChanges) -> Result<Vec<(DiffFormat, Option<PathBuf>)>, Stop> {
    if args.output.is_empty() {
        return Ok(vec![(args.format.unwrap_or(DiffFormat::Text), None)]);
    }
    let targets = args.output.iter().map(|path| {
        if output::is_standard(path) {
            return Ok((args.format.unwrap_or(DiffFormat::Text), None));
        }
        let format = DiffFormat::of_ending(path).or(args.format).ok_or_else(|| {
            Stop::Usage(format!(
                "the ending of `{}` says no format; use .txt, .md, .html, .pdf, .json or .csv, or name --format",
                path.display()
            ))
        })?;
        Ok((format, Some(path.clone())))
    });
    targets.collect()
}

/// Changes in a format that takes no templates.
fn data(changes: &Changes, format: DiffFormat) -> Result<Vec<u8>, Stop> {
    let failed = |faults| Stop::Diagnostics(faults, SourceMap::default());
    match format {
        DiffFormat::Json => render::json(changes).map(String::into_bytes).map_err(failed),
        DiffFormat::Csv => render::csv::changes(changes).map(String::into_bytes).map_err(failed),
        DiffFormat::Text => Ok(text::of(changes).into_bytes()),
        DiffFormat::Markdown | DiffFormat::Html | DiffFormat::Pdf => Err(Stop::Usage(
            "only `diff` makes documents of changes; use text, JSON or CSV".to_owned(),
        )),
    }
}

fn write(bytes: &[u8], format: DiffFormat, target: Option<&Path>) -> Result<(), Stop> {
    match target {
        Some(path) => output::write(Some(path), bytes.to_vec()),
        None if format == DiffFormat::Text => super::print_text(&String::from_utf8_lossy(bytes)),
        None => {
            let is_binary = format.document().is_some_and(Format::is_binary);
            if is_binary && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
                return Err(Stop::Usage(
                    "a PDF does not go to the terminal; name a file: -o changes.pdf".to_owned(),
                ));
            }
            print(bytes)
        }
    }
}
