//! `cloudraci diff`: what changed between two joined results.
//!
//! In: two sides, each an inventory, files of what runs, a pack, a report's JSON, or an earlier revision of any of them. Out:
//! changes, in short for the terminal, as a document, or as data.

mod document;
mod revision;
mod side;
mod text;

use super::output::Sources;
use super::publication::Publication;
use super::redaction::Redaction;
use super::workspace::Workspace;
use super::{Done, Exit, Stop, output, print, tell};
use crate::changes::{Change, Changes, Snapshot, compare};
use crate::cli::{Diff as Args, DiffFormat, Format, Looks, ShowChanges};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap, did_you_mean};
use crate::render;
use crate::report::{Head, Report};
use revision::Checkout;
use side::{Side, Wants};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The stack of a side that is read in a thread of its own: that of the program's own.
const STACK: usize = 8 * 1024 * 1024;

pub(super) fn run(args: &Args) -> Done {
    // What cannot be written is told before anything is read.
    targets(&args.show)?;
    let wants = Wants {
        catalog: args.catalog.as_deref(),
        as_of: args.as_of_old,
        only: args.only.as_deref(),
        results: &[],
    };
    let wanted = Wants {
        as_of: args.as_of,
        results: &args.results,
        ..wants
    };
    // Each side takes as long as a `check`: they are read beside each other.
    let (old, new) = std::thread::scope(|scope| {
        let old = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || Side::open(&args.old, &wants));
        let new = Side::open(&args.new, &wanted);
        let old = match old {
            Ok(old) => old.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No thread is to be had.
            Err(_) => Side::open(&args.old, &wants),
        };
        (old, new)
    });
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        // Both are told, and the graver ends it.
        (Err(old), Err(new)) => return Err(old.after(new)),
        (Err(stop), _) | (_, Err(stop)) => return Err(stop),
    };
    alike((&old, &args.old), (&new, &args.new))?;
    let named = [&args.old, &args.new].into_iter().chain(&args.results);
    let read = [&old, &new].into_iter().fold(Sources::of(named.cloned()), |read, side| match side {
        Side::Joined(workspace, _) => read.and(inputs(workspace)),
        Side::Report(_) => read,
    });
    refuse(&read, &args.show)?;
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
    let parties = [old.parties(), new.parties()].concat();
    let changes = cut(changes, &parties, &args.show)?;
    drop(new_show);
    // Documents are made with the templates and the looks of what is. Of a report's JSON the looks are the built-in ones, with
    // its own colour.
    end(&changes, &args.show, &args.looks, || match new {
        Side::Joined(workspace, checkout) => Ok(Is {
            workspace: *workspace,
            head: None,
            checkout,
        }),
        Side::Report(json) => {
            let head = document::head(&json, &called(&args.new))?;
            Ok(Is {
                head: Some(head),
                ..Is::of(Workspace::blank(args.catalog.as_deref())?)
            })
        }
    })
}

/// The files that a workspace was read from.
fn inputs(of: &Workspace) -> Vec<PathBuf> {
    let inputs = of.inventory.inputs.iter().map(|input| PathBuf::from(&*input.path));
    let overlays = of.catalog.overlays.iter().map(|overlay| PathBuf::from(&*overlay.file));
    inputs.chain(overlays).collect()
}

/// What was read for a workspace.
pub(super) fn read(of: &Workspace) -> Sources {
    Sources::of(inputs(of))
}

/// Refuses outputs that would take the place of what was read.
pub(super) fn refuse(read: &Sources, show: &ShowChanges) -> Result<(), Stop> {
    let outputs = show.output.iter().map(PathBuf::as_path);
    let outputs = outputs.filter(|path| !output::is_standard(path));
    read.refuse(outputs)
        .map_err(|faults| Stop::Diagnostics(faults, SourceMap::default()))
}

/// Refuses to compare what is cut with what is not: it would tell the cut as a change.
fn alike(old: (&Side, &Path), new: (&Side, &Path)) -> Result<(), Stop> {
    let (was, is) = (old.0.cut(), new.0.cut());
    if was == is {
        return Ok(());
    }
    let words = |(_, named): (&Side, &Path), cut: &Option<String>| match cut {
        Some(cut) => format!("`{}` tells {cut} alone", called(named)),
        None => format!("`{}` is not cut", called(named)),
    };
    let fault = Diagnostic::new(
        Code::InvalidValue,
        format!("cannot compare: {}, and {}", words(old, &was), words(new, &is)),
    );
    let fault = fault.help("compare two that are cut alike: make the report anew, or name the inventories that they were made from");
    Err(Stop::Diagnostics(vec![fault], SourceMap::default()))
}

/// Refuses a report that was cut, where what is now is not.
fn is_whole(old: &Side, named: &Path) -> Result<(), Stop> {
    let Some(cut) = old.cut().filter(|_| matches!(old, Side::Report(_))) else {
        return Ok(());
    };
    let what = format!("`{}` tells {cut} alone, so that all else would be told as new", called(named));
    let fault = Diagnostic::new(Code::InvalidValue, what).help("name a whole report, or the inventory that it was made from");
    Err(Stop::Diagnostics(vec![fault], SourceMap::default()))
}

/// What is, or would be: documents of changes have its templates and looks.
pub(super) struct Is {
    workspace: Workspace,
    /// The head of a report's JSON, where that is all there is.
    head: Option<Head>,
    checkout: Option<Checkout>,
}

impl Is {
    /// A joined workspace.
    pub(super) fn of(workspace: Workspace) -> Self {
        Self {
            workspace,
            head: None,
            checkout: None,
        }
    }
}

/// Shows changes where they were asked for, and says whether any of them fails the run. Documents are made with what is, which
/// is only asked for where there are some.
pub(super) fn end(changes: &Changes, show: &ShowChanges, looks: &Looks, is: impl FnOnce() -> Result<Is, Stop>) -> Done {
    let targets = targets(show)?;
    if targets.iter().any(|(format, _)| format.document().is_some()) {
        let is = is()?;
        document::write(changes, (is.workspace, is.head), looks, &targets)?;
        // The files of an earlier revision are gone with it.
        drop(is.checkout);
    } else {
        for (format, target) in &targets {
            write(&data(changes, *format)?, *format, target.as_deref())?;
        }
    }
    Ok(exit(changes, show))
}

/// An earlier result, for `report --since`.
pub(super) struct Since<'a> {
    named: &'a Path,
    old: Side,
    /// The same under the pseudonyms of the report.
    redaction: Option<Redaction>,
}

impl<'a> Since<'a> {
    /// Opens it. Where the report stands under pseudonyms, the earlier one is put under the same.
    pub(super) fn open(named: &'a Path, publication: &mut Publication, catalog: Option<&Path>) -> Result<Self, Stop> {
        let only = publication.workspace.only.clone();
        let wants = Wants {
            catalog,
            as_of: None,
            only: only.as_deref(),
            results: &[],
        };
        let old = Side::open(named, &wants)?;
        is_whole(&old, named)?;
        let redaction = match (&old, publication.redaction.is_some()) {
            (_, false) => None,
            (Side::Joined(workspace, _), true) => {
                let redacted = publication.redact_with(workspace);
                Some(redacted.map_err(|faults| publication.stop(faults))?)
            }
            (Side::Report(_), true) => {
                let fault = Diagnostic::new(
                    Code::InvalidValue,
                    format!(
                        "`{}` is a report's data, which `--redact` cannot put under the pseudonyms of this one",
                        called(named)
                    ),
                );
                return Err(Stop::Diagnostics(
                    vec![fault.help("name the inventory that it was made from, or a revision of it: `--since git:REVISION:PATH`")],
                    SourceMap::default(),
                ));
            }
        };
        Ok(Self { named, old, redaction })
    }

    /// What changed since: the Report's changes, and since when its findings are known.
    pub(super) fn tell(&self, publication: &Publication, report: &mut Report) -> Result<(), Stop> {
        let of = &publication.workspace;
        let (old_show, new_show) = (shown_by(&self.old, self.named), shown_here(of));
        let changes = match (&self.redaction, &publication.redaction, &self.old) {
            (Some(old), Some(new), Side::Joined(workspace, _)) => {
                let old_show = |place: &Place| old.redacted.sources.positions([place]).show(place);
                let new_show = |place: &Place| new.redacted.sources.positions([place]).show(place);
                let was = old.snapshot(workspace, "an earlier inventory", &old_show);
                since(report, &was, &new.snapshot(of, "this inventory", &new_show))
            }
            _ => {
                let was = self.old.snapshot(&called(self.named), &old_show)?;
                since(report, &was, &side::joined(of, "this inventory", &new_show))
            }
        };
        report.changes = Some(match &report.meta.party {
            Some(party) => changes.of_party(party),
            None => changes,
        });
        Ok(())
    }
}

/// What changed; the report's findings learn since when they are known.
fn since(report: &mut Report, old: &Snapshot<'_>, new: &Snapshot<'_>) -> Changes {
    for finding in &mut report.findings {
        let known = old.since(&finding.id).unwrap_or(&report.meta.as_of);
        finding.since.get_or_insert_with(|| known.to_owned());
    }
    compare(old, new)
}

/// What changed since an earlier result, for `why --since`.
pub(super) fn changes_since(of: &Workspace, named: &Path, catalog: Option<&Path>) -> Result<Changes, Stop> {
    let wants = Wants {
        catalog,
        as_of: None,
        only: of.only.as_deref(),
        results: &[],
    };
    let old = Side::open(named, &wants)?;
    is_whole(&old, named)?;
    let (old_show, new_show) = (shown_by(&old, named), shown_here(of));
    let old = old.snapshot(&called(named), &old_show)?;
    Ok(compare(&old, &side::joined(of, "this inventory", &new_show)))
}

/// A change in one line, without what it is about.
pub(super) fn in_brief(change: &Change) -> String {
    text::in_brief(change)
}

/// The folder above the files of a workspace that are named by whole paths.
fn whole(of: &Workspace) -> Option<String> {
    let mut paths = of.inventory.inputs.iter().map(|input| Path::new(&*input.path));
    paths.find(|path| path.is_absolute()).and_then(above)
}

/// How places of a workspace that is as it lies there are printed.
pub(super) fn shown_here(of: &Workspace) -> impl Fn(&Place) -> String {
    shown(of, None, whole(of))
}

/// How places of a side are printed.
fn shown_by<'s>(side: &'s Side, named: &Path) -> Box<dyn Fn(&Place) -> String + 's> {
    match side {
        Side::Joined(workspace, checkout) => Box::new(shown(workspace, checkout.as_ref().map(Checkout::root), above(named))),
        Side::Report(_) => Box::new(|_| String::new()),
    }
}

/// How places of a workspace are printed: no folder of the machine's, and of an earlier revision as in its repository.
fn shown(of: &Workspace, root: Option<PathBuf>, above: Option<String>) -> impl Fn(&Place) -> String {
    let beginning = root.map(|root| format!("{}/", root.display())).or(above);
    move |place| without(of.sources.positions([place]).show(place), beginning.as_deref())
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
pub(super) fn cut(changes: Changes, known: &[String], args: &ShowChanges) -> Result<Changes, Stop> {
    let Some(party) = &args.party else {
        return Ok(changes);
    };
    if known.iter().any(|id| id == party) {
        return Ok(changes.of_party(party));
    }
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let known: Vec<&str> = known.into_iter().collect();
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
        // They are made with templates, elsewhere.
        DiffFormat::Markdown | DiffFormat::Html | DiffFormat::Pdf => Ok(Vec::new()),
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
