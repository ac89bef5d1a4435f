//! The rows of a table, in whatever form it came.
//!
//! In: the names of the columns, and rows of cells as text. Out: one resource a row, and what was odd in them. Every form of a
//! table is read through this, so that the same rows are the same resources.

use super::cells;
use super::columns::{self, Column, column};
use super::group_rows::GroupRows;
use super::row::{Reader, Row, short};
use crate::catalog::engines;
use crate::diagnostics::{Code, Diagnostic, Place, did_you_mean};
use crate::inventory::import::sink::{Intake, Sink};
use crate::inventory::import::{Found, Tells, Trust};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;

/// The columns of a table, and who reads its rows.
#[derive(Debug)]
pub(super) struct Rows<'c> {
    reader: Reader<'c>,
    columns: Vec<Column>,
    /// The columns by their names, for rows that name theirs.
    by_name: HashMap<String, Column>,
    /// What a query counted, where its rows are that.
    groups: Option<GroupRows<'c>>,
}

impl<'c> Rows<'c> {
    /// A table with columns of these names.
    pub(super) fn new<'n>(
        intake: &mut Intake<'c>,
        sheet: Option<String>,
        names: impl Iterator<Item = &'n str> + Clone,
        has_commas: bool,
    ) -> Self {
        let file = intake.file().clone();
        let groups = GroupRows::of(intake, names.clone());
        let engine = engines::table(&file, names.clone()).filter(|_| groups.is_none());
        // What an engine's table has was asked of the account; any other is a list.
        if engine.is_none() {
            intake.trust = Trust::Listed;
        }
        let called = engine.as_ref().and_then(|table| {
            let mut called = table.engine.called.iter();
            called.find(|called| names.clone().any(|name| name == **called))
        });
        let column = |name: &str| match &engine {
            Some(table) => columns::queried(table, name, called.is_some_and(|called| called == name)),
            None => column(name),
        };
        Self {
            columns: names.clone().map(column).collect(),
            by_name: names.map(|name| (name.to_owned(), column(name))).collect(),
            groups,
            reader: Reader::new(&file, intake.catalog(), (engine, sheet), has_commas),
        }
    }

    /// Whether a column says what a row is.
    pub(super) fn has_key(&self) -> bool {
        let mut columns = self.columns.iter();
        self.reader.engine.is_some() || columns.any(|column| matches!(column, Column::Arn | Column::Type | Column::Service))
    }

    /// Which columns say anything, where resources are only counted: of a table of one type those that somebody looks at, of any
    /// other all, since any type may be in it.
    pub(super) fn looked_at(&self, intake: &Intake<'c>) -> Vec<bool> {
        let kind = self.reader.engine.as_ref().and_then(|table| table.kind);
        let Some((kind, name)) = kind.map(|name| (intake.kind(name), name)) else {
            return vec![true; self.columns.len()];
        };
        let says = |column: &Column| match column {
            Column::None => false,
            Column::Attribute(attribute) => kind.wants(attribute) || engines::is_placed(name, attribute),
            _ => true,
        };
        self.columns.iter().map(says).collect()
    }

    /// That the table is a query engine's that lists no resources.
    pub(super) fn of_nothing(&self, place: &Place) -> Option<Diagnostic> {
        let engine = self.reader.engine.as_ref()?;
        let table = engine.nothing.as_ref()?;
        let what = format!(
            "`{}`: the table `{table}` of {} lists no resources",
            self.reader.file, engine.engine.name
        );
        Some(
            Diagnostic::new(Code::ImportEmpty, what)
                .at(place.clone())
                .help("leave the file out"),
        )
    }

    /// That the table has no column that says what a row is.
    pub(super) fn no_column(&self) -> Diagnostic {
        let named = self.columns.iter().filter_map(|column| match column {
            Column::Attribute(name) => Some(name.as_str()),
            _ => None,
        });
        let near = named
            .into_iter()
            .find(|name| crate::diagnostics::nearest(name, ["arn", "type", "service"]).is_some());
        Diagnostic::new(Code::ImportFailed, "the table has no column `arn`, `type` or `service`")
            .at(Place::at(&self.reader.file, 1, 1))
            .help(near.map_or_else(
                || "name the columns in the first row: arn, account, region, type, service, name, owner, environment, tags".to_owned(),
                |name| did_you_mean(name, &["arn", "type", "service"]),
            ))
    }

    /// Takes in one row. `order`: its place among those of the file; `line`: where it stands.
    pub(super) fn take<'r>(&'r self, cells: impl Iterator<Item = &'r str> + Clone, (order, line): (u64, u64), sink: &mut Sink<'_>) {
        // What stands beyond the last column says something, too: that the row is not empty.
        if cells.clone().all(str::is_empty) {
            return;
        }
        if let Some(groups) = &self.groups {
            return groups.take(cells, (order, line), sink);
        }
        self.add(self.reader.resource(self.columns.iter().zip(cells), line), (order, line), sink);
    }

    /// Takes in one row whose columns have names of their own.
    pub(super) fn take_object(&self, row: Map<String, Value>, (order, line): (u64, u64), sink: &mut Sink<'_>) {
        if let Some(groups) = &self.groups {
            let cells = row.iter().map(|(name, value)| (name.as_str(), Cow::Owned(cells::of_json(value))));
            return groups.take_named(cells, (order, line), sink);
        }
        let cells: Vec<(Cow<'_, Column>, String)> = row
            .into_iter()
            .map(|(name, value)| (self.column(&name), cells::of_json(&value)))
            .collect();
        if cells.iter().any(|(_, cell)| !cell.is_empty()) {
            let cells = cells.iter().map(|(column, cell)| (&**column, cell.as_str()));
            self.add(self.reader.resource(cells, line), (order, line), sink);
        }
    }

    /// What a column of a row says, also one that the first row does not have.
    fn column(&self, name: &str) -> Cow<'_, Column> {
        match self.by_name.get(name) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(match &self.reader.engine {
                Some(table) => columns::queried(table, name, false),
                None => column(name),
            }),
        }
    }

    fn add(&self, row: Row, (order, line): (u64, u64), sink: &mut Sink<'_>) {
        let place = || Place::at(&self.reader.file, usize::try_from(line).unwrap_or(1), 1);
        match row {
            Row::Resource(resource) => {
                let found = Found {
                    tells: if resource.config.is_empty() { Tells::Name } else { Tells::Part },
                    is_row: true,
                    is_part: self.reader.engine.is_none(),
                    ..Found::alone(*resource)
                };
                sink.add(found, order);
            }
            Row::Empty => {}
            Row::Nameless if self.reader.engine.is_some() => sink.leave_out(order, || {
                Diagnostic::new(
                    Code::ImportFailed,
                    "the row has no ARN, and no name of a table that is known tells its type",
                )
                .at(place())
                .help("name the file after the table, such as `TABLE.csv`, and select the ARN, too")
            }),
            Row::Nameless => sink.leave_out(order, || {
                Diagnostic::new(Code::ImportFailed, "the row has no ARN, no type and no service")
                    .at(place())
                    .help("fill one of the columns arn, type or service")
            }),
            Row::Short(number) => sink.fault(|| short(&number, place())),
        }
    }

    /// What was odd.
    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        match &self.groups {
            Some(groups) => groups.warnings(&self.reader.file),
            None => self.reader.warnings(),
        }
    }
}
