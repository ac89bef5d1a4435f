//! `cloudraci templates check`: a folder of templates against the reference inventory, which uses every field.
//!
//! In: the folder. Out: everything wrong at once: what does not compile, and what fails in any edition or format.
//!
//! A template engine stops at its first error. So when the folder as a whole fails, each of its templates is tried alone
//! over the built-in ones, too, and all that was found is told together.

use crate::cli::{Format, Inputs, Looks, Making};
use crate::commands::publication::{Publication, Wanted};
use crate::commands::workspace::Workspace;
use crate::commands::{Done, Exit, Stop, print, tell};
use crate::diagnostics::{Code, Diagnostic, SourceMap};
use crate::render::templates::Layer;
use crate::report::Edition;
use clap::ValueEnum as _;
use std::path::Path;

/// The reference inventory and what lies beside it.
const REFERENCE: [(&str, &[u8]); 3] = [
    ("inventory.yaml", include_bytes!("../../../inventories/reference/inventory.yaml")),
    ("logo.svg", include_bytes!("../../../inventories/reference/logo.svg")),
    (
        "terraform/prod.tfstate",
        include_bytes!("../../../inventories/reference/terraform/prod.tfstate"),
    ),
];

/// The documents that are made from templates.
const DOCUMENTS: [&str; 3] = ["report.md", "duty-list.md", "checklist.md"];

pub(super) fn run(folder: &Path) -> Done {
    let (mut sources, mut warnings) = (SourceMap::default(), Vec::new());
    let layer = Layer::read(folder, &mut sources, &mut warnings).map_err(|faults| Stop::Diagnostics(faults, sources.clone()))?;
    let reference = reference().map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot unfold the reference inventory: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    let documents = [Format::Markdown, Format::Html, Format::Pdf];
    let names: Vec<String> = layer.names().map(str::to_owned).collect();
    let mut faults = faults(reference.path(), &layer, &documents)?;
    if !faults.is_empty() {
        for name in &names {
            let formats: &[Format] = match Path::new(name).extension().and_then(std::ffi::OsStr::to_str) {
                Some("md" | "svg") => &[Format::Markdown],
                Some("html" | "css") => &[Format::Html],
                Some("typ") => &[Format::Pdf],
                _ => continue,
            };
            faults.extend(self::faults(reference.path(), &layer.alone(name), formats)?);
        }
    }
    if faults.is_empty() {
        tell(&warnings, &sources);
        let count = names.len();
        let templates = if count == 1 { "file" } else { "files" };
        print(format!("{count} {templates} checked in 3 editions, as Markdown, HTML and PDF: all is well\n").as_bytes())?;
        return Ok(Exit::Fine);
    }
    faults.append(&mut warnings);
    Err(Stop::Diagnostics(faults, sources))
}

/// All that is wrong with a layer.
fn faults(reference: &Path, layer: &Layer, formats: &[Format]) -> Result<Vec<Diagnostic>, Stop> {
    let inputs = Inputs {
        paths: vec![reference.to_owned()],
        catalog: None,
        as_of: None,
    };
    let making = Making {
        looks: Looks::default(),
        no_attachments: true,
        ..Making::default()
    };
    let workspace = Workspace::open(&inputs)?;
    let mut found = Vec::new();
    let publication = match Publication::with(workspace, std::slice::from_ref(layer), &making, &mut Vec::new()) {
        Ok(publication) => publication,
        Err(Stop::Diagnostics(faults, _)) => return Ok(faults),
        Err(other) => return Err(other),
    };
    for edition in Edition::value_variants() {
        for document in DOCUMENTS {
            // The lists are documents of one edition.
            if document != "report.md" && *edition != Edition::Handover {
                continue;
            }
            for format in formats {
                let mut report = publication.report(Wanted {
                    edition: *edition,
                    party: None,
                    pictures: Some(String::new()),
                });
                let rendered = publication.render(document, &mut report, &[*format], false, &mut Vec::new());
                found.extend(rendered.err().into_iter().flatten());
            }
        }
    }
    Ok(found)
}

/// The reference inventory as files, for as long as the folder lives.
fn reference() -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, bytes) in REFERENCE {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(folder)
}
