//! What scanners say of a part of a resource, such as the access point of a file system, counts for the resource: in each source
//! that joins the two.

use crate::support::{Folder, list, text};
use serde_json::{Value, json};

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";
const SYSTEM_ARN: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1";
const POINT_ARN: &str = "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/fsap-1";
const ROOT: &str = "efs.identity-access.customer.access-point-root";

fn state(resources: &[(&str, &str, Value)]) -> String {
    let one = |(kind, name, attributes): &(&str, &str, Value)| json!({"mode": "managed", "type": kind, "name": name, "provider": AWS, "instances": [{"attributes": attributes}]});
    let resources: Vec<Value> = resources.iter().map(one).collect();
    json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "parts", "resources": resources}).to_string()
}

fn system() -> (&'static str, &'static str, Value) {
    (
        "aws_efs_file_system",
        "f",
        json!({"id": "fs-1", "arn": SYSTEM_ARN, "encrypted": true}),
    )
}

fn point() -> (&'static str, &'static str, Value) {
    let point = json!({"id": "fsap-1", "arn": POINT_ARN, "file_system_id": "fs-1", "root_directory": [{"path": "/data"}]});
    ("aws_efs_access_point", "a", point)
}

/// A finding of Security Hub.
fn hub(control: &str, arn: &str, status: &str) -> Value {
    json!({"SchemaVersion": "2018-10-08", "Id": format!("{control} {arn}"), "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": format!("security-control/{control}"), "AwsAccountId": "111122223333", "Region": "eu-west-1",
        "CreatedAt": "2026-11-30T10:00:00Z", "UpdatedAt": "2026-11-30T10:00:00Z", "Severity": {"Label": "MEDIUM"}, "Title": "x", "Description": "x",
        "Resources": [{"Type": "Other", "Id": arn, "Partition": "aws", "Region": "eu-west-1"}],
        "Compliance": {"Status": status, "SecurityControlId": control}, "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE"})
}

fn findings(all: &[Value]) -> String {
    json!({"Findings": all}).to_string()
}

/// A check of Checkov that failed.
fn checkov(kind: &str, check: &str, resource: &str) -> String {
    json!({"check_type": kind, "results": {"passed_checks": [], "failed_checks": [{"check_id": check, "check_name": "x", "check_result": {"result": "FAILED"},
        "file_path": "/main", "file_line_range": [3, 3], "resource": resource}], "skipped_checks": [], "parsing_errors": []},
        "summary": {"passed": 0, "failed": 1, "skipped": 0, "parsing_errors": 0, "resource_count": 1, "checkov_version": "3.2.0"}})
    .to_string()
}

/// The state of a duty of what a file has, with the findings that results make.
fn shown(source: (&str, String), results: &str, duty: &str) -> (String, Vec<Value>) {
    let folder = Folder::new().with(source.0, source.1).with("results.json", results);
    let report = folder
        .run(&["report", ".", "--format", "json", "--as-of", "2026-12-01", "-o", "-"])
        .json();
    let found = crate::support::activities(&report);
    let state = found.iter().map(|(_, one)| *one).find(|one| one["id"] == duty);
    let state = state.map_or("no duty", |one| text(one, "state")).to_owned();
    let findings = list(&report, "findings").iter();
    (state, findings.filter(|one| !list(one, "checks").is_empty()).cloned().collect())
}

fn broken(source: (&str, String), results: &str, duty: &str, name: &str) {
    let what = format!("{} {results}", source.0);
    let (state, findings) = shown(source, results, duty);
    assert_eq!(state, "not-met", "{what}");
    let [finding] = findings.as_slice() else {
        panic!("{what}: {findings:?}")
    };
    assert_eq!(finding["checks"][0]["resource"], name, "{finding}");
    assert!(text(finding, "observed").contains(&format!("for `{name}`")), "{finding}");
}

#[test]
fn a_part_in_a_state_breaks_what_it_is_a_part_of() {
    let whole = || ("s.tfstate", state(&[system(), point()]));
    broken(whole(), &findings(&[hub("EFS.3", POINT_ARN, "FAILED")]), ROOT, "fsap-1");
    // One part that passes shows nothing of the others.
    let (told, found) = shown(whole(), &findings(&[hub("EFS.3", POINT_ARN, "PASSED")]), ROOT);
    assert_eq!((told.as_str(), found.len()), ("unknown", 0));
    // Whose it is must be told.
    let mut lost = point();
    lost.2["file_system_id"] = json!("fs-2");
    let (told, found) = shown(
        ("s.tfstate", state(&[system(), lost])),
        &findings(&[hub("EFS.3", POINT_ARN, "FAILED")]),
        ROOT,
    );
    assert_eq!((told.as_str(), found.len()), ("unknown", 0));
}

#[test]
fn a_part_of_which_no_attribute_is_told_is_joined_all_the_same() {
    let topic = "arn:aws:sns:eu-west-1:111122223333:t";
    let subscription = format!("{topic}:0a1b");
    let resources = [
        ("aws_sns_topic", "t", json!({"id": topic, "arn": topic, "name": "t"})),
        (
            "aws_sns_topic_subscription",
            "s",
            json!({"id": subscription, "arn": subscription, "topic_arn": topic, "protocol": "http"}),
        ),
        (
            "aws_sns_topic_policy",
            "p",
            json!({"id": topic, "arn": topic, "policy": "{\"Statement\": []}"}),
        ),
    ];
    let policy = checkov("terraform", "CKV_AWS_169", "aws_sns_topic_policy.p");
    let (told, _) = shown(
        ("s.tfstate", state(&resources)),
        &policy,
        "sns.identity-access.customer.topic-policy",
    );
    assert_eq!(told, "not-met");
    let row =
        "AUTH_METHOD;TIMESTAMP;ACCOUNT_UID;PROVIDER;CHECK_ID;CHECK_TITLE;STATUS;STATUS_EXTENDED;MUTED;RESOURCE_UID;RESOURCE_NAME;REGION\n";
    let row = format!(
        "{row}x;2026-11-30 10:00:00;111122223333;aws;sns_subscription_not_using_http_endpoints;x;FAIL;x;False;{subscription};t;eu-west-1\n"
    );
    let folder = Folder::new().with("s.tfstate", state(&resources)).with("prowler.csv", row);
    let listed = folder.run(&["list", "duties", ".", "--format", "json"]).json();
    let duty = listed.as_array().unwrap().iter();
    let mut duty = duty.filter(|row| row["activity"] == "sns.encryption-in-transit.customer.https-subscribers");
    assert_eq!(duty.next().unwrap()["state"], "not-met");
}

#[test]
fn a_part_that_its_owner_names_breaks_it() {
    let cluster = "arn:aws:elasticmapreduce:eu-west-1:111122223333:cluster/j-1";
    let of = |named: &str| {
        let resources = [
            (
                "aws_emr_cluster",
                "c",
                json!({"id": "j-1", "arn": cluster, "security_configuration": named}),
            ),
            ("aws_emr_security_configuration", "sc", json!({"id": "sc", "name": "sc"})),
        ];
        ("s.tfstate", state(&resources))
    };
    let failed = hub(
        "EMR.3",
        "arn:aws:elasticmapreduce:eu-west-1:111122223333:security-configuration/sc",
        "FAILED",
    );
    let duty = "emr.encryption-at-rest.customer.at-rest";
    broken(of("sc"), &findings(std::slice::from_ref(&failed)), duty, "sc");
    let (told, found) = shown(of("another"), &findings(&[failed]), duty);
    assert_eq!((told.as_str(), found.len()), ("unknown", 0));
}

#[test]
fn a_part_in_a_template_or_a_plan_breaks_it() {
    let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
        "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}},
        "P": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "T"}], "PolicyDocument": {"Statement": []}}}}});
    let duty = "sns.identity-access.customer.topic-policy";
    let failed = checkov("cloudformation", "CKV_AWS_169", "AWS::SNS::TopicPolicy.P");
    broken(("t.json", template.to_string()), &failed, duty, "P");
    let resource = |kind: &str, name: &str, values: Value| json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws", "values": values});
    // Whom it names is known before it is applied.
    let arn = "arn:aws:sns:eu-west-1:111122223333:t";
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [], "planned_values": {"root_module": {"resources": [
        resource("aws_sns_topic", "t", json!({"name": "t", "arn": arn})), resource("aws_sns_topic_policy", "p", json!({"arn": arn}))]}}});
    let failed = checkov("terraform_plan", "CKV_AWS_169", "aws_sns_topic_policy.p");
    broken(("plan.json", plan.to_string()), &failed, duty, "p");
}

#[test]
fn a_part_in_a_snapshot_or_a_stack_breaks_it() {
    let item = |kind: &str, id: &str, arn: &str, configuration: Value| {
        json!({"configurationItemVersion": "1.3", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-11-30T10:00:00.000Z", "awsAccountId": "111122223333",
        "awsRegion": "eu-west-1", "resourceType": kind, "resourceId": id, "ARN": arn, "configuration": configuration})
    };
    let items = [
        item(
            "AWS::EFS::FileSystem",
            "fs-1",
            SYSTEM_ARN,
            json!({"FileSystemId": "fs-1", "Encrypted": true}),
        ),
        item(
            "AWS::EFS::AccessPoint",
            "fsap-1",
            POINT_ARN,
            json!({"AccessPointId": "fsap-1", "FileSystemId": "fs-1", "RootDirectory": {"Path": "/data"}}),
        ),
    ];
    let snapshot = json!({"fileVersion": "1.0", "configSnapshotId": "00000000-0000-0000-0000-000000000000", "configurationItems": items});
    let failed = findings(&[hub("EFS.3", POINT_ARN, "FAILED")]);
    broken(("config.json", snapshot.to_string()), &failed, ROOT, "fsap-1");
    let provider = "urn:pulumi:dev::p::pulumi:providers:aws::default";
    let resource = |kind: &str, name: &str, values: Value| json!({"urn": format!("urn:pulumi:dev::p::{kind}::{name}"), "custom": true, "id": values["id"], "type": kind, "inputs": values, "outputs": values, "provider": format!("{provider}::x")});
    let stack = json!({"version": 3, "deployment": {"manifest": {"time": "2026-11-30T10:00:00Z", "magic": "x", "version": "v3.1"}, "resources": [
        {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "custom": false, "type": "pulumi:pulumi:Stack"},
        {"urn": provider, "custom": true, "id": "x", "type": "pulumi:providers:aws", "inputs": {"region": "eu-west-1"}, "outputs": {"region": "eu-west-1"}},
        resource("aws:efs/fileSystem:FileSystem", "f", json!({"id": "fs-1", "arn": SYSTEM_ARN, "encrypted": true})),
        resource("aws:efs/accessPoint:AccessPoint", "a", json!({"id": "fsap-1", "arn": POINT_ARN, "fileSystemId": "fs-1"}))]}});
    broken(("stack.json", stack.to_string()), &failed, ROOT, "fsap-1");
}

/// What a state has and what AWS Config has of the same resources are one, joined by either.
#[test]
fn a_part_of_one_file_is_that_of_the_resource_in_all() {
    let arn = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1";
    let list = format!("account,region,type,arn\n111122223333,eu-west-1,AWS::EFS::FileSystem,{arn}\n");
    let folder = Folder::new()
        .with("a.csv", list)
        .with("s.tfstate", state(&[system(), point()]))
        .with("results.json", findings(&[hub("EFS.3", POINT_ARN, "FAILED")]));
    let listed = folder.run(&["list", "duties", ".", "--format", "json"]).json();
    let rows: Vec<&Value> = listed.as_array().unwrap().iter().filter(|row| row["activity"] == ROOT).collect();
    assert!(rows.len() == 1 && rows[0]["state"] == "not-met", "{rows:?}");
}

/// Under a controller that uses other definitions a service is not what its own definition says.
#[test]
fn what_an_owner_rules_out_is_no_more_than_a_hint() {
    let definition = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:3";
    let of = |controller: &str| {
        let service = json!({"id": "arn:aws:ecs:eu-west-1:111122223333:service/c/web", "arn": "arn:aws:ecs:eu-west-1:111122223333:service/c/web", "name": "web", "cluster": "c",
            "task_definition": definition, "launch_type": "EC2", "deployment_controller": [{"type": controller}]});
        let task = json!({"id": "web", "arn": definition, "family": "web", "revision": 3, "pid_mode": "task", "requires_compatibilities": ["EC2"]});
        (
            "s.tfstate",
            state(&[("aws_ecs_service", "web", service), ("aws_ecs_task_definition", "web", task)]),
        )
    };
    let failed = findings(&[hub("ECS.3", definition, "FAILED")]);
    let duty = "ecs.configuration-hardening.customer.host-namespaces";
    broken(of("ECS"), &failed, duty, "web");
    let (told, found) = shown(of("CODE_DEPLOY"), &failed, duty);
    assert_eq!((told.as_str(), found.len()), ("unknown", 0));
}
