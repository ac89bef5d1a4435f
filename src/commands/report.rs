//! `cloudraci report`: the report in the formats asked for.
//!
//! In: arguments. Out: files or standard output.

use super::workspace::Workspace;
use super::{Done, Exit, Stop, output, print, tell};
use crate::cli::{Format, Report as Args};
use crate::diagnostics::{Code, Diagnostic, Severity, did_you_mean};
use crate::render::pdf::Attachment;
use crate::render::templates::{Layer, Templates};
use crate::render::{self, Logo, Renderer, View};
use crate::report::{self, Report, Request};
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

/// Most bytes that a logo may have.
const LOGO_LIMIT: u64 = 4 * 1024 * 1024;

/// Where one format goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    File(PathBuf),
    Stdout,
}

pub(super) fn run(args: &Args) -> Done {
    let targets = targets(args)?;
    let mut workspace = Workspace::open(&args.inputs)?;
    let mut warnings = std::mem::take(&mut workspace.warnings);
    let fail = |faults: Vec<Diagnostic>, workspace: &Workspace| Stop::Diagnostics(faults, workspace.sources.clone());
    if let Some(party) = args
        .party
        .as_deref()
        .filter(|id| workspace.inventory.parties.iter().all(|party| *party.id != **id))
    {
        let known: Vec<&str> = workspace.inventory.parties.iter().map(|party| &*party.id).collect();
        let fault = Diagnostic::new(Code::UnknownParty, format!("no party `{party}` is defined")).help(did_you_mean(party, &known));
        return Err(fail(vec![fault], &workspace));
    }
    let layers = layers(args, &mut workspace, &mut warnings)?;
    let templates = Templates::compile(&layers).map_err(|faults| fail(faults, &workspace))?;
    let logo = logo(&workspace).map_err(|faults| fail(faults, &workspace))?;
    let request = Request {
        as_of: workspace.as_of,
        edition: args.edition,
        party: args.party.clone(),
        logo: logo.as_ref().map(|logo| logo.name.clone()),
        pictures: picture_prefix(&targets),
    };
    let mut report = ManuallyDrop::new(report::build(
        &workspace.catalog,
        &workspace.inventory,
        &workspace.matrix,
        &workspace.findings,
        &request,
        &workspace.sources,
    ));
    warnings.extend(workspace.lifecycle());
    // In a report, unclassified resources are printed; only `check` fails on them.
    warnings.extend(workspace.unclassified().into_iter().map(|one| Diagnostic {
        severity: Severity::Warning,
        ..one
    }));
    let (files, stdout) =
        render(&mut report, &templates, logo.as_ref(), &workspace, &targets, &mut warnings).map_err(|faults| fail(faults, &workspace))?;
    output::write_all(&files)?;
    tell(&warnings, &workspace.sources);
    if let Some(bytes) = stdout {
        print(&bytes)?;
    }
    Ok(Exit::Fine)
}

type Rendered = (Vec<(PathBuf, Vec<u8>)>, Option<Vec<u8>>);

fn render(
    report: &mut Report,
    templates: &Templates,
    logo: Option<&Logo>,
    workspace: &Workspace,
    targets: &[(Format, Target)],
    warnings: &mut Vec<Diagnostic>,
) -> Result<Rendered, Vec<Diagnostic>> {
    let needs_pdf = targets.iter().any(|(format, _)| *format == Format::Pdf);
    let data = needs_pdf.then(|| render::data(report)).transpose()?;
    let needs_text = targets
        .iter()
        .any(|(format, _)| matches!(format, Format::Markdown | Format::Html | Format::Pdf));
    // The process ends when this is written: freeing some 100,000 values one by one would cost more than rendering them.
    let view = needs_text.then(|| View::of(report, templates)).transpose()?;
    let report = &*report;
    let renderer = view.map(|view| Renderer::new(report, view, templates, logo)).transpose()?;
    let mut renderer = ManuallyDrop::new(renderer);
    let (mut files, mut stdout) = (Vec::new(), None);
    for (format, target) in targets {
        let bytes = match (format, renderer.as_mut()) {
            (Format::Json, _) => render::json(report)?.into_bytes(),
            (Format::Csv, _) => render::csv::matrix(report)?.into_bytes(),
            (Format::Markdown, Some(renderer)) => {
                if let Target::File(path) = target {
                    for (name, text) in renderer.pictures() {
                        files.push((path.with_file_name(name), text.clone().into_bytes()));
                    }
                }
                renderer.markdown().as_bytes().to_vec()
            }
            (Format::Html, Some(renderer)) => renderer.html()?.into_bytes(),
            (Format::Pdf, Some(renderer)) => {
                let pdf = renderer.pdf(attachments(report, data.clone().unwrap_or_default(), workspace)?)?;
                warnings.extend(pdf.warnings);
                pdf.bytes
            }
            (Format::Markdown | Format::Html | Format::Pdf, None) => continue,
        };
        match target {
            Target::File(path) => files.push((path.clone(), bytes)),
            Target::Stdout => stdout = Some(bytes),
        }
    }
    Ok((files, stdout))
}

/// What the PDF carries with it: the inventory, the Report and the matrix.
fn attachments(report: &Report, data: Vec<u8>, workspace: &Workspace) -> Result<Vec<Attachment>, Vec<Diagnostic>> {
    let mut names = BTreeSet::new();
    let mut list = Vec::new();
    for input in &workspace.inventory.inputs {
        let Some(bytes) = &input.bytes else { continue };
        let file = Path::new(&*input.path)
            .file_name()
            .map_or_else(|| "inventory.yaml".to_owned(), |name| name.to_string_lossy().into_owned());
        let name = (1..)
            .map(|number| if number == 1 { file.clone() } else { format!("{number}-{file}") })
            .find(|name| names.insert(name.clone()));
        let mime = if file.ends_with(".json") {
            "application/json"
        } else {
            "application/yaml"
        };
        list.push(Attachment {
            name: name.unwrap_or(file),
            mime: mime.to_owned(),
            description: format!("Inventory that the report was made from: {}", input.path),
            bytes: bytes.to_vec(),
        });
    }
    let mut add = |name: &str, mime: &str, description: &str, bytes: Vec<u8>| {
        let name = if names.insert(name.to_owned()) {
            name.to_owned()
        } else {
            format!("cloudraci-{name}")
        };
        list.push(Attachment {
            name,
            mime: mime.to_owned(),
            description: description.to_owned(),
            bytes,
        });
    };
    add("report.json", "application/json", "The report as data", data);
    add(
        "matrix.csv",
        "text/csv",
        "The matrix: one row an activity and party",
        render::csv::matrix(report)?.into_bytes(),
    );
    Ok(list)
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
        if format == Format::Pdf && std::io::stdout().is_terminal() {
            return usage("a PDF does not go to the terminal; name a file: -o report.pdf");
        }
        return Ok(vec![(format, Target::Stdout)]);
    }
    let mut targets = Vec::new();
    for path in &args.output {
        let text = path.to_string_lossy();
        if text == "-" {
            match formats.as_slice() {
                [] => targets.push((Format::Markdown, Target::Stdout)),
                [one] => targets.push((*one, Target::Stdout)),
                _ => return usage("several formats do not fit on standard output; name one with --format"),
            }
        } else if text.ends_with('/') || path.is_dir() {
            let all = if formats.is_empty() {
                vec![Format::Markdown, Format::Html, Format::Pdf]
            } else {
                formats.clone()
            };
            targets.extend(
                all.into_iter()
                    .map(|format| (format, Target::File(path.join(format!("report.{}", ending(format)))))),
            );
        } else {
            match format_of(path).or(if let [one] = formats.as_slice() { Some(*one) } else { None }) {
                Some(format) => targets.push((format, Target::File(path.clone()))),
                None => {
                    return usage(&format!(
                        "the ending of `{text}` says no format; use .md, .html, .pdf, .json or .csv, name --format, or end a folder in /"
                    ));
                }
            }
        }
    }
    if targets.iter().filter(|(_, target)| *target == Target::Stdout).count() > 1 {
        return usage("only one format fits on standard output");
    }
    Ok(targets)
}

fn ending(format: Format) -> &'static str {
    match format {
        Format::Markdown => "md",
        Format::Html => "html",
        Format::Pdf => "pdf",
        Format::Json => "json",
        Format::Csv => "csv",
    }
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_string_lossy().to_lowercase().as_str() {
        "md" | "markdown" => Some(Format::Markdown),
        "html" | "htm" => Some(Format::Html),
        "pdf" => Some(Format::Pdf),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// Pictures lie beside the Markdown, and their names begin with its name.
fn picture_prefix(targets: &[(Format, Target)]) -> Option<String> {
    let markdown: Vec<&Target> = targets
        .iter()
        .filter(|(format, _)| *format == Format::Markdown)
        .map(|(_, target)| target)
        .collect();
    if markdown.contains(&&Target::Stdout) {
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

/// The layers of templates: the project's `templates/`, then the command line's.
fn layers(args: &Args, workspace: &mut Workspace, warnings: &mut Vec<Diagnostic>) -> Result<Vec<Layer>, Stop> {
    let mut layers = Vec::new();
    let project = Path::new("templates");
    let mut read = |folder: &Path| {
        Layer::read(folder, &mut workspace.sources, warnings).map_err(|faults| Stop::Diagnostics(faults, workspace.sources.clone()))
    };
    if project.is_dir() && args.templates.is_none() {
        // A folder of that name that overrides nothing is somebody else's.
        layers.extend(Some(read(project)?).filter(Layer::overrides_any));
    }
    if let Some(folder) = &args.templates {
        layers.push(read(folder)?);
    }
    Ok(layers)
}

fn logo(workspace: &Workspace) -> Result<Option<Logo>, Vec<Diagnostic>> {
    let Some((path, place)) = &workspace.inventory.theme.logo else {
        return Ok(None);
    };
    let fault = |message: String| {
        vec![
            Diagnostic::new(Code::LogoUnreadable, message)
                .at(place.clone())
                .help("name an SVG, PNG or JPEG picture of at most 4 MiB, relative to the inventory file"),
        ]
    };
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if !["svg", "png", "jpg", "jpeg"].contains(&ending.as_str()) {
        return Err(fault(format!("`{}` is not an SVG, PNG or JPEG picture", path.display())));
    }
    let size = std::fs::metadata(path)
        .map_err(|error| fault(format!("cannot read `{}`: {error}", path.display())))?
        .len();
    if size > LOGO_LIMIT {
        return Err(fault(format!("`{}` has {size} bytes", path.display())));
    }
    let bytes = std::fs::read(path).map_err(|error| fault(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(Some(Logo {
        name: format!("logo.{ending}"),
        bytes,
    }))
}
