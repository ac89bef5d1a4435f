//! What most commands begin with: catalog and inventory from disk, and the date.
//!
//! In: the common arguments. Out: a loaded and joined workspace. The clock and the environment are read here, once.

use super::Stop;
use super::progress::Progress;
use crate::catalog::{Catalog, embedded, partitions};
use crate::cli::Inputs;
use crate::diagnostics::{Code, Diagnostic, Outcome, SourceMap};
use crate::inventory::{self, Inventory, Reading, Resource};
use crate::raci::requirements::Serving;
use crate::raci::{self, Findings, Matrix, policies};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything up to the join.
pub(super) struct Workspace {
    pub(super) catalog: Catalog,
    pub(super) inventory: Inventory,
    pub(super) matrix: Matrix,
    pub(super) findings: Findings,
    pub(super) as_of: Date,
    /// What the command line selects, as it says it.
    pub(super) only: Option<String>,
    pub(super) sources: SourceMap,
    /// Warnings of the loaders.
    pub(super) warnings: Vec<Diagnostic>,
}

impl Workspace {
    pub(super) fn open(inputs: &Inputs) -> Result<Self, Stop> {
        Self::read(inputs, false)
    }

    /// The same, with the checksum of each input.
    pub(super) fn sealed(inputs: &Inputs) -> Result<Self, Stop> {
        Self::read(inputs, true)
    }

    fn read(inputs: &Inputs, seals: bool) -> Result<Self, Stop> {
        let mut sources = SourceMap::default();
        let progress = Progress::new();
        match Self::load(inputs, seals, &mut sources, &progress) {
            Ok((catalog, inventory, warnings)) => {
                progress.step("joining");
                let as_of = inputs.as_of.or(inventory.as_of).unwrap_or_else(today);
                let matrix = match joined(&catalog, &inventory, as_of, inputs.only.as_deref()) {
                    Ok(matrix) => matrix,
                    Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
                };
                let findings = Findings::of(&matrix, &catalog, &inventory, as_of);
                let broken = embedded::broken();
                if !broken.is_empty() {
                    return Err(Stop::Diagnostics(broken, sources));
                }
                Ok(Self {
                    catalog,
                    inventory,
                    matrix,
                    findings,
                    as_of,
                    only: inputs.only.clone(),
                    sources,
                    warnings,
                })
            }
            Err(faults) => Err(Stop::Diagnostics(faults, sources)),
        }
    }

    fn load(
        inputs: &Inputs,
        seals: bool,
        sources: &mut SourceMap,
        progress: &Progress,
    ) -> Result<(Catalog, Inventory, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut catalog = catalog(inputs.catalog.as_deref(), sources)?;
        let paths = if inputs.paths.is_empty() {
            default_paths()
        } else {
            inputs.paths.clone()
        };
        let at = |file: &str, done, size| progress.at(file, done, size);
        let reading = Reading {
            progress: Some(&at),
            seals,
            results: &inputs.results,
            ..Reading::default()
        };
        let read = inventory::ReadFiles::from_files(&paths, &catalog, sources, &reading);
        // Rules may name what is handed over: it is in the catalog before they are judged.
        let named = read.upstream();
        let handed_over = super::upstream::read_into(&mut catalog, &inputs.upstream, named, seals, sources);
        progress.step("looking at what was read");
        let loaded = read.merge(&catalog);
        match (loaded, handed_over) {
            (Ok(mut loaded), Ok(mut handed_over)) => {
                loaded.warnings.append(&mut handed_over.warnings);
                handed_over.into_inventory(&mut loaded.inventory);
                Ok((catalog, loaded.inventory, loaded.warnings))
            }
            (loaded, handed_over) => Err([loaded.err(), handed_over.err()].into_iter().flatten().flatten().collect()),
        }
    }

    /// One without any inventory, for documents of what was reported before.
    pub(super) fn blank(overlay: Option<&Path>) -> Result<Self, Stop> {
        let mut sources = SourceMap::default();
        let catalog = match catalog(overlay, &mut sources) {
            Ok(catalog) => catalog,
            Err(faults) => return Err(Stop::Diagnostics(faults, sources)),
        };
        let (inventory, as_of) = (Inventory::default(), today());
        let matrix = raci::resolve(&catalog, &inventory, as_of);
        let findings = Findings::of(&matrix, &catalog, &inventory, as_of);
        Ok(Self {
            catalog,
            inventory,
            matrix,
            findings,
            as_of,
            only: None,
            sources,
            warnings: Vec::new(),
        })
    }

    /// The matrix of another inventory, cut as this one is.
    pub(super) fn beside(&self, inventory: &Inventory) -> Outcome<Matrix> {
        let matrix = raci::resolve_beside(&self.catalog, inventory, self.as_of, (&self.inventory, &self.matrix));
        cut(matrix, &self.catalog, inventory, self.only.as_deref())
    }

    /// One diagnostic for each deployed service that is retired or closed to new customers.
    pub(super) fn lifecycle(&self) -> Vec<Diagnostic> {
        let mut first = std::collections::BTreeMap::new();
        for unit in &self.matrix.units {
            let resources = unit.resources.iter().map(|index| &self.matrix[*index]);
            for resource in resources {
                first.entry(unit.split.service.as_str()).or_insert(resource);
            }
        }
        first
            .into_iter()
            .filter_map(|(service, resource)| {
                let entry = self.catalog.service(service)?;
                let lifecycle = entry.lifecycle.as_ref()?;
                Some(
                    Diagnostic::new(Code::ServiceRetired, format!("{} is {}", entry.name, lifecycle.words()))
                        .at(resource.place.clone())
                        .help(format!("plan its replacement; source: {}", lifecycle.source)),
                )
            })
            .collect()
    }

    /// What an assessor would send back of the requirements that the inventory asks for.
    pub(super) fn requirements(&self) -> Vec<Diagnostic> {
        let choices = &self.inventory.frameworks;
        // Of a part of the matrix nothing can be said of whole requirements.
        if choices.is_empty() || self.matrix.is_cut {
            return Vec::new();
        }
        let serving = Serving::of(&self.matrix);
        let found = choices.iter().filter_map(|choice| {
            let framework = self.catalog.frameworks.get(&choice.id)?;
            policies::inherited(framework, &serving.answer(framework, choice.baseline.as_deref()))
        });
        found.collect()
    }

    /// One diagnostic for each service that does not exist in a partition where the inventory has it.
    pub(super) fn absent(&self) -> Vec<Diagnostic> {
        let mut first: BTreeMap<(&str, usize), (&Resource, u64)> = BTreeMap::new();
        for resource in self.matrix.listed.iter().map(|index| &self.matrix[*index]) {
            // What tells no partition by itself is not known to be in one.
            if let (Some(service), Some(partition)) = (&resource.service, resource.partition()) {
                let entry = first.entry((service, partition)).or_insert((resource, 0));
                entry.1 += resource.count;
            }
        }
        let found = first.into_iter().filter_map(|((service, partition), (resource, count))| {
            let partition = partitions::partitions().get(partition)?;
            let absent = partition.absent.as_ref().filter(|_| partition.lacks(service))?;
            let source = partitions::source(partition.provider, &absent.source)?;
            let name = self.catalog.service(service).map_or(service, |entry| entry.name.as_str());
            let as_of = source.reviewed.as_deref().unwrap_or("no known date");
            let plural = if count == 1 { "resource" } else { "resources" };
            Some(
                Diagnostic::new(
                    Code::ServiceNotInPartition,
                    format!("{name} does not exist in {} (`{}`): {count} {plural}", partition.name, partition.id),
                )
                .at(resource.place.clone())
                .help(format!(
                    "check the Region, and whether the service was launched there after {as_of}; source: {}",
                    source.url
                )),
            )
        });
        found.collect()
    }

    /// One diagnostic for each type of unclassified resource.
    pub(super) fn unclassified(&self) -> Vec<Diagnostic> {
        let mut seen = std::collections::BTreeMap::new();
        for index in &self.matrix.unclassified {
            let resource = &self.matrix[*index];
            let entry = seen.entry(resource.kind.clone()).or_insert((resource, 0));
            entry.1 += resource.count;
        }
        let names: Vec<&str> = self.catalog.service_ids().collect();
        seen.into_iter()
            .map(|(kind, (resource, count))| {
                let plural = if count == 1 { "resource" } else { "resources" };
                Diagnostic::new(
                    Code::UnclassifiedResource,
                    format!("the catalog knows no service for `{kind}` ({count} {plural})"),
                )
                .at(resource.place.clone())
                .help(match crate::diagnostics::nearest(&kind, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`? Otherwise add a service file with `--catalog DIR`"),
                    None => "the report lists it as unclassified; a service file with `--catalog DIR` classifies it".to_owned(),
                })
            })
            .collect()
    }
}

/// The matrix, cut to what the command line selects.
pub(super) fn joined(catalog: &Catalog, inventory: &Inventory, as_of: Date, only: Option<&str>) -> Outcome<Matrix> {
    cut(raci::resolve(catalog, inventory, as_of), catalog, inventory, only)
}

fn cut(matrix: Matrix, catalog: &Catalog, inventory: &Inventory, only: Option<&str>) -> Outcome<Matrix> {
    match only {
        Some(only) => Ok(matrix.only(&inventory::selection(only, inventory, catalog)?, catalog)),
        None => Ok(matrix),
    }
}

/// The catalog, with an overlay if there is one.
pub(super) fn catalog(overlay: Option<&Path>, sources: &mut SourceMap) -> Result<Catalog, Vec<Diagnostic>> {
    match overlay {
        Some(folder) => Catalog::with_overlay(folder, sources),
        None => Catalog::builtin(),
    }
}

/// What is read where no path is named.
pub(super) fn default_paths() -> Vec<PathBuf> {
    ["inventory.yaml", "inventories"]
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .into_iter()
        .collect()
}

/// SOURCE_DATE_EPOCH, so that builds can be repeated; else today in UTC.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock and the environment")]
pub(super) fn today() -> Date {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse::<i64>().ok());
    let moment = epoch
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or_else(Timestamp::now);
    moment.to_zoned(jiff::tz::TimeZone::UTC).date()
}
