//! Groups of rows of query engines' tables.
//!
//! In: a row of a query over such tables. Out: the resource that a row of its table with the same cells would have given, read
//! by the same code.

use super::super::cells;
use super::super::columns::{self, Column};
use super::super::row::{Reader, Row, short};
use super::{COLUMNS, Counted, Said, Unread};
use crate::catalog::Catalog;
use crate::catalog::engines::{self, EngineTable};
use crate::catalog::looked_at::letters;
use crate::diagnostics::{Diagnostic, Place};
use crate::inventory::import::Found;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The columns beside those of the tables, and what each says.
const COMMON: &[(&str, Column)] = &[
    ("resource_type", Column::Type),
    ("account_id", Column::Account),
    ("region", Column::Region),
    ("arn", Column::Arns),
    ("resource_name", Column::Name),
];

/// The column of tags, as JSON: as its table has it.
const TAGS: &str = "tags";

/// Who reads the rows of each engine's tables.
#[derive(Debug)]
pub(super) struct Readers<'c> {
    file: Arc<str>,
    catalog: &'c Catalog,
    by_engine: Mutex<BTreeMap<String, Arc<Reader<'c>>>>,
}

impl<'c> Readers<'c> {
    /// The readers of a file.
    pub(super) fn new(file: &Arc<str>, catalog: &'c Catalog) -> Self {
        Self {
            file: file.clone(),
            catalog,
            by_engine: Mutex::default(),
        }
    }

    /// Who reads rows of an engine; none if no such engine is known.
    fn of(&self, engine: &str) -> Option<Arc<Reader<'c>>> {
        let mut readers = self.by_engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = readers.get(engine) {
            return Some(reader.clone());
        }
        let table = engines::rows_of(engine)?;
        let reader = Arc::new(Reader::new(&self.file, self.catalog, (Some(table), None), false));
        readers.insert(engine.to_owned(), reader.clone());
        Some(reader)
    }

    /// What a row says. `line`: where it stands.
    pub(super) fn said(&self, counted: Counted<'_>, line: u64) -> Result<Said, Unread> {
        let reader = self.of(&counted.source).ok_or(Unread::Broken)?;
        let table = reader.engine.as_ref().ok_or(Unread::Broken)?;
        let read = Cells::of(counted, table).ok_or(Unread::Broken)?;
        let row = read.row.iter().map(|(column, cell)| (column, cell.as_str()));
        match reader.resource(row, line) {
            Row::Resource(resource) => Ok(Said {
                found: Found {
                    is_row: true,
                    ..Found::alone(*resource)
                },
                kind: read.kind,
                keys: read.keys,
            }),
            Row::Short(number) => {
                let place = Place::at(&self.file, usize::try_from(line).unwrap_or(1), 1);
                Err(Unread::Fault(Box::new(short(&number, place))))
            }
            Row::Empty | Row::Nameless => Err(Unread::Broken),
        }
    }

    /// What was odd in the rows.
    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        let readers = self.by_engine.lock().unwrap_or_else(PoisonError::into_inner);
        readers.values().flat_map(|reader| reader.warnings()).collect()
    }
}

/// The cells of the row that a table would have given.
#[derive(Default)]
struct Cells {
    row: Vec<(Column, String)>,
    /// The type.
    kind: Option<String>,
    /// The columns that say something, by their letters.
    keys: Option<BTreeSet<String>>,
}

impl Cells {
    /// The cells of a row of groups; none if one of them is not what it should be.
    fn of(counted: Counted<'_>, table: &EngineTable) -> Option<Self> {
        let mut read = Self::default();
        for (name, cell) in counted.cells {
            if name == COLUMNS {
                let told: Map<String, Value> = serde_json::from_str(&cell).ok()?;
                let keys = told.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| letters(key));
                read.keys = Some(keys.collect());
                let called = table.engine.called.iter().find(|called| told.contains_key(*called));
                read.row.extend(told.into_iter().map(|(name, value)| {
                    let column = columns::queried(table, &name, called == Some(&name));
                    (column, cells::of_json(&value))
                }));
            } else if name == TAGS {
                let told: Value = serde_json::from_str(&cell).ok()?;
                read.row.push((Column::Tags, cells::of_json(&told)));
            } else if let Some((_, column)) = COMMON.iter().find(|(known, _)| *known == name) {
                if *column == Column::Type {
                    read.kind = Some(cell.clone().into_owned());
                }
                read.row.push((column.clone(), cell.into_owned()));
            }
        }
        Some(read)
    }
}
