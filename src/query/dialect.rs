//! Who runs a query.
//!
//! In: texts. Out: the same as each dialect writes them.

use clap::ValueEnum;

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// Amazon Athena, Trino
    #[value(alias = "trino")]
    Athena,
    /// Spark SQL: Glue, EMR, Databricks
    Spark,
    /// DuckDB
    #[value(name = "duckdb")]
    DuckDb,
    /// PostgreSQL
    Postgres,
    /// Snowflake
    Snowflake,
    /// BigQuery
    #[value(name = "bigquery")]
    BigQuery,
}

impl Dialect {
    /// A text as a literal.
    pub(super) fn quoted(self, text: &str) -> String {
        match self {
            Self::Athena | Self::DuckDb | Self::Postgres => format!("'{}'", text.replace('\'', "''")),
            Self::Spark | Self::Snowflake | Self::BigQuery => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        }
    }

    /// A column's name, whatever it is.
    pub(super) fn named(self, column: &str) -> String {
        match self {
            Self::Athena | Self::DuckDb | Self::Postgres | Self::Snowflake => format!("\"{}\"", column.replace('"', "\"\"")),
            Self::Spark | Self::BigQuery => format!("`{}`", column.replace('`', "")),
        }
    }

    /// What is in a column, as JSON.
    pub(super) fn as_json(self, column: &str) -> String {
        format!("CAST(t.{} AS json)", self.named(column))
    }

    /// How tables of query engines are usually read.
    pub(super) fn reads_tables(self) -> &'static str {
        match self {
            // Text in Parquet may be called by no type that says so.
            Self::DuckDb => "read_parquet('{table}.parquet', binary_as_string = true)",
            _ => "{table}",
        }
    }

    /// Whether a row cannot be said as JSON without the names of its columns.
    #[must_use]
    pub fn needs_columns(self) -> bool {
        self == Self::Athena
    }
}
