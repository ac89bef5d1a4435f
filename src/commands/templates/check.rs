//! `cloudraci templates check`: a folder of templates against the reference inventory, which uses every field.
//!
//! In: the folder. Out: everything wrong at once: what does not compile, and what fails in any edition or format.
//!
//! A template engine stops at its first error. So when the folder as a whole fails, each of its templates is tried alone
//! over the built-in ones, too, and all that was found is told together.

use crate::cli::{Format, Inputs, Looks, Making};
use crate::commands::publication::Publication;
use crate::commands::workspace::Workspace;
use crate::commands::{Done, Exit, Stop, print_text, tell};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap};
use crate::render::templates::Layer;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The reference inventory and what lies beside it.
const REFERENCE: [(&str, &[u8]); 5] = [
    ("inventory.yaml", include_bytes!("../../../inventories/reference/inventory.yaml")),
    (
        "evidence/restore-ledger-2026-09.txt",
        include_bytes!("../../../inventories/reference/evidence/restore-ledger-2026-09.txt"),
    ),
    ("logo.svg", include_bytes!("../../../inventories/reference/logo.svg")),
    (
        "scans/prowler.ocsf.json",
        include_bytes!("../../../inventories/reference/scans/prowler.ocsf.json"),
    ),
    (
        "terraform/prod.tfstate",
        include_bytes!("../../../inventories/reference/terraform/prod.tfstate"),
    ),
];

pub(super) fn run(folder: &Path) -> Done {
    let (mut sources, mut warnings) = (SourceMap::default(), Vec::new());
    let layer = Layer::read(folder, &mut sources, &mut warnings).map_err(|faults| Stop::Diagnostics(faults, sources.clone()))?;
    let reference = reference().map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot unfold the reference inventory: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    let mut faults = faults(reference.path(), &layer, Format::DOCUMENTS)?;
    if !faults.is_empty() {
        for name in layer.names() {
            let formats: &[Format] = match Path::new(name).extension().and_then(std::ffi::OsStr::to_str) {
                Some("md" | "svg") => &[Format::Markdown],
                Some("html" | "css" | "js") => &[Format::Html],
                Some("typ") => &[Format::Pdf],
                _ => continue,
            };
            faults.extend(self::faults(reference.path(), &layer.alone(name), formats)?);
        }
    }
    let unused = layer.unused();
    let near_misses = warnings.iter().flat_map(|one| &one.places).map(|(place, _)| place.file.clone());
    let near_misses: BTreeSet<Arc<str>> = near_misses.collect();
    for shown in unused.iter().filter_map(|name| layer.shown(name)) {
        if !near_misses.contains(shown) {
            warnings.push(
                Diagnostic::new(Code::TemplateUnknown, format!("no template uses `{shown}`"))
                    .at(Place::file(shown.clone()))
                    .help("a template takes it in with `{% include \"NAME\" %}`, and `page.typ` with `#import`; else take it away"),
            );
        }
    }
    if faults.is_empty() {
        tell(&warnings, &sources);
        let count = layer.names().count() - unused.len() + layer.copies().count();
        let files = if count == 1 { "file" } else { "files" };
        print_text(&format!(
            "{count} {files} checked in 3 editions, as Markdown, HTML and PDF: all is well\n"
        ))?;
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
        only: None,
        results: Vec::new(),
    };
    let making = Making {
        looks: Looks::default(),
        no_attachments: true,
        ..Making::default()
    };
    let workspace = Workspace::open(&inputs)?;
    match Publication::with(workspace, std::slice::from_ref(layer), &making, &mut Vec::new()) {
        Ok(publication) => Ok(publication.rendered_faults(formats)),
        Err(Stop::Diagnostics(faults, _)) => Ok(faults),
        Err(other) => Err(other),
    }
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
