//! Tables of query engines: Steampipe's and CloudQuery's, as CSV, JSON, JSON lines, Parquet and workbooks.

use crate::one_path::said;
use crate::support::{Folder, list, text};
use cloudraci::catalog::Catalog;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Rows of a table as JSON has them: columns in the order of the first.
pub(crate) fn steampipe() -> Vec<Value> {
    vec![
        json!({
            "db_instance_identifier": "orders", "arn": "arn:aws:rds:eu-central-1:012345678901:db:orders", "class": "db.t4g.large",
            "engine": "postgres", "engine_version": "16.3", "storage_encrypted": true, "backup_retention_period": 7,
            "multi_az": false, "publicly_accessible": false, "master_user_name": "app",
            "enabled_cloudwatch_logs_exports": ["postgresql"], "deletion_protection": null,
            "tags": {"team": "shop"}, "title": "orders", "akas": ["arn:aws:rds:eu-central-1:012345678901:db:orders"],
            "partition": "aws", "region": "eu-central-1", "account_id": "012345678901", "_ctx": {"connection_name": "aws"}
        }),
        json!({
            "db_instance_identifier": "books", "arn": "arn:aws:rds:eu-west-1:111122223333:db:books", "class": "db.t4g.small",
            "engine": "mysql", "engine_version": "8.0", "storage_encrypted": false, "backup_retention_period": 0,
            "multi_az": true, "publicly_accessible": true, "master_user_name": "admin",
            "enabled_cloudwatch_logs_exports": null, "deletion_protection": true,
            "tags": null, "title": "books", "akas": ["arn:aws:rds:eu-west-1:111122223333:db:books"],
            "partition": "aws", "region": "eu-west-1", "account_id": "111122223333", "_ctx": {"connection_name": "aws"}
        }),
    ]
}

fn cloudquery() -> Vec<Value> {
    vec![json!({
        "_cq_id": "5e2b0a5e-5d0e-4c2f-8f0a-2f6f2b1b7a10", "_cq_parent_id": null, "_cq_sync_time": "2026-11-01 06:00:00Z",
        "account_id": "111122223333", "region": "eu-west-1", "arn": "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc",
        "instance_id": "i-0abc", "instance_type": "t4g.micro", "ebs_optimized": true,
        "metadata_options": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "monitoring": {"State": "enabled"}, "tags": {"Name": "web"}
    })]
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The names of the columns, and the rows in their order.
fn columns(rows: &[Value]) -> (Vec<String>, Vec<Vec<Value>>) {
    let names: Vec<String> = rows[0].as_object().unwrap().keys().cloned().collect();
    let cells = rows.iter().map(|row| names.iter().map(|name| row[name].clone()).collect());
    let cells = cells.collect();
    (names, cells)
}

pub(crate) fn csv(rows: &[Value]) -> Vec<u8> {
    let (names, rows) = columns(rows);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).unwrap();
    for row in rows {
        writer.write_record(row.iter().map(cell)).unwrap();
    }
    writer.into_inner().unwrap()
}

pub(crate) fn workbook(rows: &[Value]) -> Vec<u8> {
    let (names, rows) = columns(rows);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(&names) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (line, row) in (1..).zip(&rows) {
        for (column, value) in (0..).zip(row) {
            match value {
                Value::Null => {}
                Value::Bool(truth) => drop(sheet.write_boolean(line, column, *truth).unwrap()),
                Value::Number(number) => drop(sheet.write_number(line, column, number.as_f64().unwrap()).unwrap()),
                other => drop(sheet.write_string(line, column, cell(other)).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// The rows as Parquet, in row groups of one row each.
pub(crate) fn parquet(rows: &[Value]) -> Vec<u8> {
    let (names, rows) = columns(rows);
    let kind = |column: usize| {
        rows.iter()
            .map(|row| &row[column])
            .find(|value| !value.is_null())
            .cloned()
            .unwrap_or_default()
    };
    let fields: String = names
        .iter()
        .enumerate()
        .map(|(column, name)| match kind(column) {
            Value::Bool(_) => format!("optional boolean {name};"),
            Value::Number(_) => format!("optional int64 {name};"),
            // What holds JSON has no logical type, as CloudQuery writes it.
            Value::Object(_) | Value::Array(_) => format!("optional binary {name};"),
            _ => format!("optional binary {name} (UTF8);"),
        })
        .collect();
    let schema = Arc::new(parse_message_type(&format!("message table {{ {fields} }}")).unwrap());
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    for row in &rows {
        let mut group = file.next_row_group().unwrap();
        for value in row {
            let mut column = group.next_column().unwrap().unwrap();
            let level = [i16::from(!value.is_null())];
            match column.untyped() {
                ColumnWriter::BoolColumnWriter(writer) => {
                    let values: Vec<bool> = value.as_bool().into_iter().collect();
                    writer.write_batch(&values, Some(&level), None).unwrap();
                }
                ColumnWriter::Int64ColumnWriter(writer) => {
                    let values: Vec<i64> = value.as_i64().into_iter().collect();
                    writer.write_batch(&values, Some(&level), None).unwrap();
                }
                ColumnWriter::ByteArrayColumnWriter(writer) => {
                    let text = Some(cell(value)).filter(|_| !value.is_null());
                    let values: Vec<ByteArray> = text.iter().map(|text| text.as_str().into()).collect();
                    writer.write_batch(&values, Some(&level), None).unwrap();
                }
                _ => panic!("a column of another type"),
            }
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    file.close().unwrap();
    bytes
}

/// The same table in every form.
fn forms(table: &str, rows: &[Value]) -> Vec<(String, Vec<u8>)> {
    let (names, _) = columns(rows);
    let described: Vec<Value> = names.iter().map(|name| json!({"name": name, "data_type": "text"})).collect();
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    vec![
        (format!("{table}.csv"), csv(rows)),
        (format!("{table}.json"), serde_json::to_vec(rows).unwrap()),
        (
            format!("rows/{table}.json"),
            json!({"columns": described, "rows": rows}).to_string().into_bytes(),
        ),
        (format!("{table}.jsonl"), lines.into_bytes()),
        (format!("{table}.parquet"), parquet(rows)),
        (format!("{table}/part-0.parquet"), parquet(rows)),
        (format!("{table}.xlsx"), workbook(rows)),
    ]
}

/// What an import finds, without where it stands.
fn found(folder: &Folder, file: &str) -> Vec<Value> {
    let run = folder.run(&["import", file, "--format", "json"]);
    let mut all = list(&run.json(), "resources").to_vec();
    for one in &mut all {
        one.as_object_mut().unwrap().remove("from");
    }
    all
}

#[test]
fn a_table_of_an_engine_is_the_same_in_every_form() {
    for (table, rows) in [("aws_rds_db_instance", steampipe()), ("aws_ec2_instances", cloudquery())] {
        let mut expected: Option<(Vec<Value>, Value)> = None;
        for (name, bytes) in forms(table, &rows) {
            let folder = Folder::new().with(&name, bytes);
            let resources = found(&folder, &name);
            assert_eq!(resources.len(), rows.len(), "{name}");
            let report = folder.run(&["report", &name, "--format", "json", "--as-of", "2026-11-01"]).json();
            let states = report["summary"].clone();
            let first = expected.get_or_insert_with(|| (resources.clone(), states.clone()));
            assert_eq!(&(resources, states), first, "{name}");
        }
    }
}

#[test]
fn columns_are_the_attributes_that_duties_are_judged_by() {
    let folder = Folder::new()
        .with("aws_rds_db_instance.csv", csv(&steampipe()))
        .with("aws_ec2_instances.jsonl", serde_json::to_vec(&cloudquery()[0]).unwrap());
    let databases = found(&folder, "aws_rds_db_instance.csv");
    let orders = databases.iter().find(|one| one["name"] == "orders").unwrap();
    assert_eq!(text(orders, "type"), "AWS::RDS::DBInstance");
    assert_eq!((text(orders, "name"), text(orders, "account")), ("orders", "012345678901"));
    assert_eq!(orders["tags"], json!({"team": "shop"}));
    let config = &orders["config"];
    for (name, value) in [
        ("storage_encrypted", json!(true)),
        ("backup_retention_period", json!(7)),
        ("publicly_accessible", json!(false)),
        ("username", json!("app")),
        ("enabled_cloudwatch_logs_exports", json!(["postgresql"])),
    ] {
        assert_eq!(config[name], value, "{name} in {config}");
    }
    // What is null may not have been asked for, or not answered.
    assert!(config.get("deletion_protection").is_none(), "{config}");
    let instance = &found(&folder, "aws_ec2_instances.jsonl")[0];
    assert_eq!(text(instance, "type"), "AWS::EC2::Instance");
    assert_eq!(
        instance["config"]["metadata_options"]["http_tokens"],
        json!("required"),
        "{instance}"
    );
}

#[test]
fn a_table_without_a_name_is_told_by_its_columns_and_arns() {
    let folder = Folder::new()
        .with("export.csv", csv(&steampipe()))
        .with("export.json", serde_json::to_vec(&cloudquery()).unwrap());
    assert_eq!(text(&found(&folder, "export.csv")[0], "type"), "AWS::RDS::DBInstance");
    assert_eq!(text(&found(&folder, "export.json")[0], "type"), "AWS::EC2::Instance");
}

#[test]
fn settings_in_tables_of_their_own_reach_what_they_are_of() {
    let sign = "_cq_id,_cq_parent_id,account_id";
    let bucket = "111122223333,eu-west-1,arn:aws:s3:::raw,raw";
    let block = r#"{""BlockPublicAcls"": true, ""BlockPublicPolicy"": true, ""IgnorePublicAcls"": true, ""RestrictPublicBuckets"": false}"#;
    let folder = Folder::new()
        .with(
            "x/aws_s3_buckets.csv",
            format!("_cq_id,_cq_parent_id,account_id,region,arn,name\na,,{bucket}\n"),
        )
        .with(
            "x/aws_s3_bucket_versionings.csv",
            format!("{sign},bucket_arn,mfa_delete,status\nb,a,111122223333,arn:aws:s3:::raw,,Enabled\n"),
        )
        .with(
            "x/aws_s3_bucket_public_access_blocks.csv",
            format!("{sign},bucket_arn,public_access_block_configuration\nc,a,111122223333,arn:aws:s3:::raw,\"{block}\"\n"),
        );
    let report = folder.run(&["report", "x", "--format", "json", "--as-of", "2026-11-01"]).json();
    let resources = list(&report, "resources");
    assert_eq!(resources.len(), 1, "{resources:?}");
    let run = folder.run(&["import", "x", "--format", "json"]);
    let imported = run.json();
    let config = &list(&imported, "resources")[0]["config"];
    assert_eq!(list(&imported, "resources").len(), 1);
    for (name, value) in [
        ("versioning", true),
        ("block_public_acls", true),
        ("restrict_public_buckets", false),
    ] {
        assert_eq!(config[name], json!(value), "{name} in {config}");
    }
    assert!(!run.errors.contains("sources-differ"), "{}", run.errors);
}

/// The states of a duty in what tables say.
fn states(files: &[(&str, Value)], activity: &str) -> Vec<String> {
    let folder = files.iter().fold(Folder::new(), |folder, (name, row)| {
        folder.with(name, csv(std::slice::from_ref(row)))
    });
    states_in(&folder, activity)
}

fn states_in(folder: &Folder, activity: &str) -> Vec<String> {
    let duties = folder
        .run(&["list", "duties", ".", "--format", "json", "--as-of", "2026-11-01"])
        .json();
    let of_it = duties.as_array().unwrap().iter().filter(|duty| text(duty, "activity") == activity);
    of_it.map(|duty| text(duty, "state").to_owned()).collect()
}

/// A lock gives any vault limits of retention.
#[test]
fn a_vault_is_air_gapped_where_its_type_says_so() {
    let vault = |kind: Value| {
        json!({
            "account_id": "111122223333", "region": "eu-west-1", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:v", "name": "v",
            "min_retention_days": 7, "max_retention_days": 365, "locked": false, "vault_type": kind, "_cq_id": "1", "_cq_sync_time": "2026-11-01"
        })
    };
    let states = |kind: Value| {
        states(
            &[("aws_backup_vaults.csv", vault(kind))],
            "backup.configuration-hardening.customer.lock",
        )
    };
    for ordinary in [json!("BACKUP_VAULT"), Value::Null] {
        assert_eq!(states(ordinary), ["unknown"]);
    }
    let none: [&str; 0] = [];
    assert_eq!(states(json!("LOGICALLY_AIR_GAPPED_BACKUP_VAULT")), none);
}

/// Engines call the rules of a plan otherwise than a template.
#[test]
fn rules_of_a_plan_are_read() {
    let plan = |lifecycle: Value| {
        let arn = "arn:aws:backup:eu-west-1:111122223333:backup-plan:p";
        json!({
            "account_id": "111122223333", "region": "eu-west-1", "arn": arn, "name": "p", "akas": [arn], "title": "p",
            "backup_plan": {"BackupPlanName": "p", "Rules": [{"RuleName": "daily", "Lifecycle": lifecycle}]}
        })
    };
    let states = |lifecycle: Value| {
        states(
            &[("aws_backup_plan.csv", plan(lifecycle))],
            "backup.data-governance.customer.retention",
        )
    };
    assert_eq!(states(json!({"DeleteAfterDays": 35})), ["met"]);
    assert_eq!(states(Value::Null), ["unknown"], "an engine may not have asked");
}

#[test]
fn what_is_being_switched_or_failed_attests_nothing() {
    let arn = "arn:aws:elasticache:eu-west-1:111122223333:replicationgroup:g";
    let group = |status: &str, pending: Value| {
        json!({
            "account_id": "111122223333", "region": "eu-west-1", "arn": arn, "replication_group_id": "g", "title": "g", "akas": [arn],
            "automatic_failover": "enabled", "transit_encryption_enabled": true,
            "log_delivery_configurations": [{"LogType": "slow-log", "Status": "active"}, {"LogType": "engine-log", "Status": status}],
            "pending_modified_values": pending
        })
    };
    let states =
        |status: &str, pending: Value, duty: &str| states(&[("aws_elasticache_replication_group.csv", group(status, pending))], duty);
    let logs = |status: &str, pending: Value| states(status, pending, "elasticache.logging.customer.log-delivery");
    assert_eq!(logs("active", Value::Null), ["met"]);
    for status in ["error", "disabling", "enabling", "modifying"] {
        assert_eq!(logs(status, Value::Null), ["unknown"], "{status}");
    }
    assert_eq!(
        logs("active", json!({"LogDeliveryConfigurations": [{"LogType": "slow-log"}]})),
        ["unknown"]
    );
    let failover = |pending: Value| states("active", pending, "elasticache.high-availability.customer.automatic-failover");
    assert_eq!(failover(json!({"AutomaticFailoverStatus": null})), ["met"]);
    assert_eq!(failover(json!({"AutomaticFailoverStatus": "disabled"})), ["unknown"]);
}

#[test]
fn what_is_pending_under_the_catalogs_own_name_attests_nothing() {
    let zones = "rds.high-availability.customer.multi-az";
    let key = "redshift.encryption-at-rest.customer.stay-encrypted";
    let item = |kind: &str, configuration: Value| {
        let item = json!({
            "configurationItemVersion": "1.3", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-11-01T00:00:00Z",
            "resourceType": kind, "resourceId": "a", "resourceName": "a", "awsRegion": "eu-west-1", "awsAccountId": "111122223333",
            "configuration": configuration
        });
        json!({"fileVersion": "1.0", "configurationItems": [item]})
    };
    let instance = |pending: Value| {
        item(
            "AWS::RDS::DBInstance",
            json!({"dBInstanceIdentifier": "a", "engine": "postgres", "multiAZ": true, "pendingModifiedValues": pending}),
        )
    };
    let cluster = |pending: Value| {
        item(
            "AWS::Redshift::Cluster",
            json!({"clusterIdentifier": "a", "encrypted": true, "pendingModifiedValues": pending}),
        )
    };
    let of_items = |snapshot: Value, duty: &str| states_in(&Folder::new().with("c.json", snapshot.to_string()), duty);
    assert_eq!(of_items(instance(json!({})), zones), ["met"]);
    assert_eq!(of_items(instance(json!({"multiAZ": false})), zones), ["unknown"]);
    assert_eq!(of_items(cluster(json!({})), key), ["met"]);
    assert_eq!(of_items(cluster(json!({"encryptionType": "NONE"})), key), ["unknown"]);
    let arn = "arn:aws:rds:eu-west-1:111122223333:db:a";
    let instance = |pending: Value| {
        json!({
            "account_id": "111122223333", "region": "eu-west-1", "arn": arn, "db_instance_identifier": "a", "title": "a", "akas": [arn],
            "engine": "postgres", "multi_az": true, "pending_modified_values": pending
        })
    };
    let arn = "arn:aws:redshift:eu-west-1:111122223333:cluster:a";
    let cluster = |pending: Value| {
        json!({
            "account_id": "111122223333", "region": "eu-west-1", "arn": arn, "cluster_identifier": "a", "title": "a", "akas": [arn],
            "encrypted": true, "pending_modified_values": pending
        })
    };
    let of_rows = |table: &str, row: Value, duty: &str| states(&[(table, row)], duty);
    let (instances, clusters) = ("aws_rds_db_instance.csv", "aws_redshift_cluster.csv");
    assert_eq!(of_rows(instances, instance(Value::Null), zones), ["met"]);
    assert_eq!(of_rows(instances, instance(json!({"MultiAZ": false})), zones), ["unknown"]);
    assert_eq!(of_rows(clusters, cluster(Value::Null), key), ["met"]);
    assert_eq!(of_rows(clusters, cluster(json!({"EncryptionType": "NONE"})), key), ["unknown"]);
}

#[test]
fn what_a_query_did_not_select_is_unknown() {
    let few: Vec<Value> = steampipe()
        .into_iter()
        .map(|row| json!({"arn": row["arn"], "class": row["class"], "account_id": row["account_id"]}))
        .collect();
    let folder = Folder::new().with("aws_rds_db_instance.csv", csv(&few));
    let config = &found(&folder, "aws_rds_db_instance.csv")[0]["config"].clone();
    for name in ["restored", "copy_tags_to_snapshot", "deletion_protection", "storage_encrypted"] {
        assert!(config.get(name).is_none(), "{name} in {config}");
    }
}

#[test]
fn tables_that_list_no_resources_are_told() {
    let table = "aws_rds_db_instance_metric_cpu_utilization.csv";
    let rows = "db_instance_identifier,average,account_id,region,akas,title\norders,1.5,111122223333,eu-west-1,,\n";
    let folder = Folder::new().with(table, rows);
    let run = folder.run(&["import", table, "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 0);
    assert!(run.errors.contains("lists no resources"), "{}", run.errors);
}

#[test]
fn nothing_secret_leaves_a_table() {
    let secret = "hunter2-never-to-be-seen";
    let row = json!({
        "name": "f", "arn": "arn:aws:lambda:eu-west-1:111122223333:function:f", "runtime": "python3.12",
        "environment_variables": {"DB_PASSWORD": secret, "X": secret}, "description": format!("password={secret}"),
        "user_data": format!("export TOKEN={secret}"), "tags": {"password": secret}, "title": "f",
        "akas": ["arn:aws:lambda:eu-west-1:111122223333:function:f"], "region": "eu-west-1", "account_id": "111122223333"
    });
    let parameter = json!({
        "name": "/app/db", "type": "SecureString", "value": secret, "arn": "arn:aws:ssm:eu-west-1:111122223333:parameter/app/db",
        "title": "/app/db", "akas": ["arn:aws:ssm:eu-west-1:111122223333:parameter/app/db"], "region": "eu-west-1",
        "account_id": "111122223333", "tags": null
    });
    for (table, row) in [("aws_lambda_function", row), ("aws_ssm_parameter", parameter)] {
        for (name, bytes) in forms(table, &[row]) {
            let folder = Folder::new().with(&name, bytes);
            for command in [&["import", &name][..], &["report", &name, "--format", "json"], &["check", &name]] {
                let run = folder.run(command);
                assert!(
                    !run.text_lossy().contains("hunter2") && !run.errors.contains("hunter2"),
                    "{name}: {command:?}"
                );
            }
        }
    }
}

#[test]
fn rows_of_anything_else_are_no_resources() {
    let folder = Folder::new()
        .with("package.json", r#"{"name": "x", "type": "module", "version": "1.0.0"}"#)
        .with("abi.json", r#"[{"type": "function", "name": "transfer"}]"#)
        .with("a.csv", "service,name\nrds,orders\n");
    for file in ["package.json", "abi.json"] {
        folder.run(&["import", file]).failed(1);
    }
    assert_eq!(found(&folder, ".").len(), 1);
}

#[test]
fn broken_parquet_is_told_and_ends_nothing() {
    let whole = parquet(&steampipe());
    for at in (0..whole.len()).step_by(41) {
        let mut broken = whole.clone();
        broken[at] ^= 0x5a;
        let folder = Folder::new().with("aws_rds_db_instance.parquet", &broken);
        let run = folder.run(&["import", "aws_rds_db_instance.parquet", "--from", "parquet"]);
        assert!(run.code <= 1 && !run.errors.contains("panicked"), "{at}: {}", run.errors);
    }
    let cut = Folder::new().with("a.parquet", &whole[..whole.len() / 2]);
    cut.run(&["import", "a.parquet"]).failed(1);
}

#[test]
fn columns_of_parquet_that_nobody_looks_at_are_not_read_where_rows_are_counted() {
    let catalog = Catalog::builtin().unwrap();
    let counted = |name: &str, bytes: &[u8]| said(&Folder::new().with(name, bytes).path(name), &catalog, Some(1));
    for (table, mut rows) in [("aws_rds_db_instance", steampipe()), ("aws_ec2_instances", cloudquery())] {
        let nothing: Map<String, Value> = rows[0]
            .as_object()
            .unwrap()
            .keys()
            .map(|name| (name.clone(), Value::Null))
            .collect();
        for row in &mut rows {
            row["note"] = "a note".into();
        }
        let name = format!("{table}.parquet");
        let intact = parquet(&rows);
        let at = intact.windows(6).position(|bytes| bytes == b"a note").unwrap();
        let mut damaged = intact.clone();
        damaged[at - 4..at].fill(0xff);
        assert_eq!(counted(&name, &damaged), counted(&name, &intact), "{table}");
        Folder::new().with(&name, &damaged).run(&["import", &name]).failed(1);
        // Of one nothing but such a column tells that it is there; another is empty; behind both others follow.
        let last = rows[0].clone();
        for note in [json!("a note"), Value::Null] {
            let mut row = nothing.clone();
            row.insert("note".to_owned(), note);
            rows.push(row.into());
        }
        rows.push(last);
        let as_csv = counted(&format!("{table}.csv"), &csv(&rows));
        assert_eq!(counted(&name, &parquet(&rows)), as_csv, "{table}");
    }
}

/// That a row's map is one.
#[test]
fn rows_that_are_none_are_left_out_and_told() {
    let rows = json!([steampipe()[0], 7, Map::new()]);
    let folder = Folder::new().with("aws_rds_db_instance.json", rows.to_string());
    let run = folder.run(&["import", "aws_rds_db_instance.json", "--format", "json"]);
    assert_eq!(list(&run.json(), "resources").len(), 1);
    assert!(run.errors.contains("item 2") && run.errors.contains("is no row"), "{}", run.errors);
}

/// What describes a rule has all of its lists, and what lists rules has both directions.
#[test]
fn security_group_rules_attest_what_was_selected_of_them() {
    let row = |kind: &str, more: Value| {
        let arn = format!("arn:aws:ec2:eu-west-1:111122223333:{kind}");
        let mut row = json!({"account_id": "111122223333", "region": "eu-west-1", "arn": arn, "akas": [arn], "title": "g"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let group = |lists: Value| {
        let mut rule = json!({"FromPort": 22, "ToPort": 22, "IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]});
        rule.as_object_mut().unwrap().extend(lists.as_object().unwrap().clone());
        let row = row("security-group/sg-1", json!({"group_id": "sg-1", "ip_permissions": [rule]}));
        states(
            &[("aws_vpc_security_group.csv", row)],
            "vpc.network-access-control.customer.admin-ports",
        )
    };
    assert_eq!(group(json!({"Ipv6Ranges": [], "PrefixListIds": []})), ["met"]);
    assert_eq!(
        group(json!({"Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": []})),
        ["not-met"]
    );
    assert_eq!(group(json!({"PrefixListIds": []})), ["unknown"]);
    assert_eq!(group(json!({"Ipv6Ranges": []})), ["unknown"]);
    let rule = |is_egress: Value| {
        let row = row(
            "security-group-rule/sgr-1",
            json!({"is_egress": is_egress, "ip_protocol": "-1", "from_port": -1, "to_port": -1, "cidr_ipv4": "0.0.0.0/0"}),
        );
        states(
            &[("aws_vpc_security_group_rule.csv", row)],
            "vpc.network-access-control.customer.separate-rules",
        )
    };
    assert_eq!(rule(json!(false)), ["not-met"]);
    assert_eq!(rule(Value::Null), ["unknown"]);
    assert!(rule(json!(true)).is_empty());
}

#[test]
fn what_engines_keep_in_blocks_is_read() {
    let row = |arn: &str, more: Value| {
        let mut row =
            json!({"account_id": "111122223333", "region": "eu-west-1", "arn": arn, "_cq_id": "1", "_cq_sync_time": "2026-11-01"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let sharing = |word: &str| {
        let arn = "arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1";
        let row = row(arn, json!({"options": {"AutoAcceptSharedAttachments": word}}));
        states(
            &[("aws_ec2_transit_gateways.csv", row)],
            "transit-gateway.identity-access.customer.sharing",
        )
    };
    assert_eq!(sharing("enable"), ["not-met"]);
    let audit = |is_on: bool| {
        let arn = "arn:aws:eks:eu-west-1:111122223333:cluster/c";
        let row = row(
            arn,
            json!({"name": "c", "logging": {"ClusterLogging": [{"Enabled": is_on, "Types": ["api", "audit"]}]}}),
        );
        states(&[("aws_eks_clusters.csv", row)], "eks.logging.customer.control-plane-logs")
    };
    assert_eq!(audit(false), ["not-met"]);
    assert_eq!(audit(true), ["unknown"]);
    let rules = |status: &str| {
        let arn = "arn:aws:aps:eu-west-1:111122223333:workspace/w";
        let logs = json!({"LogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:w:*", "Status": {"StatusCode": status}});
        let row = row(arn, json!({"logging_configuration": logs}));
        states(&[("aws_amp_workspaces.csv", row)], "managed-prometheus.logging.customer.rule-logs")
    };
    assert_eq!(rules("ACTIVE"), ["met"]);
    assert_eq!(rules("CREATION_FAILED"), ["unknown"]);
}
