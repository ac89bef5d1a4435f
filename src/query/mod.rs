//! Queries that make groups of resources where there are more of them than one machine wants to read.
//!
//! In: what the catalog looks at, the tags that rules name, where the resources lie and who runs the query. Out: one query, as text: its form is
//! one of `catalog/aws/queries/`, and what is looked at of each type is written into it. Its result is read as any other source
//! (`inventory::import::groups`).

mod dialect;
mod prune;
mod tables;

pub use dialect::Dialect;
pub use tables::There;

use crate::catalog::{Catalog, LookedAt, provider};
use clap::ValueEnum;
use std::collections::BTreeSet;

/// Where the resources lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// Snapshots and history of AWS Config
    #[value(name = "aws-config")]
    Items,
    /// AWS Config's own query language, which lists and counts nothing
    #[value(name = "aws-config-advanced")]
    Advanced,
    /// Tables of Steampipe, in its database or as they were exported
    Steampipe,
    /// Tables of CloudQuery, wherever they were synced to
    #[value(name = "cloudquery")]
    CloudQuery,
}

impl Source {
    /// The id of the query engine whose tables it is, as the catalog has it.
    #[must_use]
    pub fn engine(self) -> Option<&'static str> {
        match self {
            Self::Items | Self::Advanced => None,
            Self::Steampipe => Some("steampipe"),
            Self::CloudQuery => Some("cloudquery"),
        }
    }
}

/// What a query is told beside its source.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The tags that rules name.
    pub tags: &'a BTreeSet<String>,
    /// The table, or the files, to be read, as the dialect writes them.
    pub table: Option<&'a str>,
}

/// A form of a query.
struct Form {
    source: Source,
    /// None where the source has a language of its own.
    dialect: Option<Dialect>,
    text: &'static str,
}

macro_rules! form {
    ($source:ident, $dialect:expr, $file:literal) => {
        Form {
            source: Source::$source,
            dialect: $dialect,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog/aws/queries/", $file)),
        }
    };
}

const FORMS: &[Form] = &[
    form!(Items, Some(Dialect::Athena), "aws-config.athena.sql"),
    form!(Items, Some(Dialect::Spark), "aws-config.spark.sql"),
    form!(Items, Some(Dialect::DuckDb), "aws-config.duckdb.sql"),
    form!(Items, Some(Dialect::Postgres), "aws-config.postgres.sql"),
    form!(Items, Some(Dialect::Snowflake), "aws-config.snowflake.sql"),
    form!(Items, Some(Dialect::BigQuery), "aws-config.bigquery.sql"),
    form!(Advanced, None, "aws-config-advanced.sql"),
    form!(Steampipe, Some(Dialect::Postgres), "tables.postgres.sql"),
    form!(Steampipe, Some(Dialect::DuckDb), "tables.duckdb.sql"),
    form!(CloudQuery, Some(Dialect::Athena), "tables.athena.sql"),
    form!(CloudQuery, Some(Dialect::Spark), "tables.spark.sql"),
    form!(CloudQuery, Some(Dialect::DuckDb), "tables.duckdb.sql"),
    form!(CloudQuery, Some(Dialect::Postgres), "tables.postgres.sql"),
    form!(CloudQuery, Some(Dialect::Snowflake), "tables.snowflake.sql"),
    form!(CloudQuery, Some(Dialect::BigQuery), "tables.bigquery.sql"),
];

/// The form of a query; none where there is none.
fn form(source: Source, dialect: Option<Dialect>) -> Option<&'static str> {
    let mut forms = FORMS.iter();
    forms
        .find(|form| form.source == source && form.dialect == dialect)
        .map(|form| form.text)
}

/// A query over what is looked at of some types; none where there is no form of it.
#[must_use]
pub fn text(looked_at: &[LookedAt], (source, dialect): (Source, Option<Dialect>), options: &Options<'_>) -> Option<String> {
    let form = form(source, dialect)?;
    let Some(dialect) = dialect else {
        return Some(form.to_owned());
    };
    let fill = |name: &str| match name.split_once(' ').unwrap_or((name, "")) {
        ("table", usual) => options.table.unwrap_or(usual).to_owned(),
        ("wanted", _) => wanted(looked_at, dialect),
        ("judgements", _) => list(dialect, provider::judgements()),
        ("tags", _) => list(dialect, options.tags.iter().map(String::as_str)),
        (name, rest) => common(dialect, name, rest),
    };
    Some(filled(form, fill))
}

/// A query over the tables of an engine; none where there is no form of it, or none of its tables is there. `there`: those that
/// there are, where that is known.
#[must_use]
pub fn text_of_tables(
    catalog: &Catalog,
    (source, dialect): (Source, Dialect),
    there: Option<&There>,
    options: &Options<'_>,
) -> Option<String> {
    let id = source.engine()?;
    let form = form(source, Some(dialect))?;
    let (engine, known) = catalog.tables_of(id)?;
    let known = match there {
        Some(there) => there.of_these(known),
        None => known,
    };
    (!known.is_empty()).then(|| tables::text(form, (id, engine), (&known, there), (dialect, options)))
}

/// What stands for names that all forms have.
fn common(dialect: Dialect, name: &str, rest: &str) -> String {
    match name {
        "prune" => prune::pruned(dialect, rest, prune::Of::Items),
        "prune_row" => prune::pruned(dialect, rest, prune::Of::Rows),
        "program" => format!("cloudraci {}", env!("CARGO_PKG_VERSION")),
        _ => String::new(),
    }
}

/// Texts as literals in a list.
fn list<'t>(dialect: Dialect, texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.map(|text| dialect.quoted(text)).collect();
    match texts.as_slice() {
        // No key is empty.
        [] => dialect.quoted(""),
        texts => texts.join(", "),
    }
}

/// The dialects that there is a form of a source for.
#[must_use]
pub fn dialects(source: Source) -> Vec<Dialect> {
    FORMS
        .iter()
        .filter(|form| form.source == source)
        .filter_map(|form| form.dialect)
        .collect()
}

/// A form with what stands for its `{{names}}`.
fn filled(form: &str, fill: impl Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(form.len());
    let mut pieces = form.split("{{");
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        text.push_str(&fill(name.trim()));
        text.push_str(rest);
    }
    text
}

/// A row a type: the type, the mark of what is looked at, its paths, those that join it with others, and the types of these.
fn wanted(all: &[LookedAt], dialect: Dialect) -> String {
    let row = |one: &LookedAt| {
        let words = |words: &[String]| match words {
            [] => dialect.quoted(" "),
            _ => dialect.quoted(&format!(" {} ", words.join(" "))),
        };
        format!(
            "  ({}, {}, {},\n   {}, {})",
            dialect.quoted(&one.kind),
            dialect.quoted(&one.mark()),
            words(&one.paths),
            words(&one.related),
            words(&one.others),
        )
    };
    all.iter().map(row).collect::<Vec<_>>().join(",\n")
}
