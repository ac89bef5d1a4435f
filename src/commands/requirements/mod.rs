//! `cloudraci requirements`: a framework's requirements, each with both halves.
//!
//! In: arguments. Out: the requirements as a document, a table, a workbook or data, in the columns of a layout.

mod asked;
mod form;

use super::publication::{Publication, Wanted};
use super::{Done, Exit, Stop, output, print_text, tell};
use crate::catalog::Catalog;
use crate::catalog::frameworks::Framework;
use crate::catalog::layouts::{LayoutFile, Perspectives};
use crate::cli::{Format, Perspective, Requirements as Args, RequirementsFormat};
use crate::diagnostics::{Code, Diagnostic, SourceMap, did_you_mean};
use crate::inventory::FrameworkChoice;
use crate::render;
use crate::render::layouts::{self, Filling};
use crate::report::page::Page;
use crate::report::requirements::seen_by_customers;
use crate::report::{Edition, Report};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The word that stands for no framework.
const LIST: &str = "list";

/// The layout of which JSON is the requirements themselves.
const PLAIN: &str = "plain";

pub(super) fn run(args: &Args) -> Done {
    if args.framework == LIST {
        let catalog = catalog(args.inputs.catalog.as_deref())?;
        print_text(&listed(&catalog))?;
        return Ok(Exit::Fine);
    }
    let format = format(args)?;
    let mut warnings = Vec::new();
    let mut publication = Publication::open(&args.inputs, &args.making, &mut warnings)?;
    let (choice, layout, perspective) = chosen(args, &publication).map_err(|fault| publication.stop(vec![fault]))?;
    let answers = asked::answers(&args.answers, &layout).map_err(|faults| publication.stop(faults))?;
    let output = args.output.iter().filter(|path| !output::is_standard(path));
    let sources = publication.sources().and(args.form.iter().cloned());
    sources
        .refuse(output.map(PathBuf::as_path))
        .map_err(|faults| publication.stop(faults))?;
    // What is wrong in those that the inventory names was told when it was opened.
    let is_named = publication.workspace.inventory.frameworks.contains(&choice);
    publication.name_frameworks(&[choice]);
    if !is_named {
        warnings.extend(publication.workspace.requirements());
    }
    let mut report = publication.report(Wanted {
        edition: Edition::Audit,
        party: None,
        pictures: None,
    });
    if perspective == Perspective::Provider {
        report.requirements.iter_mut().for_each(seen_by_customers);
    }
    report.meta.edition_title.clone_from(&layout.title);
    let wanted = Wants {
        format,
        form: args.form.as_deref(),
        answers,
    };
    let bytes = made(&publication, &report, &layout, &wanted, &mut warnings)?;
    tell(&warnings, &publication.workspace.sources);
    output::write(args.output.as_deref(), bytes)?;
    Ok(Exit::Fine)
}

/// What was asked for.
struct Wants<'a> {
    format: RequirementsFormat,
    form: Option<&'a Path>,
    /// What was said to what the layout asks.
    answers: BTreeMap<String, String>,
}

/// The bytes of a format.
fn made(
    publication: &Publication,
    report: &Report,
    layout: &LayoutFile,
    wanted: &Wants<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>, Stop> {
    let stop = |faults| publication.stop(faults);
    let Some(rows) = report.requirements.first() else {
        return Ok(Vec::new());
    };
    let path = publication.workspace.catalog.layouts.path(&layout.id);
    let mut filling = Filling::of(report, rows, (&path, layout), &wanted.answers).map_err(stop)?;
    let laid_out = filling.sheets().map_err(stop)?;
    warnings.extend(layouts::lint((&path, layout), &laid_out, rows));
    if let Some(path) = wanted.form {
        warnings.extend(asked::left(layout, &wanted.answers));
        return form::filled(path, layout, rows, &mut filling, warnings).map_err(stop);
    }
    let document = match wanted.format {
        RequirementsFormat::Markdown => Format::Markdown,
        RequirementsFormat::Html => Format::Html,
        RequirementsFormat::Pdf => Format::Pdf,
        RequirementsFormat::Json => {
            let json = if layout.id == PLAIN {
                render::json(rows)
            } else if let Some(own) = filling.json().map_err(stop)? {
                warnings.extend(asked::left(layout, &wanted.answers));
                render::json(&own)
            } else {
                render::json(&laid_out)
            };
            return Ok(json.map_err(stop)?.into_bytes());
        }
        RequirementsFormat::Csv => {
            return Ok(render::csv::sheets(laid_out.sheets.iter()).map_err(stop)?.into_bytes());
        }
        RequirementsFormat::Xlsx => {
            return render::xlsx::sheets(report, &laid_out).map_err(stop);
        }
    };
    let mut page = Page::of(report);
    page.laid_out = Some(laid_out);
    let rendered = publication.render("requirements.md", (report, &page), &[document], warnings);
    Ok(rendered.map_err(stop)?.formats.into_iter().flat_map(|(_, bytes)| bytes).collect())
}

/// The framework with its baseline, the layout, and whose inheritance is told.
fn chosen(args: &Args, publication: &Publication) -> Result<(FrameworkChoice, LayoutFile, Perspective), Diagnostic> {
    let of = &publication.workspace;
    let Some(framework) = of.catalog.frameworks.named(&args.framework) else {
        let known: Vec<&str> = of.catalog.frameworks.ids().map(|id| &**id).collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("the catalog knows no framework `{}`", args.framework));
        return Err(fault.help(did_you_mean(&args.framework, &known)));
    };
    let baseline = match &args.baseline {
        Some(wanted) => Some(baseline(framework, wanted)?),
        None => {
            let named = of.inventory.frameworks.iter().find(|choice| choice.id == framework.id);
            named.and_then(|choice| choice.baseline.clone())
        }
    };
    let Some(layout) = of.catalog.layouts.get(&args.layout) else {
        let known: Vec<&str> = of.catalog.layouts.ids().map(|id| &**id).collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("there is no layout `{}`", args.layout));
        return Err(fault.help(did_you_mean(&args.layout, &known)));
    };
    if !layout.frameworks.is_empty() && layout.frameworks.iter().all(|id| **id != *framework.id) {
        let what = format!("the layout `{}` is not for `{}`", layout.id, framework.id);
        let help = format!("it is for {}; `plain` is for all", layout.frameworks.join(", "));
        return Err(Diagnostic::new(Code::InvalidValue, what).help(help));
    }
    if args.form.is_some() && layout.form.is_none() {
        let what = format!("the layout `{}` is made for no form", layout.id);
        let with = of
            .catalog
            .layouts
            .ids()
            .filter(|id| of.catalog.layouts.get(id).is_some_and(|one| one.form.is_some()));
        let with: Vec<&str> = with.map(|id| &**id).collect();
        return Err(Diagnostic::new(Code::InvalidValue, what).help(format!("these are: {}", with.join(", "))));
    }
    let perspective = match (layout.perspective, args.perspective) {
        (Perspectives::Either, named) => named.unwrap_or_default(),
        (Perspectives::Customer, None | Some(Perspective::Customer)) => Perspective::Customer,
        (Perspectives::Provider, None | Some(Perspective::Provider)) => Perspective::Provider,
        (Perspectives::Customer | Perspectives::Provider, Some(_)) => {
            let what = format!("the layout `{}` is not filled in from this perspective", layout.id);
            let help = "what is inherited from the provider and what is passed on to customers are never mixed";
            return Err(Diagnostic::new(Code::InvalidValue, what).help(help));
        }
    };
    let choice = FrameworkChoice {
        id: framework.id.clone(),
        baseline,
    };
    Ok((choice, layout, perspective))
}

fn baseline(framework: &Framework, wanted: &str) -> Result<Arc<str>, Diagnostic> {
    let known = framework.baselines.iter().map(|(id, _)| id);
    known.clone().find(|id| ***id == *wanted).cloned().ok_or_else(|| {
        let known: Vec<&str> = known.map(|id| &**id).collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("`{}` has no baseline `{wanted}`", framework.id));
        fault.help(if known.is_empty() {
            "it has none: leave `--baseline` out".to_owned()
        } else {
            did_you_mean(wanted, &known)
        })
    })
}

/// The format that was asked for, by name or by the ending of the output.
fn format(args: &Args) -> Result<RequirementsFormat, Stop> {
    let file = args.output.as_ref().filter(|path| !output::is_standard(path));
    let ending = file.and_then(|path| path.extension());
    let by_ending = ending.and_then(|ending| RequirementsFormat::of_ending(&ending.to_string_lossy().to_lowercase()));
    if let (Some(file), None, None) = (file, args.format, by_ending) {
        return Err(Stop::Usage(format!(
            "the ending of `{}` says no format; use .md, .html, .pdf, .csv, .xlsx or .json, or name --format",
            file.display()
        )));
    }
    let usual = if args.form.is_some() {
        RequirementsFormat::Xlsx
    } else {
        RequirementsFormat::Markdown
    };
    let format = args.format.or(by_ending).unwrap_or(usual);
    if args.form.is_some() && format != RequirementsFormat::Xlsx {
        return Err(Stop::Usage(
            "a form is filled in as the workbook that it is; name a file: -o filled.xlsx".to_owned(),
        ));
    }
    let is_binary = matches!(format, RequirementsFormat::Pdf | RequirementsFormat::Xlsx);
    if is_binary && file.is_none() && std::io::stdout().is_terminal() {
        return Err(Stop::Usage(
            "a PDF or a workbook does not go to the terminal; name a file: -o requirements.xlsx".to_owned(),
        ));
    }
    Ok(format)
}

fn catalog(overlay: Option<&Path>) -> Result<Catalog, Stop> {
    let mut sources = SourceMap::default();
    let loaded = match overlay {
        Some(folder) => Catalog::with_overlay(folder, &mut sources),
        None => Catalog::builtin(),
    };
    loaded.map_err(|faults| Stop::Diagnostics(faults, sources))
}

/// The frameworks with their baselines, and the layouts.
fn listed(catalog: &Catalog) -> String {
    let mut out = String::from("Frameworks\n");
    for framework in catalog.frameworks.all() {
        let _ = writeln!(
            out,
            "  {:<18} {} {}, {} requirements",
            framework.id,
            framework.name,
            framework.version,
            framework.requirements.len()
        );
        for (id, name) in &framework.baselines {
            let count = framework.of_baseline(Some(id)).count();
            let _ = writeln!(out, "    {id:<16} {name}, {count}");
        }
    }
    out.push_str("\nLayouts\n");
    for layout in catalog.layouts.ids().filter_map(|id| catalog.layouts.get(id)) {
        let for_whom = if layout.frameworks.is_empty() {
            "all frameworks".to_owned()
        } else {
            layout.frameworks.join(", ")
        };
        let _ = writeln!(out, "  {:<18} {} ({for_whom})", layout.id, layout.title);
    }
    out
}
