//! Rows that a query of `cloudraci query` counted: each stands for resources that are alike.
//!
//! In: rows with the columns of such a query. Out: of each the resource that its source would have given, with how many it stands
//! for, so that all that follows goes the way that it goes for resources that are read one by one. Where the row was asked for
//! something else than this catalog asks, nothing follows from what it does not say.

mod of_items;
mod of_tables;

use crate::catalog::attributes::Origin;
use crate::catalog::attributes::open::OPEN;
use crate::catalog::looked_at::letters;
use crate::catalog::{Catalog, LookedAt};
use crate::diagnostics::characters::prints_as_nothing;
use crate::diagnostics::{Code, Diagnostic, Place, Severity};
use crate::inventory::Sample;
use crate::inventory::import::sink::{Intake, Sink};
use crate::inventory::import::{Found, Importer, aws_config};
use crate::source::secrets;
use of_tables::Readers;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The column that says of which source a query is.
const SOURCE: &str = "cloudraci";

/// The column that marks what was looked at.
const LOOKED_AT: &str = "looked_at";

/// The column that says how many a row stands for.
const COUNT: &str = "resources";

/// The column that only queries over tables have: what is looked at of a table's columns.
const COLUMNS: &str = "columns";

/// The columns that name the first and the last of a group.
const NAMES: [&str; 2] = ["resource_name", "last_resource_name"];

/// The same by their ARNs.
const ARNS: [&str; 2] = ["arn", "last_arn"];

/// Of how many types it is told that a key is not there.
const MOST: usize = 20;

/// The rows of a query.
#[derive(Debug)]
pub(super) struct GroupRows<'c> {
    catalog: &'c Catalog,
    names: Vec<String>,
    /// Who reads rows of engines' tables, where the query is one over such.
    readers: Option<Readers<'c>>,
    types: Mutex<HashMap<String, OfType>>,
    odd: Mutex<BTreeMap<Odd, u64>>,
}

/// A row, as far as every query's has it.
struct Counted<'r> {
    /// Its source.
    source: Cow<'r, str>,
    /// What marks what was looked at; empty where nothing was.
    mark: Cow<'r, str>,
    /// How many it stands for.
    count: u64,
    /// The cells that say something, by the names of their columns.
    cells: Vec<(String, Cow<'r, str>)>,
}

/// What a row says: the resource, its type where the row tells it, and the keys of what was looked at, by their letters; no keys
/// where the engine could not read it.
struct Said {
    found: Found,
    kind: Option<String>,
    keys: Option<BTreeSet<String>>,
}

/// Why a row is no resource.
enum Unread {
    /// It does not say what it counts and how many.
    Broken,
    /// Something is wrong in it that a row of its table would be told, too.
    Fault(Box<Diagnostic>),
}

/// What is known of the rows of a type.
#[derive(Debug)]
struct OfType {
    /// The mark of what this catalog looks at.
    mark: String,
    /// Declared attributes of which no row had a key so far, each with the keys that would tell it.
    missing: BTreeMap<String, BTreeSet<String>>,
    /// How many resources there are.
    count: u64,
}

/// What is odd in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Odd {
    /// It does not say how many it stands for, or what it is.
    Broken,
    /// It was asked for something else than this catalog asks.
    Stale,
}

impl<'c> GroupRows<'c> {
    /// The rows of a table with columns of these names, if a query made it.
    pub(super) fn of<'n>(intake: &mut Intake<'c>, names: impl Iterator<Item = &'n str> + Clone) -> Option<Self> {
        if !are_of_groups(names.clone()) {
            return None;
        }
        let is_of_tables = names.clone().any(|name| name.eq_ignore_ascii_case(COLUMNS));
        let readers = if is_of_tables {
            intake.stand_for_rows();
            Some(Readers::new(intake.file(), intake.catalog()))
        } else {
            let importer: &'static dyn Importer = &aws_config::AwsConfig;
            intake.stand_for(importer);
            None
        };
        Some(Self {
            catalog: intake.catalog(),
            names: names.map(str::to_lowercase).collect(),
            readers,
            types: Mutex::default(),
            odd: Mutex::default(),
        })
    }

    /// Takes in a row. `order`: its place among those of the file; `line`: where it stands.
    pub(super) fn take<'r>(&self, cells: impl Iterator<Item = &'r str>, (order, line): (u64, u64), sink: &mut Sink<'_>) {
        let cells = self.names.iter().map(String::as_str).zip(cells.map(Cow::Borrowed));
        self.take_named(cells, (order, line), sink);
    }

    /// Takes in a row whose cells have names.
    pub(super) fn take_named<'n, 'r>(
        &self,
        cells: impl Iterator<Item = (&'n str, Cow<'r, str>)>,
        (order, line): (u64, u64),
        sink: &mut Sink<'_>,
    ) {
        let counted = Counted::of(cells).ok_or(Unread::Broken);
        match counted.and_then(|counted| self.found(counted, line)) {
            Ok(found) => sink.add(found, order),
            Err(Unread::Broken) => self.see(Odd::Broken, 1),
            Err(Unread::Fault(fault)) => sink.fault(|| *fault),
        }
    }

    fn see(&self, odd: Odd, count: u64) {
        *self.odd.lock().unwrap_or_else(PoisonError::into_inner).entry(odd).or_default() += count;
    }

    fn found(&self, counted: Counted<'_>, line: u64) -> Result<Found, Unread> {
        let (count, mark, sample) = (counted.count, counted.mark.clone(), counted.sample());
        let said = match &self.readers {
            Some(readers) => readers.said(counted, line)?,
            None => of_items::said(counted).ok_or(Unread::Broken)?,
        };
        let mut found = said.found;
        found.resource.count = count;
        found.resource.sample = sample;
        let is_as_asked = said
            .kind
            .is_none_or(|kind| self.is_as_asked(&kind, &mark, count, said.keys.as_ref()));
        if !is_as_asked {
            // What was not asked for is not known to be unset.
            found.resource.config.insert(OPEN.to_owned(), true.into());
        }
        Ok(found)
    }

    /// Whether a row was asked for all that this catalog looks at. A query tells an empty configuration; none at all is one that
    /// its engine could not read.
    fn is_as_asked(&self, kind: &str, mark: &str, count: u64, keys: Option<&BTreeSet<String>>) -> bool {
        let mut types = self.types.lock().unwrap_or_else(PoisonError::into_inner);
        let of = types.entry(kind.to_owned()).or_insert_with(|| {
            let looked_at = match self.readers {
                Some(_) => self.catalog.looked_at_in_tables(kind),
                None => self.catalog.looked_at_of(Origin::Config, kind),
            };
            OfType {
                mark: if looked_at.asks() { looked_at.mark() } else { String::new() },
                missing: self.told_by(&looked_at),
                count: 0,
            }
        });
        of.count += count;
        if let Some(told) = keys.filter(|_| !of.missing.is_empty()) {
            of.missing.retain(|_, keys| keys.is_disjoint(told));
        }
        let is_as_asked = of.mark == mark && (mark.is_empty() || keys.is_some());
        drop(types);
        if !is_as_asked {
            self.see(Odd::Stale, count);
        }
        is_as_asked
    }

    /// The attributes that are looked at and have a place in the source, each with the keys that may hold it.
    fn told_by(&self, looked_at: &LookedAt) -> BTreeMap<String, BTreeSet<String>> {
        let first = |path: &str| letters(path.split('.').next().unwrap_or_default());
        let asked: BTreeSet<String> = looked_at.paths.iter().map(|path| first(path)).collect();
        let declaration = self.catalog.declaration(Origin::Config, &looked_at.kind, None);
        let own_types = declaration.types().iter().filter(|one| one.is(&looked_at.kind));
        let attributes = own_types
            .flat_map(|one| one.attributes.iter())
            .filter(|attribute| !attribute.secret);
        let told = attributes.filter_map(|attribute| {
            let own = attribute.places(Origin::Config).iter().filter(|place| place.on.is_none());
            let places: BTreeSet<String> = own.flat_map(|place| &place.at).map(|path| first(&path.dotted())).collect();
            let mut keys: BTreeSet<String> = places.iter().cloned().chain([first(&attribute.name)]).collect();
            if self.readers.is_some() {
                let columns = Catalog::columns_of_keys(&looked_at.kind, &keys);
                keys.extend(columns);
            }
            (!places.is_empty() && !keys.is_disjoint(&asked)).then(|| (attribute.name.to_string(), keys))
        });
        told.collect()
    }

    /// The keys that no row of a type has: they may be spelt in a way that nobody knows of, or be set nowhere.
    fn absent(&self, file: &Arc<str>) -> Vec<Diagnostic> {
        let types = self.types.lock().unwrap_or_else(PoisonError::into_inner);
        let mut absent: Vec<(&String, &OfType)> = types.iter().filter(|(_, of)| !of.missing.is_empty()).collect();
        absent.sort_by_key(|(kind, _)| *kind);
        let told = absent.into_iter().take(MOST).map(|(kind, of)| {
            let names: Vec<String> = of.missing.keys().map(|name| format!("`{name}`")).collect();
            let what = format!(
                "no row of `{kind}` ({} resources) in `{file}` says anything of {}",
                of.count,
                names.join(", ")
            );
            let mut note = Diagnostic::new(Code::ImportPartial, what).at(Place::file(file.clone()));
            note.severity = Severity::Note;
            note.help("where the source has it, look how it is called there: what nothing is said of stays unknown")
        });
        told.collect()
    }

    /// What is worth telling.
    pub(super) fn warnings(&self, file: &Arc<str>) -> Vec<Diagnostic> {
        let odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        let warn = |what: String, help: &str| Diagnostic::new(Code::ImportPartial, what).at(Place::file(file.clone())).help(help);
        let told = odd.iter().map(|(odd, count)| match odd {
            Odd::Broken => warn(
                format!("{count} rows of `{file}` do not say what they count and how many, and are left out"),
                "write the query's result as Parquet, as JSON lines, or as CSV with doubled quotes",
            ),
            Odd::Stale => warn(
                format!("{count} resources of `{file}` were not asked for what is looked at today; what was not asked for is unknown"),
                "make the query again: `cloudraci query`",
            ),
        });
        let read = self.readers.iter().flat_map(Readers::warnings);
        told.chain(read).chain(self.absent(file)).collect()
    }
}

impl<'r> Counted<'r> {
    /// What cells say that have names; none if they do not say what they count.
    fn of<'n>(cells: impl Iterator<Item = (&'n str, Cow<'r, str>)>) -> Option<Self> {
        let (mut source, mut mark, mut count) = (Cow::default(), Cow::default(), None);
        let mut others = Vec::new();
        for (name, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            let name = name.to_lowercase();
            match name.as_str() {
                SOURCE => source = cell,
                COUNT => count = cell.parse::<u64>().ok().filter(|count| *count > 0),
                LOOKED_AT => mark = cell,
                _ => others.push((name, cell)),
            }
        }
        Some(Self {
            source,
            mark,
            count: count?,
            cells: others,
        })
    }

    /// What the first and the last of them are called, as far as nothing of it is secret: by their names, else by their ARNs.
    fn sample(&self) -> Option<Arc<Sample>> {
        let ends = |wanted: [&str; 2]| {
            let cells = wanted.map(|name| self.cells.iter().find(|(known, _)| known == name).map(|(_, cell)| &**cell));
            match cells {
                [Some(first), Some(last)] => vec![first, last],
                _ => Vec::new(),
            }
        };
        let arns = ends(ARNS);
        // A name may be the part of an ARN that is secret only as a whole.
        let secret: Vec<&str> = arns.iter().copied().filter(|arn| secrets::hold_secret(arn)).collect();
        let open = |texts: Vec<&str>| {
            let open = texts.into_iter().filter(|text| !secret.iter().any(|secret| secret.contains(text)));
            let open = open.filter_map(|text| secrets::open_text(text.to_owned()));
            Sample::of(open.filter(|text| !prints_as_nothing(text)))
        };
        open(ends(NAMES)).or_else(|| open(arns))
    }
}

/// Whether columns of these names are those of a query that counts.
pub(super) fn are_of_groups<'n>(names: impl Iterator<Item = &'n str> + Clone) -> bool {
    let has = |wanted: &str| names.clone().any(|name| name.eq_ignore_ascii_case(wanted));
    [SOURCE, LOOKED_AT, COUNT].into_iter().all(has)
}
