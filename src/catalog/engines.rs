//! The tables in which query engines keep what is deployed.
//!
//! In: `engines.yaml`; a file's path and the names of its columns. Out: which engine's table it is and what is in it, and the
//! attributes of a row at the places where declarations look for them. It is decoded when somebody first asks.

use super::Catalog;
use super::file::{ColumnFile, EngineFile, EnginesFile, TableFile};
use super::providers::{Known, Provider, Unite};
use super::spelling::snake_case;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use serde_json::{Map, Value};

static FILE: Known<EnginesFile> = Known::new("engines");

impl Unite for EnginesFile {
    type File = Self;

    /// An engine has tables of several providers: what is told of it by one holds for all.
    fn add(&mut self, _: Provider, file: Self) {
        self.sources.extend(file.sources);
        self.types.extend(file.types);
        for (id, engine) in file.engines {
            match self.engines.get_mut(&id) {
                Some(known) => {
                    known.signs.extend(engine.signs);
                    known.nothing.extend(engine.nothing);
                }
                None => {
                    self.engines.insert(id, engine);
                }
            }
        }
    }
}

/// A table of an engine.
#[derive(Debug, Clone)]
pub(crate) struct EngineTable {
    /// The engine.
    pub(crate) engine: &'static EngineFile,
    /// The type of its resources; none where it is not known which table it is, and their ARNs tell.
    pub(crate) kind: Option<&'static str>,
    /// The column that holds the ARN of the resource that its settings are of, where that is what it holds.
    pub(crate) arn: Option<&'static str>,
    /// Its name, where that lists no resources.
    pub(crate) nothing: Option<String>,
}

/// The table that a file holds, by its path and by the names of its columns.
pub(crate) fn table<'n>(path: &str, columns: impl Iterator<Item = &'n str> + Clone) -> Option<EngineTable> {
    let names: Vec<&str> = path.split(['/', '\\']).rev().flat_map(words).collect();
    for (id, engine) in &FILE.get().engines {
        for name in &names {
            let known = FILE.get().types.iter().find(|(_, table)| {
                let is_setting = engine.keeps_settings_apart && table.settings.contains_key(*name);
                is_setting || table.of(id).iter().any(|known| known == name)
            });
            let nothing = engine.nothing.iter().any(|pattern| is_like(pattern, name));
            if known.is_some() || nothing {
                return Some(EngineTable {
                    engine,
                    kind: known.map(|(kind, _)| kind.as_str()),
                    arn: known.and_then(|(_, table)| table.settings.get(*name)).map(String::as_str),
                    nothing: (known.is_none()).then(|| (*name).to_owned()),
                });
            }
        }
    }
    let engine = engine_of(columns)?;
    Some(EngineTable {
        engine,
        kind: None,
        arn: None,
        nothing: None,
    })
}

/// The engine whose tables have such columns.
pub(crate) fn engine_of<'n>(columns: impl Iterator<Item = &'n str> + Clone) -> Option<&'static EngineFile> {
    let has = |wanted: &String| columns.clone().any(|column| column == wanted);
    let mut engines = FILE.get().engines.values();
    engines.find(|engine| engine.signs.iter().any(|group| group.iter().all(has)))
}

/// The words of a name that may be a table's.
pub(crate) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_ascii_lowercase() && !letter.is_ascii_digit() && letter != '_')
        .filter(|word| word.contains('_'))
}

/// The engine of an id.
pub(super) fn engine(id: &str) -> Option<&'static EngineFile> {
    FILE.get().engines.get(id)
}

/// The tables of all types, by the types.
pub(super) fn types() -> impl Iterator<Item = (&'static String, &'static TableFile)> {
    FILE.get().types.iter()
}

/// The tables of a type.
pub(super) fn table_of(kind: &str) -> Option<&'static TableFile> {
    FILE.get().types.get(kind)
}

/// The type of what an engine's table holds.
pub(super) fn kind_of_table(table: &str) -> Option<&'static str> {
    let of = |known: &TableFile| known.steampipe.iter().chain(&known.cloudquery).any(|one| one == table);
    types().find(|(_, known)| of(known)).map(|(kind, _)| kind.as_str())
}

/// The engine of an id, whose rows tell their types themselves.
pub(crate) fn rows_of(id: &str) -> Option<EngineTable> {
    Some(EngineTable {
        engine: engine(id)?,
        kind: None,
        arn: None,
        nothing: None,
    })
}

/// Whether a name fits a pattern, in which a star stands for any letters.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut rest = name;
    let mut parts = pattern.split('*').peekable();
    let Some(after) = parts.next().and_then(|first| rest.strip_prefix(first)) else {
        return false;
    };
    rest = after;
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

/// Puts what the columns of a row of a type say where declarations look for it.
pub(crate) fn place(kind: &str, config: &mut Attributes) {
    let Some(table) = FILE.get().types.get(kind) else { return };
    for column in &table.spread {
        if let Some(Value::Object(block)) = config.shift_remove(column) {
            for (key, value) in block {
                config.entry(key).or_insert(value);
            }
        }
    }
    let mut placed: Vec<(String, Value)> = Vec::new();
    for (column, to) in &table.columns {
        let steps: Vec<String> = column.split('.').map(snake_case).collect();
        let Some((first, rest)) = steps.split_first() else { continue };
        let found = if rest.is_empty() {
            config.shift_remove(first)
        } else {
            config.get(first).and_then(|value| reach(value, rest))
        };
        let value = match to {
            ColumnFile::Path(_) => found,
            ColumnFile::Words(words) => found
                .as_ref()
                .and_then(Value::as_str)
                .and_then(|word| words.values.get(word))
                .cloned(),
        };
        if let Some(value) = value {
            placed.push((to.at().split('.').map(snake_case).collect::<Vec<_>>().join("."), value));
        }
    }
    for (path, value) in placed {
        put(config, &path, value);
    }
}

/// Whether what an attribute of a type's rows says is looked for somewhere else: whether `place` reads it.
pub(crate) fn is_placed(kind: &str, attribute: &str) -> bool {
    let begins = |column: &str| column.split('.').next().is_some_and(|first| snake_case(first) == attribute);
    FILE.get()
        .types
        .get(kind)
        .is_some_and(|table| table.spread.iter().any(|column| column == attribute) || table.columns.keys().any(|column| begins(column)))
}

/// What a path leads to; of several the list of all.
fn reach(value: &Value, steps: &[String]) -> Option<Value> {
    match (value, steps) {
        (Value::Null, _) => None,
        (value, []) => Some(value.clone()),
        (Value::Object(map), [first, rest @ ..]) => reach(map.get(first)?, rest),
        (Value::Array(items), _) => {
            let mut found: Vec<Value> = Vec::new();
            for one in items.iter().filter_map(|item| reach(item, steps)) {
                match one {
                    Value::Array(inner) => found.extend(inner),
                    one => found.push(one),
                }
            }
            match found.len() {
                0 => None,
                1 => found.pop(),
                _ => Some(Value::Array(found)),
            }
        }
        _ => None,
    }
}

/// Puts a value at a dotted path, where nothing stands there yet.
fn put(config: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            config.entry(path).or_insert(value);
        }
        Some((first, rest)) => {
            if let Value::Object(block) = config.entry(first).or_insert_with(|| Map::new().into()) {
                put(block, rest, value);
            }
        }
    }
}

impl TableFile {
    /// Its tables in an engine.
    pub(super) fn of(&self, engine: &str) -> &[String] {
        match engine {
            "steampipe" => &self.steampipe,
            "cloudquery" => &self.cloudquery,
            _ => &[],
        }
    }
}

/// What is wrong in the file: types that no service has, tables that two types claim, columns that lead to nothing.
pub(super) fn check(catalog: &Catalog) -> Vec<Diagnostic> {
    let file = FILE.get();
    let fault = |what: String, help: &str| Diagnostic::new(Code::CatalogError, format!("engines.yaml: {what}")).help(help);
    let mut found = Vec::new();
    for id in file.engines.keys().filter(|id| !file.sources.contains_key(*id)) {
        found.push(fault(format!("`{id}` names no page"), "add it under `sources`"));
    }
    let mut claimed: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
    for (kind, table) in &file.types {
        if catalog.classify_type(kind).is_none() {
            found.push(fault(
                format!("no service has the type `{kind}`"),
                "name a type of CloudFormation or AWS Config that a service file claims",
            ));
        }
        for name in table.steampipe.iter().chain(&table.cloudquery).chain(table.settings.keys()) {
            if let Some(other) = claimed.insert(name, kind) {
                found.push(fault(
                    format!("the table `{name}` is claimed by `{other}` and by `{kind}`"),
                    "a table holds resources of one type",
                ));
            }
        }
        let declaration = catalog.declaration(super::attributes::Origin::Config, kind, None);
        for (column, to) in &table.columns {
            let path = to.at().split('.').map(snake_case).collect::<Vec<_>>().join(".");
            if !declaration.reads(&path) && !declaration.has(&path) && !declaration.goes_on(&path) {
                let known = declaration.keys();
                found.push(fault(
                    format!(
                        "the column `{column}` of `{kind}` leads to `{}`, which nothing declared reads",
                        to.at()
                    ),
                    &did_you_mean(path.split('.').next().unwrap_or_default(), &known),
                ));
            }
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_table_leads_to_a_known_type_and_every_column_to_a_place_that_is_read() {
        let catalog = Catalog::builtin().unwrap();
        assert_eq!(check(&catalog), []);
        let services: std::collections::BTreeSet<&str> = FILE
            .get()
            .types
            .keys()
            .filter_map(|kind| Some(catalog.classify_type(kind)?.0))
            .collect();
        assert!(services.len() >= 60, "{}", services.len());
    }

    #[test]
    fn tables_are_told_by_their_names_and_by_their_columns() {
        let of = |path: &str, columns: &[&str]| {
            let found = table(path, columns.iter().copied())?;
            Some((found.engine.name.as_str(), found.kind, found.nothing))
        };
        let rds = Some("AWS::RDS::DBInstance");
        assert_eq!(of("a/aws_rds_db_instance.csv", &["arn"]), Some(("Steampipe", rds, None)));
        assert_eq!(of("prod-aws_rds_instances-2026.json", &[]), Some(("CloudQuery", rds, None)));
        assert_eq!(of("aws_rds_instances/0-1.parquet", &["arn"]), Some(("CloudQuery", rds, None)));
        assert_eq!(of("x.csv", &["_cq_id", "arn"]), Some(("CloudQuery", None, None)));
        assert_eq!(of("x.csv", &["akas", "arn", "title"]), Some(("Steampipe", None, None)));
        let metric = "aws_rds_db_instance_metric_cpu_utilization";
        assert_eq!(
            of(&format!("{metric}.csv"), &[]),
            Some(("Steampipe", None, Some(metric.to_owned())))
        );
        assert_eq!(of("inventory.csv", &["arn", "name"]), None);
    }

    #[test]
    fn columns_go_where_declarations_look() {
        let mut config = json!({
            "class": "db.t3.micro", "master_user_name": "admin", "storage_encrypted": true,
        });
        place("AWS::RDS::DBInstance", config.as_object_mut().unwrap());
        assert_eq!(
            config,
            json!({"storage_encrypted": true, "db_instance_class": "db.t3.micro", "master_username": "admin"})
        );
        let mut config = json!({"status": "ENABLED", "name": "d"});
        place("AWS::GuardDuty::Detector", config.as_object_mut().unwrap());
        assert_eq!(config["enable"], json!(true));
        let mut config =
            json!({"configuration_settings": [{"option_settings": [{"option_name": "a"}]}, {"option_settings": [{"option_name": "b"}]}]});
        place("AWS::ElasticBeanstalk::Environment", config.as_object_mut().unwrap());
        assert_eq!(config["option_settings"], json!([{"option_name": "a"}, {"option_name": "b"}]));
        let mut config = json!({"provisioned": {"encryption_info": {"x": 1}}});
        place("AWS::MSK::Cluster", config.as_object_mut().unwrap());
        assert_eq!(config, json!({"encryption_info": {"x": 1}}));
    }
}
