//! Queries over tables of query engines, and their results as a source: they say what the tables themselves say.
//!
//! What engines make of the queries is tried by `.ci/engines`; here the same groups are made by the few lines that a query is.

use crate::one_path::{said, same};
use crate::query::{csv, lines, looked_at};
use crate::support::{Folder, expect, list};
use cloudraci::catalog::Catalog;
use cloudraci::query::{Dialect, Options, Source, There, text_of_tables};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by table.
type Tables = BTreeMap<&'static str, Vec<Value>>;

fn steampipe() -> Tables {
    let mut tables = Tables::new();
    for index in 0..40_u64 {
        let is = |step: u64| (index / step).is_multiple_of(2);
        let account = if is(3) { "111122223333" } else { "444455556666" };
        let mut row = |table: &'static str, service: &str, thing: String, columns: Value, has_arn: bool| {
            let arn = format!("arn:aws:{service}:eu-west-1:{account}:{thing}");
            let mut row = json!({
                "title": thing, "akas": [arn], "region": "eu-west-1", "account_id": account, "partition": "aws",
                "tags": if is(2) { json!({"team": "shop", "Name": thing}) } else { Value::Null },
            });
            let fields = row.as_object_mut().unwrap();
            fields.extend(columns.as_object().unwrap().clone());
            if has_arn {
                fields.insert("arn".to_owned(), arn.into());
            }
            tables.entry(table).or_default().push(row);
        };
        let tokens = [
            json!({"HttpTokens": "required", "HttpEndpoint": "enabled"}),
            json!({"HttpTokens": null}),
            Value::Null,
        ];
        row(
            "aws_ec2_instance",
            "ec2",
            format!("instance/i-{index}"),
            json!({"instance_id": format!("i-{index}"), "metadata_options": tokens[(index % 3) as usize], "monitoring_state": if is(1) { "enabled" } else { "disabled" }}),
            true,
        );
        row(
            "aws_rds_db_instance",
            "rds",
            format!("db:db-{index}"),
            json!({"db_instance_identifier": format!("db-{index}"), "class": "db.t4g.large", "engine": "postgres", "storage_encrypted": is(1),
                "backup_retention_period": index % 3, "deletion_protection": if is(4) { json!(is(2)) } else { Value::Null }}),
            true,
        );
        row(
            "aws_sqs_queue",
            "sqs",
            format!("q-{index}"),
            json!({"queue_url": format!("https://sqs/q-{index}"), "sqs_managed_sse_enabled": is(1), "kms_master_key_id": null}),
            false,
        );
    }
    // What two connections see stands twice.
    let again = tables["aws_sqs_queue"][7].clone();
    tables.get_mut("aws_sqs_queue").unwrap().push(again);
    tables
}

fn cloudquery() -> Tables {
    let mut tables = Tables::new();
    for index in 0..40_u64 {
        let is = |step: u64| (index / step).is_multiple_of(2);
        let mut row = |table: &'static str, columns: Value| {
            let mut row = json!({"_cq_id": format!("{table}-{index}"), "account_id": "111122223333", "region": "eu-west-1"});
            row.as_object_mut().unwrap().extend(columns.as_object().unwrap().clone());
            tables.entry(table).or_default().push(row);
        };
        let bucket = format!("arn:aws:s3:::b-{index}");
        row(
            "aws_s3_buckets",
            json!({"arn": bucket, "name": format!("b-{index}"), "tags": {"team": "shop"}}),
        );
        if index % 3 != 0 {
            row(
                "aws_s3_bucket_versionings",
                json!({"bucket_arn": bucket, "status": if is(1) { json!("Enabled") } else { Value::Null }, "mfa_delete": null}),
            );
        }
        if index % 4 != 0 {
            let block =
                json!({"BlockPublicAcls": is(2), "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true});
            row(
                "aws_s3_bucket_public_access_blocks",
                json!({"bucket_arn": bucket, "public_access_block_configuration": block}),
            );
        }
        row(
            "aws_lambda_functions",
            json!({"arn": format!("arn:aws:lambda:eu-west-1:111122223333:function:f-{index}"), "tags": {"team": if is(2) { "shop" } else { "books" }},
                "configuration": {"FunctionName": format!("f-{index}"), "Runtime": if is(1) { "python3.12" } else { "python3.8" },
                    "TracingConfig": {"Mode": if is(2) { "Active" } else { "PassThrough" }}, "VpcConfig": null}}),
        );
    }
    // Settings of what is not there.
    tables.get_mut("aws_s3_bucket_versionings").unwrap().push(
        json!({"_cq_id": "z", "account_id": "111122223333", "region": "eu-west-1", "bucket_arn": "arn:aws:s3:::alone", "status": "Enabled", "mfa_delete": null}),
    );
    tables
}

/// A value without what is null in its blocks.
fn stated(value: &Value) -> Value {
    match value {
        Value::Object(block) => {
            let fields = block.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| (key.clone(), stated(value))).collect()
        }
        Value::Array(items) => items.iter().map(stated).collect(),
        other => other.clone(),
    }
}

/// The rows that a query gives of tables.
fn groups(engine: &str, tables: &Tables, catalog: &Catalog) -> Vec<Value> {
    let (file, known) = catalog.tables_of(engine).unwrap();
    let mut by_arn: BTreeMap<String, Vec<(bool, Value)>> = BTreeMap::new();
    for table in known.iter().filter(|table| tables.contains_key(table.name.as_str())) {
        let paths: BTreeSet<String> = table.looked_at.paths.iter().cloned().collect();
        for row in &tables[table.name.as_str()] {
            let row = stated(row);
            let own = table.arn.as_ref().and_then(|column| row[column].as_str());
            let arn = file
                .arn
                .iter()
                .find_map(|column| row[column].as_str().or_else(|| row[column][0].as_str()));
            let arn = own.or(arn).unwrap().to_owned();
            let tags: Map<String, Value> = row["tags"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| *key == "team")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let said = json!({
                "cloudraci": engine, "looked_at": table.looked_at.mark(), "resource_type": table.looked_at.kind, "account_id": row["account_id"],
                "region": row["region"], "columns": looked_at(&row, &paths, ""), "tags": Value::from(tags).to_string(),
            });
            by_arn.entry(arn).or_default().push((table.arn.is_some(), said));
        }
    }
    let mut groups: BTreeMap<String, (Value, u64)> = BTreeMap::new();
    for (arn, mut rows) in by_arn {
        rows.sort_by_key(|(is_setting, _)| *is_setting);
        let mut rows = rows.into_iter().map(|(_, row)| row);
        let mut first = rows.next().unwrap();
        for other in rows {
            let columns = first["columns"].as_object_mut().unwrap();
            for (key, value) in other["columns"].as_object().unwrap() {
                columns.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        first["columns"] = first["columns"].to_string().into();
        let group = groups.entry(first.to_string()).or_insert((first, 0));
        group.0["arn"] = arn.into();
        group.1 += 1;
    }
    let counted = groups.into_values().map(|(mut row, count)| {
        row["resources"] = count.into();
        row
    });
    counted.collect()
}

/// A folder with the tables as they are exported.
fn exported(tables: &Tables) -> Folder {
    tables.iter().fold(Folder::new(), |folder, (table, rows)| {
        folder.with(&format!("tables/{table}.csv"), csv(rows))
    })
}

#[test]
fn groups_say_what_their_tables_say() {
    let catalog = Catalog::builtin().unwrap();
    for (engine, tables) in [("steampipe", steampipe()), ("cloudquery", cloudquery())] {
        let rows = groups(engine, &tables, &catalog);
        let all: usize = tables.values().map(Vec::len).sum();
        assert!(rows.len() < all, "{} of {all}", rows.len());
        let folder = exported(&tables).with("groups.json", lines(&rows)).with("groups.csv", csv(&rows));
        let direct = said(&folder.path("tables"), &catalog, None);
        for name in ["groups.json", "groups.csv"] {
            same(&said(&folder.path(name), &catalog, None), &direct, name);
            same(&said(&folder.path(name), &catalog, Some(0)), &direct, &format!("{name}, long"));
        }
    }
}

#[test]
fn a_column_that_no_row_has_leaves_its_attributes_unknown_and_is_told() {
    let catalog = Catalog::builtin().unwrap();
    let mut tables = steampipe();
    for row in tables.get_mut("aws_rds_db_instance").unwrap() {
        row.as_object_mut().unwrap().remove("storage_encrypted");
    }
    let rows = groups("steampipe", &tables, &catalog);
    let folder = exported(&tables).with("groups.json", lines(&rows));
    same(
        &said(&folder.path("groups.json"), &catalog, None),
        &said(&folder.path("tables"), &catalog, None),
        "a column that is not there",
    );
    let run = folder.run(&["check", "groups.json"]);
    let line = run
        .errors
        .lines()
        .find(|line| line.contains("no row of `AWS::RDS::DBInstance`"))
        .unwrap_or_default();
    assert!(
        line.contains("`storage_encrypted`") && !line.contains("`backup_retention_period`"),
        "{}",
        run.errors
    );
}

#[test]
fn rows_of_another_catalog_or_of_nobody_are_told() {
    let catalog = Catalog::builtin().unwrap();
    let mut rows = groups("steampipe", &steampipe(), &catalog);
    rows[0]["looked_at"] = "00000000".into();
    rows[1]["cloudraci"] = "nobody".into();
    rows[2]["columns"] = "{\"a".into();
    rows[3]["resources"] = Value::Null;
    let run = Folder::new().with("groups.json", lines(&rows)).run(&["check", "groups.json"]);
    assert!(run.errors.contains("were not asked for what is looked at today"), "{}", run.errors);
    assert!(
        run.errors.contains("3 rows of `groups.json` do not say what they count"),
        "{}",
        run.errors
    );
}

#[test]
fn an_account_that_lost_its_zeros_is_the_error_that_it_is_in_a_table() {
    let catalog = Catalog::builtin().unwrap();
    let mut rows = groups("cloudquery", &cloudquery(), &catalog);
    let bucket = rows.iter_mut().find(|row| row["resource_type"] == "AWS::S3::Bucket").unwrap();
    bucket["account_id"] = "12345678901".into();
    let run = Folder::new().with("groups.json", lines(&rows)).run(&["check", "groups.json"]);
    let told = run
        .errors
        .lines()
        .find(|line| line.contains("lost-leading-zero"))
        .unwrap_or_default();
    assert!(told.contains("`12345678901` has 11 digits"), "{}", run.errors);
}

#[test]
fn a_finding_names_a_few_of_those_that_a_row_stands_for() {
    let catalog = Catalog::builtin().unwrap();
    let rows = groups("steampipe", &steampipe(), &catalog);
    let mut named = rows.clone();
    for (index, row) in named.iter_mut().enumerate() {
        row["last_arn"] = row["arn"].clone();
        row["resource_name"] = format!("first-{index:03}").into();
        row["last_resource_name"] = format!("last-{index:03}").into();
    }
    named[0]["resource_name"] = "AKIAIOSFODNN7EXAMPLE".into();
    let folder = Folder::new().with("plain.json", lines(&rows)).with("named.json", lines(&named));
    let report = |file: &str, more: &[&str]| {
        let arguments = [&["report", file, "--format", "json", "--as-of", "2026-11-01"], more].concat();
        folder.run(&arguments).json()
    };
    let (plain, with_names) = (report("plain.json", &[]), report("named.json", &[]));
    assert_eq!(with_names["summary"]["verdict"], plain["summary"]["verdict"]);
    let all = |report: &Value| -> Vec<String> {
        let findings = list(report, "findings").iter();
        let names = findings.flat_map(|finding| list(finding, "resources"));
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .filter(|name| name.contains("AWS::"))
            .collect()
    };
    assert!(all(&plain).iter().all(|name| !name.contains("such as")));
    let names = all(&with_names);
    assert!(!names.is_empty());
    // Five at most, in alphabetical order, and nothing secret.
    for name in &names {
        let few = name.split_once(", such as ").or_else(|| name.split_once(": ")).unwrap().1;
        let few: Vec<&str> = few.split(", ").collect();
        assert!(
            few.len() <= 5 && few.is_sorted() && few.iter().all(|one| one.starts_with("first-") || one.starts_with("last-")),
            "{name}"
        );
    }
    // Pseudonyms stand for all names; of a few of many none stands there.
    let hidden = report("named.json", &["--redact"]).to_string();
    assert!(!hidden.contains("first-0") && !hidden.contains("last-0"));
}

/// A list of tables and columns as PostgreSQL prints it.
const COLUMNS: &str = "aws_rds_db_instance|arn\naws_rds_db_instance|storage_encrypted\naws_rds_db_instance|account_id\n\
    aws_rds_db_instance|master_user_password\naws_s3_buckets|arn\naws_s3_buckets|name\naws_s3_bucket_versionings|bucket_arn\n\
    aws_s3_bucket_versionings|status\naws_nobody_knows|arn\n";

#[test]
fn queries_over_tables_are_written_in_each_dialect() {
    let catalog = Catalog::builtin().unwrap();
    let tags = BTreeSet::from(["team".to_owned(), "it's \\ one".to_owned()]);
    let options = Options { tags: &tags, table: None };
    for (source, name, there) in [
        (Source::Steampipe, "steampipe", "aws_rds_db_instance\naws_sqs_queue.csv\n"),
        (Source::CloudQuery, "cloudquery", COLUMNS),
    ] {
        let there = There::of(there);
        for dialect in cloudraci::query::dialects(source) {
            let query = text_of_tables(&catalog, (source, dialect), Some(&there), &options).unwrap();
            assert!(!query.contains("{{") && !query.contains("}}"), "{query}");
            expect(&format!("query/{name}.{}.sql", format!("{dialect:?}").to_lowercase()), &query);
        }
    }
    let nothing = There::of("aws_nobody_knows\n");
    assert_eq!(
        text_of_tables(&catalog, (Source::Steampipe, Dialect::Postgres), Some(&nothing), &options),
        None
    );
}

#[test]
fn the_command_reads_the_tables_that_there_are() {
    let folder = Folder::new().with("tables.txt", COLUMNS).with("other.txt", "nothing\n");
    let query = |arguments: &[&str]| {
        folder
            .run(&[&["query", "cloudquery", "--dialect", "postgres"], arguments].concat())
            .fine()
    };
    let all = query(&["--table", "cq.{table}"]);
    assert!(
        all.contains("FROM cq.aws_lambda_functions AS t") && all.contains("'AWS::Lambda::Function'"),
        "{all}"
    );
    let some = query(&["--tables", "tables.txt"]);
    assert!(some.contains("FROM (SELECT \"arn\", \"name\" FROM aws_s3_buckets) AS t"), "{some}");
    // What is not looked at, and what is secret, is not asked for.
    assert!(
        !some.contains("aws_lambda_functions") && !some.contains("password") && !some.contains("nobody"),
        "{some}"
    );
    folder.refuses(
        &["query", "cloudquery", "--dialect", "postgres", "--tables", "other.txt"],
        2,
        "names no table",
    );
    folder.refuses(
        &["query", "cloudquery", "--dialect", "postgres", "--tables", "absent.txt"],
        3,
        "cannot read `absent.txt`",
    );
    folder.refuses(
        &["query", "aws-config", "--dialect", "postgres", "--tables", "tables.txt"],
        2,
        "leave `--tables` out",
    );
    folder.refuses(&["query", "steampipe"], 2, "--dialect postgres");
}
