//! What a query over an engine's tables looks at.
//!
//! In: the engine. Out: its tables that the catalog knows, each with its type and with the paths in its columns that anybody looks
//! at: those of the type's places in AWS Config, which a column's name has in small letters, and the columns that
//! `engines.yaml` leads to such places.

use super::Catalog;
use super::attributes::Origin;
use super::engines;
use super::file::{ColumnFile, EngineFile, TableFile};
use super::looked_at::{LookedAt, Place, letters, steps};
use std::collections::BTreeSet;

/// A table of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueriedTable {
    /// Its name.
    pub name: String,
    /// The column that holds the ARN of the resource that its settings are of; none where each row is a resource of its own.
    pub arn: Option<String>,
    /// What is looked at of its rows.
    pub looked_at: LookedAt,
}

impl Catalog {
    /// The engine of an id, and its tables by name; none if no such engine is known.
    #[must_use]
    pub fn tables_of(&self, engine: &str) -> Option<(&'static EngineFile, Vec<QueriedTable>)> {
        let file = engines::engine(engine)?;
        let mut tables = Vec::new();
        for (kind, of) in engines::types() {
            let looked_at = self.looked_at_in_tables(kind);
            let apart = of.settings.iter().filter(|_| file.keeps_settings_apart);
            let settings = apart.map(|(name, arn)| (name, Some(arn)));
            tables.extend(
                of.of(engine)
                    .iter()
                    .map(|name| (name, None))
                    .chain(settings)
                    .map(|(name, arn)| QueriedTable {
                        name: name.clone(),
                        arn: arn.cloned(),
                        looked_at: looked_at.clone(),
                    }),
            );
        }
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Some((file, tables))
    }

    /// What is looked at of the rows of any table of a type. Rows of other tables say nothing of them there.
    #[must_use]
    pub fn looked_at_in_tables(&self, kind: &str) -> LookedAt {
        let of_type = self.looked_at_of(Origin::Config, kind);
        let paths = match engines::table_of(kind) {
            Some(table) => with_columns(table, &of_type.paths),
            None => of_type.paths,
        };
        LookedAt {
            kind: of_type.kind,
            paths,
            related: Vec::new(),
            others: Vec::new(),
        }
    }

    /// The columns of a type's tables that may hold what one of some keys of its places in AWS Config does.
    pub(crate) fn columns_of_keys(kind: &str, keys: &BTreeSet<String>) -> Vec<String> {
        let Some(table) = engines::table_of(kind) else { return Vec::new() };
        let first = |path: &str| letters(path.split('.').next().unwrap_or_default());
        let leading = table.columns.iter().filter(|(_, to)| keys.contains(&first(to.at())));
        let leading = leading.map(|(column, _)| first(column));
        leading.chain(table.spread.iter().map(|column| letters(column))).collect()
    }
}

/// The paths with those of the columns that lead to them.
fn with_columns(table: &TableFile, asked: &[String]) -> Vec<String> {
    let mut places = Place::default();
    let mut leading = Vec::new();
    for path in asked {
        add(&mut places, &[], path);
    }
    for (column, to) in &table.columns {
        for path in leading_to(column, to, asked) {
            add(&mut places, &[], &path);
            leading.push(path);
        }
    }
    for block in &table.spread {
        for path in asked.iter().chain(&leading) {
            add(&mut places, &[letters(block)], path);
        }
    }
    places.into_paths()
}

/// Adds a path behind some steps. One that ends in a dot leads on.
fn add(places: &mut Place, before: &[String], path: &str) {
    let is_whole = !path.ends_with('.');
    let path = steps(path.trim_end_matches('.'));
    places.add(&[before, path.as_slice()].concat(), is_whole);
}

/// The paths in a column, or the one in it, that leads to what is asked.
fn leading_to(column: &str, to: &ColumnFile, asked: &[String]) -> Vec<String> {
    let small = |path: &str| path.split('.').map(letters).collect::<Vec<_>>().join(".");
    let (column, at) = (small(column), small(to.at()));
    // What stands in the column stands within a block that is looked at, or at its place.
    let is_reached = |path: &&String| at == path.trim_end_matches('.') || at.starts_with(&format!("{}.", path.trim_end_matches('.')));
    let within = format!("{at}.");
    let deeper: Vec<String> = asked
        .iter()
        .filter_map(|path| path.strip_prefix(&within).filter(|rest| !rest.is_empty()))
        .map(|rest| format!("{column}.{rest}"))
        .collect();
    let leads_on = asked.contains(&within);
    match to {
        ColumnFile::Path(_) if leads_on => std::iter::once(format!("{column}.")).chain(deeper).collect(),
        _ if asked.iter().any(|path| is_reached(&path)) || leads_on => vec![column],
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_lead_to_what_is_asked_are_looked_at() {
        let catalog = Catalog::builtin().unwrap();
        let of = |kind: &str, path: &str| {
            let paths = catalog.looked_at_in_tables(kind).paths;
            paths.iter().any(|known| known == path)
        };
        // A column that is called otherwise, one within a block, and a block whose fields are the resource's own.
        assert!(of("AWS::KMS::Key", "keyrotationenabled"));
        assert!(of("AWS::CloudTrail::Trail", "status.") && of("AWS::CloudTrail::Trail", "status.islogging"));
        assert!(of("AWS::Lambda::Function", "configuration.runtime") && of("AWS::Lambda::Function", "runtime"));
        let all = catalog.tables_of("cloudquery").unwrap().1;
        let versioning = all.iter().find(|table| table.name == "aws_s3_bucket_versionings").unwrap();
        assert_eq!(versioning.arn.as_deref(), Some("bucket_arn"));
        assert!(
            versioning.looked_at.paths.contains(&"status".to_owned()),
            "{:?}",
            versioning.looked_at.paths
        );
        assert!(all.iter().all(|table| table.looked_at.related.is_empty()));
        let steampipe = catalog.tables_of("steampipe").unwrap().1;
        assert!(steampipe.iter().all(|table| table.arn.is_none()));
        assert!(steampipe.is_sorted_by(|a, b| a.name < b.name));
        assert!(catalog.tables_of("nobody").is_none());
    }
}
