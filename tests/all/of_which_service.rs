//! Of which service, and which of its things, a resource is whose type is that of several.

use crate::support::{Folder, inventory, text};
use serde_json::{Value, json};

const CLUSTER: &str = "arn:aws:rds:eu-west-1:111122223333:cluster:graph";

/// A failure as Prowler writes it in OCSF.
fn failed(check: &str, arn: &str) -> Value {
    json!({
        "message": "no", "metadata": {"event_code": check, "product": {"name": "Prowler", "vendor_name": "Prowler", "version": "5.46.0"}, "version": "1.5.0"},
        "severity": "High", "status": "New", "status_id": 1, "status_code": "FAIL", "status_detail": "no",
        "finding_info": {"title": check, "uid": format!("prowler-aws-{check}"), "analytic": {"uid": check}},
        "resources": [{"uid": arn, "name": arn.rsplit(':').next(), "type": "AwsRdsDbCluster", "region": "eu-west-1", "group": {"name": "x"}, "labels": []}],
        "class_uid": 2004, "class_name": "Detection Finding", "category_uid": 2, "type_uid": 200_401,
        "cloud": {"provider": "aws", "region": "eu-west-1", "account": {"uid": "111122223333", "type": "AWS Account"}},
        "unmapped": {"provider_uid": "111122223333", "provider": "aws"},
        "time_dt": "2026-10-30T09:46:17",
    })
}

fn results(checks: &[&str]) -> String {
    checks.iter().map(|check| failed(check, CLUSTER)).collect::<Value>().to_string()
}

fn listing(arn: &str) -> String {
    json!({"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []}]}).to_string()
}

/// The services and modes of all duties but those of the account.
fn services(folder: &Folder, files: &[&str]) -> Vec<String> {
    let duties = duties(folder, files);
    let of = |duty: &Value| format!("{}/{}", text(duty, "service"), duty["mode"].as_str().unwrap_or_default());
    let mut services: Vec<String> = duties.iter().map(of).filter(|one| !one.starts_with("aws-account")).collect();
    services.sort();
    services.dedup();
    services
}

fn duties(folder: &Folder, files: &[&str]) -> Vec<Value> {
    let arguments = [&["list", "duties"], files, &["--as-of", "2026-11-01", "--format", "json"]].concat();
    folder.run(&arguments).json().as_array().unwrap().clone()
}

fn state(folder: &Folder, files: &[&str], activity: &str) -> Vec<String> {
    let all = duties(folder, files);
    let of = all.iter().filter(|duty| text(duty, "activity") == activity);
    of.map(|duty| text(duty, "state").to_owned()).collect()
}

fn told(folder: &Folder, files: &[&str]) -> String {
    let arguments = [&["check"], files, &["--as-of", "2026-11-01"]].concat();
    folder.run(&arguments).errors
}

#[test]
fn checks_of_one_service_tell_of_which_a_cluster_is() {
    const SIGN_IN: &str = "neptune.identity-access.customer.iam-auth";
    let neptune = ["neptune_cluster_iam_authentication_enabled", "neptune_cluster_deletion_protection"];
    let folder = Folder::new()
        .with("neptune.ocsf.json", results(&neptune))
        .with("documentdb.ocsf.json", results(&["documentdb_cluster_storage_encrypted"]))
        .with("both.ocsf.json", results(&[neptune[0], "documentdb_cluster_storage_encrypted"]))
        .with("tags.json", listing(CLUSTER))
        .with(
            "known.yaml",
            inventory(json!([{"name": "graph", "type": "AWS::RDS::DBCluster", "arn": CLUSTER, "config": {"engine": "aurora-mysql"}}])),
        )
        .with(
            "named.yaml",
            inventory(json!([{"name": "graph", "service": "aurora", "arn": CLUSTER}])),
        );
    // Results alone, and beside what tells the cluster's ARN.
    for files in [&["neptune.ocsf.json"][..], &["tags.json", "--results", "neptune.ocsf.json"]] {
        assert_eq!(services(&folder, files), ["neptune/"], "{files:?}");
        assert_eq!(state(&folder, files, SIGN_IN), ["not-met"], "{files:?}");
        let told = told(&folder, files);
        assert!(told.contains("duty-not-met") && !told.contains("service-open"), "{told}");
    }
    assert_eq!(services(&folder, &["documentdb.ocsf.json"]), ["documentdb/"]);
    // Nothing tells, or what is told differs.
    for files in [
        &["tags.json"][..],
        &["both.ocsf.json"],
        &["tags.json", "--results", "both.ocsf.json"],
    ] {
        assert_eq!(services(&folder, files), ["aurora/"], "{files:?}");
        let told = told(&folder, files);
        let words = "may be of Amazon DocumentDB or Amazon Neptune or Amazon RDS";
        assert!(
            told.contains("service-open") && told.contains(words) && told.contains("`engine`"),
            "{told}"
        );
    }
    // A check that was not for it tells nothing.
    let mut other = failed(neptune[0], CLUSTER);
    other["status_code"] = "MANUAL".into();
    folder.put("manual.ocsf.json", json!([other]).to_string());
    assert_eq!(services(&folder, &["tags.json", "--results", "manual.ocsf.json"]), ["aurora/"]);
    // What the inventory tells counts.
    for files in [
        &["known.yaml", "--results", "neptune.ocsf.json"],
        &["named.yaml", "--results", "neptune.ocsf.json"],
    ] {
        assert_eq!(services(&folder, files), ["aurora/"], "{files:?}");
        assert!(!told(&folder, files).contains("service-open"), "{files:?}");
    }
}

#[test]
fn an_arn_tells_which_of_a_services_things_it_names() {
    let arn = "arn:aws:docdb-elastic:eu-west-1:111122223333:cluster/abcd1234-1234-1234-1234-abcd12345678";
    let named = json!([{"name": "f", "service": "documentdb", "arn": arn, "config": {"backup_retention_period": 7}}]);
    let folder = Folder::new()
        .with("tags.json", listing(arn))
        .with("named.yaml", inventory(named))
        .with(
            "other.yaml",
            inventory(json!([{"name": "f", "service": "documentdb", "arn": CLUSTER}])),
        );
    assert_eq!(services(&folder, &["tags.json"]), ["documentdb/elastic"]);
    assert_eq!(services(&folder, &["named.yaml"]), ["documentdb/elastic"]);
    assert_eq!(services(&folder, &["other.yaml"]), ["documentdb/"]);
}

#[test]
fn nothing_is_lost_of_a_line_about_two_things() {
    const PUBLIC: &str = "neptune.network-access-control.customer.no-public";
    let line = |config: Value| inventory(json!([{"name": "n", "service": "neptune", "config": config}]));
    let folder = Folder::new()
        .with(
            "both.yaml",
            line(json!({"iam_database_authentication_enabled": true, "publicly_accessible": true})),
        )
        .with("cluster.yaml", line(json!({"iam_database_authentication_enabled": true})))
        .with("instance.yaml", line(json!({"publicly_accessible": true})))
        .with(
            "table.csv",
            "service,name,iam_database_authentication_enabled,publicly_accessible\nneptune,n,true,true\n",
        );
    for file in ["both.yaml", "table.csv"] {
        assert_eq!(state(&folder, &[file], PUBLIC).len(), 1, "{file}");
        let told = told(&folder, &[file]);
        assert!(
            told.contains("warning[contradiction]") && told.contains("`publicly_accessible`"),
            "{told}"
        );
    }
    assert!(state(&folder, &["cluster.yaml"], PUBLIC).is_empty());
    assert_eq!(state(&folder, &["instance.yaml"], PUBLIC), ["not-met"]);
    for file in ["cluster.yaml", "instance.yaml"] {
        assert!(!told(&folder, &[file]).contains("contradiction"), "{file}");
    }
}

#[test]
fn what_only_a_subscription_has_tells_of_it() {
    let shown = |kind: &str| {
        let folder = Folder::new().with("i.yaml", inventory(json!([{"name": "s", "type": kind}])));
        services(&folder, &["i.yaml"])
    };
    for kind in [
        "aws_shield_protection",
        "aws_shield_proactive_engagement",
        "AWS::Shield::DRTAccess",
        "AWS::Shield::Protection",
    ] {
        assert_eq!(shown(kind), ["shield/advanced"], "{kind}");
    }
    let folder = Folder::new().with("i.yaml", inventory(json!([{"name": "s", "service": "shield"}])));
    assert!(!services(&folder, &["i.yaml"]).is_empty());
}

/// A state of these resources, each a type and its values.
fn show(resources: &[(&str, Value)]) -> String {
    let list = resources.iter().enumerate().map(|(number, (kind, values))| {
        json!({"address": format!("{kind}.r{number}"), "mode": "managed", "type": kind, "name": format!("r{number}"),
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": values, "sensitive_values": {}})
    });
    json!({"format_version": "1.0", "values": {"root_module": {"resources": list.collect::<Vec<_>>()}}}).to_string()
}

#[test]
fn the_writer_decides_on_minor_upgrades() {
    const UPGRADES: &str = "neptune.platform-patching.customer.minor-upgrades";
    let cluster = || {
        (
            "aws_neptune_cluster",
            json!({"arn": CLUSTER, "id": "graph", "cluster_identifier": "graph", "engine": "neptune", "global_cluster_identifier": null}),
        )
    };
    let instance = |name: &str, writer: bool, upgrades: bool| {
        (
            "aws_neptune_cluster_instance",
            json!({"id": name, "identifier": name, "cluster_identifier": "graph", "writer": writer, "auto_minor_version_upgrade": upgrades}),
        )
    };
    let global = || {
        let members = json!([{"db_cluster_arn": CLUSTER, "is_writer": true}]);
        (
            "aws_neptune_global_cluster",
            json!({"global_cluster_identifier": "world", "source_db_cluster_identifier": null, "global_cluster_members": members}),
        )
    };
    for (resources, expected) in [
        (vec![cluster(), instance("a", true, true)], "met"),
        (vec![cluster(), instance("a", true, true), instance("b", false, true)], "met"),
        (vec![cluster(), instance("a", false, true)], "unknown"),
        (vec![cluster(), instance("a", true, false), instance("b", false, true)], "unknown"),
        (vec![cluster(), instance("a", true, true), global()], "unknown"),
    ] {
        let folder = Folder::new().with("s.json", show(&resources));
        assert_eq!(state(&folder, &["s.json"], UPGRADES), [expected], "{resources:?}");
    }
    // And no instance alone is shown to have it done.
    let folder = Folder::new().with("s.json", show(&[cluster(), instance("a", true, false), instance("b", false, true)]));
    let of_duty = &duties(&folder, &["s.json"])
        .into_iter()
        .find(|duty| text(duty, "activity") == UPGRADES)
        .unwrap();
    assert!(!of_duty.to_string().contains("\"met\""), "{of_duty}");
}

#[test]
fn a_secret_that_is_not_rotated_is_not_kept_and_rotated() {
    let cluster = |secret: Value| {
        json!({"arn": CLUSTER, "id": "graph", "cluster_identifier": "graph", "engine": "aurora-mysql", "manage_master_user_password": true,
            "global_cluster_identifier": null, "replication_source_identifier": null, "replicate_source_db": null, "master_user_secret": secret})
    };
    let secret = |status: &str| json!([{"secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x", "secret_status": status}]);
    for (secret, expected) in [
        (secret("active"), "met"),
        (secret("rotating"), "met"),
        (Value::Null, "met"),
        (secret("impaired"), "unknown"),
        (secret("creating"), "unknown"),
        (json!([]), "unknown"),
    ] {
        for (kind, activity) in [
            ("aws_rds_cluster", "aurora.credential-management.customer.master-password"),
            ("aws_docdb_cluster", "documentdb.credential-management.customer.primary-secret"),
            ("aws_db_instance", "rds.credential-management.customer.master-password"),
        ] {
            let mut values = cluster(secret.clone());
            // Of an older provider.
            if secret.is_null() {
                values.as_object_mut().unwrap().shift_remove("master_user_secret");
            }
            match kind {
                "aws_docdb_cluster" => values["engine"] = "docdb".into(),
                "aws_db_instance" => values["engine"] = "postgres".into(),
                _ => {}
            }
            let folder = Folder::new().with("s.json", show(&[(kind, values)]));
            assert_eq!(state(&folder, &["s.json"], activity), [expected], "{kind} {secret}");
        }
    }
}

#[test]
fn of_what_nothing_tells_the_service_nothing_is_shown() {
    let cluster = json!({"storage_encrypted": true, "backup_retention_period": 7, "deletion_protection": false});
    let mut known = cluster.clone();
    known["engine"] = "aurora-mysql".into();
    let of = |config: &Value| inventory(json!([{"name": "c", "type": "AWS::RDS::DBCluster", "arn": CLUSTER, "config": config}]));
    let folder = Folder::new().with("open.yaml", of(&cluster)).with("known.yaml", of(&known));
    let settled = |file: &str| {
        let all = duties(&folder, &[file]);
        let own = all.iter().filter(|duty| text(duty, "service") == "aurora");
        own.filter(|duty| matches!(text(duty, "state"), "met" | "not-met")).count()
    };
    assert!(settled("known.yaml") > 0);
    assert_eq!(settled("open.yaml"), 0);
    assert!(told(&folder, &["open.yaml"]).contains("service-open"));
}

#[test]
fn what_people_write_is_of_the_service_that_its_attributes_show() {
    let line = |service: &str| inventory(json!([{"name": "db", "service": service, "config": {"engine": "aurora-mysql"}}]));
    let folder = Folder::new().with("written.yaml", line("rds")).with("right.yaml", line("aurora"));
    let of = |file: &str| services(&folder, &[file]);
    assert_eq!(of("written.yaml"), of("right.yaml"));
    let told = told(&folder, &["written.yaml"]);
    assert!(
        told.contains("`service` says `rds`, and `engine` shows that it is `aurora`"),
        "{told}"
    );
}

#[test]
fn an_instance_is_joined_to_its_cluster_in_every_spelling() {
    const PUBLIC: &str = "aurora.network-access-control.customer.public-access";
    let item = |kind: &str, name: &str, configuration: Value| {
        json!({"resourceType": format!("AWS::RDS::{kind}"), "resourceId": format!("id-{name}"), "resourceName": name, "awsAccountId": "111122223333",
            "awsRegion": "eu-west-1", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-10-30T10:00:00Z",
            "ARN": format!("arn:aws:rds:eu-west-1:111122223333:{}:{name}", if kind == "DBCluster" { "cluster" } else { "db" }), "configuration": configuration})
    };
    let spellings = [
        "DBClusterIdentifier",
        "dBClusterIdentifier",
        "dbclusterIdentifier",
        "db_cluster_identifier",
    ];
    let mut seen = Vec::new();
    for cluster in spellings {
        for instance in spellings {
            let items = [
                item(
                    "DBCluster",
                    "c1",
                    json!({cluster: "c1", "engine": "aurora-postgresql", "engineMode": "provisioned", "internetAccessGatewayEnabled": true}),
                ),
                item(
                    "DBInstance",
                    "i1",
                    json!({"dBInstanceIdentifier": "i1", instance: "c1", "engine": "aurora-postgresql", "dBInstanceClass": "db.r6g.large", "publiclyAccessible": false}),
                ),
            ];
            let file = json!({"fileVersion": "1.0", "configSnapshotId": "a", "configurationItems": items}).to_string();
            let folder = Folder::new().with("snapshot.json", file);
            seen.push((services(&folder, &["snapshot.json"]), state(&folder, &["snapshot.json"], PUBLIC)));
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(
        seen[0].0.contains(&"aurora/express".to_owned()) && !seen[0].1.contains(&"met".to_owned()),
        "{seen:?}"
    );
}
