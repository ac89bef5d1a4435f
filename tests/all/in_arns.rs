//! Resources of which a source tells no more than the ARN, beside others of which it tells all: what is not known of them holds the
//! duties of their service back, and what a scanner says of them is never lost.

use crate::support::{Folder, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNT: &str = "111122223333";

fn arn(namespace: &str, resource: &str) -> String {
    format!("arn:aws:{namespace}:eu-west-1:{ACCOUNT}:{resource}")
}

fn state(resources: &[(&str, Value)]) -> String {
    let one = |(kind, values): &(&str, Value)| json!({"address": format!("{kind}.a"), "mode": "managed", "type": kind, "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 1, "values": values, "sensitive_values": {}});
    let resources: Vec<Value> = resources.iter().map(one).collect();
    json!({"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": resources}}}).to_string()
}

/// The state of a duty, of a file and results of a scanner.
fn state_of(folder: &Folder, file: &str, results: &str, duty: &str) -> String {
    let found = folder
        .run(&[
            "list",
            "duties",
            file,
            "--results",
            results,
            "--as-of",
            "2026-11-30",
            "--format",
            "json",
        ])
        .json();
    let rows = found.as_array().unwrap();
    let row = rows.iter().find(|row| text(row, "activity").ends_with(duty)).unwrap();
    text(row, "state").to_owned()
}

/// A list of ARNs: the tagging API's answer.
fn tagged(arns: &[String]) -> String {
    let tagged = arns.iter().map(|arn| json!({"ResourceARN": arn, "Tags": []}));
    json!({"ResourceTagMappingList": tagged.collect::<Vec<_>>()}).to_string()
}

/// What Security Hub says of some resources.
fn security_hub(control: &str, verdicts: &[(String, &str, &str)]) -> String {
    let one = |(arn, kind, status): &(String, &str, &str)| {
        json!({"SchemaVersion": "2018-10-08", "Id": format!("{control}/{arn}"), "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
            "ProductName": "Security Hub", "GeneratorId": format!("security-control/{control}"), "AwsAccountId": ACCOUNT, "Title": "t", "Description": "d",
            "CreatedAt": "2026-11-28T10:15:00.000Z", "UpdatedAt": "2026-11-28T10:15:00.000Z", "Severity": {"Label": "MEDIUM"},
            "Compliance": {"Status": status, "SecurityControlId": control}, "Resources": [{"Type": kind, "Id": arn, "Region": "eu-west-1"}]})
    };
    json!({"Findings": verdicts.iter().map(one).collect::<Vec<_>>()}).to_string()
}

/// The states of a service's duties that are not unknown, by their ids.
fn states(folder: &Folder, service: &str) -> BTreeMap<String, String> {
    let found = folder
        .run(&["list", "duties", ".", "--as-of", "2026-11-30", "--format", "json"])
        .json();
    let rows = found
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| text(row, "activity").starts_with(&format!("{service}.")));
    let told = rows.filter(|row| text(row, "state") != "unknown");
    told.map(|row| (text(row, "activity").to_owned(), text(row, "state").to_owned()))
        .collect()
}

fn met(folder: &Folder, service: &str) -> Vec<String> {
    let states = states(folder, service).into_iter();
    states.filter(|(_, state)| state == "met").map(|(id, _)| id).collect()
}

/// A cluster, a balancer of keys, and a task, each as a state has it with all that is judged in order.
fn kinds() -> [(&'static str, &'static str, &'static str, Value); 7] {
    [
        (
            "dax",
            "cache/",
            "aws_dax_cluster",
            json!({"cluster_name": "a", "cluster_endpoint_encryption_type": "TLS", "server_side_encryption": [{"enabled": true}]}),
        ),
        (
            "dms",
            "rep:",
            "aws_dms_replication_instance",
            json!({"replication_instance_id": "a", "publicly_accessible": false}),
        ),
        (
            "iot",
            "rule/",
            "aws_iot_topic_rule",
            json!({"name": "a", "enabled": true, "error_action": [{"sns": [{"target_arn": "arn:aws:sns:eu-west-1:111122223333:t", "role_arn": "r"}]}]}),
        ),
        (
            "directconnect",
            "dxcon/",
            "aws_dx_connection",
            json!({"name": "a", "request_macsec": true, "encryption_mode": "must_encrypt", "macsec_capable": true}),
        ),
        (
            "cloud9",
            "environment:",
            "aws_cloud9_environment_ec2",
            json!({"name": "a", "connection_type": "CONNECT_SSM"}),
        ),
        (
            "scheduler",
            "schedule/default/",
            "aws_scheduler_schedule",
            json!({"name": "a", "flexible_time_window": [{"mode": "OFF"}], "target": [{"arn": "t", "role_arn": "r", "dead_letter_config": [{"arn": "arn:aws:sqs:eu-west-1:111122223333:q"}]}]}),
        ),
        (
            "sagemaker",
            "notebook-instance/",
            "aws_sagemaker_notebook_instance",
            json!({"name": "a", "root_access": "Disabled", "direct_internet_access": "Disabled", "kms_key_id": "arn:aws:kms:eu-west-1:111122223333:key/k", "instance_metadata_service_configuration": [{"minimum_instance_metadata_service_version": "2"}]}),
        ),
    ]
}

#[test]
fn another_resource_of_the_kind_that_only_its_arn_tells_holds_duties_back() {
    for (namespace, word, kind, mut values) in kinds() {
        let own = arn(namespace, &format!("{word}a"));
        values["arn"] = own.clone().into();
        let folder = Folder::new().with("terraform.tfstate.json", state(&[(kind, values)]));
        let service = |folder: &Folder| {
            let found = folder.run(&["list", "resources", ".", "--format", "json"]).json();
            text(&found[0], "service").to_owned()
        };
        let service = service(&folder);
        let alone = met(&folder, &service);
        assert!(!alone.is_empty(), "{service}");
        folder.put("tags.json", tagged(&[own, arn(namespace, &format!("{word}b"))]));
        assert_eq!(met(&folder, &service), Vec::<String>::new(), "{service}");
    }
}

#[test]
fn a_failed_check_on_what_only_its_arn_tells_is_a_finding() {
    let (one, other) = (arn("wafv2", "regional/webacl/a/1"), arn("wafv2", "regional/webacl/b/2"));
    let verdicts = [
        (one.clone(), "AwsWafv2WebAcl", "PASSED"),
        (other.clone(), "AwsWafv2WebAcl", "FAILED"),
    ];
    let folder = Folder::new()
        .with("tags.json", tagged(&[one, other]))
        .with("hub.json", security_hub("WAF.11", &verdicts));
    assert_eq!(state_of(&folder, "tags.json", "hub.json", ".web-acl-logs"), "not-met");
}

#[test]
fn a_failed_check_on_what_only_supports_others_is_told() {
    let group = arn("dms", "subgrp:a");
    let folder = Folder::new()
        .with("tags.json", tagged(std::slice::from_ref(&group)))
        .with("hub.json", security_hub("DMS.1", &[(group, "AwsDmsReplicationInstance", "FAILED")]));
    let run = folder.run(&[
        "report",
        "tags.json",
        "--results",
        "hub.json",
        "--as-of",
        "2026-11-30",
        "--format",
        "json",
    ]);
    run.well();
    assert!(
        run.errors.contains("results-elsewhere") && run.errors.contains("`DMS.1`"),
        "{}",
        run.errors
    );
}

#[test]
fn a_word_that_nobody_knows_is_a_deployment() {
    let folder = Folder::new().with("terraform.tfstate.json", state(&[("aws_dax_cluster", kinds()[0].3.clone())]));
    assert!(!met(&folder, "dax").is_empty());
    folder.put("tags.json", tagged(&[arn("dax", "something-new/b")]));
    assert_eq!(met(&folder, "dax"), Vec::<String>::new());
    let found = folder.run(&["list", "resources", ".", "--format", "json"]).json();
    assert!(found.as_array().unwrap().iter().all(|one| one["supporting"] == false), "{found}");
}

/// What a query engine's table has was seen running, whatever a state had seen, or a template asks for.
#[test]
fn rows_of_query_engines_are_what_runs() {
    let own = arn("athena", "workgroup/a");
    let values = json!({"arn": own, "name": "a", "configuration": [{"enforce_workgroup_configuration": true, "bytes_scanned_cutoff_per_query": 10_485_760}]});
    let row = json!([{"arn": own, "name": "a", "account_id": ACCOUNT, "region": "eu-west-1", "enforce_workgroup_configuration": false, "akas": [own], "title": "a", "partition": "aws"}]);
    let folder = Folder::new().with("terraform.tfstate.json", state(&[("aws_athena_workgroup", values)]));
    let enforce = |folder: &Folder| {
        states(folder, "athena")
            .get("athena.configuration-hardening.customer.enforce")
            .cloned()
    };
    assert_eq!(enforce(&folder).as_deref(), Some("met"));
    folder.put("aws_athena_workgroup.json", row.to_string());
    assert_eq!(enforce(&folder), None);
    std::fs::remove_file(folder.path("terraform.tfstate.json")).unwrap();
    assert_eq!(enforce(&folder).as_deref(), Some("not-met"));
}

/// What a query of AWS Config did not select is not known to be unset.
#[test]
fn a_query_tells_only_what_it_selects() {
    let item = |more: Value| {
        let mut item = json!({"resourceId": "c", "resourceType": "AWS::ACMPCA::CertificateAuthority", "awsRegion": "eu-west-1", "accountId": ACCOUNT,
            "configuration": {"RevocationConfiguration": {"CrlConfiguration": {"Enabled": true}}}});
        for (key, value) in more.as_object().unwrap() {
            item[key] = value.clone();
        }
        item.to_string()
    };
    let answer = |fields: &[&str], more: Value| {
        let fields: Vec<Value> = fields.iter().map(|name| json!({"Name": name})).collect();
        json!({"Results": [item(more)], "QueryInfo": {"SelectFields": fields}}).to_string()
    };
    let is_met = |file: String| {
        let folder = Folder::new().with("config.json", file);
        met(&folder, "private-ca").iter().any(|id| id.ends_with(".revocation-setup"))
    };
    let part = [
        "resourceId",
        "resourceType",
        "configuration.RevocationConfiguration.CrlConfiguration.Enabled",
    ];
    assert!(!is_met(answer(&part, json!({}))));
    assert!(!is_met(json!({"Results": [item(json!({}))]}).to_string()));
    assert!(is_met(answer(&["resourceId", "configuration"], json!({}))));
    let recorded = json!({"configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-11-28T00:00:00Z"});
    assert!(!is_met(answer(&part, recorded.clone())));
    let whole: Value = serde_json::from_str(&item(recorded)).unwrap();
    assert!(is_met(json!({"configurationItems": [whole]}).to_string()));
}

const DEFAULT: &str = r#"
Parameters:
  EnableSse: {Type: String, Default: "true", AllowedValues: ["true", "false"]}
Resources:
  Cache: {Type: AWS::DAX::Cluster, Properties: {IAMRoleARN: r, NodeType: n, ReplicationFactor: 3, SSESpecification: {SSEEnabled: VALUE}}}
"#;

/// A scanner of code takes the default of a parameter for its value, and a deployment may give another.
#[test]
fn a_pass_by_a_default_proves_nothing() {
    let passed = json!({"check_type": "cloudformation", "results": {"passed_checks": [{"check_id": "CKV_AWS_47", "check_name": "n", "check_result": {"result": "PASSED"},
        "file_path": "/template.yaml", "file_line_range": [4, 10], "resource": "AWS::DAX::Cluster.Cache"}], "failed_checks": [], "skipped_checks": [], "parsing_errors": []},
        "summary": {"passed": 1, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 1, "checkov_version": "3.3.30"}});
    for (value, expected) in [("true", "met"), ("!Ref EnableSse", "unknown")] {
        let folder = Folder::new()
            .with("template.yaml", DEFAULT.replace("VALUE", value))
            .with("checkov.json", passed.to_string());
        let state = state_of(&folder, "template.yaml", "checkov.json", "dax.encryption-at-rest.customer.at-rest");
        assert_eq!(state, expected, "{value}");
    }
}

/// A rare mode is not told by what is missing; what is there and cannot be read leaves it open.
#[test]
fn what_tells_a_rare_mode_may_be_there_and_unread() {
    const PARAMETERS: &str = "Parameters: {Q: {Type: String}}\nConditions: {C: !Equals [!Ref Q, a]}\nResources:\n  R: ";
    let cases = [
        (
            "{Type: AWS::EventsV2::EventBus, Properties: {Name: orders}}",
            Some("custom-bus"),
            true,
        ),
        ("{Type: AWS::Events::EventBus, Properties: {Name: orders}}", None, true),
        ("{Type: AWS::MediaLive::Channel, Properties: {Name: c}}", None, true),
        (
            "{Type: AWS::MediaLive::Channel, Properties: {Name: c, AnywhereSettings: !If [C, {ClusterId: a}, !Ref 'AWS::NoValue']}}",
            None,
            false,
        ),
        (
            "{Type: AWS::Athena::WorkGroup, Properties: {Name: c, WorkGroupConfiguration: {EngineVersion: {SelectedEngineVersion: AUTO}}}}",
            None,
            true,
        ),
        (
            "{Type: AWS::Athena::WorkGroup, Properties: {Name: c, WorkGroupConfiguration: {EngineVersion: {SelectedEngineVersion: !Ref Q}}}}",
            None,
            false,
        ),
        (
            "{Type: AWS::Athena::WorkGroup, Properties: {Name: c, WorkGroupConfiguration: {EngineVersion: !Ref Q}}}",
            None,
            false,
        ),
    ];
    for (resource, mode, is_known) in cases {
        let folder = Folder::new().with("template.yaml", format!("{PARAMETERS}{resource}\n"));
        let report = folder
            .run(&["report", "template.yaml", "--format", "json", "--as-of", "2026-11-30"])
            .json();
        let services = report["services"].as_array().unwrap().iter();
        let found = services
            .clone()
            .find(|one| !text(one, "service").starts_with("aws-account"))
            .unwrap();
        assert_eq!(found["mode"].as_str(), mode, "{resource}");
        assert_eq!(found["mode_known"], is_known, "{resource}");
    }
}
