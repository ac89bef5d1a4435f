//! The partitions of each provider: which one a Region or an ARN is in, who operates it, and which services it lacks.
//!
//! In: each `partitions.yaml`. Out: answers about Regions and ARNs, and what is wrong in a file. They are decoded when somebody
//! first asks.

use super::file::{OperatorFile, PartitionFile, PartitionsFile, PartyFile, PartyKind, SourceFile};
use super::providers::{self, Known, Provider, Unite};
use super::read::shaped;
use super::{Arn, Catalog};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, SourceMap, did_you_mean, route};
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// What their files are called, without the ending.
const FILE: &str = "partitions";

static ALL: Known<Partitions> = Known::new(FILE);

/// The partitions of all providers, those of each in the order of its file, and the base's first.
#[derive(Debug, Default)]
struct Partitions {
    all: Vec<Partition>,
    sources: Vec<(Provider, IndexMap<String, SourceFile>)>,
    /// The position of the first partition that lists a Region.
    by_region: HashMap<String, usize, RandomState>,
}

/// A partition of a provider.
#[derive(Debug)]
pub struct Partition {
    /// Whose it is.
    pub provider: Provider,
    /// Its position in the file.
    position: usize,
    file: PartitionFile,
}

impl Deref for Partition {
    type Target = PartitionFile;

    fn deref(&self) -> &PartitionFile {
        &self.file
    }
}

impl Unite for Partitions {
    type File = PartitionsFile;

    fn add(&mut self, provider: Provider, file: PartitionsFile) {
        for (position, file) in file.partitions.into_iter().enumerate() {
            for region in file.regions.keys() {
                self.by_region.entry(region.clone()).or_insert(self.all.len());
            }
            self.all.push(Partition { provider, position, file });
        }
        self.sources.push((provider, file.sources));
    }
}

/// The partitions; the first one of a provider is its home: what tells no partition is in it.
#[must_use]
pub fn partitions() -> &'static [Partition] {
    &ALL.get().all
}

/// The position of a provider's home; that of the base's, where it has none.
#[must_use]
pub fn home(provider: Provider) -> usize {
    let own = partitions().iter().position(|partition| partition.provider == provider);
    own.unwrap_or_default()
}

/// The position of the partition that a Region is in: one of its list, or one that begins as its Regions do.
#[must_use]
pub fn of_region(region: &str) -> Option<usize> {
    let listed = ALL.get().by_region.get(region).copied();
    let begins = |partition: &Partition| partition.begins.as_deref().is_some_and(|begin| region.starts_with(begin));
    listed.or_else(|| partitions().iter().position(begins))
}

/// The Region of those that are listed with which a text begins: a whole word of it, or a zone with a letter behind the Region's name.
#[must_use]
pub(super) fn listed_region(text: &str) -> Option<&str> {
    let regions = partitions().iter().flat_map(|partition| partition.regions.keys());
    let longest = regions
        .filter(|region| text.starts_with(region.as_str()))
        .max_by_key(|region| region.len())?;
    let (region, behind) = text.split_at(longest.len());
    let is_zone = |rest: &str| rest.starts_with('-') || rest.len() == 1 && rest.starts_with(|letter: char| letter.is_ascii_lowercase());
    (behind.is_empty() || is_zone(behind)).then_some(region)
}

/// The position of the partition that an ARN names; where its provider's names have none, that provider's only one.
#[must_use]
pub fn of_arn(arn: &str) -> Option<usize> {
    let arn = Arn::parse(arn)?;
    let mut own = partitions()
        .iter()
        .enumerate()
        .filter(|(_, partition)| partition.provider == arn.provider);
    if arn.partition.is_empty() {
        return own.next().filter(|_| own.next().is_none()).map(|(position, _)| position);
    }
    own.find(|(_, partition)| partition.id == arn.partition)
        .map(|(position, _)| position)
}

/// A page that a provider's file rests on, by its key.
#[must_use]
pub fn source(provider: Provider, key: &str) -> Option<&'static SourceFile> {
    let own = ALL.get().sources.iter().find(|(whose, _)| *whose == provider);
    own?.1.get(key)
}

/// Each file's path and text, for places in it to be found.
pub fn texts() -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
    ALL.get().sources.iter().map(|(provider, _)| providers::text(*provider, FILE))
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
    let mut paths: Option<(Provider, Arc<str>)> = None;
    for partition in partitions() {
        let provider = partition.provider;
        let path = match paths.take() {
            Some((whose, path)) if whose == provider => path,
            _ => providers::text(provider, FILE).0,
        };
        let at = route(["partitions".into(), partition.position.into()]);
        let mut add = |what: &'static str, operator: &'static OperatorFile, route: Route| {
            if operator.party == party {
                found.push(Operation {
                    what,
                    place: Place::value(&path, route),
                    source: operator.source.as_deref().and_then(|key| source(provider, key)),
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
        paths = Some((provider, path));
    }
    found
}

/// What breaks the rules of the built-in files, against the catalog's services and parties.
pub(super) fn check(catalog: &Catalog) -> Vec<Diagnostic> {
    let files = providers::lists::<PartitionsFile>(FILE);
    let parties = providers::lists::<Vec<PartyFile>>("parties");
    match (files, parties) {
        (Ok(files), Ok(parties)) => {
            let each = files.iter().flat_map(|(provider, file)| {
                let own = parties.iter().filter(|(whose, _)| whose == provider).flat_map(|(_, own)| own);
                let parties: Vec<PartyFile> = own.chain(&catalog.parties).cloned().collect();
                check_file(file, &providers::text(*provider, FILE).0, catalog, &parties)
            });
            each.collect()
        }
        (files, parties) => files.err().into_iter().chain(parties.err()).collect(),
    }
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
            if partition.provider == 0 {
                assert_eq!(of_arn(&format!("arn:{}:iam::111122223333:role/r", partition.id)), Some(position));
            }
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
        let catalog = Catalog::builtin().unwrap();
        // Of the base: another one has a text of its own.
        let (path, text) = texts().next().unwrap();
        sources.insert(path.clone(), text.clone());
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
        let good = &partitions()[0].file;
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
        let found: Vec<String> = check_file(&file, &"partitions.yaml".into(), &catalog, &catalog.parties)
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
