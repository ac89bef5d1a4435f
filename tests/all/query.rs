//! Queries that count what is alike, and their results as a source: they say what the items themselves say.
//!
//! What engines make of the queries is tried by `.ci/engines`; here the same groups are made by the few lines that a query is.

use crate::one_path::{said, same};
use crate::support::{Folder, expect};
use cloudraci::catalog::Catalog;
use cloudraci::catalog::attributes::Origin;
use cloudraci::query::{Dialect, Options, Source, text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An estate in which everything stands once in each of some ways: set and not, absent, null, empty; alone, in lists, in texts
/// that are JSON; and with siblings.
fn items() -> Vec<Value> {
    let mut items = Vec::new();
    for index in 0..48_u64 {
        let is = |step: u64| (index / step).is_multiple_of(2);
        let account = if is(3) { "111122223333" } else { "444455556666" };
        let region = if is(5) { "eu-west-1" } else { "us-east-1" };
        let mut item = |kind: &str, service: &str, id: String, configuration: Value, supplementary: Value| {
            items.push(json!({
                "resourceType": kind, "resourceId": id, "resourceName": format!("name of {id}"), "awsAccountId": account,
                "awsRegion": region, "ARN": format!("arn:aws:{service}:{region}:{account}:{id}"), "configurationItemStatus": "OK",
                "configurationItemCaptureTime": "2026-10-01T00:00:00.000Z", "configuration": configuration,
                "supplementaryConfiguration": supplementary, "tags": {"team": if is(2) { "shop" } else { "books" }, "Name": id},
            }));
        };
        let tokens = [
            json!({"httpTokens": "required"}),
            json!({"httpTokens": "optional"}),
            json!({"httpEndpoint": "enabled"}),
            Value::Null,
        ];
        item(
            "AWS::EC2::Instance",
            "ec2",
            format!("instance/i-{index}"),
            json!({
                "instanceId": format!("i-{index}"), "metadataOptions": tokens[(index % 4) as usize], "monitoring": {"state": if is(1) { "enabled" } else { "disabled" }},
                "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeId": format!("vol-{index}"), "encrypted": is(2)}}, {"deviceName": "/dev/xvdb"}],
                "networkInterfaces": if is(7) { json!([{"networkInterfaceId": format!("eni-{index}")}]) } else { json!([]) },
                "publicIpAddress": if is(1) { json!(format!("198.51.100.{index}")) } else { Value::Null },
            }),
            json!({}),
        );
        let mut database = json!({"dBInstanceIdentifier": format!("db-{index}"), "engine": if is(2) { "postgres" } else { "aurora-mysql" }, "multiAZ": is(3)});
        for (key, value) in [
            ("storageEncrypted", json!(is(1))),
            ("backupRetentionPeriod", json!(index % 3)),
            ("deletionProtection", json!(is(4))),
        ] {
            if index % 5 != 0 {
                database[key] = value;
            }
        }
        if !is(2) {
            database["dBClusterIdentifier"] = json!(format!("cluster-{}", index / 4));
        }
        item("AWS::RDS::DBInstance", "rds", format!("db:db-{index}"), database, json!({}));
        item(
            "AWS::S3::Bucket",
            "s3",
            format!("b-{index}"),
            json!({"name": format!("b-{index}")}),
            json!({
                "BucketVersioningConfiguration": json!({"status": if is(1) { "Enabled" } else { "Off" }, "isMfaDeleteEnabled": null}).to_string(),
                "PublicAccessBlockConfiguration": json!({"blockPublicAcls": is(2), "ignorePublicAcls": true, "blockPublicPolicy": true, "restrictPublicBuckets": is(3)}).to_string(),
            }),
        );
        item(
            "AWS::EC2::SecurityGroup",
            "ec2",
            format!("security-group/sg-{index}"),
            json!({"groupId": format!("sg-{index}"), "groupName": "default", "ipPermissions": [{"fromPort": 22, "toPort": 22, "ipProtocol": "tcp", "ipv4Ranges": [{"cidrIp": if is(1) { "0.0.0.0/0" } else { "10.0.0.0/8" }}]}]}),
            json!({}),
        );
        item(
            "AWS::SQS::Queue",
            "sqs",
            format!("q-{index}"),
            json!({"QueueName": format!("q-{index}"), "KmsMasterKeyId": if is(1) { json!("") } else { json!("alias/aws/sqs") }, "SqsManagedSseEnabled": is(2)}),
            json!({}),
        );
        item(
            "AWS::CloudTrail::Trail",
            "cloudtrail",
            format!("trail/t-{index}"),
            json!({"IsMultiRegionTrail": is(1), "LogFileValidationEnabled": is(2)}),
            json!({}),
        );
        item("AWS::Nobody::Knows", "nobody", format!("n-{index}"), json!({"a": index}), json!({}));
        if index % 4 == 0 {
            item(
                "AWS::RDS::DBCluster",
                "rds",
                format!("cluster:cluster-{}", index / 4),
                json!({"dBClusterIdentifier": format!("cluster-{}", index / 4), "engine": "aurora-mysql", "storageEncrypted": is(8), "deletionProtection": is(4)}),
                json!({}),
            );
        }
        if index % 6 == 0 {
            item(
                "AWS::S3::BucketPolicy",
                "s3",
                format!("policy-{index}"),
                json!({"Bucket": format!("b-{index}"), "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}}),
                json!({}),
            );
        }
    }
    items
}

fn letters(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// Of a value what is looked at: what every query says in SQL.
pub(crate) fn looked_at(value: &Value, paths: &BTreeSet<String>, before: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| looked_at(item, paths, before)).collect(),
        Value::Object(block) => {
            let mut kept = Map::new();
            if !before.is_empty() && !block.is_empty() {
                kept.insert("(...)".to_owned(), true.into());
            }
            for (key, inner) in block {
                let path = format!("{before}{}", letters(key));
                let on = format!("{path}.");
                if paths.contains(&path) {
                    kept.insert(key.clone(), inner.clone());
                } else if paths.contains(&on) {
                    kept.insert(key.clone(), looked_at(inner, paths, &on));
                }
            }
            kept.into()
        }
        other => other.clone(),
    }
}

/// The rows that a query gives of items that each stand once.
fn groups(items: &[Value], catalog: &Catalog) -> Vec<Value> {
    let present: BTreeSet<&str> = items.iter().map(|item| item["resourceType"].as_str().unwrap()).collect();
    let mut groups: BTreeMap<String, (Value, u64)> = BTreeMap::new();
    for item in items {
        let kind = item["resourceType"].as_str().unwrap();
        let of = catalog.looked_at_of(Origin::Config, kind);
        let is_joined = of.others.iter().any(|other| present.contains(other.as_str()));
        let mut paths: BTreeSet<String> = of.paths.iter().cloned().collect();
        if is_joined {
            paths.extend(of.related.iter().cloned());
        }
        let row = json!({
            "cloudraci": "aws-config", "looked_at": of.asks().then(|| of.mark()), "resource_type": kind,
            "account_id": item["awsAccountId"], "region": item["awsRegion"], "zone": null,
            "resource_id": is_joined.then(|| item["resourceId"].clone()),
            "configuration": looked_at(&item["configuration"], &paths, "").to_string(),
            "supplementary_configuration": looked_at(&item["supplementaryConfiguration"], &paths, "").to_string(),
            "tags": json!({"team": item["tags"]["team"]}).to_string(),
        });
        let key = format!("{row} {}", if is_joined { &item["ARN"] } else { &Value::Null });
        let group = groups.entry(key).or_insert((row, 0));
        group.0["arn"] = item["ARN"].clone();
        group.1 += 1;
    }
    groups
        .into_values()
        .map(|(mut row, count)| {
            row["resources"] = count.into();
            row
        })
        .collect()
}

pub(crate) fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

pub(crate) fn csv(rows: &[Value]) -> String {
    let names: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).unwrap();
    for row in rows {
        let cell = |name: &&String| match &row[name.as_str()] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        writer.write_record(names.iter().map(cell)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn groups_say_what_their_items_say() {
    let catalog = Catalog::builtin().unwrap();
    let items = items();
    let rows = groups(&items, &catalog);
    assert!(rows.len() < items.len(), "{} of {}", rows.len(), items.len());
    let folder = Folder::new()
        .with(
            "items.json",
            json!({"configSnapshotId": "1", "configurationItems": items}).to_string(),
        )
        .with("groups.json", lines(&rows))
        .with("groups.csv", csv(&rows));
    // As everything that is counted while it is read.
    let direct = said(&folder.path("items.json"), &catalog, Some(0));
    for name in ["groups.json", "groups.csv"] {
        same(&said(&folder.path(name), &catalog, None), &direct, name);
        same(&said(&folder.path(name), &catalog, Some(0)), &direct, &format!("{name}, long"));
    }
}

#[test]
fn a_report_of_groups_is_that_of_their_items() {
    let catalog = Catalog::builtin().unwrap();
    let items = items();
    let inventory = "inventory: 1\ntitle: Estate\norganization: Example\nparties: {a: {kind: customer}, b: {kind: customer}}\nassignments:\n- {responsible: [a], accountable: a}\n- {match: {tag: {team: books}}, responsible: [b], accountable: b}\nimports:\n- file: estate\n";
    let report = |estate: String| {
        let folder = Folder::new().with("inventory.yaml", inventory).with("estate", estate);
        folder.run(&["report", "inventory.yaml", "--as-of", "2026-11-01"]).fine()
    };
    // Blanks make a file long, so that its resources are counted.
    let long = |text: String| format!("{text}{}", " ".repeat(33 << 20));
    let direct = report(long(json!({"configSnapshotId": "1", "configurationItems": items}).to_string()));
    assert_eq!(report(lines(&groups(&items, &catalog))), direct);
}

#[test]
fn what_was_not_asked_for_is_unknown() {
    let catalog = Catalog::builtin().unwrap();
    let mut rows = groups(&items(), &catalog);
    let folder = Folder::new().with("now.json", lines(&rows));
    rows.iter_mut()
        .filter(|row| !row["looked_at"].is_null())
        .for_each(|row| row["looked_at"] = "00000000".into());
    folder.put("then.json", lines(&rows));
    let now = folder.run(&["check", "now.json"]);
    assert!(!now.errors.contains("not asked for"), "{}", now.errors);
    let then = folder.run(&["check", "then.json"]);
    assert!(
        then.errors.contains("were not asked for what is looked at today"),
        "{}",
        then.errors
    );
    // A setting that is not told stands for no default.
    let queue = |row: &&Value| row["resource_type"] == "AWS::SQS::Queue";
    let mut row = rows.iter().find(queue).unwrap().clone();
    row["configuration"] = "{}".into();
    let states = |row: &Value| {
        folder.put("one.json", lines(std::slice::from_ref(row)));
        folder.run(&["list", "duties", "one.json", "--format", "csv"]).fine()
    };
    assert!(!states(&row).contains(",met,"), "{}", states(&row));
}

#[test]
fn rows_that_do_not_say_what_they_count_are_left_out_and_told() {
    let catalog = Catalog::builtin().unwrap();
    let mut rows = groups(&items(), &catalog);
    for (row, broken) in rows.iter_mut().zip([
        ("resources", json!(0)),
        ("resources", json!("few")),
        ("configuration", json!("{\"a")),
        ("resource_type", Value::Null),
    ]) {
        row[broken.0] = broken.1;
    }
    let run = Folder::new().with("groups.json", lines(&rows)).run(&["check", "groups.json"]);
    assert!(
        run.errors.contains("4 rows of `groups.json` do not say what they count"),
        "{}",
        run.errors
    );
}

#[test]
fn queries_are_written_in_each_dialect() {
    let catalog = Catalog::builtin().unwrap();
    let types = ["AWS::EC2::Instance", "AWS::RDS::DBCluster", "AWS::SQS::Queue"];
    let wanted: Vec<_> = types.iter().map(|kind| catalog.looked_at_of(Origin::Config, kind)).collect();
    let tags = BTreeSet::from(["team".to_owned(), "it's \\ one".to_owned()]);
    for (dialect, name) in [
        (Dialect::Athena, "athena"),
        (Dialect::Spark, "spark"),
        (Dialect::DuckDb, "duckdb"),
        (Dialect::Postgres, "postgres"),
        (Dialect::Snowflake, "snowflake"),
        (Dialect::BigQuery, "bigquery"),
    ] {
        let options = Options { tags: &tags, table: None };
        let query = text(&wanted, (Source::Items, Some(dialect)), &options).unwrap();
        assert!(!query.contains("{{") && !query.contains("}}"), "{query}");
        expect(&format!("query/aws-config.{name}.sql"), &query);
    }
}

#[test]
fn the_command_asks_for_the_tags_that_rules_name_and_reads_no_import() {
    let folder = Folder::new().with(
        "inventory.yaml",
        "inventory: 1\nparties: {a: {kind: customer}}\nassignments:\n- {match: {tag: {cost-centre: x}}, responsible: [a], accountable: a}\nimports:\n- file: groups.parquet\n",
    );
    for dialect in ["athena", "trino", "spark", "duckdb", "postgres", "snowflake", "bigquery"] {
        let query = folder.run(&["query", "aws-config", "--dialect", dialect]).fine();
        assert!(query.contains("'cost-centre'") && query.contains("'AWS::S3::Bucket'"), "{dialect}");
        // Athena takes no more.
        assert!(query.len() < 262_144, "{dialect}: {}", query.len());
    }
    let listed = folder.run(&["query", "aws-config-advanced"]).fine();
    assert!(listed.starts_with("SELECT ") && !listed.contains("--"), "{listed}");
    folder.refuses(&["query", "aws-config"], 2, "--dialect athena, --dialect spark");
    folder.refuses(&["query", "aws-config-advanced", "--dialect", "spark"], 2, "leave `--dialect` out");
    let named = folder
        .run(&["query", "aws-config", "--dialect", "postgres", "--table", "mine.items"])
        .fine();
    assert!(named.contains("FROM mine.items"), "{named}");
}
