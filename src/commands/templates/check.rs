//! `cloudraci templates check`: a folder of templates against all that templates may meet.
//!
//! In: the folder. Out: everything wrong at once: what does not compile, and what fails in any edition or format. What is
//! rendered: the reference inventory, which uses every field; the same cut to a party, redacted, and without pictures; one
//! with next to nothing in it and no handover; a report from imported files alone; and an estate of every service with two
//! operators, too long to be told in full. Then, where the folder has any of them, the pages of `catalog site`.
//!
//! A template engine stops at its first error. So when the folder as a whole fails, each of its templates is tried alone
//! over the built-in ones, too, and all that was found is told together.

use crate::catalog::Catalog;
use crate::catalog::partitions::partitions;
use crate::cli::{Format, Inputs, Looks, Making};
use crate::commands::publication::{Publication, folded};
use crate::commands::workspace::Workspace;
use crate::commands::{Done, Exit, Stop, print_text, tell};
use crate::diagnostics::{Code, Diagnostic, Place, SourceMap};
use crate::render::site;
use crate::render::templates::{Layer, Templates, is_of_site};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// The inventories and what lies beside them.
const FILES: [(&str, &[u8]); 6] = [
    (
        "reference/evidence/restore-ledger-2026-09.txt",
        include_bytes!("../../../inventories/reference/evidence/restore-ledger-2026-09.txt"),
    ),
    (
        "reference/inventory.yaml",
        include_bytes!("../../../inventories/reference/inventory.yaml"),
    ),
    ("reference/logo.svg", include_bytes!("../../../inventories/reference/logo.svg")),
    (
        "reference/scans/prowler.ocsf.json",
        include_bytes!("../../../inventories/reference/scans/prowler.ocsf.json"),
    ),
    (
        "reference/terraform/prod.tfstate",
        include_bytes!("../../../inventories/reference/terraform/prod.tfstate"),
    ),
    ("minimal.yaml", include_bytes!("../../../inventories/minimal.yaml")),
];

/// What is rendered: the reports of an inventory.
struct Sample {
    /// The inventory, in the folder of all of them.
    path: &'static str,
    /// The party that its reports are cut to.
    party: Option<&'static str>,
    /// Whether pictures lie beside its Markdown.
    pictures: bool,
    redact: bool,
    /// The formats that show what no other sample does.
    formats: &'static [Format],
    /// Whether it is so long that it is only rendered where nothing else is wrong.
    is_long: bool,
}

const WHOLE: Sample = Sample {
    path: "reference",
    party: None,
    pictures: true,
    redact: false,
    formats: Format::DOCUMENTS,
    is_long: false,
};

/// All that templates may meet.
const SAMPLES: [Sample; 7] = [
    WHOLE,
    Sample {
        path: "minimal.yaml",
        ..WHOLE
    },
    Sample {
        path: "reference/terraform/prod.tfstate",
        formats: &[Format::Markdown, Format::Html],
        ..WHOLE
    },
    Sample {
        party: Some("northwind"),
        formats: &[Format::Markdown, Format::Html],
        ..WHOLE
    },
    Sample {
        pictures: false,
        formats: &[Format::Markdown],
        ..WHOLE
    },
    Sample {
        redact: true,
        formats: &[Format::Markdown],
        ..WHOLE
    },
    Sample {
        path: "every.yaml",
        formats: &[Format::Markdown],
        is_long: true,
        ..WHOLE
    },
];

pub(super) fn run(folder: &Path) -> Done {
    let (mut sources, mut warnings) = (SourceMap::default(), Vec::new());
    let layer = Layer::read(folder, &mut sources, &mut warnings).map_err(|faults| Stop::Diagnostics(faults, sources.clone()))?;
    let catalog = Catalog::builtin().map_err(|faults| Stop::Diagnostics(faults, SourceMap::default()))?;
    let samples = samples(&catalog).map_err(|error| {
        let fault = Diagnostic::new(Code::CannotWrite, format!("cannot unfold the inventories to render: {error}"));
        Stop::Diagnostics(vec![fault], SourceMap::default())
    })?;
    let mut faults = faults(samples.path(), &layer, Format::DOCUMENTS)?;
    faults.extend(site_faults(&catalog, &layer));
    // One alone has told all that it has to tell.
    if !faults.is_empty() && layer.names().nth(1).is_some() {
        for name in layer.names() {
            if is_of_site(name) {
                faults.extend(site_faults(&catalog, &layer.alone(name)));
                continue;
            }
            let formats: &[Format] = match Path::new(name).extension().and_then(std::ffi::OsStr::to_str) {
                Some("md" | "svg") => &[Format::Markdown],
                Some("html" | "css" | "js") => &[Format::Html],
                Some("typ") => &[Format::Pdf],
                _ => continue,
            };
            faults.extend(self::faults(samples.path(), &layer.alone(name), formats)?);
        }
    }
    let mut faults = folded(faults);
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

/// All that is wrong with a layer; the same fault of several samples is told once.
fn faults(samples: &Path, layer: &Layer, formats: &[Format]) -> Result<Vec<Diagnostic>, Stop> {
    let mut found = Vec::new();
    for sample in &SAMPLES {
        let formats: Vec<Format> = formats.iter().copied().filter(|format| sample.formats.contains(format)).collect();
        if formats.is_empty() || (sample.is_long && !found.is_empty()) {
            continue;
        }
        let inputs = Inputs {
            paths: vec![samples.join(sample.path)],
            catalog: None,
            as_of: None,
            only: None,
            results: Vec::new(),
            upstream: Vec::new(),
        };
        let making = Making {
            looks: Looks::default(),
            no_attachments: true,
            redact: sample.redact,
            ..Making::default()
        };
        let workspace = Workspace::open(&inputs)?;
        match Publication::with(workspace, std::slice::from_ref(layer), &making, &mut Vec::new()) {
            Ok(publication) => {
                let pictures = sample.pictures.then(String::new);
                found.extend(publication.faults_of(&formats, sample.party, pictures));
            }
            // What does not compile does so for no inventory.
            Err(Stop::Diagnostics(faults, _)) => return Ok(faults),
            Err(other) => return Err(other),
        }
    }
    Ok(folded(found))
}

/// What is wrong with a layer's templates of the catalog's pages.
fn site_faults(catalog: &Catalog, layer: &Layer) -> Vec<Diagnostic> {
    if !layer.names().any(is_of_site) {
        return Vec::new();
    }
    match Templates::compile(std::slice::from_ref(layer)) {
        Ok(templates) => {
            let mut faults = templates.style_faults();
            faults.extend(site::pages(catalog, &templates).err().unwrap_or_default());
            faults
        }
        Err(faults) => faults,
    }
}

/// The inventories as files, for as long as the folder lives.
fn samples(catalog: &Catalog) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, bytes) in FILES {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    std::fs::write(folder.path().join("every.yaml"), every_service(catalog))?;
    Ok(folder)
}

/// An inventory of every service of the catalog, in Regions of two partitions.
fn every_service(catalog: &Catalog) -> String {
    let mut text = String::from("inventory: 1\norganization: Example\nas_of: 2026-11-01\nresources:\n");
    let homes: Vec<&str> = partitions()
        .iter()
        .filter_map(|partition| partition.regions.keys().next().map(String::as_str))
        .take(2)
        .collect();
    for (service, region) in catalog.service_ids().zip(homes.iter().cycle()) {
        // Writing to a String never fails.
        let _ = writeln!(text, "  - {{service: {service}, name: {service}, region: {region}}}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::TEMPLATES;

    /// Every built-in template, broken in its own way, is told by its name, though all are broken at once.
    #[test]
    fn whatever_is_broken_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut broken = Vec::new();
        for (name, well) in TEMPLATES {
            let text = match name.rsplit('.').next() {
                Some("typ") => format!("#nothing-of-this-name\n{well}"),
                Some("css") => format!("{well}\n.x {{"),
                // No engine for it is at hand.
                Some("js") => continue,
                _ => format!("{{{{ report.nothing_of_this_name }}}}{well}"),
            };
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            broken.push(path.display().to_string());
        }
        let Err(Stop::Diagnostics(faults, _)) = run(folder.path()) else {
            panic!("nothing of what is broken was told");
        };
        let told: BTreeSet<&str> = faults
            .iter()
            .flat_map(|fault| &fault.places)
            .map(|(place, _)| &*place.file)
            .collect();
        let untold: Vec<&String> = broken.iter().filter(|path| !told.contains(path.as_str())).collect();
        assert!(untold.is_empty(), "{untold:?} of {}", broken.len());
    }
}
