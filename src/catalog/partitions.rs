//! The partitions of the provider: which one a Region or an ARN is in, who operates it, and which services it lacks.
//!
//! In: `partitions.yaml`. Out: answers about Regions and ARNs, and what is wrong in the file. It is decoded when somebody
//! first asks.

use super::embedded::Embedded;
use super::file::{OperatorFile, PartitionFile, PartitionsFile, PartyFile, PartyKind, SourceFile};
use super::read::shaped;
use super::{Arn, Catalog};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, SourceMap, did_you_mean, route};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The file as it is written, for the lines that a reader is sent to.
const TEXT: &str = include_str!("../../catalog/aws/partitions.yaml");

/// Its path in the repository.
const PATH: &str = "catalog/aws/partitions.yaml";

static FILE: Embedded<PartitionsFile> = Embedded::new("partitions");

/// The partitions; the first one is home: what tells no partition is in it.
#[must_use]
pub fn partitions() -> &'static [PartitionFile] {
    &FILE.get().partitions
}

/// The position of the partition that a Region is in: one of its list, or one that begins as its Regions do.
#[must_use]
pub fn of_region(region: &str) -> Option<usize> {
    let all = partitions();
    let listed = all.iter().position(|partition| partition.regions.contains_key(region));
    let begins = |partition: &PartitionFile| partition.begins.as_deref().is_some_and(|begin| region.starts_with(begin));
    listed.or_else(|| all.iter().position(begins))
}

/// The position of the partition that an ARN names.
#[must_use]
pub fn of_arn(arn: &str) -> Option<usize> {
    let named = Arn::parse(arn)?.partition;
    partitions().iter().position(|partition| partition.id == named)
}

/// A page that the file rests on, by its key.
#[must_use]
pub fn source(key: &str) -> Option<&'static SourceFile> {
    FILE.get().sources.get(key)
}

/// The file's path and text, for places in it to be found.
#[must_use]
pub fn text() -> (Arc<str>, Arc<str>) {
    (PATH.into(), TEXT.into())
}

impl PartitionFile {
    /// Who operates a Region, or what is in none, as far as that is the same everywhere it could be.
    #[must_use]
    pub fn operator_at(&self, region: Option<&str>) -> Option<&OperatorFile> {
        match region.and_then(|region| self.operators.get(region)) {
            Some(own) => Some(own),
            None if self.operators.is_empty() => self.operator.as_ref(),
            None => None,
        }
    }

    /// Whether it is known to lack a service.
    #[must_use]
    pub fn lacks(&self, service: &str) -> bool {
        self.absent
            .as_ref()
            .is_some_and(|absent| absent.services.iter().any(|known| known == service))
    }
}

/// That a party operates a partition or a Region.
#[derive(Debug)]
pub struct Operation {
    /// What it operates, as printed.
    pub what: &'static str,
    /// Where the file says so.
    pub place: Place,
    /// The page that says so.
    pub source: Option<&'static SourceFile>,
}

/// What a party operates, in the order of the file.
#[must_use]
pub fn operations(party: &str) -> Vec<Operation> {
    let mut found = Vec::new();
    for (position, partition) in partitions().iter().enumerate() {
        let at = route(["partitions".into(), position.into()]);
        let mut add = |what: &'static str, operator: &'static OperatorFile, route: Route| {
            if operator.party == party {
                found.push(Operation {
                    what,
                    place: Place::value(&PATH.into(), route),
                    source: operator.source.as_deref().and_then(source),
                });
            }
        };
        if let Some(operator) = &partition.operator {
            add(&partition.name, operator, at.then("operator"));
        }
        for (region, operator) in &partition.operators {
            let what = partition.regions.get(region).map_or(region.as_str(), String::as_str);
            add(what, operator, at.then("operators").then(region.as_str()));
        }
    }
    found
}

/// What breaks the rules of the built-in file, against the catalog's services and parties.
pub(super) fn check(catalog: &Catalog) -> Vec<Diagnostic> {
    check_file(FILE.get(), &PATH.into(), catalog, &catalog.parties)
}

/// The same of the file in the folder of a whole catalog; no other folder has one.
///
/// # Errors
/// Files that cannot be read or decoded.
pub(super) fn check_folder(folder: &Path, catalog: &Catalog, sources: &mut SourceMap) -> Outcome<Vec<Diagnostic>> {
    let [own, of_parties] = ["partitions.yaml", "parties.yaml"].map(|name| folder.join(name));
    if !own.is_file() || !of_parties.is_file() {
        return Ok(Vec::new());
    }
    let (path, text) = read(&own, sources)?;
    let file: PartitionsFile = shaped(&text, &path)?;
    let (of_parties, text) = read(&of_parties, sources)?;
    let parties: Vec<PartyFile> = shaped(&text, &of_parties)?;
    Ok(check_file(&file, &path, catalog, &parties))
}

fn read(file: &Path, sources: &mut SourceMap) -> Outcome<(Arc<str>, Arc<str>)> {
    let path: Arc<str> = file.display().to_string().into();
    let text =
        std::fs::read_to_string(file).map_err(|error| vec![Diagnostic::new(Code::CannotRead, format!("cannot read `{path}`: {error}"))])?;
    let text: Arc<str> = text.into();
    sources.insert(path.clone(), text.clone());
    Ok((path, text))
}

fn check_file(file: &PartitionsFile, path: &Arc<str>, catalog: &Catalog, parties: &[PartyFile]) -> Vec<Diagnostic> {
    let mut checker = Checker {
        file,
        path,
        catalog,
        parties,
        found: Vec::new(),
        regions: BTreeSet::new(),
    };
    for (position, partition) in file.partitions.iter().enumerate() {
        checker.partition(position, partition);
    }
    for (key, page) in &file.sources {
        let is_date = |text: &Arc<str>| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
        if !page.reviewed.as_ref().is_none_or(is_date) {
            let at = route(["sources".into(), key.as_str().into(), "reviewed".into()]);
            checker.fault(at, format!("`reviewed` of the source `{key}` is not a date"), "write YYYY-MM-DD");
        }
    }
    checker.found
}

struct Checker<'a> {
    file: &'a PartitionsFile,
    path: &'a Arc<str>,
    catalog: &'a Catalog,
    parties: &'a [PartyFile],
    found: Vec<Diagnostic>,
    /// The Regions of the partitions so far.
    regions: BTreeSet<&'a str>,
}

impl<'a> Checker<'a> {
    fn fault(&mut self, at: Route, message: String, help: impl Into<String>) {
        self.found.push(
            Diagnostic::new(Code::CatalogError, message)
                .at(Place::value(self.path, at))
                .help(help),
        );
    }

    fn partition(&mut self, position: usize, partition: &'a PartitionFile) {
        let at = route(["partitions".into(), position.into()]);
        if self.file.partitions[..position].iter().any(|other| other.id == partition.id) {
            self.fault(
                at.then("id"),
                format!("the partition `{}` stands twice", partition.id),
                "unite the two",
            );
        }
        for region in partition.regions.keys() {
            if !self.regions.insert(region) {
                let message = format!("the Region `{region}` is in two partitions");
                self.fault(at.then("regions").then(region.as_str()), message, "a Region is in one partition");
            }
            let foreign = self
                .file
                .partitions
                .iter()
                .enumerate()
                .find(|(other, one)| *other != position && one.begins.as_deref().is_some_and(|begin| region.starts_with(begin)));
            if let Some((_, foreign)) = foreign {
                let message = format!("the Region `{region}` begins as those of `{}` do", foreign.id);
                self.fault(
                    at.then("regions").then(region.as_str()),
                    message,
                    "`begins` holds of no other partition's Regions",
                );
            }
        }
        if let Some(operator) = &partition.operator {
            self.operator(operator, &at.then("operator"));
        } else if position == 0 {
            self.fault(
                at.clone(),
                "nobody operates the first partition".to_owned(),
                "add `operator: {party: ...}`",
            );
        }
        for (region, operator) in &partition.operators {
            let at = at.then("operators").then(region.as_str());
            self.operator(operator, &at);
            if !partition.regions.contains_key(region) {
                let known: Vec<&str> = partition.regions.keys().map(String::as_str).collect();
                self.fault(
                    at,
                    format!("`{}` has no Region `{region}`", partition.id),
                    did_you_mean(region, &known),
                );
            }
        }
        if let Some(absent) = &partition.absent {
            self.source(&absent.source, at.then("absent").then("source"));
            for (index, service) in absent.services.iter().enumerate() {
                let at = at.then("absent").then("services").then(index);
                if self.catalog.service(service).is_none() {
                    let known: Vec<&str> = self.catalog.service_ids().collect();
                    self.fault(
                        at,
                        format!("the catalog knows no service `{service}`"),
                        did_you_mean(service, &known),
                    );
                } else if absent.services[..index].last().is_some_and(|before| before >= service) {
                    self.fault(
                        at,
                        format!("`{service}` stands twice or out of order"),
                        "sort the list; each service stands once",
                    );
                }
            }
        }
    }

    fn operator(&mut self, operator: &OperatorFile, at: &Route) {
        let known: Vec<&str> = self
            .parties
            .iter()
            .filter(|party| party.kind == PartyKind::Provider)
            .map(|party| party.id.as_str())
            .collect();
        if !known.contains(&operator.party.as_str()) {
            let message = format!("`{}` is no provider of `parties.yaml`", operator.party);
            self.fault(at.then("party"), message, did_you_mean(&operator.party, &known));
        }
        match &operator.source {
            Some(key) => self.source(key, at.then("source")),
            None if known.first() == Some(&operator.party.as_str()) => {}
            None => self.fault(
                at.clone(),
                format!("no source says that `{}` operates it", operator.party),
                "add `source: KEY`",
            ),
        }
    }

    fn source(&mut self, key: &str, at: Route) {
        if !self.file.sources.contains_key(key) {
            let known: Vec<&str> = self.file.sources.keys().map(String::as_str).collect();
            self.fault(at, format!("there is no source `{key}`"), did_you_mean(key, &known));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use indexmap::IndexMap;

    #[test]
    fn the_file_keeps_its_rules() {
        let catalog = Catalog::builtin().unwrap();
        assert!(check(&catalog).is_empty(), "{:?}", check(&catalog));
        let home = &partitions()[0];
        assert_eq!(home.operator_at(None).unwrap().party, catalog.provider().unwrap().id);
        for (position, partition) in partitions().iter().enumerate() {
            for region in partition.regions.keys() {
                assert_eq!(of_region(region), Some(position), "{region}");
            }
            assert_eq!(of_arn(&format!("arn:{}:iam::111122223333:role/r", partition.id)), Some(position));
        }
        assert!(of_region("mars-1").is_none() && of_arn("arn:mars:iam::1:x").is_none() && of_arn("x").is_none());
    }

    /// Regions that open after this release are told by how they begin.
    #[test]
    fn new_regions_fall_to_the_partition_that_they_begin_with() {
        for (position, partition) in partitions().iter().enumerate() {
            let Some(begins) = &partition.begins else { continue };
            let new = format!("{begins}nowhere-9");
            assert_eq!(of_region(&new), Some(position), "{new}");
            // Nobody has said who operates it, where that differs by Region.
            assert_eq!(
                partition.operator_at(Some(&new)).is_none(),
                !partition.operators.is_empty() || partition.operator.is_none()
            );
        }
    }

    #[test]
    fn every_operator_is_found_at_its_line() {
        let mut sources = crate::diagnostics::SourceMap::default();
        let (path, text) = text();
        sources.insert(path, text.clone());
        let catalog = Catalog::builtin().unwrap();
        for party in catalog.parties.iter().filter(|party| party.kind == PartyKind::Provider) {
            let operations = operations(&party.id);
            assert!(!operations.is_empty(), "{} operates nothing", party.id);
            for operation in operations {
                let at = sources.positions([&operation.place]).of(&operation.place).unwrap();
                let line = text.lines().nth(at.line - 1).unwrap();
                assert!(line.contains(&format!("party: {}", party.id)), "{line}");
            }
        }
    }

    #[test]
    fn each_fault_is_told() {
        let catalog = Catalog::builtin().unwrap();
        let operator = |party: &str, source: Option<&str>| OperatorFile {
            party: party.to_owned(),
            source: source.map(str::to_owned),
        };
        let region = |id: &str| IndexMap::from([(id.to_owned(), "x".to_owned())]);
        let good = &partitions()[0];
        let file = PartitionsFile {
            sources: IndexMap::from([(
                "page".to_owned(),
                SourceFile {
                    title: "t".into(),
                    url: "u".into(),
                    reviewed: Some("yesterday".into()),
                },
            )]),
            partitions: vec![
                PartitionFile {
                    operator: None,
                    ..good.clone()
                },
                PartitionFile {
                    begins: Some("x-".to_owned()),
                    operator: Some(operator("red-hat", Some("nope"))),
                    operators: IndexMap::from([("x-2".to_owned(), operator("sinnet", None))]),
                    regions: region("x-1"),
                    absent: Some(super::super::file::AbsentFile {
                        source: "page".to_owned(),
                        services: ["s3", "rds", "rdz"].map(str::to_owned).to_vec(),
                    }),
                    ..good.clone()
                },
                PartitionFile {
                    id: "third".to_owned(),
                    regions: region("x-1"),
                    ..good.clone()
                },
            ],
        };
        let found: Vec<String> = check_file(&file, &PATH.into(), &catalog, &catalog.parties)
            .into_iter()
            .map(|one| one.message)
            .collect();
        for expected in [
            "nobody operates the first partition",
            "stands twice",
            "`red-hat` is no provider of `parties.yaml`",
            "there is no source `nope`",
            "has no Region `x-2`",
            "no source says that `sinnet` operates it",
            "`rds` stands twice or out of order",
            "the catalog knows no service `rdz`",
            "the Region `x-1` is in two partitions",
            "the Region `x-1` begins as those of",
            "`reviewed` of the source `page` is not a date",
        ] {
            assert!(found.iter().any(|message| message.contains(expected)), "{expected}: {found:?}");
        }
    }
}
