//! Queries over the tables of query engines: one table for each type, with a column for each setting.
//!
//! In: the tables that the catalog knows, those that there are, and who runs the query. Out: one query over all of them. A row is
//! JSON in it from the beginning, so that a column that the engine's version lacks breaks nothing: what it would say is unknown.

use super::{Dialect, Options, filled, list};
use crate::catalog::file::EngineFile;
use crate::catalog::looked_at::letters;
use crate::catalog::{QueriedTable, engines};
use std::collections::{BTreeMap, BTreeSet};

/// What stands for a table's name in what says how it is read.
const TABLE: &str = "{table}";

/// What stands for a column's name in a form.
const COLUMN: &str = "COLUMN";

/// What stands in a form for the names of a table's columns as literals, and for what is in them as JSON.
const NAMES: &str = "NAMES";
const VALUES: &str = "VALUES";

/// Columns that are looked at of every table, beside those that the engine names.
const ALWAYS: [&str; 3] = ["account_id", "region", "tags"];

/// The tables that there are, each with its columns; with none where these are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct There(BTreeMap<String, BTreeSet<String>>);

impl There {
    /// What a list says: of each line the words that may be a table's name, each with what stands in the field behind it.
    #[must_use]
    pub fn of(list: &str) -> Self {
        let mut there: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in list.lines() {
            let fields = line
                .split([',', ';', '|', '\t', ' '])
                .map(|field| field.trim().trim_matches(['"', '`']));
            let fields: Vec<&str> = fields.filter(|field| !field.is_empty()).collect();
            for (index, field) in fields.iter().enumerate() {
                if let Some(table) = engines::words(&field.to_lowercase()).next() {
                    let column = fields.get(index + 1).map(|column| (*column).to_owned());
                    there.entry(table.to_owned()).or_default().extend(column);
                }
            }
        }
        Self(there)
    }

    /// The tables of an engine that are there; none are left out where nothing is known.
    #[must_use]
    pub fn of_these(&self, tables: Vec<QueriedTable>) -> Vec<QueriedTable> {
        tables.into_iter().filter(|table| self.0.contains_key(&table.name)).collect()
    }

    /// Whether it tells columns of any table.
    #[must_use]
    pub fn has_columns(&self) -> bool {
        self.0.values().any(|columns| !columns.is_empty())
    }

    /// The columns of a table, as far as these are known.
    fn columns(&self, table: &str) -> Option<&BTreeSet<String>> {
        self.0.get(table).filter(|columns| !columns.is_empty())
    }
}

/// The query over tables of an engine; none where there is no form of it. `id`: what the engine is called in queries.
pub(super) fn text(
    form: &str,
    (id, engine): (&str, &EngineFile),
    (tables, there): (&[QueriedTable], Option<&There>),
    (dialect, options): (Dialect, &Options<'_>),
) -> String {
    // Where a row cannot be said without columns, one of which none is asked says nothing.
    let is_said = |table: &&QueriedTable| !(dialect.needs_columns() && asked(table, engine, there).is_empty());
    let tables: Vec<&QueriedTable> = tables.iter().filter(is_said).collect();
    let each = |columns: &[String], form: &str| {
        let one = columns.iter().map(|column| form.replace(COLUMN, column));
        one.collect::<Vec<_>>().join(", ")
    };
    let fill = |name: &str| match name.split_once(' ').unwrap_or((name, "")) {
        ("tables", row) => {
            let one = |table: &&QueriedTable| {
                let columns = asked(table, engine, there);
                let source = source(table, &columns, (dialect, options.table));
                let names = list(dialect, columns.iter().map(|column| column.as_str()));
                let values: Vec<String> = columns.iter().map(|column| dialect.as_json(column)).collect();
                let row = row.replace(NAMES, &names).replace(VALUES, &values.join(", "));
                format!(
                    "  SELECT {} AS table_name, {row} AS item FROM {source} AS t",
                    dialect.quoted(&table.name)
                )
            };
            tables.iter().map(one).collect::<Vec<_>>().join("\n  UNION ALL\n")
        }
        ("wanted", _) => tables.iter().map(|table| wanted(table, dialect)).collect::<Vec<_>>().join(",\n"),
        ("arn", form) => each(&engine.arn, form),
        ("called", form) => each(&engine.called, form),
        ("engine", _) => engine.name.clone(),
        ("source", _) => id.to_owned(),
        ("count", _) => tables.len().to_string(),
        ("tags", _) => list(dialect, options.tags.iter().map(String::as_str)),
        (name, rest) => super::common(dialect, name, rest),
    };
    filled(form, fill)
}

/// The columns of a table that are looked at; none where it is not known which it has.
fn asked<'t>(table: &QueriedTable, engine: &EngineFile, there: Option<&'t There>) -> Vec<&'t String> {
    let paths = table.looked_at.paths.iter();
    let looked_at: BTreeSet<&str> = paths.map(|path| path.split('.').next().unwrap_or_default()).collect();
    let is_asked = |column: &str| {
        let small = column.to_lowercase();
        let mut known = engine.arn.iter().chain(&engine.called).chain(&table.arn);
        ALWAYS.contains(&small.as_str()) || known.any(|known| *known == small) || looked_at.contains(letters(column).as_str())
    };
    let columns = there.and_then(|there| there.columns(&table.name)).into_iter().flatten();
    columns.filter(|column| is_asked(column)).collect()
}

/// A table, or those of its columns that are looked at, as the dialect reads it.
fn source(table: &QueriedTable, columns: &[&String], (dialect, read): (Dialect, Option<&str>)) -> String {
    let read = read.unwrap_or_else(|| dialect.reads_tables()).replace(TABLE, &table.name);
    let columns: Vec<String> = columns.iter().map(|column| dialect.named(column)).collect();
    // A table of which nothing is asked still counts.
    match columns.as_slice() {
        [] => read,
        columns => format!("(SELECT {} FROM {read})", columns.join(", ")),
    }
}

/// The row of a table: its name, its type, the mark of what is looked at, its paths, and the column of the ARN that settings are of.
fn wanted(table: &QueriedTable, dialect: Dialect) -> String {
    let of = &table.looked_at;
    let mark = if of.asks() { of.mark() } else { String::new() };
    format!(
        "  ({}, {}, {},\n   {}, {})",
        dialect.quoted(&table.name),
        dialect.quoted(&of.kind),
        dialect.quoted(&mark),
        dialect.quoted(&format!(" {} ", of.paths.join(" "))),
        dialect.quoted(table.arn.as_deref().unwrap_or_default()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_tables_and_columns_in_many_ways() {
        for (list, table, columns) in [
            ("aws_x_things.csv\n", "aws_x_things", vec![]),
            ("table_name\npublic.aws_x_things\n", "aws_x_things", vec![]),
            ("aws_x_things|arn\naws_x_things|name\n", "aws_x_things", vec!["arn", "name"]),
            ("\"public\",\"aws_x_things\",\"arn\"\n", "aws_x_things", vec!["arn"]),
            ("  aws_x_things   arn\n", "aws_x_things", vec!["arn"]),
            ("AWS_X_THINGS,ARN\n", "aws_x_things", vec!["ARN"]),
            ("-rw-r--r-- 1 some_one users 91 Nov 29 aws_x_things.csv\n", "aws_x_things", vec![]),
        ] {
            let there = There::of(list);
            let found = there.0.get(table);
            let expected: BTreeSet<String> = columns.into_iter().map(str::to_owned).collect();
            assert_eq!(found, Some(&expected), "{list}");
        }
    }
}
